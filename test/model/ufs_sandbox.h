/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A UFS host controller and device with RPMB in the sandbox
 *
 * U-Boot's UFS core does not build for sandbox: it is built with the model, in
 * front of the model's registers. Tests bind it at run time.
 */

#ifndef _UFS_SANDBOX_H
#define _UFS_SANDBOX_H

#include <linux/types.h>
#include "ufs_front.h"

struct udevice;
struct ufs_host;

/** define UFS_SANDBOX_PATCHES - most changes to descriptors */
#define UFS_SANDBOX_PATCHES	4

/**
 * struct ufs_sandbox_patch - a byte of a descriptor that is to differ
 *
 * @idn:	kind of descriptor
 * @index:	which one
 * @at:		offset, 0: no change
 * @val:	value
 */
struct ufs_sandbox_patch {
	u8 idn;
	u8 index;
	u8 at;
	u8 val;
};

/**
 * struct ufs_sandbox_cfg - the device
 *
 * @regions:	see struct ufs_front
 * @units:	see struct ufs_front
 * @rw_frames:	see struct ufs_front
 * @spec_version: see struct ufs_front
 * @advanced:	see struct ufs_front
 * @absent:	there is a controller, but no device: probing it fails
 * @patch:	what is different in descriptors
 */
struct ufs_sandbox_cfg {
	u32 regions;
	u32 units;
	u32 rw_frames;
	u32 spec_version;
	bool advanced;
	bool absent;
	struct ufs_sandbox_patch patch[UFS_SANDBOX_PATCHES];
};

/** define UFS_SANDBOX_CFG - UFS 3.1, two regions of 256 KiB, 64 blocks */
#define UFS_SANDBOX_CFG { \
	.regions = 2, .units = 2, .rw_frames = 64, .spec_version = 0x0310, \
}

/**
 * ufs_sandbox_bind() - add a UFS device to the running sandbox
 *
 * @parent:	parent device, such as dm_root()
 * @cfg:	device, copied
 * @devp:	UFS device, bound
 * Return: 0; -ENOMEM; or another -errno of driver model
 */
int ufs_sandbox_bind(struct udevice *parent, const struct ufs_sandbox_cfg *cfg,
		     struct udevice **devp);

/**
 * ufs_sandbox_unbind() - take it away again, with all that hangs on it
 *
 * @dev:	UFS device
 * Return: 0, or -errno of driver model
 */
int ufs_sandbox_unbind(struct udevice *dev);

/** ufs_sandbox_front() - the device, to preset, to look at, to arm */
struct ufs_front *ufs_sandbox_front(struct udevice *dev);

/** ufs_sandbox_host() - the controller, to make it stubborn */
struct ufs_host *ufs_sandbox_host(struct udevice *dev);

#endif /* _UFS_SANDBOX_H */
