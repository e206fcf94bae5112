// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: rollback indexes under power cuts, spoilt replies and frames that
 * are held back
 *
 * Whatever happens, the index is the old one or the new one, no index of the
 * block is ever lower on the device than it was, and success means the new one.
 */

#include <rpmb/rollback.h>

#include "host_test.h"
#include "store_rig.h"

#define LOC	0x101		/* is advanced from OLD, or blank, to NEW */
#define OTHER	0x102		/* is SIDE, and stays so */
#define BLOCK	2		/* both are in it */
#define OLD	5
#define NEW	9
#define SIDE	7

static struct client_rig rig;
static struct rpmb_rollback rb;

/* A case of the matrix, for messages */
static const char *what;
static u32 at, how, more;
static bool is_blank;

static void fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__,
		       "%s, flavour %d, blank %d, step %u, case %u, %u: %s",
		       what, rig.model.flavour, is_blank, at, how, more, why);
}

/* As it is on the device, by this test's own reckoning: -1 if not set */
static long long device_index(u32 i)
{
	const u8 *block = store_rig_block(&rig, BLOCK);

	if (!(block[15] >> i & 1))
		return -1;
	return block[32 + 8 * i + 7] | block[32 + 8 * i + 6] << 8;
}

static long long low[2];

/* No index of the block has gone down since the last look at it */
static void check_monotonic(void)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		if (device_index(i + 1) < low[i])
			fail("an index went down");
		low[i] = device_index(i + 1);
	}
}

static int advance(u32 loc, u64 index)
{
	int ret = rpmb_rollback_advance(&rb, loc, index);

	check_monotonic();
	if (!ret && device_index(loc & 3) != (long long)index)
		fail("success, but another index");
	return ret;
}

/* @fresh: the client has written nothing since power-up */
static void start(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	store_rig_start(&rig, flavour, RPMB_ROLLBACK_BLOCKS);
	memset(&rb, 0, sizeof(rb));
	rb.at.cl = &rig.cl;
	rb.at.key = &rig.mac;
	rb.at.first = STORE_FIRST;
	is_blank = blank;
	if (!blank) {
		CHECK_EQ(rpmb_rollback_advance(&rb, LOC, OLD), 0);
		CHECK_EQ(rpmb_rollback_advance(&rb, OTHER, SIDE), 0);
	}
	if (fresh)
		client_rig_reboot(&rig);
	else
		CHECK_EQ(rpmb_rollback_advance(&rb, 0, 1), 0);
	low[0] = -1;
	low[1] = -1;
	check_monotonic();
	rig.step = 0;
	rig.exchanges = 0;
}

/* What the device holds may be the old state or the new one */
static void check_truth(int ret)
{
	long long old = is_blank ? -1 : OLD;
	long long now = device_index(1);

	if (now != old && now != NEW)
		fail("neither the old index nor the new one");
	if (!ret && now != NEW)
		fail("success, but not the new index");
	if (device_index(2) != (is_blank ? -1 : SIDE))
		fail("another index has changed");
}

/* All is well again: the truth is read, and a second try finishes */
static void check_again(void)
{
	u64 index = 0;
	int ret = rpmb_rollback_get(&rb, LOC, &index);

	if (device_index(1) < 0 ? ret != -ENODATA :
	    ret || index != (u64)device_index(1))
		fail("wrong index read");
	if (advance(LOC, NEW))
		fail("a second try does not finish");
	check_truth(0);
	if (advance(LOC, OLD) != -EDOM)
		fail("lower is not refused");
}

/* The case of each(), for drills */
static enum rpmb_model_flavour start_flavour;
static bool start_blank, start_fresh;

static void each(void (*run)(enum rpmb_model_flavour flavour, bool blank,
			     bool fresh))
{
	u32 i;

	for (i = 0; i < 12; i++) {
		start_flavour = i % 3;
		start_blank = i / 3 % 2;
		start_fresh = i / 6;
		run(start_flavour, start_blank, start_fresh);
	}
}

static void start_drill(u32 step, u32 way, u32 times)
{
	at = step;
	how = way;
	more = times;
	start(start_flavour, start_blank, start_fresh);
}

static int act_drill(void)
{
	int ret = advance(LOC, NEW);

	check_truth(ret);
	return ret;
}

static const struct store_drill drill = {
	.rig = &rig, .start = start_drill, .act = act_drill,
	.again = check_again, .fail = fail,
};

static void cuts(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	store_drill_cuts(&drill, fresh ? 9 : 7);
}

static void test_cut(void)
{
	what = "cut";
	each(cuts);
}

static void faults(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	store_drill_faults(&drill);
}

static void test_fault(void)
{
	what = "fault";
	each(faults);
}

/* Each reply that was on the bus before, in place of each one that comes */
static void replays(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	int ret;

	for (how = 1; how <= 8; how++) {
		for (at = 1; at <= 6; at++) {
			start(flavour, blank, fresh);
			client_rig_record(&rig, check_monotonic);
			/* on record: what the same looked like elsewhere */
			CHECK_EQ(rpmb_rollback_advance(&rb, 0, 3), 0);
			CHECK_EQ(rpmb_rollback_advance(&rb, 0x200, 3), 0);
			rpmb_client_forget(&rig.cl);
			client_rig_replay(&rig, how, at);
			ret = advance(LOC, NEW);
			check_truth(ret);
			client_rig_replay(&rig, 0, 0);
			check_again();
			client_rig_done(&rig);
		}
	}
}

static void test_replay(void)
{
	what = "replay";
	each(replays);
}

/*
 * An advance of @loc to @index is signed and held back. Then LOC is advanced
 * to NEW, and the frame played: in place of a write, or at any moment.
 */
static void hold_back(enum rpmb_model_flavour flavour, bool blank,
		      enum store_hold hold, u32 loc, u64 index)
{
	start(flavour, blank, true);
	store_rig_hold(&rig, hold, 2);
	if (!advance(loc, index))
		fail("success without a device");
	store_rig_held(&rig, hold);
	rig.exchanges = 0;
}

static void check_held(u32 loc, u64 index, int ret)
{
	bool higher = loc == LOC && index > NEW && device_index(1) > NEW;
	long long other = device_index(2);

	check_monotonic();
	if (ret != (higher ? -EDOM : 0))
		fail("wrong outcome");
	if (!higher && device_index(1) != NEW)
		fail("not advanced");
	/* the held-back frame may have had its way in its own place only */
	if (other != (is_blank ? -1 : SIDE) &&
	    (loc != OTHER || other != (long long)index))
		fail("another index has changed");
}

static void held_back(enum rpmb_model_flavour flavour, bool blank, u32 loc,
		      u64 index)
{
	u32 hold;

	more = loc << 8 | index;
	for (hold = 0; hold < STORE_HOLDS; hold++) {
		how = hold;
		for (at = 0; at < 3; at++) {
			hold_back(flavour, blank, hold, loc, index);
			store_rig_swap(&rig, at, check_monotonic);
			check_held(loc, index, advance(LOC, NEW));
			client_rig_done(&rig);
		}
		for (at = 0; at < 7; at++) {
			hold_back(flavour, blank, hold, loc, index);
			store_rig_play(&rig, at, check_monotonic);
			check_held(loc, index, advance(LOC, NEW));
			client_rig_done(&rig);
		}
	}
}

static void held_backs(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	held_back(flavour, blank, LOC, OLD + 1);
	held_back(flavour, blank, LOC, NEW);
	held_back(flavour, blank, LOC, NEW + 1);
	held_back(flavour, blank, OTHER, SIDE + 1);
}

static void test_held_back(void)
{
	what = "held back";
	each(held_backs);
}

/* The frame that is played has done something, or this tests nothing */
static void test_held_back_control(void)
{
	what = "control";
	hold_back(RPMB_MODEL_EMMC, false, STORE_HOLD_REBOOT, OTHER, SIDE + 1);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), 0);
	CHECK_EQ(device_index(2), SIDE + 1);
	CHECK_EQ(rig.model.writes, 2 + 2);
	client_rig_done(&rig);

	/* a higher one of our own that comes late: the caller is told */
	hold_back(RPMB_MODEL_EMMC, false, STORE_HOLD_REBOOT, LOC, NEW + 1);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), -EDOM);
	CHECK_EQ(device_index(1), NEW + 1);
	client_rig_done(&rig);

	/* once the counter has moved it is void */
	hold_back(RPMB_MODEL_EMMC, false, STORE_HOLD_REBOOT, LOC, NEW + 1);
	CHECK_EQ(advance(OTHER, SIDE + 1), 0);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(advance(LOC, NEW), 0);
	client_rig_done(&rig);
}

/*
 * The client alone would sign anew what was made from a block that is gone:
 * this is what rpmb_client.this_counter_only is for.
 */
static void test_client_control(void)
{
	u8 block[RPMB_BLOCK_SIZE];
	u32 count;

	what = "client";
	hold_back(RPMB_MODEL_EMMC, false, STORE_HOLD_REBOOT, OTHER, SIDE + 1);
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	memcpy(block, store_rig_block(&rig, BLOCK), sizeof(block));
	block[32 + 8 + 7] = NEW;
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, STORE_FIRST + BLOCK, 1,
				   block), 0);
	CHECK_EQ(device_index(2), SIDE);
	client_rig_done(&rig);
}

/* The read-back does not come about, or shows other data: no success */
static void no_read_back(enum rpmb_model_flavour flavour, bool blank,
			 bool fresh)
{
	start(flavour, blank, fresh);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 4, 1, 3);
	CHECK_EQ(advance(LOC, NEW), -EBADMSG);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
	check_again();
	client_rig_done(&rig);

	start(flavour, blank, fresh);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_OLD_DATA, 4, 1, 1);
	CHECK_EQ(advance(LOC, NEW), 0);
	/* what was read next was the truth, so there was no second write */
	CHECK_EQ(rig.model.requests[3], 1u + (blank ? 0 : 2) + !fresh);
	client_rig_done(&rig);
}

static void test_no_read_back(void)
{
	what = "no read-back";
	each(no_read_back);
}

static const struct host_test tests[] = {
	{ "rollback_cut", test_cut },
	{ "rollback_fault", test_fault },
	{ "rollback_replay", test_replay },
	{ "rollback_held_back", test_held_back },
	{ "rollback_held_back_control", test_held_back_control },
	{ "rollback_client_control", test_client_control },
	{ "rollback_no_read_back", test_no_read_back },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
