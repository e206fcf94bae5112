// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: named records, rule by rule
 */

#include <stdio.h>

#include <rpmb/record.h>

#include "host_test.h"
#include "store_rig.h"

#define BLOCKS	6
#define LONG	"a-name-of-47-characters-which-is-the-longest-on"

static struct client_rig rig;
static struct rpmb_record_block work[BLOCKS];
static struct rpmb_records rs;
static u8 buf[RPMB_RECORD_DATA_MAX + 1];
static u8 full[RPMB_RECORD_DATA_MAX];

/* As doc/develop/rpmb/spec.rst has it, not as the code makes it */
static const u8 golden[RPMB_BLOCK_SIZE] = {
	'U', 'B', 's', 't', 'o', 'r', 'e', 'd',
	1,			/* version */
	5,			/* kind: record */
	0,			/* block of the store */
	3,			/* bytes of data */
	0, 0, 0, 0,
	'a', 'v', 'b', '.', 'l', 'o', 'c', 'k',
	[64] = 0xde, 0x00, 0xad,
};

void host_test_set_up(void)
{
	store_rig_start(&rig, host_test_case % RPMB_MODEL_FLAVOURS,
			BLOCKS);
	rs = (struct rpmb_records){
		.at = { &rig.cl, &rig.mac, STORE_FIRST },
		.count = BLOCKS, .blocks = work,
	};
	host_test_fill(full, sizeof(full));
}

static int put(const char *name, const char *text)
{
	return rpmb_records_write(&rs, name, text, strlen(text));
}

static void check_text(const char *name, const char *want)
{
	size_t len = 99;

	memset(buf, 0xee, sizeof(buf));
	CHECK_EQ(rpmb_records_read(&rs, name, buf, sizeof(buf), &len), 0);
	CHECK_EQ(len, strlen(want));
	CHECK_MEM(buf, want, strlen(want));
	CHECK_EQ(buf[strlen(want)], 0xee);
}

static void check_error(const char *name, int want)
{
	size_t len = 99;

	memset(buf, 0xee, sizeof(buf));
	CHECK_EQ(rpmb_records_read(&rs, name, buf, sizeof(buf), &len), want);
	CHECK_EQ(len, 99);
	CHECK_EQ(buf[0], 0xee);
}

HOST_TESTS(record_plain, RPMB_MODEL_FLAVOURS)
{
	check_error("a", -ENOENT);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), -ENOENT);
	CHECK_EQ(put("a", "one"), 0);
	CHECK_EQ(put("b", ""), 0);
	CHECK_EQ(put("ab", "two"), 0);
	check_text("a", "one");
	check_text("b", "");
	check_text("ab", "two");
	check_error("abc", -ENOENT);
	check_error("A", -ENOENT);

	/* in place of the old one: longer, shorter, empty */
	CHECK_EQ(put("a", "three"), 0);
	check_text("a", "three");
	CHECK_EQ(put("a", "4"), 0);
	check_text("a", "4");
	CHECK_EQ(put("a", ""), 0);
	check_text("a", "");
	check_text("ab", "two");

	CHECK_EQ(rpmb_records_delete(&rs, "a"), 0);
	check_error("a", -ENOENT);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), -ENOENT);
	check_text("b", "");
	check_text("ab", "two");
	/* its place is taken again */
	CHECK_EQ(put("c", "new"), 0);
	CHECK_MEM(store_rig_block(&rig, 0) + 16, "c", 2);
}

HOST_TEST(record_names)
{
	static const char *const bad[] = {
		"", " ", "a b", "a ", "a\n", "\x7f", "a\x80", "\xc3\xa4",
		LONG "+", LONG "+and-on-it-goes",
	};
	static const char *const good[] = { "!", "~", "avb.lock/x_1-2:3", LONG };
	u32 i;

	for (i = 0; i < COUNT(bad); i++) {
		check_error(bad[i], -EINVAL);
		CHECK_EQ(put(bad[i], "x"), -EINVAL);
		CHECK_EQ(rpmb_records_delete(&rs, bad[i]), -EINVAL);
	}
	CHECK_EQ(rig.exchanges, 0);
	CHECK_EQ(strlen(LONG), 47);
	for (i = 0; i < COUNT(good); i++) {
		CHECK_EQ(put(good[i], good[i]), 0);
		check_text(good[i], good[i]);
	}
}

HOST_TEST(record_sizes)
{
	size_t len = 99;

	CHECK_EQ(rpmb_records_write(&rs, "a", full, 193), -EINVAL);
	CHECK_EQ(rig.exchanges, 0);
	CHECK_EQ(rpmb_records_write(&rs, "a", full, 192), 0);
	memset(buf, 0xee, sizeof(buf));
	CHECK_EQ(rpmb_records_read(&rs, "a", buf, 191, &len), -ENOBUFS);
	CHECK_EQ(len, 192);
	CHECK_EQ(buf[0], 0xee);
	CHECK_EQ(rpmb_records_read(&rs, "a", NULL, 0, &len), -ENOBUFS);
	CHECK_EQ(rpmb_records_read(&rs, "a", buf, 192, &len), 0);
	CHECK_EQ(len, 192);
	CHECK_MEM(buf, full, 192);
	CHECK_EQ(buf[192], 0xee);
}

HOST_TEST(record_room)
{
	char name[] = "r0";

	for (; name[1] < '0' + BLOCKS; name[1]++)
		CHECK_EQ(put(name, name), 0);
	CHECK_EQ(put("more", "x"), -ENOSPC);
	CHECK_EQ(rig.model.requests[3], 1 + BLOCKS);
	/* those that are there can be changed, and one goes for another */
	CHECK_EQ(put("r5", "x"), 0);
	CHECK_EQ(rpmb_records_delete(&rs, "r2"), 0);
	CHECK_EQ(put("more", "x"), 0);
	CHECK_EQ(put("r2", "x"), -ENOSPC);
	check_text("r1", "r1");
	check_text("r5", "x");
	check_text("more", "x");
}

HOST_TESTS(record_golden, RPMB_MODEL_FLAVOURS)
{
	static const u8 data[] = { 0xde, 0, 0xad };
	u8 *block = store_rig_block(&rig, 0);
	u8 empty[RPMB_BLOCK_SIZE] = { 0 };
	size_t len;

	memcpy(block, golden, sizeof(golden));
	CHECK_EQ(rpmb_records_read(&rs, "avb.lock", buf, sizeof(buf), &len), 0);
	CHECK_EQ(len, 3);
	CHECK_MEM(buf, data, 3);

	memset(block, 0, sizeof(golden));
	CHECK_EQ(rpmb_records_write(&rs, "avb.lock", full, 192), 0);
	CHECK_EQ(rpmb_records_write(&rs, "avb.lock", data, 3), 0);
	CHECK_MEM(block, golden, sizeof(golden));

	/* what is left of a record that was deleted */
	CHECK_EQ(rpmb_records_delete(&rs, "avb.lock"), 0);
	memcpy(empty, golden, 11);
	CHECK_MEM(block, empty, sizeof(empty));
}

/* One block that is not as it must be: the whole store is refused */
static void refused(u32 at, u8 value, int want)
{
	u8 *block = store_rig_block(&rig, 0);
	u32 requests = rig.model.requests[3];
	u8 bad[RPMB_BLOCK_SIZE];

	memcpy(bad, golden, sizeof(bad));
	bad[at] = value;
	memcpy(block, bad, sizeof(bad));
	check_error("avb.lock", want);
	check_error("b", want);
	check_error("c", want);
	CHECK_EQ(put("avb.lock", "x"), want);
	CHECK_EQ(put("b", "x"), want);
	CHECK_EQ(rpmb_records_delete(&rs, "b"), want);
	CHECK_EQ(rig.model.requests[3], requests);
	CHECK_MEM(block, bad, sizeof(bad));
}

HOST_TESTS(record_refusals, RPMB_MODEL_FLAVOURS)
{
	u32 i;

	CHECK_EQ(put("a", "at first"), 0);
	CHECK_EQ(put("b", "one"), 0);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), 0);
	for (i = 0; i < 8; i++)
		refused(i, golden[i] ^ 0x20, -EUCLEAN);
	refused(8, 2, -EPROTONOSUPPORT);
	refused(8, 0xff, -EPROTONOSUPPORT);
	refused(8, 0, -EUCLEAN);
	for (i = 0; i < 256; i++)
		if (i != 5)
			refused(9, i, -EUCLEAN);
	refused(10, 1, -EUCLEAN);
	/* shorter than the data, longer than there is room */
	refused(11, 2, -EUCLEAN);
	refused(11, 193, -EUCLEAN);
	for (i = 12; i < 16; i++)
		refused(i, 1, -EUCLEAN);
	/* names: a bad character, none, a gap, something behind, no end */
	refused(17, ' ', -EUCLEAN);
	refused(17, 0x80, -EUCLEAN);
	refused(16, 0, -EUCLEAN);
	refused(17, 0, -EUCLEAN);
	refused(25, 'x', -EUCLEAN);
	refused(63, 'x', -EUCLEAN);
	/* data behind the data */
	for (i = 67; i < 256; i++)
		refused(i, 1, -EUCLEAN);
	/* all in order */
	memcpy(store_rig_block(&rig, 0), golden, sizeof(golden));
	check_text("b", "one");
}

static void bad_block(u32 number, const u8 *block)
{
	u32 requests = rig.model.requests[3];

	memcpy(store_rig_block(&rig, number), block, RPMB_BLOCK_SIZE);
	check_error("avb.lock", -EUCLEAN);
	CHECK_EQ(put("avb.lock", "x"), -EUCLEAN);
	CHECK_EQ(rpmb_records_delete(&rs, "avb.lock"), -EUCLEAN);
	CHECK_EQ(rig.model.requests[3], requests);
}

HOST_TEST(record_odd_blocks)
{
	u8 block[RPMB_BLOCK_SIZE];

	/* a name that fills its field */
	memcpy(block, golden, sizeof(block));
	memset(block + 16, 'x', 48);
	bad_block(0, block);
	/* no name, but data; or a length of them */
	memcpy(block, golden, sizeof(block));
	memset(block + 16, 0, 48);
	bad_block(0, block);
	memset(block + 64, 0, 3);
	bad_block(0, block);
	/* the same name twice, in any two places */
	memcpy(store_rig_block(&rig, 0), golden, sizeof(golden));
	check_error("x", -ENOENT);
	memcpy(block, golden, sizeof(block));
	block[10] = BLOCKS - 1;
	bad_block(BLOCKS - 1, block);
	memset(store_rig_block(&rig, 0), 0, RPMB_BLOCK_SIZE);
	check_error("x", -ENOENT);
	block[10] = 2;
	bad_block(2, block);
}

HOST_TEST(record_almost_blank)
{
	u8 block[RPMB_BLOCK_SIZE] = { 0 };
	u32 i;

	for (i = 0; i < RPMB_BLOCK_SIZE; i++) {
		block[i] = 0x80;
		bad_block(3, block);
		block[i] = 0;
	}
	memset(store_rig_block(&rig, 3), 0, RPMB_BLOCK_SIZE);
	check_error("avb.lock", -ENOENT);
}

/* A name must be there as a whole, not as the start of another */
HOST_TEST(record_prefix)
{
	CHECK_EQ(put("abc", "long"), 0);
	check_error("ab", -ENOENT);
	CHECK_EQ(put("ab", "short"), 0);
	CHECK_EQ(rpmb_records_delete(&rs, "ab"), 0);
	check_text("abc", "long");
}

static void refuse_all(int want)
{
	u32 requests = rig.model.requests[3];

	check_error("a", want);
	CHECK_EQ(put("a", "x"), want);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), want);
	CHECK_EQ(rig.model.requests[3], requests);
}

HOST_TESTS(record_keys_and_range, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(put("a", "text"), 0);
	client_rig_exchanges(&rig);
	rs.at.first = RIG_BLOCKS - BLOCKS + 1;
	refuse_all(-ERANGE);
	rs.at.first = 0xffffffff;
	refuse_all(-ERANGE);
	rs.at.first = STORE_FIRST;
	rs.count = 0;
	refuse_all(-EINVAL);
	rs.count = 257;
	refuse_all(-EINVAL);
	rs.count = BLOCKS;
	rs.at.key = NULL;
	refuse_all(-EINVAL);
	CHECK_EQ(client_rig_exchanges(&rig), 0);

	rs.at.key = &rig.mac;
	store_rig_keys(&rig, refuse_all);
	check_text("a", "text");
}

/* A store as large as it can be; its last block is number 255 */
HOST_TEST(record_largest)
{
	static struct rpmb_record_block many[RPMB_RECORD_BLOCKS_MAX];
	char name[8];
	u32 i;

	rs.count = RPMB_RECORD_BLOCKS_MAX;
	rs.blocks = many;
	memset(store_rig_block(&rig, 0), 0, 256 * RPMB_BLOCK_SIZE);
	for (i = 0; i < RPMB_RECORD_BLOCKS_MAX; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		CHECK_EQ(put(name, name), 0);
	}
	check_text("n255", "n255");
	check_text("n0", "n0");
	CHECK_EQ(put("more", "x"), -ENOSPC);
}

/* What a bus calls "no such thing" does not mean that there is no record */
HOST_TEST(record_bus_errors)
{
	CHECK_EQ(put("a", "text"), 0);
	store_rig_bus_errors(&rig, refuse_all);
}

/* ... nor that there was none to change */
HOST_TESTS(record_change_bus_errors, 2 * STORE_BUS_ERRORS)
{
	CHECK_EQ(put("a", "text"), 0);
	store_rig_bus_error(&rig);
	CHECK_EQ(host_test_case < STORE_BUS_ERRORS ? put("a", "other") :
		 rpmb_records_delete(&rs, "a"), -EIO);
	CHECK_EQ(rig.fail_from, 0);
}

/* Forged and spoilt answers to reads: an error, never a record or none */
HOST_TESTS(record_forged, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(put("a", "text"), 0);
	store_rig_forge(&rig, refuse_all);
	check_text("a", "text");
}

/* What it costs, and when a counter value is used up first */
HOST_TESTS(record_exchanges, RPMB_MODEL_FLAVOURS)
{
	check_error("a", -ENOENT);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	/* counter, read; write of what is there, read-back; and once more */
	CHECK_EQ(put("a", "1"), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 4 + 3);
	CHECK_EQ(rig.model.writes, 2);
	CHECK_EQ(put("a", "2"), 0);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3 + 3);
	CHECK_EQ(rig.model.writes, 4);
	/* the same data: not written again */
	CHECK_EQ(put("b", "1"), 0);
	client_rig_exchanges(&rig);
	CHECK_EQ(put("b", "1"), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	CHECK_EQ(put("b", "2"), 0);
	CHECK_EQ(put("b", "22"), 0);
	CHECK_EQ(put("b", "2"), 0);
	CHECK_EQ(rig.model.writes, 5 + 3);

	/* after power-up even an answer of "nothing to do" takes a count */
	client_rig_reboot(&rig);
	CHECK_EQ(put("b", "2"), 0);
	CHECK_EQ(rig.model.writes, 9);
	client_rig_reboot(&rig);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), -ENOENT);
	CHECK_EQ(rig.model.writes, 10);
	check_text("b", "2");
}

/* No count is left for using one up, or for the record itself */
HOST_TESTS(record_exhausted, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(put("a", "1"), 0);
	rig.model.state.counter = 0xfffffffe;
	client_rig_reboot(&rig);
	CHECK_EQ(put("a", "2"), -EOVERFLOW);
	CHECK_EQ(put("a", "2"), -EOVERFLOW);
	check_text("a", "1");
}

/* Somebody else with the key writes after each of our reads */
static u32 foreign_times;

static int write_first(struct client_rig *r, const struct rpmb_frames *f)
{
	if (client_rig_type(f) == RPMB_REQ_READ_DATA && foreign_times) {
		foreign_times--;
		r->model.state.counter++;
	}
	return 0;
}

HOST_TESTS(record_other_writer, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(put("a", "1"), 0);
	rig.tamper = write_first;
	foreign_times = 1;
	CHECK_EQ(put("a", "2"), 0);
	check_text("a", "2");
	foreign_times = 100;
	CHECK_EQ(put("a", "3"), -EAGAIN);
	CHECK_EQ(rpmb_records_delete(&rs, "a"), -EAGAIN);
	foreign_times = 0;
	check_text("a", "2");
	CHECK_EQ(put("a", "3"), 0);
	check_text("a", "3");
}

/* After power-up a counter value is used up: then nothing is untouched */
HOST_TESTS(record_status_after_burn, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(put("a", "1"), 0);
	client_rig_reboot(&rig);
	CHECK_EQ(put("a", "1"), 0);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	client_rig_reboot(&rig);
	/* the store, what was written, and the store again */
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_LOSE_REPLY, 4, 2, 100);
	CHECK_EQ(put("a", "2"), -ETIMEDOUT);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
	rig.model.fault = RPMB_MODEL_F_NONE;
	check_text("a", "1");
	client_rig_reboot(&rig);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_LOSE_REPLY, 4, 0, 100);
	CHECK_EQ(put("a", "2"), -ETIMEDOUT);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	rig.model.fault = RPMB_MODEL_F_NONE;
}

/* Cut up by what the device takes: the store is read in parts */
HOST_TEST(record_small_reads)
{
	rig.cl.max_rd = 4;
	CHECK_EQ(put("a", "1"), 0);
	CHECK_EQ(put("b", "2"), 0);
	client_rig_exchanges(&rig);
	check_text("b", "2");
	CHECK_EQ(client_rig_exchanges(&rig), 2);
}
