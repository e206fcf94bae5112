// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commit of Android slots: raise the indexes to those of verified slots
 *
 * A caller may delay a commit, but not choose its value. The control FDT says
 * how many slots must still boot.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <avb_verify.h>
#include <stdio.h>
#include <linux/kernel.h>
#include <rpmb-policy.h>
#include <rpmb-hooks.h>
#include "avb-internal.h"
#include "policy-internal.h"

static int lower_to_slot(AvbOps *ops, const char *suffix,
			 u64 index[RPMB_AVB_LOCATIONS])
{
	char name[RPMB_AVB_NAME_BYTES];
	const char *why = rpmb_avb_slot_lower(ops, suffix, NULL, index, name);

	if (!why)
		return 0;
	printf("avb: REFUSED: slot '%s' is not committed: %s: %s\n"
	       "  device: untouched\n"
	       "  advice: write this slot anew, or name the others alone\n",
	       suffix, name, why);
	return -EBADMSG;
}

/* Return: after -EDOM the index that is lower than what is stored, else the first */
static const struct rpmb_raise *find_fault(const struct rpmb_raise *raise,
					   int count, int err)
{
	u64 stored;
	int i;

	for (i = 0; i < count && err == -EDOM; i++)
		if (!rpmb_policy_index(raise[i].loc, &stored) &&
		    raise[i].index < stored)
			return &raise[i];
	return raise;
}

/* Locations that share a block are raised by one write */
static int raise_block(const u64 index[RPMB_AVB_LOCATIONS], int first)
{
	struct rpmb_raise raise[RPMB_AVB_BLOCK];
	int i, ret, count = 0;

	for (i = first; i < first + RPMB_AVB_BLOCK; i++) {
		struct rpmb_raise r = { .loc = i, .index = index[i] };

		/* 0 may mean that no partition has it; location 0 is vbmeta's */
		if (i && !index[i])
			continue;
		if (index[i] == RPMB_INDEX_NONE) {
			rpmb_avb_report_index(&r, -E2BIG);
			return -E2BIG;
		}
		raise[count++] = r;
	}
	ret = rpmb_policy_commit(raise, count);
	if (ret)
		rpmb_avb_report_index(find_fault(raise, count, ret), ret);
	return ret;
}

static int raise(const u64 index[RPMB_AVB_LOCATIONS])
{
	int i, ret = 0;

	for (i = 0; i < RPMB_AVB_LOCATIONS && !ret; i += RPMB_AVB_BLOCK)
		ret = raise_block(index, i);
	return ret;
}

static bool is_same_slot(const void *slots, int i, int k)
{
	char *const *suffixes = slots;

	return !strcmp(suffixes[i], suffixes[k]);
}

static int check_slots(int count, char *const suffixes[])
{
	u32 want;
	int ret;

	ret = rpmb_policy_check_slots(suffixes, count, is_same_slot, &want);
	if (!ret)
		return 0;
	if (ret == -EACCES)
		printf("avb: REFUSED: nothing is committed: of the slots %u must be able to boot, and %d %s given\n"
		       "  device: untouched\n"
		       "  advice: name every slot that must still boot, once: 'avb commit _a _b'\n",
		       want, count, count == 1 ? "is" : "are");
	else
		rpmb_avb_report("nothing is committed", -EINVAL);
	return -EINVAL;
}

int rpmb_avb_commit(struct AvbOps *ops, int count, char *const suffixes[])
{
	u64 index[RPMB_AVB_LOCATIONS];
	int i, ret;

	ret = check_slots(count, suffixes);
	if (ret)
		return ret;
	memset(index, 0xff, sizeof(index));
	for (i = 0; i < count; i++) {
		ret = lower_to_slot(ops, suffixes[i], index);
		if (ret)
			return ret;
	}
	return raise(index);
}

static int read_ab(AvbOps *ops, const char *partition, struct rpmb_ab *ab)
{
	u8 buf[RPMB_AB_SIZE];
	size_t len = 0;

	if (ops->read_from_partition(ops, partition, RPMB_AB_OFFSET,
				     sizeof(buf), buf, &len) ||
	    len != sizeof(buf)) /* LCOV_EXCL_BR_LINE: U-Boot reads all or fails */
		return -EIO;
	return rpmb_ab_parse(buf, ab);
}

int rpmb_avb_commit_ab(struct AvbOps *ops, const char *partition)
{
	static char *const suffixes[RPMB_AB_SLOTS] = { "_a", "_b", "_c", "_d" };
	char *bootable[RPMB_AB_SLOTS];
	struct rpmb_ab ab;
	int i, ret, count = 0;

	if (!IS_ENABLED(CONFIG_RPMB_ROLLBACK_AB))
		return -ENOSYS;
	ret = read_ab(ops, partition, &ab);
	if (ret)
		return rpmb_ab_refuse(ret);
	if (!rpmb_ab_may_commit(&ab))
		return 1;
	for (i = 0; i < RPMB_AB_SLOTS; i++)
		if (ab.bootable & BIT(i))
			bootable[count++] = suffixes[i];
	return rpmb_avb_commit(ops, count, bootable);
}
