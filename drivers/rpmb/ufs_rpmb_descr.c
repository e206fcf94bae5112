// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS RPMB: what its descriptors say of it
 *
 * JESD220 section 14. Identifiers are those of Linux, character by character.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <hexdump.h>
#include <log.h>
#include <vsprintf.h>
#include <asm/unaligned.h>
#include <linux/kernel.h>
#include "../ufs/ufs.h"
#include "rpmb-internal.h"
#include "ufs_rpmb.h"

/* JESD220 section 14: descriptors and what is where in them */
#define DEVICE_IDN		0x00
#define DEVICE_SPEC_VERSION	0x10
#define DEVICE_DATE		0x12
#define DEVICE_PRODUCT_NAME	0x15
#define DEVICE_SERIAL_NUMBER	0x16
#define DEVICE_MANUFACTURER	0x18
#define DEVICE_VERSION		0x22

#define UNIT_IDN		0x02
#define UNIT_LU_ENABLE		0x03
#define UNIT_REGION_ENABLE	0x09
#define UNIT_BLOCK_SIZE		0x0a
#define UNIT_BLOCK_COUNT	0x0b
#define UNIT_REGION_SIZE	0x13
#define REGION_ADVANCED		BIT(4)

#define STRING_IDN		0x05
#define STRING_HEADER		2

#define GEOMETRY_IDN		0x07
#define GEOMETRY_RPMB_FRAMES	0x17

/* Regions came with UFS 3.0; before that their bytes meant something else */
#define SPEC_VERSION_2_2	0x0220

/* An address has 16 bits */
#define MAX_CAPACITY		(RPMB_MAX_BLOCKS / RPMB_BLOCKS_PER_UNIT)

static bool has_regions(u16 spec_version, const u8 *unit)
{
	const u8 *size = unit + UNIT_REGION_SIZE;

	return spec_version > SPEC_VERSION_2_2 &&
	       (size[0] || size[1] || size[2] || size[3]);
}

static u16 whole_capacity(const u8 *unit)
{
	u64 blocks = get_unaligned_be64(unit + UNIT_BLOCK_COUNT);
	u8 shift = unit[UNIT_BLOCK_SIZE];

	/* No block is larger than a unit, and the product fits this way */
	if (shift > 17)
		return 0;
	return min_t(u64, blocks >> (17 - shift), MAX_CAPACITY);
}

/* Region 0 needs no enable bit */
static u16 region_capacity(const u8 *unit, u8 region)
{
	if (region && !(unit[UNIT_REGION_ENABLE] & BIT(region)))
		return 0;
	return min_t(u16, unit[UNIT_REGION_SIZE + region], MAX_CAPACITY);
}

static u16 capacity(u16 spec_version, const u8 *unit, u8 region)
{
	if (has_regions(spec_version, unit))
		return region_capacity(unit, region);
	return region ? 0 : whole_capacity(unit);
}

/*
 * Bytes that Linux makes of a character in UTF-16, as UTF-8; 0 for half of a
 * pair. The second half of a whole one is skipped.
 */
static int utf8_len(const u8 *desc, int chars, int *i)
{
	u16 c = get_unaligned_be16(desc + STRING_HEADER + 2 * *i);
	u16 next = 0;

	if (c < 0x80)
		return 1;
	if ((c & 0xf800) != 0xd800)
		return c < 0x800 ? 2 : 3;
	if (*i + 1 < chars)
		next = get_unaligned_be16(desc + STRING_HEADER + 2 * (*i + 1));
	if ((c & 0x0400) || (next & 0xfc00) != 0xdc00)
		return 0;
	++*i;
	return 4;
}

/*
 * As ufshcd_read_string_desc() of Linux reads a product name: as UTF-8, in room
 * for one byte a character and one more, and then each byte that is no
 * printable ASCII is made a blank. What does not fit ends the name.
 */
static int read_name(struct ufs_hba *hba, u8 index, char name[UFS_RPMB_NAME_LEN])
{
	u8 desc[QUERY_DESC_MAX_SIZE];
	int i, chars, room, len, at = 0, ret;
	u16 c;

	ret = ufshcd_get_desc(hba, STRING_IDN, index, desc);
	if (ret)
		return ret;

	chars = (desc[0] - STRING_HEADER) / 2;
	room = min_t(int, chars + 1, UFS_RPMB_NAME_LEN - 1);
	for (i = 0; i < chars; i++) {
		c = get_unaligned_be16(desc + STRING_HEADER + 2 * i);
		len = utf8_len(desc, chars, &i);
		if (!c || at + len > room)
			break;
		memset(name + at, c < 0x20 || c > 0x7e ? ' ' : c, len);
		at += len;
	}
	name[at] = '\0';

	return 0;
}

/*
 * Linux takes as many bytes of the serial number as the descriptor is long,
 * header included, so that two zero bytes from behind its end are part of the
 * identifier. Keys have been derived from it: it stays as it is.
 */
static int read_serial(struct ufs_hba *hba, u8 index, char hex[UFS_RPMB_SERIAL_LEN])
{
	u8 desc[QUERY_DESC_MAX_SIZE];
	int n, ret;

	ret = ufshcd_get_desc(hba, STRING_IDN, index, desc);
	if (ret)
		return ret;

	n = desc[0];
	if (n <= STRING_HEADER)
		n = 0;
	n = min_t(int, n, QUERY_DESC_MAX_SIZE - STRING_HEADER);
	*bin2hex(hex, desc + STRING_HEADER, n) = '\0';

	return 0;
}

/*
 * Linux ufshcd_create_device_id() and ufs-rpmb.c: secure worlds derive keys
 * from this text, so that every character of it counts.
 */
static int set_ids(struct ufs_hba *hba, const u8 *device,
		   char id[RPMB_MAX_TARGETS][UFS_RPMB_ID_LEN])
{
	char name[UFS_RPMB_NAME_LEN], serial[UFS_RPMB_SERIAL_LEN];
	int i, ret;

	ret = read_name(hba, device[DEVICE_PRODUCT_NAME], name);
	if (!ret)
		ret = read_serial(hba, device[DEVICE_SERIAL_NUMBER], serial);
	if (ret)
		return ret;

	for (i = 0; i < RPMB_MAX_TARGETS; i++)
		snprintf(id[i], UFS_RPMB_ID_LEN, "%04X-%04X-%s-%s-%04X-%04X-R%d",
			 get_unaligned_be16(device + DEVICE_MANUFACTURER),
			 get_unaligned_be16(device + DEVICE_SPEC_VERSION),
			 name, serial,
			 get_unaligned_be16(device + DEVICE_VERSION),
			 get_unaligned_be16(device + DEVICE_DATE), i);

	return 0;
}

/* Advanced RPMB puts its fields into the UPIU's extra header segments */
static int check_mode(struct udevice *dev, u16 spec_version, const u8 *unit)
{
	if (spec_version <= SPEC_VERSION_2_2 ||
	    !(unit[UNIT_REGION_ENABLE] & REGION_ADVANCED))
		return 0;
	log_err("%s: RPMB is in advanced mode (UFS 4.0), which is not supported\n",
		dev->name);

	return -EOPNOTSUPP;
}

int ufs_rpmb_describe(struct udevice *dev,
		      char id[RPMB_MAX_TARGETS][UFS_RPMB_ID_LEN])
{
	u8 device[QUERY_DESC_MAX_SIZE], unit[QUERY_DESC_MAX_SIZE];
	struct ufs_hba *hba = dev_get_uclass_priv(dev_get_parent(dev));
	struct rpmb_descr *descr = rpmb_get_descr(dev);
	u8 geometry[QUERY_DESC_MAX_SIZE];
	u16 spec_version;
	int i, ret;

	ret = ufshcd_get_desc(hba, DEVICE_IDN, 0, device);
	if (!ret)
		ret = ufshcd_get_desc(hba, UNIT_IDN, UFS_RPMB_WLUN, unit);
	if (!ret)
		ret = ufshcd_get_desc(hba, GEOMETRY_IDN, 0, geometry);
	if (ret)
		return ret;

	spec_version = get_unaligned_be16(device + DEVICE_SPEC_VERSION);
	ret = check_mode(dev, spec_version, unit);
	if (!ret)
		ret = set_ids(hba, device, id);
	if (ret)
		return ret;

	descr->type = RPMB_TYPE_UFS;
	descr->flags = RPMB_F_READ_COUNT;
	/* One frame is what any device takes */
	descr->max_rd = max_t(u8, geometry[GEOMETRY_RPMB_FRAMES], 1);
	descr->max_wr = descr->max_rd;
	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		descr->target[i].capacity = capacity(spec_version, unit, i);
		descr->target[i].dev_id = (const u8 *)id[i];
		descr->target[i].dev_id_len = strlen(id[i]);
	}

	return 0;
}

bool ufs_rpmb_is_there(struct udevice *ufs)
{
	u8 unit[QUERY_DESC_MAX_SIZE];

	if (ufshcd_get_desc(dev_get_uclass_priv(ufs), UNIT_IDN, UFS_RPMB_WLUN,
			    unit))
		return false;
	return unit[UNIT_LU_ENABLE] &&
	       (whole_capacity(unit) || unit[UNIT_REGION_SIZE]);
}
