// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware unique key in fuses, by a misc device
 *
 * See doc/device-tree-bindings/rpmb/rpmb-huk.txt
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <misc.h>
#include <rpmb-key.h>
#include <dm/ofnode.h>
#include "rpmb-internal.h"

#define COMPATIBLE	"u-boot,rpmb-huk"

static int find(ofnode *node, struct udevice **devp)
{
	struct ofnode_phandle_args args;
	int ret;

	*node = ofnode_by_compatible(ofnode_null(), COMPATIBLE);
	if (!ofnode_valid(*node))
		return -ENOSYS;
	ret = ofnode_parse_phandle_with_args(*node, "misc", NULL, 0, 0, &args);
	if (ret)
		return ret;
	return uclass_get_device_by_ofnode(UCLASS_MISC, args.node, devp);
}

int rpmb_huk_misc_get(u8 huk[RPMB_HUK_MAX])
{
	struct udevice *misc;
	u32 offset, size;
	ofnode node;
	int ret;

	ret = find(&node, &misc);
	if (ret)
		return ret;
	if (ofnode_read_u32(node, "offset", &offset) ||
	    ofnode_read_u32(node, "size", &size) || size > RPMB_HUK_MAX)
		return -EINVAL;
	ret = misc_read(misc, offset, huk, size);
	if (ret < 0)
		return ret;
	/* some drivers count the bytes, others say 0 for all of them */
	return !ret || ret == size ? size : -EIO;
}

int rpmb_huk_misc_lock(void)
{
	struct udevice *misc;
	u32 offset, value;
	ofnode node;
	int ret;

	ret = find(&node, &misc);
	if (ret)
		return ret;
	/* whether the fuses are locked in another way shows when they are read */
	if (ofnode_read_u32(node, "lock-offset", &offset) ||
	    ofnode_read_u32(node, "lock-value", &value))
		return 0;
	ret = misc_write(misc, offset, &value, sizeof(value));
	return ret < 0 ? ret : 0;
}
