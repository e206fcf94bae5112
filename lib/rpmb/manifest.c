// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Provisioning manifests: parser
 */

#include <rpmb/manifest.h>
#include <rpmb/rollback.h>
#include "tree-internal.h"

/* A number follows, which has no meaning */
static const char device_prefix[] = "device-";

enum root_prop {
	ROOT_COMPATIBLE,
	ROOT_VERSION,
	ROOT_BATCH,
	ROOT_PROPS
};

static const char * const root_props[] = {
	[ROOT_COMPATIBLE] = "compatible",
	[ROOT_VERSION] = "version",
	[ROOT_BATCH] = "batch",
};

enum dev_prop {
	DEV_TRANSPORT,
	DEV_TARGET,
	DEV_KEY_ID,
	DEV_REQUIRED,
	DEV_ID = DEV_REQUIRED,
	DEV_CHECK_VALUE,
	DEV_ANY,
	DEV_INDEXES,
	DEV_PROPS
};

static const char * const dev_props[] = {
	[DEV_TRANSPORT] = "transport",
	[DEV_TARGET] = "target",
	[DEV_KEY_ID] = "key-id",
	[DEV_ID] = "id",
	[DEV_CHECK_VALUE] = "check-value",
	[DEV_ANY] = "any",
	[DEV_INDEXES] = "rollback-indexes",
};

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* A field of a log line has no spaces and is not RPMB_LINE_UNKNOWN */
static bool is_batch(const struct rpmb_tree_prop *p)
{
	int i;

	if (p->len < 2 || p->len > RPMB_MANIFEST_BATCH + 1 ||
	    p->data[p->len - 1] || !is_alnum(p->data[0]))
		return false;
	for (i = 1; i < p->len - 1; i++)
		if (!is_alnum(p->data[i]) && p->data[i] != '.' &&
		    p->data[i] != '_' && p->data[i] != '-')
			return false;
	return true;
}

static int read_root_prop(struct rpmb_tree_reader *r, void *into, u32 which,
			  const struct rpmb_tree_prop *p)
{
	struct rpmb_manifest *m = into;

	switch (which) {
	case ROOT_COMPATIBLE:
		if (!rpmb_tree_has_text(p, "u-boot,rpmb-manifest"))
			return rpmb_tree_bad(r, p, "not that of a manifest");
		return 0;
	case ROOT_VERSION:
		if (rpmb_tree_u32(p) != RPMB_MANIFEST_VERSION)
			return rpmb_tree_fail(r, p->name, "not known",
					      -EOPNOTSUPP);
		return 0;
	default:
		if (!is_batch(p))
			return rpmb_tree_bad(r, p, "not a batch's name");
		m->batch = (const char *)p->data;
		return 0;
	}
}

static const struct rpmb_tree_schema root_schema = {
	root_props, ROOT_PROPS, ROOT_PROPS, read_root_prop,
};

/* Bits 15 to 8 provider, 7 to 0 slot; RAM slots (provider 0) start at 1 */
static int read_key_id(struct rpmb_tree_reader *r,
		       struct rpmb_manifest_device *dev,
		       const struct rpmb_tree_prop *p)
{
	dev->key_id = rpmb_tree_u32(p);
	if (!dev->key_id || dev->key_id > 0xffff)
		return rpmb_tree_bad(r, p, "not a key id");
	return 0;
}

static bool has_location_twice(const struct rpmb_manifest_device *dev)
{
	u32 i, k;

	for (i = 0; i < dev->nindexes; i++)
		for (k = 0; k < i; k++)
			if (rpmb_tree_cell(dev->indexes, 3 * i) ==
			    rpmb_tree_cell(dev->indexes, 3 * k))
				return true;
	return false;
}

static bool has_no_location(const struct rpmb_manifest_device *dev)
{
	u64 index;
	u32 i, loc;

	for (i = 0; i < dev->nindexes; i++) {
		rpmb_manifest_index(dev, i, &loc, &index);
		if (!rpmb_rollback_is_location(loc))
			return true;
	}
	return false;
}

static bool has_last_index(const struct rpmb_manifest_device *dev)
{
	u64 index;
	u32 i, loc;

	for (i = 0; i < dev->nindexes; i++) {
		rpmb_manifest_index(dev, i, &loc, &index);
		if (index == ~0ULL)
			return true;
	}
	return false;
}

static int read_indexes(struct rpmb_tree_reader *r,
			struct rpmb_manifest_device *dev,
			const struct rpmb_tree_prop *p)
{
	if (!p->len || p->len % RPMB_TREE_INDEX)
		return rpmb_tree_bad(r, p, "not triples of location, high, low");
	if (p->len > RPMB_MANIFEST_INDEXES * RPMB_TREE_INDEX)
		return rpmb_tree_bad(r, p, "too many");
	dev->indexes = p->data;
	dev->nindexes = p->len / RPMB_TREE_INDEX;
	if (has_location_twice(dev))
		return rpmb_tree_bad(r, p, "a location twice");
	if (has_no_location(dev))
		return rpmb_tree_bad(r, p, "no such location");
	if (has_last_index(dev))
		return rpmb_tree_bad(r, p, "an index of 2^64 - 1");
	return 0;
}

static int read_dev_prop(struct rpmb_tree_reader *r, void *into, u32 which,
			 const struct rpmb_tree_prop *p)
{
	struct rpmb_manifest_device *dev = into;

	switch (which) {
	case DEV_TRANSPORT:
		return rpmb_tree_read_transport(r, p, &dev->transport);
	case DEV_TARGET:
		return rpmb_tree_read_target(r, p, &dev->target);
	case DEV_KEY_ID:
		return read_key_id(r, dev, p);
	case DEV_ID:
		return rpmb_tree_read_id(r, p, &dev->id, &dev->id_len);
	case DEV_CHECK_VALUE:
		if (p->len != RPMB_KCV_SIZE)
			return rpmb_tree_bad(r, p, "of a wrong length");
		dev->check_value = p->data;
		return 0;
	case DEV_ANY:
		return p->len ? rpmb_tree_bad(r, p, "has a value") : 0;
	default:
		return read_indexes(r, dev, p);
	}
}

static const struct rpmb_tree_schema dev_schema = {
	dev_props, DEV_PROPS, DEV_REQUIRED, read_dev_prop,
};

static bool seen(const struct rpmb_tree_reader *r, enum dev_prop which)
{
	return r->seen & 1U << which;
}

static struct rpmb_target_id target_of(const struct rpmb_manifest_device *dev)
{
	return (struct rpmb_target_id) { dev->transport, dev->target,
					  dev->id_len, dev->id };
}

/* Check properties against each other */
static int check_device(struct rpmb_tree_reader *r,
			const struct rpmb_manifest_device *dev)
{
	const struct rpmb_target_id t = target_of(dev);

	if (seen(r, DEV_ID) == seen(r, DEV_ANY))
		return rpmb_tree_fail(r, dev_props[DEV_ID],
				      "either an id or any is wanted", -EINVAL);
	if (seen(r, DEV_CHECK_VALUE) && seen(r, DEV_ANY))
		return rpmb_tree_fail(r, dev_props[DEV_CHECK_VALUE],
				      "devices differ in it", -EINVAL);
	if (!seen(r, DEV_CHECK_VALUE) && !seen(r, DEV_ANY))
		return rpmb_tree_fail(r, dev_props[DEV_CHECK_VALUE], "missing",
				      -EINVAL);
	return rpmb_tree_check_device(r, &t);
}

static int read_device(const void *fdt, int node,
		       struct rpmb_manifest_device *dev,
		       struct rpmb_tree_fault *fault)
{
	struct rpmb_tree_reader r = {
		.fdt = fdt, .node = node, .fault = fault,
	};
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->name = fdt_get_name(fdt, node, NULL);
	ret = rpmb_tree_read(&r, &dev_schema, dev);
	if (ret)
		return ret;
	if (fdt_first_subnode(fdt, node) >= 0)
		return rpmb_tree_fail(&r, NULL, "has nodes in it", -EINVAL);
	return check_device(&r, dev);
}

static int read_nth(const struct rpmb_manifest *m, u32 n,
		    struct rpmb_manifest_device *dev)
{
	struct rpmb_tree_fault fault;
	int node;

	fdt_for_each_subnode(node, m->fdt, 0)
		if (!n--)
			return read_device(m->fdt, node, dev, &fault);
	return -ENOENT;
}

int rpmb_manifest_device(const struct rpmb_manifest *m, u32 n,
			 struct rpmb_manifest_device *dev)
{
	return read_nth(m, n, dev);
}

static bool same_place(const struct rpmb_target_id *a,
		       const struct rpmb_target_id *b)
{
	return a->transport == b->transport && a->target == b->target;
}

int rpmb_manifest_match(const struct rpmb_manifest *m,
			const struct rpmb_target_id *t,
			struct rpmb_manifest_device *dev)
{
	struct rpmb_manifest_device any = { .name = NULL };
	struct rpmb_target_id its;
	u32 n;

	for (n = 0; !rpmb_manifest_device(m, n, dev); n++) {
		its = target_of(dev);
		if (dev->id && rpmb_target_is_same(t, &its))
			return 0;
		if (!dev->id && same_place(t, &its))
			any = *dev;
	}
	*dev = any;
	return any.name ? 0 : -ENOENT;
}

/* Compare a device with an earlier one */
static int check_pair(struct rpmb_tree_reader *r,
		      const struct rpmb_manifest_device *dev,
		      const struct rpmb_manifest_device *other)
{
	struct rpmb_target_id a = target_of(dev), b = target_of(other);

	if (!strcmp(dev->name, other->name))
		return rpmb_tree_fail(r, NULL, "two nodes of that name",
				      -EEXIST);
	if (rpmb_target_is_same(&a, &b))
		return rpmb_tree_fail(r, dev_props[dev->id ? DEV_ID : DEV_ANY],
				      "a device twice", -EEXIST);
	/* the key in a RAM slot is the same for every device */
	if (dev->key_id <= 0xff && dev->key_id == other->key_id)
		return rpmb_tree_fail(r, dev_props[DEV_KEY_ID],
				      "one key for two devices", -EEXIST);
	return 0;
}

static bool is_device_name(const char *name)
{
	u32 i = sizeof(device_prefix) - 1;

	if (strncmp(name, device_prefix, i) || !name[i])
		return false;
	for (; name[i]; i++)
		if (name[i] < '0' || name[i] > '9')
			return false;
	return true;
}

static int check_node(struct rpmb_manifest *m, int node,
		      struct rpmb_tree_fault *fault)
{
	struct rpmb_tree_reader r = {
		.fdt = m->fdt, .node = node, .fault = fault,
	};
	struct rpmb_manifest_device dev, other;
	u32 n;
	int ret;

	if (!is_device_name(fdt_get_name(m->fdt, node, NULL)))
		return rpmb_tree_fail(&r, NULL, "not known", -EINVAL);
	if (m->devices == RPMB_MANIFEST_DEVICES)
		return rpmb_tree_fail(&r, NULL, "too many devices", -E2BIG);
	ret = read_device(m->fdt, node, &dev, fault);
	for (n = 0; !ret && n < m->devices; n++) {
		/* it was read before, and found good */
		read_nth(m, n, &other);
		ret = check_pair(&r, &dev, &other);
	}
	m->devices++;
	return ret;
}

int rpmb_manifest_open(struct rpmb_manifest *m, const void *blob, size_t size,
		       struct rpmb_tree_fault *fault)
{
	struct rpmb_tree_reader r = { .fdt = blob, .fault = fault };
	int node, ret;

	memset(m, 0, sizeof(*m));
	ret = rpmb_tree_check(&r, size);
	if (ret)
		return ret;
	m->fdt = blob;
	ret = rpmb_tree_read(&r, &root_schema, m);
	if (ret)
		return ret;
	fdt_for_each_subnode(node, blob, 0) {
		ret = check_node(m, node, fault);
		if (ret)
			return ret;
	}
	if (!m->devices)
		return rpmb_tree_fail(&r, NULL, "no device", -EINVAL);
	return 0;
}

void rpmb_manifest_index(const struct rpmb_manifest_device *dev, u32 n,
			 u32 *loc, u64 *index)
{
	rpmb_tree_index(dev->indexes, n, loc, index);
}
