// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The operations of libavb that need an RPMB
 *
 * libavb believes whatever it gets with AVB_IO_RESULT_OK. So if an index cannot
 * be read, the result is an error, never an index of 0.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <avb_verify.h>
#include <rpmb-board.h>
#include <stdio.h>
#include <rpmb-hooks.h>
#include <rpmb/record.h>
#include "avb-internal.h"
#include "policy-internal.h"

/* Locations 0x000 to 0x01f of the store */
#define LOCATIONS	AVB_MAX_NUMBER_OF_ROLLBACK_INDEX_LOCATIONS

/* libavb treats failures alike, except for lack of memory */
static AvbIOResult io_result(int err)
{
	switch (err) {
	case 0:
		return AVB_IO_RESULT_OK;
	case -ENOMEM:
		return AVB_IO_RESULT_ERROR_OOM;
	default:
		return AVB_IO_RESULT_ERROR_IO;
	}
}

static AvbIOResult read_rollback_index(AvbOps *ops, size_t loc, u64 *index)
{
	int ret;

	/* no image has an index as high, if a caller ignores the result */
	*index = U64_MAX;
	if (loc >= LOCATIONS)
		return AVB_IO_RESULT_ERROR_NO_SUCH_VALUE;
	ret = rpmb_policy_read(loc, index);
	return io_result(ret);
}

void rpmb_avb_report_index(const struct rpmb_raise *raise, int err)
{
	struct rpmb_ref ref;
	char what[64];

	if (err != -EPERM && err != -E2BIG && !rpmb_policy_found(&ref))
		err = rpmb_policy_not_asked(ref, err);
	snprintf(what, sizeof(what),
		 "index 0x%llx is not stored at location 0x%x", raise->index,
		 raise->loc);
	rpmb_avb_report_write(what, err);
}

static int advance(const struct rpmb_raise *raise)
{
	if (!board_rpmb_is_open())
		return -EPERM;
	if (raise->index == RPMB_INDEX_NONE)
		return -E2BIG;
	return rpmb_policy_advance(raise->loc, raise->index);
}

/* On a closed board only avb-commit.c raises indexes */
static AvbIOResult write_rollback_index(AvbOps *ops, size_t loc, u64 index)
{
	struct rpmb_raise raise = { .loc = loc, .index = index };
	int ret;

	if (loc >= LOCATIONS)
		return AVB_IO_RESULT_ERROR_NO_SUCH_VALUE;
	ret = advance(&raise);
	if (ret)
		rpmb_avb_report_index(&raise, ret);
	return io_result(ret);
}

static AvbIOResult read_is_device_unlocked(AvbOps *ops, bool *unlocked)
{
	int ret;

	*unlocked = false;
	ret = rpmb_avb_lock_get(unlocked);
	if (ret)
		rpmb_avb_report("the lock state cannot be read", ret);
	return io_result(ret);
}

/* Some names of libavb are not valid for a record */
static bool record_name(char record[RPMB_RECORD_NAME_SIZE], const char *name)
{
	const char *p;

	for (p = name; *p; p++) {
		if (*p <= ' ' || *p > '~')
			return false;
	}
	return p > name &&
	       snprintf(record, RPMB_RECORD_NAME_SIZE, RPMB_AVB_VALUE_PREFIX "%s",
			name) < RPMB_RECORD_NAME_SIZE;
}

static AvbIOResult read_persistent_value(AvbOps *ops, const char *name,
					 size_t size, u8 *buf, size_t *len)
{
	char record[RPMB_RECORD_NAME_SIZE];
	int ret;

	if (!record_name(record, name))
		return AVB_IO_RESULT_ERROR_NO_SUCH_VALUE;
	ret = rpmb_avb_record_get(record, buf, size, len);
	if (ret == -ENOENT)
		return AVB_IO_RESULT_ERROR_NO_SUCH_VALUE;
	if (ret == -ENOBUFS)
		return AVB_IO_RESULT_ERROR_INSUFFICIENT_SPACE;
	if (ret)
		rpmb_avb_report("a persistent value cannot be read", ret);
	return io_result(ret);
}

static AvbIOResult write_persistent_value(AvbOps *ops, const char *name,
					  size_t size, const u8 *value)
{
	char record[RPMB_RECORD_NAME_SIZE];
	int ret;

	if (!record_name(record, name))
		return AVB_IO_RESULT_ERROR_NO_SUCH_VALUE;
	if (size > RPMB_RECORD_DATA_MAX)
		return AVB_IO_RESULT_ERROR_INVALID_VALUE_SIZE;
	ret = rpmb_avb_record_put(record, value, size);
	if (ret)
		rpmb_avb_report_write("a persistent value is not stored", ret);
	if (ret == -ENOSPC)
		return AVB_IO_RESULT_ERROR_INSUFFICIENT_SPACE;
	return io_result(ret);
}

void rpmb_avb_ops(struct AvbOps *ops)
{
	ops->read_rollback_index = read_rollback_index;
	ops->write_rollback_index = write_rollback_index;
	ops->read_is_device_unlocked = read_is_device_unlocked;
	ops->read_persistent_value = read_persistent_value;
	ops->write_persistent_value = write_persistent_value;
}
