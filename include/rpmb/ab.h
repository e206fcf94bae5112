/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Android's A/B metadata: which slots must still boot, and has one proved itself?
 *
 * The metadata are struct bootloader_control of include/android_bootloader_message.h,
 * 2048 bytes into the partition that is called misc as a rule. Nobody signs
 * them: they say when something is committed, never how far.
 */

#ifndef _RPMB_AB_H
#define _RPMB_AB_H

#include <linux/types.h>

#define RPMB_AB_OFFSET	2048	/* bytes from the start of the partition */
#define RPMB_AB_SIZE	32	/* bytes */
#define RPMB_AB_SLOTS	4	/* that there can be: _a to _d */

/**
 * struct rpmb_ab - slots, bit 0 for slot _a
 *
 * @bootable:	may be booted. A slot is one of them if any reader of the metadata
 *		could think so: AOSP takes what is marked successful or has
 *		tries left, unless its priority is 0; U-Boot what has tries
 *		left, whatever its priority; and the slot that was chosen last
 *		is about to boot, perhaps on its last try. Nobody takes what
 *		dm-verity has found corrupted
 * @successful:	those of @bootable that are marked successful: the operating system
 *		has said that it works
 */
struct rpmb_ab {
	u8 bootable;
	u8 successful;
};

/**
 * rpmb_ab_parse() - check and read A/B metadata
 *
 * @buf:	RPMB_AB_SIZE bytes
 * @ab:		filled in on success
 * Return: 0; -EBADMSG damaged or not there (checksum, magic, more slots than
 *	there can be); -EPROTONOSUPPORT of a later version
 */
int rpmb_ab_parse(const void *buf, struct rpmb_ab *ab);

/**
 * rpmb_ab_read() - read A/B metadata from a partition
 *
 * Says what is wrong. Nothing is written, other than by 'bcb ab_select'.
 *
 * @ifname:	interface, such as "mmc"
 * @part:	device and partition, such as "0#misc" or "0:1"
 * @ab:		filled in on success
 * Return: 0; -ENODEV no such device or partition; -ENOSPC the partition is too
 *	small; -EIO it cannot be read; -ENOMEM; else as rpmb_ab_parse()
 */
int rpmb_ab_read(const char *ifname, const char *part, struct rpmb_ab *ab);

/**
 * rpmb_ab_refuse() - say why the metadata cannot be used
 *
 * @err:	-errno of rpmb_ab_parse() or rpmb_ab_read()
 * Return: @err
 */
int rpmb_ab_refuse(int err);

/**
 * rpmb_ab_may_commit() - has a slot that can boot proved itself?
 *
 * Says so if none has.
 *
 * @ab:		metadata
 * Return: true if there is something to commit
 */
bool rpmb_ab_may_commit(const struct rpmb_ab *ab);

#endif /* _RPMB_AB_H */
