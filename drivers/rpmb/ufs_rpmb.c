// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS RPMB transport
 *
 * JESD220 section 12.4: frames travel as data of SECURITY PROTOCOL OUT and IN
 * to the RPMB well-known logical unit. Up to four regions, each an RPMB with
 * its own key, write counter and result register, are the device's targets.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <hexdump.h>
#include <log.h>
#include <vsprintf.h>
#include <asm/unaligned.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/uclass-internal.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"
#include "ufs_utp.h"

#define UFS_RPMB_WLUN		0xc4	/* also its unit descriptor's index */

/* JESD220 section 12.4: SECURITY PROTOCOL IN and OUT */
#define SECURITY_PROTOCOL_IN	0xa2
#define SECURITY_PROTOCOL_OUT	0xb5
#define PROTOCOL_JEDEC_UFS	0xec
#define PROTOCOL_RPMB		0x01

/* After a reset each logical unit reports one unit attention */
#define UNIT_ATTENTIONS		3

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

/* "MMMM-SSSS-<product>-<serial>-VVVV-DDDD-Rn" */
#define NAME_LEN		(UFS_UTP_DESC_SIZE / 2)
#define SERIAL_LEN		(UFS_UTP_DESC_SIZE * 2)
#define ID_LEN			(NAME_LEN + SERIAL_LEN + 32)

/**
 * struct ufs_rpmb_priv - a UFS device's RPMB
 *
 * @utp:	way to the device
 * @id:		identifiers of the regions
 */
struct ufs_rpmb_priv {
	struct ufs_utp utp;
	char id[RPMB_MAX_TARGETS][ID_LEN];
};

static void fill_cdb(u8 cdb[UFS_UTP_CDB_SIZE], u8 opcode, u8 region, u32 len)
{
	memset(cdb, '\0', UFS_UTP_CDB_SIZE);
	cdb[0] = opcode;
	cdb[1] = PROTOCOL_JEDEC_UFS;
	cdb[2] = region;
	cdb[3] = PROTOCOL_RPMB;
	put_unaligned_be32(len, cdb + 6);
}

/*
 * A command that met a unit attention was not executed, so that it may be
 * sent again, a write too. Nothing else is ever sent twice from here.
 */
static int send(struct ufs_utp *utp, u8 region, const struct rpmb_frame *req,
		u32 count)
{
	u32 len = count * sizeof(*req);
	u8 cdb[UFS_UTP_CDB_SIZE];
	int i, ret = -EIO;

	fill_cdb(cdb, SECURITY_PROTOCOL_OUT, region, len);
	for (i = 0; i <= UNIT_ATTENTIONS; i++) {
		ret = ufs_utp_send(utp, UFS_RPMB_WLUN, cdb, req, len);
		if (ret != -EAGAIN)
			return ret;
	}

	return -EIO;
}

static int receive(struct ufs_utp *utp, u8 region, struct rpmb_frame *resp,
		   u32 count)
{
	u32 len = count * sizeof(*resp);
	u8 cdb[UFS_UTP_CDB_SIZE];
	int i, ret = -EIO;

	fill_cdb(cdb, SECURITY_PROTOCOL_IN, region, len);
	for (i = 0; i <= UNIT_ATTENTIONS; i++) {
		ret = ufs_utp_receive(utp, UFS_RPMB_WLUN, cdb, resp, len);
		if (ret != -EAGAIN)
			return ret;
	}

	return -EIO;
}

static int ufs_rpmb_route_frames(struct udevice *dev, u8 target,
				 const struct rpmb_frame *req, u32 req_cnt,
				 struct rpmb_frame *resp, u32 resp_cnt)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	u32 room = priv->utp.size / sizeof(*req);
	struct rpmb_frame result_read;
	int ret;

	if (!req_cnt || req_cnt > room || !resp_cnt || resp_cnt > room)
		return -EINVAL;

	ret = send(&priv->utp, target, req, req_cnt);
	if (ret)
		return ret;
	if (rpmb_frame_needs_result_read(req)) {
		rpmb_frame_init(&result_read, RPMB_REQ_RESULT_READ);
		ret = send(&priv->utp, target, &result_read, 1);
		if (ret)
			return ret;
	}

	return receive(&priv->utp, target, resp, resp_cnt);
}

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

/* The string's ASCII, as Linux reads a product name: anything else is blank */
static int read_name(struct ufs_utp *utp, u8 index, char name[NAME_LEN])
{
	u8 desc[UFS_UTP_DESC_SIZE];
	int i, n, ret;
	u16 c;

	ret = ufs_utp_read_desc(utp, STRING_IDN, index, desc);
	if (ret)
		return ret;

	n = min_t(int, (desc[0] - STRING_HEADER) / 2, NAME_LEN - 1);
	for (i = 0; i < n; i++) {
		c = get_unaligned_be16(desc + STRING_HEADER + 2 * i);
		if (!c)
			break;
		name[i] = c < 0x20 || c > 0x7e ? ' ' : c;
	}
	name[i] = '\0';

	return 0;
}

/*
 * Linux takes as many bytes of the serial number as the descriptor is long,
 * header included, so that two zero bytes from behind its end are part of the
 * identifier. Keys have been derived from it: it stays as it is.
 */
static int read_serial(struct ufs_utp *utp, u8 index, char hex[SERIAL_LEN])
{
	u8 desc[UFS_UTP_DESC_SIZE];
	int n, ret;

	ret = ufs_utp_read_desc(utp, STRING_IDN, index, desc);
	if (ret)
		return ret;

	n = desc[0];
	if (n <= STRING_HEADER)
		n = 0;
	n = min_t(int, n, UFS_UTP_DESC_SIZE - STRING_HEADER);
	*bin2hex(hex, desc + STRING_HEADER, n) = '\0';

	return 0;
}

/*
 * Linux ufshcd_create_device_id() and ufs-rpmb.c: secure worlds derive keys
 * from this text, so that every character of it counts.
 */
static int set_ids(struct ufs_rpmb_priv *priv, const u8 *device)
{
	char name[NAME_LEN], serial[SERIAL_LEN];
	int i, ret;

	ret = read_name(&priv->utp, device[DEVICE_PRODUCT_NAME], name);
	if (!ret)
		ret = read_serial(&priv->utp, device[DEVICE_SERIAL_NUMBER],
				  serial);
	if (ret)
		return ret;

	for (i = 0; i < RPMB_MAX_TARGETS; i++)
		snprintf(priv->id[i], ID_LEN, "%04X-%04X-%s-%s-%04X-%04X-R%d",
			 get_unaligned_be16(device + DEVICE_MANUFACTURER),
			 get_unaligned_be16(device + DEVICE_SPEC_VERSION),
			 name, serial,
			 get_unaligned_be16(device + DEVICE_VERSION),
			 get_unaligned_be16(device + DEVICE_DATE), i);

	return 0;
}

static void describe(struct udevice *dev, u16 spec_version, const u8 *unit,
		     u32 frames)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	struct rpmb_descr *descr = rpmb_get_descr(dev);
	int i;

	descr->type = RPMB_TYPE_UFS;
	descr->flags = RPMB_F_READ_COUNT;
	descr->max_wr = frames;
	descr->max_rd = frames;
	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		descr->target[i].capacity = capacity(spec_version, unit, i);
		descr->target[i].dev_id = (const u8 *)priv->id[i];
		descr->target[i].dev_id_len = strlen(priv->id[i]);
	}
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

static int set_up(struct udevice *dev, struct ufs_utp *scout)
{
	u8 device[UFS_UTP_DESC_SIZE], unit[UFS_UTP_DESC_SIZE];
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	u8 geometry[UFS_UTP_DESC_SIZE];
	u16 spec_version;
	u32 frames;
	int ret;

	ret = ufs_utp_read_desc(scout, DEVICE_IDN, 0, device);
	if (!ret)
		ret = ufs_utp_read_desc(scout, UNIT_IDN, UFS_RPMB_WLUN, unit);
	if (!ret)
		ret = ufs_utp_read_desc(scout, GEOMETRY_IDN, 0, geometry);
	if (ret)
		return ret;

	spec_version = get_unaligned_be16(device + DEVICE_SPEC_VERSION);
	ret = check_mode(dev, spec_version, unit);
	if (ret)
		return ret;
	/* One frame is what any device takes */
	frames = max_t(u8, geometry[GEOMETRY_RPMB_FRAMES], 1);
	ret = ufs_utp_open(&priv->utp, dev_get_parent(dev),
			   frames * RPMB_FRAME_SIZE);
	if (ret)
		return ret;
	ret = set_ids(priv, device);
	if (ret)
		return ret;
	describe(dev, spec_version, unit, frames);

	return 0;
}

static int ufs_rpmb_probe(struct udevice *dev)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	struct ufs_utp scout;
	int ret;

	ret = ufs_utp_open(&scout, dev_get_parent(dev), 0);
	if (ret)
		return ret;
	ret = set_up(dev, &scout);
	if (ret) {
		if (ret != -EOPNOTSUPP)
			log_err("%s: RPMB cannot be set up (%dE)\n", dev->name,
				ret);
		ufs_utp_close(&priv->utp);
	}

	return ret;
}

static int ufs_rpmb_remove(struct udevice *dev)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);

	ufs_utp_close(&priv->utp);

	return 0;
}

static const struct rpmb_ops ufs_rpmb_ops = {
	.route_frames = ufs_rpmb_route_frames,
};

U_BOOT_DRIVER(ufs_rpmb) = {
	.name		= "ufs_rpmb",
	.id		= UCLASS_RPMB,
	.ops		= &ufs_rpmb_ops,
	.probe		= ufs_rpmb_probe,
	.remove		= ufs_rpmb_remove,
	.priv_auto	= sizeof(struct ufs_rpmb_priv),
	.flags		= DM_FLAG_OS_PREPARE,
};

/* An RPMB is there when its logical unit is enabled and has a size */
static bool has_rpmb(struct udevice *ufs)
{
	u8 unit[UFS_UTP_DESC_SIZE];
	struct ufs_utp scout;

	if (ufs_utp_open(&scout, ufs, 0) ||
	    ufs_utp_read_desc(&scout, UNIT_IDN, UFS_RPMB_WLUN, unit))
		return false;
	return unit[UNIT_LU_ENABLE] &&
	       (whole_capacity(unit) || unit[UNIT_REGION_SIZE]);
}

static int scan_device(struct udevice *ufs)
{
	struct udevice *dev;
	char name[16];
	int ret;

	if (device_probe(ufs))
		return 0;
	if (!device_find_first_child_by_uclass(ufs, UCLASS_RPMB, &dev))
		return 0;
	if (!has_rpmb(ufs)) {
		log_debug("%s: UFS device without RPMB\n", ufs->name);
		return 0;
	}

	/* Children of ufs_scsi do not survive a SCSI scan: bind beside it */
	snprintf(name, sizeof(name), "ufs%d", dev_seq(ufs));
	ret = device_bind_driver(ufs, "ufs_rpmb", name, &dev);
	if (ret)
		return ret;

	return device_set_name(dev, name);
}

int ufs_rpmb_scan(void)
{
	struct udevice *ufs;
	struct uclass *uc;
	int ret;

	uclass_id_foreach_dev(UCLASS_UFS, ufs, uc) {
		ret = scan_device(ufs);
		if (ret)
			return ret;
	}

	return 0;
}
