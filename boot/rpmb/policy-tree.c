// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback policy: what the control FDT says, and whether it was changed
 *
 * What the tree says is read once, at the start. Later it counts as long as the
 * tree is the same, byte for byte: to search it anew for each image takes longer.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <image.h>
#include <asm/global_data.h>
#include <linux/libfdt.h>
#include <linux/string.h>
#include <u-boot/sha256.h>
#include "policy-internal.h"

DECLARE_GLOBAL_DATA_PTR;

/* Digest of the control FDT before the first script, and what it says of keys */
static bool tree_known;
static u8 tree_digest[SHA256_SUM_LEN];
static bool tree_requires_key;

/*
 * Header, structure and strings; what lies between them is not part of the tree.
 * The header is covered because libfdt finds nothing in a tree whose header is
 * damaged, and a tree in which no key is found requires none.
 */
static void digest_tree(u8 digest[SHA256_SUM_LEN])
{
	const void *fdt = gd->fdt_blob;
	sha256_context ctx;

	sha256_starts(&ctx);
	sha256_update(&ctx, fdt, sizeof(struct fdt_header));
	sha256_update(&ctx, fdt + fdt_off_dt_struct(fdt),
		      fdt_size_dt_struct(fdt));
	sha256_update(&ctx, fdt + fdt_off_dt_strings(fdt),
		      fdt_size_dt_strings(fdt));
	sha256_finish(&ctx, digest);
}

static bool search_required_key(void)
{
	const void *tree = gd->fdt_blob;
	int node, keys = fdt_subnode_offset(tree, 0, FIT_SIG_NODENAME);
	const char *required;

	if (keys < 0)
		return false;
	fdt_for_each_subnode(node, tree, keys) {
		required = fdt_getprop(tree, node, FIT_KEY_REQUIRED, NULL);
		if (required && !strcmp(required, "conf"))
			return true;
	}
	return false;
}

/*
 * Called before the first script, or earlier if somebody needs the tree. In SPL
 * nobody changes it, and nobody asks whether it is the same.
 */
static void look(void)
{
	if (tree_known)
		return;
	if (!IS_ENABLED(CONFIG_XPL_BUILD))
		digest_tree(tree_digest);
	tree_requires_key = search_required_key();
	tree_known = true;
}

bool rpmb_policy_is_on(void)
{
	struct rpmb_policy p;

	look();
	return rpmb_node_get(&p) != -ENOENT ||
	       IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED);
}

int rpmb_policy_get(struct rpmb_policy *p)
{
	look();
	return rpmb_node_get(p);
}

int rpmb_policy_check_slots(const void *slots, int count,
			    bool (*same)(const void *slots, int i, int k),
			    u32 *want)
{
	struct rpmb_policy p;
	int i, k, ret;

	ret = rpmb_policy_get(&p);
	if (ret)
		return ret;
	*want = p.slots;
	if (count < 1 || count < p.slots)
		return -EACCES;
	for (i = 0; i < count; i++)
		for (k = 0; k < i; k++)
			if (same(slots, i, k))
				return -EACCES;
	return 0;
}

bool rpmb_policy_tree_is_same(void)
{
	u8 digest[SHA256_SUM_LEN];

	look();
	digest_tree(digest);
	return !memcmp(digest, tree_digest, sizeof(digest));
}

bool rpmb_policy_tree_requires_key(void)
{
	look();
	return tree_requires_key;
}

void rpmb_policy_tree_forget(void)
{
	sandbox_rpmb_node_reset();
	tree_known = false;
}
