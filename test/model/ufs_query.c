// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queries to the UFS front end: descriptors, flags, attributes (JESD220 section 14)
 */

#include "ufs_scsi.h"

#define READ_DESC		0x01
#define READ_ATTR		0x03
#define WRITE_ATTR		0x04
#define READ_FLAG		0x05
#define SET_FLAG		0x06
#define CLEAR_FLAG		0x07
#define TOGGLE_FLAG		0x08
#define NOT_WRITABLE		0xf7
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

#define FLAG_DEVICE_INIT	0x01
#define POWER_MODE		0x02
#define MAX_DATA_IN		0x06
#define MAX_DATA_OUT		0x07
#define MAX_RTT			0x0c
#define CLOCK_GATING_WAIT	0x17
#define POWER_ACTIVE		1

/* An unsigned number of 8 bytes whose upper half is 0 */
static void put64(u8 *p, u32 val)
{
	ufs_put_be32(p, 0);
	ufs_put_be32(p + 4, val);
}

static u32 total_units(const struct ufs_front *f)
{
	return f->regions * f->units;
}

static u32 device_desc(const struct ufs_front *f, u8 *d)
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
static void rpmb_unit(const struct ufs_front *f, u8 *d)
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

static void ordinary_unit(const struct ufs_front *f, u8 *d)
{
	d[0x03] = f->lu ? 1 : 0;
	d[0x0a] = 12;
	put64(d + 0x0b, f->lu_blocks);
}

static u32 unit_desc(const struct ufs_front *f, u8 index, u8 *d)
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
		NULL, "RPMBTEST", "UFS MODEL", "0123456789AB", "OEM", "0001", ""
	};
	u32 i;

	if (!index || index >= sizeof(text) / sizeof(text[0]))
		return 0;
	for (i = 0; text[index][i]; i++)
		ufs_put_be16(d + 2 + 2 * i, text[index][i]);

	return 2 + 2 * i;
}

/* Bytes of the descriptor, 0 if there is no such index */
static u32 fill_desc(const struct ufs_front *f, u8 idn, u8 index, u8 *d)
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

static u8 read_desc(const struct ufs_front *f, struct ufs_front_query *q)
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
	q->len = len < q->len ? len : q->len;

	return 0;
}

void ufs_query_set_power(struct ufs_front *f, u8 condition)
{
	/* the mode that is reached, twice */
	f->attr[POWER_MODE] = condition << 4 | condition;
}

void ufs_query_reset(struct ufs_front *f)
{
	memset(f->attr, 0, sizeof(f->attr));
	memset(f->flag, 0, sizeof(f->flag));
	ufs_query_set_power(f, POWER_ACTIVE);
	f->attr[MAX_DATA_IN] = 8;
	f->attr[MAX_DATA_OUT] = 8;
	f->attr[MAX_RTT] = 2;
	f->attr[CLOCK_GATING_WAIT] = 100;
}

static u8 run_attr(struct ufs_front *f, struct ufs_front_query *q)
{
	if (q->idn >= UFS_FRONT_ATTRS)
		return NO_IDN;
	if (q->opcode == READ_ATTR) {
		q->value = f->attr[q->idn];
		return 0;
	}
	if (q->idn == POWER_MODE || q->idn == CLOCK_GATING_WAIT)
		return NOT_WRITABLE;
	f->attr[q->idn] = q->value;

	return 0;
}

/* Initialisation is done as soon as it is asked for */
static u8 run_flag(struct ufs_front *f, struct ufs_front_query *q)
{
	if (!q->idn || q->idn >= UFS_FRONT_FLAGS)
		return NO_IDN;
	if (q->opcode == SET_FLAG)
		f->flag[q->idn] = q->idn != FLAG_DEVICE_INIT;
	else if (q->opcode == CLEAR_FLAG)
		f->flag[q->idn] = false;
	else if (q->opcode == TOGGLE_FLAG)
		f->flag[q->idn] = !f->flag[q->idn];
	q->value = f->flag[q->idn];

	return 0;
}

u8 ufs_front_query(struct ufs_front *f, struct ufs_front_query *q)
{
	f->queries++;
	if (f->deaf && f->queries > f->deaf)
		return NO_INDEX;
	switch (q->opcode) {
	case READ_DESC:
		return read_desc(f, q);
	case READ_ATTR:
	case WRITE_ATTR:
		return run_attr(f, q);
	case READ_FLAG:
	case SET_FLAG:
	case CLEAR_FLAG:
	case TOGGLE_FLAG:
		return run_flag(f, q);
	default:
		return NO_OPCODE;
	}
}
