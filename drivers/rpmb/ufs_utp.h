/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command at a time through a UFS host controller, without guessing
 *
 * U-Boot's UFS core does not tell a command that failed from one that is still
 * under way: it gives up after 1.5 s, drops the sense data, and reuses the
 * request slot while the device may still answer the command before, whose
 * completion then passes for that of the next. An RPMB write must not be
 * judged on such grounds. This talks to the controller that the core has
 * brought up, in the core's own request slot, but only while that is free.
 */

#ifndef _UFS_UTP_H
#define _UFS_UTP_H

#include <linux/types.h>

struct udevice;
struct ufs_hba;

/** define UFS_UTP_DESC_SIZE - most bytes in a descriptor */
#define UFS_UTP_DESC_SIZE	255

/** define UFS_UTP_CDB_SIZE - bytes of a command descriptor block in a UPIU */
#define UFS_UTP_CDB_SIZE	16

/**
 * struct ufs_utp - a way to a UFS device
 *
 * @hba:	host controller
 * @buf:	data of a command, for the controller alone: a device that answers
 *		after the time limit still writes here, and into nobody's memory
 * @size:	bytes in @buf
 */
struct ufs_utp {
	struct ufs_hba *hba;
	u8 *buf;
	u32 size;
};

/**
 * ufs_utp_open() - set up a way to a UFS device
 *
 * @utp:	to be filled in
 * @ufs:	UFS device, probed
 * @size:	most bytes of data in a command; 0 for descriptors only
 * Return: 0; -ENOMEM
 */
int ufs_utp_open(struct ufs_utp *utp, struct udevice *ufs, u32 size);

/**
 * ufs_utp_close() - wipe and free the buffer
 *
 * If the controller has not let go of the buffer it is wiped, but not freed.
 *
 * @utp:	way to the device
 */
void ufs_utp_close(struct ufs_utp *utp);

/**
 * ufs_utp_send() - SCSI command with data to the device
 *
 * Waits for a command that has not been answered yet, and then for this one,
 * each for CONFIG_RPMB_UFS_TIMEOUT_MS.
 *
 * @utp:	way to the device
 * @lun:	LUN field of the UPIU
 * @cdb:	command descriptor block
 * @data:	data
 * @len:	bytes of @data
 * Return: 0 executed, status GOOD; -EAGAIN unit attention after a reset: the
 *	command was not executed (SAM-5, unit attention condition), and may be
 *	sent again; -EINVAL @len; -ETIMEDOUT no answer, or none yet to the command before:
 *	the device may or may not act on it; -EIO the device or the controller
 *	reports a failure
 */
int ufs_utp_send(struct ufs_utp *utp, u8 lun, const u8 cdb[UFS_UTP_CDB_SIZE],
		 const void *data, u32 len);

/**
 * ufs_utp_receive() - SCSI command with data from the device
 *
 * @utp:	way to the device
 * @lun:	LUN field of the UPIU
 * @cdb:	command descriptor block
 * @data:	data; what the device does not fill reads as zero
 * @len:	bytes of @data
 * Return: as ufs_utp_send(); @data is left alone on error
 */
int ufs_utp_receive(struct ufs_utp *utp, u8 lun,
		    const u8 cdb[UFS_UTP_CDB_SIZE], void *data, u32 len);

/**
 * ufs_utp_read_desc() - read a descriptor
 *
 * @utp:	way to the device
 * @idn:	kind of descriptor
 * @index:	which one
 * @desc:	descriptor; what the device does not fill reads as zero
 * Return: 0; -ENOENT there is none; -EPROTO it is not what was asked for;
 *	-ETIMEDOUT, -EIO
 */
int ufs_utp_read_desc(struct ufs_utp *utp, u8 idn, u8 index,
		      u8 desc[UFS_UTP_DESC_SIZE]);

#endif /* _UFS_UTP_H */
