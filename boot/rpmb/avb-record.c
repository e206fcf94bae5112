// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Named records of Android Verified Boot: persistent values and lock state
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-board.h>
#include <rpmb-reason.h>
#include <stdio.h>
#include <linux/kernel.h>
#include <rpmb-hooks.h>
#include "avb-internal.h"
#include "policy-internal.h"

/* An unlocked device has this record; persistent values have a prefix */
#define LOCK_RECORD	"avb-lock"
#define LOCK_DATA	"unlocked"
#define LOCK_LEN	(sizeof(LOCK_DATA) - 1)

/* -ENOENT would mean that there is no such record */
static int find_device(struct rpmb_ref *ref)
{
	int ret = rpmb_policy_device(ref);

	return ret == -ENOENT ? -EINVAL : ret;
}

static int get_records(const struct rpmb_record **records)
{
	if (!rpmb_stored_has_records())
		rpmb_stored_read_all();
	return rpmb_stored_records(records);
}

int rpmb_avb_record_get(const char *name, void *buf, size_t size, size_t *len)
{
	const struct rpmb_record *records;
	int i, count = get_records(&records);

	for (i = 0; i < count; i++) {
		if (strcmp(records[i].name, name))
			continue;
		*len = records[i].len;
		if (size < *len)
			return -ENOBUFS;
		memcpy(buf, records[i].data, *len);
		return 0;
	}
	/* here this error has another meaning */
	return count == -ENOENT ? -EINVAL : min(count, 0) ?: -ENOENT;
}

int rpmb_avb_record_put(const char *name, const void *data, size_t len)
{
	struct rpmb_ref ref;
	int ret;

	ret = find_device(&ref);
	if (ret)
		return ret;
	if (len)
		ret = rpmb_record_write(ref, name, data, len);
	else
		ret = rpmb_record_delete(ref, name);
	/* even after an error the device may hold the new record */
	rpmb_stored_forget_records();
	return ret == -ENOENT ? 0 : rpmb_policy_not_asked(ref, ret);
}

int rpmb_avb_lock_get(bool *unlocked)
{
	char data[LOCK_LEN] = "";
	size_t len;
	int ret;

	ret = rpmb_avb_record_get(LOCK_RECORD, data, sizeof(data), &len);
	if (ret == -ENOBUFS || (!ret && memcmp(data, LOCK_DATA, LOCK_LEN)))
		return -EUCLEAN;
	if (ret && ret != -ENOENT &&
	    !(ret == -ENOKEY && board_rpmb_is_open()))
		return ret;
	*unlocked = !ret;
	return 0;
}

int rpmb_avb_set_unlocked(bool unlocked)
{
	int ret = -EPERM;

	if (!unlocked || board_rpmb_is_open())
		ret = rpmb_avb_record_put(LOCK_RECORD, LOCK_DATA,
					  unlocked ? LOCK_LEN : 0);
	if (ret)
		rpmb_avb_report_write("the lock state is not changed", ret);
	return ret;
}

static void report(const char *what, int err, const struct rpmb_reason *r)
{
	printf("avb: REFUSED: %s (error %d)\n", what, err);
	rpmb_policy_print_device();
	printf(": %s%s\n  advice: %s\n", r->what,
	       err == -EPERM ? rpmb_gate_why_closed() : "", r->advice);
}

void rpmb_avb_report(const char *what, int err)
{
	report(what, err, rpmb_reason_stored(err));
}

void rpmb_avb_report_write(const char *what, int err)
{
	struct rpmb_ref ref;

	report(what, err, rpmb_reason_written(err));
	/* nothing was sent */
	if (err == -EPERM || err == -E2BIG || rpmb_policy_found(&ref))
		return;
	if (rpmb_get_status(ref.dev, ref.target)->state == RPMB_STATE_UNKNOWN)
		printf("  state: UNKNOWN, it may be done all the same: look once the device answers\n");
}
