// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commit of Android slots: what was verified is what cannot be undercut later
 *
 * A caller may delay a commit, but not choose its value. Which slots must
 * still boot is the caller's to say; that they are verified is not.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <avb_verify.h>
#include <stdio.h>
#include <linux/kernel.h>
#include <rpmb/avb.h>
#include "avb-internal.h"
#include "policy-internal.h"

#define LOCATIONS	AVB_MAX_NUMBER_OF_ROLLBACK_INDEX_LOCATIONS

/* The indexes of a slot that can be booted by a locked device */
static int lower_to_slot(AvbOps *ops, const char *suffix, u64 index[LOCATIONS])
{
	static const char *const partitions[] = { "boot", NULL };
	AvbSlotVerifyData *data;
	AvbSlotVerifyResult res;
	int i;

	res = avb_slot_verify(ops, partitions, suffix,
			      AVB_SLOT_VERIFY_FLAGS_NONE,
			      AVB_HASHTREE_ERROR_MODE_RESTART_AND_INVALIDATE,
			      &data);
	if (res == AVB_SLOT_VERIFY_RESULT_OK) {
		for (i = 0; i < LOCATIONS; i++)
			index[i] = min(index[i], (u64)data->rollback_indexes[i]);
	}
	if (data)
		avb_slot_verify_data_free(data);
	if (res == AVB_SLOT_VERIFY_RESULT_OK)
		return 0;
	printf("avb: REFUSED: slot '%s' is not committed: %s\n", suffix,
	       str_avb_slot_error(res));
	return -EBADMSG;
}

/* An index of 0 may be one of no partition; location 0 has always one */
static int raise(const u64 index[LOCATIONS])
{
	int i, ret = 0;

	for (i = 0; i < LOCATIONS && !ret; i++) {
		if (!i || index[i])
			ret = avb_advance(i, index[i], true);
	}
	return ret;
}

int rpmb_avb_commit(struct AvbOps *ops, int count, char *const suffixes[])
{
	u64 index[LOCATIONS];
	int i, ret;

	memset(index, 0xff, sizeof(index));
	for (i = 0; i < count; i++) {
		ret = lower_to_slot(ops, suffixes[i], index);
		if (ret)
			return ret;
	}
	return raise(index);
}
