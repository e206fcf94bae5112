// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The policy's tree: what it says, and whether it was changed
 *
 * A control FDT has up to KEYS keys, of which it requires any for anything.
 * Somebody may change it after the start. SHA-256 is replaced: digests can
 * be any bytes, the same for the same tree. The policy's node may say
 * anything, or that there is none.
 *
 * - The tree requires a key if and only if one of its keys was required for
 *   configurations at the start, whatever it says later.
 * - It is the same only if all bytes of its digest are those of the start, and
 *   if nobody has changed it. The digest is of its header, its structure and
 *   its strings, all of each.
 * - The policy is off only if there is no node.
 * - Slots pass only if there is one, there are as many as the node says, and
 *   no two are the same.
 */

#include "../uboot.h"
#include <boot/rpmb/policy-tree.c>
#include "../proof.h"

#define KEYS	2
#define VALUE	6
#define SLOTS	3
#define NODE	8
#define KEY	16

static TREE_ALIGNED u8 tree[96];
static u8 digests[2][SHA256_SUM_LEN];
static char values[2][KEYS][VALUE];
static bool has_value[2][KEYS], has_node[2];
static int keys[2], now;	/* the tree at the start, and a later one */
static int node_verdict, slots_wanted;
static u32 hashed, digested;
static bool same_slots[SLOTS][SLOTS];

static struct global_data the_gd;
gd_t *gd = &the_gd;

int rpmb_node_get(struct rpmb_policy *p)
{
	claim(tree_known);
	p->slots = slots_wanted;
	return node_verdict;
}

void sha256_starts(sha256_context *ctx)
{
	hashed = 0;
}

/* Header, structure, strings */
void sha256_update(sha256_context *ctx, const u8 *in, u32 len)
{
	if (hashed == 0)
		claim(in == tree && len == 40);
	else if (hashed == 1)
		claim(in == tree + fdt_off_dt_struct(tree) &&
		      len == fdt_size_dt_struct(tree));
	else
		claim(hashed == 2 && in == tree + fdt_off_dt_strings(tree) &&
		      len == fdt_size_dt_strings(tree));
	hashed++;
}

void sha256_finish(sha256_context *ctx, u8 digest[SHA256_SUM_LEN])
{
	claim(hashed == 3);
	memcpy(digest, digests[now], SHA256_SUM_LEN);
	digested++;
}

int fdt_subnode_offset(const void *from, int parent, const char *name)
{
	claim(from == tree && !parent && !strcmp(name, "signature"));
	return has_node[now] ? NODE : -FDT_ERR_NOTFOUND;
}

int fdt_first_subnode(const void *from, int node)
{
	claim(from == tree && has_node[now] && node == NODE);
	return keys[now] ? KEY : -FDT_ERR_NOTFOUND;
}

int fdt_next_subnode(const void *from, int node)
{
	claim(from == tree && node >= KEY && node < KEY + keys[now]);
	return node + 1 < KEY + keys[now] ? node + 1 : -FDT_ERR_NOTFOUND;
}

const void *fdt_getprop(const void *from, int node, const char *name, int *len)
{
	claim(from == tree && node >= KEY && node < KEY + keys[now]);
	claim(!strcmp(name, "required"));
	return has_value[now][node - KEY] ? values[now][node - KEY] : NULL;
}

static bool is_same_slot(const void *slots, int i, int k)
{
	claim(slots == same_slots && i > k && k >= 0 && i < SLOTS);
	return same_slots[i][k];
}

static void any_trees(void)
{
	int i, k;

	__CPROVER_havoc_object(tree);
	assume(fdt_off_dt_struct(tree) <= sizeof(tree) &&
	       fdt_off_dt_strings(tree) <= sizeof(tree));
	__CPROVER_havoc_object(digests);
	__CPROVER_havoc_object(values);
	for (i = 0; i < 2; i++) {
		has_node[i] = nondet_bool();
		keys[i] = nondet_int();
		assume(keys[i] >= 0 && keys[i] <= KEYS);
		for (k = 0; k < KEYS; k++) {
			has_value[i][k] = nondet_bool();
			values[i][k][VALUE - 1] = '\0';
		}
	}
	gd->fdt_blob = tree;
}

static bool required_key(void)
{
	int i;

	for (i = 0; i < KEYS; i++)
		if (has_node[0] && i < keys[0] && has_value[0][i] &&
		    !strcmp(values[0][i], "conf"))
			return true;
	return false;
}

static void claim_slots(void)
{
	int count = nondet_int(), i = nondet_int(), k = nondet_int(), ret;
	u32 want;

	assume(count <= SLOTS);
	__CPROVER_havoc_object(same_slots);

	ret = rpmb_policy_check_slots(same_slots, count, is_same_slot, &want);

	claim(implies(node_verdict, ret == node_verdict));
	if (ret) {
		claim(node_verdict || (ret == -EACCES && want == slots_wanted));
		return;
	}
	claim(count >= 1 && count >= slots_wanted && want == slots_wanted);
	if (k >= 0 && i > k && i < count)
		claim(!same_slots[i][k]);
}

void proof(void)
{
	struct rpmb_policy p;
	u32 at = nondet_u32();
	bool same;

	any_trees();
	node_verdict = nondet_errno();
	slots_wanted = nondet_int();
	assume(slots_wanted >= 0 && slots_wanted < 256);
	claim(rpmb_policy_is_on() == (node_verdict != -ENOENT));
	claim(digested == 1);
	now = nondet_bool();

	claim(rpmb_policy_get(&p) == node_verdict);
	claim(rpmb_policy_tree_requires_key() == required_key());
	same = rpmb_policy_tree_is_same();
	assume(at < SHA256_SUM_LEN);
	claim(implies(same, digests[now][at] == digests[0][at]));
	claim(implies(!now, same));
	claim(digested == 2);
	claim_slots();
}
