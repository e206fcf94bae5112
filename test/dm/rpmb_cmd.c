// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the 'rpmb' command: its output, its exit status, bad input
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include <env.h>
#include <mapmem.h>
#include <rpmb-key.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define ADDR	0x10000
#define ADDR2	0x20000

/* Sandbox's target 0 is current, keys 1 and 2 are there */
static int setup(struct unit_test_state *uts, struct rpmb_model **mp)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	*mp = sandbox_rpmb_model(dev, 0);
	ut_assertok(run_command("rpmb dev sandbox0:0", 0));
	ut_assert_skip_to_line("sandbox0:0 is the current RPMB");

	return 0;
}

static int setup_programmed(struct unit_test_state *uts, struct rpmb_model **mp)
{
	ut_assertok(setup(uts, mp));
	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_nextline("key 0x1 programmed into sandbox0:0, proven by an authenticated counter read");

	return 0;
}

/* It must fail, say this first, and touch nothing */
static int check_refused(struct unit_test_state *uts, struct rpmb_model *m,
			 const char *cmd, const char *line)
{
	u32 counter = m->state.counter, keys = m->keys_seen;

	ut_asserteq(1, run_command(cmd, 0));
	ut_assert_nextlinen("%s", line);
	console_record_reset();
	ut_asserteq(counter, m->state.counter);
	ut_asserteq(keys, m->keys_seen);

	return 0;
}

struct bad_input {
	const char *cmd;
	const char *line;
};

static int check_all_refused(struct unit_test_state *uts, struct rpmb_model *m,
			     const struct bad_input *rows, int count)
{
	int i, ret;

	for (i = 0; i < count; i++) {
		ret = check_refused(uts, m, rows[i].cmd, rows[i].line);
		if (ret)
			printf("%s\n", rows[i].cmd);
		ut_assertok(ret);
	}

	return 0;
}

static int dm_test_rpmb_cmd_list(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("rpmb list", 0));
	ut_assert_nextline("0:0  sandbox0:0  sandbox  128 KiB  no key (hint)  id sandbox-rpmb0");
	ut_assert_nextline("0:1  sandbox0:1  sandbox  256 KiB  no key (hint)  id sandbox-rpmb1");
	ut_assert_console_end();

	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_skipline();
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 1, 3);
	ut_assertok(run_command("rpmb list; rpmb list", 0));
	ut_assert_nextline("0:0  sandbox0:0  sandbox  128 KiB  key programmed (unverified)  id sandbox-rpmb0");
	ut_assert_nextlinen("0:1  sandbox0:1  sandbox  256 KiB  no key (hint)");
	ut_assert_nextline("0:0  sandbox0:0  sandbox  128 KiB  error -110: the device did not answer in time  id sandbox-rpmb0");
	ut_assert_skipline();
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_list, FLAGS);

static int dm_test_rpmb_cmd_info(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("rpmb dev 0:1; rpmb get-info", 0));
	ut_assert_nextline("sandbox0:1 is the current RPMB");
	ut_assert_nextline("device: sandbox0 (sandbox)");
	ut_assert_nextline("target: 1");
	ut_assert_nextline("size:   256 KiB, blocks 0 to 0x3ff");
	ut_assert_nextline("write:  at most 0x20 blocks per message");
	ut_assert_nextline("read:   at most 0x20 blocks per message");
	ut_assert_nextline("id:     sandbox-rpmb1");
	ut_assert_nextline("key:    no key (hint)");
	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK))
		ut_assert_nextline("stores: blocks 0x100 to 0x113, of the rollback indexes and named records");
	ut_assert_nextline("board:  open");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_info, FLAGS);

static int dm_test_rpmb_cmd_dev(struct unit_test_state *uts)
{
	static const struct bad_input rows[] = {
		{ "rpmb dev 1",
		  "rpmb: there is no device '1'; see 'rpmb list'" },
		{ "rpmb dev mmc99", "rpmb: there is no device 'mmc99'" },
		{ "rpmb dev 0:2", "rpmb: sandbox0 has no target 0x2" },
		{ "rpmb dev 0:4",
		  "rpmb: target '4' is not a hex number up to 0x3" },
		{ "rpmb dev 0:", "rpmb: target '' is not a hex number" },
		{ "rpmb dev 0x", "rpmb: there is no device '0x'" },
		{ "rpmb dev 10000000000000000:0", "rpmb: there is no device" },
		{ "rpmb dev 0",
		  "rpmb: sandbox0 has 2 targets, choose one: rpmb dev sandbox0:<target>" },
		{ "rpmb dev a-name-that-is-longer-than-any-device-has",
		  "rpmb: there is no device 'a-name" },
	};
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct rpmb_model *m;
	struct udevice *mmc;

	ut_assertok(setup(uts, &m));
	ut_assertok(check_all_refused(uts, m, rows, ARRAY_SIZE(rows)));

	/* What did not work has not changed the choice, nor does a new device */
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(run_command("rpmb dev", 0));
	ut_assert_skip_to_line("sandbox0:0 is the current RPMB");
	ut_assertok(run_command("rpmb dev 0", 0));
	ut_assert_nextlinen("mmc");
	ut_assertok(emmc_front_unbind(mmc));
	ut_asserteq(1, run_command("rpmb dev", 0));
	ut_assert_nextlinen("rpmb: the current device mmc");
	ut_assertok(run_command("rpmb dev sandbox0:1", 0));
	ut_assert_nextline("sandbox0:1 is the current RPMB");

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_dev, FLAGS);

static int dm_test_rpmb_cmd_no_device(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(setup(uts, &m));
	ut_assertok(rpmb_get_device(0, &dev));
	ut_assertok(device_remove(dev, DM_REMOVE_NORMAL));
	ut_assertok(device_unbind(dev));
	ut_asserteq(1, run_command("rpmb list", 0));
	ut_assert_nextline("rpmb: there is no device with an RPMB");
	ut_asserteq(1, run_command("rpmb write-counter none", 0));
	ut_assert_nextline("rpmb: there is no device with an RPMB");
	ut_asserteq(1, run_command("rpmb dev 0", 0));
	ut_assert_nextline("rpmb: there is no device with an RPMB");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_no_device, FLAGS);

static int dm_test_rpmb_cmd_key(struct unit_test_state *uts)
{
	static const u8 zero[RPMB_KEY_SIZE];
	u8 *mem = map_sysmem(ADDR, 2 * RPMB_KEY_SIZE);
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("rpmb key list", 0));
	ut_assert_nextline("0x1  ram  check value 7a3a840ace6e8f26 for sandbox0:0");
	ut_assert_nextlinen("0x2  ram  check value ");
	/* fuses are blank, and OP-TEE knows no sandbox */
	ut_assert_nextline("0x100  derived  check value 1a1220f9e46dc8eb for sandbox0:0");
	ut_assert_nextline("0x200  optee, CFG_CORE_HUK_SUBKEY_COMPAT=n  no key for sandbox0:0: the provider has no keys for this transport");
	ut_assert_nextline("0x201  optee, as it is by default  no key for sandbox0:0: the provider has no keys for this transport");
	ut_assert_nextline("0x300  fuse  no key for sandbox0:0: the key, or what it is made from, is blank, patterned or published: no secret");
	ut_assert_nextline("0x400  TEST KEY  check value fb54455e3485664c for sandbox0:0");
	ut_assert_console_end();

	/* The source is wiped, and not a byte more */
	rpmb_conformance_fill(mem, 2 * RPMB_KEY_SIZE, 1);
	mem[RPMB_KEY_SIZE] = 0x5a;
	ut_assertok(run_command("rpmb key add 3 10000", 0));
	ut_assert_nextline("key 0x3 added, its source in memory is wiped");
	ut_asserteq_mem(zero, mem, RPMB_KEY_SIZE);
	ut_asserteq(0x5a, mem[RPMB_KEY_SIZE]);
	rpmb_conformance_fill(mem, RPMB_KEY_SIZE, 2);
	ut_assertok(run_command("rpmb key add 3 10000 20", 0));
	ut_assert_skipline();

	rpmb_key_wipe_all();
	ut_assertok(run_command("rpmb key list", 0));
	ut_assert_nextlinen("0x100  derived");
	console_record_reset();
	rpmb_ratchet();
	ut_assertok(run_command("rpmb key list", 0));
	ut_assert_nextline("no keys until the next reset: the boot ratchet has turned");
	ut_assert_console_end();
	sandbox_rpmb_unratchet();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_key, FLAGS);

static int dm_test_rpmb_cmd_key_bad(struct unit_test_state *uts)
{
	static const struct bad_input rows[] = {
		{ "rpmb key add 0 10000",
		  "rpmb key: key id 0x0 is no RAM slot, these are 0x1 to 0x8" },
		{ "rpmb key add 9 10000",
		  "rpmb key: key id 0x9 is no RAM slot" },
		{ "rpmb key add none 10000",
		  "rpmb: this takes a key, 'none' will not do" },
		{ "rpmb key add ffffffff 10000",
		  "rpmb: key id 'ffffffff' is not a hex number up to 0xffff" },
		{ "rpmb key add 3g 10000",
		  "rpmb: key id '3g' is not a hex number" },
		{ "rpmb key add 3 10000 1f",
		  "rpmb key add: a key has 0x20 bytes, not 0x1f" },
		{ "rpmb key add 3 10000 21",
		  "rpmb key add: a key has 0x20 bytes, not 0x21" },
		{ "rpmb key add 3 10000x",
		  "rpmb: address '10000x' is not a hex number" },
		{ "rpmb key add 3 7fffffffffffffe0",
		  "rpmb: there is no RAM for 0x20 bytes" },
		{ "rpmb key add 3 fffffffffffffff0",
		  "rpmb: there is no RAM for 0x20 bytes" },
		{ "rpmb key add 3 10000",
		  "rpmb key add: the key, or what it is made from, is blank, patterned or published: no secret" },
	};
	u8 *mem = map_sysmem(ADDR, RPMB_KEY_SIZE);
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	memset(mem, 0xff, RPMB_KEY_SIZE);
	ut_assertok(check_all_refused(uts, m, rows, ARRAY_SIZE(rows)));
	ut_assertnull(rpmb_key_provider(3));

	sandbox_rpmb_set_closed(true);
	rpmb_conformance_fill(mem, RPMB_KEY_SIZE, 1);
	ut_assertok(check_refused(uts, m, "rpmb key add 3 10000",
				  "rpmb key add: the board is closed (error -1)"));
	ut_asserteq(0, mem[0]);
	sandbox_rpmb_set_hook(false);
	rpmb_conformance_fill(mem, RPMB_KEY_SIZE, 1);
	ut_assertok(check_refused(uts, m, "rpmb key add 3 10000",
				  "rpmb key add: the board is closed, for want of a hook board_rpmb_is_open() (error -1)"));
	sandbox_rpmb_set_hook(true);
	sandbox_rpmb_set_closed(false);
	ut_asserteq(1, run_command("rpmb key", 0));
	console_record_reset();
	ut_asserteq(1, run_command("rpmb key add 3", 0));

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_key_bad, FLAGS);

/* Whatever is wrong with the line, what was to become a key does not stay */
static int dm_test_rpmb_cmd_key_wiped(struct unit_test_state *uts)
{
	static const struct {
		const char *cmd;
		int wiped;
	} rows[] = {
		{ "rpmb key add 1 10000 32", 0x32 },
		{ "rpmb key add 1 10000 1f", 0x20 },
		{ "rpmb key add 1 10000 1000", 0x40 },
		{ "rpmb key add 1 10000 x", 0x20 },
		{ "rpmb key add 0 10000", 0x20 },
		{ "rpmb key add 9 10000 20", 0x20 },
		{ "rpmb key add none 10000", 0x20 },
		{ "rpmb key add 3g 10000", 0x20 },
		{ "rpmb key add 1 10000 20 1", 0x20 },
		{ "rpmb key add 1 10000 32 1 2 3", 0x32 },
	};
	u8 *mem = map_sysmem(ADDR, 0x80);
	struct rpmb_model *m;
	int i, n;

	ut_assertok(setup(uts, &m));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(mem, 0x5a, 0x80);
		ut_asserteq(1, run_command(rows[i].cmd, 0));
		ut_assert_skipline();
		ut_assert_nextline("rpmb key add: no key added; its source in memory is wiped");
		ut_assert_console_end();
		for (n = 0; n < 0x80 && !mem[n]; n++)
			;
		ut_asserteq(rows[i].wiped, n);
	}

	/* a key need not be aligned */
	rpmb_conformance_fill(mem + 1, RPMB_KEY_SIZE, 7);
	ut_assertok(run_command("rpmb key add 3 10001", 0));
	ut_assert_nextline("key 0x3 added, its source in memory is wiped");
	for (n = 1; n <= RPMB_KEY_SIZE; n++)
		ut_asserteq(0, mem[n]);

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_key_wiped, FLAGS);

/* Whatever is wrong with the line, no variable tells of an earlier one */
static int dm_test_rpmb_cmd_stale(struct unit_test_state *uts)
{
	enum {
		ROLLBACK = IS_ENABLED(CONFIG_CMD_RPMB_ROLLBACK),
		PROVISION = IS_ENABLED(CONFIG_CMD_RPMB_PROVISION),
	};
	static const struct {
		bool built;
		const char *cmd;
		const char *names[6];
	} rows[] = {
		{ true, "rpmb write-counter", { "rpmb_counter" } },
		{ true, "rpmb write-counter 1 2", { "rpmb_counter" } },
		{ true, "rpmb write-counter 77", { "rpmb_counter" } },
		{ true, "rpmb write-counter zz", { "rpmb_counter" } },
		{ ROLLBACK, "rpmb rollback get", { "rpmb_index" } },
		{ ROLLBACK, "rpmb rollback get 0 1 2 3 4 5 6 7", { "rpmb_index" } },
		{ ROLLBACK, "rpmb rollback get 20", { "rpmb_index" } },
		{ ROLLBACK, "rpmb rollback get 0", { "rpmb_index" } },
		{ PROVISION, "rpmb provision",
		  { "rpmb_provision", "rpmb_provision_step", "rpmb_provision_dev",
		    "rpmb_provision_kcv", "rpmb_provision_counter" } },
		{ PROVISION, "rpmb provision zz",
		  { "rpmb_provision", "rpmb_provision_step", "rpmb_provision_dev",
		    "rpmb_provision_kcv", "rpmb_provision_counter" } },
		{ PROVISION, "rpmb provision -n 10000 20000 30000",
		  { "rpmb_provision", "rpmb_provision_step", "rpmb_provision_dev",
		    "rpmb_provision_kcv", "rpmb_provision_counter" } },
	};
	struct rpmb_model *m;
	const char *const *name;
	int i;

	ut_assertok(setup(uts, &m));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].built)
			continue;
		for (name = rows[i].names; *name; name++)
			env_set(*name, "dead");
		ut_asserteq(1, run_command(rows[i].cmd, 0));
		console_record_reset();
		for (name = rows[i].names; *name; name++)
			ut_assertnull(env_get(*name));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_stale, FLAGS);

static int run_other_key(struct unit_test_state *uts, const char *cmd)
{
	ut_asserteq(1, run_command(cmd, 0));
	ut_assert_nextline("rpmb program-key sandbox0:0: the device holds another key and cannot be programmed again; or the reply was forged (error -74)");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextline("  advice: check the key id: 'rpmb write-counter <keyid>' proves which key it holds");
	ut_assert_console_end();

	return 0;
}

static int dm_test_rpmb_cmd_program(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(check_refused(uts, m, "rpmb program-key -y 3",
				  "rpmb program-key sandbox0:0: the key slot is empty (error -126)"));
	ut_assertok(check_refused(uts, m, "rpmb program-key -y 77",
				  "rpmb program-key sandbox0:0: there is no such key id (error -22)"));
	ut_assertok(check_refused(uts, m, "rpmb program-key -y none",
				  "rpmb: this takes a key, 'none' will not do; device untouched"));
	sandbox_rpmb_set_closed(true);
	ut_assertok(check_refused(uts, m, "rpmb program-key -y 1",
				  "rpmb program-key sandbox0:0: the board is closed: keys, raw writes and the self test are refused (error -1)"));
	sandbox_rpmb_set_closed(false);

	ut_assertok(run_command("rpmb program-key -n 1", 0));
	ut_assert_nextline("key 0x1 would be programmed into sandbox0:0; device untouched");
	ut_asserteq(0, m->keys_seen);
	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_nextline("key 0x1 programmed into sandbox0:0, proven by an authenticated counter read");
	ut_asserteq(1, run_command("rpmb program-key -y 1", 0));
	ut_assert_nextline("rpmb program-key sandbox0:0: the device already holds this key (proven by an authenticated counter read) (error -114)");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_console_end();
	/* it is said before anybody is asked, as is what a dry run would say */
	ut_assertok(run_other_key(uts, "rpmb program-key -y 2"));
	ut_assertok(run_other_key(uts, "rpmb program-key -n 2"));
	ut_assertok(run_other_key(uts, "rpmb program-key 2"));
	sandbox_rpmb_set_closed(true);
	ut_assertok(check_refused(uts, m, "rpmb program-key 1",
				  "rpmb program-key sandbox0:0: the board is closed"));
	sandbox_rpmb_set_closed(false);

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_program, FLAGS);

/* Programming with an unknown outcome must not invite to do it again */
static int dm_test_rpmb_cmd_program_lost(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	/* two counters are read before */
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 2, 99);
	ut_asserteq(1, run_command("rpmb program-key -y 1", 0));
	ut_assert_nextlinen("rpmb program-key sandbox0:0: the device did not answer in time (error -110");
	ut_assert_nextline("  device: UNKNOWN, whether it acted could not be proven");
	ut_assert_nextlinen("  advice: do not program again: power-cycle");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_program_lost, FLAGS);

static int dm_test_rpmb_cmd_counter(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	env_set("rpmb_counter", "dead");
	ut_asserteq(1, run_command("rpmb write-counter 1", 0));
	ut_assert_nextline("rpmb write-counter sandbox0:0: the device says that no key is programmed (unsigned: a hint, no proof) (error -126, device result 0x0007: no key programmed)");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextline("  advice: program one: rpmb program-key <keyid>");
	ut_assert_console_end();
	/* A script must not go on with what it had before */
	ut_assertnull(env_get("rpmb_counter"));

	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_skipline();
	m->state.counter = 0x80000001;
	ut_assertok(run_command("rpmb write-counter 1", 0));
	ut_assert_nextline("write counter: 0x80000001");
	ut_asserteq_str("80000001", env_get("rpmb_counter"));
	ut_assertok(run_command("rpmb write-counter none", 0));
	ut_assert_nextline("write counter: 0x80000001 UNVERIFIED");
	ut_asserteq(1, run_command("rpmb write-counter 2", 0));
	ut_assert_nextlinen("rpmb write-counter sandbox0:0: the reply is not signed with this key");
	ut_assertnull(env_get("rpmb_counter"));

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_counter, FLAGS);

static int dm_test_rpmb_cmd_blocks(struct unit_test_state *uts)
{
	u8 *from = map_sysmem(ADDR, 0x300), *to = map_sysmem(ADDR2, 0x300);
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	rpmb_conformance_fill(from, 0x300, 1);
	ut_assertok(run_command("rpmb write-blocks 1 10000 1fd 3", 0));
	ut_assert_nextline("0x3 blocks written and proven, from block 0x1fd of sandbox0:0");
	memset(to, 0, 0x300);
	ut_assertok(run_command("rpmb read-blocks 1 0x20000 0x1fd 0x3", 0));
	ut_assert_nextline("0x3 blocks read from block 0x1fd of sandbox0:0");
	ut_asserteq_mem(from, to, 0x300);
	memset(to, 0, 0x300);
	ut_assertok(run_command("rpmb read-blocks none 20000 1fd 3", 0));
	ut_assert_nextline("0x3 blocks read from block 0x1fd of sandbox0:0 UNVERIFIED");
	ut_asserteq_mem(from, to, 0x300);

	/* A wrong key leaves nothing behind that could be taken for data */
	ut_asserteq(1, run_command("rpmb read-blocks 2 20000 1fd 3", 0));
	ut_assert_nextlinen("rpmb read-blocks sandbox0:0: the reply is not signed with this key");
	ut_asserteq(0, to[0] | to[0x2ff]);

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_blocks, FLAGS);

static int dm_test_rpmb_cmd_blocks_bad(struct unit_test_state *uts)
{
	static const struct bad_input rows[] = {
		{ "rpmb write-blocks 1 10000 0 0",
		  "rpmb: the block count is 0; device untouched" },
		{ "rpmb read-blocks 1 10000 0 0",
		  "rpmb: the block count is 0; device untouched" },
		{ "rpmb write-blocks 1 10000 200 1",
		  "rpmb: 0x1 block from block 0x200 would run past the end: sandbox0:0 has blocks 0 to 0x1ff; device untouched" },
		{ "rpmb write-blocks 1 10000 1ff 2",
		  "rpmb: 0x2 blocks from block 0x1ff would run past the end" },
		{ "rpmb read-blocks 1 10000 1ff 2",
		  "rpmb: 0x2 blocks from block 0x1ff would run past the end" },
		{ "rpmb read-blocks none 10000 0 ffffffff",
		  "rpmb: 0xffffffff blocks from block 0x0 would run past the end" },
		{ "rpmb write-blocks 1 10000 0 100000001",
		  "rpmb: block count '100000001' is not a hex number up to 0xffffffff" },
		{ "rpmb write-blocks 1 10000 0 10000000000000001",
		  "rpmb: block count '10000000000000001' is not a hex number" },
		{ "rpmb write-blocks 1 10000 0 1x",
		  "rpmb: block count '1x' is not a hex number" },
		{ "rpmb write-blocks 1 10000 -1 1",
		  "rpmb: block '-1' is not a hex number" },
		{ "rpmb write-blocks 1 10000 '' 1",
		  "rpmb: block '' is not a hex number" },
		{ "rpmb write-blocks 1 10002 0 1",
		  "rpmb: address 0x10002 is not a multiple of 0x4; device untouched" },
		{ "rpmb write-blocks 1 fffffff00 0 1",
		  "rpmb: there is no RAM for 0x100 bytes at 0xfffffff00" },
		{ "rpmb write-blocks 1 ffffffffffffff00 0 1",
		  "rpmb: there is no RAM for 0x100 bytes" },
		{ "rpmb read-blocks 1 ffffffffffffff00 0 2",
		  "rpmb: there is no RAM for 0x200 bytes" },
		{ "rpmb write-blocks none 10000 0 1",
		  "rpmb: this takes a key, 'none' will not do; device untouched" },
		{ "rpmb write-blocks 3 10000 0 1",
		  "rpmb write-blocks sandbox0:0: the key slot is empty (error -126)" },
		{ "rpmb write-blocks 0 10000 0 1",
		  "rpmb write-blocks sandbox0:0: there is no such key id (error -22)" },
		{ "rpmb write-blocks 2 10000 0 1",
		  "rpmb write-blocks sandbox0:0: the reply is not signed with this key" },
	};
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	ut_assertok(check_all_refused(uts, m, rows, ARRAY_SIZE(rows)));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0", 0));
	ut_assert_nextline("rpmb write-blocks: too few arguments: nothing follows '0'");
	ut_assert_nextline("Usage: rpmb write-blocks [-r] <keyid> <addr> <blk> <cnt>");
	ut_assert_console_end();
	ut_asserteq(1, run_command("rpmb read-blocks 1 10000 0 1 2", 0));
	ut_assert_nextline("rpmb read-blocks: too many arguments: '2' has no place");
	ut_assert_nextline("Usage: rpmb read-blocks <keyid|none> <addr> <blk> <cnt>");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_blocks_bad, FLAGS);

/* How far it came, and what is known of the rest */
static int dm_test_rpmb_cmd_write_part(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_WRITE_DATA, 1, 99);
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 21", 0));
	ut_assert_nextline("rpmb write-blocks sandbox0:0: the device reports a failure (error -5, device result 0x0005: write failure)");
	ut_assert_nextline("  device: 0x20 of 0x21 blocks written and proven; the rest: unchanged, proven by an authenticated read");
	ut_assert_console_end();

	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 0, 99);
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 1", 0));
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: the device did not answer in time (error -110");
	ut_assert_nextline("  device: UNKNOWN, whether it acted could not be proven");
	ut_assert_nextlinen("  advice: 'rpmb read-blocks <keyid> ...' tells what is there");
	ut_assert_console_end();

	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	m->state.counter = U32_MAX;
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 1", 0));
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: the write counter is exhausted");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextline("  advice: replace the device");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_write_part, FLAGS);

static int dm_test_rpmb_cmd_no_rng(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_RNG));
	ut_asserteq(1, run_command("rpmb read-blocks 1 10000 0 1", 0));
	ut_assert_nextline("rpmb read-blocks sandbox0:0: there are no random numbers: without a fresh nonce a recorded reply would pass (error -19)");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextlinen("  advice: add an rng device");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_no_rng, FLAGS);

static int dm_test_rpmb_cmd_selftest(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	if (!IS_ENABLED(CONFIG_RPMB_SELFTEST))
		return -EAGAIN;
	ut_assertok(setup(uts, &m));
	ut_asserteq(1, run_command("rpmb selftest 1", 0));
	ut_assert_nextline("FAIL  write counter, unverified and verified, agree");
	ut_assert_nextlinen("rpmb selftest sandbox0:0: the device says that no key is programmed");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextline("  advice: program one: rpmb program-key <keyid>");
	ut_assert_nextline("selftest sandbox0:0: 0 passed, 1 failed");
	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_skipline();
	ut_assertok(run_command("rpmb selftest 1", 0));
	ut_assert_nextlinen("pass  ");
	ut_assert_skip_to_line("selftest sandbox0:0: 12 passed, 0 failed");
	ut_assert_console_end();

	/* Refused before the first step: what went before is not its story */
	ut_asserteq(1, run_command("rpmb write-counter 2", 0));
	console_record_reset();
	ut_asserteq(1, run_command("rpmb selftest 3", 0));
	ut_assert_nextline("rpmb selftest sandbox0:0: the key slot is empty (error -126)");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_skipline();
	ut_assert_console_end();
	sandbox_rpmb_set_closed(true);
	ut_asserteq(1, run_command("rpmb selftest 1", 0));
	ut_assert_nextlinen("rpmb selftest sandbox0:0: the board is closed");
	sandbox_rpmb_set_closed(false);
	console_record_reset();
	ut_asserteq(1, run_command("rpmb selftest none", 0));
	ut_assert_nextlinen("rpmb: this takes a key, 'none' will not do");

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_selftest, FLAGS);

static u32 changes(const struct rpmb_model *m)
{
	return m->requests[RPMB_REQ_PROGRAM_KEY] +
	       m->requests[RPMB_REQ_WRITE_DATA];
}

/*
 * The link breaks at any request: if that could change the device the state is
 * UNKNOWN, and no step that only reads says anything else
 */
static int dm_test_rpmb_cmd_selftest_unknown(struct unit_test_state *uts)
{
	u32 before, sent = 0, last = 0;
	const struct rpmb_status *st;
	struct rpmb_model *m;
	struct udevice *dev;
	int n, unknown = 0;

	if (!IS_ENABLED(CONFIG_RPMB_SELFTEST))
		return -EAGAIN;
	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	st = rpmb_get_status(dev, 0);
	for (n = 0; ; n++, last = sent) {
		before = changes(m);
		rpmb_model_arm(m, RPMB_MODEL_F_COMMIT_THEN_DROP, 0, n, 1000);
		console_record_reset();
		if (!run_command("rpmb selftest 1", 0))
			break;
		sent = changes(m) - before;
		if (sent > last) {
			unknown++;
			ut_asserteq(RPMB_STATE_UNKNOWN, st->state);
			ut_assert_skip_to_line("  device: UNKNOWN, whether it acted could not be proven");
			ut_assert_nextlinen("  advice: the blocks it works on may hold test data");
			ut_assert_skip_to_line("FAIL  blocks restored");
			ut_assert_skip_to_line("  device: UNKNOWN, whether it acted could not be proven");
		} else if (sent) {
			ut_assert(st->state >= RPMB_STATE_CHANGED);
		} else {
			ut_asserteq(RPMB_STATE_UNTOUCHED, st->state);
		}
	}
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 0);
	/* write, replay twice, three forged ones, the key, restore */
	ut_asserteq(8, unknown);

	/* what was restored is known: the fault is that of the step that failed */
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, RPMB_REQ_WRITE_DATA, 1, 1);
	ut_asserteq(1, run_command("rpmb selftest 1", 0));
	ut_asserteq(RPMB_STATE_CHANGED, st->state);
	ut_asserteq(RPMB_FAULT_LINK, st->fault);

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_selftest_unknown, FLAGS);

/* Usable in hush: the exit status decides */
static int dm_test_rpmb_cmd_hush(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("if rpmb write-counter 1; then echo yes; else echo no; fi",
				0));
	ut_assert_skip_to_line("no");
	ut_assertok(run_command("rpmb program-key -y 1", 0));
	ut_assert_skipline();
	ut_assertok(run_command("if rpmb write-counter 1; then echo yes; else echo no; fi",
				0));
	ut_assert_nextline("write counter: 0x00000000");
	ut_assert_nextline("yes");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_hush, FLAGS);

/* Blocks that are not for raw writes are named; so is a board without a hook */
static int dm_test_rpmb_cmd_stores(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	if (!IS_ENABLED(CONFIG_RPMB_ROLLBACK))
		return -EAGAIN;
	ut_assertok(setup_programmed(uts, &m));
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 100 1", 0));
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: some of these blocks hold rollback indexes or named records");
	ut_assert_nextlinen("  device: untouched");
	ut_assert_nextline("  stores: blocks 0x100 to 0x113, of the rollback indexes and named records");
	ut_assert_nextlinen("  advice: choose other blocks");
	ut_assert_console_end();
	/* a long write that would come to them does not begin */
	m->requests[RPMB_REQ_WRITE_DATA] = 0;
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 101", 0));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: some of these blocks hold rollback indexes or named records");
	ut_assert_nextlinen("  device: untouched");
	ut_assert_nextline("  stores: blocks 0x100 to 0x113, of the rollback indexes and named records");
	ut_assert_nextlinen("  advice: choose other blocks");
	ut_assert_console_end();
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 113 60", 0));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	console_record_reset();
	/* sandbox has the hook */
	sandbox_rpmb_set_closed(true);
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 1", 0));
	sandbox_rpmb_set_closed(false);
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: the board is closed");
	ut_assert_nextlinen("  device: untouched");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_stores, FLAGS);

/* What cannot be undone is spelt in full, and so is all else */
static int dm_test_rpmb_cmd_verbs(struct unit_test_state *uts)
{
	static const struct bad_input rows[] = {
		{ "rpmb prog -y 1", "rpmb: there is no verb 'prog'; see 'help rpmb'" },
		{ "rpmb program-ke -y 1", "rpmb: there is no verb 'program-ke'" },
		{ "rpmb write-b 1 10000 0 1", "rpmb: there is no verb 'write-b'" },
		{ "rpmb program-key", "rpmb program-key: too few arguments: nothing follows 'program-key'" },
		{ "rpmb program-key -x 1", "rpmb program-key: there is no option '-x'" },
		{ "rpmb program-key 1 2 3", "rpmb program-key: too many arguments: '2' has no place" },
		{ "rpmb key", "rpmb key: too few arguments: nothing follows 'key'" },
		{ "rpmb dump 1", "rpmb dump: too few arguments: nothing follows '1'" },
		{ "rpmb key del 0", "rpmb key: key id 0x0 is no RAM slot" },
		{ "rpmb key del 3", "rpmb key del: the key slot is empty" },
	};
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(check_all_refused(uts, m, rows, ARRAY_SIZE(rows)));

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_verbs, FLAGS);

static int dm_test_rpmb_cmd_key_del(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	ut_assertok(run_command("rpmb key del 1", 0));
	ut_assert_nextline("key 0x1 wiped");
	ut_assertnull(rpmb_key_provider(1));
	ut_assertok(check_refused(uts, m, "rpmb program-key -y 1",
				  "rpmb program-key sandbox0:0: the key slot is empty"));

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_key_del, FLAGS);

static int dm_test_rpmb_cmd_dump(struct unit_test_state *uts)
{
	u8 *from = map_sysmem(ADDR, RPMB_BLOCK_SIZE);
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	memset(from, 'A', RPMB_BLOCK_SIZE);
	ut_assertok(run_command("rpmb write-blocks 1 10000 2 1", 0));
	ut_assert_nextline("0x1 block written and proven, from block 0x2 of sandbox0:0");
	ut_assertok(run_command("rpmb dump 1 2", 0));
	ut_assert_nextline("sandbox0:0");
	ut_assert_nextlinen("00000200: 41 41 41 41");
	console_record_reset();
	ut_assertok(run_command("rpmb dump none 2 1", 0));
	ut_assert_nextline("sandbox0:0 UNVERIFIED");
	console_record_reset();
	ut_asserteq(1, run_command("rpmb dump 2 2", 0));
	ut_assert_nextlinen("rpmb dump sandbox0:0: the reply is not signed with this key");
	ut_assert_nextlinen("  device:");
	ut_assert_nextlinen("  advice:");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_dump, FLAGS);

/* A long write shows that it goes on */
static int dm_test_rpmb_cmd_progress(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	ut_assertok(run_command("rpmb write-blocks 1 10000 0 80", 0));
	ut_assert_nextline("..");
	ut_assert_nextline("0x80 blocks written and proven, from block 0x0 of sandbox0:0");
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_progress, FLAGS);

/* A board that nobody has closed is told from one that is */
static int dm_test_rpmb_cmd_closed(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup_programmed(uts, &m));
	sandbox_rpmb_set_closed(true);
	ut_assertok(run_command("rpmb get-info", 0));
	ut_assert_skip_to_line("board:  closed");
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 1", 0));
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: the board is closed: ");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_console_end();
	sandbox_rpmb_set_closed(false);

	sandbox_rpmb_set_hook(false);
	ut_assertok(run_command("rpmb get-info", 0));
	ut_assert_skip_to_line("board:  closed, for want of a hook board_rpmb_is_open()");
	ut_asserteq(1, run_command("rpmb write-blocks 1 10000 0 1", 0));
	sandbox_rpmb_set_hook(true);
	ut_assert_nextlinen("rpmb write-blocks sandbox0:0: the board is closed: ");
	ut_assert_nextline("  device: untouched, nothing that could change it was sent");
	ut_assert_nextline("  board: closed, for want of a hook board_rpmb_is_open()");
	ut_assert_console_end();
	/* the hook says what it said before */
	ut_assertok(run_command("rpmb get-info", 0));
	ut_assert_skip_to_line("board:  open");

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_closed, FLAGS);

/* Complete a line. Return: is it this one then? */
static bool completes(const char *typed, const char *want)
{
	char line[64];
	int n = strlen(typed), col = n;

	strcpy(line, typed);
	return cmd_auto_complete(CONFIG_SYS_PROMPT, line, &n, &col) == 1 &&
		!strcmp(line, want);
}

/* The name of the next thing, and nothing that cannot stand there */
static int dm_test_rpmb_cmd_complete(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	if (!IS_ENABLED(CONFIG_AUTO_COMPLETE))
		return -EAGAIN;
	ut_assertok(setup(uts, &m));
	ut_assert(completes("rpmb write-c", "rpmb write-counter "));
	ut_assert(completes("rpmb dev sand", "rpmb dev sandbox0 "));
	ut_assert(completes("rpmb key d", "rpmb key del "));
	/* what is built in, and no more */
	ut_asserteq(IS_ENABLED(CONFIG_RPMB_PROGRAM),
		    completes("rpmb prog", "rpmb program-key "));
	ut_asserteq(IS_ENABLED(CONFIG_CMD_RPMB_ROLLBACK),
		    completes("rpmb rollback g", "rpmb rollback get "));
	ut_asserteq(IS_ENABLED(CONFIG_CMD_RPMB_COMMIT) &&
		    !IS_ENABLED(CONFIG_RPMB_ROLLBACK_AB),
		    completes("rpmb rollback co", "rpmb rollback commit "));
	ut_asserteq(IS_ENABLED(CONFIG_CMD_RPMB_COMMIT) &&
		    IS_ENABLED(CONFIG_RPMB_ROLLBACK_AB),
		    completes("rpmb rollback commit-", "rpmb rollback commit-ab "));

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_complete, FLAGS);
