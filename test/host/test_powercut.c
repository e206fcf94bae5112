// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: power cuts and spoilt replies, at every step of every operation
 *
 * After each of them a message is on the device as a whole or not at all, what
 * the client says agrees with what the device holds, and the operation can be
 * done again.
 */

#include "host_test.h"
#include "store_rig.h"

#define ADDR	10
#define BLOCKS	5

static struct client_rig rig;
static u8 old[BLOCKS * RPMB_BLOCK_SIZE];
static u8 new[BLOCKS * RPMB_BLOCK_SIZE];
static u32 counter;

/* By flavour, by whether the client has written since power-up, and by max_wr() */
#define CASES(_max_wr)	(RPMB_MODEL_FLAVOURS * 2 * ((_max_wr) + 1))

/* Most blocks in a message, 0: no limit */
static u32 max_wr(void)
{
	return host_test_case / (RPMB_MODEL_FLAVOURS * 2);
}

static void start_by(bool fresh)
{
	client_rig_init_keyed(&rig, host_test_case % RPMB_MODEL_FLAVOURS);
	rig.cl.max_wr = max_wr();
	if (!fresh)
		CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, new), 0);
	memcpy(old, client_rig_block(&rig, ADDR), sizeof(old));
	host_test_fill(new, sizeof(new));
	counter = rig.model.state.counter;
	rig.step = 0;
	rig.exchanges = 0;
}

static void start(void)
{
	start_by(host_test_case / RPMB_MODEL_FLAVOURS % 2);
}

static void start_written(void)
{
	start_by(false);
}

static int write_new(void)
{
	return rpmb_client_write(&rig.cl, &rig.mac, ADDR, BLOCKS, new);
}

static bool block_is(u32 i, const u8 *data)
{
	return !memcmp(client_rig_block(&rig, ADDR + i),
		       data + i * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);
}

/* How many blocks are new; each of the others must be old */
static u32 count_new(void)
{
	u32 i, n = 0;

	while (n < BLOCKS && block_is(n, new))
		n++;
	for (i = n; i < BLOCKS; i++)
		if (!block_is(i, old))
			store_rig_fail("a block is neither old nor new");
	return n;
}

/* One block after a fallback, else a whole message */
static u32 unit(void)
{
	return rig.cl.max_wr ? rig.cl.max_wr : 1;
}

static void check_truth(int ret)
{
	const struct rpmb_status *st = &rig.cl.status;
	u32 n = count_new();

	if (!ret && (n != BLOCKS || st->done != BLOCKS))
		store_rig_fail("success, but not all is written");
	if (n < st->done)
		store_rig_fail("less is written than was said");
	if (ret && st->state != RPMB_STATE_UNKNOWN && n != st->done)
		store_rig_fail("more is written than was said");
	if (n != BLOCKS && n % unit())
		store_rig_fail("a message is torn");
	if (st->state == RPMB_STATE_UNKNOWN && !ret)
		store_rig_fail("success, and yet unknown");
}

static void check_again(void)
{
	u8 back[BLOCKS * RPMB_BLOCK_SIZE];

	if (rpmb_client_read(&rig.cl, &rig.mac, ADDR, BLOCKS, back) ||
	    memcmp(back, client_rig_block(&rig, ADDR), sizeof(back)))
		store_rig_fail("cannot be read back");
	if (write_new() || count_new() != BLOCKS)
		store_rig_fail("cannot be written again");
}

static int act(void)
{
	int ret = write_new();

	check_truth(ret);
	return ret;
}

/* Each message that is on the device has taken one count */
static int act_and_count(void)
{
	u32 most = max_wr() ?: BLOCKS;
	int ret = act();

	if (rig.model.state.counter != counter + (count_new() + most - 1) / most)
		store_rig_fail("counter and data disagree");
	return ret;
}

HOST_TESTS(powercut_write, CASES(BLOCKS))
{
	static const struct store_drill drill = {
		.rig = &rig, .start = start, .act = act_and_count,
		.again = check_again,
	};

	store_drill_cuts(&drill, 0);
}

HOST_TESTS(powercut_fault, CASES(2))
{
	static const struct store_drill drill = {
		.rig = &rig, .start = start, .act = act, .again = check_again,
	};

	store_drill_faults(&drill);
}

/* The same write, so that all but counter and nonce are as they were */
static void record(void)
{
	CHECK_EQ(write_new(), 0);
	memcpy(old, client_rig_block(&rig, ADDR), sizeof(old));
	host_test_fill(new, sizeof(new));
	rpmb_client_forget(&rig.cl);
}

HOST_TESTS(powercut_replay, CASES(2))
{
	static const struct store_drill drill = {
		.rig = &rig, .start = start, .act = act, .again = check_again,
	};

	store_drill_replays(&drill, record, 7, 8);
}

/*
 * CVE-2020-13799: a signed frame is held back, and the writer is told that it
 * did not get through. Its successor for the same counter is swapped for it.
 */
static void hold_back(enum store_hold hold, u32 addr, u32 count)
{
	u8 lost[BLOCKS * RPMB_BLOCK_SIZE];

	start_written();
	rig.cl.max_wr = 0;
	host_test_fill(lost, sizeof(lost));
	store_rig_hold(&rig, hold, 0);
	if (!rpmb_client_write(&rig.cl, &rig.mac, addr, count, lost))
		store_rig_fail("success without a device");
	if (!rig.dead && rig.cl.status.state != RPMB_STATE_UNCHANGED)
		store_rig_fail("it is proven that nothing was written");
	store_rig_held(&rig, hold);
}

static void swapped(enum store_hold hold, u32 addr, u32 count)
{
	u32 skip;

	for (skip = 0; skip < 3; skip++) {
		store_case = (struct store_case){ addr, hold, skip };
		hold_back(hold, addr, count);
		rig.cl.max_wr = 2;
		store_rig_swap(&rig, skip, NULL);
		if (write_new())
			store_rig_fail("not written");
		if (memcmp(client_rig_block(&rig, ADDR), new, sizeof(new)))
			store_rig_fail("the held-back frame has won");
	}
}

HOST_TESTS(powercut_held_back, RPMB_MODEL_FLAVOURS)
{
	u32 hold, count;

	for (hold = 0; hold < STORE_HOLDS; hold++)
		for (count = 1; count <= BLOCKS; count++) {
			swapped(hold, ADDR, count);
			swapped(hold, ADDR + 1, count);
			swapped(hold, ADDR - 1, count);
		}
}

/* The attack is real: without the read-back it succeeds */
HOST_TEST(powercut_held_back_control)
{
	u32 count;

	hold_back(STORE_HOLD_REBOOT, ADDR, BLOCKS);
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	rig.cl.counter_unused = true;
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(write_new(), 0);
	CHECK(memcmp(client_rig_block(&rig, ADDR), new, sizeof(new)));
}

/* Programming the key, cut at every step, and done again */
static void start_key(void)
{
	client_rig_init(&rig, host_test_case);
}

static int act_key(void)
{
	int ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);

	if (rig.cl.status.state == RPMB_STATE_UNTOUCHED && rig.model.keys_seen)
		store_rig_fail("untouched, but the key has left");
	return ret;
}

static void again_key(void)
{
	int ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);

	if (ret && ret != -EALREADY)
		store_rig_fail("cannot be done again");
	if (memcmp(rig.model.state.key, client_rig_key, RPMB_KEY_SIZE))
		store_rig_fail("another key");
}

HOST_TESTS(powercut_key, RPMB_MODEL_FLAVOURS)
{
	static const struct store_drill drill = {
		.rig = &rig, .start = start_key, .act = act_key,
		.again = again_key,
	};

	store_drill_cuts(&drill, 2 + 3 + 2);
}
