/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A node of a blob with any properties, for proofs of the parsers
 *
 * rpmb_tree_read() is replaced by its contract, see tree_read: of the properties that
 * there can be, those that the node has are read once each, and those that are required
 * must be among them. They are read in the schema's order: what reads one looks at no
 * other. A value ends where its memory does, so nothing can be read behind it; of one that
 * is longer than VALUE nothing can be read at all.
 *
 * Who includes this has defined PROPS, the properties that there can be, and VALUE.
 */

#ifndef _PROOF_TREE_H
#define _PROOF_TREE_H

#include "proof.h"
#include <stdlib.h>

static TREE_ALIGNED u8 blob[64];
static const u8 *values[PROPS];
static int lens[PROPS];
static bool given[PROPS];
static int subnode;
static size_t looked_size;
static bool looked_good, reserves;

/* Anything may be in the node */
static void any_node(void)
{
	int i;

	subnode = nondet_int();
	for (i = 0; i < PROPS; i++) {
		u8 *room = malloc(VALUE);

		assume(room);
		given[i] = nondet_bool();
		lens[i] = nondet_int();
		assume(lens[i] >= 0);
		values[i] = room + VALUE - (lens[i] <= VALUE ? lens[i] : 0);
	}
}

static int read_one(struct rpmb_tree_reader *r,
		    const struct rpmb_tree_schema *schema, void *into, u32 which)
{
	const struct rpmb_tree_prop p = {
		schema->names[which], values[which], lens[which],
	};

	r->seen |= 1U << which;
	return schema->read(r, into, which, &p);
}

int rpmb_tree_read(struct rpmb_tree_reader *r,
		   const struct rpmb_tree_schema *schema, void *into)
{
	u32 i;
	int ret;

	claim(r->fdt == blob && looked_good && !r->seen);
	claim(schema->count == PROPS && schema->required <= PROPS);
	for (i = 0; i < PROPS; i++) {
		ret = given[i] ? read_one(r, schema, into, i) : 0;
		if (ret)
			return ret;
	}
	for (i = 0; i < schema->required; i++)
		if (!given[i])
			return rpmb_tree_fail(r, schema->names[i], "missing",
					      -EINVAL);
	return 0;
}

int fdt_first_subnode(const void *fdt, int node)
{
	claim(fdt == blob && looked_good);
	return subnode;
}

const char *fdt_get_name(const void *fdt, int node, int *len)
{
	claim(fdt == blob && looked_good);
	return "name";
}

int fdt_num_mem_rsv(const void *fdt)
{
	claim(fdt == blob && looked_good);
	return reserves;
}

const struct rpmb_look_limits rpmb_look_data;

/* Contract: see look; totalsize is in the header, where fdt_totalsize() reads it */
int rpmb_look(const void *fdt, size_t size, const struct rpmb_look_limits *max,
	      u32 *steps)
{
	int err = nondet_errno();

	claim(fdt == blob && max == &rpmb_look_data && size <= RPMB_TREE_MAX);
	looked_size = size;
	looked_good = !err;
	reserves = nondet_bool();
	return err;
}

static u32 cell(int i, u32 n)
{
	const u8 *at = values[i] + 4 * n;

	return (u32)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool is_text(int i, const char *text)
{
	int len = (int)strlen(text) + 1;

	return given[i] && lens[i] == len && !memcmp(values[i], text, len);
}

static bool is_transport(int i, u8 transport)
{
	switch (transport) {
	case 1:
		return is_text(i, "emmc");
	case 2:
		return is_text(i, "ufs");
	case 3:
		return is_text(i, "virtio");
	default:
		return transport == 0x7f && is_text(i, "sandbox");
	}
}

static bool is_cell(int i, u32 val)
{
	return given[i] && lens[i] == 4 && cell(i, 0) == val;
}

static bool is_index(int i, u32 n, u32 loc, u64 index)
{
	return cell(i, 3 * n) == loc &&
	       index == ((u64)cell(i, 3 * n + 1) << 32 | cell(i, 3 * n + 2));
}

#endif /* _PROOF_TREE_H */
