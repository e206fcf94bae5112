// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * read_device(), check_device(): what a manifest says of a device
 *
 * For any properties of a device's node (tree.h):
 *
 * - 0 is returned only if there are no nodes in it, and there is an identifier with a
 *   check value, or "any" and neither.
 * - Then the device has what they say: a transport that is known, a target and an
 *   identifier that it can have, a key id of 16 bits, a check value of 8 bytes, and
 *   indexes in whole triples, each for a location that there is, none twice, none of
 *   2^64 - 1. What has no property stays empty.
 * - Of no value is more read than it has. After a refusal there are words for it.
 */

#include <lib/rpmb/manifest.c>
#include <lib/rpmb/tree.c>
#include <lib/rpmb/target.c>

#define PROPS	DEV_PROPS
#define VALUE	36

#include "../tree.h"

static_assert(PROPS == 7, "properties");

static struct rpmb_tree_fault fault;
static struct rpmb_manifest_device dev;

static void claim_who(void)
{
	claim(given[DEV_ID] != given[DEV_ANY]);
	claim(given[DEV_CHECK_VALUE] == given[DEV_ID]);
	if (given[DEV_ANY]) {
		claim(!lens[DEV_ANY] && !dev.id && !dev.id_len);
		claim(!dev.check_value);
		return;
	}
	claim(dev.id == values[DEV_ID] && dev.id_len == lens[DEV_ID]);
	claim(dev.id_len >= 1 && dev.id_len <= 512);
	claim(implies(dev.transport == 1, dev.id_len == 16));
	claim(dev.check_value == values[DEV_CHECK_VALUE] &&
	      lens[DEV_CHECK_VALUE] == 8);
}

static void claim_place(void)
{
	claim(is_transport(DEV_TRANSPORT, dev.transport));
	claim(is_cell(DEV_TARGET, dev.target) && dev.target < 4);
	claim(implies(dev.target, dev.transport == 2 || dev.transport == 0x7f));
	claim(is_cell(DEV_KEY_ID, dev.key_id));
	claim(dev.key_id && dev.key_id <= 0xffff);
}

static void claim_indexes(void)
{
	u32 n = nondet_u32(), other = nondet_u32(), loc, loc2;
	u64 index;

	if (!given[DEV_INDEXES]) {
		claim(!dev.nindexes);
		return;
	}
	claim(dev.indexes == values[DEV_INDEXES] && dev.nindexes &&
	      12 * dev.nindexes == (u32)lens[DEV_INDEXES]);
	if (n >= dev.nindexes || other >= dev.nindexes || n == other)
		return;
	rpmb_manifest_index(&dev, n, &loc, &index);
	claim(is_index(DEV_INDEXES, n, loc, index));
	claim(rpmb_rollback_is_location(loc) && index != ~0ULL);
	rpmb_manifest_index(&dev, other, &loc2, &index);
	claim(loc != loc2);
}

void proof(void)
{
	int ret, len;

	looked_good = true;
	any_node();
	/* of a list of indexes that is read all must be there */
	len = lens[DEV_INDEXES];
	assume(len <= VALUE || len % 12 || len > 64 * 12);

	ret = read_device(blob, 8, &dev, &fault);

	claim(!ret || ret == -EINVAL);
	if (ret) {
		claim(fault.node && fault.why);
		return;
	}
	claim(subnode < 0 && dev.name);
	claim_place();
	claim_who();
	claim_indexes();
}
