/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UFS front end of the RPMB model: the device behind the host controller
 *
 * Descriptors, flags and attributes (JESD220 section 14), an ordinary logical
 * unit, and the RPMB well-known logical unit with up to four regions, each a
 * model of its own. Knows no registers and no memory but what it is handed:
 * the vfio-user server and the sandbox tests put it to use.
 */

#ifndef _UFS_FRONT_H
#define _UFS_FRONT_H

#include "rpmb_model.h"

/** define UFS_FRONT_REGIONS - most regions */
#define UFS_FRONT_REGIONS	4

/** define UFS_FRONT_DESC_MAX - most bytes in a descriptor */
#define UFS_FRONT_DESC_MAX	255

/** define UFS_FRONT_LU_BLOCK - bytes in a block of the ordinary unit */
#define UFS_FRONT_LU_BLOCK	4096

/** define UFS_FRONT_SENSE - bytes of sense data */
#define UFS_FRONT_SENSE		18

/** define UFS_FRONT_ATTRS - attributes there can be */
#define UFS_FRONT_ATTRS		0x40

/** define UFS_FRONT_FLAGS - flags there can be */
#define UFS_FRONT_FLAGS		0x20

/** enum ufs_front_fault - what goes wrong with a command, once armed */
enum ufs_front_fault {
	UFS_FRONT_F_NONE,
	/* SECURITY PROTOCOL OUT: */
	UFS_FRONT_F_DELAY,		/* executed, answered late */
	UFS_FRONT_F_HANG,		/* executed, never answered */
	UFS_FRONT_F_UNIT_ATTENTION,	/* not executed, 06/29/00 */
	UFS_FRONT_F_OTHER_ATTENTION,	/* not executed, 06/2A/01 */
	UFS_FRONT_F_BUSY,		/* not executed, status BUSY */
	UFS_FRONT_F_LINK,		/* not executed, the controller says so */
	UFS_FRONT_F_CUT_BEFORE,		/* power fails before it is executed */
	UFS_FRONT_F_CUT_AFTER,		/* power fails after it is executed */
	/* SECURITY PROTOCOL IN: */
	UFS_FRONT_F_DELAY_REPLY,
	UFS_FRONT_F_HANG_REPLY,
	UFS_FRONT_F_ATTENTION_REPLY,
	UFS_FRONT_F_LINK_REPLY,
};

/** enum ufs_front_fate - how a command ends */
enum ufs_front_fate {
	UFS_FRONT_ANSWERED,
	UFS_FRONT_LATE,			/* the answer comes, but later */
	UFS_FRONT_SILENT,		/* no answer ever */
	UFS_FRONT_LINK_ERROR,		/* the host controller reports it */
	UFS_FRONT_LOST,			/* the RPMB's link fails, see
					 * rpmb_model_put()
					 */
	UFS_FRONT_POWER_CUT,		/* the device is gone */
};

/**
 * struct ufs_front - one UFS device
 *
 * @region:	the regions' models; flavour, size and limits are filled in by
 *		ufs_front_init(), the store by the owner
 * @regions:	regions there are; 0: no RPMB
 * @units:	size of each region, in units of 128 KiB
 * @rw_frames:	bRPMB_ReadWriteSize: most frames per message
 * @spec_version: wSpecVersion
 * @advanced:	the RPMB is in advanced mode
 * @lu:		blocks of the ordinary unit, NULL for none
 * @lu_blocks:	number of them
 * @fault:	armed
 * @fault_region: region it strikes in
 * @fault_req:	message type it strikes at, 0 for any
 * @fault_skip:	how many of these to let pass first
 * @fault_times: how often it strikes
 * @type:	message type that the last SECURITY PROTOCOL OUT began, by region
 * @attention:	unit attention due, one bit for each logical unit
 * @attr:	attributes
 * @flag:	flags
 * @outs:	SECURITY PROTOCOL OUT commands that reached a region
 * @ins:	SECURITY PROTOCOL IN commands that did
 * @frames_out:	frames of these
 * @frames_in:	frames of those
 * @attentions:	commands refused with a unit attention
 * @queries:	query requests
 * @deaf:	query requests that are answered, all others are refused; 0: none is
 */
struct ufs_front {
	struct rpmb_model region[UFS_FRONT_REGIONS];
	u32 regions;
	u32 units;
	u32 rw_frames;
	u32 spec_version;
	bool advanced;
	u8 *lu;
	u32 lu_blocks;

	enum ufs_front_fault fault;
	u32 fault_region;
	u32 fault_req;
	u32 fault_skip;
	u32 fault_times;

	u16 type[UFS_FRONT_REGIONS];
	u8 attention;
	u32 attr[UFS_FRONT_ATTRS];
	bool flag[UFS_FRONT_FLAGS];
	u32 outs;
	u32 ins;
	u32 frames_out;
	u32 frames_in;
	u32 attentions;
	u32 queries;
	u32 deaf;
};

/**
 * struct ufs_front_cmd - a SCSI command
 *
 * @lun:	LUN field of the UPIU
 * @cdb:	command descriptor block, 16 bytes
 * @out:	data go to the device
 * @data:	data
 * @len:	bytes the host offers, or has room for
 * @done:	bytes taken or filled
 * @status:	SCSI status
 * @sense:	sense data if @status is CHECK CONDITION
 */
struct ufs_front_cmd {
	u8 lun;
	const u8 *cdb;
	bool out;
	u8 *data;
	u32 len;

	u32 done;
	u8 status;
	u8 sense[UFS_FRONT_SENSE];
};

/**
 * struct ufs_front_query - a query request, fields as in the UPIU
 *
 * @opcode:	read or write what
 * @idn:	which
 * @index:	index
 * @value:	attribute or flag, in and out
 * @desc:	descriptor that was read
 * @len:	bytes the host has room for; then bytes in @desc
 */
struct ufs_front_query {
	u8 opcode;
	u8 idn;
	u8 index;
	u32 value;
	u8 desc[UFS_FRONT_DESC_MAX];
	u32 len;
};

/**
 * ufs_front_init() - fill in the regions' models
 *
 * @f:		front end: @regions to @lu_blocks set
 */
void ufs_front_init(struct ufs_front *f);

/**
 * ufs_front_power_up() - volatile state is lost, unit attentions are due
 *
 * @f:		front end
 */
void ufs_front_power_up(struct ufs_front *f);

/**
 * ufs_front_scsi() - execute a SCSI command
 *
 * @f:		front end
 * @c:		command; @c->done, @c->status and @c->sense are filled in
 * Return: how it ends
 */
enum ufs_front_fate ufs_front_scsi(struct ufs_front *f, struct ufs_front_cmd *c);

/**
 * ufs_front_query() - answer a query request
 *
 * @f:		front end
 * @q:		request, becomes the answer
 * Return: query response code, 0 for success
 */
u8 ufs_front_query(struct ufs_front *f, struct ufs_front_query *q);

/**
 * ufs_front_arm() - arm a fault of the bus
 *
 * @f:		front end
 * @fault:	what goes wrong
 * @region:	in which region
 * @req:	at which message type, 0 for any; 5 is the result read
 * @skip:	how many of these to let pass first
 * @times:	how often it strikes, at least 1
 */
void ufs_front_arm(struct ufs_front *f, enum ufs_front_fault fault, u32 region,
		   u32 req, u32 skip, u32 times);

/*
 * ufs_get_be16(), ufs_get_be32(), ufs_put_be16(), ufs_put_be32() - fields of
 * UPIUs and descriptors, which are big-endian
 */
u32 ufs_get_be16(const u8 *p);
u32 ufs_get_be32(const u8 *p);
void ufs_put_be16(u8 *p, u32 val);
void ufs_put_be32(u8 *p, u32 val);

#endif /* _UFS_FRONT_H */
