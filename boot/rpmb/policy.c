// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback policy: read the indexes, once per boot, and judge images by them
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include "policy-internal.h"

/**
 * struct policy_block - what was read of a block of indexes in this boot
 *
 * @first:	its first location
 * @known:	it was read, or that failed
 * @warned:	the warning about it has been given
 * @ret:	number of indexes, or -errno
 * @index:	the indexes
 */
struct policy_block {
	u32 first;
	bool known;
	bool warned;
	int ret;
	u64 index[RPMB_INDEX_BLOCK];
};

static struct policy_block blocks[] = {
#ifndef CONFIG_XPL_BUILD	/* SPL asks for none but its own */
	{ .first = 0x000 }, { .first = 0x010 },	/* Android Verified Boot */
	{ .first = 0x100 },			/* FIT */
#endif
	{ .first = 0x200 },			/* what SPL loads */
};

/* Checks that passed, which the operating system is told about */
static struct rpmb_policy_passed checks[8];
static int check_count;

/* These errors have a meaning here: never pass a driver's on */
static int device_error(int err)
{
	return err == -ENODATA || err == -ENOENT || err == -ENOKEY ||
	       err == -EDOM ? -EIO : err;
}

int rpmb_policy_device(struct rpmb_ref *ref)
{
	struct rpmb_policy p;
	int ret, scanned;

	ret = rpmb_policy_get(&p);
	if (ret)
		return ret;
	scanned = rpmb_scan();
	ret = rpmb_get_device_by_name(p.name, &ref->dev);
	/* it may be a device that could not be looked for */
	if (ret == -ENODEV && scanned < 0)
		ret = scanned;
	if (ret)
		return device_error(ret);
	ref->target = p.target;
	ref->keyid = p.keyid;
	return rpmb_get_status(ref->dev, ref->target) ? 0 : -EINVAL;
}

int rpmb_policy_not_asked(struct rpmb_ref ref, int ret)
{
	enum rpmb_fault fault = rpmb_get_status(ref.dev, ref.target)->fault;

	if (ret >= 0)
		return ret;
	if (fault == RPMB_FAULT_RNG)
		return -EUNATCH;
	if (fault != RPMB_FAULT_PARAM)
		return ret;
	/* SPL only has room for the one that would be taken for "no key" */
	if (IS_ENABLED(CONFIG_XPL_BUILD))
		return ret == -ENOKEY ? -EKEYREJECTED : ret;
	if (ret == -EINVAL || ret == -ERANGE || ret == -ENOMEM ||
	    ret == -EKEYREVOKED)
		return ret;
	return -EKEYREJECTED;
}

static int read_block(struct policy_block *b)
{
	struct rpmb_ref ref;
	int ret;

	ret = rpmb_policy_device(&ref);
	if (ret)
		return ret;
	ret = rpmb_index_get_block(ref, b->first, b->index);
	return rpmb_policy_not_asked(ref, ret);
}

static struct policy_block *find_block(u32 loc)
{
	struct policy_block *b;

	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++) {
		u32 count = b->first < 0x100 ? 16 : RPMB_INDEX_BLOCK;

		if (loc >= b->first && loc - b->first < count)
			return b;
	}
	return NULL;
}

int rpmb_policy_index(u32 loc, u64 *index)
{
	struct policy_block *b = find_block(loc);

	if (!b)
		return -EINVAL;
	if (!b->known) {
		b->ret = read_block(b);
		b->known = true;
	}
	if (b->ret < 0)
		return b->ret;
	if (b->index[loc - b->first] == RPMB_INDEX_NONE)
		return -ENODATA;
	*index = b->index[loc - b->first];
	return 0;
}

static bool boots_unprotected(int err)
{
	return (err == -ENODATA || err == -ENOKEY) && rpmb_gate_is_open();
}

int rpmb_policy_read(u32 loc, u64 *index)
{
	struct policy_block *b = find_block(loc);
	int ret;

	ret = rpmb_policy_index(loc, index);
	if (!ret)
		return 0;
	if (!boots_unprotected(ret)) {
		rpmb_policy_refuse(loc, ret);
		return ret;
	}
	/* only once, though kernel, ramdisk and device tree are checked */
	if (!b->warned)
		rpmb_policy_warn(loc, ret);
	b->warned = true;
	*index = 0;
	return 0;
}

const struct rpmb_policy_passed *rpmb_policy_get_passed(int n)
{
	return n < check_count ? &checks[n] : NULL;
}

/* One entry for kernel, ramdisk and device tree, which are checked in turn */
static void note_check(u32 loc, u64 index, u64 stored)
{
	struct rpmb_policy_passed *c = checks;
	u64 found;

	while (c < checks + check_count && c->loc != loc)
		c++;
	if (c == checks + ARRAY_SIZE(checks))
		return;
	if (c == checks + check_count) {
		check_count++;
		c->index = index;
	}
	c->loc = loc;
	c->stored = stored;
	c->index = min(c->index, index);
	c->is_protected = !rpmb_policy_index(loc, &found);
}

int rpmb_policy_check(u32 loc, u64 index)
{
	u64 stored;
	int ret;

	ret = rpmb_policy_read(loc, &stored);
	if (ret)
		return ret;
	if (index == RPMB_INDEX_NONE) {
		rpmb_policy_refuse(loc, -E2BIG);
		return -E2BIG;
	}
	if (index >= stored) {
		note_check(loc, index, stored);
		return 0;
	}
	rpmb_policy_refuse_old(loc, index, stored);
	return -EDOM;
}

int rpmb_policy_advance(u32 loc, u64 index)
{
	struct rpmb_ref ref;
	int ret;

	ret = rpmb_policy_device(&ref);
	if (ret)
		return ret;
	ret = rpmb_index_advance(ref, loc, index);
	/* even after an error the device may hold the new index */
	rpmb_policy_forget();
	return ret;
}

int rpmb_policy_commit(u32 loc, u64 index)
{
	u64 stored;

	if (!rpmb_policy_index(loc, &stored) && stored == index &&
	    !rpmb_is_ratcheted())
		return 0;
	return rpmb_policy_advance(loc, index);
}

void rpmb_policy_forget(void)
{
	struct policy_block *b;

	if (rpmb_is_ratcheted())
		return;
	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++)
		b->known = false;
}

/*
 * Before the first script: digest the control FDT. If the keys are going to be
 * wiped, read the indexes that images will be compared with.
 */
void rpmb_policy_prepare(bool last_chance)
{
	struct policy_block *b;
	u64 index;

	if (!rpmb_policy_is_on() || !last_chance)
		return;
	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++) {
		bool avb = b->first < 0x100, spl = b->first == 0x200;

		if (!spl && (!avb || IS_ENABLED(CONFIG_RPMB_ROLLBACK_AVB)))
			rpmb_policy_index(b->first, &index);
	}
}

void sandbox_rpmb_policy_reset(void)
{
	struct policy_block *b;

	rpmb_policy_tree_forget();
	check_count = 0;
	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++) {
		b->known = false;
		b->warned = false;
	}
}
