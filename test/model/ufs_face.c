// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS face of the RPMB model: the device behind the host controller
 *
 * JESD220: section 11 (SCSI commands), 12.4 (RPMB), 14 (descriptors, flags,
 * attributes).
 */

#include "ufs_face.h"

#define LU_ORDINARY		0x00
#define LU_RPMB			0xc4
#define ATTENTION_LU		(1 << 0)
#define ATTENTION_RPMB		(1 << 1)

/* SCSI */
#define TEST_UNIT_READY		0x00
#define REQUEST_SENSE		0x03
#define INQUIRY			0x12
#define READ_CAPACITY_10	0x25
#define READ_10			0x28
#define WRITE_10		0x2a
#define SYNCHRONIZE_CACHE_10	0x35
#define REPORT_LUNS		0xa0
#define SECURITY_PROTOCOL_IN	0xa2
#define SECURITY_PROTOCOL_OUT	0xb5
#define PROTOCOL_JEDEC_UFS	0xec
#define PROTOCOL_RPMB		0x01

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

/* Queries */
#define READ_DESC		0x01
#define READ_ATTR		0x03
#define WRITE_ATTR		0x04
#define READ_FLAG		0x05
#define SET_FLAG		0x06
#define CLEAR_FLAG		0x07
#define FLAG_DEVICE_INIT	0x01
#define NO_INDEX		0xfc
#define NO_IDN			0xfd
#define NO_OPCODE		0xfe

#define DEVICE			0x00
#define CONFIGURATION		0x01
#define UNIT			0x02
#define INTERCONNECT		0x04
#define STRING			0x05
#define GEOMETRY		0x07
#define POWER			0x08
#define HEALTH			0x09

/* String descriptors */
#define MANUFACTURER		1
#define PRODUCT			2
#define SERIAL			3
#define OEM			4
#define REVISION		5

#define T_RESULT_READ		5

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

/* An unsigned number of 8 bytes whose upper half is 0 */
static void put64(u8 *p, u32 val)
{
	ufs_put_be32(p, 0);
	ufs_put_be32(p + 4, val);
}

static void fill_sense(u8 *sense, u32 what)
{
	memset(sense, 0, UFS_FACE_SENSE);
	sense[0] = 0x70;
	sense[2] = what >> 16;
	sense[7] = UFS_FACE_SENSE - 8;
	sense[12] = what >> 8;
	sense[13] = what;
}

static enum ufs_face_fate refuse(struct ufs_face_cmd *c, u32 what)
{
	c->status = CHECK_CONDITION;
	c->done = 0;
	fill_sense(c->sense, what);

	return UFS_FACE_ANSWERED;
}

static enum ufs_face_fate reply(struct ufs_face_cmd *c, const u8 *data, u32 len)
{
	c->done = least(len, c->len);
	memcpy(c->data, data, c->done);

	return UFS_FACE_ANSWERED;
}

static u32 total_units(const struct ufs_face *f)
{
	return f->regions * f->units;
}

void ufs_face_init(struct ufs_face *f)
{
	u32 i;

	for (i = 0; i < f->regions; i++) {
		f->region[i].flavour = RPMB_MODEL_UFS;
		f->region[i].blocks = f->units * 512;
		f->region[i].max_wr = f->rw_frames;
		f->region[i].max_rd = f->rw_frames;
	}
}

void ufs_face_power_up(struct ufs_face *f)
{
	u32 i;

	for (i = 0; i < f->regions; i++) {
		rpmb_model_power_up(&f->region[i]);
		f->type[i] = 0;
	}
	f->attention = ATTENTION_LU | ATTENTION_RPMB;
}

void ufs_face_arm(struct ufs_face *f, enum ufs_face_fault fault, u32 region,
		  u32 req, u32 skip, u32 times)
{
	f->fault = fault;
	f->fault_region = region;
	f->fault_req = req;
	f->fault_skip = skip;
	f->fault_times = times;
}

static bool is_for_replies(enum ufs_face_fault fault)
{
	return fault >= UFS_FACE_F_DELAY_REPLY;
}

/* Which fault strikes at a command that carries a message of this type? */
static enum ufs_face_fault strike(struct ufs_face *f, u32 region, u32 type,
				  bool out)
{
	enum ufs_face_fault fault = f->fault;

	if (!fault || is_for_replies(fault) == out ||
	    f->fault_region != region || (f->fault_req && f->fault_req != type))
		return UFS_FACE_F_NONE;
	if (f->fault_skip) {
		f->fault_skip--;
		return UFS_FACE_F_NONE;
	}
	if (!--f->fault_times)
		f->fault = UFS_FACE_F_NONE;

	return fault;
}

/* Faults that keep a command from being executed; true if this was one */
static bool prevents(struct ufs_face *f, struct ufs_face_cmd *c,
		     enum ufs_face_fault fault, enum ufs_face_fate *fate)
{
	*fate = UFS_FACE_ANSWERED;
	switch (fault) {
	case UFS_FACE_F_UNIT_ATTENTION:
	case UFS_FACE_F_ATTENTION_REPLY:
		f->attentions++;
		refuse(c, SENSE_RESET);
		return true;
	case UFS_FACE_F_OTHER_ATTENTION:
		refuse(c, SENSE_MODE_CHANGED);
		return true;
	case UFS_FACE_F_BUSY:
		c->status = BUSY;
		return true;
	case UFS_FACE_F_LINK:
	case UFS_FACE_F_LINK_REPLY:
		*fate = UFS_FACE_LINK_ERROR;
		return true;
	case UFS_FACE_F_CUT_BEFORE:
		*fate = UFS_FACE_POWER_CUT;
		return true;
	default:
		return false;
	}
}

static enum ufs_face_fate fate_of(enum ufs_face_fault fault)
{
	switch (fault) {
	case UFS_FACE_F_DELAY:
	case UFS_FACE_F_DELAY_REPLY:
		return UFS_FACE_LATE;
	case UFS_FACE_F_HANG:
	case UFS_FACE_F_HANG_REPLY:
		return UFS_FACE_SILENT;
	case UFS_FACE_F_CUT_AFTER:
		return UFS_FACE_POWER_CUT;
	default:
		return UFS_FACE_ANSWERED;
	}
}

static enum ufs_face_fate security_out(struct ufs_face *f, u32 region,
				       struct ufs_face_cmd *c)
{
	struct rpmb_model *m = &f->region[region];
	u32 type = ufs_get_be16(c->data + RPMB_MODEL_FRAME - 2);
	enum ufs_face_fault fault = strike(f, region, type, true);
	enum ufs_face_fate fate;

	f->outs++;
	if (prevents(f, c, fault, &fate))
		return fate;
	if (type != T_RESULT_READ)
		f->type[region] = type;
	c->done = c->len;
	if (rpmb_model_put(m, c->data, c->len / RPMB_MODEL_FRAME, true))
		return UFS_FACE_LOST;

	return fate_of(fault);
}

static enum ufs_face_fate security_in(struct ufs_face *f, u32 region,
				      struct ufs_face_cmd *c)
{
	struct rpmb_model *m = &f->region[region];
	enum ufs_face_fault fault = strike(f, region, f->type[region], false);
	enum ufs_face_fate fate;

	f->ins++;
	if (prevents(f, c, fault, &fate))
		return fate;
	c->done = c->len;
	if (rpmb_model_get(m, c->data, c->len / RPMB_MODEL_FRAME))
		return UFS_FACE_LOST;

	return fate_of(fault);
}

/* JESD220 section 12.4: what the command descriptor block must say */
static enum ufs_face_fate security(struct ufs_face *f, struct ufs_face_cmd *c)
{
	u32 len = ufs_get_be32(c->cdb + 6);
	u32 region = c->cdb[2];

	if (c->cdb[1] != PROTOCOL_JEDEC_UFS || c->cdb[3] != PROTOCOL_RPMB ||
	    c->cdb[4] || f->advanced || region >= f->regions)
		return refuse(c, SENSE_FIELD);
	if (!len || len % RPMB_MODEL_FRAME || len != c->len ||
	    len / RPMB_MODEL_FRAME > f->rw_frames)
		return refuse(c, SENSE_FIELD);

	/* the UPIU and the opcode must agree on who sends */
	if (c->cdb[0] == SECURITY_PROTOCOL_OUT && c->out)
		return security_out(f, region, c);
	if (c->cdb[0] == SECURITY_PROTOCOL_IN && !c->out)
		return security_in(f, region, c);

	return refuse(c, SENSE_FIELD);
}

static enum ufs_face_fate inquiry(struct ufs_face_cmd *c)
{
	u8 data[36] = { 0 };

	/* a well-known logical unit has a type of its own */
	data[0] = c->lun == LU_RPMB ? 0x1e : 0x00;
	data[2] = 0x06;
	data[3] = 0x02;
	data[4] = sizeof(data) - 5;
	memcpy(data + 8, "RPMBTEST", 8);
	memcpy(data + 16, "UFS MODEL       ", 16);
	memcpy(data + 32, "0001", 4);

	return reply(c, data, least(sizeof(data), c->cdb[4]));
}

static enum ufs_face_fate report_luns(const struct ufs_face *f,
				      struct ufs_face_cmd *c)
{
	u8 data[8 + 2 * 8] = { 0 };
	u8 *lun = data + 8;

	if (f->lu)
		lun += 8;
	if (f->regions) {
		lun[0] = 0xc1;		/* well known logical unit, 44h */
		lun[1] = LU_RPMB & 0x7f;
		lun += 8;
	}
	ufs_put_be32(data, lun - data - 8);

	return reply(c, data, least(lun - data, ufs_get_be32(c->cdb + 6)));
}

static enum ufs_face_fate request_sense(struct ufs_face_cmd *c)
{
	u8 sense[UFS_FACE_SENSE];

	fill_sense(sense, SENSE_NONE);

	return reply(c, sense, least(sizeof(sense), c->cdb[4]));
}

static enum ufs_face_fate read_capacity(const struct ufs_face *f,
					struct ufs_face_cmd *c)
{
	u8 data[8];

	ufs_put_be32(data, f->lu_blocks - 1);
	ufs_put_be32(data + 4, UFS_FACE_LU_BLOCK);

	return reply(c, data, sizeof(data));
}

static enum ufs_face_fate read_write(struct ufs_face *f, struct ufs_face_cmd *c)
{
	u32 lba = ufs_get_be32(c->cdb + 2), count = ufs_get_be16(c->cdb + 7);
	u8 *blocks = f->lu + (size_t)lba * UFS_FACE_LU_BLOCK;
	bool is_write = c->cdb[0] == WRITE_10;

	if (lba > f->lu_blocks || count > f->lu_blocks - lba)
		return refuse(c, SENSE_LBA);
	if (c->len != count * UFS_FACE_LU_BLOCK || c->out != is_write)
		return refuse(c, SENSE_FIELD);
	if (c->out)
		memcpy(blocks, c->data, c->len);
	else
		memcpy(c->data, blocks, c->len);
	c->done = c->len;

	return UFS_FACE_ANSWERED;
}

static enum ufs_face_fate ordinary(struct ufs_face *f, struct ufs_face_cmd *c)
{
	switch (c->cdb[0]) {
	case TEST_UNIT_READY:
	case SYNCHRONIZE_CACHE_10:
		return UFS_FACE_ANSWERED;
	case READ_CAPACITY_10:
		return read_capacity(f, c);
	case READ_10:
	case WRITE_10:
		return read_write(f, c);
	default:
		return refuse(c, SENSE_OPCODE);
	}
}

static enum ufs_face_fate rpmb(struct ufs_face *f, struct ufs_face_cmd *c)
{
	switch (c->cdb[0]) {
	case TEST_UNIT_READY:
		return UFS_FACE_ANSWERED;
	case SECURITY_PROTOCOL_IN:
	case SECURITY_PROTOCOL_OUT:
		return security(f, c);
	default:
		return refuse(c, SENSE_OPCODE);
	}
}

/* SAM-5, unit attention condition: such a command is not executed */
static bool meets_attention(struct ufs_face *f, struct ufs_face_cmd *c, u8 bit)
{
	if (!(f->attention & bit))
		return false;
	f->attention &= ~bit;
	f->attentions++;
	refuse(c, SENSE_RESET);

	return true;
}

enum ufs_face_fate ufs_face_scsi(struct ufs_face *f, struct ufs_face_cmd *c)
{
	bool is_lu = c->lun == LU_ORDINARY && f->lu;
	bool is_rpmb = c->lun == LU_RPMB && f->regions;

	c->done = 0;
	c->status = GOOD;
	if (c->cdb[0] == REPORT_LUNS)
		return report_luns(f, c);
	if (!is_lu && !is_rpmb)
		return refuse(c, SENSE_LUN);
	if (c->cdb[0] == INQUIRY)
		return inquiry(c);
	if (c->cdb[0] == REQUEST_SENSE)
		return request_sense(c);
	if (meets_attention(f, c, is_lu ? ATTENTION_LU : ATTENTION_RPMB))
		return UFS_FACE_ANSWERED;

	return is_lu ? ordinary(f, c) : rpmb(f, c);
}

static u32 device_desc(const struct ufs_face *f, u8 *d)
{
	d[0x06] = f->lu ? 1 : 0;		/* bNumberLU */
	d[0x07] = f->regions ? 4 : 3;		/* bNumberWLU */
	ufs_put_be16(d + 0x10, f->spec_version);
	ufs_put_be16(d + 0x12, 0x0626);		/* wManufactureDate */
	d[0x14] = MANUFACTURER;
	d[0x15] = PRODUCT;
	d[0x16] = SERIAL;
	d[0x17] = OEM;
	ufs_put_be16(d + 0x18, 0x0ada);		/* wManufacturerID */
	ufs_put_be16(d + 0x22, 0x0102);		/* wDeviceVersion */
	d[0x2a] = REVISION;

	return f->spec_version > 0x0220 ? 0x59 : 0x40;
}

/* Devices up to UFS 2.2 have neither region sizes nor enable bits */
static void rpmb_unit(const struct ufs_face *f, u8 *d)
{
	u32 i;

	d[0x03] = f->regions ? 1 : 0;		/* bLUEnable */
	d[0x0a] = 8;				/* bLogicalBlockSize: 2^8 */
	put64(d + 0x0b, total_units(f) * 512);
	if (f->spec_version <= 0x0220)
		return;
	for (i = 0; i < f->regions; i++) {
		d[0x09] |= i ? 1 << i : 0;
		d[0x13 + i] = f->units;
	}
	if (f->advanced)
		d[0x09] |= 1 << 4;
}

static void ordinary_unit(const struct ufs_face *f, u8 *d)
{
	d[0x03] = f->lu ? 1 : 0;
	d[0x0a] = 12;
	put64(d + 0x0b, f->lu_blocks);
}

static u32 unit_desc(const struct ufs_face *f, u8 index, u8 *d)
{
	d[0x02] = index;
	if (index == LU_RPMB)
		rpmb_unit(f, d);
	else if (index == LU_ORDINARY)
		ordinary_unit(f, d);
	else
		return 0;

	return 0x23;
}

static u32 string_desc(u8 index, u8 *d)
{
	static const char *const text[] = {
		NULL, "RPMBTEST", "UFS MODEL", "0123456789AB", "OEM", "0001"
	};
	u32 i;

	if (!index || index >= sizeof(text) / sizeof(text[0]))
		return 0;
	for (i = 0; text[index][i]; i++)
		ufs_put_be16(d + 2 + 2 * i, text[index][i]);

	return 2 + 2 * i;
}

/* Bytes of the descriptor, 0 if there is no such index */
static u32 fill_desc(const struct ufs_face *f, u8 idn, u8 index, u8 *d)
{
	switch (idn) {
	case DEVICE:
		return device_desc(f, d);
	case UNIT:
		return unit_desc(f, index, d);
	case STRING:
		return string_desc(index, d);
	case GEOMETRY:
		d[0x17] = f->rw_frames;		/* bRPMB_ReadWriteSize */
		return 0x57;
	case CONFIGURATION:
		return 0xe6;
	case INTERCONNECT:
		ufs_put_be16(d + 2, 0x0180);
		ufs_put_be16(d + 4, 0x0410);
		return 0x06;
	case POWER:
		return 0x62;
	default:
		return 0x2d;
	}
}

static bool is_known(u8 idn)
{
	switch (idn) {
	case DEVICE:
	case CONFIGURATION:
	case UNIT:
	case INTERCONNECT:
	case STRING:
	case GEOMETRY:
	case POWER:
	case HEALTH:
		return true;
	default:
		return false;
	}
}

static u8 read_desc(const struct ufs_face *f, struct ufs_face_query *q)
{
	u32 len;

	if (!is_known(q->idn))
		return NO_IDN;
	memset(q->desc, 0, sizeof(q->desc));
	len = fill_desc(f, q->idn, q->index, q->desc);
	if (!len)
		return NO_INDEX;
	q->desc[0] = len;
	q->desc[1] = q->idn;
	q->len = least(len, q->len);

	return 0;
}

u8 ufs_face_query(struct ufs_face *f, struct ufs_face_query *q)
{
	f->queries++;
	switch (q->opcode) {
	case READ_DESC:
		return read_desc(f, q);
	case READ_ATTR:
	case READ_FLAG:
		/* initialisation is done as soon as it is asked for */
		q->value = 0;
		return 0;
	case WRITE_ATTR:
	case CLEAR_FLAG:
		return 0;
	case SET_FLAG:
		return q->idn == FLAG_DEVICE_INIT ? 0 : NO_IDN;
	default:
		return NO_OPCODE;
	}
}
