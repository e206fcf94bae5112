// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SCSI commands of the UFS front end: what its files share
 *
 * JESD220: section 11 (SCSI commands).
 */

#include "ufs_scsi.h"

static u32 least(u32 a, u32 b)
{
	return a < b ? a : b;
}

u32 ufs_get_be16(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

u32 ufs_get_be32(const u8 *p)
{
	return ufs_get_be16(p) << 16 | ufs_get_be16(p + 2);
}

void ufs_put_be16(u8 *p, u32 val)
{
	p[0] = val >> 8;
	p[1] = val;
}

void ufs_put_be32(u8 *p, u32 val)
{
	ufs_put_be16(p, val >> 16);
	ufs_put_be16(p + 2, val);
}

static void fill_sense(u8 *sense, u32 what)
{
	memset(sense, 0, UFS_FRONT_SENSE);
	sense[0] = 0x70;
	sense[2] = what >> 16;
	sense[7] = UFS_FRONT_SENSE - 8;
	sense[12] = what >> 8;
	sense[13] = what;
}

enum ufs_front_fate ufs_scsi_refuse(struct ufs_front_cmd *c, u32 what)
{
	c->status = CHECK_CONDITION;
	c->done = 0;
	fill_sense(c->sense, what);

	return UFS_FRONT_ANSWERED;
}

enum ufs_front_fate ufs_scsi_reply(struct ufs_front_cmd *c, const u8 *data,
				   u32 len, u32 room)
{
	c->done = least(least(len, room), c->len);
	if (c->done)
		memcpy(c->data, data, c->done);

	return UFS_FRONT_ANSWERED;
}

bool ufs_scsi_has_lun(const struct ufs_front *f, u8 lun)
{
	switch (lun) {
	case LU_ORDINARY:
	case LU_BOOT:
		return f->lu;
	case LU_RPMB:
		return f->regions;
	case LU_DEVICE:
	case LU_REPORT_LUNS:
		return true;
	default:
		return false;
	}
}
