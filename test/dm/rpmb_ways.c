// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ways to an eMMC's RPMB: who is not its owner does not get there
 *
 * doc/develop/rpmb/ways.rst lists all ways. Here are those that need no
 * machine, and those that QEMU's board does not have; test/qemu/test_ways.py
 * walks the others.
 */

#include <blk.h>
#include <command.h>
#include <console.h>
#include <dfu.h>
#include <dm.h>
#include <fastboot.h>
#include <fb_mmc.h>
#include <mmc.h>
#include <part.h>
#include <asm/byteorder.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"
#include "../../drivers/mmc/mmc_private.h"

#define REFUSED	"MMC: the RPMB takes no blocks: refused, nothing was changed"

static u8 buf[2 * RPMB_BLOCK_SIZE];

/* An eMMC with an RPMB, in a slot of its own */
struct way {
	struct udevice *dev;
	struct mmc *mmc;
	struct blk_desc *blk;
	int num;
	char name[4];
};

static int set_up(struct unit_test_state *uts, struct way *w, bool closed,
		  bool keeps_part)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;

	cfg.keeps_part = keeps_part;
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &w->dev));
	ut_assertok(device_probe(w->dev));
	w->mmc = mmc_get_mmc_dev(w->dev);
	w->blk = mmc_get_blk_desc(w->mmc);
	w->num = w->blk->devnum;
	snprintf(w->name, sizeof(w->name), "%d", w->num);
	ut_assertok(mmc_init(w->mmc));
	ut_assertok(run_commandf("mmc dev %d", w->num));
	sandbox_rpmb_set_closed(closed);
	emmc_front_log(w->dev)->count = 0;

	return 0;
}

static int tear_down(struct unit_test_state *uts, struct way *w)
{
	sandbox_rpmb_set_closed(false);

	return emmc_front_unbind(w->dev);
}

/* Nothing came to the card in its RPMB, and it is where it was */
static int check_untouched(struct unit_test_state *uts, struct way *w)
{
	struct emmc_front_log *log = emmc_front_log(w->dev);
	int i;

	for (i = 0; i < log->count && i < EMMC_FRONT_LOG_MAX; i++)
		ut_assert(log->cmd[i].part != MMC_PART_RPMB);
	ut_asserteq(0, emmc_front_partition(w->dev));
	ut_asserteq(0, w->blk->hwpart);
	ut_asserteq(1, blk_dread(w->blk, 3, 1, buf));
	ut_asserteq(3, buf[0]);
	ut_asserteq('a', buf[1]);

	return 0;
}

/* How often it was said why not */
static int refusals(struct unit_test_state *uts)
{
	char *line = uts->actual_str;
	int n = 0;

	while (console_record_avail() &&
	       console_record_readline(line, sizeof(uts->actual_str)) >= 0)
		n += !!strstr(line, REFUSED);

	return n;
}

/* Commands that name the partition; those of mmc read a decimal number */
static const char *const commands[] = {
	"mmc dev %d 3",
	"mmc partconf %d 0 0 3",
	"mmc partconf %d 1 7 rpmb",
	"mmc partconf %d 0 0 11",
	"mmc partconf %d 0 0 251",
	"part list mmc %x.3",
	"part start mmc %x.3 1 start",
	"ls mmc %x.3",
	"ls mmc %x.3:1",
	"load mmc %x.3 1000 file",
	"size mmc %x.3 file",
	"fstype mmc %x.3",
	"fatload mmc %x.3 1000 file",
	"ext4load mmc %x.3 1000 file",
	"read mmc %x.3 1000 0 1",
	"write mmc %x.3 1000 0 1",
	"read mmc %x.b 1000 0 1",
};

static int walk_commands(struct unit_test_state *uts, bool closed)
{
	struct way w;
	int i;

	ut_assertok(set_up(uts, &w, closed, false));
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		console_record_reset_enable();
		ut_assert(run_commandf(commands[i], w.num));
		ut_asserteq(1, refusals(uts));
		ut_assertok(check_untouched(uts, &w));
	}

	return tear_down(uts, &w);
}

static int dm_test_rpmb_ways_commands(struct unit_test_state *uts)
{
	ut_assertok(walk_commands(uts, false));

	return walk_commands(uts, true);
}
DM_TEST(dm_test_rpmb_ways_commands, UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE);

/* What commands and boot methods end in: environment, SPL, fastboot, boards */
static int dm_test_rpmb_ways_functions(struct unit_test_state *uts)
{
	struct way w;
	int i;

	ut_assertok(set_up(uts, &w, false, false));
	for (i = MMC_PART_RPMB; i < 256; i += PART_ACCESS_MASK + 1) {
		ut_asserteq(-EACCES, blk_dselect_hwpart(w.blk, i));
		ut_asserteq(-EACCES, blk_select_hwpart_devnum(UCLASS_MMC, w.num,
							      i));
		ut_asserteq(-EACCES, mmc_switch_part(w.mmc, i));
		ut_asserteq(-EACCES, mmc_set_part_conf(w.mmc, 0, 0, i));
		ut_asserteq(-EACCES, mmc_switch(w.mmc, EXT_CSD_CMD_SET_NORMAL,
						EXT_CSD_PART_CONF, i));
	}
	ut_asserteq(0, emmc_front_log_count(w.dev, MMC_CMD_SWITCH));
	ut_assertok(check_untouched(uts, &w));
	for (i = 2; i >= 0; i--)
		ut_assertok(blk_dselect_hwpart(w.blk, i));

	return tear_down(uts, &w);
}
DM_TEST(dm_test_rpmb_ways_functions, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ways_dfu(struct unit_test_state *uts)
{
	char *argv[5] = { "raw", "0", "0x10", "mmcpart", "3" };
	struct dfu_entity dfu = { };
	long len = 512;
	struct way w;

	ut_assertok(set_up(uts, &w, false, false));
	ut_assertok(dfu_fill_entity_mmc(&dfu, w.name, argv, 5));
	ut_asserteq(-EACCES, dfu.write_medium(&dfu, 0, buf, &len));
	ut_asserteq(-EACCES, dfu.read_medium(&dfu, 0, buf, &len));
	ut_assertok(check_untouched(uts, &w));

	return tear_down(uts, &w);
}
DM_TEST(dm_test_rpmb_ways_dfu, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ways_fastboot(struct unit_test_state *uts)
{
	char response[FASTBOOT_RESPONSE_LEN], name[12];
	struct disk_partition info;
	struct blk_desc *blk;
	struct way w;

	ut_assertok(set_up(uts, &w, false, false));
	snprintf(name, sizeof(name), "%x.3:0", w.num);
	console_record_reset_enable();
	ut_assert(fastboot_mmc_get_part_info(name, &blk, &info, response) < 0);
	ut_asserteq(1, refusals(uts));
	ut_assertok(check_untouched(uts, &w));

	return tear_down(uts, &w);
}
DM_TEST(dm_test_rpmb_ways_fastboot,
	UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE);

/* While its owner has the RPMB there are no blocks: UMS, EFI, whoever asks */
static int dm_test_rpmb_ways_claimed(struct unit_test_state *uts)
{
	struct way w;
	int part;

	ut_assertok(set_up(uts, &w, false, false));
	for (part = 0; part <= 2; part++) {
		ut_assertok(blk_dselect_hwpart(w.blk, part));
		ut_assertok(mmc_rpmb_claim(w.mmc));
		ut_assertok(mmc_rpmb_claim(w.mmc));
		ut_asserteq(MMC_PART_RPMB, emmc_front_partition(w.dev));
		blkcache_invalidate(UCLASS_MMC, w.num);
		emmc_front_log(w.dev)->count = 0;
		ut_asserteq(0, blk_dread(w.blk, 7, 1, buf));
		ut_asserteq(0, blk_dwrite(w.blk, 7, 1, buf));
		ut_asserteq(-1, (long)blk_derase(w.blk, 7, 1));
		ut_asserteq(0, emmc_front_log(w.dev)->count);
		ut_assertok(mmc_rpmb_release(w.mmc));
		ut_asserteq(part, emmc_front_partition(w.dev));
		ut_asserteq(part, w.blk->hwpart);
		ut_asserteq(1, blk_dread(w.blk, 5, 1, buf));
		ut_asserteq('a' + part, buf[1]);
	}

	return tear_down(uts, &w);
}
DM_TEST(dm_test_rpmb_ways_claimed, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A card that is found with its RPMB selected is taken out of it */
static int dm_test_rpmb_ways_left(struct unit_test_state *uts)
{
	struct way w;

	ut_assertok(set_up(uts, &w, false, true));
	ut_assertok(mmc_rpmb_claim(w.mmc));
	emmc_front_rescan(w.dev);
	ut_assertok(mmc_init(w.mmc));
	emmc_front_log(w.dev)->count = 0;
	ut_assertok(check_untouched(uts, &w));

	return tear_down(uts, &w);
}
DM_TEST(dm_test_rpmb_ways_left, UTF_SCAN_PDATA | UTF_SCAN_FDT);
