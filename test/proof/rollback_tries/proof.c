// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_rollback_advance_all(): what is tried, and how often
 *
 * - A try is made only if there is something to raise, all of it to values that
 *   can be stored, in one block.
 * - Only after -EAGAIN there is another one, and at most five; what the last one
 *   says is returned, and the status is that of all of them.
 */

#include "../proof.h"
#include <rpmb/rollback.h>

static int advance_once(struct rpmb_rollback *rb, const struct rpmb_raise *raise,
			u32 count);

#include <lib/rpmb/rollback.c>

#define RAISES	3

static struct rpmb_raise raise[RAISES];
static u32 count, tries;
static int last;
static bool retried;

/* Contract: see rollback_advance */
static int advance_once(struct rpmb_rollback *rb, const struct rpmb_raise *r,
			u32 number)
{
	u32 i = nondet_u32();

	claim(r == raise && number == count && count);
	assume(i < count);
	claim(raise[i].index != ~0ULL);
	claim(raise[i].loc >> 4 == raise->loc >> 4 ||
	      (raise->loc >= 0x100 && raise[i].loc >> 8 == raise->loc >> 8) ||
	      (!rpmb_rollback_is_location(raise->loc) &&
	       !rpmb_rollback_is_location(raise[i].loc)));
	claim(!tries || last == -EAGAIN);
	tries++;
	last = nondet_errno();
	return last;
}

/* Contract: what it does to the status is a host test, record_status_after_burn */
int rpmb_store_retried(const struct rpmb_store *st, int ret)
{
	claim(tries > 1 && ret == last);
	retried = true;
	return ret;
}

void proof(void)
{
	struct rpmb_rollback rb;
	int ret;

	__CPROVER_havoc_object(raise);
	count = nondet_u32();
	assume(count <= RAISES);

	ret = rpmb_rollback_advance_all(&rb, raise, count);

	claim(tries <= RPMB_STORE_TRIES);
	claim(tries ? ret == last : ret == -EINVAL);
	claim(retried == (tries > 1));
}
