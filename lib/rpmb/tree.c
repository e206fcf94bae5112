// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device tree blobs that are read strictly
 *
 * rpmb_look() checks the whole blob first. After that libfdt's functions cannot
 * fail, and find all properties.
 */

#include <rpmb/look.h>
#include "tree-internal.h"

static const struct {
	u8 transport;
	const char *name;
} transports[] = {
	{ RPMB_KDF_EMMC, "emmc" },
	{ RPMB_KDF_UFS, "ufs" },
	{ RPMB_KDF_VIRTIO, "virtio" },
	{ RPMB_KDF_SANDBOX, "sandbox" },
};

#define NTRANSPORTS	(sizeof(transports) / sizeof(*transports))

int rpmb_tree_fail(struct rpmb_tree_reader *r, const char *prop,
		   const char *why, int err)
{
	r->fault->node = r->node ? fdt_get_name(r->fdt, r->node, NULL) : "/";
	r->fault->prop = prop;
	r->fault->why = why;
	return err;
}

int rpmb_tree_bad(struct rpmb_tree_reader *r, const struct rpmb_tree_prop *p,
		  const char *why)
{
	return rpmb_tree_fail(r, p->name, why, -EINVAL);
}

bool rpmb_tree_has_text(const struct rpmb_tree_prop *p, const char *text)
{
	size_t size = strlen(text) + 1;

	return (size_t)p->len == size && !memcmp(p->data, text, size);
}

u32 rpmb_tree_cell(const void *data, u32 n)
{
	return rpmb_get32((const struct rpmb_be32 *)data + n);
}

u32 rpmb_tree_u32(const struct rpmb_tree_prop *p)
{
	return p->len == 4 ? rpmb_tree_cell(p->data, 0) : ~0U;
}

void rpmb_tree_index(const void *data, u32 n, u32 *loc, u64 *index)
{
	*loc = rpmb_tree_cell(data, 3 * n);
	*index = (u64)rpmb_tree_cell(data, 3 * n + 1) << 32 |
		 rpmb_tree_cell(data, 3 * n + 2);
}

int rpmb_tree_read_transport(struct rpmb_tree_reader *r,
			     const struct rpmb_tree_prop *p, u8 *transport)
{
	u32 i;

	for (i = 0; i < NTRANSPORTS; i++)
		if (rpmb_tree_has_text(p, transports[i].name)) {
			*transport = transports[i].transport;
			return 0;
		}
	return rpmb_tree_bad(r, p, "not known");
}

int rpmb_tree_read_target(struct rpmb_tree_reader *r,
			  const struct rpmb_tree_prop *p, u8 *target)
{
	if (rpmb_tree_u32(p) >= RPMB_TREE_TARGETS)
		return rpmb_tree_bad(r, p, "not a target");
	*target = (u8)rpmb_tree_u32(p);
	return 0;
}

int rpmb_tree_read_id(struct rpmb_tree_reader *r,
		      const struct rpmb_tree_prop *p, const u8 **id, u16 *len)
{
	if (!p->len || p->len > RPMB_TREE_ID)
		return rpmb_tree_bad(r, p, "of a wrong length");
	*id = p->data;
	*len = (u16)p->len;
	return 0;
}

int rpmb_tree_check_device(struct rpmb_tree_reader *r,
			   const struct rpmb_target_id *t)
{
	if (t->target && t->transport != RPMB_KDF_UFS &&
	    t->transport != RPMB_KDF_SANDBOX)
		return rpmb_tree_fail(r, "target", "not a target", -EINVAL);
	if (t->dev_id && t->transport == RPMB_KDF_EMMC &&
	    t->dev_id_len != RPMB_CID_SIZE)
		return rpmb_tree_fail(r, "id", "of a wrong length", -EINVAL);
	return 0;
}

static u32 find_name(const struct rpmb_tree_schema *schema, const char *name)
{
	u32 i;

	for (i = 0; i < schema->count && strcmp(name, schema->names[i]); i++)
		;
	return i;
}

int rpmb_tree_read(struct rpmb_tree_reader *r,
		   const struct rpmb_tree_schema *schema, void *into)
{
	struct rpmb_tree_prop p;
	int at, ret;
	u32 which;

	fdt_for_each_property_offset(at, r->fdt, r->node) {
		p.data = fdt_getprop_by_offset(r->fdt, at, &p.name, &p.len);
		which = find_name(schema, p.name);
		if (which == schema->count)
			return rpmb_tree_bad(r, &p, "not known");
		if (r->seen & 1U << which)
			return rpmb_tree_bad(r, &p, "given twice");
		r->seen |= 1U << which;
		ret = schema->read(r, into, which, &p);
		if (ret)
			return ret;
	}
	for (which = 0; which < schema->required; which++)
		if (!(r->seen & 1U << which))
			return rpmb_tree_fail(r, schema->names[which],
					      "missing", -EINVAL);
	return 0;
}

int rpmb_tree_check(struct rpmb_tree_reader *r, size_t size)
{
	u32 steps;

	if (size > RPMB_TREE_MAX)
		return rpmb_tree_fail(r, NULL, "too large", -E2BIG);
	if ((unsigned long)r->fdt % 8)
		return rpmb_tree_fail(r, NULL, "not 8-byte aligned in memory",
				      -EINVAL);
	if (rpmb_look(r->fdt, size, &rpmb_look_data, &steps))
		return rpmb_tree_fail(r, NULL, "not a device tree", -EINVAL);
	if (fdt_totalsize(r->fdt) != size)
		return rpmb_tree_fail(r, NULL,
				      "something after the device tree",
				      -EINVAL);
	if (fdt_num_mem_rsv(r->fdt))
		return rpmb_tree_fail(r, NULL, "reserves memory", -EINVAL);
	return 0;
}

const char *rpmb_tree_transport(u8 transport)
{
	u32 i;

	for (i = 0; i < NTRANSPORTS; i++)
		if (transports[i].transport == transport)
			return transports[i].name;
	return NULL;
}
