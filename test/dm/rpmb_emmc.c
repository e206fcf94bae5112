// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the eMMC RPMB driver, on a model of an eMMC bound at run time
 */

#include <blk.h>
#include <command.h>
#include <dm.h>
#include <mmc.h>
#include <asm/state.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"

#define KEY		RPMB_CONFORMANCE_KEY
#define RELIABLE	BIT(31)

static u8 data[0x40 * RPMB_BLOCK_SIZE];
static u8 back[0x40 * RPMB_BLOCK_SIZE];

/* An eMMC in a slot of its own, and its RPMB */
struct slot {
	struct udevice *mmc;
	struct rpmb_ref ref;
	char name[12];
};

static const struct emmc_front_cfg cfg_5_1 = EMMC_FRONT_CFG_5_1;

static int insert(struct unit_test_state *uts, const struct emmc_front_cfg *cfg,
		  struct slot *slot)
{
	ut_assertok(emmc_front_bind(dm_root(), cfg, &slot->mmc));
	ut_assertok(device_probe(slot->mmc));
	snprintf(slot->name, sizeof(slot->name), "mmc%d", dev_seq(slot->mmc));
	ut_asserteq(2, rpmb_scan());
	slot->ref = rpmb_ref(NULL, 0, KEY);
	ut_assertok(rpmb_get_device_by_name(slot->name, &slot->ref.dev));
	ut_assertok(rpmb_conformance_setup(uts));

	return 0;
}

static struct blk_desc *blk_of(struct slot *slot)
{
	return mmc_get_blk_desc(mmc_get_mmc_dev(slot->mmc));
}

static int dm_test_rpmb_emmc_scan(struct unit_test_state *uts)
{
	struct rpmb_descr *descr;
	struct udevice *dev;
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	/* eMMC comes first, although it was bound last */
	ut_assertok(rpmb_get_device(0, &dev));
	ut_asserteq_ptr(slot.ref.dev, dev);
	ut_assertok(rpmb_get_device(1, &dev));
	ut_asserteq_str("sandbox0", dev->name);
	ut_asserteq(2, rpmb_scan());

	descr = rpmb_get_descr(slot.ref.dev);
	ut_asserteq(RPMB_TYPE_EMMC, descr->type);
	ut_asserteq(4, rpmb_get_capacity(slot.ref.dev, 0));
	ut_asserteq(-EINVAL, rpmb_get_capacity(slot.ref.dev, 1));
	ut_asserteq(32, descr->max_wr);
	ut_asserteq(16, descr->target[0].dev_id_len);
	ut_asserteq_mem("\x13\x01\x4e\x52\x50\x4d\x42\x21"
			"\x10\xa1\xb2\xc3\xd4\x55\x01\x00",
			descr->target[0].dev_id, 16);
	ut_assertok(emmc_front_unbind(slot.mmc));
	ut_asserteq(1, rpmb_scan());

	return 0;
}
DM_TEST(dm_test_rpmb_emmc_scan, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Who looks for a device of another transport leaves this one alone */
static int dm_test_rpmb_emmc_scan_for(struct unit_test_state *uts)
{
	struct slot slot;

	ut_assertok(emmc_front_bind(dm_root(), &cfg_5_1, &slot.mmc));
	ut_assertok(device_probe(slot.mmc));
	snprintf(slot.name, sizeof(slot.name), "mmc%d", dev_seq(slot.mmc));
	ut_asserteq(1, rpmb_scan_for("ufs0"));
	ut_asserteq(1, rpmb_scan_for("virtio0"));
	ut_asserteq(1, rpmb_scan_for("sandbox0"));
	ut_asserteq(1, rpmb_scan_for("a name of nobody"));
	ut_asserteq(-ENODEV,
		    rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_asserteq(2, rpmb_scan_for(slot.name));
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_scan_for, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Slots without an RPMB are no devices, and no noise */
static int dm_test_rpmb_emmc_none(struct unit_test_state *uts)
{
	static const enum emmc_front_kind kinds[] = {
		EMMC_FRONT_EMMC, EMMC_FRONT_OLD_MMC, EMMC_FRONT_SD,
		EMMC_FRONT_EMPTY,
	};
	struct emmc_front_cfg cfg = cfg_5_1;
	struct udevice *mmc;
	int i;

	/* sandbox's own MMC devices do make noise */
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		cfg.kind = kinds[i];
		cfg.rpmb_mult = 0;
		ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
		ut_asserteq(1, rpmb_scan());
		ut_assertok(emmc_front_unbind(mmc));
	}
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_emmc_none, UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE);

static int conformance(struct unit_test_state *uts,
		       const struct emmc_front_cfg *cfg)
{
	struct slot slot;

	ut_assertok(insert(uts, cfg, &slot));
	ut_assertok(rpmb_conformance_run(uts, slot.ref.dev, 0));

	return emmc_front_unbind(slot.mmc);
}

static int dm_test_rpmb_emmc_conformance(struct unit_test_state *uts)
{
	struct emmc_front_cfg cfg = cfg_5_1;

	ut_assertok(conformance(uts, &cfg));
	cfg.wr_rel_param = 0;
	ut_assertok(conformance(uts, &cfg));
	/* eMMC 4.41, as QEMU's: one block per write */
	cfg.rev = 5;
	ut_assertok(conformance(uts, &cfg));
	/* a host that moves few blocks at a time */
	cfg.b_max = 3;
	ut_assertok(conformance(uts, &cfg));
	/* the largest and the smallest RPMB there are */
	cfg.rpmb_mult = 128;
	ut_assertok(conformance(uts, &cfg));
	cfg.rpmb_mult = 1;
	ut_assertok(conformance(uts, &cfg));

	return 0;
}
DM_TEST(dm_test_rpmb_emmc_conformance, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* ... and cards that are small, flaky, or odd; or slow */
static int run_odd(struct unit_test_state *uts, const struct rpmb_odd *odd)
{
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	rpmb_odd_make(odd, emmc_front_model(slot.mmc));
	ut_assertok(rpmb_conformance_run(uts, slot.ref.dev, 0));

	return emmc_front_unbind(slot.mmc);
}

static int dm_test_rpmb_emmc_odd(struct unit_test_state *uts)
{
	static const struct emmc_front_busy slow = { .ms = 1500, .dat0 = true };
	struct slot slot;

	ut_assertok(rpmb_conformance_odd(uts, run_odd));
	ut_assertok(insert(uts, &cfg_5_1, &slot));
	emmc_front_set_busy(slot.mmc, &slow);
	ut_assertok(rpmb_conformance_run(uts, slot.ref.dev, 0));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_odd, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int check_too_large_is_told(struct unit_test_state *uts,
				   struct slot *slot)
{
	ut_assertok(run_commandf("rpmb dev %s", slot->name));
	ut_assert_skip_to_line("%s:0 is the current RPMB", slot->name);
	ut_assertok(run_command("rpmb get-info", 0));
	ut_assert_skip_to_line("size:   16 MiB, blocks 0 to 0xffff");
	ut_assert_nextline("        (the device says 0xff units of 128 KiB; the most is 0x80)");

	return 0;
}

/* No more than an address reaches, whatever the card says */
static int dm_test_rpmb_emmc_too_large(struct unit_test_state *uts)
{
	struct emmc_front_cfg cfg = cfg_5_1;
	struct slot slot;

	cfg.rpmb_mult = 0xff;
	ut_assertok(insert(uts, &cfg, &slot));
	ut_asserteq(0x80, rpmb_get_capacity(slot.ref.dev, 0));
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(rpmb_read_blocks(slot.ref, 0xffff, 1, back));
	ut_asserteq(-ERANGE, rpmb_read_blocks(slot.ref, 0x10000, 1, back));
	if (IS_ENABLED(CONFIG_CMD_RPMB))
		ut_assertok(check_too_large_is_told(uts, &slot));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_too_large, UTF_SCAN_PDATA | UTF_SCAN_FDT |
	UTF_CONSOLE);

static int check_restored(struct unit_test_state *uts, struct slot *slot,
			  int hwpart);

/* As slow as Linux lets it be: programmed, written, and the disk is there */
static int check_slow(struct unit_test_state *uts,
		      const struct emmc_front_busy *busy)
{
	const struct rpmb_status *st;
	struct rpmb_model *m;
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	m = emmc_front_model(slot.mmc);
	st = status_of(slot.ref);
	emmc_front_set_busy(slot.mmc, busy);
	ut_assertok(rpmb_program_key(slot.ref));
	ut_asserteq(RPMB_STATE_CHANGED, st->state);
	ut_asserteq(1, m->keys_seen);
	rpmb_conformance_fill(data, sizeof(data), 7);
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 3, data));
	ut_asserteq(RPMB_STATE_CHANGED, st->state);
	ut_asserteq_mem(data, m->store.data, 3 * RPMB_BLOCK_SIZE);
	ut_assertok(check_restored(uts, &slot, 0));
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));

	return emmc_front_unbind(slot.mmc);
}

static int dm_test_rpmb_emmc_slow(struct unit_test_state *uts)
{
	static const struct emmc_front_busy rows[] = {
		{ .ms = 1500 },
		{ .ms = 1500, .dat0 = true },
		{ .ms = 9000 },
		{ .ms = 9000, .dat0 = true },
		/* the controller does not wait for as long as we do */
		{ .ms = 5000, .host_ms = 2700 },
		{ .ms = 5000, .host_ms = 2700, .dat0 = true },
	};
	int i, err;

	state_set_skip_delays(true);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		err = check_slow(uts, &rows[i]);
		if (err)
			printf("busy for %u ms, host %u, DAT0 %d\n",
			       rows[i].ms, rows[i].host_ms, rows[i].dat0);
		ut_assertok(err);
	}

	return 0;
}
DM_TEST(dm_test_rpmb_emmc_slow, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Busy for ever: the operation fails, the disk does not */
static int check_lost(struct unit_test_state *uts, bool dat0, int part)
{
	struct emmc_front_busy busy = { .ms = 1000000, .dat0 = dat0 };
	const struct rpmb_status *st;
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	st = status_of(slot.ref);
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(blk_dselect_hwpart(blk_of(&slot), part));
	emmc_front_set_busy(slot.mmc, &busy);
	ut_assert(rpmb_write_blocks(slot.ref, 0, 1, data));
	ut_asserteq(RPMB_FAULT_LINK, st->fault);
	ut_asserteq(RPMB_STATE_UNKNOWN, st->state);
	ut_assertok(check_restored(uts, &slot, part));
	blkcache_invalidate(UCLASS_MMC, blk_of(&slot)->devnum);
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));
	ut_asserteq('a' + part, back[1]);

	busy.ms = 0;
	emmc_front_set_busy(slot.mmc, &busy);
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));

	return emmc_front_unbind(slot.mmc);
}

static int dm_test_rpmb_emmc_lost(struct unit_test_state *uts)
{
	state_set_skip_delays(true);
	ut_assertok(check_lost(uts, true, 0));
	ut_assertok(check_lost(uts, true, 1));
	ut_assertok(check_lost(uts, false, 0));

	return 0;
}
DM_TEST(dm_test_rpmb_emmc_lost, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* One disturbed transfer is none: in the middle of it, or its answer lost */
static int dm_test_rpmb_emmc_disturbed(struct unit_test_state *uts)
{
	static const u8 cmds[] = {
		MMC_CMD_SET_BLOCK_COUNT, MMC_CMD_WRITE_MULTIPLE_BLOCK,
		MMC_CMD_READ_MULTIPLE_BLOCK,
	};
	struct emmc_front_fault fail = { .part = MMC_PART_RPMB, .err = -EILSEQ };
	struct slot slot;
	u32 count;
	int i;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	for (i = 0; i < 2 * ARRAY_SIZE(cmds); i++) {
		fail.cmd = cmds[i / 2];
		fail.executed = i & 1;
		fail.times = 1;
		emmc_front_fail(slot.mmc, &fail);
		ut_assertok(rpmb_read_blocks(slot.ref, 0, 5, back));
		emmc_front_fail(slot.mmc, &fail);
		ut_assertok(rpmb_get_write_count(slot.ref, &count));
		emmc_front_fail(slot.mmc, &fail);
		ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));
		/* each time the card was told to stop */
		ut_asserteq(3, emmc_front_log_count(slot.mmc,
						    MMC_CMD_STOP_TRANSMISSION));
		emmc_front_log(slot.mmc)->count = 0;
	}

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_disturbed, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_emmc_faults(struct unit_test_state *uts)
{
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_faults_run(uts, slot.ref.dev, 0,
				    emmc_front_model(slot.mmc)));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_faults, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* The commands sent while the RPMB was selected: pairs of index and argument */
static int check_log(struct unit_test_state *uts, struct slot *slot,
		     const u32 *want, int words)
{
	struct emmc_front_log *log = emmc_front_log(slot->mmc);
	int i, n = 0;

	ut_assert(log->count < EMMC_FRONT_LOG_MAX);
	for (i = 0; i < log->count; i++) {
		struct emmc_front_cmd *cmd = &log->cmd[i];

		if (cmd->part != MMC_PART_RPMB ||
		    cmd->idx == MMC_CMD_SWITCH ||
		    cmd->idx == MMC_CMD_SEND_STATUS)
			continue;
		ut_assert(n < words);
		ut_asserteq(want[n++], cmd->idx);
		ut_asserteq(want[n++], cmd->arg);
	}
	ut_asserteq(words, n);
	log->count = 0;

	return 0;
}

/* As few commands as JEDEC allows, and each CMD23 as it must be */
static int dm_test_rpmb_emmc_commands(struct unit_test_state *uts)
{
	static const u32 program[] = {
		23, 1, 25, 0, 23, 1, 18, 0,			/* no key yet */
		23, 1 | RELIABLE, 25, 0, 23, 1, 25, 0, 23, 1, 18, 0,
		23, 1, 25, 0, 23, 1, 18, 0,			/* proof */
	};
	static const u32 first_write[] = {
		23, 32 | RELIABLE, 25, 0, 23, 1, 25, 0, 23, 1, 18, 0,
		23, 1, 25, 0, 23, 32, 18, 0,			/* read back */
		23, 2 | RELIABLE, 25, 0, 23, 1, 25, 0, 23, 1, 18, 0,
		23, 1 | RELIABLE, 25, 0, 23, 1, 25, 0, 23, 1, 18, 0,
	};
	static const u32 write_2[] = {
		23, 2 | RELIABLE, 25, 0, 23, 1, 25, 0, 23, 1, 18, 0,
	};
	static const u32 read_16[] = { 23, 1, 25, 0, 23, 16, 18, 0 };
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	emmc_front_log(slot.mmc)->count = 0;
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(check_log(uts, &slot, program, ARRAY_SIZE(program)));

	ut_assertok(rpmb_write_blocks(slot.ref, 0x20, 35, data));
	ut_assertok(check_log(uts, &slot, first_write, ARRAY_SIZE(first_write)));
	ut_assertok(rpmb_write_blocks(slot.ref, 2, 2, data));
	ut_assertok(check_log(uts, &slot, write_2, ARRAY_SIZE(write_2)));
	ut_assertok(rpmb_read_blocks(slot.ref, 0, 16, back));
	ut_assertok(check_log(uts, &slot, read_16, ARRAY_SIZE(read_16)));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_commands, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* EXT_CSD promises more than the card takes: single blocks, from then on */
static int dm_test_rpmb_emmc_fallback(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct slot slot;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	m = emmc_front_model(slot.mmc);
	m->max_wr = 1;
	ut_assertok(rpmb_program_key(slot.ref));
	rpmb_conformance_fill(data, sizeof(data), 1);
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 0x21, data));
	ut_asserteq(0x21, status_of(slot.ref)->done);
	ut_asserteq(0x21, m->state.counter);
	ut_assertok(rpmb_read_blocks(slot.ref, 0, 0x21, back));
	ut_asserteq_mem(data, back, 0x21 * RPMB_BLOCK_SIZE);

	m->requests[RPMB_REQ_WRITE_DATA] = 0;
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 4, data));
	ut_asserteq(4, m->requests[RPMB_REQ_WRITE_DATA]);

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_fallback, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int check_restored(struct unit_test_state *uts, struct slot *slot,
			  int hwpart)
{
	ut_asserteq(hwpart, blk_of(slot)->hwpart);
	ut_asserteq(hwpart, emmc_front_partition(slot->mmc));

	return 0;
}

/* The partition that was selected is selected again, whatever happened */
static int dm_test_rpmb_emmc_hwpart(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct slot slot;
	u32 count;
	int part;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	m = emmc_front_model(slot.mmc);
	ut_assertok(rpmb_program_key(slot.ref));
	for (part = 0; part <= 2; part++) {
		struct emmc_front_fault fail = {
			.cmd = MMC_CMD_SET_BLOCK_COUNT, .part = -1, .times = 3,
			.err = -EILSEQ,
		};

		ut_assertok(blk_dselect_hwpart(blk_of(&slot), part));
		ut_assertok(rpmb_read_blocks(slot.ref, 0, 1, back));
		ut_assertok(check_restored(uts, &slot, part));

		rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 0, 3);
		ut_asserteq(-ETIMEDOUT, rpmb_read_blocks(slot.ref, 0, 1, back));
		ut_assertok(check_restored(uts, &slot, part));

		emmc_front_fail(slot.mmc, &fail);
		ut_asserteq(-EILSEQ, rpmb_get_write_count(slot.ref, &count));
		ut_asserteq(RPMB_FAULT_LINK, status_of(slot.ref)->fault);
		ut_assertok(check_restored(uts, &slot, part));

		/* the switch there fails: nothing must go to where we are */
		emmc_front_log(slot.mmc)->count = 0;
		emmc_front_fail_switch(slot.mmc, 0, 4);
		ut_assert(rpmb_get_write_count(slot.ref, &count));
		ut_asserteq(0, emmc_front_log_count(slot.mmc, 25));
		emmc_front_fail_switch(slot.mmc, 0, 0);
		ut_assertok(check_restored(uts, &slot, part));
		ut_assertok(rpmb_get_write_count(slot.ref, &count));
	}

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_hwpart, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Neither switch happens, and nobody believes afterwards that one did */
static int dm_test_rpmb_emmc_never_left(struct unit_test_state *uts)
{
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));
	emmc_front_fail_switch(slot.mmc, 0, 99);
	ut_assert(rpmb_get_write_count(slot.ref, &count));
	emmc_front_fail_switch(slot.mmc, 0, 0);

	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_asserteq(0, blk_of(&slot)->hwpart);
	memcpy(data, back, sizeof(back));
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));
	ut_asserteq_mem(data, back, 512);

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_never_left, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* The way back fails: ordinary blocks must not go to the RPMB */
static int dm_test_rpmb_emmc_stuck(struct unit_test_state *uts)
{
	struct emmc_front_fault dead = {
		.cmd = MMC_CMD_SEND_OP_COND, .part = -1, .times = 9999,
		.err = -ETIMEDOUT,
	};
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	/* initialised anew the card is out of it */
	emmc_front_fail_switch(slot.mmc, 1, 99);
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_assertok(check_restored(uts, &slot, 0));
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));

	/* and if it does not come back, it has no blocks */
	emmc_front_fail_switch(slot.mmc, 1, 99);
	emmc_front_fail(slot.mmc, &dead);
	ut_assert(rpmb_get_write_count(slot.ref, &count));
	ut_asserteq(0, blk_dread(blk_of(&slot), 0, 1, back));
	ut_asserteq(0, blk_dwrite(blk_of(&slot), 0, 1, back));
	ut_asserteq(-1, (long)blk_derase(blk_of(&slot), 0, 1));
	emmc_front_fail_switch(slot.mmc, 0, 0);
	dead.times = 0;
	emmc_front_fail(slot.mmc, &dead);

	/* the next operation switches for sure, and brings the blocks back */
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_asserteq(0, emmc_front_partition(slot.mmc));
	ut_asserteq(0, blk_of(&slot)->hwpart);
	ut_asserteq(1, blk_dread(blk_of(&slot), 0, 1, back));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_stuck, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Another card in the slot is another device: nothing goes to it unasked */
static int dm_test_rpmb_emmc_swap(struct unit_test_state *uts)
{
	u8 id[16];
	struct rpmb_model *m;
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	m = emmc_front_model(slot.mmc);
	memcpy(id, rpmb_get_descr(slot.ref.dev)->target[0].dev_id, sizeof(id));
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));

	emmc_front_swap_card(slot.mmc);
	emmc_front_rescan(slot.mmc);
	memset(m->requests, 0, sizeof(m->requests));
	m->keys_seen = 0;
	ut_asserteq(-ENXIO, rpmb_write_blocks(slot.ref, 0, 1, data));
	ut_asserteq(-ENXIO, rpmb_program_key(slot.ref));
	ut_asserteq(-ENXIO, rpmb_get_write_count(slot.ref, &count));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	ut_asserteq(0, m->keys_seen);

	/* Looked for again it is found, under its own id, and blank */
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_assert(memcmp(id, rpmb_get_descr(slot.ref.dev)->target[0].dev_id,
			 sizeof(id)));
	ut_asserteq(-ENOKEY, rpmb_get_write_count(slot.ref, &count));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_swap, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_emmc_power_cycle(struct unit_test_state *uts)
{
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));
	emmc_front_power_cycle(slot.mmc);
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_asserteq(1, count);
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_power_cycle, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A card that is there no longer when it is used, or that has told nothing of itself */
static int dm_test_rpmb_emmc_gone(struct unit_test_state *uts)
{
	static const struct emmc_front_fault dead = {
		.cmd = EMMC_FRONT_ANY_CMD, .part = -1, .times = 1000000,
		.err = -ETIMEDOUT,
	};
	static const struct emmc_front_fault well = { .times = 0 };
	struct slot slot;
	struct mmc *mmc;
	u8 *ext_csd;
	u32 count;

	ut_assertok(insert(uts, &cfg_5_1, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	emmc_front_power_cycle(slot.mmc);
	emmc_front_fail(slot.mmc, &dead);
	ut_assert(rpmb_get_write_count(slot.ref, &count) < 0);
	ut_asserteq(RPMB_FAULT_LINK, rpmb_get_status(slot.ref.dev, 0)->fault);
	/* it is not found either, and found again */
	ut_asserteq(1, rpmb_scan());
	emmc_front_fail(slot.mmc, &well);
	ut_asserteq(2, rpmb_scan());
	/* it was not probed yet when it is looked for once more */
	ut_asserteq(2, rpmb_scan());
	mmc = mmc_get_mmc_dev(slot.mmc);
	ext_csd = mmc->ext_csd;
	mmc->ext_csd = NULL;
	ut_asserteq(-ENXIO, rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	mmc->ext_csd = ext_csd;
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_assertok(rpmb_get_write_count(slot.ref, &count));

	return emmc_front_unbind(slot.mmc);
}
DM_TEST(dm_test_rpmb_emmc_gone, UTF_SCAN_PDATA | UTF_SCAN_FDT);
