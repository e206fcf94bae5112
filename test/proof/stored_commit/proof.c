// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_policy_commit(): nothing is left unwritten that is not stored
 *
 * Any indexes are to be raised; a read of each, and the write, may have any
 * outcome (see stored and stored_advance).
 *
 * - Nothing is written, and that is a success, only if each index was read
 *   and is what is wanted, and the ratchet has not turned.
 * - Otherwise all are written, once, in one operation, and the outcome is
 *   that of the write.
 */

#include "../uboot.h"
#include <rpmb/raise.h>

static int advance(const struct rpmb_raise *raise, int count);

#include <boot/rpmb/stored.c>
#include "../proof.h"

#define RAISES	3

static struct rpmb_raise raises[RAISES];
static int given, outcome;
static u32 writes;
static bool ratcheted, is_stored[RAISES];

bool rpmb_is_ratcheted(void)
{
	return ratcheted;
}

int rpmb_policy_index(u32 loc, u64 *index)
{
	int err = nondet_errno(), i;

	*index = nondet_u64();
	for (i = 0; i < RAISES; i++)
		if (raises[i].loc == loc)
			is_stored[i] = !err && *index == raises[i].index;
	return err;
}

static int advance(const struct rpmb_raise *raise, int count)
{
	claim(raise == raises && count == given);
	writes++;
	outcome = nondet_errno();
	return outcome;
}

void proof(void)
{
	int watched = nondet_int(), ret;

	__CPROVER_havoc_object(raises);
	ratcheted = nondet_bool();
	given = nondet_int();
	assume(given > 0 && given <= RAISES);
	assume(watched >= 0 && watched < given);
	/* no location is there twice */
	assume(raises[0].loc != raises[1].loc && raises[0].loc != raises[2].loc &&
	       raises[1].loc != raises[2].loc);

	ret = rpmb_policy_commit(raises, given);

	claim(ret == outcome && writes <= 1);
	claim(writes || (is_stored[watched] && !ratcheted));
}
