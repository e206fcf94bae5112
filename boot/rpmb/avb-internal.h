/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of Android Verified Boot's backend share
 */

#ifndef _RPMB_AVB_INTERNAL_H
#define _RPMB_AVB_INTERNAL_H

#include <rpmb/raise.h>

struct AvbOps;

#define RPMB_AVB_LOCATIONS	32	/* of rollback indexes */
#define RPMB_AVB_BLOCK		16	/* of them that share a block */
#define RPMB_AVB_NAME_BYTES	32	/* in the name of a partition, with its end */

/* Records of persistent values: this, and then the name that libavb uses */
#define RPMB_AVB_VALUE_PREFIX	"avb:"

/**
 * rpmb_avb_record_get() - get a named record as it was read in this boot
 *
 * As rpmb_stored_records(): errors are remembered as well.
 *
 * @name:	record
 * @buf:	where the data go
 * @size:	bytes of room in @buf
 * @len:	bytes of data; set on success and with -ENOBUFS
 * Return: 0; -ENOENT no such record; -ENOBUFS @size is too small; -EINVAL the
 *	control FDT has no node, or a wrong one; -ENOMEM; else as
 *	rpmb_policy_index(), but never -ENODATA
 */
int rpmb_avb_record_get(const char *name, void *buf, size_t size, size_t *len);

/**
 * rpmb_avb_record_put() - write or delete a named record
 *
 * @name:	record
 * @data:	data
 * @len:	bytes of it; 0 to delete the record, whether it is there or not
 * Return: 0; -EINVAL the control FDT has no node, or a wrong one; else as
 *	rpmb_policy_device(), rpmb_record_write() and rpmb_record_delete(), but
 *	never -ENOENT
 */
int rpmb_avb_record_put(const char *name, const void *data, size_t len);

/**
 * rpmb_avb_lock_get() - get the lock state
 *
 * A device that was never unlocked is locked. On an open board a device without
 * key is locked, too.
 *
 * @unlocked:	the state; set on success only
 * Return: 0; -EUCLEAN what is stored is no lock state; else as rpmb_avb_record_get(),
 *	but never -ENOENT
 */
int rpmb_avb_lock_get(bool *unlocked);

/**
 * rpmb_avb_report_index() - say that an index is not stored, and why
 *
 * @raise:	location and new value
 * @err:	-EPERM the board is closed; -E2BIG the index is 2^64 - 1; or what
 *		rpmb_policy_advance() returned
 */
void rpmb_avb_report_index(const struct rpmb_raise *raise, int err);

/**
 * rpmb_avb_slot_lower() - verify all of a slot, and lower indexes to those it
 * has
 *
 * Every partition that its vbmeta describes by a hash, as if the device were
 * locked.
 *
 * @ops:	operations
 * @suffix:	the slot's suffix
 * @but:	a partition that was verified already, NULL if none was
 * @index:	indexes by location
 * @name:	on an error the partition that it is about
 * Return: NULL, or why not
 */
const char *rpmb_avb_slot_lower(struct AvbOps *ops, const char *suffix,
				const char *but, u64 index[RPMB_AVB_LOCATIONS],
				char name[RPMB_AVB_NAME_BYTES]);

/**
 * rpmb_avb_report() - say what could not be done, and why
 *
 * @what:	what was to be done
 * @err:	-errno
 */
void rpmb_avb_report(const char *what, int err);

/**
 * rpmb_avb_report_write() - as rpmb_avb_report(), of what was to be written
 *
 * Tells as well when it may have been.
 *
 * @what:	what went wrong
 * @err:	what the write returned
 */
void rpmb_avb_report_write(const char *what, int err);

#endif /* _RPMB_AVB_INTERNAL_H */
