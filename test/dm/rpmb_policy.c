// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the rollback policy: the tables of the index in
 * doc/usage/rpmb/rollback-rules.rst, row by row
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include <env.h>
#include <event.h>
#include <image.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <asm/global_data.h>
#include <dm/ofnode.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/rpmb_model.h"
#include "../../boot/rpmb/policy-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define FIT	RPMB_ROLLBACK_FIT
#define BLOCK	((CONFIG_RPMB_ROLLBACK_START + 2) * RPMB_BLOCK_SIZE)
#define STORED	0x700000007ULL

int rpmb_policy_setup(struct unit_test_state *uts, struct udevice **devp,
		      struct rpmb_model **mp)
{
	ut_assertok(rpmb_conformance_set_policy(true, "sandbox0", 0));
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assertok(rpmb_conformance_sandbox(uts, devp));
	*mp = sandbox_rpmb_model(*devp, 0);
	ut_assertok(rpmb_program_key(rpmb_ref(*devp, 0, POLICY_KEY)));
	rpmb_policy_reboot(false);
	console_record_reset();

	return 0;
}

void rpmb_policy_reboot(bool closed)
{
	sandbox_rpmb_unratchet();
	sandbox_rpmb_set_closed(closed);
	sandbox_rpmb_policy_reset();
}

void rpmb_policy_teardown(void)
{
	rpmb_conformance_set_policy(false, "sandbox0", 0);
	rpmb_policy_reboot(false);
}

void rpmb_state_good(struct udevice *dev, struct rpmb_model *m)
{
}

static void make_blank(struct udevice *dev, struct rpmb_model *m)
{
	memset(m->store.data + BLOCK, 0, RPMB_BLOCK_SIZE);
}

void rpmb_state_no_key(struct udevice *dev, struct rpmb_model *m)
{
	m->state.key_set = 0;
}

void rpmb_state_other_key(struct udevice *dev, struct rpmb_model *m)
{
	m->state.key[0] ^= 1;
}

void rpmb_state_gone(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_conformance_set_policy(true, "sandbox9", 0);
}

void rpmb_state_dead(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, 0, 0, 99);
}

/* The chip of another board: same kind, a key of its own, its own index */
static void exchange(struct udevice *dev, struct rpmb_model *m)
{
	struct rpmb_model *other = sandbox_rpmb_model(dev, 1);

	if (!rpmb_program_key(rpmb_ref(dev, 1, POLICY_KEY)) &&
	    !rpmb_index_advance(rpmb_ref(dev, 1, POLICY_KEY), FIT, 1)) {
		m->state = other->state;
		memcpy(m->store.data, other->store.data,
		       m->blocks * RPMB_BLOCK_SIZE);
	}
}

void rpmb_state_bad_mac(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_READ_DATA, 0, 99);
}

static void play_old(struct udevice *dev, struct rpmb_model *m)
{
	u64 index;

	/* the answer that is going to be played again */
	if (!rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index))
		rpmb_model_arm(m, RPMB_MODEL_F_STALE_REPLY, RPMB_REQ_READ_DATA,
			       0, 99);
}

static void fail_read(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_READ_DATA, 0, 99);
}

static void future_format(struct udevice *dev, struct rpmb_model *m)
{
	m->store.data[BLOCK + 8]++;
}

static void strange_block(struct udevice *dev, struct rpmb_model *m)
{
	m->store.data[BLOCK]++;
}

static void no_unique_key(struct udevice *dev, struct rpmb_model *m)
{
	sandbox_rpmb_set_huk(NULL, -ENOSYS, SANDBOX_RPMB_LOCKS);
}

static void locked_key(struct udevice *dev, struct rpmb_model *m)
{
	sandbox_rpmb_set_huk(NULL, -EACCES, SANDBOX_RPMB_LOCKS);
}

/* The source repeats itself: it is not used any more */
static void no_random(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_nonces.stuck = true;
}

static void shrink(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_get_port(dev, 0)->client.blocks = 0x100;
}

void rpmb_state_empty_slot(struct udevice *dev, struct rpmb_model *m)
{
	ofnode_write_u32(rpmb_conformance_node(), "key-id",
			 RPMB_CONFORMANCE_EMPTY);
}

void rpmb_state_ratcheted(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_ratchet();
}

static void name_none(struct udevice *dev, struct rpmb_model *m)
{
	static const char none[sizeof("sandbox0")];

	ofnode_write_prop(rpmb_conformance_node(), "rpmb", none, sizeof(none),
			  true);
}

static void wrong_target(struct udevice *dev, struct rpmb_model *m)
{
	rpmb_conformance_set_policy(true, "sandbox0", 3);
}

/**
 * struct policy_row - a row of the table
 *
 * @name:	what is the matter
 * @setup:	makes it so; the device holds index STORED
 * @index:	the image's
 * @open:	what becomes of it on an open board
 * @closed:	... on a closed one
 * @line:	what the message says, NULL if there must be none
 */
struct policy_row {
	const char *name;
	void (*setup)(struct udevice *dev, struct rpmb_model *m);
	u64 index;
	int open;
	int closed;
	const char *line;
};

static const struct policy_row rows[] = {
	{ "equal", rpmb_state_good, STORED },
	{ "higher", rpmb_state_good, STORED + 1 },
	{ "highest", rpmb_state_good, RPMB_ROLLBACK_MAX },
	{ "lower", rpmb_state_good, STORED - 1, -EDOM, -EDOM,
	  "the image is older than what has been booted before: its index is 0x700000006, the device holds 0x700000007" },
	{ "none", rpmb_state_good, U64_MAX, -E2BIG, -E2BIG,
	  "the image's index is 2^64 - 1, which is none" },
	{ "blank", make_blank, 0, 0, -ENODATA,
	  "no rollback index has ever been stored" },
	{ "no key", rpmb_state_no_key, 0, 0, -ENOKEY,
	  "the RPMB says that it has no key" },
	{ "wrong key", rpmb_state_other_key, STORED, -EBADMSG, -EBADMSG,
	  "the answer is not signed with our key" },
	{ "device gone", rpmb_state_gone, STORED, -ENODEV, -ENODEV,
	  "the RPMB is not there" },
	{ "device dead", rpmb_state_dead, STORED, -ETIMEDOUT, -ETIMEDOUT,
	  "the RPMB did not answer in time" },
	{ "device swapped", exchange, STORED, -EBADMSG, -EBADMSG,
	  "the answer is not signed with our key" },
	{ "MAC wrong", rpmb_state_bad_mac, STORED, -EBADMSG, -EBADMSG,
	  "the answer is not signed with our key" },
	{ "old answer", play_old, STORED, -EPROTO, -EPROTO,
	  "the answer belongs to another question" },
	{ "future format", future_format, STORED, -EPROTONOSUPPORT,
	  -EPROTONOSUPPORT,
	  "it was stored by a later U-Boot than this one" },
	{ "strange block", strange_block, STORED, -EUCLEAN, -EUCLEAN,
	  "what is stored there is nothing of ours" },
	{ "read failure", fail_read, STORED, -EIO, -EIO,
	  "what is stored there cannot be read" },
	{ "no unique key", no_unique_key, STORED, -EKEYREJECTED, -EKEYREJECTED,
	  "the key that the control FDT names cannot be had" },
	{ "unique key locked", locked_key, STORED, -EKEYREJECTED, -EKEYREJECTED,
	  "the key that the control FDT names cannot be had" },
	{ "no random numbers", no_random, STORED, -EUNATCH, -EUNATCH,
	  "there are no random numbers, an old answer would pass for a new one" },
	{ "too small", shrink, STORED, -ERANGE, -ERANGE,
	  "the RPMB is too small for rollback indexes" },
	{ "empty key slot", rpmb_state_empty_slot, STORED, -EKEYREJECTED, -EKEYREJECTED,
	  "the key that the control FDT names cannot be had" },
	{ "no name", name_none, STORED, -EINVAL, -EINVAL,
	  "the control FDT asks for what is not there" },
	{ "no such target", wrong_target, STORED, -EINVAL, -EINVAL,
	  "the control FDT asks for what is not there" },
	{ "not read in time", rpmb_state_ratcheted, STORED, -EKEYREVOKED, -EKEYREVOKED,
	  "it was not read before the keys were wiped" },
};

int rpmb_policy_restore(struct unit_test_state *uts, struct rpmb_model *m,
			const struct rpmb_model_state *state)
{
	struct udevice *dev;

	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	m->state = *state;
	ut_assertok(rpmb_conformance_set_policy(true, "sandbox0", 0));
	ut_assertok(ofnode_write_u32(rpmb_conformance_node(), "key-id",
				     POLICY_KEY));
	rpmb_nonces.stuck = false;
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	rpmb_get_port(dev, 0)->client.blocks = m->blocks;
	sandbox_rpmb_model(dev, 1)->state.key_set = 0;
	rpmb_policy_reboot(false);
	rpmb_key_wipe_all();

	return 0;
}

/* What was wrong, what state the device is in, what to do; or not a word */
static int check_message(struct unit_test_state *uts,
			 const struct policy_row *row, int ret)
{
	if (!row->line) {
		ut_assert_console_end();
		return 0;
	}
	if (ret) {
		ut_assert_nextline_empty();
		if (ret == -EDOM)
			ut_assert_nextline("rollback: REFUSED: %s", row->line);
		else
			ut_assert_nextline("rollback: REFUSED: %s (error %d)",
					   row->line, ret);
		if (row->setup == name_none)
			ut_assert_nextlinen("  device: none is named, location 0x100: ");
		else
			ut_assert_nextlinen("  device: sandbox");
		ut_assert_nextlinen("  advice: ");
	} else {
		ut_assert_nextline_empty();
		ut_assert_nextlinen("********");
		ut_assert_nextline("* WARNING: NO ROLLBACK PROTECTION: %s",
				   row->line);
		ut_assert_nextlinen("*  device: sandbox0:0, key 0x100, location 0x100: ");
		ut_assert_nextlinen("*  advice: ");
		ut_assert_nextline("* Nothing is refused: this board is OPEN. Once it is closed it will REFUSE.");
		ut_assert_nextlinen("********");
	}
	ut_assert_console_end();

	return 0;
}

/* The one verdict, by which every way to boot is decided */
static int ask_policy(u64 index, int want)
{
	return rpmb_policy_check(FIT, index) != want;
}

/* The prompt: 'rpmb rollback check' adds a line if the answer is yes */
static int ask_command(u64 index, int want)
{
	char cmd[64];
	int ret;

	/* not a number that can be asked for */
	if (index == U64_MAX)
		return ask_policy(index, want);
	snprintf(cmd, sizeof(cmd), "rpmb rollback check 100 %llx", index);
	ret = run_command(cmd, 0);
	return ret != (want ? CMD_RET_FAILURE : CMD_RET_SUCCESS);
}

/* A FIT whose signatures have been verified, by a key that is required */
static int ask_fit(u64 index, int want)
{
	const void *control = gd->fdt_blob;
	u8 tree[512], fit[512];
	int node, ret;

	ret = fdt_create_empty_tree(tree, sizeof(tree)) ?:
	      fdt_create_empty_tree(fit, sizeof(fit));
	node = fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	node = fdt_add_subnode(tree, node, "key-test");
	ret = ret ?: fdt_setprop_string(tree, node, FIT_KEY_REQUIRED, "conf");
	node = fdt_add_subnode(fit, 0, "conf");
	ret = ret ?: fdt_setprop_u64(fit, node, "rollback-index", index);
	if (ret)
		return ret;
	gd->fdt_blob = tree;
	ret = rpmb_fit_check(fit, node, true);
	gd->fdt_blob = control;
	return ret != (want ? -EACCES : 0);
}

static int check_row(struct unit_test_state *uts, struct udevice *dev,
		     struct rpmb_model *m, const struct policy_row *row,
		     bool closed, int (*ask)(u64 index, int want))
{
	int want = closed ? row->closed : row->open;

	row->setup(dev, m);
	sandbox_rpmb_set_closed(closed);
	console_record_reset();
	ut_assertok(ask(row->index, want));
	if (ask != ask_command)
		ut_assertok(check_message(uts, row, want));

	return 0;
}

static int check_table(struct unit_test_state *uts,
		       int (*ask)(u64 index, int want))
{
	struct rpmb_model_state state;
	u8 block[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;
	int i, closed, ret;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_index_advance(rpmb_ref(dev, 0, POLICY_KEY), FIT,
				       STORED));
	state = m->state;
	memcpy(block, m->store.data + BLOCK, sizeof(block));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (closed = 0; closed <= 1; closed++) {
			memcpy(m->store.data + BLOCK, block, sizeof(block));
			ut_assertok(rpmb_policy_restore(uts, m, &state));
			ret = check_row(uts, dev, m, &rows[i], closed, ask);
			if (ret)
				printf("policy: %s, %s board\n", rows[i].name,
				       closed ? "closed" : "open");
			ut_assertok(ret);
		}
	}
	memcpy(m->store.data + BLOCK, block, sizeof(block));
	ut_assertok(rpmb_policy_restore(uts, m, &state));
	rpmb_policy_teardown();

	return 0;
}

static int dm_test_rpmb_policy_table(struct unit_test_state *uts)
{
	return check_table(uts, ask_policy);
}
DM_TEST(dm_test_rpmb_policy_table, FLAGS);

/* A location that is nowhere is not the control FDT's fault */
static int dm_test_rpmb_policy_location(struct unit_test_state *uts)
{
	static const u32 nowhere[] = { 0x20, 0xff, 0x11c, 0x21c, U32_MAX };
	struct rpmb_model *m;
	struct udevice *dev;
	int i, reads;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	reads = m->requests[RPMB_REQ_READ_DATA];
	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		ut_asserteq(-EADDRNOTAVAIL, rpmb_policy_check(nowhere[i], 1));
		ut_assert_nextline_empty();
		ut_assert_nextline("rollback: REFUSED: there is no such location (error %d)",
				   -EADDRNOTAVAIL);
		ut_assert_nextline("  device: sandbox0:0, key 0x100, location %#x: not asked",
				   nowhere[i]);
		ut_assert_nextlinen("  advice: take one that is there: ");
		ut_asserteq(-EADDRNOTAVAIL, rpmb_policy_advance(nowhere[i], 1));
		ut_assert_console_end();
	}
	ut_asserteq(reads, m->requests[RPMB_REQ_READ_DATA]);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_location, FLAGS);

/* Where a blank board is refused, it is said that nobody has closed it */
static int dm_test_rpmb_policy_no_hook(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int hook;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	for (hook = 1; hook >= 0; hook--) {
		rpmb_policy_reboot(true);
		sandbox_rpmb_set_hook(hook);
		ut_asserteq(-ENODATA, rpmb_policy_check(FIT, 1));
		ut_assert_nextline_empty();
		ut_assert_nextlinen("rollback: REFUSED: no rollback index has ever been stored");
		ut_assert_nextlinen("  device: sandbox0:0");
		ut_assert_nextlinen("  advice: ");
		if (!hook)
			ut_assert_nextline("  board: closed, for want of a hook board_rpmb_is_open()");
		ut_asserteq(CMD_RET_FAILURE,
			    run_command("rpmb rollback advance 100 1", 0));
		ut_assert_nextline("rpmb rollback advance: the board is closed%s (error -1)",
				   hook ? "" : ", for want of a hook board_rpmb_is_open()");
		ut_assert_nextlinen("  device: untouched");
		ut_assert_nextlinen("  advice: ");
		ut_assert_console_end();
	}
	sandbox_rpmb_set_hook(true);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_no_hook, FLAGS);

static int dm_test_rpmb_policy_table_cmd(struct unit_test_state *uts)
{
	return check_table(uts, ask_command);
}
DM_TEST(dm_test_rpmb_policy_table_cmd, FLAGS);

/* In a live tree: another flat one is in the place of the control FDT */
static int dm_test_rpmb_policy_table_fit(struct unit_test_state *uts)
{
	return check_table(uts, ask_fit);
}
DM_TEST(dm_test_rpmb_policy_table_fit, FLAGS | UTF_LIVE_TREE);

/* All that can become of an answer on its way, and nobody's fault */
static const enum rpmb_model_fault disturbances[] = {
	RPMB_MODEL_F_DROP_REQUEST, RPMB_MODEL_F_COMMIT_THEN_DROP,
	RPMB_MODEL_F_REFUSE, RPMB_MODEL_F_LOSE_REPLY,
	RPMB_MODEL_F_STALE_REPLY, RPMB_MODEL_F_BAD_MAC, RPMB_MODEL_F_BAD_NONCE,
	RPMB_MODEL_F_BAD_TYPE, RPMB_MODEL_F_BAD_ADDRESS, RPMB_MODEL_F_BAD_COUNT,
	RPMB_MODEL_F_BAD_DATA, RPMB_MODEL_F_ZERO_REPLY,
	RPMB_MODEL_F_SAYS_NO_KEY,
};

static int commit(u32 loc, u64 index)
{
	struct rpmb_raise raise = { .loc = loc, .index = index };

	return rpmb_policy_commit(&raise, 1);
}

/* One read a boot, whatever is asked; errors are remembered as well */
static int dm_test_rpmb_policy_once(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;
	int i, err;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	m->requests[RPMB_REQ_READ_DATA] = 0;
	m->requests[RPMB_REQ_GET_COUNTER] = 0;
	ut_assertok(rpmb_policy_check(FIT, 3));
	ut_assertok(rpmb_policy_check(FIT, 4));
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, 2));
	ut_asserteq(-ENODATA, rpmb_policy_index(FIT + 27, &index));
	ut_asserteq(1, m->requests[RPMB_REQ_READ_DATA]);
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);

	/* nor is the device asked to become what it is; else it is */
	ut_assertok(commit(FIT, 3));
	ut_asserteq(-EDOM, commit(FIT, 2));
	ut_assertok(rpmb_policy_check(FIT, 3));
	m->requests[RPMB_REQ_READ_DATA] = 0;
	m->requests[RPMB_REQ_GET_COUNTER] = 0;
	ut_assertok(commit(FIT, 3));
	ut_asserteq(0, m->requests[RPMB_REQ_READ_DATA]);
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_assertok(commit(FIT, 4));
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(4, index);

	/* an advance counts at once, and need not be read again */
	ut_assertok(rpmb_policy_advance(FIT, 5));
	m->requests[RPMB_REQ_READ_DATA] = 0;
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, 4));
	ut_assertok(rpmb_policy_check(FIT, 5));
	ut_asserteq(0, m->requests[RPMB_REQ_READ_DATA]);

	/* one disturbed transfer, or two, refuse no boot */
	for (i = 0; i < ARRAY_SIZE(disturbances); i++) {
		rpmb_policy_reboot(true);
		rpmb_model_arm(m, disturbances[i], 0, 0, 2);
		err = rpmb_policy_check(FIT, 5);
		if (err)
			printf("fault %d\n", disturbances[i]);
		ut_assertok(err);
		ut_asserteq(RPMB_MODEL_F_NONE, m->fault);
	}
	rpmb_policy_reboot(false);
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_READ_DATA, 0, 3);
	ut_asserteq(-EBADMSG, rpmb_policy_check(FIT, 5));
	ut_asserteq(-EBADMSG, rpmb_policy_check(FIT, 5));
	rpmb_policy_forget();
	ut_assertok(rpmb_policy_check(FIT, 5));
	ut_asserteq(-EADDRNOTAVAIL, rpmb_policy_check(0x20, 5));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_once, FLAGS);

/* A warning is given once a boot, a refusal each time */
static int dm_test_rpmb_policy_warns(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index = 1;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_read(FIT, &index));
	ut_asserteq_64(0, index);
	ut_assert_skip_to_line("* WARNING: NO ROLLBACK PROTECTION: no rollback index has ever been stored");
	console_record_reset();
	ut_assertok(rpmb_policy_check(FIT, 0));
	ut_assert_console_end();
	rpmb_policy_reboot(true);
	ut_asserteq(-ENODATA, rpmb_policy_check(FIT, 0));
	console_record_reset();
	ut_asserteq(-ENODATA, rpmb_policy_check(FIT, 0));
	ut_assert_nextline_empty();
	ut_assert_nextlinen("rollback: REFUSED: ");
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_warns, FLAGS);

/* What was read before the keys were wiped cannot be read again */
static int dm_test_rpmb_policy_ratchet(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	rpmb_policy_reboot(true);
	rpmb_before_scripts();
	rpmb_ratchet_prompt();
	ut_asserteq(true, rpmb_is_ratcheted());
	ut_assertok(rpmb_policy_check(FIT, 3));
	/* what cannot be read again is not forgotten */
	rpmb_policy_forget();
	ut_assertok(rpmb_policy_check(FIT, 3));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_ratchet, FLAGS);

/* A tree with somebody else's node in it, and so many bytes */
static int make_tree(struct unit_test_state *uts, u8 *fdt, int size)
{
	int node;

	ut_assertok(fdt_create_empty_tree(fdt, size));
	node = fdt_add_subnode(fdt, 0, "chosen");
	node = fdt_add_subnode(fdt, node, "rpmb-rollback");
	ut_assert(node > 0);
	ut_assertok(fdt_setprop_u32(fdt, node, "forged", 1));

	return 0;
}

/* The operating system learns what was checked, and no more */
static int dm_test_rpmb_policy_handover(struct unit_test_state *uts)
{
	u8 fdt[1024];
	struct rpmb_model *m;
	struct udevice *dev;
	const fdt64_t *cell;
	int node, len;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	ut_assertok(rpmb_policy_check(FIT, 9));
	ut_assertok(rpmb_policy_check(FIT, 8));
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, 2));
	ut_assertok(rpmb_policy_check(FIT + 1, 4));
	/* what somebody else says there is not passed on */
	ut_assertok(make_tree(uts, fdt, sizeof(fdt)));
	rpmb_handover(fdt, fdt_path_offset(fdt, "/chosen"));
	node = fdt_path_offset(fdt, "/chosen/rpmb-rollback");
	ut_assert(node > 0);
	ut_assertnull(fdt_getprop(fdt, node, "forged", NULL));
	ut_asserteq_str("sandbox0", fdt_getprop(fdt, node, "rpmb", NULL));
	ut_asserteq(2, fdt_stringlist_count(fdt, node, "read"));
	ut_asserteq_str("authenticated", fdt_getprop(fdt, node, "read", NULL));
	ut_asserteq_str("none", fdt_stringlist_get(fdt, node, "read", 1, NULL));
	cell = fdt_getprop(fdt, node, "indexes", &len);
	ut_asserteq(2 * sizeof(*cell), len);
	ut_asserteq_64(3, fdt64_to_cpu(cell[0]));
	ut_asserteq_64(0, fdt64_to_cpu(cell[1]));
	cell = fdt_getprop(fdt, node, "booted", &len);
	ut_asserteq_64(8, fdt64_to_cpu(cell[0]));
	ut_assertnull(fdt_getprop(fdt, node, "key-id", NULL));

	/* no room is no reason not to boot */
	ut_assertok(fdt_create_empty_tree(fdt, 128));
	console_record_reset();
	rpmb_handover(fdt, fdt_add_subnode(fdt, 0, "chosen"));
	ut_assert_nextlinen("rollback: the device tree has no room");
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_handover, FLAGS);

/* With any room: all of it is there, or it is said that it is not */
static int dm_test_rpmb_policy_handover_room(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int size, len, node;
	bool said = true;
	u8 fdt[1024];

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	ut_assertok(rpmb_policy_check(FIT, 9));
	for (size = 176; said; size += 4) {
		ut_assert(size <= sizeof(fdt));
		ut_assertok(make_tree(uts, fdt, size));
		console_record_reset();
		rpmb_handover(fdt, fdt_path_offset(fdt, "/chosen"));
		said = console_record_avail();
		node = fdt_path_offset(fdt, "/chosen/rpmb-rollback");
		ut_assert(said || node > 0);
		ut_assertnull(fdt_getprop(fdt, node, "forged", NULL));
		ut_assert(said || fdt_getprop(fdt, node, "read", &len));
	}
	/* not even for the node */
	for (size = 80; size < 176; size += 4) {
		if (fdt_create_empty_tree(fdt, size))
			continue;
		node = fdt_add_subnode(fdt, 0, "chosen");
		console_record_reset();
		if (node > 0)
			rpmb_handover(fdt, node);
		ut_assert(node < 0 || console_record_avail());
	}
	/* what U-Boot cannot change it does not pass on in silence */
	ut_assertok(make_tree(uts, fdt, sizeof(fdt)));
	fdt_set_version(fdt, 16);
	console_record_reset();
	rpmb_handover(fdt, fdt_path_offset(fdt, "/chosen"));
	ut_assert_nextline("rollback: the device tree has no room for what was checked (FDT_ERR_BADVERSION)");
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_handover_room, FLAGS);

/* The control FDT is looked at once, before anybody can change it */
static int dm_test_rpmb_policy_tree(struct unit_test_state *uts)
{
	const void *blob = gd->fdt_blob;
	struct rpmb_policy p;
	struct rpmb_model *m;
	struct udevice *dev;
	u8 *copy;

	rpmb_policy_reboot(false);
	ut_asserteq(IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED),
		    rpmb_policy_is_on());
	ut_asserteq(-ENOENT, rpmb_policy_get(&p));
	ut_asserteq(-ENOENT, rpmb_policy_advance(FIT, 1));
	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_asserteq(true, rpmb_policy_is_on());
	ut_assertok(rpmb_policy_get(&p));
	ut_asserteq_str("sandbox0", p.name);
	ut_asserteq(0, p.target);
	ut_asserteq(POLICY_KEY, p.keyid);
	ut_assertok(rpmb_conformance_set_policy(false, "sandbox1", 0));
	ut_asserteq(true, rpmb_policy_is_on());
	ut_assertok(rpmb_policy_get(&p));
	ut_asserteq_str("sandbox0", p.name);

	/* the tree with the public keys: moved is the same, changed is not */
	rpmb_policy_reboot(false);
	ut_asserteq(true, rpmb_policy_tree_is_same());
	copy = malloc(fdt_totalsize(blob));
	ut_assertnonnull(copy);
	memcpy(copy, blob, fdt_totalsize(blob));
	gd->fdt_blob = copy;
	ut_asserteq(true, rpmb_policy_tree_is_same());
	copy[fdt_off_dt_struct(copy) + 100] ^= 1;
	ut_asserteq(false, rpmb_policy_tree_is_same());
	copy[fdt_off_dt_struct(copy) + 100] ^= 1;
	copy[fdt_off_dt_strings(copy) + 10] ^= 1;
	ut_asserteq(false, rpmb_policy_tree_is_same());
	copy[fdt_off_dt_strings(copy) + 10] ^= 1;
	/* in a tree that is none there are no keys that could be required */
	copy[0] ^= 1;
	ut_asserteq(false, rpmb_policy_tree_is_same());
	copy[0] ^= 1;
	ut_asserteq(true, rpmb_policy_tree_is_same());
	gd->fdt_blob = blob;
	free(copy);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_tree, FLAGS);

/* With a node, the stores are where it says: elsewhere blocks are just blocks */
static int dm_test_rpmb_policy_owns(struct unit_test_state *uts)
{
	static const u8 data[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, POLICY_KEY)));
	ut_asserteq(-EROFS, rpmb_write_blocks(rpmb_ref(dev, 0, POLICY_KEY),
					      CONFIG_RPMB_ROLLBACK_START, 1,
					      data));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 1, POLICY_KEY),
				      CONFIG_RPMB_ROLLBACK_START, 1, data));
	/* what the tree says later moves nothing */
	ut_assertok(rpmb_conformance_set_policy(true, "sandbox9", 0));
	ut_asserteq(-EROFS, rpmb_write_blocks(rpmb_ref(dev, 0, POLICY_KEY),
					      CONFIG_RPMB_ROLLBACK_START, 1,
					      data));
	/* a node that is wrong: they may be anywhere */
	ut_assertok(rpmb_conformance_set_policy(true, "sandbox0", 4));
	rpmb_policy_reboot(false);
	ut_asserteq(-EINVAL, rpmb_policy_get(&(struct rpmb_policy){ }));
	ut_asserteq(-EROFS, rpmb_write_blocks(rpmb_ref(dev, 1, POLICY_KEY),
					      CONFIG_RPMB_ROLLBACK_START, 1,
					      data));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_owns, FLAGS);

/* One pass for one program; while the image's own commit runs there is none */
static int dm_test_rpmb_policy_start(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_asserteq(-EACCES, rpmb_start_check("it"));
	ut_assert_nextline_empty();
	ut_assert_nextline("rollback: REFUSED: 'it' starts what no signature covers");
	rpmb_start_pass(true);
	ut_assertok(rpmb_start_check("it"));
	ut_asserteq(-EACCES, rpmb_start_check("it"));
	ut_assertok(rpmb_start_check_steps(BOOTM_STATE_START |
					   BOOTM_STATE_OS_GO));
	ut_assertok(rpmb_start_check_script());
	console_record_reset();
	rpmb_start_suspend(true);
	rpmb_start_pass(true);
	ut_asserteq(-EACCES, rpmb_start_check("it"));
	ut_assert_nextline_empty();
	ut_assert_nextline("rollback: REFUSED: nothing is started before the commit is over");
	ut_asserteq(-EACCES, rpmb_start_check_steps(BOOTM_STATE_START));
	ut_asserteq(-EACCES, rpmb_start_check_script());
	rpmb_start_suspend(false);
	rpmb_start_pass(false);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_policy_start, FLAGS);

/* It must fail, say this first, and write nothing */
static int check_cmd_refused(struct unit_test_state *uts, struct rpmb_model *m,
			     const char *cmd, const char *line)
{
	u32 writes = m->writes;

	console_record_reset();
	ut_asserteq(1, run_command(cmd, 0));
	ut_assert_nextlinen("%s", line);
	console_record_reset();
	ut_asserteq(writes, m->writes);

	return 0;
}

static int dm_test_rpmb_policy_cmd(struct unit_test_state *uts)
{
	static const struct {
		const char *cmd;
		const char *line;
	} bad[] = {
		{ "rpmb rollback get 21c",
		  "rpmb: there is no location 0x21c: Android has 0 to 0x1f" },
		{ "rpmb rollback get 20",
		  "rpmb: there is no location 0x20: Android has 0 to 0x1f, FIT 0x100 to 0x11b, SPL 0x200 to 0x21b; device untouched" },
		{ "rpmb rollback advance 20 1",
		  "rpmb: there is no location 0x20: Android has 0 to 0x1f" },
		{ "rpmb rollback check 11c 1",
		  "rpmb: there is no location 0x11c: Android has 0 to 0x1f" },
		{ "rpmb rollback advance 100 ffffffffffffffff",
		  "rpmb: index 'ffffffffffffffff' is not a hex number" },
		{ "rpmb rollback advance 100 10000000000000000",
		  "rpmb: index '10000000000000000' is not a hex number" },
		{ "rpmb rollback check 100 -1", "rpmb: index '-1' is not" },
		{ "rpmb rollback check 100 1x", "rpmb: index '1x' is not" },
		{ "rpmb rollback check 100 ''", "rpmb: index '' is not" },
		{ "rpmb rollback advance 100 4",
		  "rpmb rollback: the image is older than what has been booted before (error -33)" },
		{ "rpmb rollback get 101",
		  "rpmb rollback get: no rollback index has ever been stored (error -61)" },
		{ "rpmb rollback", "rpmb rollback: too few arguments" },
		{ "rpmb rollback get", "rpmb rollback get: too few arguments" },
		{ "rpmb rollback advance 100", "rpmb rollback advance: too few arguments" },
	};
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(run_command("rpmb rollback advance 100 5", 0));
	ut_assert_nextline("rollback index 0x100: 0x5, read back");
	ut_assertok(run_command("rpmb rollback get 100", 0));
	ut_assert_nextline("rollback index 0x100: 0x5");
	ut_asserteq_str("5", env_get("rpmb_index"));
	ut_assertok(run_command("if rpmb rollback check 100 5; then echo yes; else echo no; fi",
				0));
	ut_assert_nextline("rollback index 0x100: 0x5 may be booted");
	ut_assert_nextline("yes");
	ut_assertok(run_command("if rpmb rollback check 100 4; then echo yes; else echo no; fi",
				0));
	ut_assert_skip_to_line("no");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ut_assertok(check_cmd_refused(uts, m, bad[i].cmd, bad[i].line));
	ut_assertnull(env_get("rpmb_index"));

	/* raw advance is for open boards, looking is for all */
	sandbox_rpmb_set_closed(true);
	ut_assertok(check_cmd_refused(uts, m, "rpmb rollback advance 100 6",
				      "rpmb rollback advance: the board is closed (error -1)"));
	ut_assertok(run_command("rpmb rollback get 100", 0));
	ut_assertok(run_command("rpmb rollback check 100 6", 0));
	rpmb_ratchet();
	ut_assertok(run_command("rpmb rollback get 100", 0));
	rpmb_policy_reboot(false);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_WRITE_DATA, 0, 99);
	ut_assertok(check_cmd_refused(uts, m, "rpmb rollback advance 100 6",
				      "rpmb rollback advance sandbox0:0: the device did not answer in time (error -110)"));
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);

	/* without a node there is nothing to work on */
	rpmb_policy_teardown();
	ut_assertok(check_cmd_refused(uts, m, "rpmb rollback get 100",
				      IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED) ?
				      "rpmb rollback get: the control FDT names no RPMB (error -2)" :
				      "rpmb rollback: the control FDT names no RPMB"));

	return 0;
}
DM_TEST(dm_test_rpmb_policy_cmd, FLAGS);
