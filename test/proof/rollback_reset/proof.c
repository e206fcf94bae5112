// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_rollback_reset() and rpmb_rollback_burn(): what authority allows, once
 *
 * - One block is signed at most, and only if the counter, asked for anew, is the
 *   one that the authority is for.
 * - A reset changes this location's index only, if the block was sound; a blank
 *   block, or one that is none of this store, is replaced by one in which it alone
 *   is set; one of a later version of the format is left alone. Burning writes
 *   what was read.
 * - -EAGAIN is never returned: there is no second try.
 */

#include "../rollback.h"

static u32 loc, other, authority;	/* other: any location of the block */
static u64 value;
static bool burn;

static void note_write(const struct rpmb_rollback_block *b)
{
	u8 *byte = (u8 *)&device, *now = (u8 *)b;
	u32 at = nondet_u32();

	claim(cl.counter == authority);
	assume(at < sizeof(device));
	if (burn) {
		claim(now[at] == byte[at]);
		return;
	}
	claim(stored_set(b, loc) && stored_index(b, loc) == value);
	claim(judged != -EPROTONOSUPPORT);
	if (other == loc)
		return;
	if (judged)
		claim(!stored_set(b, other) && !stored_index(b, other));
	else
		claim(stored_set(b, other) == stored_set(&device, other) &&
		      stored_index(b, other) == stored_index(&device, other));
}

void proof(void)
{
	int ret;

	loc = any_location();
	value = nondet_u64();
	authority = nondet_u32();
	other = nondet_u32();
	burn = nondet_bool();
	watched = other;
	assume(rpmb_rollback_is_location(other) && block_of(other) == number);
	if (burn) {
		assume(!number);
		ret = rpmb_rollback_burn(&rb, authority);
	} else {
		ret = rpmb_rollback_reset(&rb, loc, value, authority);
	}

	claim(ret <= 0 && begun <= 1 && writes <= 1);
	claim(implies(!ret, writes && !failed));
	claim(implies(!burn && value == ~0ULL, ret == -EINVAL && !begun));
}
