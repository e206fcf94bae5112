// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: rollback indexes under power cuts, spoilt replies and frames that
 * are held back
 *
 * Whatever happens, the index is the old one or the new one, no index of the
 * block is ever lower on the device than it was, and success means the new one.
 */

#include "index_rig.h"

#define OLD	5		/* LOC is advanced from it, or from blank, to NEW */
#define NEW	9

/* The second half of the cases begins with a client that has written */
#define CASES	(INDEX_CASES * 2)

static long long low[2];

/* No index of the block has gone down since the last look at it */
static void check_monotonic(void)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		if (index_rig_value(LOC + i) < low[i])
			store_rig_fail("an index went down");
		low[i] = index_rig_value(LOC + i);
	}
}

static int advance(u32 loc, u64 index)
{
	int ret = rpmb_rollback_advance(&rb, loc, index);

	check_monotonic();
	if (!ret && index_rig_value(loc) != (long long)index)
		store_rig_fail("success, but another index");
	return ret;
}

static bool is_fresh(void)
{
	return host_test_case < INDEX_CASES;
}

static void start(void)
{
	index_rig_start(OLD, is_fresh());
	low[0] = -1;
	low[1] = -1;
	check_monotonic();
}

/* What the device holds may be the old state or the new one */
static void check_truth(int ret)
{
	long long old = index_rig_is_blank() ? -1 : OLD;
	long long now = index_rig_value(LOC);

	if (now != old && now != NEW)
		store_rig_fail("neither the old index nor the new one");
	if (!ret && now != NEW)
		store_rig_fail("success, but not the new index");
	if (index_rig_value(OTHER) != (index_rig_is_blank() ? -1 : SIDE))
		store_rig_fail("another index has changed");
}

/* All is well again: the truth is read, and a second try finishes */
static void check_again(void)
{
	u64 index = 0;
	int ret = rpmb_rollback_get(&rb, LOC, &index);

	if (index_rig_value(LOC) < 0 ? ret != -ENODATA :
	    ret || index != (u64)index_rig_value(LOC))
		store_rig_fail("wrong index read");
	if (advance(LOC, NEW))
		store_rig_fail("a second try does not finish");
	check_truth(0);
	if (advance(LOC, OLD) != -EDOM)
		store_rig_fail("lower is not refused");
}

static int act(void)
{
	int ret = advance(LOC, NEW);

	check_truth(ret);
	return ret;
}

static const struct store_drill drill = {
	.rig = &rig, .start = start, .act = act, .again = check_again,
	.watch = check_monotonic,
};

HOST_TESTS(rollback_cut, CASES)
{
	store_drill_cuts(&drill, is_fresh() ? 9 : 7);
}

HOST_TESTS(rollback_fault, CASES)
{
	store_drill_faults(&drill);
}

/* What the same looked like elsewhere */
static void record(void)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 0, 3), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x200, 3), 0);
	rpmb_client_forget(&rig.cl);
}

HOST_TESTS(rollback_replay, CASES)
{
	store_drill_replays(&drill, record, 8, 6);
}

/*
 * An advance of held.loc to held.index is signed and held back. Then LOC is
 * advanced to NEW, and the frame played: in place of a write, or at any moment.
 */
static struct rpmb_raise held;

static void hold_back(enum store_hold hold)
{
	start();
	store_rig_hold(&rig, hold, 2);
	if (!advance(held.loc, held.index))
		store_rig_fail("success without a device");
	store_rig_held(&rig, hold);
	rig.exchanges = 0;
}

static void check_held(void)
{
	int ret = advance(LOC, NEW);
	bool higher = held.loc == LOC && held.index > NEW &&
		      index_rig_value(LOC) > NEW;
	long long other = index_rig_value(OTHER);

	if (ret != (higher ? -EDOM : 0))
		store_rig_fail("wrong outcome");
	if (!higher && index_rig_value(LOC) != NEW)
		store_rig_fail("not advanced");
	/* the held-back frame may have had its way in its own place only */
	if (other != (index_rig_is_blank() ? -1 : SIDE) &&
	    (held.loc != OTHER || other != (long long)held.index))
		store_rig_fail("another index has changed");
}

static const struct store_played played = {
	.rig = &rig, .hold = hold_back, .check = check_held,
	.watch = check_monotonic, .swaps = 3, .plays = 7,
};

HOST_TESTS(rollback_held_back, INDEX_CASES)
{
	static const struct rpmb_raise raises[] = {
		{ LOC, OLD + 1 }, { LOC, NEW }, { LOC, NEW + 1 },
		{ OTHER, SIDE + 1 },
	};

	for (store_case.more = 0; store_case.more < COUNT(raises);
	     store_case.more++) {
		held = raises[store_case.more];
		store_drill_played(&played);
	}
}

static void hold_back_one(u32 loc, u64 index)
{
	held = (struct rpmb_raise){ loc, index };
	hold_back(STORE_HOLD_REBOOT);
}

/* The frame that is played has done something, or this tests nothing */
HOST_TEST(rollback_held_back_control)
{
	hold_back_one(OTHER, SIDE + 1);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), 0);
	CHECK_EQ(index_rig_value(OTHER), SIDE + 1);
	CHECK_EQ(rig.model.writes, 2 + 2);

	/* a higher one of our own that comes late: the caller is told */
	hold_back_one(LOC, NEW + 1);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), -EDOM);
	CHECK_EQ(index_rig_value(LOC), NEW + 1);

	/* once the counter has moved it is void */
	hold_back_one(LOC, NEW + 1);
	CHECK_EQ(advance(OTHER, SIDE + 1), 0);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), 0);
}

/*
 * The client alone would sign anew what was made from a block that is gone:
 * this is what rpmb_client.this_counter_only is for.
 */
HOST_TEST(rollback_client_control)
{
	u8 block[RPMB_BLOCK_SIZE];
	u32 count;

	hold_back_one(OTHER, SIDE + 1);
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	memcpy(block, store_rig_block(&rig, BLOCK), sizeof(block));
	block[32 + 8 + 7] = NEW;
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, STORE_FIRST + BLOCK, 1,
				   block), 0);
	CHECK_EQ(index_rig_value(OTHER), SIDE);
}

/* The read-back does not come about, or shows other data: no success */
HOST_TESTS(rollback_no_read_back, CASES)
{
	start();
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 4, 1, 3);
	CHECK_EQ(advance(LOC, NEW), -EBADMSG);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
	check_again();

	start();
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_OLD_DATA, 4, 1, 1);
	CHECK_EQ(advance(LOC, NEW), 0);
	/* what was read next was the truth, so there was no second write */
	CHECK_EQ(rig.model.requests[3],
		 1u + (index_rig_is_blank() ? 0 : 2) + !is_fresh());
}
