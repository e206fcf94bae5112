// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: service tokens, good ones, one broken rule at a time, and bits
 * flipped at random
 */

#include <stdio.h>
#include <stdlib.h>
#include <rpmb/fdt.h>
#include <rpmb/manifest.h>
#include <rpmb/token.h>

#include "host_test.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))
#define ROOM		(RPMB_TOKEN_MAX + 64)
#define FUZZ_ROUNDS	40000

static u8 blob[ROOM] __attribute__((aligned(8)));
static size_t size;
static struct rpmb_token t;
static struct rpmb_tree_fault fault;

static const u8 cid[16] = {
	0xd6, 0x01, 0x03, 0x30, 0x31, 0x47, 0x42, 0x30,
	0x00, 0x12, 0x34, 0x56, 0x78, 0x9a, 0x62, 0xd5,
};

static void must(int err)
{
	if (err) {
		fprintf(stderr, "libfdt: %s\n", fdt_strerror(err));
		abort();
	}
}

static void pack(void)
{
	must(fdt_pack(blob));
	size = fdt_totalsize(blob);
}

static void set_index(const char *name, u32 loc, u64 index)
{
	fdt32_t cells[] = { cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
			    cpu_to_fdt32(index) };

	must(fdt_setprop(blob, 0, name, cells, 12));
}

/* A good one, without its action, with room for more */
static void begin(void)
{
	memset(blob, 0, sizeof(blob));
	must(fdt_create_empty_tree(blob, sizeof(blob)));
	must(fdt_setprop_string(blob, 0, "compatible", "u-boot,rpmb-token"));
	must(fdt_setprop_u32(blob, 0, "version", 1));
	must(fdt_setprop_string(blob, 0, "transport", "emmc"));
	must(fdt_setprop_u32(blob, 0, "target", 0));
	must(fdt_setprop(blob, 0, "id", cid, 16));
	must(fdt_setprop_u32(blob, 0, "write-counter", 0x80000001));
}

static void begin_reset(void)
{
	begin();
	set_index("reset-index", 0x11b, 0x123456789abcdef0);
}

static void begin_rma(void)
{
	begin();
	must(fdt_setprop_empty(blob, 0, "rma"));
}

static int open_it(void)
{
	pack();
	memset(&fault, 0, sizeof(fault));
	return rpmb_token_open(&t, blob, size, &fault);
}

/* Refused with this errno, this property of the root, and reason */
static void refused(int err, const char *prop, const char *why)
{
	CHECK_EQ(open_it(), err);
	CHECK(fault.node && !strcmp(fault.node, "/"));
	CHECK(prop ? fault.prop && !strcmp(fault.prop, prop) : !fault.prop);
	CHECK(fault.why && strstr(fault.why, why));
	if (host_test_failed())
		fprintf(stderr, "wanted %s: %s, got %s: %s\n", prop, why,
			fault.prop, fault.why);
}

static void test_good(void)
{
	static const struct {
		const char *name;
		u8 transport;
		u32 target;
	} known[] = {
		{ "emmc", RPMB_KDF_EMMC, 0 }, { "ufs", RPMB_KDF_UFS, 3 },
		{ "virtio", RPMB_KDF_VIRTIO, 0 },
		{ "sandbox", RPMB_KDF_SANDBOX, 1 },
	};
	u32 i;

	begin_reset();
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(t.device.transport, RPMB_KDF_EMMC);
	CHECK_EQ(t.device.target, 0);
	CHECK_EQ(t.device.dev_id_len, 16);
	CHECK_MEM(t.device.dev_id, cid, 16);
	CHECK_EQ(t.counter, 0x80000001);
	CHECK_EQ(t.action, RPMB_TOKEN_RESET_INDEX);
	CHECK_EQ(t.loc, 0x11b);
	CHECK_EQ(t.index, 0x123456789abcdef0);

	begin_rma();
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(t.action, RPMB_TOKEN_RMA);
	CHECK_EQ(t.counter, 0x80000001);

	for (i = 0; i < COUNT(known); i++) {
		begin_rma();
		must(fdt_setprop_string(blob, 0, "transport", known[i].name));
		must(fdt_setprop_u32(blob, 0, "target", known[i].target));
		CHECK_EQ(open_it(), 0);
		CHECK_EQ(t.device.transport, known[i].transport);
		CHECK_EQ(t.device.target, known[i].target);
	}
}

/* An identifier is always there, and compared as that of a key is made */
static void test_same_device(void)
{
	struct rpmb_target_id dev;
	u8 id[17];
	u32 i;

	begin_rma();
	CHECK_EQ(open_it(), 0);
	memcpy(id, cid, 16);
	dev = (struct rpmb_target_id){ RPMB_KDF_EMMC, 0, 16, id };
	CHECK(rpmb_target_is_same(&t.device, &dev));
	for (i = 0; i < 16; i++) {
		id[i] ^= 0x80;
		CHECK_EQ(rpmb_target_is_same(&t.device, &dev),
			 i == 9 || i == 15);
		id[i] ^= 0x80;
	}
	dev.target = 1;
	CHECK(!rpmb_target_is_same(&t.device, &dev));
	dev.target = 0;
	dev.dev_id_len = 17;
	CHECK(!rpmb_target_is_same(&t.device, &dev));
	dev.dev_id_len = 15;
	CHECK(!rpmb_target_is_same(&t.device, &dev));
	/* what is no CID is not masked, nor read beyond its end */
	t.device.dev_id_len = 15;
	CHECK(rpmb_target_is_same(&t.device, &dev));
	id[9] ^= 0x80;
	CHECK(!rpmb_target_is_same(&t.device, &dev));
	dev.dev_id_len = 16;
	dev.transport = RPMB_KDF_UFS;
	CHECK(!rpmb_target_is_same(&t.device, &dev));
}

static void test_required(void)
{
	static const char * const needed[] = {
		"compatible", "version", "transport", "target", "id",
		"write-counter",
	};
	u32 i;

	for (i = 0; i < COUNT(needed); i++) {
		begin_reset();
		must(fdt_delprop(blob, 0, needed[i]));
		refused(-EINVAL, needed[i], "missing");
	}
}

static void test_values(void)
{
	begin_reset();
	must(fdt_setprop_string(blob, 0, "compatible",
				"u-boot,rpmb-manifest"));
	refused(-EINVAL, "compatible", "not that of a token");
	begin_reset();
	must(fdt_setprop_u32(blob, 0, "version", 2));
	refused(-EOPNOTSUPP, "version", "not known");
	begin_reset();
	must(fdt_setprop_string(blob, 0, "transport", "nvme"));
	refused(-EINVAL, "transport", "not known");
	begin_reset();
	must(fdt_setprop_u32(blob, 0, "target", 4));
	refused(-EINVAL, "target", "not a target");
	begin_reset();
	must(fdt_setprop_u32(blob, 0, "target", 1));
	refused(-EINVAL, "target", "not a target");
	begin_reset();
	must(fdt_setprop(blob, 0, "id", cid, 15));
	refused(-EINVAL, "id", "wrong length");
	begin_reset();
	must(fdt_setprop_empty(blob, 0, "id"));
	refused(-EINVAL, "id", "wrong length");
	begin_reset();
	must(fdt_setprop_u32(blob, 0, "write-counter", 0xffffffff));
	refused(-EINVAL, "write-counter", "not a counter");
	begin_reset();
	must(fdt_setprop_u64(blob, 0, "write-counter", 1));
	refused(-EINVAL, "write-counter", "not a counter");
	begin_reset();
	must(fdt_setprop_u32(blob, 0, "write-counter", 0xfffffffe));
	CHECK_EQ(open_it(), 0);
}

static void test_actions(void)
{
	static const u32 no_location[] = { 0x20, 0xff, 0x11c, 0x1ff, 0x21c, ~0U };
	static const u8 cells[24];
	u32 len, i;

	begin();
	refused(-EINVAL, "reset-index", "either an index or rma");
	begin_reset();
	must(fdt_setprop_empty(blob, 0, "rma"));
	refused(-EINVAL, "reset-index", "either an index or rma");
	begin();
	must(fdt_setprop_u32(blob, 0, "rma", 1));
	refused(-EINVAL, "rma", "has a value");

	for (len = 0; len <= 24; len++) {
		begin();
		must(fdt_setprop(blob, 0, "reset-index", cells, len));
		if (len == 12)
			CHECK_EQ(open_it(), 0);
		else
			refused(-EINVAL, "reset-index", "location, high, low");
	}
	begin();
	set_index("reset-index", 0, ~0ULL);
	refused(-EINVAL, "reset-index", "2^64 - 1");
	for (i = 0; i < sizeof(no_location) / sizeof(*no_location); i++) {
		begin();
		set_index("reset-index", no_location[i], 1);
		refused(-EINVAL, "reset-index", "no such location");
	}
	begin();
	set_index("reset-index", 0, ~0ULL - 1);
	CHECK_EQ(open_it(), 0);
	CHECK_EQ(t.index, ~0ULL - 1);
}

static void test_strange(void)
{
	int node;

	begin_reset();
	must(fdt_setprop_empty(blob, 0, "any"));
	refused(-EINVAL, "any", "not known");
	begin_reset();
	must(fdt_setprop_string(blob, 0, "batch", "A"));
	refused(-EINVAL, "batch", "not known");
	begin_reset();
	node = fdt_add_subnode(blob, 0, "device-1");
	CHECK(node > 0);
	refused(-EINVAL, NULL, "nodes in it");

	/* "rmb" becomes a second "rma" */
	begin_rma();
	must(fdt_setprop_empty(blob, 0, "rmb"));
	pack();
	memcpy(blob + fdt_off_dt_strings(blob) +
	       fdt_size_dt_strings(blob) - 4, "rma", 4);
	refused(-EINVAL, "rma", "given twice");
}

static void test_blob(void)
{
	begin_reset();
	pack();
	for (size = 0; size < fdt_totalsize(blob); size++)
		CHECK_EQ(rpmb_token_open(&t, blob, size, &fault), -EINVAL);
	CHECK_EQ(rpmb_token_open(&t, blob, size + 1, &fault), -EINVAL);
	CHECK_EQ(rpmb_token_open(&t, blob, RPMB_TOKEN_MAX + 1, &fault),
		 -E2BIG);
	memmove(blob + 4, blob, size);
	CHECK_EQ(rpmb_token_open(&t, blob + 4, size, &fault), -EINVAL);
}

/* Neither is ever taken for the other */
static void test_manifest(void)
{
	struct rpmb_manifest m;
	int node;

	begin_reset();
	pack();
	CHECK_EQ(rpmb_manifest_open(&m, blob, size, &fault), -EINVAL);

	memset(blob, 0, sizeof(blob));
	must(fdt_create_empty_tree(blob, sizeof(blob)));
	must(fdt_setprop_string(blob, 0, "compatible",
				"u-boot,rpmb-manifest"));
	must(fdt_setprop_u32(blob, 0, "version", 1));
	must(fdt_setprop_string(blob, 0, "batch", "A"));
	node = fdt_add_subnode(blob, 0, "device-1");
	must(fdt_setprop_string(blob, node, "transport", "emmc"));
	must(fdt_setprop_u32(blob, node, "target", 0));
	must(fdt_setprop_u32(blob, node, "key-id", 0x100));
	must(fdt_setprop_empty(blob, node, "any"));
	CHECK_EQ(open_it(), -EINVAL);
	CHECK_EQ(rpmb_manifest_open(&m, blob, size, &fault), 0);
}

/* The rules, said once more, for whatever the parser took */
static void check_rules(void)
{
	bool ufs = t.device.transport == RPMB_KDF_UFS ||
		t.device.transport == RPMB_KDF_SANDBOX;

	CHECK(rpmb_tree_transport(t.device.transport));
	CHECK(t.device.target < (ufs ? 4 : 1));
	CHECK(t.device.dev_id && t.device.dev_id_len);
	CHECK(t.device.dev_id_len <= 512);
	CHECK(t.device.transport != RPMB_KDF_EMMC ||
	      t.device.dev_id_len == 16);
	CHECK(t.counter != 0xffffffff);
	CHECK(t.action == RPMB_TOKEN_RESET_INDEX ||
	      t.action == RPMB_TOKEN_RMA);
	CHECK(t.index != ~0ULL);
}

static int fuzz_one(const void *bytes, size_t len)
{
	memset(&fault, 0, sizeof(fault));
	if (!rpmb_token_open(&t, bytes, len, &fault)) {
		check_rules();
		return 1;
	}
	CHECK(fault.node && fault.why);
	/* names end within the blob */
	CHECK(strlen(fault.node) < len);
	CHECK(!fault.prop || strlen(fault.prop) < len);
	return 0;
}

static void fuzz(void)
{
	u32 taken;

	pack();
	taken = host_test_fuzz(blob, size, FUZZ_ROUNDS, fuzz_one);
	/* values may change and still be good; most else may not */
	CHECK(taken > FUZZ_ROUNDS / 200);
	CHECK(taken < FUZZ_ROUNDS / 2);
}

static void test_fuzz(void)
{
	begin_reset();
	fuzz();
	begin_rma();
	fuzz();
}

static const struct host_test tests[] = {
	{ "token_good", test_good },
	{ "token_same_device", test_same_device },
	{ "token_required", test_required },
	{ "token_values", test_values },
	{ "token_actions", test_actions },
	{ "token_strange", test_strange },
	{ "token_blob", test_blob },
	{ "token_manifest", test_manifest },
	{ "token_fuzz", test_fuzz },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, COUNT(tests), argc, argv);
}
