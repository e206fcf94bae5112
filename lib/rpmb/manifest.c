// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Provisioning manifests: parser
 *
 * fdt_check_full() looks at the whole blob first, so that libfdt's readers
 * cannot fail on what they are pointed at. It does so in any U-Boot that does
 * not assume perfect device trees (CONFIG_OF_LIBFDT_ASSUME_MASK=0xff, an SPL's
 * default; manifests are no business of an SPL).
 */

#include <rpmb/fdt.h>
#include <rpmb/manifest.h>

#define INDEX_SIZE	12	/* location, index: three cells */

/* Devices are numbered, for people; the number means nothing */
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

/* A property of a node */
struct prop {
	const char *name;
	const u8 *data;
	int len;
};

/* The node that is being read */
struct reader {
	const void *fdt;
	int node;
	u32 seen;		/* properties: bit per number */
	struct rpmb_manifest_fault *fault;
};

static int fail(struct reader *r, const char *prop, const char *why, int err)
{
	r->fault->node = r->node ? fdt_get_name(r->fdt, r->node, NULL) : "/";
	r->fault->prop = prop;
	r->fault->why = why;
	return err;
}

static int bad(struct reader *r, const struct prop *p, const char *why)
{
	return fail(r, p->name, why, -EINVAL);
}

static bool has_text(const struct prop *p, const char *text)
{
	size_t size = strlen(text) + 1;

	return (size_t)p->len == size && !memcmp(p->data, text, size);
}

static u32 get_cell(const void *data, u32 n)
{
	return rpmb_get32((const struct rpmb_be32 *)data + n);
}

/* An absent or oversized number is no number that anybody wants */
static u32 get_u32(const struct prop *p)
{
	return p->len == 4 ? get_cell(p->data, 0) : ~0U;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* It stands in a log line: no spaces, and not the "-" of what is unknown */
static bool is_batch(const struct prop *p)
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

static int read_root_prop(struct reader *r, void *into, u32 which,
			  const struct prop *p)
{
	struct rpmb_manifest *m = into;

	switch (which) {
	case ROOT_COMPATIBLE:
		if (!has_text(p, "u-boot,rpmb-manifest"))
			return bad(r, p, "not that of a manifest");
		return 0;
	case ROOT_VERSION:
		if (get_u32(p) != RPMB_MANIFEST_VERSION)
			return fail(r, p->name, "not known", -EOPNOTSUPP);
		return 0;
	default:
		if (!is_batch(p))
			return bad(r, p, "not a batch's name");
		m->batch = (const char *)p->data;
		return 0;
	}
}

static int read_transport(struct reader *r, struct rpmb_manifest_device *dev,
			  const struct prop *p)
{
	u32 i;

	for (i = 0; i < NTRANSPORTS; i++)
		if (has_text(p, transports[i].name)) {
			dev->transport = transports[i].transport;
			return 0;
		}
	return bad(r, p, "not known");
}

/* Bits 15 to 8 provider, 7 to 0 slot; RAM slots (provider 0) start at 1 */
static int read_key_id(struct reader *r, struct rpmb_manifest_device *dev,
		       const struct prop *p)
{
	dev->key_id = get_u32(p);
	if (!dev->key_id || dev->key_id > 0xffff)
		return bad(r, p, "not a key id");
	return 0;
}

static bool has_location_twice(const struct rpmb_manifest_device *dev)
{
	u32 i, k;

	for (i = 0; i < dev->nindexes; i++)
		for (k = 0; k < i; k++)
			if (get_cell(dev->indexes, 3 * i) ==
			    get_cell(dev->indexes, 3 * k))
				return true;
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

static int read_indexes(struct reader *r, struct rpmb_manifest_device *dev,
			const struct prop *p)
{
	if (!p->len || p->len % INDEX_SIZE)
		return bad(r, p, "not triples of location, high, low");
	if (p->len > RPMB_MANIFEST_INDEXES * INDEX_SIZE)
		return bad(r, p, "too many");
	dev->indexes = p->data;
	dev->nindexes = p->len / INDEX_SIZE;
	if (has_location_twice(dev))
		return bad(r, p, "a location twice");
	if (has_last_index(dev))
		return bad(r, p, "an index of 2^64 - 1");
	return 0;
}

static int read_dev_prop(struct reader *r, void *into, u32 which,
			 const struct prop *p)
{
	struct rpmb_manifest_device *dev = into;

	switch (which) {
	case DEV_TRANSPORT:
		return read_transport(r, dev, p);
	case DEV_TARGET:
		if (get_u32(p) >= RPMB_MANIFEST_TARGETS)
			return bad(r, p, "not a target");
		dev->target = get_u32(p);
		return 0;
	case DEV_KEY_ID:
		return read_key_id(r, dev, p);
	case DEV_ID:
		if (!p->len || p->len > RPMB_MANIFEST_ID)
			return bad(r, p, "of a wrong length");
		dev->id = p->data;
		dev->id_len = p->len;
		return 0;
	case DEV_CHECK_VALUE:
		if (p->len != RPMB_KCV_SIZE)
			return bad(r, p, "of a wrong length");
		dev->check_value = p->data;
		return 0;
	case DEV_ANY:
		return p->len ? bad(r, p, "has a value") : 0;
	default:
		return read_indexes(r, dev, p);
	}
}

static u32 find_name(const char *name, const char * const *names, u32 count)
{
	u32 i;

	for (i = 0; i < count && strcmp(name, names[i]); i++)
		;
	return i;
}

/* Read all properties of a node; the first @required ones must be there */
static int read_props(struct reader *r, const char * const *names, u32 count,
		      u32 required, void *into,
		      int (*read)(struct reader *r, void *into, u32 which,
				  const struct prop *p))
{
	struct prop p;
	int at, ret;
	u32 which;

	fdt_for_each_property_offset(at, r->fdt, r->node) {
		p.data = fdt_getprop_by_offset(r->fdt, at, &p.name, &p.len);
		which = find_name(p.name, names, count);
		if (which == count)
			return bad(r, &p, "not known");
		if (r->seen & 1U << which)
			return bad(r, &p, "given twice");
		r->seen |= 1U << which;
		ret = read(r, into, which, &p);
		if (ret)
			return ret;
	}
	for (which = 0; which < required; which++)
		if (!(r->seen & 1U << which))
			return fail(r, names[which], "missing", -EINVAL);
	return 0;
}

static bool seen(const struct reader *r, enum dev_prop which)
{
	return r->seen & 1U << which;
}

/* What properties say of each other */
static int check_device(struct reader *r,
			const struct rpmb_manifest_device *dev)
{
	if (dev->target && dev->transport != RPMB_KDF_UFS &&
	    dev->transport != RPMB_KDF_SANDBOX)
		return fail(r, dev_props[DEV_TARGET], "not a target", -EINVAL);
	if (seen(r, DEV_ID) == seen(r, DEV_ANY))
		return fail(r, dev_props[DEV_ID],
			    "either an id or any is wanted", -EINVAL);
	if (seen(r, DEV_CHECK_VALUE) && seen(r, DEV_ANY))
		return fail(r, dev_props[DEV_CHECK_VALUE],
			    "devices differ in it", -EINVAL);
	if (!seen(r, DEV_CHECK_VALUE) && !seen(r, DEV_ANY))
		return fail(r, dev_props[DEV_CHECK_VALUE], "missing", -EINVAL);
	if (dev->id && dev->transport == RPMB_KDF_EMMC &&
	    dev->id_len != RPMB_CID_SIZE)
		return fail(r, dev_props[DEV_ID], "of a wrong length",
			    -EINVAL);
	return 0;
}

static int read_device(const void *fdt, int node,
		       struct rpmb_manifest_device *dev,
		       struct rpmb_manifest_fault *fault)
{
	struct reader r = { .fdt = fdt, .node = node, .fault = fault };
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->name = fdt_get_name(fdt, node, NULL);
	ret = read_props(&r, dev_props, DEV_PROPS, DEV_REQUIRED, dev,
			 read_dev_prop);
	if (ret)
		return ret;
	if (fdt_first_subnode(fdt, node) >= 0)
		return fail(&r, NULL, "has nodes in it", -EINVAL);
	return check_device(&r, dev);
}

static int read_nth(const struct rpmb_manifest *m, u32 n,
		    struct rpmb_manifest_device *dev)
{
	struct rpmb_manifest_fault fault;
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

/* Byte of an identifier, as far as it tells devices apart */
static u8 id_byte(const struct rpmb_kdf_target *t, u32 n)
{
	if (t->transport == RPMB_KDF_EMMC && (n == 9 || n == 15))
		return 0;
	return t->dev_id[n];
}

static bool same_place(const struct rpmb_kdf_target *a,
		       const struct rpmb_kdf_target *b)
{
	return a->transport == b->transport && a->region == b->region;
}

static bool same_device(const struct rpmb_kdf_target *a,
			const struct rpmb_kdf_target *b)
{
	u32 i;

	if (!same_place(a, b) || a->dev_id_len != b->dev_id_len)
		return false;
	for (i = 0; i < a->dev_id_len; i++)
		if (id_byte(a, i) != id_byte(b, i))
			return false;
	return true;
}

static struct rpmb_kdf_target target_of(const struct rpmb_manifest_device *dev)
{
	return (struct rpmb_kdf_target) { dev->transport, dev->target,
					  dev->id_len, dev->id };
}

int rpmb_manifest_match(const struct rpmb_manifest *m,
			const struct rpmb_kdf_target *t,
			struct rpmb_manifest_device *dev)
{
	struct rpmb_manifest_device any = { .name = NULL };
	struct rpmb_kdf_target its;
	u32 n;

	for (n = 0; !rpmb_manifest_device(m, n, dev); n++) {
		its = target_of(dev);
		if (dev->id && same_device(t, &its))
			return 0;
		if (!dev->id && same_place(t, &its))
			any = *dev;
	}
	*dev = any;
	return any.name ? 0 : -ENOENT;
}

/* Hold a device against one that stands before it */
static int check_pair(struct reader *r, const struct rpmb_manifest_device *dev,
		      const struct rpmb_manifest_device *other)
{
	struct rpmb_kdf_target a = target_of(dev), b = target_of(other);

	if (!strcmp(dev->name, other->name))
		return fail(r, NULL, "two nodes of that name", -EEXIST);
	if (same_device(&a, &b))
		return fail(r, dev_props[dev->id ? DEV_ID : DEV_ANY],
			    "a device twice", -EEXIST);
	/* RAM slots are not bound to a device, as other providers' keys are */
	if (dev->key_id <= 0xff && dev->key_id == other->key_id)
		return fail(r, dev_props[DEV_KEY_ID],
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
		      struct rpmb_manifest_fault *fault)
{
	struct reader r = { .fdt = m->fdt, .node = node, .fault = fault };
	struct rpmb_manifest_device dev, other;
	u32 n;
	int ret;

	if (!is_device_name(fdt_get_name(m->fdt, node, NULL)))
		return fail(&r, NULL, "not known", -EINVAL);
	if (m->devices == RPMB_MANIFEST_DEVICES)
		return fail(&r, NULL, "too many devices", -E2BIG);
	ret = read_device(m->fdt, node, &dev, fault);
	for (n = 0; !ret && n < m->devices; n++) {
		/* it was read before, and found good */
		read_nth(m, n, &other);
		ret = check_pair(&r, &dev, &other);
	}
	m->devices++;
	return ret;
}

/*
 * Properties follow the start of their node or each other: libfdt does not
 * look for them behind a node, nor in front of the root. No gaps either.
 */
static bool is_plain(const void *fdt)
{
	u32 tag, last = FDT_NOP;
	int at, next = 0;

	do {
		at = next;
		tag = fdt_next_tag(fdt, at, &next);
		if (tag == FDT_NOP || (!at && tag != FDT_BEGIN_NODE) ||
		    (tag == FDT_PROP && last == FDT_END_NODE))
			return false;
		last = tag;
	} while (tag != FDT_END);
	return true;
}

static int check_blob(struct reader *r, size_t size)
{
	if (size > RPMB_MANIFEST_MAX)
		return fail(r, NULL, "too large", -E2BIG);
	if ((unsigned long)r->fdt % 8)
		return fail(r, NULL, "not 8-byte aligned in memory", -EINVAL);
	if (fdt_check_full(r->fdt, size))
		return fail(r, NULL, "not a device tree", -EINVAL);
	if (fdt_totalsize(r->fdt) != size)
		return fail(r, NULL, "something after the device tree",
			    -EINVAL);
	if (!is_plain(r->fdt))
		return fail(r, NULL, "properties where they are not looked for",
			    -EINVAL);
	if (fdt_num_mem_rsv(r->fdt))
		return fail(r, NULL, "reserves memory", -EINVAL);
	return 0;
}

int rpmb_manifest_open(struct rpmb_manifest *m, const void *blob, size_t size,
		       struct rpmb_manifest_fault *fault)
{
	struct reader r = { .fdt = blob, .fault = fault };
	int node, ret;

	memset(m, 0, sizeof(*m));
	ret = check_blob(&r, size);
	if (ret)
		return ret;
	m->fdt = blob;
	ret = read_props(&r, root_props, ROOT_PROPS, ROOT_PROPS, m,
			 read_root_prop);
	if (ret)
		return ret;
	fdt_for_each_subnode(node, blob, 0) {
		ret = check_node(m, node, fault);
		if (ret)
			return ret;
	}
	if (!m->devices)
		return fail(&r, NULL, "no device", -EINVAL);
	return 0;
}

void rpmb_manifest_index(const struct rpmb_manifest_device *dev, u32 n,
			 u32 *loc, u64 *index)
{
	*loc = get_cell(dev->indexes, 3 * n);
	*index = (u64)get_cell(dev->indexes, 3 * n + 1) << 32 |
		 get_cell(dev->indexes, 3 * n + 2);
}

const char *rpmb_manifest_transport(u8 transport)
{
	u32 i;

	for (i = 0; i < NTRANSPORTS; i++)
		if (transports[i].transport == transport)
			return transports[i].name;
	return NULL;
}
