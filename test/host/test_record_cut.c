// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: named records under power cuts, spoilt replies and frames that are
 * held back
 *
 * Whatever happens, a record is the old one or the new one, there is never a
 * second of its name, the others are as they were, and after a success nothing
 * that was signed earlier can change it.
 */

#include <rpmb/record.h>

#include "host_test.h"
#include "store_rig.h"

#define BLOCKS	5

/* Records of this test: a value is one letter, repeated; 0: no such record */
enum { MINE, SIDE, THIRD, NAMES };

static const char *const names[NAMES] = { "mine", "side", "third" };

/* A change: one record gets a value, or is deleted */
struct change {
	u8 name;
	char value;
};

static struct client_rig rig;
static struct rpmb_record_block work[BLOCKS];
static struct rpmb_records rs;

/* As it is on the device, by this test's own reckoning */
static char device_value(u32 name)
{
	const u8 *block;
	char value = 0;
	u32 i;

	for (i = 0; i < BLOCKS; i++) {
		block = store_rig_block(&rig, i);
		if (strncmp((char *)block + 16, names[name], 48))
			continue;
		if (value)
			store_rig_fail("a name is there twice");
		value = block[64];
		if (block[11] != value - 'A' + 1 ||
		    block[64 + block[11] - 1] != value ||
		    block[64 + block[11]])
			store_rig_fail("a record is mixed up");
	}
	return value;
}

static void device_values(char values[NAMES])
{
	u32 i;

	for (i = 0; i < NAMES; i++)
		values[i] = device_value(i);
}

static int make(const struct change *c)
{
	u8 data[26];

	memset(data, c->value, sizeof(data));
	if (!c->value)
		return rpmb_records_delete(&rs, names[c->name]);
	return rpmb_records_write(&rs, names[c->name], data,
				 c->value - 'A' + 1);
}

/* What is read is what is there */
static void check_reads(void)
{
	u8 buf[26];
	size_t len;
	char value;
	u32 i;
	int ret;

	for (i = 0; i < NAMES; i++) {
		value = device_value(i);
		ret = rpmb_records_read(&rs, names[i], buf, sizeof(buf), &len);
		if (value ? ret || len != value - 'A' + 1u || buf[0] != value :
		    ret != -ENOENT)
			store_rig_fail("wrong record read");
	}
}

/* In place of an old one, shorter too; deleted; new */
static const struct change changes[] = {
	{ MINE, 'N' }, { SIDE, 'A' }, { MINE, 0 }, { THIRD, 'T' },
};

/* By flavour and change; in the second half the client has written since power-up */
#define HALF	(RPMB_MODEL_FLAVOURS * COUNT(changes))
#define CASES	(HALF * 2)

static bool is_fresh(void)
{
	return host_test_case < HALF;
}

/* The change of this case */
static const struct change *mine(void)
{
	return &changes[host_test_case / RPMB_MODEL_FLAVOURS % COUNT(changes)];
}

static void start_by(bool fresh)
{
	store_rig_start(&rig, host_test_case % RPMB_MODEL_FLAVOURS, BLOCKS);
	rs = (struct rpmb_records){
		.at = { &rig.cl, &rig.mac, STORE_FIRST },
		.count = BLOCKS, .blocks = work,
	};
	CHECK_EQ(make(&(struct change){ MINE, 'A' }), 0);
	CHECK_EQ(make(&(struct change){ SIDE, 'B' }), 0);
	if (fresh)
		client_rig_reboot(&rig);
	rig.step = 0;
	rig.exchanges = 0;
}

static char before[NAMES];

static void check_truth(int ret)
{
	const struct change *c = mine();
	u32 i;

	for (i = 0; i < NAMES; i++) {
		char now = device_value(i);

		if (i != c->name && now != before[i])
			store_rig_fail("another record has changed");
		if (i == c->name && now != before[i] && now != c->value)
			store_rig_fail("neither the old record nor the new one");
		if (i == c->name && !ret && now != c->value)
			store_rig_fail("success, but not the new record");
	}
}

static void check_again(void)
{
	const struct change *c = mine();
	bool gone = !c->value && !device_value(c->name);

	check_reads();
	if (make(c) != (gone ? -ENOENT : 0))
		store_rig_fail("a second try does not finish");
	check_truth(0);
	check_reads();
}

static void start(void)
{
	start_by(is_fresh());
	device_values(before);
}

static int act(void)
{
	int ret = make(mine());

	check_truth(ret);
	return ret;
}

/* Twice takes long, and is no different from once or three times */
static const struct store_drill drill = {
	.rig = &rig, .start = start, .act = act, .again = check_again,
	.not_twice = true,
};

HOST_TESTS(record_cut, CASES)
{
	store_drill_cuts(&drill, is_fresh() ? 2 + 2 + 5 + 2 + 5 : 2 + 5);
}

HOST_TESTS(record_fault, CASES)
{
	store_drill_faults(&drill);
}

static void start_fresh(void)
{
	start_by(true);
}

static void record(void)
{
	CHECK_EQ(make(&(struct change){ SIDE, 'Z' }), 0);
	if (is_fresh())
		rpmb_client_forget(&rig.cl);
	device_values(before);
	CHECK(client_rig_recorded() >= 7);
}

HOST_TESTS(record_replay, CASES)
{
	struct store_drill replayed = drill;

	replayed.start = start_fresh;
	store_drill_replays(&replayed, record, 8, 8);
}

/*
 * A change is signed and held back. Then another one is made, and the frame
 * played: in place of a write, or at any moment.
 */
static const struct change held[] = {
	{ MINE, 'H' }, { MINE, 0 }, { SIDE, 'H' }, { THIRD, 'H' },
};

static const struct change next[] = {
	{ MINE, 'N' }, { MINE, 0 }, { MINE, 'A' }, { SIDE, 'N' }, { SIDE, 'B' },
	{ THIRD, 'N' }, { THIRD, 0 },
};

/* The one that is held back, and the next, in this case */
static const struct change *h, *n;

static void hold_back(enum store_hold hold)
{
	start_by(false);
	device_values(before);
	store_rig_hold(&rig, hold, 1);
	if (!make(h))
		store_rig_fail("success without a device");
	store_rig_held(&rig, hold);
	rig.exchanges = 0;
}

/* The next change has been made for good, and the held one before it or not */
static void check_next(void)
{
	bool absent = n->value == 0 && n->name == THIRD;
	int ret = make(n);
	char now[NAMES];
	u32 i;

	/* deleting what the held change has deleted, or not made */
	if (ret == -ENOENT && !n->value && (h->name == n->name || absent))
		ret = 0;
	if (ret)
		store_rig_fail("wrong outcome");
	device_values(now);
	for (i = 0; i < NAMES; i++) {
		if (i == n->name ? now[i] != n->value : now[i] != before[i] &&
		    (i != h->name || now[i] != h->value))
			store_rig_fail("wrong record");
	}
	/* it is void now: nothing changes any more */
	store_rig_play(&rig, 1, NULL);
	check_reads();
	for (i = 0; i < NAMES; i++)
		if (device_value(i) != now[i])
			store_rig_fail("a void frame was executed");
}

static const struct store_played played = {
	.rig = &rig, .hold = hold_back, .check = check_next,
	.swaps = 4, .plays = 9,
};

HOST_TESTS(record_held_back, RPMB_MODEL_FLAVOURS * COUNT(held) * COUNT(next))
{
	h = &held[host_test_case / RPMB_MODEL_FLAVOURS % COUNT(held)];
	n = &next[host_test_case / RPMB_MODEL_FLAVOURS / COUNT(held)];
	store_drill_played(&played);
}

/* The frame that is played can do something, or this tests nothing */
HOST_TEST(record_held_back_control)
{
	char now[NAMES];

	h = &held[0];
	hold_back(STORE_HOLD_REBOOT);
	store_rig_play(&rig, 1, NULL);
	check_reads();
	CHECK_EQ(device_value(MINE), 'H');

	/* in place of the write that changes nothing */
	hold_back(STORE_HOLD_LINK);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(make(&next[3]), 0);
	device_values(now);
	CHECK_EQ(now[MINE], 'H');
	CHECK_EQ(now[SIDE], 'N');
}

/* While one is held back no other is signed for the same counter value */
HOST_TESTS(record_one_a_value, RPMB_MODEL_FLAVOURS)
{
	u32 hold;

	h = &held[3];
	for (hold = STORE_HOLD_FIRST; hold < STORE_HOLDS; hold++) {
		hold_back(hold);
		store_rig_hold(&rig, hold, 1);
		if (!make(&next[0]))
			store_rig_fail("success without a device");
		/* what was sent changes nothing */
		CHECK_EQ(rpmb_get16(&rig.seen[0].addr), STORE_FIRST);
		CHECK_MEM(rig.seen[0].data, store_rig_block(&rig, 0),
			  RPMB_BLOCK_SIZE);
		/* which of both is played does not matter to the next one */
		store_rig_held(&rig, hold);
		store_rig_swap(&rig, 0, NULL);
		CHECK_EQ(make(&next[0]), 0);
		check_reads();
		CHECK_EQ(device_value(MINE), 'N');
		CHECK_EQ(device_value(THIRD), 0);
	}
}
