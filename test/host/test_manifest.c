// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: provisioning manifests, good ones, one broken rule at a time, and
 * bits flipped at random
 */

#include <stdio.h>

#include "tree_rig.h"

static struct rpmb_manifest m;

static const u8 kcv[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const char long_id[RPMB_TREE_ID + 1] = { 1 };

/* The root, open for devices */
static void begin(void)
{
	memset(tree_blob, 0, sizeof(tree_blob));
	tree_must(fdt_create(tree_blob, sizeof(tree_blob)));
	tree_must(fdt_finish_reservemap(tree_blob));
	tree_must(fdt_begin_node(tree_blob, ""));
	tree_must(fdt_property_string(tree_blob, "compatible", "u-boot,rpmb-manifest"));
	tree_must(fdt_property_u32(tree_blob, "version", 1));
	tree_must(fdt_property_string(tree_blob, "batch", "2026-11-A"));
}

static void end(void)
{
	tree_must(fdt_end_node(tree_blob));
	tree_must(fdt_finish(tree_blob));
	tree_size = fdt_totalsize(tree_blob);
}

static void device(const char *name, const char *transport, u32 target,
		   u32 key_id)
{
	tree_must(fdt_begin_node(tree_blob, name));
	tree_must(fdt_property_string(tree_blob, "transport", transport));
	tree_must(fdt_property_u32(tree_blob, "target", target));
	tree_must(fdt_property_u32(tree_blob, "key-id", key_id));
}

static void any_device(const char *name, const char *transport, u32 target,
		       u32 key_id)
{
	device(name, transport, target, key_id);
	tree_must(fdt_property(tree_blob, "any", "", 0));
	tree_must(fdt_end_node(tree_blob));
}

static void exact_device(const char *name, const char *transport, u32 target,
			 u32 key_id, const void *id, size_t len)
{
	device(name, transport, target, key_id);
	tree_must(fdt_property(tree_blob, "id", id, len));
	tree_must(fdt_property(tree_blob, "check-value", kcv, 8));
	tree_must(fdt_end_node(tree_blob));
}

/* A device of a manifest: for that with @id, or for any. The end has no name */
struct row {
	const char *name, *transport;
	u32 target, key_id;
	const void *id;
	size_t len;
};

#define ANY(name, transport, target, key_id) \
	{ name, transport, target, key_id, NULL, 0 }

static void make_devices(const struct row *rows, u32 count)
{
	const struct row *r;

	begin();
	for (r = rows; r < rows + count && r->name; r++)
		if (r->id)
			exact_device(r->name, r->transport, r->target,
				     r->key_id, r->id, r->len);
		else
			any_device(r->name, r->transport, r->target, r->key_id);
	end();
}

static void make_device(const char *name)
{
	make_devices(&(struct row)ANY(name, "emmc", 0, 1), 1);
}

/* One of each */
static void make_good(void)
{
	const struct tree_rig_index indexes[] = {
		tree_rig_index(0x1f, 7),
		tree_rig_index(0x100, 0x123456789abcdef0),
	};

	begin();
	device("device-1", "emmc", 0, 0x100);
	tree_must(fdt_property(tree_blob, "id", tree_cid, 16));
	tree_must(fdt_property(tree_blob, "check-value", kcv, 8));
	tree_must(fdt_property(tree_blob, "rollback-indexes", indexes, 24));
	tree_must(fdt_end_node(tree_blob));
	exact_device("device-2", "ufs", 3, 0x200, "ufs-R3", 6);
	any_device("device-30", "ufs", 3, 1);
	exact_device("device-4", "virtio", 0, 0x1ff, "v", 1);
	any_device("device-5", "emmc", 0, 0xffff);
	exact_device("device-6", "sandbox", 0, 2, "s", 1);
	end();
}

static int open_tree(const void *bytes, size_t len)
{
	return rpmb_manifest_open(&m, bytes, len, &tree_fault);
}

HOST_TEST(manifest_good)
{
	struct rpmb_manifest_device dev;
	u64 index;
	u32 loc;

	make_good();
	CHECK_EQ(tree_open(), 0);
	CHECK_EQ(m.devices, 6);
	CHECK_EQ(strcmp(m.batch, "2026-11-A"), 0);

	CHECK_EQ(rpmb_manifest_device(&m, 0, &dev), 0);
	CHECK_EQ(strcmp(dev.name, "device-1"), 0);
	CHECK_EQ(dev.transport, RPMB_KDF_EMMC);
	CHECK_EQ(dev.target, 0);
	CHECK_EQ(dev.id_len, 16);
	CHECK_MEM(dev.id, tree_cid, 16);
	CHECK_EQ(dev.key_id, 0x100);
	CHECK_MEM(dev.check_value, kcv, 8);
	CHECK_EQ(dev.nindexes, 2);
	rpmb_manifest_index(&dev, 0, &loc, &index);
	CHECK_EQ(loc, 0x1f);
	CHECK_EQ(index, 7);
	rpmb_manifest_index(&dev, 1, &loc, &index);
	CHECK_EQ(loc, 0x100);
	CHECK_EQ(index, 0x123456789abcdef0);

	CHECK_EQ(rpmb_manifest_device(&m, 2, &dev), 0);
	CHECK_EQ(strcmp(dev.name, "device-30"), 0);
	CHECK_EQ(dev.transport, RPMB_KDF_UFS);
	CHECK_EQ(dev.target, 3);
	CHECK(!dev.id && !dev.id_len && !dev.check_value && !dev.nindexes);
	CHECK_EQ(rpmb_manifest_device(&m, 3, &dev), 0);
	CHECK_EQ(dev.transport, RPMB_KDF_VIRTIO);
	CHECK_EQ(rpmb_manifest_device(&m, 5, &dev), 0);
	CHECK_EQ(dev.transport, RPMB_KDF_SANDBOX);
	CHECK_EQ(dev.key_id, 2);
	CHECK_EQ(rpmb_manifest_device(&m, 6, &dev), -ENOENT);
}

static u32 match(u8 transport, u8 target, const void *id, u16 len)
{
	const struct rpmb_target_id t = { transport, target, len, id };
	struct rpmb_manifest_device dev;

	if (rpmb_manifest_match(&m, &t, &dev))
		return 0;
	return dev.key_id;
}

/* The identifier decides, then "any"; never where it stands */
HOST_TEST(manifest_match)
{
	static const struct row any_first[] = {
		ANY("device-1", "ufs", 0, 0x101),
		{ "device-2", "ufs", 0, 0x102, "x", 1 },
	};
	u8 id[16];
	u32 i;

	make_good();
	CHECK_EQ(tree_open(), 0);
	CHECK_EQ(match(RPMB_KDF_EMMC, 0, tree_cid, 16), 0x100);
	for (i = 0; i < 16; i++) {
		memcpy(id, tree_cid, 16);
		id[i] ^= 0x80;
		CHECK_EQ(match(RPMB_KDF_EMMC, 0, id, 16),
			 i == 9 || i == 15 ? 0x100 : 0xffff);
	}
	CHECK_EQ(match(RPMB_KDF_UFS, 3, "ufs-R3", 6), 0x200);
	CHECK_EQ(match(RPMB_KDF_UFS, 3, "ufs-R4", 6), 1);
	CHECK_EQ(match(RPMB_KDF_UFS, 3, "ufs-R", 5), 1);
	CHECK_EQ(match(RPMB_KDF_UFS, 2, "ufs-R3", 6), 0);
	CHECK_EQ(match(RPMB_KDF_VIRTIO, 0, "v", 1), 0x1ff);
	CHECK_EQ(match(RPMB_KDF_VIRTIO, 0, "w", 1), 0);
	CHECK_EQ(match(RPMB_KDF_SANDBOX, 0, tree_cid, 16), 0);

	make_devices(any_first, 2);
	CHECK_EQ(tree_open(), 0);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, "x", 1), 0x102);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, "y", 1), 0x101);

	/* what masking does not touch on another bus */
	make_devices(&(struct row){ "device-1", "ufs", 0, 0x100, tree_cid, 16 }, 1);
	CHECK_EQ(tree_open(), 0);
	memcpy(id, tree_cid, 16);
	id[15] ^= 1;
	CHECK_EQ(match(RPMB_KDF_UFS, 0, tree_cid, 16), 0x100);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, id, 16), 0);
}

HOST_TEST(manifest_transport_names)
{
	static const struct {
		u8 transport;
		const char *name;
	} known[] = {
		{ RPMB_KDF_EMMC, "emmc" }, { RPMB_KDF_UFS, "ufs" },
		{ RPMB_KDF_VIRTIO, "virtio" }, { RPMB_KDF_SANDBOX, "sandbox" },
	};
	const char *name;
	u32 i, k, n = 0;

	for (i = 0; i < 256; i++) {
		name = rpmb_tree_transport(i);
		for (k = 0; k < COUNT(known); k++)
			if (known[k].transport == i)
				CHECK(name && !strcmp(name, known[k].name));
		n += !!name;
	}
	CHECK_EQ(n, COUNT(known));
}

HOST_TEST(manifest_blob)
{
	make_good();
	for (tree_size = 0; tree_size < fdt_totalsize(tree_blob); tree_size++)
		tree_refused(-EINVAL, "/", NULL, "not a device tree");
	tree_size++;
	tree_refused(-EINVAL, "/", NULL, "something after");
	tree_size = RPMB_MANIFEST_MAX + 1;
	tree_refused(-E2BIG, "/", NULL, "too large");
	tree_size = fdt_totalsize(tree_blob);
	CHECK_EQ(tree_open(), 0);
	memmove(tree_blob + 4, tree_blob, tree_size);
	CHECK_EQ(rpmb_manifest_open(&m, tree_blob + 4, tree_size, &tree_fault), -EINVAL);
	CHECK(strstr(tree_fault.why, "aligned"));

	make_good();
	tree_blob[0] ^= 1;
	tree_refused(-EINVAL, "/", NULL, "not a device tree");

	memset(tree_blob, 0, sizeof(tree_blob));
	tree_must(fdt_create(tree_blob, sizeof(tree_blob)));
	tree_must(fdt_add_reservemap_entry(tree_blob, 0, 1));
	tree_must(fdt_finish_reservemap(tree_blob));
	tree_must(fdt_begin_node(tree_blob, ""));
	end();
	tree_refused(-EINVAL, "/", NULL, "reserves memory");
}

static u8 *structure(void)
{
	return tree_blob + fdt_off_dt_struct(tree_blob);
}

/* What libfdt would skip without a word */
HOST_TEST(manifest_hidden)
{
	static const u8 end_tag[] = { 0, 0, 0, 9 };
	u8 root[8];
	int at, len;

	make_good();
	at = fdt_path_offset(tree_blob, "/device-1");
	tree_must(fdt_nop_property(tree_blob, at, "rollback-indexes"));
	tree_refused(-EINVAL, "/", NULL, "not a device tree");

	/* a structure that ends before it begins */
	make_good();
	memcpy(structure(), end_tag, 4);
	tree_refused(-EINVAL, "/", NULL, "not a device tree");

	/* "batch" moved behind a node: that node's end, then the property */
	begin();
	any_device("device-1", "emmc", 0, 1);
	tree_must(fdt_property_string(tree_blob, "batch", "B"));
	end();
	tree_refused(-EINVAL, "/", NULL, "not a device tree");

	/* a property in front of the root: they change places */
	make_good();
	at = fdt_first_property_offset(tree_blob, 0);
	len = fdt_next_property_offset(tree_blob, at) - at;
	memcpy(root, structure(), at);
	memmove(structure(), structure() + at, len);
	memcpy(structure() + len, root, at);
	tree_refused(-EINVAL, "/", NULL, "not a device tree");
}

static const struct alteration root_alterations[] = {
	{ "/", "batch", TEXT("A"), NULL },
	{ "/", "batch", TEXT("9.x_y-Z"), NULL },
	{ "/", "batch", TEXT("12345678901234567890123456789012"), NULL },
	{ "/", "batch", TEXT("123456789012345678901234567890123"), "not a batch" },
	{ "/", "batch", TEXT(""), "not a batch" },
	{ "/", "batch", TEXT("-"), "not a batch" },
	{ "/", "batch", TEXT(".a"), "not a batch" },
	{ "/", "batch", TEXT("a b"), "not a batch" },
	{ "/", "batch", TEXT("a=b"), "not a batch" },
	{ "/", "batch", TEXT("a\n"), "not a batch" },
	{ "/", "batch", TEXT("a/"), "not a batch" },
	{ "/", "batch", TEXT("a:"), "not a batch" },
	{ "/", "batch", TEXT("a@"), "not a batch" },
	{ "/", "batch", TEXT("a["), "not a batch" },
	{ "/", "batch", TEXT("a`"), "not a batch" },
	{ "/", "batch", TEXT("a{"), "not a batch" },
	{ "/", "batch", "2026-11-AB", 10, "not a batch" },
	{ "/", "compatible", TEXT("u-boot,rpmb-Manifest"), "not that" },
	{ "/", "compatible", NULL, 0, "missing" },
	{ "/", "version", NULL, 0, "missing" },
	{ "/", "batch", NULL, 0, "missing" },
};

HOST_TEST(manifest_root)
{
	int at;

	tree_check_alterations(root_alterations, COUNT(root_alterations));
	tree_alter(&(struct alteration){ "/", "version", CELL("\2"), NULL });
	tree_refused(-EOPNOTSUPP, "/", "version", "not known");

	/* "batch" becomes a second "version" */
	make_good();
	at = fdt_first_property_offset(tree_blob, 0);
	at = fdt_next_property_offset(tree_blob, at);
	memcpy(structure() + fdt_next_property_offset(tree_blob, at) + 8,
	       structure() + at + 8, 4);
	tree_refused(-EINVAL, "/", "version", "twice");

	begin();
	tree_must(fdt_property_u32(tree_blob, "serial", 1));
	any_device("device-1", "emmc", 0, 1);
	end();
	tree_refused(-EINVAL, "/", "serial", "not known");
	begin();
	end();
	tree_refused(-EINVAL, "/", NULL, "no device");
}

HOST_TEST(manifest_nodes)
{
	static const char * const names[] = {
		"device-", "device-a", "device-1a", "device", "Device-1",
		"images", "device-:",
	};
	static const char * const odd[] = { "device-1@0", "device-/" };
	char name[16];
	u32 i;

	for (i = 0; i < COUNT(names); i++) {
		make_device(names[i]);
		tree_refused(-EINVAL, names[i], NULL, "not known");
	}
	/* that not everybody sees alike */
	for (i = 0; i < COUNT(odd); i++) {
		make_device(odd[i]);
		tree_refused(-EINVAL, "/", NULL, "not a device tree");
	}

	for (i = RPMB_MANIFEST_DEVICES; i <= RPMB_MANIFEST_DEVICES + 1; i++) {
		u32 n;

		begin();
		for (n = 0; n < i; n++) {
			snprintf(name, sizeof(name), "device-%u", n);
			exact_device(name, "ufs", 0, 0x100, name,
				     strlen(name));
		}
		end();
		if (i == RPMB_MANIFEST_DEVICES)
			CHECK_EQ(tree_open(), 0);
		else
			tree_refused(-E2BIG, name, NULL, "too many devices");
	}

	begin();
	device("device-1", "emmc", 0, 1);
	tree_must(fdt_property(tree_blob, "any", "", 0));
	tree_must(fdt_begin_node(tree_blob, "device-2"));
	tree_must(fdt_end_node(tree_blob));
	tree_must(fdt_end_node(tree_blob));
	end();
	tree_refused(-EINVAL, "device-1", NULL, "nodes in it");
}

/* A property of a good manifest is set, or deleted; why is it refused? */
static const struct alteration alterations[] = {
	{ "/device-2", "transport", NULL, 0, "missing" },
	{ "/device-2", "target", NULL, 0, "missing" },
	{ "/device-2", "key-id", NULL, 0, "missing" },
	{ "/device-2", "check-value", NULL, 0, "missing" },
	{ "/device-1", "transport", "mmc", 4, "not known" },
	{ "/device-1", "transport", "emmc", 4, "not known" },
	{ "/device-1", "transport", "emmc\0ufs", 9, "not known" },
	{ "/device-2", "target", CELL("\4"), "not a target" },
	{ "/device-2", "target", CELL("\0"), NULL },
	{ "/device-1", "target", CELL("\1"), "not a target" },
	{ "/device-4", "target", CELL("\1"), "not a target" },
	{ "/device-6", "target", CELL("\1"), NULL },
	{ "/device-1", "target", "\0\0", 2, "not a target" },
	{ "/device-1", "target", "\0\0\0\0\0\0\0", 8, "not a target" },
	{ "/device-1", "key-id", CELL("\0"), "not a key id" },
	{ "/device-1", "key-id", "\0\1\0\0", 4, "not a key id" },
	{ "/device-1", "key-id", "\xff\xff\xff\xff", 4, "not a key id" },
	{ "/device-1", "id", tree_cid, 15, "wrong length" },
	{ "/device-2", "id", tree_cid, 0, "wrong length" },
	{ "/device-2", "id", long_id, RPMB_TREE_ID, NULL },
	{ "/device-2", "id", long_id, RPMB_TREE_ID + 1, "wrong length" },
	{ "/device-2", "id", NULL, 0, "either" },
	{ "/device-30", "any", "\1", 1, "has a value" },
	{ "/device-1", "check-value", kcv, 7, "wrong length" },
	{ "/device-30", "check-value", kcv, 8, "differ" },
	{ "/device-30", "key", kcv, 8, "not known" },
};

HOST_TEST(manifest_device)
{
	tree_check_alterations(alterations, COUNT(alterations));
	tree_alter(&(struct alteration){ "/device-2", "any", "", 0, NULL });
	tree_refused(-EINVAL, "device-2", "id", "either");
}

/* The n-th location that there is */
static u32 location(u32 n)
{
	return n < 32 ? n : n < 60 ? 0x100 + n - 32 : 0x200 + n - 60;
}

static struct tree_rig_index indexes[RPMB_MANIFEST_INDEXES + 1];

/* With so many bytes of indexes it is refused for this reason, or taken if NULL */
static void check_indexes(int len, const char *why)
{
	const struct alteration a = {
		"/device-1", "rollback-indexes", indexes, len, why
	};

	tree_check_alterations(&a, 1);
}

static void check_third(u32 loc, u64 index, const char *why)
{
	indexes[2] = tree_rig_index(loc, index);
	check_indexes(36, why);
}

HOST_TEST(manifest_indexes)
{
	static const u32 nowhere[] = {
		0x20, 0xff, 0x11c, 0x1ff, 0x21c, 0x300, 0xffffffff,
	};
	u32 i;

	for (i = 0; i < 24; i++)
		if (!i || i % 12)
			check_indexes(i, "not triples");
	for (i = 0; i <= RPMB_MANIFEST_INDEXES; i++)
		indexes[i] = tree_rig_index(location(i), 0xfffffffffffffffe);
	check_indexes(12 * RPMB_MANIFEST_INDEXES, NULL);
	check_indexes(12 * (RPMB_MANIFEST_INDEXES + 1), "too many");
	check_third(2, 0xffffffffffffffff, "2^64 - 1");
	for (i = 0; i < COUNT(nowhere); i++)
		check_third(nowhere[i], 5, "no such location");
	check_third(0, 5, "location twice");
}

/* The eMMC of tree_cid after a firmware update, and another one */
#define UPDATED	"\xd6\1\3\x30\x31GB0\0\x13\x34Vx\x9a\x62\x8f", 16
#define OTHER	"\xd6\1\3\x30\x31GB0\0\x13\x34Vx\x9b\x62\x8f", 16

/* What is told of devices, NULL of those that can stand together */
static const struct {
	struct row devices[5];
	const char *node, *prop, *why;
} together[] = {
	{ { { "device-1", "emmc", 0, 0x100, tree_cid, 16 },
	    { "device-2", "emmc", 0, 0x101, tree_cid, 16 } },
	  "device-2", "id", "a device twice" },
	{ { { "device-1", "emmc", 0, 0x100, tree_cid, 16 },
	    { "device-2", "emmc", 0, 0x101, UPDATED } },
	  "device-2", "id", "a device twice" },
	{ { { "device-1", "emmc", 0, 0x100, tree_cid, 16 },
	    { "device-2", "emmc", 0, 0x100, OTHER },
	    { "device-3", "ufs", 0, 0x100, tree_cid, 16 },
	    { "device-4", "ufs", 1, 0x100, tree_cid, 16 },
	    { "device-5", "ufs", 0, 0x100, OTHER } }, NULL, NULL, NULL },
	{ { ANY("device-1", "ufs", 1, 1),
	    { "device-2", "ufs", 1, 2, "x", 1 },
	    ANY("device-3", "ufs", 1, 3) },
	  "device-3", "any", "a device twice" },
	{ { ANY("device-1", "ufs", 1, 1), ANY("device-3", "ufs", 2, 3) },
	  NULL, NULL, NULL },
	{ { ANY("device-1", "ufs", 1, 1), ANY("device-1", "ufs", 2, 3) },
	  "device-1", NULL, "two nodes of that name" },
	{ { ANY("device-1", "ufs", 1, 0xff),
	    ANY("device-2", "emmc", 0, 0x1ff),
	    ANY("device-3", "ufs", 2, 0xff) },
	  "device-3", "key-id", "one key for two devices" },
	{ { ANY("device-1", "ufs", 1, 0x100), ANY("device-2", "ufs", 2, 0x100) },
	  NULL, NULL, NULL },
};

HOST_TEST(manifest_twice)
{
	u32 i;

	for (i = 0; i < COUNT(together); i++) {
		make_devices(together[i].devices, COUNT(together[i].devices));
		if (together[i].why)
			tree_refused(-EEXIST, together[i].node,
				     together[i].prop, together[i].why);
		else
			CHECK_EQ(tree_open(), 0);
	}
}

static const char batch_chars[] =
	"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ._-";

/* UFS has regions, and sandbox plays them */
static bool has_targets(u8 transport)
{
	return transport == RPMB_KDF_UFS || transport == RPMB_KDF_SANDBOX;
}

static void check_rules(void)
{
	struct rpmb_manifest_device d[RPMB_MANIFEST_DEVICES];
	u64 index;
	u32 i, k, loc;

	CHECK(m.devices >= 1 && m.devices <= RPMB_MANIFEST_DEVICES);
	CHECK(strlen(m.batch) >= 1 && strlen(m.batch) <= 32);
	CHECK_EQ(strspn(m.batch, batch_chars), strlen(m.batch));
	for (i = 0; i < m.devices; i++) {
		CHECK_EQ(rpmb_manifest_device(&m, i, &d[i]), 0);
		CHECK(rpmb_tree_transport(d[i].transport));
		CHECK(d[i].target < (has_targets(d[i].transport) ? 4 : 1));
		CHECK(d[i].key_id && d[i].key_id <= 0xffff);
		CHECK_EQ(!d[i].id, !d[i].check_value);
		CHECK_EQ(!d[i].id, !d[i].id_len);
		CHECK(d[i].transport != RPMB_KDF_EMMC || !d[i].id ||
		      d[i].id_len == 16);
		for (k = 0; k < d[i].nindexes; k++) {
			rpmb_manifest_index(&d[i], k, &loc, &index);
			CHECK(index != ~0ULL);
		}
		for (k = 0; k < i; k++) {
			CHECK(d[i].key_id > 0xff ||
			      d[i].key_id != d[k].key_id);
			CHECK(d[i].transport != d[k].transport ||
			      d[i].target != d[k].target ||
			      d[i].id_len != d[k].id_len ||
			      (d[i].id && memcmp(d[i].id, d[k].id,
						 d[i].id_len)));
		}
	}
	CHECK_EQ(rpmb_manifest_device(&m, m.devices, &d[0]), -ENOENT);
}

void host_test_set_up(void)
{
	static const struct tree_rig_parser parser = {
		open_tree, make_good, check_rules,
	};

	tree_rig_use(&parser);
}

HOST_TEST(manifest_fuzz)
{
	u32 taken;

	make_good();
	taken = tree_rig_fuzz();
	/* values may change and still be good; most else may not */
	CHECK(taken > 10);
	CHECK(taken < 500);
}
