// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read the node of the rollback policy
 *
 * The boot check and the gate that protects the stores must use the same
 * device. So the node is read here only, once, strictly, and before anything
 * runs that could change the tree.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-store.h>
#include <dm/ofnode.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define COMPATIBLE	"u-boot,rpmb-rollback"
#define KEYID_MAX	0xffff	/* provider and slot; a string of 3 letters is a larger number */

static struct rpmb_policy snapshot;
static bool snapshot_taken;
static int snapshot_err;

/* One string that fills the property */
static bool is_string(const void *val, int len)
{
	return val && len > 1 && strnlen(val, len) == len - 1;
}

static int read_name(ofnode node)
{
	const char *name;
	int len;

	name = ofnode_get_property(node, "rpmb", &len);
	if (!is_string(name, len) || len > sizeof(snapshot.name))
		return -EINVAL;
	memcpy(snapshot.name, name, len);
	return 0;
}

/* One cell, from @min to @max; *val stays where there is no such property */
static int read_cell(ofnode node, const char *prop, u32 min, u32 max, u32 *val)
{
	const fdt32_t *cell;
	int len;

	cell = ofnode_get_property(node, prop, &len);
	if (cell && len != sizeof(*cell))
		return -EINVAL;
	if (cell)
		*val = fdt32_to_cpu(*cell);
	return *val >= min && *val <= max ? 0 : -EINVAL;
}

/* An unknown property is misspelt, or is for a later U-Boot */
static bool is_known(const char *name, const void *val, int len)
{
	static const char *const names[] = {
		"compatible", "rpmb", "target", "key-id", "slots",
		"name", "phandle", "linux,phandle",
	};
	int i;

	if (!strcmp(name, "status"))
		return is_string(val, len) &&
		       (!strcmp(val, "okay") || !strcmp(val, "ok"));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return !strncmp(name, "bootph-", 7);
}

static bool has_unknown(ofnode node)
{
	struct ofprop prop;
	const char *name;
	const void *val;
	int len;

	/* SPL has no room for this; U-Boot checks the same node */
	if (IS_ENABLED(CONFIG_XPL_BUILD))
		return false;
	ofnode_for_each_prop(prop, node) {
		val = ofprop_get_property(&prop, &name, &len);
		if (!val || !is_known(name, val, len)) /* LCOV_EXCL_BR_LINE: it has a value */
			return true;
	}
	return false;
}

static int read_node(void)
{
	u32 target = 0, keyid = RPMB_KEY_NONE;
	ofnode node = ofnode_null();

	snapshot.slots = 1;
	if (CONFIG_IS_ENABLED(OF_REAL))
		node = ofnode_by_compatible(node, COMPATIBLE);
	if (!ofnode_valid(node))
		return -ENOENT;
	/* what is in it is for the stores */
	if (!CONFIG_IS_ENABLED(RPMB_ROLLBACK))
		return -EINVAL;
	if (read_name(node) ||
	    read_cell(node, "target", 0, RPMB_MAX_TARGETS - 1, &target) ||
	    read_cell(node, "key-id", 0, KEYID_MAX, &keyid) ||
	    read_cell(node, "slots", 1, RPMB_MAX_SLOTS, &snapshot.slots) ||
	    has_unknown(node))
		return -EINVAL;
	snapshot.target = target;
	snapshot.keyid = keyid;
	/* two nodes are an error */
	node = ofnode_by_compatible(node, COMPATIBLE);
	return ofnode_valid(node) ? -EINVAL : 0;
}

int rpmb_node_get(struct rpmb_policy *policy)
{
	if (!snapshot_taken) {
		snapshot_err = read_node();
		snapshot_taken = true;
	}
	*policy = snapshot;
	return snapshot_err;
}

void sandbox_rpmb_node_reset(void)
{
	memset(&snapshot, 0, sizeof(snapshot));
	snapshot_taken = false;
}
