// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: what is done with authority, once: an index is set, or a counter
 * value used up. Under power cuts, spoilt replies and frames that are held back
 *
 * Whatever happens, it takes effect once at most, and nothing else changes.
 */

#include "index_rig.h"

#define LOW	5		/* LOC is HIGH, or blank, and reset to LOW */
#define HIGH	9

/* Each first with an index that is set, then with a counter that is used up */
#define HALF	(INDEX_CASES * 2)

/* In the second half of the cases the client has written since power-up */
#define CASES	(HALF * 2)

/* What the authority was given for, and how often it has had its way */
static bool is_burn;
static u32 counter, successes;

static long long before(u32 loc)
{
	if (index_rig_is_blank())
		return -1;
	return loc == LOC ? HIGH : SIDE;
}

/* It can have taken effect only if this very counter value is gone */
static void check_device(void)
{
	long long now = index_rig_value(LOC);
	bool done = now == LOW;

	if (now != LOW && now != before(LOC))
		store_rig_fail("neither the old index nor the new one");
	if (done && is_burn)
		store_rig_fail("a burn has changed an index");
	if (done && rig.model.state.counter == counter)
		store_rig_fail("the effect has not used up the counter");
	if (index_rig_value(OTHER) != before(OTHER))
		store_rig_fail("another index has changed");
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
			store_rig_fail("twice");
		if (rig.model.state.counter != counter + 1)
			store_rig_fail("success, and not one write for it");
		if (!is_burn && index_rig_value(LOC) != LOW)
			store_rig_fail("success without effect");
	}
	if (now != counter && ret != -EKEYEXPIRED && ret != -ETIMEDOUT &&
	    ret != -EBADMSG && ret != -EPROTO && ret != -EIO)
		store_rig_fail("taken at another counter");
	return ret;
}

void host_test_set_up(void)
{
	is_burn = host_test_case / INDEX_CASES % 2;
	index_rig_start(HIGH, host_test_case < HALF);
	counter = rig.model.state.counter;
	successes = 0;
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
		store_rig_fail("wrong outcome of another try");
	check_device();
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 1))
		store_rig_fail("the index cannot be advanced");
	writes = rig.model.requests[3];
	if (act() != -EKEYEXPIRED || rig.model.requests[3] != writes)
		store_rig_fail("not refused, or written");
	client_rig_reboot(&rig);
	if (act() != -EKEYEXPIRED || rig.model.requests[3] != writes)
		store_rig_fail("not refused after a reset, or written");
	if (index_rig_value(LOC) != HIGH + 1)
		store_rig_fail("the index went down again");
}

HOST_TESTS(reset_good, CASES)
{
	CHECK_EQ(act(), 0);
	/* counter, read, write, read back */
	CHECK_EQ(rig.exchanges, 4);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	CHECK_EQ(index_rig_value(LOC), is_burn ? before(LOC) : LOW);
	check_again();

	/* the value that it has already: this, too, uses it up */
	host_test_set_up();
	CHECK_EQ(rpmb_rollback_advance(&rb, LOC, HIGH), 0);
	counter = rig.model.state.counter;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, HIGH, counter), 0);
	CHECK_EQ(rig.model.state.counter, counter + 1);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, HIGH, counter), -EKEYEXPIRED);
}

HOST_TESTS(reset_counter, CASES)
{
	static const int off[] = { -2, -1, 1, 2, 0x100, 0x10000, 0x1000000 };
	u8 was[RPMB_BLOCK_SIZE];
	u32 i, writes, now;

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
}

HOST_TEST(reset_refused)
{
	static const u32 nowhere[] = { 0x20, 0xff, 0x11c, 0x21c, ~0U };
	u32 i;

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
}

/* A broken block is what such a board may have been closed for */
HOST_TEST(reset_broken)
{
	u8 *block;
	u32 i;

	block = store_rig_block(&rig, BLOCK);
	block[0] ^= 1;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), 0);
	CHECK_EQ(index_rig_value(LOC), LOW);
	CHECK_EQ(index_rig_value(OTHER), -1);
	for (i = 0; i < RPMB_BLOCK_SIZE; i++)
		CHECK(i < 16 || i == 47 || !block[i]);

	/* a later format is not ours to break */
	host_test_set_up();
	block = store_rig_block(&rig, BLOCK);
	block[8]++;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter),
		 -EPROTONOSUPPORT);
	CHECK_EQ(rig.model.state.counter, counter);

	/* to burn is possible whatever is there, and leaves it there */
	for (i = 0; i < 2; i++) {
		u8 was[RPMB_BLOCK_SIZE];

		host_test_set_up();
		block = store_rig_block(&rig, 0);
		block[i ? 8 : 0] += 3;
		memcpy(was, block, sizeof(was));
		CHECK_EQ(rpmb_rollback_burn(&rb, counter), 0);
		CHECK_EQ(rig.model.state.counter, counter + 1);
		CHECK_MEM(block, was, sizeof(was));
	}
}

static int act_drill(void)
{
	int ret = act();

	check_device();
	return ret;
}

static const struct store_drill drill = {
	.rig = &rig, .start = host_test_set_up, .act = act_drill,
	.again = check_again,
};

HOST_TESTS(reset_cut, CASES)
{
	store_drill_cuts(&drill, 9);
}

HOST_TESTS(reset_fault, CASES)
{
	store_drill_faults(&drill);
}

/* Of a success; then comes the next reset */
static void record(void)
{
	CHECK_EQ(act(), 0);
	CHECK_EQ(client_rig_recorded(), 4);
	client_rig_reboot(&rig);
}

static int act_again(void)
{
	int ret = act();

	if (!ret)
		store_rig_fail("again, by old replies");
	return ret;
}

HOST_TESTS(reset_replay, CASES)
{
	struct store_drill again = drill;

	again.act = act_again;
	store_drill_replays(&again, record, 4, 4);
}

/* It is signed and held back: once at most, at that value, it can be played */
static void hold_back(enum store_hold hold)
{
	host_test_set_up();
	store_rig_hold(&rig, hold, 2);
	if (!act())
		store_rig_fail("success without a device");
	store_rig_held(&rig, hold);
	rig.exchanges = 0;
}

/* An advance finds its way around it, and what is held is void then */
static void after_hold(void)
{
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 1))
		store_rig_fail("not advanced");
	if (index_rig_value(OTHER) != before(OTHER))
		store_rig_fail("another index has changed");
	store_rig_swap(&rig, 0, NULL);
	if (rpmb_rollback_advance(&rb, LOC, HIGH + 2) ||
	    index_rig_value(LOC) != HIGH + 2)
		store_rig_fail("it was played again, or the advance failed");
	if (act() != -EKEYEXPIRED)
		store_rig_fail("not refused");
	if (index_rig_value(LOC) != HIGH + 2)
		store_rig_fail("the index went down");
}

/* In place of itself: that is the one time */
static void itself(void)
{
	CHECK_EQ(act(), 0);
	rig.tamper = NULL;
	check_again();
}

HOST_TESTS(reset_held_back, HALF)
{
	static const struct store_played other = {
		.rig = &rig, .hold = hold_back, .check = after_hold,
		.swaps = 3, .plays = 7,
	}, same = {
		.rig = &rig, .hold = hold_back, .check = itself, .swaps = 1,
	};

	store_drill_played(&other);
	store_drill_played(&same);
}

/*
 * An advance was held back and takes the place: used up, without effect. Only to
 * a burn that finds what it wanted to write it is all the same.
 */
HOST_TESTS(reset_taken_place, HALF)
{
	u32 at, loc = is_burn ? 1 : OTHER;
	int ret;

	for (at = 0; at < 3; at++) {
		host_test_set_up();
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
			store_rig_fail("another frame has used up the counter");
		CHECK_EQ(rig.model.state.counter, counter + 1);
		CHECK_EQ(index_rig_value(LOC), before(LOC));
		if (!is_burn)
			CHECK_EQ(index_rig_value(OTHER), SIDE + 1);
	}
}

/* The last write that a counter allows, and none after it */
HOST_TEST(reset_exhausted)
{
	rig.model.state.counter = 0xfffffffe;
	counter = 0xfffffffe;
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), 0);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, counter), -EKEYEXPIRED);
	CHECK_EQ(rpmb_rollback_reset(&rb, LOC, LOW, ~0U), -EOVERFLOW);
	CHECK_EQ(rpmb_rollback_burn(&rb, ~0U), -EOVERFLOW);
}
