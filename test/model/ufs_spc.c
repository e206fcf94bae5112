// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SCSI primary commands of the UFS front end (SPC-4; JESD220 section 11.3)
 */

#include "ufs_scsi.h"

#define REQUEST_SENSE		0x03
#define INQUIRY			0x12
#define MODE_SENSE_6		0x1a
#define REPORT_LUNS		0xa0

#define TYPE_DISK		0x00
#define TYPE_WELL_KNOWN		0x1e
#define MAX_LUNS		5

/* Vital product data */
#define EVPD			1
#define SUPPORTED_PAGES		0x00
#define SERIAL_NUMBER		0x80
#define IDENTIFICATION		0x83
#define BLOCK_LIMITS		0xb0
#define BLOCK_CHARACTERISTICS	0xb1
#define ASCII			2
#define T10_VENDOR_ID		1
#define NO_ROTATION		1

static const char vendor[] = "RPMBTEST";
static const char serial[] = "0123456789AB";

/* Mode pages: page, length, and zeroes */
#define ERROR_RECOVERY		0x01
#define CACHING			0x08
#define CONTROL			0x0a
#define ALL_PAGES		0x3f

static const u8 mode_pages[][2] = {
	{ ERROR_RECOVERY, 0x0a }, { CACHING, 0x12 }, { CONTROL, 0x0a },
};

/* SELECT REPORT: 0 those that are not well known, 1 the others, 2 all */
static bool is_selected(u8 select, u8 lun)
{
	return select == 2 || select == (lun & LU_WELL_KNOWN ? 1 : 0);
}

static enum ufs_front_fate report_luns(const struct ufs_front *f,
				       struct ufs_front_cmd *c)
{
	static const u8 luns[MAX_LUNS] = {
		LU_ORDINARY, LU_REPORT_LUNS, LU_BOOT, LU_RPMB, LU_DEVICE
	};
	u32 i, room = ufs_get_be32(c->cdb + 6);
	u8 data[8 + MAX_LUNS * 8] = { 0 };
	u8 *lun = data + 8;

	if (c->cdb[2] > 2 || room < 16)
		return ufs_scsi_refuse(c, SENSE_FIELD);
	for (i = 0; i < MAX_LUNS; i++) {
		if (!ufs_scsi_has_lun(f, luns[i]) ||
		    !is_selected(c->cdb[2], luns[i]))
			continue;
		if (luns[i] & LU_WELL_KNOWN)
			lun[0] = 0xc1;
		lun[1] = luns[i] & ~LU_WELL_KNOWN;
		lun += 8;
	}
	ufs_put_be32(data, lun - data - 8);

	return ufs_scsi_reply(c, data, lun - data, room);
}

static enum ufs_front_fate request_sense(struct ufs_front_cmd *c)
{
	u8 sense[UFS_FRONT_SENSE] = { [0] = 0x70, [7] = UFS_FRONT_SENSE - 8 };

	return ufs_scsi_reply(c, sense, sizeof(sense), c->cdb[4]);
}

static bool is_disk(const struct ufs_front_cmd *c)
{
	return !(c->lun & LU_WELL_KNOWN);
}

/* An identifier of the logical unit: vendor, serial number, unit */
static u32 identify(u8 *d, u8 lun)
{
	static const char digits[] = "0123456789abcdef";
	u32 len = sizeof(vendor) - 1 + sizeof(serial) - 1;

	d[0] = ASCII;
	d[1] = T10_VENDOR_ID;
	d[3] = len + 2;
	memcpy(d + 4, vendor, sizeof(vendor) - 1);
	memcpy(d + 4 + sizeof(vendor) - 1, serial, sizeof(serial) - 1);
	d[4 + len] = digits[lun >> 4];
	d[4 + len + 1] = digits[lun & 0xf];

	return 4 + len + 2;
}

/* Returns bytes behind the header of 4; -1 there is no such page */
static int fill_page(u8 page, u8 lun, bool disk, u8 *d)
{
	static const u8 pages[] = {
		SUPPORTED_PAGES, SERIAL_NUMBER, IDENTIFICATION, BLOCK_LIMITS,
		BLOCK_CHARACTERISTICS
	};
	u32 known = disk ? sizeof(pages) : sizeof(pages) - 2;

	if (page == SUPPORTED_PAGES) {
		memcpy(d, pages, known);
		return known;
	}
	if (page == SERIAL_NUMBER) {
		memcpy(d, serial, sizeof(serial) - 1);
		return sizeof(serial) - 1;
	}
	if (page == IDENTIFICATION)
		return identify(d, lun);
	if (page == BLOCK_LIMITS && disk)
		return 0x3c;	/* no limits */
	if (page == BLOCK_CHARACTERISTICS && disk) {
		ufs_put_be16(d, NO_ROTATION);
		return 0x3c;
	}

	return -1;
}

static enum ufs_front_fate inquiry_page(struct ufs_front_cmd *c, u32 room)
{
	u8 data[4 + 0x3c] = { 0 };
	int len = fill_page(c->cdb[2], c->lun, is_disk(c), data + 4);

	if (len < 0)
		return ufs_scsi_refuse(c, SENSE_FIELD);
	data[0] = is_disk(c) ? TYPE_DISK : TYPE_WELL_KNOWN;
	data[1] = c->cdb[2];
	ufs_put_be16(data + 2, len);

	return ufs_scsi_reply(c, data, 4 + len, room);
}

static enum ufs_front_fate inquiry(struct ufs_front_cmd *c)
{
	u32 room = ufs_get_be16(c->cdb + 3);
	u8 data[36] = { 0 };

	if (c->cdb[1] & EVPD)
		return inquiry_page(c, room);
	if (c->cdb[1] || c->cdb[2])
		return ufs_scsi_refuse(c, SENSE_FIELD);

	data[0] = is_disk(c) ? TYPE_DISK : TYPE_WELL_KNOWN;
	data[2] = 0x06;			/* SPC-4 */
	data[3] = 0x02;
	data[4] = sizeof(data) - 5;
	data[7] = 0x02;			/* commands can queue up */
	memcpy(data + 8, vendor, 8);
	memcpy(data + 16, "UFS MODEL       ", 16);
	memcpy(data + 32, "0001", 4);

	return ufs_scsi_reply(c, data, sizeof(data), room);
}

bool ufs_spc_run(const struct ufs_front *f, struct ufs_front_cmd *c)
{
	switch (c->cdb[0]) {
	case REPORT_LUNS:
		report_luns(f, c);
		return true;
	case INQUIRY:
		inquiry(c);
		return true;
	case REQUEST_SENSE:
		request_sense(c);
		return true;
	default:
		return false;
	}
}

static u32 add_mode_pages(u8 wanted, u8 *d)
{
	u32 i, len = 0;

	for (i = 0; i < sizeof(mode_pages) / sizeof(mode_pages[0]); i++) {
		if (wanted != ALL_PAGES && wanted != mode_pages[i][0])
			continue;
		memcpy(d + len, mode_pages[i], 2);
		len += 2 + mode_pages[i][1];
	}

	return len;
}

/* Nothing can be changed or saved; there is no cache that could be switched */
enum ufs_front_fate ufs_spc_mode_sense(struct ufs_front_cmd *c)
{
	bool six = c->cdb[0] == MODE_SENSE_6;
	u32 header = six ? 4 : 8;
	u8 data[8 + 64] = { 0 };
	u32 len = add_mode_pages(c->cdb[2] & 0x3f, data + header);

	if (!len || c->cdb[3])
		return ufs_scsi_refuse(c, SENSE_FIELD);
	len += header;
	if (six)
		data[0] = len - 1;
	else
		ufs_put_be16(data, len - 2);

	return ufs_scsi_reply(c, data, len,
			      six ? c->cdb[4] : ufs_get_be16(c->cdb + 7));
}
