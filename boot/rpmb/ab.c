// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Android's A/B metadata, as far as a commit depends on them
 *
 * Anybody who can write to the disk can write them. So they only decide when an
 * index is raised. The value is always the lowest index of verified images.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <android_bootloader_message.h>
#include <blk.h>
#include <malloc.h>
#include <memalign.h>
#include <part.h>
#include <stdio.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <rpmb-policy.h>
#include <rpmb-reason.h>
#include <u-boot/crc.h>

static_assert(sizeof(struct bootloader_control) == RPMB_AB_SIZE);
static_assert(offsetof(struct bootloader_message_ab, slot_suffix) ==
	      RPMB_AB_OFFSET);

/* The slot that was chosen last may be on its last try, which is used up */
static bool is_chosen(const struct bootloader_control *ctl, int i)
{
	return ctl->slot_suffix[0] == '_' && ctl->slot_suffix[1] == 'a' + i;
}

static bool is_bootable(const struct bootloader_control *ctl, int i)
{
	const struct slot_metadata *slot = &ctl->slot_info[i];

	return !slot->verity_corrupted &&
	       (slot->successful_boot || slot->tries_remaining ||
		is_chosen(ctl, i));
}

int rpmb_ab_parse(const void *buf, struct rpmb_ab *ab)
{
	struct bootloader_control ctl;
	int i;

	memcpy(&ctl, buf, sizeof(ctl));
	if (le32_to_cpu(ctl.magic) != BOOT_CTRL_MAGIC ||
	    le32_to_cpu(ctl.crc32_le) !=
	    crc32(0, buf, offsetof(struct bootloader_control, crc32_le)))
		return -EBADMSG;
	if (ctl.version > BOOT_CTRL_VERSION)
		return -EPROTONOSUPPORT;
	if (ctl.nb_slot > RPMB_AB_SLOTS)
		return -EBADMSG;
	memset(ab, 0, sizeof(*ab));
	for (i = 0; i < ctl.nb_slot; i++) {
		if (!is_bootable(&ctl, i))
			continue;
		ab->bootable |= BIT(i);
		if (ctl.slot_info[i].successful_boot)
			ab->successful |= BIT(i);
	}
	return 0;
}

int rpmb_ab_refuse(int err)
{
	const struct rpmb_reason *r = rpmb_reason_ab(err);

	printf("rollback: REFUSED: %s (error %d)\n"
	       "  device: untouched, no index was raised\n"
	       "  advice: %s\n",
	       r->what, err, r->advice);
	return err;
}

static int read_blocks(struct blk_desc *desc, const struct disk_partition *part,
		       struct rpmb_ab *ab)
{
	ulong count = DIV_ROUND_UP(RPMB_AB_OFFSET + RPMB_AB_SIZE, part->blksz);
	void *buf;
	int ret;

	if (count > part->size)
		return -ENOSPC;
	buf = malloc_cache_aligned(count * part->blksz);
	if (!buf)
		return -ENOMEM;
	if (blk_dread(desc, part->start, count, buf) == count)
		ret = rpmb_ab_parse(buf + RPMB_AB_OFFSET, ab);
	else
		ret = -EIO;
	free(buf);
	return ret;
}

int rpmb_ab_read(const char *ifname, const char *part, struct rpmb_ab *ab)
{
	struct disk_partition info;
	struct blk_desc *desc;
	int ret = -ENODEV;

	if (part_get_info_by_dev_and_name_or_num(ifname, part, &desc, &info,
						 false) >= 0)
		ret = read_blocks(desc, &info, ab);
	return ret ? rpmb_ab_refuse(ret) : 0;
}

bool rpmb_ab_may_commit(const struct rpmb_ab *ab)
{
	if (ab->successful)
		return true;
	printf("rollback: nothing to commit: no slot that can boot is marked successful\n");
	return false;
}
