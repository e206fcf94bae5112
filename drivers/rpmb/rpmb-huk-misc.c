// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware unique key in fuses, by a misc device
 *
 * See doc/device-tree-bindings/rpmb/u-boot,rpmb-huk.yaml
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include <dm/ofnode.h>
#include "rpmb-internal.h"

static ofnode find_node(void)
{
	return ofnode_by_compatible(ofnode_null(), "u-boot,rpmb-huk");
}

int rpmb_huk_misc_get(u8 huk[RPMB_HUK_MAX])
{
	ofnode node = find_node();

	return ofnode_valid(node) ? rpmb_misc_read(node, huk) : -ENOSYS;
}

int rpmb_huk_misc_lock(void)
{
	ofnode node = find_node();

	return ofnode_valid(node) ? rpmb_misc_lock(node) : 0;
}
