// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * eMMC RPMB transport
 *
 * JESD84-B51 section 6.6.22: frames are written and read in hardware
 * partition 3, the number of frames goes ahead in CMD23 (SET_BLOCK_COUNT).
 * Requests that change the device are reliable writes (bit 31 of CMD23), and
 * their result is asked for by a result-read frame.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <log.h>
#include <mmc.h>
#include <dm/device-internal.h>
#include <linux/kernel.h>
#include "../mmc/mmc_private.h"
#include "rpmb-internal.h"

#define EXT_CSD_REV_5_1		8	/* EXT_CSD[192] of eMMC 5.1 */
#define WR_REL_EN_RPMB		BIT(4)	/* EXT_CSD[166]: 8 KiB writes */
#define CMD23_RELIABLE_WRITE	BIT(31)
#define WAITS			4	/* parts that the time limit has */

/**
 * struct emmc_rpmb_priv - an eMMC's RPMB
 *
 * @mmc:	the eMMC
 * @cid:	its CID as it was found
 * @dev_id:	the same, big-endian as on the bus
 */
struct emmc_rpmb_priv {
	struct mmc *mmc;
	u32 cid[4];
	__be32 dev_id[4];
};

/*
 * mmc_poll_for_busy() gives up when a status does not come, or has error bits,
 * such as that of a stop command that was not expected. Reading the status
 * clears them, so try again.
 */
static int wait_ready(struct mmc *mmc)
{
	int ret, tries = WAITS;

	do {
		ret = mmc_poll_for_busy(mmc, CONFIG_RPMB_EMMC_TIMEOUT_MS / WAITS);
	} while (ret && --tries);
	return ret;
}

/* Send or receive frames; CMD23 announces their number */
static int transfer(struct mmc *mmc, struct rpmb_frame *frames, u32 cmd23,
		    u32 direction)
{
	struct mmc_cmd cmd;
	struct mmc_data data = {
		.dest = (char *)frames,
		.blocks = cmd23 & ~CMD23_RELIABLE_WRITE,
		.blocksize = RPMB_FRAME_SIZE,
		.flags = direction,
	};
	int ret;

	cmd.cmdidx = MMC_CMD_SET_BLOCK_COUNT;
	cmd.cmdarg = cmd23;
	cmd.resp_type = MMC_RSP_R1;
	ret = mmc_send_cmd(mmc, &cmd, NULL);
	if (ret)
		return ret;
	cmd.cmdidx = direction == MMC_DATA_READ ? MMC_CMD_READ_MULTIPLE_BLOCK :
						  MMC_CMD_WRITE_MULTIPLE_BLOCK;
	cmd.cmdarg = 0;
	ret = mmc_send_cmd(mmc, &cmd, &data);
	if (ret || direction == MMC_DATA_READ)
		return ret;
	/* not every host waits for the end of programming by itself */
	return wait_ready(mmc);
}

static int emmc_rpmb_route_frames(struct udevice *dev, u8 target,
				  const struct rpmb_frames *frames)
{
	struct emmc_rpmb_priv *priv = dev_get_priv(dev);
	struct mmc *mmc = priv->mmc;
	bool changes = rpmb_frame_needs_result_read(frames->req);
	struct rpmb_frame *resp = frames->resp;
	int ret;

	ret = transfer(mmc, (struct rpmb_frame *)frames->req,
		       changes ? frames->req_cnt | CMD23_RELIABLE_WRITE :
				 frames->req_cnt, MMC_DATA_WRITE);
	if (!ret && changes) {
		/* the reply is not there yet, so its buffer is used for the request */
		rpmb_frame_init(resp, RPMB_REQ_RESULT_READ);
		ret = transfer(mmc, resp, 1, MMC_DATA_WRITE);
	}
	if (!ret)
		ret = transfer(mmc, resp, frames->resp_cnt, MMC_DATA_READ);
	if (ret) {
		/* amid a transfer, or busy for longer than the host waits */
		mmc_send_stop_transmission(mmc, false);
		wait_ready(mmc);
	}
	return ret;
}

/*
 * A rescan may have found another card in the same slot. The MMC core reads the
 * CID whenever it initialises a card, so its copy is compared.
 */
static int same_card(struct emmc_rpmb_priv *priv)
{
	int ret;

	ret = mmc_init(priv->mmc);
	if (ret)
		return ret;
	if (memcmp(priv->mmc->cid, priv->cid, sizeof(priv->cid)))
		return -ENXIO;
	return 0;
}

static int emmc_rpmb_claim_bus(struct udevice *dev)
{
	struct emmc_rpmb_priv *priv = dev_get_priv(dev);
	int ret;

	ret = same_card(priv);
	if (ret)
		return ret;
	/* the card may be busy with a write to another partition */
	wait_ready(priv->mmc);
	return mmc_rpmb_claim(priv->mmc);
}

static int emmc_rpmb_release_bus(struct udevice *dev)
{
	struct emmc_rpmb_priv *priv = dev_get_priv(dev);

	return mmc_rpmb_release(priv->mmc);
}

/*
 * Before eMMC 5.1 the limit was the reliable write sector count. A sector could
 * mean one frame or two, so the driver writes one frame at a time.
 */
static u32 max_write(const u8 *ext_csd)
{
	if (ext_csd[EXT_CSD_REV] < EXT_CSD_REV_5_1)
		return 1;
	return ext_csd[EXT_CSD_WR_REL_PARAM] & WR_REL_EN_RPMB ? 32 : 2;
}

static int emmc_rpmb_probe(struct udevice *dev)
{
	struct emmc_rpmb_priv *priv = dev_get_priv(dev);
	struct rpmb_descr *descr = rpmb_get_descr(dev);
	struct mmc *mmc = mmc_get_mmc_dev(dev_get_parent(dev));
	int i;

	if (!mmc->ext_csd)
		return -ENXIO;
	priv->mmc = mmc;
	for (i = 0; i < ARRAY_SIZE(priv->cid); i++) {
		priv->cid[i] = mmc->cid[i];
		priv->dev_id[i] = cpu_to_be32(mmc->cid[i]);
	}

	descr->type = RPMB_TYPE_EMMC;
	descr->max_rd = mmc_get_b_max(mmc, NULL, RPMB_MAX_BLOCKS);
	descr->max_wr = min(max_write(mmc->ext_csd), descr->max_rd);
	descr->flags = RPMB_F_WRITE_1_2_32;
	descr->target[0].capacity = mmc->ext_csd[EXT_CSD_RPMB_MULT];
	descr->target[0].dev_id = (u8 *)priv->dev_id;
	descr->target[0].dev_id_len = sizeof(priv->dev_id);
	return 0;
}

static const struct rpmb_ops emmc_rpmb_ops = {
	.claim_bus	= emmc_rpmb_claim_bus,
	.release_bus	= emmc_rpmb_release_bus,
	.route_frames	= emmc_rpmb_route_frames,
};

U_BOOT_DRIVER(emmc_rpmb) = {
	.name		= "emmc_rpmb",
	.id		= UCLASS_RPMB,
	.ops		= &emmc_rpmb_ops,
	.probe		= emmc_rpmb_probe,
	.priv_auto	= sizeof(struct emmc_rpmb_priv),
};

/* mmc_init() prints a complaint about an empty slot: look for a card first */
static bool has_rpmb(struct mmc *mmc)
{
	if (!mmc->has_init &&
	    (!mmc_getcd(mmc) || mmc_get_op_cond(mmc, true)))
		return false;
	return !mmc_init(mmc) && mmc->capacity_rpmb;
}

static int scan_slot(struct udevice *mmc_dev)
{
	struct mmc *mmc = mmc_get_mmc_dev(mmc_dev);
	struct udevice *dev;
	char name[16];
	bool found;

	device_find_first_child_by_uclass(mmc_dev, UCLASS_RPMB, &dev);
	found = mmc && has_rpmb(mmc); /* LCOV_EXCL_BR_LINE: a probed host has one */
	if (dev) {
		if (found && !(device_active(dev) &&
			       same_card(dev_get_priv(dev))))
			return 0;
		device_remove(dev, DM_REMOVE_NORMAL);
		device_unbind(dev);
	}
	if (!found)
		return 0;
	sprintf(name, "mmc%d", dev_seq(mmc_dev));
	return rpmb_bind(mmc_dev, "emmc_rpmb", name);
}

int emmc_rpmb_scan(void)
{
	struct udevice *dev;
	int ret;

	uclass_foreach_dev_probe(UCLASS_MMC, dev) {
		ret = scan_slot(dev);
		if (ret)
			return ret;
	}
	return 0;
}
