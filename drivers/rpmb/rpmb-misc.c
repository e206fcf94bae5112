// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Secrets in fuses, by a misc device: reading and locking
 *
 * See doc/device-tree-bindings/rpmb/
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <misc.h>
#include <rpmb-key.h>
#include <dm/ofnode.h>
#include "rpmb-internal.h"

static int find(ofnode node, struct udevice **devp)
{
	struct ofnode_phandle_args args;
	int ret;

	ret = ofnode_parse_phandle_with_args(node, "misc", NULL, 0, 0, &args);
	if (ret)
		return ret == -ENOENT ? -EINVAL : ret;
	return uclass_get_device_by_ofnode(UCLASS_MISC, args.node, devp);
}

int rpmb_misc_read(ofnode node, u8 secret[RPMB_HUK_MAX])
{
	struct udevice *misc;
	u32 offset, size;
	int ret;

	if (ofnode_read_u32(node, "offset", &offset) ||
	    ofnode_read_u32(node, "size", &size) || size > RPMB_HUK_MAX)
		return -EINVAL;
	ret = find(node, &misc);
	if (!ret)
		ret = misc_read(misc, offset, secret, size);
	if (ret < 0)
		return ret;
	/* some drivers count the bytes, others say 0 for all of them */
	return !ret || ret == size ? size : -EIO;
}

int rpmb_misc_lock(ofnode node)
{
	struct udevice *misc;
	u32 offset, value;
	int ret;

	/*
	 * they may be locked in another way: rpmb_lock_secret() reads them
	 * again
	 */
	if (ofnode_read_u32(node, "lock-offset", &offset) ||
	    ofnode_read_u32(node, "lock-value", &value))
		return 0;
	ret = find(node, &misc);
	if (!ret)
		ret = misc_write(misc, offset, &value, sizeof(value));
	return ret < 0 ? ret : 0;
}
