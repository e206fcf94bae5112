// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: provisioning manifests, good ones, one broken rule at a time, and
 * bits flipped at random
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <rpmb/fdt.h>
#include <rpmb/manifest.h>

#include "host_test.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))
#define ROOM		(RPMB_MANIFEST_MAX + 64)
#define FUZZ_ROUNDS	40000

static u8 blob[ROOM] __attribute__((aligned(8)));
static size_t size;
static struct rpmb_manifest m;
static struct rpmb_tree_fault fault;

static const u8 cid[16] = {
	0xd6, 0x01, 0x03, 0x30, 0x31, 0x47, 0x42, 0x30,
	0x00, 0x12, 0x34, 0x56, 0x78, 0x9a, 0x62, 0xd5,
};

static const u8 kcv[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const char long_id[RPMB_TREE_ID + 1] = { 1 };

static void must(int err)
{
	if (err) {
		fprintf(stderr, "libfdt: %s\n", fdt_strerror(err));
		abort();
	}
}

/* The root, open for devices */
static void begin(void)
{
	memset(blob, 0, sizeof(blob));
	must(fdt_create(blob, sizeof(blob)));
	must(fdt_finish_reservemap(blob));
	must(fdt_begin_node(blob, ""));
	must(fdt_property_string(blob, "compatible", "u-boot,rpmb-manifest"));
	must(fdt_property_u32(blob, "version", 1));
	must(fdt_property_string(blob, "batch", "2026-11-A"));
}

static void end(void)
{
	must(fdt_end_node(blob));
	must(fdt_finish(blob));
	size = fdt_totalsize(blob);
}

static void device(const char *name, const char *transport, u32 target,
		   u32 key_id)
{
	must(fdt_begin_node(blob, name));
	must(fdt_property_string(blob, "transport", transport));
	must(fdt_property_u32(blob, "target", target));
	must(fdt_property_u32(blob, "key-id", key_id));
}

static void any_device(const char *name, const char *transport, u32 target,
		       u32 key_id)
{
	device(name, transport, target, key_id);
	must(fdt_property(blob, "any", "", 0));
	must(fdt_end_node(blob));
}

static void exact_device(const char *name, const char *transport, u32 target,
			 u32 key_id, const void *id, size_t len)
{
	device(name, transport, target, key_id);
	must(fdt_property(blob, "id", id, len));
	must(fdt_property(blob, "check-value", kcv, 8));
	must(fdt_end_node(blob));
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

static void put_index(u8 *p, u32 loc, u64 index)
{
	fdt32_t cells[] = { cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
			    cpu_to_fdt32(index) };

	memcpy(p, cells, 12);
}

/* One of each */
static void make_good(void)
{
	u8 indexes[24];

	put_index(indexes, 0x1f, 7);
	put_index(indexes + 12, 0x100, 0x123456789abcdef0);
	begin();
	device("device-1", "emmc", 0, 0x100);
	must(fdt_property(blob, "id", cid, 16));
	must(fdt_property(blob, "check-value", kcv, 8));
	must(fdt_property(blob, "rollback-indexes", indexes, 24));
	must(fdt_end_node(blob));
	exact_device("device-2", "ufs", 3, 0x200, "ufs-R3", 6);
	any_device("device-30", "ufs", 3, 1);
	exact_device("device-4", "virtio", 0, 0x1ff, "v", 1);
	any_device("device-5", "emmc", 0, 0xffff);
	exact_device("device-6", "sandbox", 0, 2, "s", 1);
	end();
}

static int open_it(void)
{
	memset(&fault, 0, sizeof(fault));
	return rpmb_manifest_open(&m, blob, size, &fault);
}

/* Refused with this errno, this node, property and reason */
static void refused(int err, const char *node, const char *prop,
		    const char *why)
{
	CHECK_EQ(open_it(), err);
	CHECK(fault.node && !strcmp(fault.node, node));
	CHECK(prop ? fault.prop && !strcmp(fault.prop, prop) : !fault.prop);
	CHECK(fault.why && strstr(fault.why, why));
	if (host_test_failed())
		fprintf(stderr, "wanted %s/%s: %s, got %s/%s: %s\n", node, prop,
			why, fault.node, fault.prop, fault.why);
}

static void test_good(void)
{
	struct rpmb_manifest_device dev;
	u64 index;
	u32 loc;

	make_good();
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(m.devices, 6);
	CHECK_EQ(strcmp(m.batch, "2026-11-A"), 0);

	CHECK_EQ(rpmb_manifest_device(&m, 0, &dev), 0);
	CHECK_EQ(strcmp(dev.name, "device-1"), 0);
	CHECK_EQ(dev.transport, RPMB_KDF_EMMC);
	CHECK_EQ(dev.target, 0);
	CHECK_EQ(dev.id_len, 16);
	CHECK_MEM(dev.id, cid, 16);
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
static void test_match(void)
{
	static const struct row any_first[] = {
		ANY("device-1", "ufs", 0, 0x101),
		{ "device-2", "ufs", 0, 0x102, "x", 1 },
	};
	u8 id[16];
	u32 i;

	make_good();
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(match(RPMB_KDF_EMMC, 0, cid, 16), 0x100);
	for (i = 0; i < 16; i++) {
		memcpy(id, cid, 16);
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
	CHECK_EQ(match(RPMB_KDF_SANDBOX, 0, cid, 16), 0);

	make_devices(any_first, 2);
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, "x", 1), 0x102);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, "y", 1), 0x101);

	/* what masking does not touch on another bus */
	make_devices(&(struct row){ "device-1", "ufs", 0, 0x100, cid, 16 }, 1);
	CHECK_EQ(open_it(), 0);
	memcpy(id, cid, 16);
	id[15] ^= 1;
	CHECK_EQ(match(RPMB_KDF_UFS, 0, cid, 16), 0x100);
	CHECK_EQ(match(RPMB_KDF_UFS, 0, id, 16), 0);
}

static void test_transport_names(void)
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

static void test_blob(void)
{
	make_good();
	for (size = 0; size < fdt_totalsize(blob); size++)
		refused(-EINVAL, "/", NULL, "not a device tree");
	size++;
	refused(-EINVAL, "/", NULL, "something after");
	size = RPMB_MANIFEST_MAX + 1;
	refused(-E2BIG, "/", NULL, "too large");
	size = fdt_totalsize(blob);
	CHECK_EQ(open_it(), 0);
	memmove(blob + 4, blob, size);
	CHECK_EQ(rpmb_manifest_open(&m, blob + 4, size, &fault), -EINVAL);
	CHECK(strstr(fault.why, "aligned"));

	make_good();
	blob[0] ^= 1;
	refused(-EINVAL, "/", NULL, "not a device tree");

	memset(blob, 0, sizeof(blob));
	must(fdt_create(blob, sizeof(blob)));
	must(fdt_add_reservemap_entry(blob, 0, 1));
	must(fdt_finish_reservemap(blob));
	must(fdt_begin_node(blob, ""));
	end();
	refused(-EINVAL, "/", NULL, "reserves memory");
}

static u8 *structure(void)
{
	return blob + fdt_off_dt_struct(blob);
}

/* What libfdt would skip without a word */
static void test_hidden(void)
{
	static const u8 end_tag[] = { 0, 0, 0, 9 };
	u8 root[8];
	int at, len;

	make_good();
	must(fdt_nop_property(blob, fdt_path_offset(blob, "/device-1"),
			      "rollback-indexes"));
	refused(-EINVAL, "/", NULL, "not a device tree");

	/* a structure that ends before it begins */
	make_good();
	memcpy(structure(), end_tag, 4);
	refused(-EINVAL, "/", NULL, "not a device tree");

	/* "batch" moved behind a node: that node's end, then the property */
	memset(blob, 0, sizeof(blob));
	must(fdt_create(blob, sizeof(blob)));
	must(fdt_finish_reservemap(blob));
	must(fdt_begin_node(blob, ""));
	must(fdt_property_string(blob, "compatible", "u-boot,rpmb-manifest"));
	must(fdt_property_u32(blob, "version", 1));
	must(fdt_property_string(blob, "batch", "A"));
	any_device("device-1", "emmc", 0, 1);
	must(fdt_property_string(blob, "batch", "B"));
	end();
	refused(-EINVAL, "/", NULL, "not a device tree");

	/* a property in front of the root: they change places */
	make_good();
	at = fdt_first_property_offset(blob, 0);
	len = fdt_next_property_offset(blob, at) - at;
	memcpy(root, structure(), at);
	memmove(structure(), structure() + at, len);
	memcpy(structure() + len, root, at);
	refused(-EINVAL, "/", NULL, "not a device tree");
}

static void test_root(void)
{
	static const struct {
		const char *batch;
		bool good;
	} batches[] = {
		{ "A", true }, { "9.x_y-Z", true },
		{ "12345678901234567890123456789012", true },
		{ "123456789012345678901234567890123", false },
		{ "", false }, { "-", false }, { ".a", false },
		{ "a b", false }, { "a=b", false }, { "a\n", false },
		{ "a/", false }, { "a:", false }, { "a@", false },
		{ "a[", false }, { "a`", false }, { "a{", false },
	};
	u32 i;
	int at;

	for (i = 0; i < COUNT(batches); i++) {
		make_good();
		must(fdt_open_into(blob, blob, sizeof(blob)));
		must(fdt_setprop_string(blob, 0, "batch", batches[i].batch));
		must(fdt_pack(blob));
		size = fdt_totalsize(blob);
		if (batches[i].good)
			CHECK_EQ(open_it(), 0);
		else
			refused(-EINVAL, "/", "batch", "not a batch");
	}
	make_good();
	must(fdt_setprop_inplace(blob, 0, "batch", "2026-11-AB", 10));
	refused(-EINVAL, "/", "batch", "not a batch");

	make_good();
	must(fdt_setprop_inplace_u32(blob, 0, "version", 2));
	refused(-EOPNOTSUPP, "/", "version", "not known");
	make_good();
	must(fdt_setprop_inplace(blob, 0, "compatible",
				 "u-boot,rpmb-Manifest", 21));
	refused(-EINVAL, "/", "compatible", "not that");

	for (i = 0; i < 3; i++) {
		static const char * const names[] = { "compatible", "version",
						      "batch" };

		make_good();
		must(fdt_open_into(blob, blob, sizeof(blob)));
		must(fdt_delprop(blob, 0, names[i]));
		must(fdt_pack(blob));
		size = fdt_totalsize(blob);
		refused(-EINVAL, "/", names[i], "missing");
	}

	/* "batch" becomes a second "version" */
	make_good();
	at = fdt_first_property_offset(blob, 0);
	at = fdt_next_property_offset(blob, at);
	memcpy(structure() + fdt_next_property_offset(blob, at) + 8,
	       structure() + at + 8, 4);
	refused(-EINVAL, "/", "version", "twice");

	begin();
	must(fdt_property_u32(blob, "serial", 1));
	any_device("device-1", "emmc", 0, 1);
	end();
	refused(-EINVAL, "/", "serial", "not known");
	begin();
	end();
	refused(-EINVAL, "/", NULL, "no device");
}

static void test_nodes(void)
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
		refused(-EINVAL, names[i], NULL, "not known");
	}
	/* that not everybody sees alike */
	for (i = 0; i < COUNT(odd); i++) {
		make_device(odd[i]);
		refused(-EINVAL, "/", NULL, "not a device tree");
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
			CHECK_EQ(open_it(), 0);
		else
			refused(-E2BIG, name, NULL, "too many devices");
	}

	begin();
	device("device-1", "emmc", 0, 1);
	must(fdt_property(blob, "any", "", 0));
	must(fdt_begin_node(blob, "device-2"));
	must(fdt_end_node(blob));
	must(fdt_end_node(blob));
	end();
	refused(-EINVAL, "device-1", NULL, "nodes in it");
}

/* Set or, without a value, delete a property of a device of a good blob */
static void alter(const char *node, const char *prop, const void *val, int len)
{
	int at;

	make_good();
	must(fdt_open_into(blob, blob, sizeof(blob)));
	at = fdt_subnode_offset(blob, 0, node);
	must(val ? fdt_setprop(blob, at, prop, val, len) :
	     fdt_delprop(blob, at, prop));
	must(fdt_pack(blob));
	size = fdt_totalsize(blob);
}

#define CELL(n)		"\0\0\0" n, 4

/* A property of a good manifest is set, or deleted; why is it refused? */
static const struct alteration {
	const char *node, *prop;
	const void *val;
	int len;
	const char *why;
} alterations[] = {
	{ "device-2", "transport", NULL, 0, "missing" },
	{ "device-2", "target", NULL, 0, "missing" },
	{ "device-2", "key-id", NULL, 0, "missing" },
	{ "device-2", "check-value", NULL, 0, "missing" },
	{ "device-1", "transport", "mmc", 4, "not known" },
	{ "device-1", "transport", "emmc", 4, "not known" },
	{ "device-1", "transport", "emmc\0ufs", 9, "not known" },
	{ "device-2", "target", CELL("\4"), "not a target" },
	{ "device-2", "target", CELL("\0"), NULL },
	{ "device-1", "target", CELL("\1"), "not a target" },
	{ "device-4", "target", CELL("\1"), "not a target" },
	{ "device-6", "target", CELL("\1"), NULL },
	{ "device-1", "target", "\0\0", 2, "not a target" },
	{ "device-1", "target", "\0\0\0\0\0\0\0", 8, "not a target" },
	{ "device-1", "key-id", CELL("\0"), "not a key id" },
	{ "device-1", "key-id", "\0\1\0\0", 4, "not a key id" },
	{ "device-1", "key-id", "\xff\xff\xff\xff", 4, "not a key id" },
	{ "device-1", "id", cid, 15, "wrong length" },
	{ "device-2", "id", cid, 0, "wrong length" },
	{ "device-2", "id", long_id, RPMB_TREE_ID, NULL },
	{ "device-2", "id", long_id, RPMB_TREE_ID + 1, "wrong length" },
	{ "device-2", "id", NULL, 0, "either" },
	{ "device-30", "any", "\1", 1, "has a value" },
	{ "device-1", "check-value", kcv, 7, "wrong length" },
	{ "device-30", "check-value", kcv, 8, "differ" },
	{ "device-30", "key", kcv, 8, "not known" },
};

static void test_device(void)
{
	const struct alteration *a;

	for (a = alterations; a < alterations + COUNT(alterations); a++) {
		alter(a->node, a->prop, a->val, a->len);
		if (a->why)
			refused(-EINVAL, a->node, a->prop, a->why);
		else
			CHECK_EQ(open_it(), 0);
	}
	alter("device-2", "any", "", 0);
	refused(-EINVAL, "device-2", "id", "either");
}

/* The n-th location that there is */
static u32 location(u32 n)
{
	return n < 32 ? n : n < 60 ? 0x100 + n - 32 : 0x200 + n - 60;
}

static u8 indexes[12 * (RPMB_MANIFEST_INDEXES + 1)];

/* With so many bytes of the indexes it is refused, or taken if there is no reason */
static void check_indexes(int len, const char *why)
{
	alter("device-1", "rollback-indexes", indexes, len);
	if (why)
		refused(-EINVAL, "device-1", "rollback-indexes", why);
	else
		CHECK_EQ(open_it(), 0);
}

static void check_third(u32 loc, u64 index, const char *why)
{
	put_index(indexes + 24, loc, index);
	check_indexes(36, why);
}

static void test_indexes(void)
{
	static const u32 nowhere[] = {
		0x20, 0xff, 0x11c, 0x1ff, 0x21c, 0x300, 0xffffffff,
	};
	u32 i;

	for (i = 0; i < 24; i++)
		if (!i || i % 12)
			check_indexes(i, "not triples");
	for (i = 0; i <= RPMB_MANIFEST_INDEXES; i++)
		put_index(indexes + 12 * i, location(i), 0xfffffffffffffffe);
	check_indexes(12 * RPMB_MANIFEST_INDEXES, NULL);
	check_indexes(12 * (RPMB_MANIFEST_INDEXES + 1), "too many");
	check_third(2, 0xffffffffffffffff, "2^64 - 1");
	for (i = 0; i < COUNT(nowhere); i++)
		check_third(nowhere[i], 5, "no such location");
	check_third(0, 5, "location twice");
}

/* The eMMC of cid after a firmware update, and another one */
#define UPDATED	"\xd6\1\3\x30\x31GB0\0\x13\x34Vx\x9a\x62\x8f", 16
#define OTHER	"\xd6\1\3\x30\x31GB0\0\x13\x34Vx\x9b\x62\x8f", 16

/* What is told of devices, NULL of those that can stand together */
static const struct {
	struct row devices[5];
	const char *node, *prop, *why;
} together[] = {
	{ { { "device-1", "emmc", 0, 0x100, cid, 16 },
	    { "device-2", "emmc", 0, 0x101, cid, 16 } },
	  "device-2", "id", "a device twice" },
	{ { { "device-1", "emmc", 0, 0x100, cid, 16 },
	    { "device-2", "emmc", 0, 0x101, UPDATED } },
	  "device-2", "id", "a device twice" },
	{ { { "device-1", "emmc", 0, 0x100, cid, 16 },
	    { "device-2", "emmc", 0, 0x100, OTHER },
	    { "device-3", "ufs", 0, 0x100, cid, 16 },
	    { "device-4", "ufs", 1, 0x100, cid, 16 },
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

static void test_twice(void)
{
	u32 i;

	for (i = 0; i < COUNT(together); i++) {
		make_devices(together[i].devices, COUNT(together[i].devices));
		if (together[i].why)
			refused(-EEXIST, together[i].node, together[i].prop,
				together[i].why);
		else
			CHECK_EQ(open_it(), 0);
	}
}

static const char batch_chars[] =
	"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ._-";

/* UFS has regions, and sandbox plays them */
static bool has_targets(u8 transport)
{
	return transport == RPMB_KDF_UFS || transport == RPMB_KDF_SANDBOX;
}

/* The rules, said once more, for whatever the parser took */
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

static int fuzz_one(const void *bytes, size_t len)
{
	memset(&fault, 0, sizeof(fault));
	if (!rpmb_manifest_open(&m, bytes, len, &fault)) {
		check_rules();
		return 1;
	}
	CHECK(fault.node && fault.why);
	/* names end within the blob */
	CHECK(strlen(fault.node) < len);
	CHECK(!fault.prop || strlen(fault.prop) < len);
	return 0;
}

static void test_fuzz(void)
{
	u32 taken;

	make_good();
	taken = host_test_fuzz(blob, size, FUZZ_ROUNDS, fuzz_one);
	/* values may change and still be good; most else may not */
	CHECK(taken > FUZZ_ROUNDS / 100);
	CHECK(taken < FUZZ_ROUNDS / 2);
}

static const struct host_test tests[] = {
	{ "manifest_good", test_good },
	{ "manifest_match", test_match },
	{ "manifest_transport_names", test_transport_names },
	{ "manifest_blob", test_blob },
	{ "manifest_hidden", test_hidden },
	{ "manifest_root", test_root },
	{ "manifest_nodes", test_nodes },
	{ "manifest_device", test_device },
	{ "manifest_indexes", test_indexes },
	{ "manifest_twice", test_twice },
	{ "manifest_fuzz", test_fuzz },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, COUNT(tests), argc, argv);
}
