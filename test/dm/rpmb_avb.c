// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what libavb is told: the tables of doc/usage/rpmb/rollback-avb.rst,
 * the persistent values and the lock state
 */

#include <avb_verify.h>
#include <command.h>
#include <console.h>
#include <dm.h>
#include <rpmb-key.h>
#include <dm/ofnode.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/rpmb_model.h"
#include "../../boot/rpmb/avb-internal.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define LOC	0x12		/* in the second block of indexes */
#define STORED	0x700000007ULL
#define INDEXES	(CONFIG_RPMB_ROLLBACK_START * RPMB_BLOCK_SIZE)
#define BLOCK	(INDEXES + RPMB_BLOCK_SIZE)
#define RECORDS	(INDEXES + RPMB_ROLLBACK_BLOCKS * RPMB_BLOCK_SIZE)

#define OK		AVB_IO_RESULT_OK
#define IO		AVB_IO_RESULT_ERROR_IO
#define NO_VALUE	AVB_IO_RESULT_ERROR_NO_SUCH_VALUE
#define BAD_SIZE	AVB_IO_RESULT_ERROR_INVALID_VALUE_SIZE
#define NO_SPACE	AVB_IO_RESULT_ERROR_INSUFFICIENT_SPACE

static AvbOps *ops;

static void reboot(bool closed)
{
	rpmb_policy_reboot(closed);
	sandbox_rpmb_avb_reset();
}

static int setup(struct unit_test_state *uts, struct udevice **devp,
		 struct rpmb_model **mp)
{
	ut_assertok(rpmb_policy_setup(uts, devp, mp));
	reboot(false);
	ops = avb_ops_alloc(0);
	ut_assertnonnull(ops);

	return 0;
}

static void teardown(void)
{
	avb_ops_free(ops);
	rpmb_policy_teardown();
	sandbox_rpmb_avb_reset();
}

static void make_blank(struct udevice *dev, struct rpmb_model *m)
{
	memset(m->store.data + BLOCK, 0, RPMB_BLOCK_SIZE);
}

static void exchange(struct udevice *dev, struct rpmb_model *m)
{
	if (!rpmb_program_key(rpmb_ref(dev, 1, POLICY_KEY)))
		m->state = sandbox_rpmb_model(dev, 1)->state;
}

static void future_format(struct udevice *dev, struct rpmb_model *m)
{
	m->store.data[BLOCK + 8]++;
}

static void future_record(struct udevice *dev, struct rpmb_model *m)
{
	m->store.data[RECORDS + 8]++;
}

/* What libavb makes of an answer, see load_and_verify_vbmeta() there */
enum verdict { BOOTS, OLD, ERROR };

/**
 * struct avb_row - a row of the table
 *
 * @name:	what is the matter
 * @setup:	makes it so; the device holds index STORED, and is locked
 * @index:	the image's
 * @open:	what becomes of it on an open board
 * @closed:	... on a closed one
 * @lock_open:	result of asking for the lock state, on an open board
 * @lock_closed: ... on a closed one
 */
struct avb_row {
	const char *name;
	void (*setup)(struct udevice *dev, struct rpmb_model *m);
	u64 index;
	enum verdict open;
	enum verdict closed;
	AvbIOResult lock_open;
	AvbIOResult lock_closed;
};

static const struct avb_row rows[] = {
	{ "equal", rpmb_state_good, STORED, BOOTS, BOOTS, OK, OK },
	{ "higher", rpmb_state_good, STORED + 1, BOOTS, BOOTS, OK, OK },
	{ "lower", rpmb_state_good, STORED - 1, OLD, OLD, OK, OK },
	{ "blank", make_blank, 0, BOOTS, ERROR, OK, OK },
	{ "no key", rpmb_state_no_key, 0, BOOTS, ERROR, OK, IO },
	{ "wrong key", rpmb_state_other_key, STORED, ERROR, ERROR, IO, IO },
	{ "device gone", rpmb_state_gone, STORED, ERROR, ERROR, IO, IO },
	{ "device dead", rpmb_state_dead, STORED, ERROR, ERROR, IO, IO },
	{ "device swapped", exchange, STORED, ERROR, ERROR, IO, IO },
	{ "MAC wrong", rpmb_state_bad_mac, STORED, ERROR, ERROR, IO, IO },
	{ "future format", future_format, STORED, ERROR, ERROR, OK, OK },
	{ "future record", future_record, STORED, BOOTS, BOOTS, IO, IO },
	{ "empty key slot", rpmb_state_empty_slot, STORED, ERROR, ERROR, IO, IO },
	{ "not read in time", rpmb_state_ratcheted, STORED, ERROR, ERROR, IO, IO },
};

static int check_row(struct unit_test_state *uts, const struct avb_row *row,
		     bool closed)
{
	enum verdict want = closed ? row->closed : row->open;
	bool unlocked = true;
	AvbIOResult res;
	u64 stored = 0;

	ut_asserteq(closed ? row->lock_closed : row->lock_open,
		    ops->read_is_device_unlocked(ops, &unlocked));
	ut_asserteq(false, unlocked);
	console_record_reset();
	res = ops->read_rollback_index(ops, LOC, &stored);
	if (want == ERROR) {
		ut_asserteq(IO, res);
		/* who does not look at the result boots nothing either */
		ut_asserteq_64(U64_MAX, stored);
		ut_assert_nextline_empty();
		ut_assert_nextlinen("rollback: REFUSED: ");
		return 0;
	}
	ut_asserteq(OK, res);
	ut_asserteq(want == OLD, row->index < stored);
	ut_asserteq_64(row->index ? STORED : 0, stored);
	if (!row->index)
		ut_assert_skip_to_linen("* WARNING: NO ROLLBACK PROTECTION: ");

	return 0;
}

/* Back to the state that each row starts from */
static int restore(struct unit_test_state *uts, struct rpmb_model *m,
		   const struct rpmb_model_state *state, const u8 *block)
{
	memcpy(m->store.data + BLOCK, block, RPMB_BLOCK_SIZE);
	m->store.data[RECORDS + 8] = RPMB_STORE_VERSION;
	ut_assertok(rpmb_policy_restore(uts, m, state));
	sandbox_rpmb_avb_reset();

	return 0;
}

static int dm_test_rpmb_avb_table(struct unit_test_state *uts)
{
	struct rpmb_model_state state;
	u8 block[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;
	int i, closed, ret;

	ut_assertok(setup(uts, &dev, &m));
	ut_asserteq(OK, ops->write_rollback_index(ops, LOC, STORED));
	ut_asserteq(OK, ops->write_persistent_value(ops, "x", 1, (u8 *)"y"));
	state = m->state;
	memcpy(block, m->store.data + BLOCK, sizeof(block));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (closed = 0; closed <= 1; closed++) {
			ut_assertok(restore(uts, m, &state, block));
			rows[i].setup(dev, m);
			sandbox_rpmb_set_closed(closed);
			ret = check_row(uts, &rows[i], closed);
			if (ret)
				printf("avb: %s, %s board\n", rows[i].name,
				       closed ? "closed" : "open");
			ut_assertok(ret);
		}
	}
	ut_assertok(restore(uts, m, &state, block));
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_table, FLAGS);

/* Up, and never down; nothing but AVB's 32 locations */
static int dm_test_rpmb_avb_index(struct unit_test_state *uts)
{
	struct rpmb_raise raise = { .loc = 0, .index = 6 };
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;
	u32 writes;

	ut_assertok(setup(uts, &dev, &m));
	ut_asserteq(OK, ops->write_rollback_index(ops, 0, 5));
	ut_asserteq(OK, ops->read_rollback_index(ops, 0, &index));
	ut_asserteq_64(5, index);
	ut_asserteq(OK, ops->write_rollback_index(ops, 0x1f, STORED));
	ut_asserteq(OK, ops->read_rollback_index(ops, 0x1f, &index));
	ut_asserteq_64(STORED, index);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), 0x1f, &index));
	ut_asserteq_64(STORED, index);

	writes = m->writes;
	ut_asserteq(OK, ops->write_rollback_index(ops, 0, 5));
	console_record_reset();
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 4));
	ut_assert_nextline("avb: REFUSED: index 0x4 is not stored at location 0x0 (error %d)",
			   -EDOM);
	ut_assert_nextline("  device: sandbox0:0, key 0x100: the device holds a higher one, and it never goes down");
	ut_assert_nextline("  advice: take a higher one; a service token resets the index");
	ut_assert_console_end();
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, U64_MAX));
	ut_asserteq(NO_VALUE, ops->write_rollback_index(ops, 0x20, 9));
	ut_asserteq(NO_VALUE, ops->write_rollback_index(ops, 0x100, 9));
	ut_asserteq(NO_VALUE, ops->write_rollback_index(ops, SIZE_MAX, 9));
	index = 0;
	ut_asserteq(NO_VALUE, ops->read_rollback_index(ops, 0x20, &index));
	ut_asserteq_64(U64_MAX, index);
	ut_asserteq(NO_VALUE, ops->read_rollback_index(ops, 0x100, &index));
	ut_asserteq(NO_VALUE,
		    ops->read_rollback_index(ops, 1ULL << 32, &index));
	ut_asserteq(writes, m->writes);

	/* "not stored" is not the whole story where nobody can know */
	console_record_reset();
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 1, 99);
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 6));
	ut_assert_nextline("avb: REFUSED: index 0x6 is not stored at location 0x0 (error %d)",
			   -ETIMEDOUT);
	ut_assert_nextline("  device: sandbox0:0, key 0x100: the RPMB did not answer in time");
	ut_assert_nextlinen("  advice: ");
	ut_assert_nextlinen("  state: UNKNOWN, it may be done all the same");
	ut_assert_console_end();
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	rpmb_nonces.stuck = true;
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 6));
	ut_assert_skipline();
	ut_assert_nextline("  device: sandbox0:0, key 0x100: there are no random numbers, an old answer would pass for a new one");
	ut_assert_nextlinen("  advice: see 'rng list'");
	ut_assert_console_end();
	rpmb_nonces.stuck = false;
	writes = m->writes;
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, true);
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 6));
	ut_assert_skipline();
	ut_assert_nextlinen("  device: sandbox0:0, key 0x100: a TEE uses this RPMB");
	ut_assert_nextline("  advice: reset, and write before the TEE is asked for anything");
	ut_assert_console_end();
	ut_asserteq(-EADDRINUSE, rpmb_avb_record_put("avb:v", "x", 1));
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, false);
	ut_asserteq(writes, m->writes);

	/* a number is not enough on a closed board */
	reboot(true);
	console_record_reset();
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 6));
	ut_assert_nextline("avb: REFUSED: index 0x6 is not stored at location 0x0 (error %d)",
			   -EPERM);
	ut_assert_nextline("  device: sandbox0:0, key 0x100: this board is closed");
	ut_assert_nextline("  advice: it stays locked, and indexes come from 'avb commit'");
	sandbox_rpmb_set_hook(false);
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 6));
	sandbox_rpmb_set_hook(true);
	ut_assert_skipline();
	ut_assert_nextline("  device: sandbox0:0, key 0x100: this board is closed, for want of a hook board_rpmb_is_open()");
	ut_assert_skipline();
	ut_asserteq(writes, m->writes);
	/* and there are no slots that could be verified */
	ut_asserteq(-EBADMSG, rpmb_avb_commit(ops, 1, (char *[]){ "_a" }));
	ut_asserteq(writes, m->writes);
	/* what was verified is enough, as long as there are keys */
	ut_assertok(rpmb_policy_commit(&raise, 1));
	ut_asserteq(OK, ops->read_rollback_index(ops, 0, &index));
	ut_asserteq_64(6, index);
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_index, FLAGS);

/* What Android asks for, in its order, and a FIT. Return: number of reads */
static int reads_of_boot(struct rpmb_model *m, bool fit_first)
{
	bool unlocked;
	u64 index;

	m->requests[RPMB_REQ_READ_DATA] = 0;
	if (fit_first)
		rpmb_policy_check(0x100, 3);
	ops->read_is_device_unlocked(ops, &unlocked);
	ops->read_rollback_index(ops, 0, &index);
	ops->read_rollback_index(ops, 0x1f, &index);
	rpmb_avb_record_get("avb:v", NULL, 0, &(size_t){ 0 });
	rpmb_policy_check(0x100, 3);
	rpmb_policy_index(0x200, &index);
	return m->requests[RPMB_REQ_READ_DATA];
}

/* One read per boot brings all, and what it brings is right */
static int dm_test_rpmb_avb_once(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	char value[4] = "";
	size_t len;
	u64 index;

	ut_assertok(setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(0, 5));
	ut_assertok(rpmb_policy_advance(0x1f, STORED));
	ut_assertok(rpmb_policy_advance(0x100, 3));
	ut_assertok(rpmb_policy_advance(0x200, 4));
	ut_assertok(rpmb_avb_record_put("avb:v", "abc", 3));
	reboot(false);
	ut_asserteq(1, reads_of_boot(m, false));
	/* a FIT is content with its own block */
	reboot(false);
	ut_asserteq(2, reads_of_boot(m, true));
	/* errors are remembered, and each of three tries is one request */
	reboot(true);
	rpmb_state_bad_mac(dev, m);
	rpmb_before_scripts();
	rpmb_ratchet_prompt();
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_asserteq(0, reads_of_boot(m, true));
	ut_asserteq(-EBADMSG, rpmb_policy_index(0x100, &index));

	/* on a closed board, before the keys are wiped */
	reboot(true);
	m->requests[RPMB_REQ_READ_DATA] = 0;
	rpmb_before_scripts();
	rpmb_ratchet_prompt();
	ut_asserteq(true, rpmb_is_ratcheted());
	ut_asserteq(1, m->requests[RPMB_REQ_READ_DATA]);
	ut_asserteq(0, reads_of_boot(m, true));
	ut_asserteq(OK, ops->read_rollback_index(ops, 0x1f, &index));
	ut_asserteq_64(STORED, index);
	ut_assertok(rpmb_policy_index(0x200, &index));
	ut_asserteq_64(4, index);
	ut_asserteq(-EDOM, rpmb_policy_check(0x100, 2));
	ut_asserteq(OK, ops->read_persistent_value(ops, "v", 3, (u8 *)value, &len));
	ut_asserteq_str("abc", value);
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_once, FLAGS);

/* A record that is bad refuses records only, a bad block of indexes its own */
static int dm_test_rpmb_avb_parts(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	bool unlocked;
	u64 index;

	ut_assertok(setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(0, 5));
	ut_assertok(rpmb_policy_advance(0x100, 3));
	memset(m->store.data + RECORDS, 0x5a, RPMB_BLOCK_SIZE);
	memset(m->store.data + BLOCK, 0x5a, RPMB_BLOCK_SIZE);
	reboot(true);
	rpmb_before_scripts();
	ut_asserteq(IO, ops->read_is_device_unlocked(ops, &unlocked));
	ut_asserteq(IO, ops->read_rollback_index(ops, 0x10, &index));
	ut_asserteq(OK, ops->read_rollback_index(ops, 0, &index));
	ut_asserteq_64(5, index);
	ut_assertok(rpmb_policy_check(0x100, 3));
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_parts, FLAGS);

static int read_records(struct rpmb_ref ref, struct rpmb_record *recs)
{
	static u8 blocks[RPMB_STORES_BLOCKS][256];
	int ret = rpmb_stores_read(ref, blocks);

	return ret ? ret : rpmb_stores_records(blocks, recs);
}

static int write_value(const char *name, const void *value, size_t size)
{
	return ops->write_persistent_value(ops, name, size, value);
}

static int dm_test_rpmb_avb_values(struct unit_test_state *uts)
{
	static const char longest[] =
		"avb.persistent_digest.a_partition_12345678x";
	static struct rpmb_record recs[CONFIG_RPMB_RECORD_BLOCKS];
	u8 big[RPMB_RECORD_DATA_MAX + 1], buf[RPMB_RECORD_DATA_MAX];
	char name[] = "value-0";
	struct rpmb_model *m;
	struct udevice *dev;
	size_t len = 99;
	int i;

	ut_assertok(setup(uts, &dev, &m));
	rpmb_conformance_fill(big, sizeof(big), 1);
	ut_asserteq(NO_VALUE, ops->read_persistent_value(ops, "v", 9, buf,
							 &len));
	ut_asserteq(OK, write_value("v", big, RPMB_RECORD_DATA_MAX));
	ut_asserteq(OK, ops->read_persistent_value(ops, "v", sizeof(buf), buf,
						   &len));
	ut_asserteq(RPMB_RECORD_DATA_MAX, len);
	ut_asserteq_mem(big, buf, len);
	/* as it is stored: see doc/develop/rpmb/spec.rst */
	ut_asserteq_mem("avb:v\0", m->store.data + RECORDS + 16, 6);

	ut_asserteq(OK, write_value("v", "abc", 3));
	ut_asserteq(OK, ops->read_persistent_value(ops, "v", 3, buf, &len));
	ut_asserteq(3, len);
	ut_asserteq_mem("abc", buf, 3);
	len = 0;
	ut_asserteq(NO_SPACE, ops->read_persistent_value(ops, "v", 2, buf,
							 &len));
	ut_asserteq(3, len);
	len = 0;
	ut_asserteq(NO_SPACE, ops->read_persistent_value(ops, "v", 0, NULL,
							 &len));
	ut_asserteq(3, len);
	ut_asserteq(BAD_SIZE, write_value("v", big, sizeof(big)));

	/* no data, no value; whether there was one or not */
	ut_asserteq(OK, write_value("v", NULL, 0));
	ut_asserteq(NO_VALUE, ops->read_persistent_value(ops, "v", 9, buf,
							 &len));
	ut_asserteq(OK, write_value("v", NULL, 0));
	ut_asserteq(0, read_records(rpmb_ref(dev, 0, POLICY_KEY), recs));

	/* names that a record cannot have */
	ut_asserteq(43, strlen(longest));
	ut_asserteq(OK, write_value(longest, "1", 1));
	ut_asserteq(NO_VALUE, write_value("avb.persistent_digest.a_partition_12345678xy",
					  "1", 1));
	ut_asserteq(NO_VALUE, write_value("", "1", 1));
	ut_asserteq(NO_VALUE, write_value("a b", "1", 1));
	ut_asserteq(NO_VALUE, write_value("\xc3\xa4", "1", 1));
	ut_asserteq(NO_VALUE, write_value("\x7f", "1", 1));
	ut_asserteq(NO_VALUE, ops->read_persistent_value(ops, "a b", 9, buf,
							 &len));
	ut_asserteq(OK, ops->read_persistent_value(ops, longest, 9, buf, &len));
	ut_asserteq(1, len);
	ut_asserteq(1, read_records(rpmb_ref(dev, 0, POLICY_KEY), recs));
	ut_asserteq_str(longest, recs[0].name + strlen("avb:"));
	ut_asserteq(1, recs[0].len);
	ut_asserteq('1', recs[0].data[0]);

	/* one of them is there: the others, and then one too many */
	for (i = 1; i < CONFIG_RPMB_RECORD_BLOCKS; i++) {
		name[6] = 'A' + i;
		ut_asserteq(OK, write_value(name, name, sizeof(name)));
	}
	ut_asserteq(NO_SPACE, write_value("v", "abc", 3));
	ut_asserteq(OK, ops->read_persistent_value(ops, name, sizeof(buf), buf,
						   &len));
	ut_asserteq_str(name, (char *)buf);

	/* that it cannot be read does not mean that it is not there */
	reboot(false);
	rpmb_state_bad_mac(dev, m);
	ut_asserteq(IO, ops->read_persistent_value(ops, "v", 9, buf, &len));
	ut_asserteq(IO, write_value("v", NULL, 0));
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	rpmb_state_no_key(dev, m);
	reboot(false);
	ut_asserteq(IO, ops->read_persistent_value(ops, "v", 9, buf, &len));
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_values, FLAGS);

static int lock_is(struct unit_test_state *uts, bool want)
{
	bool unlocked = !want;

	ut_asserteq(OK, ops->read_is_device_unlocked(ops, &unlocked));
	ut_asserteq(want, unlocked);

	return 0;
}

static int dm_test_rpmb_avb_lock(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	bool unlocked;

	ut_assertok(setup(uts, &dev, &m));
	ut_assertok(lock_is(uts, false));
	ut_assertok(rpmb_avb_set_unlocked(true));
	ut_assertok(lock_is(uts, true));
	/* as it is stored: see doc/develop/rpmb/spec.rst */
	ut_asserteq(8, m->store.data[RECORDS + 11]);
	ut_asserteq_mem("avb-lock\0", m->store.data + RECORDS + 16, 9);
	ut_asserteq_mem("unlocked\0", m->store.data + RECORDS + 64, 9);
	reboot(false);
	ut_assertok(lock_is(uts, true));

	/* no value is taken for it */
	ut_asserteq(OK, write_value("-lock", "x", 1));
	ut_asserteq(OK, write_value("lock", "x", 1));
	ut_assertok(lock_is(uts, true));
	ut_assertok(rpmb_avb_set_unlocked(false));
	ut_assertok(lock_is(uts, false));
	ut_assertok(rpmb_avb_set_unlocked(false));

	/* something else in its place is neither */
	ut_assertok(rpmb_record_write(rpmb_ref(dev, 0, POLICY_KEY), "avb-lock",
				      "unlocke", 7));
	reboot(false);
	ut_asserteq(IO, ops->read_is_device_unlocked(ops, &unlocked));
	ut_asserteq(false, unlocked);
	ut_assertok(rpmb_record_write(rpmb_ref(dev, 0, POLICY_KEY), "avb-lock",
				      "Unlocked", 8));
	reboot(false);
	ut_asserteq(IO, ops->read_is_device_unlocked(ops, &unlocked));
	ut_assertok(rpmb_record_write(rpmb_ref(dev, 0, POLICY_KEY), "avb-lock",
				      "unlocked!", 9));
	reboot(false);
	console_record_reset();
	ut_asserteq(IO, ops->read_is_device_unlocked(ops, &unlocked));
	ut_assert_nextline("avb: REFUSED: the lock state cannot be read (error %d)",
			   -EUCLEAN);

	/* a closed board can be locked, not unlocked */
	ut_assertok(rpmb_avb_set_unlocked(true));
	reboot(true);
	ut_assertok(lock_is(uts, true));
	ut_assertok(rpmb_avb_set_unlocked(false));
	ut_assertok(lock_is(uts, false));
	ut_asserteq(-EPERM, rpmb_avb_set_unlocked(true));
	ut_assertok(lock_is(uts, false));
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_lock, FLAGS);

/* On a closed board all is read before the keys are wiped, and stays as it is */
static int dm_test_rpmb_avb_ratchet(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;
	size_t len;
	u8 buf[8];
	u32 reads;

	ut_assertok(setup(uts, &dev, &m));
	ut_asserteq(OK, ops->write_rollback_index(ops, 2, 3));
	ut_asserteq(OK, ops->write_rollback_index(ops, LOC, 4));
	ut_asserteq(OK, write_value("v", "abc", 3));
	ut_assertok(rpmb_avb_set_unlocked(true));
	reboot(true);
	rpmb_before_scripts();
	rpmb_ratchet_prompt();
	ut_asserteq(true, rpmb_is_ratcheted());
	reads = m->requests[RPMB_REQ_READ_DATA];
	ut_asserteq(OK, ops->read_rollback_index(ops, 2, &index));
	ut_asserteq_64(3, index);
	ut_asserteq(OK, ops->read_rollback_index(ops, LOC, &index));
	ut_asserteq_64(4, index);
	ut_assertok(lock_is(uts, true));
	ut_asserteq(OK, ops->read_persistent_value(ops, "v", 8, buf, &len));
	ut_asserteq_mem("abc", buf, 3);

	console_record_reset();
	ut_asserteq(IO, write_value("v", "def", 3));
	ut_assert_nextline("avb: REFUSED: a persistent value is not stored (error %d)",
			   -EKEYREVOKED);
	ut_assert_nextline("  device: sandbox0:0, key 0x100: the keys have been wiped, on a closed board before the first script");
	ut_asserteq(-EKEYREVOKED, rpmb_avb_set_unlocked(false));
	ut_asserteq(IO, ops->write_rollback_index(ops, 2, 5));
	/* what was read is not forgotten over it */
	ut_asserteq(OK, ops->read_persistent_value(ops, "v", 8, buf, &len));
	ut_asserteq_mem("abc", buf, 3);
	ut_assertok(lock_is(uts, true));
	ut_asserteq(reads, m->requests[RPMB_REQ_READ_DATA]);
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_ratchet, FLAGS);

/* Without a node there is nothing to fall back to */
static int dm_test_rpmb_avb_no_node(struct unit_test_state *uts)
{
	bool unlocked = true;
	u64 index = 0;
	size_t len;
	u8 buf[8];

	reboot(false);
	ops = avb_ops_alloc(0);
	ut_assertnonnull(ops);
	ut_asserteq(IO, ops->read_rollback_index(ops, 0, &index));
	ut_asserteq_64(U64_MAX, index);
	ut_asserteq(IO, ops->write_rollback_index(ops, 0, 1));
	ut_asserteq(IO, ops->read_is_device_unlocked(ops, &unlocked));
	ut_asserteq(false, unlocked);
	ut_asserteq(IO, ops->read_persistent_value(ops, "v", 8, buf, &len));
	ut_asserteq(IO, write_value("v", "abc", 3));
	ut_asserteq(IO, write_value("v", NULL, 0));
	teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_avb_no_node, FLAGS);

/* A mistyped line of our verbs says what is wrong, not all that 'avb' can do */
static int dm_test_rpmb_avb_usage(struct unit_test_state *uts)
{
	static const char *const lines[] = {
		"avb lock x", "avb unlock x", "avb commit 1 2 3 4 x",
		"avb commit_ab 1 x",
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		console_record_reset();
		ut_asserteq(1, run_command(lines[i], 0));
		ut_assert_nextline("avb %.*s: too many arguments: 'x' has no place",
				   (int)(strchr(lines[i] + 4, ' ') - lines[i] - 4),
				   lines[i] + 4);
		ut_assert_console_end();
	}

	return 0;
}
DM_TEST(dm_test_rpmb_avb_usage, FLAGS);
