// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of service tokens: which are refused, and what the others do, once
 *
 * Signatures are tested on QEMU, where mkimage has made them.
 */

#include <console.h>
#include <dm.h>
#include <event.h>
#include <rpmb-board.h>
#include <rpmb-key.h>
#include <mmc.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <rpmb-policy.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../../boot/rpmb/policy-internal.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/emmc_front.h"
#include "../model/rpmb_model.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define FIT	RPMB_ROLLBACK_FIT
#define BLOCK	((CONFIG_RPMB_ROLLBACK_START + 2) * RPMB_BLOCK_SIZE)
#define HIGH	9
#define LOW	5
#define USED_UP	"rpmb service: index at location 0x100 set to 0x5; the token is used up"

static u64 blob[512];

static void set_index(u32 loc, u64 index)
{
	fdt32_t cells[3] = {
		cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
		cpu_to_fdt32(index),
	};

	fdt_setprop(blob, 0, "reset-index", cells, sizeof(cells));
}

/* For sandbox's target 0, at the counter that it has; without an action */
static void begin(struct rpmb_model *m)
{
	fdt_create_empty_tree(blob, sizeof(blob));
	fdt_setprop_string(blob, 0, "compatible", "u-boot,rpmb-token");
	fdt_setprop_u32(blob, 0, "version", 1);
	fdt_setprop_string(blob, 0, "transport", "sandbox");
	fdt_setprop_u32(blob, 0, "target", 0);
	fdt_setprop(blob, 0, "id", "sandbox-rpmb0", 13);
	fdt_setprop_u32(blob, 0, "write-counter", m->state.counter);
}

static int act(void)
{
	fdt_pack(blob);
	return rpmb_token_use(blob, fdt_totalsize(blob));
}

static void make_reset(struct rpmb_model *m)
{
	begin(m);
	set_index(FIT, LOW);
}

static void make_rma(struct rpmb_model *m)
{
	begin(m);
	fdt_setprop_empty(blob, 0, "rma");
}

/* A device with index HIGH, behind a board that is closed */
static int setup(struct unit_test_state *uts, struct udevice **devp,
		 struct rpmb_model **mp)
{
	ut_assertok(rpmb_policy_setup(uts, devp, mp));
	ut_assertok(rpmb_index_advance(rpmb_ref(*devp, 0, POLICY_KEY), FIT,
				       HIGH));
	rpmb_policy_reboot(true);
	console_record_reset();

	return 0;
}

/* Refused in these words, and nothing was written */
static int check_refused(struct unit_test_state *uts, struct rpmb_model *m,
			 int err, const char *why)
{
	u32 writes = m->requests[3];
	char line[128], want[128];
	bool found = false;

	snprintf(want, sizeof(want), "rpmb service: refused: %s (error %d)",
		 why, err);
	console_record_reset();
	ut_asserteq(err, act());
	ut_asserteq(writes, m->requests[3]);
	while (!found && console_record_readline(line, sizeof(line)) > 0)
		found = !strcmp(line, want);
	ut_assert(found);

	return 0;
}

static const char ratcheted[] =
	"the boot ratchet has turned: reset; a token comes before it";
static const char used_up[] = "it is used up, or not for now";

/* What is in force on this board, closed and then open */
static int reset_on(struct unit_test_state *uts, bool closed)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(setup(uts, &dev, &m));
	rpmb_policy_reboot(closed);
	/* what was cached of the index before does not outlive the token */
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, LOW));
	make_reset(m);
	console_record_reset();
	ut_assertok(act());
	ut_assert_nextline(USED_UP);
	ut_assert_console_end();
	ut_assertok(rpmb_policy_check(FIT, LOW));
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(LOW, index);

	/* used up: at once, after a reset, and after the index went up again */
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	rpmb_policy_reboot(closed);
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	ut_assertok(rpmb_index_advance(rpmb_ref(dev, 0, POLICY_KEY), FIT,
				       HIGH));
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(HIGH, index);
	ut_asserteq(!closed, rpmb_gate_is_open());
	rpmb_policy_teardown();

	return 0;
}

static int dm_test_rpmb_token_reset_closed(struct unit_test_state *uts)
{
	return reset_on(uts, true);
}
DM_TEST(dm_test_rpmb_token_reset_closed, FLAGS);

static int dm_test_rpmb_token_reset_open(struct unit_test_state *uts)
{
	return reset_on(uts, false);
}
DM_TEST(dm_test_rpmb_token_reset_open, FLAGS);

/* A block that is none, and a blank one: the board boots again */
static int dm_test_rpmb_token_recover(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int blank;

	ut_assertok(setup(uts, &dev, &m));
	for (blank = 0; blank < 2; blank++) {
		if (blank)
			memset(m->store.data + BLOCK, 0, RPMB_BLOCK_SIZE);
		else
			m->store.data[BLOCK]++;
		rpmb_policy_reboot(true);
		ut_asserteq(blank ? -ENODATA : -EUCLEAN,
			    rpmb_policy_check(FIT, LOW));
		make_reset(m);
		ut_assertok(act());
		ut_assertok(rpmb_policy_check(FIT, LOW));
		ut_asserteq(-EDOM, rpmb_policy_check(FIT, LOW - 1));
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_recover, FLAGS);

/* Open until the next reset: keys travel, and nothing else has changed */
static int dm_test_rpmb_token_rma(struct unit_test_state *uts)
{
	u8 was[RPMB_BLOCK_SIZE], data[RPMB_BLOCK_SIZE] = { 1 };
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(setup(uts, &dev, &m));
	memcpy(was, m->store.data + BLOCK, sizeof(was));
	ut_asserteq(-EPERM, rpmb_write_blocks(rpmb_ref(dev, 0, POLICY_KEY), 8,
					      1, data));
	ut_asserteq(-EPERM, rpmb_program_key(rpmb_ref(dev, 1, POLICY_KEY)));
	make_rma(m);
	console_record_reset();
	ut_assertok(act());
	ut_assert_nextlinen("rpmb service: THIS BOARD IS OPEN until its next reset");
	ut_assert_console_end();
	ut_assert(rpmb_gate_is_open());
	ut_assert(!board_rpmb_is_open());
	ut_asserteq_mem(was, m->store.data + BLOCK, sizeof(was));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, POLICY_KEY), 8, 1,
				      data));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, POLICY_KEY)));
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(HIGH, index);

	rpmb_policy_reboot(true);
	ut_assert(!rpmb_gate_is_open());
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	ut_assert(!rpmb_gate_is_open());
	ut_asserteq(-EPERM, rpmb_write_blocks(rpmb_ref(dev, 0, POLICY_KEY), 8,
					      1, data));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_rma, FLAGS);

/* The value is used up before the board opens: power is cut in between */
static int dm_test_rpmb_token_rma_cut(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 counter;

	ut_assertok(setup(uts, &dev, &m));
	make_rma(m);
	counter = m->state.counter;
	/* the write is executed, its answer is lost, and asked for otherwise */
	rpmb_model_arm(m, RPMB_MODEL_F_COMMIT_THEN_DROP, RPMB_REQ_WRITE_DATA,
		       0, 1);
	ut_assertok(act());
	ut_asserteq(counter + 1, m->state.counter);

	rpmb_policy_reboot(true);
	make_rma(m);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_WRITE_DATA, 0,
		       99);
	ut_assert(act());
	ut_assert(!rpmb_gate_is_open());
	ut_asserteq(counter + 1, m->state.counter);
	/* the read that would prove the write does not come about */
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_READ_DATA, 1, 9);
	ut_asserteq(-EBADMSG, act());
	ut_asserteq(counter + 2, m->state.counter);
	ut_assert(!rpmb_gate_is_open());
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	ut_assert(!rpmb_gate_is_open());
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_rma_cut, FLAGS);

/* What is told of a token that failed: was anything written? */
static int dm_test_rpmb_token_failed(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(setup(uts, &dev, &m));
	make_reset(m);
	rpmb_get_port(dev, 0)->client.blocks = 0x100;
	ut_asserteq(-ERANGE, act());
	ut_assert_nextline("rpmb service: failed (error -34): nothing was written");
	rpmb_get_port(dev, 0)->client.blocks = m->blocks;
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 1, 99);
	ut_asserteq(-ETIMEDOUT, act());
	ut_assert_nextline("rpmb service: failed (error -110): nothing was written");
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 3, 99);
	ut_asserteq(-ETIMEDOUT, act());
	ut_assert_nextlinen("rpmb service: failed (error -110): what became of it");
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_asserteq(-E2BIG, rpmb_token_use_fit(blob, RPMB_TOKEN_FIT_MAX + 1));
	ut_assert_nextline("rpmb service: refused: it has more than 64 KiB (error -7)");
	ut_assert_nextline("  device: untouched");
	ut_assert_nextline("  advice: see doc/usage/rpmb/service.rst");
	ut_assert_console_end();
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_failed, FLAGS);

/* Not for this device, not for now, not at all */
static int dm_test_rpmb_token_refused(struct unit_test_state *uts)
{
	static const char other[] = "it is for another device";
	static const char strange[] = "it is signed, but cannot be understood";
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(setup(uts, &dev, &m));
	make_reset(m);
	fdt_setprop(blob, 0, "id", "sandbox-rpmb1", 13);
	ut_assertok(check_refused(uts, m, -EXDEV, other));
	make_reset(m);
	fdt_setprop_u32(blob, 0, "target", 1);
	ut_assertok(check_refused(uts, m, -EXDEV, other));
	/* of the board, but none that boot policy asks */
	make_reset(m);
	fdt_setprop(blob, 0, "id", "sandbox-rpmb1", 13);
	fdt_setprop_u32(blob, 0, "target", 1);
	ut_assertok(check_refused(uts, m, -EXDEV, other));
	make_reset(m);
	fdt_setprop_string(blob, 0, "transport", "ufs");
	ut_assertok(check_refused(uts, m, -EXDEV, other));

	make_reset(m);
	fdt_setprop_u32(blob, 0, "write-counter", m->state.counter + 1);
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	make_reset(m);
	fdt_setprop_u32(blob, 0, "write-counter", m->state.counter - 1);
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));

	begin(m);
	ut_assertok(check_refused(uts, m, -EINVAL, strange));
	begin(m);
	set_index(FIT, U64_MAX);
	ut_assertok(check_refused(uts, m, -EINVAL, strange));
	begin(m);
	set_index(0x11c, LOW);
	ut_assertok(check_refused(uts, m, -EINVAL, strange));

	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(HIGH, index);
	ut_assert(!rpmb_gate_is_open());
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_refused, FLAGS);

/* What the device says is believed if it is signed, and only then */
static int dm_test_rpmb_token_device(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(setup(uts, &dev, &m));
	make_rma(m);
	m->state.key[0] ^= 1;
	ut_assertok(check_refused(uts, m, -EBADMSG,
				  "the write counter cannot be read"));
	m->state.key[0] ^= 1;
	m->state.key_set = 0;
	ut_assertok(check_refused(uts, m, -ENOKEY,
				  "there is no key: nothing that the RPMB says can be believed"));
	m->state.key_set = 1;
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, 0, 0, 99);
	ut_assertok(check_refused(uts, m, -ETIMEDOUT,
				  "the write counter cannot be read"));
	ut_assert(!rpmb_gate_is_open());
	rpmb_policy_teardown();

	/* without a policy there is nothing to serve */
	ut_assertok(check_refused(uts, m, -ENOENT,
				  "the control FDT names no RPMB"));

	return 0;
}
DM_TEST(dm_test_rpmb_token_device, FLAGS);

/* Once the ratchet has turned no token does anything, and it says why */
static int dm_test_rpmb_token_ratchet(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int closed;

	ut_assertok(setup(uts, &dev, &m));
	for (closed = 0; closed < 2; closed++) {
		rpmb_policy_reboot(closed);
		make_rma(m);
		rpmb_ratchet();
		ut_assertok(check_refused(uts, m, -EKEYREVOKED, ratcheted));
		ut_asserteq(!closed, rpmb_gate_is_open());
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_ratchet, FLAGS);

/* What is not signed is not looked into */
static int dm_test_rpmb_token_unsigned(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 counter;

	ut_assertok(setup(uts, &dev, &m));
	counter = m->state.counter;
	make_rma(m);
	fdt_pack(blob);
	console_record_reset();
	ut_asserteq(-EINVAL, rpmb_token_use_fit(blob, 0));
	ut_assert_nextline("rpmb service: refused: there is no FIT (error -22)");
	ut_assert_nextline("  device: untouched");
	ut_assert_nextline("  advice: see doc/usage/rpmb/service.rst");
	ut_asserteq(-EINVAL, rpmb_token_use_fit(blob, fdt_totalsize(blob) - 1));
	ut_assert_nextline("rpmb service: refused: there is no FIT (error -22)");
	ut_assert_nextline("  device: untouched");
	ut_assert_nextline("  advice: see doc/usage/rpmb/service.rst");
	ut_asserteq(-EINVAL, rpmb_token_use_fit(blob, fdt_totalsize(blob)));
	ut_assert_skip_to_line("rpmb service: refused: there is no FIT (error -22)");
	ut_assert(!rpmb_gate_is_open());
	ut_asserteq(counter, m->state.counter);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_unsigned, FLAGS);

/* What is wrong with a token that is signed; and an RPMB that cannot be had */
static int dm_test_rpmb_token_why(struct unit_test_state *uts)
{
	static const char strange[] =
		"rpmb service: refused: it is signed, but cannot be understood (error -22)";
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(setup(uts, &dev, &m));
	begin(m);
	ut_asserteq(-EINVAL, act());
	ut_assert_nextline("rpmb service: reset-index: either an index or rma is wanted");
	ut_assert_nextline(strange);
	make_rma(m);
	ut_assert(fdt_add_subnode(blob, 0, "more") > 0);
	console_record_reset();
	ut_asserteq(-EINVAL, act());
	ut_assert_nextline("rpmb service: has nodes in it");
	ut_assert_nextline(strange);

	make_rma(m);
	rpmb_state_gone(dev, m);
	rpmb_policy_reboot(true);
	ut_assertok(check_refused(uts, m, -ENODEV,
				  "the RPMB that the control FDT names cannot be had"));
	ut_assert(!rpmb_gate_is_open());
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_why, FLAGS);

/* Whatever number a bus fails with: nobody says that the device is untouched */
static int dm_test_rpmb_token_bus(struct unit_test_state *uts)
{
	struct sandbox_rpmb_bus *bus = sandbox_rpmb_bus();
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(setup(uts, &dev, &m));
	make_reset(m);
	/* counter, counter, read; the write is executed, and then there is no bus */
	bus->err = -EINVAL;
	bus->at = bus->transfers + 3;
	bus->for_good = true;
	bus->executed = true;
	ut_asserteq(-EINVAL, act());
	memset(bus, 0, sizeof(*bus));
	ut_asserteq(2, m->writes);
	ut_assert_nextline("rpmb service: failed (error -22): what became of it is known by the write counter");
	ut_assert_console_end();
	ut_assertok(rpmb_policy_check(FIT, LOW));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_bus, FLAGS);

/* It is done and proven, and then the card cannot be switched back: it is used up */
static int dm_test_rpmb_token_stuck(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct emmc_front_fault dead = {
		.cmd = MMC_CMD_SEND_OP_COND, .part = -1, .times = 9999,
		.err = -ETIMEDOUT,
	};
	struct rpmb_target_id id;
	struct udevice *dev, *mmc;
	struct rpmb_model *m;
	char name[12];
	int ret;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(device_probe(mmc));
	snprintf(name, sizeof(name), "mmc%d", dev_seq(mmc));
	ut_assertok(rpmb_conformance_set_policy(true, name, 0));
	rpmb_policy_reboot(false);
	m = emmc_front_model(mmc);
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, POLICY_KEY)));
	ut_assertok(rpmb_policy_advance(FIT, HIGH));
	make_reset(m);
	rpmb_get_target_id(dev, 0, &id);
	fdt_setprop_string(blob, 0, "transport", "emmc");
	fdt_setprop(blob, 0, "id", id.dev_id, id.dev_id_len);
	/* there and back for the counter, there for the index */
	emmc_front_fail_switch(mmc, 3, 99);
	emmc_front_fail(mmc, &dead);
	console_record_reset();
	ret = act();
	ut_assert(ret < 0);
	ut_assert_skip_to_line("rpmb service: failed (error %d): what became of it is known by the write counter",
			       ret);
	emmc_front_fail_switch(mmc, 0, 0);
	dead.times = 0;
	emmc_front_fail(mmc, &dead);
	ut_asserteq(RPMB_STATE_CHANGED, rpmb_get_status(dev, 0)->state);
	ut_asserteq(2, m->state.counter);
	ut_assertok(check_refused(uts, m, -EKEYEXPIRED, used_up));
	ut_assertok(rpmb_policy_check(FIT, LOW));
	ut_assertok(emmc_front_unbind(mmc));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_stuck, FLAGS | UTF_LIVE_TREE);

/* The board's own token, before the first script: none, one that cannot be read, one */
static int dm_test_rpmb_token_board(struct unit_test_state *uts)
{
	static const struct {
		int err;
		const char *why;
	} rows[] = {
		{ -ENOENT },
		{ -EIO, "it cannot be read (error -5)" },
		{ 0, "there is no FIT (error -22)" },
	};
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(setup(uts, &dev, &m));
	make_rma(m);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sandbox_rpmb_set_token(blob, fdt_totalsize(blob), rows[i].err);
		console_record_reset();
		rpmb_token_boot();
		sandbox_rpmb_set_token(NULL, 0, -ENOENT);
		ut_assert(!rpmb_gate_is_open());
		if (rows[i].why) {
			ut_assert_skip_to_line("rpmb service: refused: %s",
					       rows[i].why);
			ut_assert_nextline("  device: untouched");
			ut_assert_nextlinen("  advice: ");
		}
		ut_assert_console_end();
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_token_board, FLAGS);
