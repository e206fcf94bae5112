// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: service tokens, good ones, one broken rule at a time, and bits
 * flipped at random
 */

#include <rpmb/token.h>

#include "tree_rig.h"

static struct rpmb_token t;

static int open_tree(const void *bytes, size_t len)
{
	return rpmb_token_open(&t, bytes, len, &tree_fault);
}

/* A good one, without its action, with room for more */
static void begin(void)
{
	memset(tree_blob, 0, sizeof(tree_blob));
	tree_must(fdt_create_empty_tree(tree_blob, sizeof(tree_blob)));
	tree_must(fdt_setprop_string(tree_blob, 0, "compatible", "u-boot,rpmb-token"));
	tree_must(fdt_setprop_u32(tree_blob, 0, "version", 1));
	tree_must(fdt_setprop_string(tree_blob, 0, "transport", "emmc"));
	tree_must(fdt_setprop_u32(tree_blob, 0, "target", 0));
	tree_must(fdt_setprop(tree_blob, 0, "id", tree_cid, 16));
	tree_must(fdt_setprop_u32(tree_blob, 0, "write-counter", 0x80000001));
}

static void make_good(void)
{
	struct tree_rig_index cells = tree_rig_index(0x11b, 0x123456789abcdef0);

	begin();
	tree_must(fdt_setprop(tree_blob, 0, "reset-index", &cells, sizeof(cells)));
	tree_rig_pack();
}

static void make_rma(void)
{
	begin();
	tree_must(fdt_setprop_empty(tree_blob, 0, "rma"));
	tree_rig_pack();
}

HOST_TEST(token_good)
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

	make_good();
	CHECK_EQ(tree_open(), 0);
	CHECK_EQ(t.device.transport, RPMB_KDF_EMMC);
	CHECK_EQ(t.device.target, 0);
	CHECK_EQ(t.device.dev_id_len, 16);
	CHECK_MEM(t.device.dev_id, tree_cid, 16);
	CHECK_EQ(t.counter, 0x80000001);
	CHECK_EQ(t.action, RPMB_TOKEN_RESET_INDEX);
	CHECK_EQ(t.loc, 0x11b);
	CHECK_EQ(t.index, 0x123456789abcdef0);

	make_rma();
	CHECK_EQ(tree_open(), 0);
	CHECK_EQ(t.action, RPMB_TOKEN_RMA);
	CHECK_EQ(t.counter, 0x80000001);

	for (i = 0; i < COUNT(known); i++) {
		begin();
		tree_must(fdt_setprop_empty(tree_blob, 0, "rma"));
		tree_must(fdt_setprop_string(tree_blob, 0, "transport", known[i].name));
		tree_must(fdt_setprop_u32(tree_blob, 0, "target", known[i].target));
		tree_rig_pack();
		CHECK_EQ(tree_open(), 0);
		CHECK_EQ(t.device.transport, known[i].transport);
		CHECK_EQ(t.device.target, known[i].target);
	}
}

/* An identifier is always there, and compared as that of a key is made */
HOST_TEST(token_same_device)
{
	struct rpmb_target_id dev;
	u8 id[17];
	u32 i;

	make_rma();
	CHECK_EQ(tree_open(), 0);
	memcpy(id, tree_cid, 16);
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

static const struct alteration alterations[] = {
	{ "/", "compatible", NULL, 0, "missing" },
	{ "/", "version", NULL, 0, "missing" },
	{ "/", "transport", NULL, 0, "missing" },
	{ "/", "target", NULL, 0, "missing" },
	{ "/", "id", NULL, 0, "missing" },
	{ "/", "write-counter", NULL, 0, "missing" },
	{ "/", "compatible", TEXT("u-boot,rpmb-manifest"), "not that of a token" },
	{ "/", "transport", TEXT("nvme"), "not known" },
	{ "/", "target", CELL("\4"), "not a target" },
	{ "/", "target", CELL("\1"), "not a target" },
	{ "/", "id", tree_cid, 15, "wrong length" },
	{ "/", "id", tree_cid, 0, "wrong length" },
	{ "/", "write-counter", "\xff\xff\xff\xff", 4, "not a counter" },
	{ "/", "write-counter", "\0\0\0\0\0\0\0\1", 8, "not a counter" },
	{ "/", "write-counter", "\xff\xff\xff\xfe", 4, NULL },
	{ "/", "any", tree_cid, 0, "not known" },
	{ "/", "batch", TEXT("A"), "not known" },
};

HOST_TEST(token_values)
{
	tree_check_alterations(alterations, COUNT(alterations));
	tree_alter(&(struct alteration){ "/", "version", CELL("\2"), NULL });
	tree_refused(-EOPNOTSUPP, "/", "version", "not known");
}

static void check_index(const void *cells, int len, const char *why)
{
	const struct alteration a = { "/", "reset-index", cells, len, why };

	tree_check_alterations(&a, 1);
}

static void check_location(u32 loc, u64 index, const char *why)
{
	struct tree_rig_index cells = tree_rig_index(loc, index);

	check_index(&cells, sizeof(cells), why);
}

HOST_TEST(token_actions)
{
	static const u32 no_location[] = { 0x20, 0xff, 0x11c, 0x1ff, 0x21c, ~0U };
	static const u8 cells[24];
	u32 len, i;

	begin();
	tree_rig_pack();
	tree_refused(-EINVAL, "/", "reset-index", "either an index or rma");
	tree_alter(&(struct alteration){ "/", "rma", cells, 0, NULL });
	tree_refused(-EINVAL, "/", "reset-index", "either an index or rma");
	begin();
	tree_must(fdt_setprop_u32(tree_blob, 0, "rma", 1));
	tree_rig_pack();
	tree_refused(-EINVAL, "/", "rma", "has a value");

	for (len = 0; len <= 24; len++)
		check_index(cells, len, len == 12 ? NULL : "location, high, low");
	check_location(0, ~0ULL, "2^64 - 1");
	for (i = 0; i < COUNT(no_location); i++)
		check_location(no_location[i], 1, "no such location");
	check_location(0, ~0ULL - 1, NULL);
	CHECK_EQ(t.index, ~0ULL - 1);
}

HOST_TEST(token_strange)
{
	begin();
	CHECK(fdt_add_subnode(tree_blob, 0, "device-1") > 0);
	tree_rig_pack();
	tree_refused(-EINVAL, "/", NULL, "nodes in it");

	/* "rmb" becomes a second "rma" */
	begin();
	tree_must(fdt_setprop_empty(tree_blob, 0, "rma"));
	tree_must(fdt_setprop_empty(tree_blob, 0, "rmb"));
	tree_rig_pack();
	memcpy(tree_blob + fdt_off_dt_strings(tree_blob) +
	       fdt_size_dt_strings(tree_blob) - 4, "rma", 4);
	tree_refused(-EINVAL, "/", "rma", "given twice");
}

HOST_TEST(token_blob)
{
	make_good();
	for (tree_size = 0; tree_size < fdt_totalsize(tree_blob); tree_size++)
		CHECK_EQ(rpmb_token_open(&t, tree_blob, tree_size, &tree_fault), -EINVAL);
	CHECK_EQ(rpmb_token_open(&t, tree_blob, tree_size + 1, &tree_fault), -EINVAL);
	CHECK_EQ(rpmb_token_open(&t, tree_blob, RPMB_TOKEN_MAX + 1, &tree_fault),
		 -E2BIG);
	memmove(tree_blob + 4, tree_blob, tree_size);
	CHECK_EQ(rpmb_token_open(&t, tree_blob + 4, tree_size, &tree_fault), -EINVAL);
}

/* Neither is ever taken for the other */
HOST_TEST(token_manifest)
{
	struct rpmb_manifest m;
	int node;

	make_good();
	CHECK_EQ(rpmb_manifest_open(&m, tree_blob, tree_size, &tree_fault), -EINVAL);

	memset(tree_blob, 0, sizeof(tree_blob));
	tree_must(fdt_create_empty_tree(tree_blob, sizeof(tree_blob)));
	tree_must(fdt_setprop_string(tree_blob, 0, "compatible",
				     "u-boot,rpmb-manifest"));
	tree_must(fdt_setprop_u32(tree_blob, 0, "version", 1));
	tree_must(fdt_setprop_string(tree_blob, 0, "batch", "A"));
	node = fdt_add_subnode(tree_blob, 0, "device-1");
	tree_must(fdt_setprop_string(tree_blob, node, "transport", "emmc"));
	tree_must(fdt_setprop_u32(tree_blob, node, "target", 0));
	tree_must(fdt_setprop_u32(tree_blob, node, "key-id", 0x100));
	tree_must(fdt_setprop_empty(tree_blob, node, "any"));
	tree_rig_pack();
	CHECK_EQ(tree_open(), -EINVAL);
	CHECK_EQ(rpmb_manifest_open(&m, tree_blob, tree_size, &tree_fault), 0);
}

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

void host_test_set_up(void)
{
	static const struct tree_rig_parser parser = {
		open_tree, make_good, check_rules,
	};

	tree_rig_use(&parser);
}

static void fuzz(void)
{
	u32 taken = tree_rig_fuzz();

	/* values may change and still be good; most else may not */
	CHECK(taken > 5);
	CHECK(taken < 500);
}

HOST_TEST(token_fuzz)
{
	make_good();
	fuzz();
	make_rma();
	fuzz();
}
