// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ordinary logical unit of the UFS front end (SBC-3; JESD220 section 11.3)
 */

#include "ufs_scsi.h"

#define READ_6			0x08
#define WRITE_6			0x0a
#define MODE_SENSE_6		0x1a
#define START_STOP_UNIT		0x1b
#define READ_CAPACITY_10	0x25
#define READ_10			0x28
#define WRITE_10		0x2a
#define VERIFY_10		0x2f
#define PREFETCH_10		0x34
#define SYNCHRONIZE_CACHE_10	0x35
#define MODE_SENSE_10		0x5a
#define READ_16			0x88
#define WRITE_16		0x8a
#define SYNCHRONIZE_CACHE_16	0x91
#define SERVICE_ACTION_IN_16	0x9e
#define READ_CAPACITY_16	0x10

/* Blocks that a command is about; the upper half of an address too large */
struct extent {
	u32 lba;
	u32 count;
	u32 beyond;
};

static enum ufs_front_fate read_capacity_10(const struct ufs_front *f,
					    struct ufs_front_cmd *c)
{
	u8 data[8];

	ufs_put_be32(data, f->lu_blocks - 1);
	ufs_put_be32(data + 4, UFS_FRONT_LU_BLOCK);

	return ufs_scsi_reply(c, data, sizeof(data), sizeof(data));
}

static enum ufs_front_fate read_capacity_16(const struct ufs_front *f,
					    struct ufs_front_cmd *c)
{
	u8 data[32] = { 0 };

	if ((c->cdb[1] & 0x1f) != READ_CAPACITY_16)
		return ufs_scsi_refuse(c, SENSE_FIELD);
	ufs_put_be32(data + 4, f->lu_blocks - 1);
	ufs_put_be32(data + 8, UFS_FRONT_LU_BLOCK);

	return ufs_scsi_reply(c, data, sizeof(data),
			      ufs_get_be32(c->cdb + 10));
}

static struct extent extent_of(const u8 *cdb)
{
	struct extent e = { 0 };

	if (cdb[0] == READ_6 || cdb[0] == WRITE_6) {
		e.lba = ufs_get_be32(cdb) & 0x1fffff;
		e.count = cdb[4] ? cdb[4] : 256;
	} else if (cdb[0] == READ_16 || cdb[0] == WRITE_16) {
		e.beyond = ufs_get_be32(cdb + 2);
		e.lba = ufs_get_be32(cdb + 6);
		e.count = ufs_get_be32(cdb + 10);
	} else {
		e.lba = ufs_get_be32(cdb + 2);
		e.count = ufs_get_be16(cdb + 7);
	}

	return e;
}

static enum ufs_front_fate transfer(struct ufs_front *f, struct ufs_front_cmd *c,
				    bool is_write)
{
	struct extent e = extent_of(c->cdb);
	u8 *blocks = f->lu + (size_t)e.lba * UFS_FRONT_LU_BLOCK;

	if (e.beyond || e.lba > f->lu_blocks || e.count > f->lu_blocks - e.lba)
		return ufs_scsi_refuse(c, SENSE_LBA);
	if (c->len != e.count * UFS_FRONT_LU_BLOCK ||
	    (c->len && c->out != is_write))
		return ufs_scsi_refuse(c, SENSE_FIELD);
	if (c->len && is_write)
		memcpy(blocks, c->data, c->len);
	else if (c->len)
		memcpy(c->data, blocks, c->len);
	c->done = c->len;

	return UFS_FRONT_ANSWERED;
}

/* What is written is on the medium: there is nothing to be done */
static enum ufs_front_fate nothing(struct ufs_front *f, struct ufs_front_cmd *c)
{
	struct extent e = extent_of(c->cdb);

	if (e.lba > f->lu_blocks || e.count > f->lu_blocks - e.lba)
		return ufs_scsi_refuse(c, SENSE_LBA);
	return UFS_FRONT_ANSWERED;
}

enum ufs_front_fate ufs_disk_run(struct ufs_front *f, struct ufs_front_cmd *c)
{
	switch (c->cdb[0]) {
	case TEST_UNIT_READY:
	case START_STOP_UNIT:
	case SYNCHRONIZE_CACHE_16:
		return UFS_FRONT_ANSWERED;
	case VERIFY_10:
	case PREFETCH_10:
	case SYNCHRONIZE_CACHE_10:
		return nothing(f, c);
	case MODE_SENSE_6:
	case MODE_SENSE_10:
		return ufs_spc_mode_sense(c);
	case READ_CAPACITY_10:
		return read_capacity_10(f, c);
	case SERVICE_ACTION_IN_16:
		return read_capacity_16(f, c);
	case READ_6:
	case READ_10:
	case READ_16:
		return transfer(f, c, false);
	case WRITE_6:
	case WRITE_10:
	case WRITE_16:
		return transfer(f, c, true);
	default:
		return ufs_scsi_refuse(c, SENSE_OPCODE);
	}
}
