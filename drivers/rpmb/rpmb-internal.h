/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the RPMB uclass share; drivers need rpmb.h only, and the
 * prototypes of the scan functions
 */

#ifndef _RPMB_INTERNAL_H
#define _RPMB_INTERNAL_H

#include <rpmb.h>

/**
 * rpmb_key_get() - look up a key slot
 *
 * @keyid:	key id
 * @macp:	its MAC context, loaded; lives as long as the slot is not changed
 * @keyp:	its 32 bytes, for the programming frame; may be NULL
 * Return: 0; -EINVAL no such key id; -ENOKEY the slot is empty
 */
int rpmb_key_get(rpmb_keyid_t keyid, struct rpmb_mac **macp, const u8 **keyp);

/*
 * Counts the changes of key slots. What was cached of a device under an older
 * epoch is void: a counter read under the old key of a slot proves nothing
 * under the new one.
 */
extern u32 rpmb_key_epoch;

/**
 * rpmb_op_begin() - the gate; look up target and key, get work space and bus
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key, or RPMB_KEY_NONE
 * @blocks:	most blocks a message of this operation can have
 * @open:	only on an open board: it changes the device or shows a key
 * @clp:	client, with its key and work space for @blocks, or for as many
 *		as CONFIG_RPMB_MAX_FRAMES allows
 * Return: 0, then rpmb_op_end() must follow; -EINVAL; -EPERM; -ENOKEY; -ENOMEM;
 *	errors of the bus
 */
int rpmb_op_begin(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		  u32 blocks, bool open, struct rpmb_client **clp);

/**
 * rpmb_op_end() - release the bus, wipe and free the work space
 *
 * @dev:	RPMB device
 * @cl:		from rpmb_op_begin()
 * @ret:	what came of the operation
 * Return: @ret, or the error of releasing the bus if @ret is 0
 */
int rpmb_op_end(struct udevice *dev, struct rpmb_client *cl, int ret);

/*
 * Find and name the devices of one transport. Each binds what is new, skips
 * empty slots silently and returns 0, or -errno if it cannot look.
 */
int emmc_rpmb_scan(void);
int ufs_rpmb_scan(void);
int virtio_rpmb_scan(void);
int sandbox_rpmb_scan(void);

#endif /* _RPMB_INTERNAL_H */
