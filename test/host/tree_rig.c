// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tests of manifests and tokens share
 */

#include <stdio.h>
#include <stdlib.h>

#include "tree_rig.h"

#define FUZZ_ROUNDS	40000

u8 tree_blob[RPMB_MANIFEST_MAX + 64] __attribute__((aligned(8)));
size_t tree_size;
struct rpmb_tree_fault tree_fault;

const u8 tree_cid[RPMB_CID_SIZE] = {
	0xd6, 0x01, 0x03, 0x30, 0x31, 0x47, 0x42, 0x30,
	0x00, 0x12, 0x34, 0x56, 0x78, 0x9a, 0x62, 0xd5,
};

void tree_must(int err)
{
	if (err) {
		fprintf(stderr, "libfdt: %s\n", fdt_strerror(err));
		abort();
	}
}

void tree_rig_pack(void)
{
	tree_must(fdt_pack(tree_blob));
	tree_size = fdt_totalsize(tree_blob);
}

struct tree_rig_index tree_rig_index(u32 loc, u64 index)
{
	return (struct tree_rig_index){ {
		cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
		cpu_to_fdt32(index)
	} };
}

static const struct tree_rig_parser *used;

void tree_rig_use(const struct tree_rig_parser *parser)
{
	used = parser;
}

int tree_open(void)
{
	memset(&tree_fault, 0, sizeof(tree_fault));
	return used->open(tree_blob, tree_size);
}

void tree_refused(int err, const char *node, const char *prop, const char *why)
{
	CHECK_EQ(tree_open(), err);
	CHECK(tree_fault.node && !strcmp(tree_fault.node, node));
	CHECK(prop ? tree_fault.prop && !strcmp(tree_fault.prop, prop) :
		     !tree_fault.prop);
	CHECK(tree_fault.why && strstr(tree_fault.why, why));
	if (host_test_failed())
		fprintf(stderr, "wanted %s/%s: %s, got %s/%s: %s\n", node, prop,
			why, tree_fault.node, tree_fault.prop, tree_fault.why);
}

void tree_alter(const struct alteration *a)
{
	int at;

	used->make();
	tree_must(fdt_open_into(tree_blob, tree_blob, sizeof(tree_blob)));
	at = fdt_path_offset(tree_blob, a->node);
	tree_must(a->val ? fdt_setprop(tree_blob, at, a->prop, a->val, a->len) :
	     fdt_delprop(tree_blob, at, a->prop));
	tree_rig_pack();
}

void tree_check_alterations(const struct alteration *rows, u32 count)
{
	const struct alteration *a;

	for (a = rows; a < rows + count; a++) {
		tree_alter(a);
		if (a->why)
			tree_refused(-EINVAL,
				     a->node[1] ? a->node + 1 : a->node,
				     a->prop, a->why);
		else
			CHECK_EQ(tree_open(), 0);
	}
}

static int fuzz_one(const void *bytes, size_t len)
{
	memset(&tree_fault, 0, sizeof(tree_fault));
	if (!used->open(bytes, len)) {
		used->check();
		return 1;
	}
	CHECK(tree_fault.node && tree_fault.why);
	/* names end within the blob */
	CHECK(strlen(tree_fault.node) < len);
	CHECK(!tree_fault.prop || strlen(tree_fault.prop) < len);
	return 0;
}

u32 tree_rig_fuzz(void)
{
	return host_test_fuzz(tree_blob, tree_size, FUZZ_ROUNDS, fuzz_one) /
	       (FUZZ_ROUNDS / 1000);
}
