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
#include <log.h>
#include <memalign.h>
#include <scsi.h>
#include <vsprintf.h>
#include <asm/cache.h>
#include <asm/unaligned.h>
#include <dm/device-internal.h>
#include <dm/uclass-internal.h>
#include <linux/kernel.h>
#include <rpmb/wipe.h>
#include "../ufs/ufs.h"
#include "rpmb-internal.h"
#include "ufs_rpmb.h"

/* JESD220 section 12.4: SECURITY PROTOCOL IN and OUT */
#define SECURITY_PROTOCOL_IN	0xa2
#define SECURITY_PROTOCOL_OUT	0xb5
#define PROTOCOL_JEDEC_UFS	0xec
#define PROTOCOL_RPMB		0x01
#define CDB_SIZE		12

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
	char id[RPMB_MAX_TARGETS][UFS_RPMB_ID_LEN];
};

static void flush_range(const u8 *buf, u32 len)
{
	ulong from = ALIGN_DOWN((ulong)buf, ARCH_DMA_MINALIGN);

	flush_dcache_range(from, ALIGN((ulong)buf + len, ARCH_DMA_MINALIGN));
}

/*
 * A controller that could not be stopped may still be reading the request. It
 * reads from the lowest address on, so the request is wiped from its end on, where
 * its type is: a request that had its type, but no longer its key, would program
 * a key of zeroes, for good. Without its type it is no request.
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
		log_err("SCSI command 0x%02x refused, status 0x%02x, sense 0x%x/0x%02x/0x%02x\n",
			cmd->cmd[0], cmd->status, sense[2] & 0xf, sense[12],
			sense[13]);
	else
		log_err("UFS command: transfer failed (%dE)\n", ret);

	return ret == -ETIMEDOUT ? ret : -EIO;
}

/*
 * While the controller may still use priv->buf, nothing else may be put there.
 * When it has executed a command without data, it no longer uses the buffers of
 * earlier commands.
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
	if (ret) /* LCOV_EXCL_BR_LINE: a request was answered right before */
		return ret;
	rpmb_wipe(priv->buf, len);
	ret = command(priv, SECURITY_PROTOCOL_IN, region, len);
	if (!ret)
		memcpy(resp, priv->buf, len);

	return ret;
}

static int ufs_rpmb_route_frames(struct udevice *dev, u8 target,
				 const struct rpmb_frames *frames)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	u32 room = priv->size / RPMB_FRAME_SIZE;
	struct rpmb_frame result_read;
	int ret;

	if (!frames->req_cnt || frames->req_cnt > room ||
	    !frames->resp_cnt || frames->resp_cnt > room)
		return -EINVAL;

	ret = send(priv, target, frames->req, frames->req_cnt);
	if (ret)
		return ret;
	if (rpmb_frame_needs_result_read(frames->req)) {
		rpmb_frame_init(&result_read, RPMB_REQ_RESULT_READ);
		ret = send(priv, target, &result_read, 1);
		if (ret)
			return ret;
	}

	return receive(priv, target, frames->resp, frames->resp_cnt);
}

static int set_up(struct udevice *dev)
{
	struct ufs_rpmb_priv *priv = dev_get_priv(dev);
	int ret;

	ret = ufs_rpmb_describe(dev, priv->id);
	if (ret)
		return ret;
	priv->size = rpmb_get_descr(dev)->max_rd * RPMB_FRAME_SIZE;
	priv->buf = malloc_cache_aligned(priv->size);

	return priv->buf ? 0 : -ENOMEM;
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

static int scan_device(struct udevice *ufs)
{
	struct udevice *dev;
	char name[16];

	if (device_probe(ufs))
		return 0;
	if (!device_find_first_child_by_uclass(ufs, UCLASS_RPMB, &dev))
		return 0;
	if (!ufs_rpmb_is_there(ufs)) {
		log_debug("%s: UFS device without RPMB\n", ufs->name);
		return 0;
	}

	/* Children of ufs_scsi do not survive a SCSI scan: bind beside it */
	snprintf(name, sizeof(name), "ufs%d", dev_seq(ufs));

	return rpmb_bind(ufs, "ufs_rpmb", name);
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
