// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which blocks of which target belong to the stores
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

/*
 * With a node for boot policy, only the target that it names has the stores;
 * the others may belong to somebody else, such as a UFS region to a TEE.
 * Without a valid node, any target may have them.
 */
static bool has_stores(struct udevice *dev, u8 target)
{
	struct rpmb_policy p;

	return rpmb_node_get(&p) ||
	       (!strcmp(p.name, dev->name) && p.target == target);
}

static bool overlaps(u32 addr, u32 count)
{
	return addr < RPMB_STORE_END &&
	       (addr >= RPMB_INDEXES_FIRST || count > RPMB_INDEXES_FIRST - addr);
}

bool rpmb_store_range(struct udevice *dev, u8 target, u32 *first, u32 *count)
{
	*first = RPMB_INDEXES_FIRST;
	*count = RPMB_STORE_END - RPMB_INDEXES_FIRST;
	return has_stores(dev, target);
}

bool rpmb_store_named(struct udevice *dev, u8 target)
{
	struct rpmb_policy p;

	return rpmb_node_get(&p) != -ENOENT && has_stores(dev, target);
}

bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr, u32 count)
{
	return overlaps(addr, count) && has_stores(dev, target);
}
