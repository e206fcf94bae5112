// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS RPMB transport
 *
 * JESD220 section 12.4: frames travel as data of SECURITY PROTOCOL OUT and IN
 * to the RPMB well-known logical unit. Up to four regions, each an RPMB with
 * its own key, write counter and result register, are the device's targets.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <cpu_func.h>
#include <dm.h>
#include <hexdump.h>
#include <log.h>
#include <memalign.h>
#include <scsi.h>
#include <vsprintf.h>
#include <asm/cache.h>
#include <asm/unaligned.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/uclass-internal.h>
#include <linux/kernel.h>
#include <rpmb/wipe.h>
#include "../ufs/ufs.h"
#include "rpmb-internal.h"

#define UFS_RPMB_WLUN		0xc4	/* also its unit descriptor's index */

/* JESD220 section 12.4: SECURITY PROTOCOL IN and OUT */
#define SECURITY_PROTOCOL_IN	0xa2
#define SECURITY_PROTOCOL_OUT	0xb5
#define PROTOCOL_JEDEC_UFS	0xec
#define PROTOCOL_RPMB		0x01
#define CDB_SIZE		12

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
#define NAME_LEN		(QUERY_DESC_MAX_SIZE / 2)
#define SERIAL_LEN		(QUERY_DESC_MAX_SIZE * 2)
#define ID_LEN			(NAME_LEN + SERIAL_LEN + 32)

/**
 * struct ufs_rpmb_priv - a UFS device's RPMB
 *
 * @scsi:	the way to its logical units
 * @buf:	data of a command, for the controller alone
 * @size:	bytes in @buf
 * @lost:	the last command has failed without an answer of the device: who
 *		knows whether the controller has let go of @buf
 * @id:		identifiers of the regions
 */
struct ufs_rpmb_priv {
	struct udevice *scsi;
	u8 *buf;
	u32 size;
	bool lost;
	char id[RPMB_MAX_TARGETS][ID_LEN];
};

static void flush_range(const u8 *buf, u32 len)
{
	ulong from = ALIGN_DOWN((ulong)buf, ARCH_DMA_MINALIGN);

	flush_dcache_range(from, ALIGN((ulong)buf + len, ARCH_DMA_MINALIGN));
}

/*
 * A controller that could not be stopped may be reading still. It reads
 * upwards, so a request is taken away from its end on, which is where its type
 * is: one that lost its key and kept its type would program zeroes, for ever.
 * What it then may read instead is no request at all.
 */
static void wipe_backwards(u8 *buf, u32 len)
{
	u32 at = ALIGN(len, ARCH_DMA_MINALIGN);

	while (at) {
		at -= ARCH_DMA_MINALIGN;
		rpmb_wipe(buf + at, min_t(u32, len - at, ARCH_DMA_MINALIGN));
		flush_range(buf + at, ARCH_DMA_MINALIGN);
	}
}

static int run(struct ufs_rpmb_priv *priv, struct scsi_cmd *cmd)
{
	struct ufs_hba *hba = dev_get_uclass_priv(dev_get_parent(priv->scsi));
	const u8 *sense = cmd->sense_buf;
	int ret;

	cmd->lun = UFS_RPMB_WLUN;
	cmd->timeout = CONFIG_RPMB_UFS_TIMEOUT_MS;
	hba->rpmb_cmd = cmd;
	ret = scsi_exec(priv->scsi, cmd);
	hba->rpmb_cmd = NULL;
	priv->lost = ret && !cmd->status;
	if (!ret)
		return 0;
	if (ret == -ETIMEDOUT)
		log_err("UFS command: no answer in time\n");
	else if (cmd->status)
		log_err("SCSI command %02x refused, status %02x, sense %x/%02x/%02x\n",
			cmd->cmd[0], cmd->status, sense[2] & 0xf, sense[12],
			sense[13]);
	else
		log_err("UFS command: transfer failed (%dE)\n", ret);

	return ret == -ETIMEDOUT ? ret : -EIO;
}

/*
 * A controller that may have priv->buf still must not be shown anything else in
 * it. One that executes a command without data has let go of all before.
 */
static int regain(struct ufs_rpmb_priv *priv)
{
	struct scsi_cmd cmd = {
		.cmd = { SCSI_TST_U_RDY },
		.cmdlen = 6,
		.dma_dir = DMA_NONE,
	};
	int ret;

	if (!priv->lost)
		return 0;
	ret = run(priv, &cmd);

	return priv->lost ? ret : 0;
}

/* Data travel by way of priv->buf. Nothing is ever sent twice from here. */
static int command(struct ufs_rpmb_priv *priv, u8 opcode, u8 region, u32 len)
{
	struct scsi_cmd cmd = {
		.cmd = { opcode, PROTOCOL_JEDEC_UFS, region, PROTOCOL_RPMB },
		.cmdlen = CDB_SIZE,
		.pdata = priv->buf,
		.datalen = len,
		.dma_dir = opcode == SECURITY_PROTOCOL_OUT ? DMA_TO_DEVICE :
							     DMA_FROM_DEVICE,
	};

	put_unaligned_be32(len, cmd.cmd + 6);

	return run(priv, &cmd);
}

static int send(struct ufs_rpmb_priv *priv, u8 region,
		const struct rpmb_frame *req, u32 count)
{
	u32 len = count * sizeof(*req);
	int ret;

	ret = regain(priv);
	if (ret)
		return ret;
	memcpy(priv->buf, req, len);
	ret = command(priv, SECURITY_PROTOCOL_OUT, region, len);
	wipe_backwards(priv->buf, len);

	return ret;
}

/* What the device does not fill reads as zero */
static int receive(struct ufs_rpmb_priv *priv, u8 region,
		   struct rpmb_frame *resp, u32 count)
{
	u32 len = count * sizeof(*resp);
	int ret;

	ret = regain(priv);
	if (ret)
		return ret;
	rpmb_wipe(priv->buf, len);
	ret = command(priv, SECURITY_PROTOCOL_IN, region, len);
	if (!ret)
		memcpy(resp, priv->buf, len);

	return ret;
}

static int ufs_rpmb_route_frames(struct udevice *dev, u8 target,
				 const struct rpmb_frame *req, u32 req_cnt,
				 struct rpmb_frame *resp, u32 resp_cnt)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	u32 room = priv->size / sizeof(*req);
	struct rpmb_frame result_read;
	int ret;

	if (!req_cnt || req_cnt > room || !resp_cnt || resp_cnt > room)
		return -EINVAL;

	ret = send(priv, target, req, req_cnt);
	if (ret)
		return ret;
	if (rpmb_frame_needs_result_read(req)) {
		rpmb_frame_init(&result_read, RPMB_REQ_RESULT_READ);
		ret = send(priv, target, &result_read, 1);
		if (ret)
			return ret;
	}

	return receive(priv, target, resp, resp_cnt);
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
static int read_name(struct ufs_hba *hba, u8 index, char name[NAME_LEN])
{
	u8 desc[QUERY_DESC_MAX_SIZE];
	int i, chars, room, len, at = 0, ret;
	u16 c;

	ret = ufshcd_get_desc(hba, STRING_IDN, index, desc);
	if (ret)
		return ret;

	chars = (desc[0] - STRING_HEADER) / 2;
	room = min_t(int, chars + 1, NAME_LEN - 1);
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
static int read_serial(struct ufs_hba *hba, u8 index, char hex[SERIAL_LEN])
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
static int set_ids(struct ufs_rpmb_priv *priv, struct ufs_hba *hba,
		   const u8 *device)
{
	char name[NAME_LEN], serial[SERIAL_LEN];
	int i, ret;

	ret = read_name(hba, device[DEVICE_PRODUCT_NAME], name);
	if (!ret)
		ret = read_serial(hba, device[DEVICE_SERIAL_NUMBER], serial);
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

static int set_up(struct udevice *dev)
{
	u8 device[QUERY_DESC_MAX_SIZE], unit[QUERY_DESC_MAX_SIZE];
	struct ufs_hba *hba = dev_get_uclass_priv(dev_get_parent(dev));
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	u8 geometry[QUERY_DESC_MAX_SIZE];
	u16 spec_version;
	u32 frames;
	int ret;

	ret = ufshcd_get_desc(hba, DEVICE_IDN, 0, device);
	if (!ret)
		ret = ufshcd_get_desc(hba, UNIT_IDN, UFS_RPMB_WLUN, unit);
	if (!ret)
		ret = ufshcd_get_desc(hba, GEOMETRY_IDN, 0, geometry);
	if (ret)
		return ret;

	spec_version = get_unaligned_be16(device + DEVICE_SPEC_VERSION);
	ret = check_mode(dev, spec_version, unit);
	if (ret)
		return ret;
	/* One frame is what any device takes */
	frames = max_t(u8, geometry[GEOMETRY_RPMB_FRAMES], 1);
	ret = set_ids(priv, hba, device);
	if (ret)
		return ret;
	priv->size = frames * RPMB_FRAME_SIZE;
	priv->buf = malloc_cache_aligned(priv->size);
	if (!priv->buf)
		return -ENOMEM;
	describe(dev, spec_version, unit, frames);

	return 0;
}

static int ufs_rpmb_probe(struct udevice *dev)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	int ret;

	ret = device_find_first_child_by_uclass(dev_get_parent(dev),
						UCLASS_SCSI, &priv->scsi);
	if (!ret)
		ret = device_probe(priv->scsi);
	if (!ret)
		ret = set_up(dev);
	if (ret && ret != -EOPNOTSUPP)
		log_err("%s: RPMB cannot be set up (%dE)\n", dev->name, ret);

	return ret;
}

static int ufs_rpmb_remove(struct udevice *dev)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);

	rpmb_wipe(priv->buf, priv->size);
	flush_range(priv->buf, priv->size);
	if (!priv->lost)
		free(priv->buf);

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
	u8 unit[QUERY_DESC_MAX_SIZE];

	if (ufshcd_get_desc(dev_get_uclass_priv(ufs), UNIT_IDN, UFS_RPMB_WLUN,
			    unit))
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
