// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: what is done with authority, once: an index is set, or a counter
 * value used up. Under power cuts, spoilt replies and frames that are held back
 *
 * Whatever happens, it takes effect once at most, and nothing else changes.
 */

#include <rpmb/rollback.h>

#include "host_test.h"
#include "store_rig.h"

#define LOC	0x101		/* is HIGH, or blank, and reset to LOW */
#define OTHER	0x102		/* is SIDE, and stays so */
#define BLOCK	2		/* both are in it */
#define LOW	5
#define HIGH	9
#define SIDE	7

static struct client_rig rig;
static struct rpmb_rollback rb;

/* What the authority was given for, and how often it has had its way */
static bool is_burn, is_blank;
static u32 counter, successes;

/* A case of the matrix, for messages */
static const char *what;
static u32 at, how, more;

static void fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__,
		       "%s, burn %d, flavour %d, blank %d, step %u, case %u, %u: %s",
		       what, is_burn, rig.model.flavour, is_blank, at, how,
		       more, why);
}

/* As it is on the device, by this test's own reckoning: -1 if not set */
static long long device_index(u32 loc)
{
	const u8 *block = store_rig_block(&rig, BLOCK);
	u32 i = loc & 0xff;

	if (!(block[15] >> i & 1))
		return -1;
	return block[32 + 8 * i + 7] | block[32 + 8 * i + 6] << 8;
}

static long long before(u32 loc)
{
	if (is_blank)
		return -1;
	return loc == LOC ? HIGH : SIDE;
}

/* It can have taken effect only if this very counter value is gone */
static void check_device(void)
{
	long long now = device_index(LOC);
	bool done = now == LOW;

	if (now != LOW && now != before(LOC))
		fail("neither the old index nor the new one");
	if (done && is_burn)
		fail("a burn has changed an index");
	if (done && rig.model.state.counter == counter)
		fail("the effect has not used up the counter");
	if (device_index(OTHER) != before(OTHER))
		fail("another index has changed");
}

/* Carry it out, as after a token */
static int act(void)
{
	u32 now = rig.model.state.counter;
	int ret;

	ret = is_burn ? rpmb_rollback_burn(&rb, counter) :
		rpmb_rollback_reset(&rb, LOC, LOW, counter);
	if (!ret) {
		successes++;
		if (successes > 1)
			fail("twice");
		if (rig.model.state.counter != counter + 1)
			fail("success, and not one write for it");
		if (!is_burn && device_index(LOC) != LOW)
			fail("success without effect");
	}
	if (now != counter && ret != -EKEYEXPIRED && ret != -ETIMEDOUT &&
	    ret != -EBADMSG && ret != -EPROTO && ret != -EIO)
		fail("taken at another counter");
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
		CHECK_EQ(rpmb_rollback_advance(&rb, LOC, HIGH), 0);
		CHECK_EQ(rpmb_rollback_advance(&rb, OTHER, SIDE), 0);
	}
	if (fresh)
		client_rig_reboot(&rig);
	else
		CHECK_EQ(rpmb_rollback_advance(&rb, 0, 1), 0);
	counter = rig.model.state.counter;
	successes = 0;
	rig.step = 0;
	rig.exchanges = 0;
}

/*
 * All is well again: what has not been used up works, and then never again. Not
 * even after the index has been raised anew.
 */
static void check_again(void)
{
	bool unused = rig.model.state.counter == counter;
	u32 writes;
	int ret;

	check_device();
	ret = act();
	if (ret != (unused ? 0 : -EKEYEXPIRED))
		fail("wrong outcome of another try");
	check_device();
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 1))
		fail("the index cannot be advanced");
	writes = rig.model.requests[3];
	if (act() != -EKEYEXPIRED || rig.model.requests[3] != writes)
		fail("not refused, or written");
	client_rig_reboot(&rig);
	if (act() != -EKEYEXPIRED || rig.model.requests[3] != writes)
		fail("not refused after a reset, or written");
	if (device_index(LOC) != HIGH + 1)
		fail("the index went down again");
}

/* The case of each(), for drills */
static enum rpmb_model_flavour start_flavour;
static bool start_blank, start_fresh;

static void each(void (*run)(enum rpmb_model_flavour flavour, bool blank,
			     bool fresh))
{
	u32 i;

	for (i = 0; i < 24; i++) {
		is_burn = i / 12;
		start_flavour = i % 3;
		start_blank = i / 3 % 2;
		start_fresh = i / 6 % 2;
		run(start_flavour, start_blank, start_fresh);
	}
}

static void good(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	start(flavour, blank, fresh);
	CHECK_EQ(act(), 0);
	/* counter, read, write, read back */
	CHECK_EQ(rig.exchanges, 4);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	CHECK_EQ(device_index(LOC), is_burn ? before(LOC) : LOW);
	check_again();
	client_rig_done(&rig);

	/* the value that it has already: this, too, uses it up */
	start(flavour, blank, fresh);
	CHECK_EQ(rpmb_rollback_advance(&rb, LOC, HIGH), 0);
	counter = rig.model.state.counter;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, HIGH, counter), 0);
	CHECK_EQ(rig.model.state.counter, counter + 1);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, HIGH, counter), -EKEYEXPIRED);
	client_rig_done(&rig);
}

static void test_good(void)
{
	what = "good";
	each(good);
}

static void wrong_counter(enum rpmb_model_flavour flavour, bool blank,
			  bool fresh)
{
	static const int off[] = { -2, -1, 1, 2, 0x100, 0x10000, 0x1000000 };
	u8 was[RPMB_BLOCK_SIZE];
	u32 i, writes, now;

	start(flavour, blank, fresh);
	now = counter;
	writes = rig.model.requests[3];
	memcpy(was, store_rig_block(&rig, BLOCK), sizeof(was));
	for (i = 0; i < 7; i++) {
		counter = now + off[i];
		CHECK_EQ(act(), -EKEYEXPIRED);
		CHECK_EQ(rig.cl.status.fault, RPMB_FAULT_COUNTER);
		CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	}
	CHECK_EQ(rig.model.requests[3], writes);
	CHECK_MEM(store_rig_block(&rig, BLOCK), was, sizeof(was));

	/* what the client remembers of another device does not count */
	counter = now;
	rig.model.state.counter += 5;
	CHECK_EQ(act(), -EKEYEXPIRED);
	CHECK_EQ(rig.model.requests[3], writes);
	client_rig_done(&rig);
}

static void test_counter(void)
{
	what = "counter";
	each(wrong_counter);
}

static void test_refused(void)
{
	static const u32 nowhere[] = { 0x20, 0xff, 0x11c, 0x21c, ~0U };
	u32 i;

	what = "refused";
	start(RPMB_MODEL_EMMC, false, true);
	for (i = 0; i < 5; i++)
		CHECK_EQ(rpmb_rollback_reset(&rb, nowhere[i], LOW, counter),
			 -EINVAL);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, ~0ULL, counter), -EINVAL);
	CHECK_EQ(rig.exchanges, 0);
	rb.at.key = NULL;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), -EINVAL);
	CHECK_EQ(rpmb_rollback_burn(&rb, counter), -EINVAL);
	rb.at.key = &rig.mac;
	rb.at.first = RIG_BLOCKS - RPMB_ROLLBACK_BLOCKS + 1;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), -ERANGE);
	CHECK_EQ(rpmb_rollback_burn(&rb, counter), -ERANGE);
	rb.at.first = STORE_FIRST;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, RPMB_ROLLBACK_MAX, counter), 0);
	client_rig_done(&rig);
}

/* A broken block is what such a board may have been closed for */
static void test_broken(void)
{
	u8 *block;
	u32 i;

	what = "broken";
	start(RPMB_MODEL_EMMC, false, true);
	block = store_rig_block(&rig, BLOCK);
	block[0] ^= 1;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), 0);
	CHECK_EQ(device_index(LOC), LOW);
	CHECK_EQ(device_index(OTHER), -1);
	for (i = 0; i < RPMB_BLOCK_SIZE; i++)
		CHECK(i < 16 || i == 47 || !block[i]);
	client_rig_done(&rig);

	/* a later format is not ours to break */
	start(RPMB_MODEL_EMMC, false, true);
	block = store_rig_block(&rig, BLOCK);
	block[8]++;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter),
		 -EPROTONOSUPPORT);
	CHECK_EQ(rig.model.state.counter, counter);
	client_rig_done(&rig);

	/* to burn is possible whatever is there, and leaves it there */
	for (i = 0; i < 2; i++) {
		u8 was[RPMB_BLOCK_SIZE];

		start(RPMB_MODEL_EMMC, false, true);
		block = store_rig_block(&rig, 0);
		block[i ? 8 : 0] += 3;
		memcpy(was, block, sizeof(was));
		CHECK_EQ(rpmb_rollback_burn(&rb, counter), 0);
		CHECK_EQ(rig.model.state.counter, counter + 1);
		CHECK_MEM(block, was, sizeof(was));
		client_rig_done(&rig);
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
	int ret = act();

	check_device();
	return ret;
}

static const struct store_drill drill = {
	.rig = &rig, .start = start_drill, .act = act_drill,
	.again = check_again, .fail = fail,
};

static void cuts(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	store_drill_cuts(&drill, 9);
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

/* Each reply of a success, in place of each one after the next reset */
static void replays(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	for (how = 1; how <= 4; how++) {
		for (at = 1; at <= 4; at++) {
			start(flavour, blank, fresh);
			client_rig_record(&rig, NULL);
			CHECK_EQ(act(), 0);
			CHECK_EQ(client_rig_recorded(), 4);
			client_rig_reboot(&rig);
			client_rig_replay(&rig, how, at);
			if (!act())
				fail("again, by old replies");
			rig.tamper = NULL;
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

/* It is signed and held back: once at most, at that value, it can be played */
static void hold(enum rpmb_model_flavour flavour, bool blank,
		 enum store_hold holding)
{
	start(flavour, blank, true);
	store_rig_hold(&rig, holding, 2);
	if (!act())
		fail("success without a device");
	store_rig_held(&rig, holding);
	rig.exchanges = 0;
}

/* An advance finds its way around it, and what is held is void then */
static void after_hold(void)
{
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 1))
		fail("not advanced");
	if (device_index(OTHER) != before(OTHER))
		fail("another index has changed");
	store_rig_swap(&rig, 0, NULL);
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 2) ||
	    device_index(LOC) != HIGH + 2)
		fail("it was played again, or the advance failed");
	if (act() != -EKEYEXPIRED)
		fail("not refused");
	if (device_index(LOC) != HIGH + 2)
		fail("the index went down");
	client_rig_done(&rig);
}

static void held_back(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	u32 holding;

	for (holding = 0; holding < STORE_HOLDS; holding++) {
		how = holding;
		for (at = 0; at < 3; at++) {
			more = 0;
			hold(flavour, blank, holding);
			store_rig_swap(&rig, at, NULL);
			after_hold();
		}
		for (at = 0; at < 7; at++) {
			more = 1;
			hold(flavour, blank, holding);
			store_rig_play(&rig, at, NULL);
			after_hold();
		}
		/* in place of itself: that is the one time */
		more = 2;
		hold(flavour, blank, holding);
		store_rig_swap(&rig, 0, NULL);
		CHECK_EQ(act(), 0);
		rig.tamper = NULL;
		check_again();
		client_rig_done(&rig);
	}
}

static void test_held_back(void)
{
	what = "held back";
	each(held_back);
}

/*
 * An advance was held back and takes the place: used up, without effect. Only to
 * a burn that finds what it wanted to write it is all the same.
 */
static void taken_place(enum rpmb_model_flavour flavour, bool blank, bool fresh)
{
	u32 loc = is_burn ? 1 : OTHER;
	int ret;

	for (at = 0; at < 3; at++) {
		start(flavour, false, true);
		store_rig_hold(&rig, STORE_HOLD_REBOOT, 2);
		CHECK(rpmb_rollback_advance(&rb, loc, SIDE + 1));
		store_rig_held(&rig, STORE_HOLD_REBOOT);
		/* in place of the write, or after one of the reads before it */
		if (at)
			store_rig_play(&rig, at, NULL);
		else
			store_rig_swap(&rig, 0, NULL);
		ret = act();
		if (is_burn && at == 1 ? ret : ret != -EKEYEXPIRED)
			fail("another frame has used up the counter");
		CHECK_EQ(rig.model.state.counter, counter + 1);
		CHECK_EQ(device_index(LOC), HIGH);
		if (!is_burn)
			CHECK_EQ(device_index(OTHER), SIDE + 1);
		client_rig_done(&rig);
	}
}

static void test_taken_place(void)
{
	what = "taken place";
	each(taken_place);
}

/* The last write that a counter allows, and none after it */
static void test_exhausted(void)
{
	what = "exhausted";
	start(RPMB_MODEL_EMMC, false, true);
	rig.model.state.counter = 0xfffffffe;
	counter = 0xfffffffe;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), 0);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), -EKEYEXPIRED);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, ~0U), -EOVERFLOW);
	CHECK_EQ(rpmb_rollback_burn(&rb, ~0U), -EOVERFLOW);
	client_rig_done(&rig);
}

static const struct host_test tests[] = {
	{ "reset_good", test_good },
	{ "reset_counter", test_counter },
	{ "reset_refused", test_refused },
	{ "reset_broken", test_broken },
	{ "reset_cut", test_cut },
	{ "reset_fault", test_fault },
	{ "reset_replay", test_replay },
	{ "reset_held_back", test_held_back },
	{ "reset_taken_place", test_taken_place },
	{ "reset_exhausted", test_exhausted },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
