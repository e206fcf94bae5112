/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI commands of the UFS front end: what its files share
 */

#ifndef _UFS_SCSI_H
#define _UFS_SCSI_H

#include "ufs_front.h"

/* Logical units, as UPIUs name them; bit 7 says that one is well known */
#define LU_ORDINARY		0x00
#define LU_REPORT_LUNS		0x81
#define LU_BOOT			0xb0
#define LU_RPMB			0xc4
#define LU_DEVICE		0xd0
#define LU_WELL_KNOWN		0x80

#define TEST_UNIT_READY		0x00

#define GOOD			0x00
#define CHECK_CONDITION		0x02
#define BUSY			0x08

/* sense key, additional sense code and its qualifier */
#define SENSE_NONE		0x000000
#define SENSE_OPCODE		0x052000
#define SENSE_LBA		0x052100
#define SENSE_FIELD		0x052400
#define SENSE_LUN		0x052500
#define SENSE_RESET		0x062900
#define SENSE_MODE_CHANGED	0x062a01

/**
 * ufs_scsi_refuse() - end a command with sense data
 *
 * @c:		command
 * @what:	one of SENSE_*
 * Return: UFS_FRONT_ANSWERED
 */
enum ufs_front_fate ufs_scsi_refuse(struct ufs_front_cmd *c, u32 what);

/**
 * ufs_scsi_reply() - end a command with data, as far as the host has room
 *
 * @c:		command
 * @data:	data
 * @len:	bytes of it
 * @room:	bytes that the command descriptor block allows
 * Return: UFS_FRONT_ANSWERED
 */
enum ufs_front_fate ufs_scsi_reply(struct ufs_front_cmd *c, const u8 *data,
				   u32 len, u32 room);

/**
 * ufs_scsi_has_lun() - is there such a logical unit?
 *
 * @f:		device
 * @lun:	its number in a UPIU
 * Return: whether
 */
bool ufs_scsi_has_lun(const struct ufs_front *f, u8 lun);

/**
 * ufs_spc_run() - execute a command that needs no medium, on any logical unit
 *
 * REPORT LUNS, INQUIRY and REQUEST SENSE, before which no unit attention is
 * reported.
 *
 * @f:		device
 * @c:		command
 * Return: whether it was one of these
 */
bool ufs_spc_run(const struct ufs_front *f, struct ufs_front_cmd *c);

/**
 * ufs_spc_mode_sense() - execute MODE SENSE, of 6 or 10 bytes
 *
 * @c:		command
 * Return: how it ends
 */
enum ufs_front_fate ufs_spc_mode_sense(struct ufs_front_cmd *c);

/**
 * ufs_disk_run() - execute a command on the ordinary logical unit
 *
 * @f:		device
 * @c:		command
 * Return: how it ends
 */
enum ufs_front_fate ufs_disk_run(struct ufs_front *f, struct ufs_front_cmd *c);

/**
 * ufs_query_reset() - flags and attributes as after power-up
 *
 * @f:		device
 */
void ufs_query_reset(struct ufs_front *f);

/**
 * ufs_query_set_power() - note what START STOP UNIT has done
 *
 * @f:		device
 * @condition:	POWER CONDITION field
 */
void ufs_query_set_power(struct ufs_front *f, u8 condition);

#endif /* _UFS_SCSI_H */
