// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: Android's A/B metadata, which anybody can write who has the disk
 */

#include "../../boot/rpmb/ab.c"
#include "fuzz_input.h"

static struct fuzz_input in;
static struct blk_desc disk;

const struct rpmb_reason *rpmb_reason_ab(int err)
{
	static const struct rpmb_reason reason = {
		.what = "what", .advice = "advice"
	};

	fuzz_must(err);
	return &reason;
}

/* lib/crc32.c feeds a watchdog */
void schedule(void)
{
}

/* Checksum and magic are made right, or nothing would get behind them */
static void put_metadata(u8 *to)
{
	const u32 size = offsetof(struct bootloader_control, crc32_le);
	struct bootloader_control ctl;
	u8 how = fuzz_u8(&in);

	fuzz_bytes(&in, &ctl, sizeof(ctl));
	if (!(how & 1))
		ctl.magic = cpu_to_le32(BOOT_CTRL_MAGIC);
	if (!(how & 2))
		ctl.version = BOOT_CTRL_VERSION;
	if (!(how & 4))
		ctl.crc32_le = cpu_to_le32(crc32(0, (u8 *)&ctl, size));
	memcpy(to, &ctl, sizeof(ctl));
}

ulong blk_dread(struct blk_desc *desc, lbaint_t start, lbaint_t count,
		void *buf)
{
	memset(buf, 0, count * desc->blksz);
	put_metadata((u8 *)buf + RPMB_AB_OFFSET);
	return fuzz_u8(&in) == 0xff ? 0 : count;
}

int part_get_info_by_dev_and_name_or_num(const char *ifname, const char *part,
					 struct blk_desc **desc,
					 struct disk_partition *info,
					 int allow_whole_dev)
{
	*desc = &disk;
	disk.blksz = 512 << fuzz_pick(&in, 4);
	info->blksz = disk.blksz;
	info->size = fuzz_pick(&in, 16);
	info->start = 0;
	return fuzz_u8(&in) == 0xff ? -ENOENT : 0;
}

static void check(int ret, const struct rpmb_ab *ab)
{
	if (ret)
		return;
	fuzz_must(!(ab->bootable >> RPMB_AB_SLOTS));
	fuzz_must(!(ab->successful & ~ab->bootable));
	fuzz_must(rpmb_ab_may_commit(ab) == !!ab->successful);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rpmb_ab ab = { 0xff, 0xff };
	u8 *raw = malloc(RPMB_AB_SIZE);

	in = (struct fuzz_input){ data, size };
	put_metadata(raw);
	check(rpmb_ab_parse(raw, &ab), &ab);
	free(raw);
	check(rpmb_ab_read("mmc", "0#misc", &ab), &ab);
	return 0;
}
