// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of "mmc rpmb" as a front of the uclass
 */

#include <command.h>
#include <dm.h>
#include <mmc.h>
#include <rpmb-key.h>
#include <asm/rpmb.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define BLOCKS	16

static u8 key[RPMB_KEY_SIZE];
static u8 data[BLOCKS * RPMB_BLOCK_SIZE], back[BLOCKS * RPMB_BLOCK_SIZE];

static int set_up(struct unit_test_state *uts, struct udevice **devp,
		  struct rpmb_model **mp)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;

	ut_assertok(emmc_front_bind(dm_root(), &cfg, devp));
	ut_assertok(device_probe(*devp));
	*mp = emmc_front_model(*devp);
	ut_assertok(run_commandf("mmc dev %d 1", dev_seq(*devp)));
	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_conformance_key(RPMB_CONFORMANCE_KEY, key);
	rpmb_conformance_fill(data, sizeof(data), 3);
	(*mp)->state.key_set = 1;
	memcpy((*mp)->state.key, key, sizeof(key));
	console_record_reset();

	return 0;
}

static int tear_down(struct unit_test_state *uts, struct udevice *dev)
{
	/* the partition that was selected is selected */
	ut_asserteq(1, emmc_front_partition(dev));
	sandbox_rpmb_set_closed(false);

	return emmc_front_unbind(dev);
}

/* Did a line say this? And none that it is unverified, unless that is asked for */
static int check_said(struct unit_test_state *uts, const char *what)
{
	char *line = uts->actual_str;
	bool found = false;

	while (console_record_avail() &&
	       console_record_readline(line, sizeof(uts->actual_str)) >= 0) {
		found |= !!strstr(line, what);
		ut_assert(!strstr(line, "UNVERIFIED") ||
			  strstr(what, "UNVERIFIED"));
	}
	ut_assert(found);

	return 0;
}

static int transfer(const char *what, void *addr, uint blk, uint count)
{
	return run_commandf("mmc rpmb %s %lx %x %x %lx", what, (ulong)addr,
			    blk, count, (ulong)key);
}

/* Its grammar and its words are what they were; what is on the bus is the uclass's */
static int dm_test_rpmb_mmc_works(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 reads;

	ut_assertok(set_up(uts, &dev, &m));
	ut_assertok(transfer("write", data, 2, BLOCKS));
	ut_assertok(check_said(uts, "16 RPMB blocks written: OK"));
	/* 2 blocks a message, as the card has it */
	ut_asserteq(BLOCKS / 2, m->requests[RPMB_REQ_WRITE_DATA]);
	ut_asserteq_mem(data, m->store.data + 2 * RPMB_BLOCK_SIZE,
			sizeof(data));
	reads = m->requests[RPMB_REQ_READ_DATA];
	ut_assertok(transfer("read", back, 2, BLOCKS));
	ut_assertok(check_said(uts, "16 RPMB blocks read: OK"));
	ut_asserteq(reads + 1, m->requests[RPMB_REQ_READ_DATA]);
	ut_asserteq_mem(data, back, sizeof(data));
	memset(back, 0, sizeof(back));
	/* without a key it is unverified, and says so in front of the rest */
	ut_assertok(run_commandf("mmc rpmb read %lx 2 1", (ulong)back));
	ut_assertok(check_said(uts, "UNVERIFIED: 1 RPMB blocks read: OK"));
	ut_asserteq_mem(data, back, RPMB_BLOCK_SIZE);
	ut_assertok(run_command("mmc rpmb counter", 0));
	ut_assertok(check_said(uts, "UNVERIFIED: RPMB Write counter= 8"));
	/* the key is in no slot any more */
	ut_assertnull(rpmb_key_provider(RPMB_CONFORMANCE_EMPTY));
	ut_assertnonnull(rpmb_key_provider(RPMB_CONFORMANCE_KEY));

	return tear_down(uts, dev);
}
DM_TEST(dm_test_rpmb_mmc_works, FLAGS);

/* What the uclass refuses, and why */
static int dm_test_rpmb_mmc_refuses(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 reads;
	int i;

	ut_assertok(set_up(uts, &dev, &m));
	ut_assert(transfer("write", data, CONFIG_RPMB_ROLLBACK_START, 1));
	ut_assertok(check_said(uts, "rollback indexes or named records"));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	key[0] ^= 1;
	ut_assert(transfer("read", back, 0, 1));
	ut_assertok(check_said(uts, "not signed with this key"));
	key[0] ^= 1;
	sandbox_rpmb_set_closed(true);
	ut_assert(transfer("write", data, 0, 1));
	ut_assertok(check_said(uts, "the board is closed (error"));
	sandbox_rpmb_set_hook(false);
	ut_assert(transfer("write", data, 0, 1));
	sandbox_rpmb_set_hook(true);
	ut_assertok(check_said(uts, "the board is closed, for want of a hook"));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	reads = m->requests[RPMB_REQ_READ_DATA];
	ut_assert(transfer("read", back, 0, 1));
	ut_assertok(check_said(uts, "the board is closed"));
	ut_asserteq(reads, m->requests[RPMB_REQ_READ_DATA]);
	ut_assertok(run_commandf("mmc rpmb read %lx 0 1", (ulong)back));
	ut_asserteq(reads + 1, m->requests[RPMB_REQ_READ_DATA]);
	ut_assertok(run_command("mmc rpmb counter", 0));
	ut_assertok(check_said(uts, "UNVERIFIED: RPMB Write counter= 0"));
	sandbox_rpmb_set_closed(false);

	/* no key that the world knows, and none where there is no room */
	memset(back, 0, sizeof(back));
	ut_assert(run_commandf("mmc rpmb read %lx 0 1 %lx", (ulong)data,
			       (ulong)back));
	ut_assertok(check_said(uts, "blank, patterned or published"));
	for (i = 1; i <= CONFIG_RPMB_KEY_SLOTS; i++)
		ut_assertok(rpmb_key_add(i, key));
	ut_assert(transfer("read", back, 0, 1));
	ut_assertok(check_said(uts, "all key slots are in use"));
	rpmb_key_wipe_all();

	return tear_down(uts, dev);
}
DM_TEST(dm_test_rpmb_mmc_refuses, FLAGS);

/* It is asked before a key is programmed, so by the function */
static int dm_test_rpmb_mmc_key(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	struct mmc *mmc;

	ut_assertok(set_up(uts, &dev, &m));
	mmc = mmc_get_mmc_dev(dev);
	m->state.key_set = 0;
	rpmb_key_wipe_all();
	sandbox_rpmb_set_closed(true);
	ut_assert(mmc_rpmb_set_key(mmc, key));
	ut_asserteq(0, m->requests[RPMB_REQ_PROGRAM_KEY]);
	sandbox_rpmb_set_closed(false);
	ut_assertok(mmc_rpmb_set_key(mmc, key));
	ut_asserteq_mem(key, m->state.key, sizeof(key));
	ut_asserteq(-EALREADY, mmc_rpmb_set_key(mmc, key));
	ut_asserteq(1, m->requests[RPMB_REQ_PROGRAM_KEY]);
	ut_assertnull(rpmb_key_provider(1));

	return tear_down(uts, dev);
}
DM_TEST(dm_test_rpmb_mmc_key, FLAGS);
