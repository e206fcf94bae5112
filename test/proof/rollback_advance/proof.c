// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * advance_once(): what a try to raise indexes signs, and what it says
 *
 * For any block on the device and one or two indexes of it that are raised:
 *
 * - Only a block that was read in this try, after the counter, is signed for. No
 *   index in it is lower than in the one that was read, or unset; and all but
 *   those that were to be raised are as they were.
 * - 0 is returned only if the block was read or read back and has the new value,
 *   or, of a location that is named twice, the last.
 * - -EDOM, if not from the bus, is said only if one of them is stored higher, or
 *   was raised higher by this very call; nothing is written then.
 */

#include "../proof.h"
#include <rpmb/rollback.h>

static u64 get_index(const struct rpmb_rollback_block *b, u32 i);
static bool is_set(const struct rpmb_rollback_block *b, u32 i);
static void put_index(struct rpmb_rollback_block *b, u32 i, u64 index);
static int load(struct rpmb_rollback *rb, u32 loc, u32 *number, bool change);

#include <lib/rpmb/rollback.c>

#define RAISES	2
#define PLACES	RPMB_ROLLBACK_PER_BLOCK

/* The block's indexes, as they were read, and as they are now */
static u64 old[PLACES], now[PLACES];
static bool old_set[PLACES], now_set[PLACES];

static struct rpmb_rollback rb;
static struct rpmb_raise raise[RAISES];
static u32 number, first, count, loads, writes;
static u32 watched;		/* any place in the block */
static bool failed;

/* Contracts: see rollback_index */
static u64 get_index(const struct rpmb_rollback_block *b, u32 i)
{
	claim(b == &rb.block && i < PLACES);
	return now[i];
}

static bool is_set(const struct rpmb_rollback_block *b, u32 i)
{
	claim(b == &rb.block && i < PLACES);
	return now_set[i];
}

static void put_index(struct rpmb_rollback_block *b, u32 i, u64 index)
{
	claim(b == &rb.block && i < PLACES);
	now[i] = index;
	now_set[i] = true;
}

/* Contract: see rollback_check */
static int load(struct rpmb_rollback *r, u32 loc, u32 *n, bool change)
{
	int err = nondet_errno();

	claim(r == &rb && loc == raise->loc && change && !loads);
	loads++;
	failed = err;
	*n = number;
	return err;
}

static bool is_raised(u32 place)
{
	return raise[0].loc - first == place ||
	       (count > 1 && raise[1].loc - first == place);
}

/* Contract: see store */
int rpmb_store_write(const struct rpmb_store *st, u32 n, const void *data)
{
	int err = nondet_errno();

	claim(loads == 1 && !failed && !writes);
	claim(st == &rb.at && n == number && data == &rb.block);
	claim(implies(old_set[watched], now_set[watched] &&
		      now[watched] >= old[watched]));
	claim(implies(!is_raised(watched), now[watched] == old[watched] &&
		      now_set[watched] == old_set[watched]));
	writes++;
	failed = err;
	return err;
}

static void any_raises(void)
{
	u32 i;

	number = nondet_u32();
	assume(number < RPMB_ROLLBACK_BLOCKS);
	first = ranges[number].first;
	count = nondet_u32();
	assume(count >= 1 && count <= RAISES);
	/* see rollback_tries */
	for (i = 0; i < RAISES; i++) {
		raise[i].loc = nondet_u32();
		raise[i].index = nondet_u64();
		assume(raise[i].loc - first < ranges[number].count);
		assume(raise[i].index <= RPMB_ROLLBACK_MAX);
	}
}

void proof(void)
{
	u32 i = nondet_u32(), place;
	int ret;

	any_raises();
	__CPROVER_havoc_object(now);
	for (place = 0; place < PLACES; place++) {
		now_set[place] = nondet_bool();
		old[place] = now[place];
		old_set[place] = now_set[place];
	}
	watched = nondet_u32();
	assume(i < count && watched < PLACES);

	ret = advance_once(&rb, raise, count);

	claim(ret <= 0 && loads == 1);
	claim(implies(ret == -EDOM && !failed, !writes));
	if (ret)
		return;
	claim(!failed && now_set[raise[i].loc - first]);
	claim(now[raise[i].loc - first] >= raise[i].index);
	claim(now[raise[count - 1].loc - first] == raise[count - 1].index);
	/* what was not written was there */
	claim(implies(!writes, now_set[watched] == old_set[watched] &&
		      now[watched] == old[watched]));
}
