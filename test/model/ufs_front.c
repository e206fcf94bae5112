// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS front end of the RPMB model: the device behind the host controller
 *
 * JESD220: section 11 (SCSI commands), 12.4 (RPMB).
 */

#include "rpmb_model_frame.h"
#include "ufs_scsi.h"

/* One bit for each logical unit */
#define ATTENTION_LU		(1 << 0)
#define ATTENTION_RPMB		(1 << 1)
#define ATTENTION_DEVICE	(1 << 2)
#define ATTENTION_BOOT		(1 << 3)
#define ATTENTION_REPORT_LUNS	(1 << 4)

#define START_STOP_UNIT		0x1b
#define SECURITY_PROTOCOL_IN	0xa2
#define SECURITY_PROTOCOL_OUT	0xb5
#define PROTOCOL_JEDEC_UFS	0xec
#define PROTOCOL_RPMB		0x01

void ufs_front_init(struct ufs_front *f)
{
	u32 i;

	for (i = 0; i < f->regions; i++) {
		f->region[i].flavour = RPMB_MODEL_UFS;
		f->region[i].blocks = f->units * 512;
		f->region[i].max_wr = f->rw_frames;
		f->region[i].max_rd = f->rw_frames;
	}
}

void ufs_front_power_up(struct ufs_front *f)
{
	u32 i;

	for (i = 0; i < f->regions; i++) {
		rpmb_model_power_up(&f->region[i]);
		f->type[i] = 0;
	}
	f->attention = ATTENTION_LU | ATTENTION_RPMB | ATTENTION_DEVICE |
		       ATTENTION_BOOT | ATTENTION_REPORT_LUNS;
	ufs_query_reset(f);
}

void ufs_front_arm(struct ufs_front *f, enum ufs_front_fault fault, u32 region,
		   u32 req, u32 skip, u32 times)
{
	f->fault = fault;
	f->fault_region = region;
	f->fault_req = req;
	f->fault_skip = skip;
	f->fault_times = times;
}

static bool is_for_replies(enum ufs_front_fault fault)
{
	return fault >= UFS_FRONT_F_DELAY_REPLY;
}

/* Which fault strikes at a command that carries a message of this type? */
static enum ufs_front_fault strike(struct ufs_front *f, u32 region, u32 type,
				   bool out)
{
	enum ufs_front_fault fault = f->fault;

	if (!fault || is_for_replies(fault) == out ||
	    f->fault_region != region || (f->fault_req && f->fault_req != type))
		return UFS_FRONT_F_NONE;
	if (f->fault_skip) {
		f->fault_skip--;
		return UFS_FRONT_F_NONE;
	}
	if (!--f->fault_times)
		f->fault = UFS_FRONT_F_NONE;

	return fault;
}

/* Faults that keep a command from being executed; true if this was one */
static bool prevents(struct ufs_front *f, struct ufs_front_cmd *c,
		     enum ufs_front_fault fault, enum ufs_front_fate *fate)
{
	*fate = UFS_FRONT_ANSWERED;
	switch (fault) {
	case UFS_FRONT_F_UNIT_ATTENTION:
	case UFS_FRONT_F_ATTENTION_REPLY:
		f->attentions++;
		ufs_scsi_refuse(c, SENSE_RESET);
		return true;
	case UFS_FRONT_F_OTHER_ATTENTION:
		ufs_scsi_refuse(c, SENSE_MODE_CHANGED);
		return true;
	case UFS_FRONT_F_BUSY:
		c->status = BUSY;
		return true;
	case UFS_FRONT_F_LINK:
	case UFS_FRONT_F_LINK_REPLY:
		*fate = UFS_FRONT_LINK_ERROR;
		return true;
	case UFS_FRONT_F_CUT_BEFORE:
		*fate = UFS_FRONT_POWER_CUT;
		return true;
	default:
		return false;
	}
}

static enum ufs_front_fate fate_of(enum ufs_front_fault fault)
{
	switch (fault) {
	case UFS_FRONT_F_DELAY:
	case UFS_FRONT_F_DELAY_REPLY:
		return UFS_FRONT_LATE;
	case UFS_FRONT_F_HANG:
	case UFS_FRONT_F_HANG_REPLY:
		return UFS_FRONT_SILENT;
	case UFS_FRONT_F_CUT_AFTER:
		return UFS_FRONT_POWER_CUT;
	default:
		return UFS_FRONT_ANSWERED;
	}
}

static enum ufs_front_fate security_out(struct ufs_front *f, u32 region,
					struct ufs_front_cmd *c)
{
	struct rpmb_model *m = &f->region[region];
	u32 type = get16(c->data, AT_TYPE);
	enum ufs_front_fault fault = strike(f, region, type, true);
	enum ufs_front_fate fate;

	f->outs++;
	f->frames_out += c->len / RPMB_MODEL_FRAME;
	if (prevents(f, c, fault, &fate))
		return fate;
	if (type != T_RESULT)
		f->type[region] = type;
	c->done = c->len;
	if (rpmb_model_put(m, c->data, c->len / RPMB_MODEL_FRAME, true))
		return UFS_FRONT_LOST;

	return fate_of(fault);
}

static enum ufs_front_fate security_in(struct ufs_front *f, u32 region,
				       struct ufs_front_cmd *c)
{
	struct rpmb_model *m = &f->region[region];
	enum ufs_front_fault fault = strike(f, region, f->type[region], false);
	enum ufs_front_fate fate;

	f->ins++;
	f->frames_in += c->len / RPMB_MODEL_FRAME;
	if (prevents(f, c, fault, &fate))
		return fate;
	c->done = c->len;
	if (rpmb_model_get(m, c->data, c->len / RPMB_MODEL_FRAME))
		return UFS_FRONT_LOST;

	return fate_of(fault);
}

/* JESD220 section 12.4: what the command descriptor block must say */
static enum ufs_front_fate security(struct ufs_front *f, struct ufs_front_cmd *c)
{
	u32 len = ufs_get_be32(c->cdb + 6);
	u32 region = c->cdb[2];

	if (c->cdb[1] != PROTOCOL_JEDEC_UFS || c->cdb[3] != PROTOCOL_RPMB ||
	    c->cdb[4] || f->advanced || region >= f->regions)
		return ufs_scsi_refuse(c, SENSE_FIELD);
	if (!len || len % RPMB_MODEL_FRAME || len != c->len ||
	    len / RPMB_MODEL_FRAME > f->rw_frames)
		return ufs_scsi_refuse(c, SENSE_FIELD);

	/* the UPIU and the opcode must agree on who sends */
	if (c->cdb[0] == SECURITY_PROTOCOL_OUT && c->out)
		return security_out(f, region, c);
	if (c->cdb[0] == SECURITY_PROTOCOL_IN && !c->out)
		return security_in(f, region, c);

	return ufs_scsi_refuse(c, SENSE_FIELD);
}

static enum ufs_front_fate rpmb(struct ufs_front *f, struct ufs_front_cmd *c)
{
	switch (c->cdb[0]) {
	case TEST_UNIT_READY:
		return UFS_FRONT_ANSWERED;
	case SECURITY_PROTOCOL_IN:
	case SECURITY_PROTOCOL_OUT:
		return security(f, c);
	default:
		return ufs_scsi_refuse(c, SENSE_OPCODE);
	}
}

/* The device as a whole: its power */
static enum ufs_front_fate device(struct ufs_front *f, struct ufs_front_cmd *c)
{
	switch (c->cdb[0]) {
	case TEST_UNIT_READY:
		return UFS_FRONT_ANSWERED;
	case START_STOP_UNIT:
		ufs_query_set_power(f, c->cdb[4] >> 4);
		return UFS_FRONT_ANSWERED;
	default:
		return ufs_scsi_refuse(c, SENSE_OPCODE);
	}
}

static u8 attention_bit(u8 lun)
{
	switch (lun) {
	case LU_ORDINARY:
		return ATTENTION_LU;
	case LU_RPMB:
		return ATTENTION_RPMB;
	case LU_DEVICE:
		return ATTENTION_DEVICE;
	case LU_BOOT:
		return ATTENTION_BOOT;
	default:
		return ATTENTION_REPORT_LUNS;
	}
}

/* SAM-5, unit attention condition: such a command is not executed */
static bool meets_attention(struct ufs_front *f, struct ufs_front_cmd *c)
{
	u8 bit = attention_bit(c->lun);

	if (!(f->attention & bit))
		return false;
	f->attention &= ~bit;
	f->attentions++;
	ufs_scsi_refuse(c, SENSE_RESET);

	return true;
}

enum ufs_front_fate ufs_front_scsi(struct ufs_front *f, struct ufs_front_cmd *c)
{
	c->done = 0;
	c->status = GOOD;
	if (!ufs_scsi_has_lun(f, c->lun))
		return ufs_scsi_refuse(c, SENSE_LUN);
	if (ufs_spc_run(f, c) || meets_attention(f, c))
		return UFS_FRONT_ANSWERED;

	switch (c->lun) {
	case LU_ORDINARY:
		return ufs_disk_run(f, c);
	case LU_RPMB:
		return rpmb(f, c);
	case LU_DEVICE:
		return device(f, c);
	default:	/* no boot partition is enabled */
		return c->cdb[0] == TEST_UNIT_READY ? UFS_FRONT_ANSWERED :
						ufs_scsi_refuse(c, SENSE_OPCODE);
	}
}
