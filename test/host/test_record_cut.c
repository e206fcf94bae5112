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

/* A case of the matrix, for messages */
static const char *what;
static u32 at, how, more, nth;

static void fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__,
		       "%s, flavour %d, change %u, step %u, case %u, %u: %s",
		       what, rig.model.flavour, nth, at, how, more, why);
}

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
			fail("a name is there twice");
		value = block[64];
		if (block[11] != value - 'A' + 1 ||
		    block[64 + block[11] - 1] != value ||
		    block[64 + block[11]])
			fail("a record is mixed up");
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
			fail("wrong record read");
	}
}

static void start(enum rpmb_model_flavour flavour, bool fresh)
{
	static const struct change set_up[] = { { MINE, 'A' }, { SIDE, 'B' } };

	store_rig_start(&rig, flavour, BLOCKS);
	memset(&rs, 0, sizeof(rs));
	rs.at.cl = &rig.cl;
	rs.at.key = &rig.mac;
	rs.at.first = STORE_FIRST;
	rs.count = BLOCKS;
	rs.blocks = work;
	CHECK_EQ(make(&set_up[0]), 0);
	CHECK_EQ(make(&set_up[1]), 0);
	if (fresh)
		client_rig_reboot(&rig);
	rig.step = 0;
	rig.exchanges = 0;
}

/* In place of an old one, shorter too; deleted; new */
static const struct change changes[] = {
	{ MINE, 'N' }, { SIDE, 'A' }, { MINE, 0 }, { THIRD, 'T' },
};

#define CHANGES	(sizeof(changes) / sizeof(*changes))

static char before[NAMES];

static void check_truth(int ret)
{
	const struct change *c = &changes[nth];
	u32 i;

	for (i = 0; i < NAMES; i++) {
		char now = device_value(i);

		if (i != c->name && now != before[i])
			fail("another record has changed");
		if (i == c->name && now != before[i] && now != c->value)
			fail("neither the old record nor the new one");
		if (i == c->name && !ret && now != c->value)
			fail("success, but not the new record");
	}
}

static void check_again(void)
{
	const struct change *c = &changes[nth];
	bool gone = !c->value && !device_value(c->name);

	check_reads();
	if (make(c) != (gone ? -ENOENT : 0))
		fail("a second try does not finish");
	check_truth(0);
	check_reads();
}

/* The case of each(), for drills */
static enum rpmb_model_flavour start_flavour;
static bool start_fresh;

static void each(void (*run)(enum rpmb_model_flavour flavour, bool fresh))
{
	u32 i;

	for (i = 0; i < 6; i++) {
		start_flavour = i % 3;
		start_fresh = i / 3;
		for (nth = 0; nth < CHANGES; nth++)
			run(start_flavour, start_fresh);
	}
}

static void start_drill(u32 step, u32 way, u32 times)
{
	at = step;
	how = way;
	more = times;
	start(start_flavour, start_fresh);
	device_values(before);
}

static int act_drill(void)
{
	int ret = make(&changes[nth]);

	check_truth(ret);
	return ret;
}

/* Twice takes long, and is no different from once or three times */
static const struct store_drill drill = {
	.rig = &rig, .start = start_drill, .act = act_drill,
	.again = check_again, .fail = fail, .not_twice = true,
};

static void cuts(enum rpmb_model_flavour flavour, bool fresh)
{
	store_drill_cuts(&drill, fresh ? 2 + 2 + 5 + 2 + 5 : 2 + 5);
}

static void test_cut(void)
{
	what = "cut";
	each(cuts);
}

static void faults(enum rpmb_model_flavour flavour, bool fresh)
{
	store_drill_faults(&drill);
}

static void test_fault(void)
{
	what = "fault";
	each(faults);
}

/* Each reply that was on the bus before, in place of each one that comes */
static void replays(enum rpmb_model_flavour flavour, bool fresh)
{
	static const struct change first = { SIDE, 'Z' };
	u32 kept;
	int ret;

	for (how = 1; how <= 8; how++) {
		for (at = 1; at <= 8; at++) {
			start(flavour, true);
			client_rig_record(&rig, NULL);
			CHECK_EQ(make(&first), 0);
			if (fresh)
				rpmb_client_forget(&rig.cl);
			device_values(before);
			CHECK(client_rig_recorded() >= 7);
			kept = client_rig_recorded();
			client_rig_replay(&rig, how < kept ? how : kept, at);
			ret = make(&changes[nth]);
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

static void hold_back(enum rpmb_model_flavour flavour, enum store_hold hold,
		      const struct change *c)
{
	start(flavour, false);
	device_values(before);
	store_rig_hold(&rig, hold, 1);
	if (!make(c))
		fail("success without a device");
	store_rig_held(&rig, hold);
	rig.exchanges = 0;
}

/* The next change has been made for good, and the held one before it or not */
static void check_next(const struct change *h, const struct change *n, int ret)
{
	bool absent = n->value == 0 && n->name == THIRD;
	char now[NAMES];
	u32 i;

	/* deleting what the held change has deleted, or not made */
	if (ret == -ENOENT && !n->value && (h->name == n->name || absent))
		ret = 0;
	if (ret)
		fail("wrong outcome");
	device_values(now);
	for (i = 0; i < NAMES; i++) {
		if (i == n->name ? now[i] != n->value : now[i] != before[i] &&
		    (i != h->name || now[i] != h->value))
			fail("wrong record");
	}
	/* it is void now: nothing changes any more */
	store_rig_play(&rig, 1, NULL);
	check_reads();
	for (i = 0; i < NAMES; i++)
		if (device_value(i) != now[i])
			fail("a void frame was executed");
}

static void held_back(enum rpmb_model_flavour flavour, const struct change *h,
		      const struct change *n)
{
	u32 hold;

	for (hold = 0; hold < STORE_HOLDS; hold++) {
		how = hold;
		for (at = 0; at < 4; at++) {
			hold_back(flavour, hold, h);
			store_rig_swap(&rig, at, NULL);
			check_next(h, n, make(n));
			client_rig_done(&rig);
		}
		for (at = 0; at < 9; at++) {
			hold_back(flavour, hold, h);
			store_rig_play(&rig, at, NULL);
			check_next(h, n, make(n));
			client_rig_done(&rig);
		}
	}
}

static void test_held_back(void)
{
	u32 flavour;

	what = "held back";
	for (flavour = 0; flavour <= RPMB_MODEL_VIRTIO; flavour++)
		for (nth = 0; nth < sizeof(held) / sizeof(*held); nth++)
			for (more = 0; more < sizeof(next) / sizeof(*next);
			     more++)
				held_back(flavour, &held[nth], &next[more]);
}

/* The frame that is played can do something, or this tests nothing */
static void test_held_back_control(void)
{
	char now[NAMES];

	what = "control";
	hold_back(RPMB_MODEL_EMMC, STORE_HOLD_REBOOT, &held[0]);
	store_rig_play(&rig, 1, NULL);
	check_reads();
	CHECK_EQ(device_value(MINE), 'H');
	client_rig_done(&rig);

	/* in place of the write that changes nothing */
	hold_back(RPMB_MODEL_EMMC, STORE_HOLD_LINK, &held[0]);
	store_rig_swap(&rig, 0, NULL);
	CHECK_EQ(make(&next[3]), 0);
	device_values(now);
	CHECK_EQ(now[MINE], 'H');
	CHECK_EQ(now[SIDE], 'N');
	client_rig_done(&rig);
}

/* While one is held back no other is signed for the same counter value */
static void test_one_a_value(void)
{
	u32 hold;

	what = "one a value";
	for (hold = STORE_HOLD_FIRST; hold < STORE_HOLDS; hold++) {
		hold_back(RPMB_MODEL_UFS, hold, &held[3]);
		store_rig_hold(&rig, hold, 1);
		if (!make(&next[0]))
			fail("success without a device");
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
		client_rig_done(&rig);
	}
}

static const struct host_test tests[] = {
	{ "record_cut", test_cut },
	{ "record_fault", test_fault },
	{ "record_replay", test_replay },
	{ "record_held_back", test_held_back },
	{ "record_held_back_control", test_held_back_control },
	{ "record_one_a_value", test_one_a_value },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
