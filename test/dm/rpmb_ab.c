// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what is taken from Android's A/B metadata
 */

#include <android_ab.h>
#include <android_bootloader_message.h>
#include <blk.h>
#include <console.h>
#include <dm.h>
#include <malloc.h>
#include <memalign.h>
#include <part.h>
#include <dm/test.h>
#include <rpmb-policy.h>
#include <test/test.h>
#include <test/ut.h>
#include <u-boot/crc.h>
#include <asm/unaligned.h>

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define MISC	64	/* block where a partition starts */
#define BLOCKS	5	/* that the metadata need */

/* Slot _a marked successful, _b on trial, as bytes: little-endian */
static const u8 good[RPMB_AB_SIZE] = {
	'_', 'a', 0, 0, 'B', 'C', 'A', 'B', 1, 2, 0, 0,
	0xff, 0, 0x7e, 0,
	[28] = 0xa5, 0xe3, 0xed, 0xf3,
};

static void seal(u8 *buf)
{
	put_unaligned_le32(crc32(0, buf, 28), buf + 28);
}

static int dm_test_rpmb_ab_parse(struct unit_test_state *uts)
{
	u8 buf[RPMB_AB_SIZE];
	struct rpmb_ab ab = { .bootable = 0xaa, .successful = 0xaa };
	int i;

	/* every bit counts */
	for (i = 0; i < 8 * RPMB_AB_SIZE; i++) {
		memcpy(buf, good, sizeof(buf));
		buf[i / 8] ^= BIT(i % 8);
		ut_asserteq(-EBADMSG, rpmb_ab_parse(buf, &ab));
	}
	ut_asserteq(0xaa, ab.bootable);
	ut_assertok(rpmb_ab_parse(good, &ab));
	ut_asserteq(0x3, ab.bootable);
	ut_asserteq(0x1, ab.successful);

	/* slots that are not there */
	memcpy(buf, good, sizeof(buf));
	memset(buf + 12, 0xff, 8);
	for (i = 0; i < 4; i++)
		buf[12 + 2 * i + 1] = 0;
	for (i = 0; i <= 7; i++) {
		buf[9] = i | 7 << 3;
		seal(buf);
		if (i > RPMB_AB_SLOTS) {
			ut_asserteq(-EBADMSG, rpmb_ab_parse(buf, &ab));
			continue;
		}
		ut_assertok(rpmb_ab_parse(buf, &ab));
		ut_asserteq(BIT(i) - 1, ab.bootable);
		ut_asserteq(BIT(i) - 1, ab.successful);
	}

	/* the slot that was chosen last can boot, whatever it has left */
	buf[9] = 2;
	for (i = 0; i <= 4; i++) {
		buf[1] = 'a' + i;
		memset(buf + 12, 0, 8);
		seal(buf);
		ut_assertok(rpmb_ab_parse(buf, &ab));
		ut_asserteq(BIT(i) & 3, ab.bootable);
		ut_asserteq(0, ab.successful);
		memset(buf + 12, 0xff, 8);	/* corrupted */
		seal(buf);
		ut_assertok(rpmb_ab_parse(buf, &ab));
		ut_asserteq(0, ab.bootable);
	}
	memset(buf + 12, 0, 8);
	memcpy(buf, "xa", 2);
	seal(buf);
	ut_assertok(rpmb_ab_parse(buf, &ab));
	ut_asserteq(0, ab.bootable);

	/* later versions, and what is no metadata at all */
	buf[9] = 2;
	buf[8] = 2;
	seal(buf);
	ut_asserteq(-EPROTONOSUPPORT, rpmb_ab_parse(buf, &ab));
	memset(buf, 0, sizeof(buf));
	seal(buf);
	ut_asserteq(-EBADMSG, rpmb_ab_parse(buf, &ab));

	return 0;
}
DM_TEST(dm_test_rpmb_ab_parse, FLAGS);

/* Priority and tries of a slot, marks: what may be booted, and what works */
static int dm_test_rpmb_ab_slot(struct unit_test_state *uts)
{
	u8 buf[RPMB_AB_SIZE];
	struct rpmb_ab ab;
	u32 i;

	memcpy(buf, good, sizeof(buf));
	buf[1] = 'b';	/* not chosen */
	buf[9] = 1;
	for (i = 0; i <= 0x1ff; i++) {
		u32 tries = i >> 4 & 7;
		bool works = i & BIT(7), corrupted = i & BIT(8);
		bool bootable = !corrupted && (works || tries);

		put_unaligned_le16(i, buf + 12);
		seal(buf);
		ut_assertok(rpmb_ab_parse(buf, &ab));
		ut_asserteq(bootable, ab.bootable);
		ut_asserteq(bootable && works, ab.successful);
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ab_slot, FLAGS);

static int disk(struct unit_test_state *uts, u32 blocks,
		struct blk_desc **descp)
{
	struct disk_partition part = {
		.start = MISC,
		.size = blocks,
		.name = "misc",
		.uuid = "11111111-2222-3333-4444-555555555555",
	};
	char disk_guid[] = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

	ut_asserteq(2, blk_get_device_by_str("mmc", "2", descp));
	ut_assertok(gpt_restore(*descp, disk_guid, &part, 1));

	return 0;
}

/* U-Boot's own writer makes what is read */
static int dm_test_rpmb_ab_read(struct unit_test_state *uts)
{
	struct disk_partition part = { .start = MISC, .size = BLOCKS,
				       .blksz = 512 };
	ALLOC_CACHE_ALIGN_BUFFER(u8, block, 512);
	struct blk_desc *desc;
	struct rpmb_ab ab;
	int allocs, ret;

	ut_assertok(disk(uts, BLOCKS, &desc));
	memset(block, 0, 512);
	ut_asserteq(1, blk_dwrite(desc, MISC + 4, 1, block));
	console_record_reset();
	ut_asserteq(-EBADMSG, rpmb_ab_read("mmc", "2#misc", &ab));
	ut_assert_nextline("rollback: REFUSED: %s (error %d)",
			   "the A/B metadata are damaged, or were never written",
			   -EBADMSG);
	ut_assert_nextline("  device: untouched, no index was raised");
	ut_assert_nextline("  advice: see 'bcb ab_dump'; 'bcb ab_select' writes new ones");
	ut_assert_console_end();
	ut_asserteq(1, blk_dread(desc, MISC + 4, 1, block));
	ut_asserteq(0, block[0]);

	ut_asserteq(0, ab_select_slot(desc, &part, true));
	ut_assertok(rpmb_ab_read("mmc", "2#misc", &ab));
	ut_asserteq(0x3, ab.bootable);
	ut_asserteq(0, ab.successful);
	ut_assertok(rpmb_ab_read("mmc", "2:1", &ab));

	memcpy(block, good, sizeof(good));
	ut_asserteq(1, blk_dwrite(desc, MISC + 4, 1, block));
	ut_asserteq(0, ab_select_slot(desc, &part, true));
	ut_assertok(rpmb_ab_read("mmc", "2#misc", &ab));
	ut_asserteq(0x1, ab.successful);

	/* with just so little memory that the table can still be read */
	for (allocs = 50, ret = 0; !ret; allocs--) {
		ut_assert(allocs);
		malloc_enable_testing(allocs);
		ret = rpmb_ab_read("mmc", "2#misc", &ab);
		malloc_disable_testing();
	}
	ut_asserteq(-ENOMEM, ret);
	ut_asserteq(-ENODEV, rpmb_ab_read("mmc", "2#other", &ab));
	ut_asserteq(-ENODEV, rpmb_ab_read("junk", "2#misc", &ab));
	ut_assertok(disk(uts, BLOCKS - 1, &desc));
	ut_asserteq(-ENOSPC, rpmb_ab_read("mmc", "2#misc", &ab));

	return 0;
}
DM_TEST(dm_test_rpmb_ab_read, FLAGS);

/* A table that promises blocks which the disk does not have */
static int dm_test_rpmb_ab_short(struct unit_test_state *uts)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, block, 512);
	struct rpmb_ab ab = { .bootable = 0xaa, .successful = 0xaa };
	struct blk_desc *desc;

	ut_asserteq(2, blk_get_device_by_str("mmc", "2", &desc));
	memset(block, 0, 512);
	block[446 + 4] = 0x83;
	put_unaligned_le32(desc->lba - BLOCKS + 1, block + 446 + 8);
	put_unaligned_le32(BLOCKS, block + 446 + 12);
	put_unaligned_le16(0xaa55, block + 510);
	ut_asserteq(1, blk_dwrite(desc, 0, 1, block));
	part_init(desc);
	console_record_reset();
	ut_asserteq(-EIO, rpmb_ab_read("mmc", "2:1", &ab));
	ut_assert_skip_to_line("rollback: REFUSED: the A/B metadata cannot be read (error %d)",
			       -EIO);
	ut_assert_nextline("  device: untouched, no index was raised");
	ut_assert_nextline("  advice: try again; see 'part list'");
	ut_assert_console_end();
	ut_asserteq(0xaa, ab.bootable);
	ut_asserteq(0xaa, ab.successful);

	return 0;
}
DM_TEST(dm_test_rpmb_ab_short, FLAGS);
