// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tell the operating system about the rollback check, in its device tree
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <stdio.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include "policy-internal.h"

/* One entry per location that was checked, in three properties */
static int add_checks(void *fdt, int node)
{
	const struct rpmb_policy_passed *c;
	int i, ret = 0;

	for (i = 0; !ret && (c = rpmb_policy_get_passed(i)); i++) {
		ret = fdt_appendprop_u32(fdt, node, "locations", c->loc);
		if (!ret)
			ret = fdt_appendprop_u64(fdt, node, "indexes",
						 c->stored);
		if (!ret)
			ret = fdt_appendprop_u64(fdt, node, "booted",
						 c->index);
		if (!ret)
			ret = fdt_appendprop_string(fdt, node, "read",
						    c->is_protected ?
						    "authenticated" : "none");
	}
	return ret;
}

static int describe(void *fdt, int chosen, const struct rpmb_policy *policy)
{
	int node, ret;

	node = fdt_subnode_offset(fdt, chosen, "rpmb-rollback");
	/* a node that is there already was not made by U-Boot */
	ret = node < 0 ? 0 : fdt_del_node(fdt, node);
	if (ret)
		return ret;
	node = fdt_add_subnode(fdt, chosen, "rpmb-rollback");
	if (node < 0)
		return node;
	ret = fdt_setprop_string(fdt, node, "compatible",
				 "u-boot,rpmb-rollback-state");
	if (!ret)
		ret = fdt_setprop_string(fdt, node, "rpmb", policy->name);
	if (!ret)
		ret = fdt_setprop_u32(fdt, node, "target", policy->target);
	return ret ? ret : add_checks(fdt, node);
}

void rpmb_handover(void *fdt, int chosen)
{
	struct rpmb_policy policy;
	int ret;

	if (!rpmb_policy_is_on())
		return;
	rpmb_policy_get(&policy);
	ret = describe(fdt, chosen, &policy);
	if (ret < 0)
		printf("rollback: the device tree has no room for what was checked (%s)\n",
		       fdt_strerror(ret));
}
