// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * eMMC face of the RPMB model: a sandbox MMC host with a card in it
 */

#include <cyclic.h>
#include <dm.h>
#include <malloc.h>
#include <mmc.h>
#include <dm/device-internal.h>
#include <linux/list.h>
#include "emmc_card.h"

/**
 * struct emmc_face - host and card
 *
 * @mmc_cfg:	host, for the MMC core
 * @mmc:	card, for the MMC core
 * @card:	card
 * @fault:	armed fault of the bus
 * @busy:	how long the card is busy after a reliable write
 * @left:	how long it still is, in milliseconds
 * @illegal:	a command came that it does not take now
 * @log:	commands
 */
struct emmc_face {
	struct mmc_config mmc_cfg;
	struct mmc mmc;
	struct emmc_card card;
	struct emmc_face_fault fault;
	struct emmc_face_busy busy;
	u32 left;
	bool illegal;
	struct emmc_face_log log;
};

static bool fault_strikes(struct emmc_face *face, u8 idx)
{
	struct emmc_face_fault *fault = &face->fault;

	if (!fault->times ||
	    (fault->cmd != EMMC_FACE_ANY_CMD && fault->cmd != idx) ||
	    (fault->part >= 0 && fault->part != emmc_card_partition(&face->card)))
		return false;
	if (fault->skip) {
		fault->skip--;
		return false;
	}
	fault->times--;
	return true;
}

static void note(struct emmc_face *face, const struct mmc_cmd *cmd,
		 const struct mmc_data *data, u8 part, int ret)
{
	struct emmc_face_cmd *entry;

	if (face->log.count++ >= EMMC_FACE_LOG_MAX)
		return;
	entry = &face->log.cmd[face->log.count - 1];
	entry->idx = cmd->cmdidx;
	entry->part = part;
	entry->arg = cmd->cmdarg;
	entry->blocks = data ? data->blocks : 0;
	entry->ret = ret;
}

#define STATUS_ILLEGAL	BIT(22)

/* What a card answers while it is programming */
static int busy_command(struct emmc_face *face, struct mmc_cmd *cmd)
{
	if (cmd->cmdidx == MMC_CMD_SEND_STATUS) {
		face->left--;
		cmd->response[0] = MMC_STATE_PRG;
		if (face->illegal)
			cmd->response[0] |= STATUS_ILLEGAL;
		face->illegal = false;
		return 0;
	}
	face->illegal = true;
	return -ETIMEDOUT;
}

/* A reliable write was taken: busy from now on, if the host does not wait */
static int become_busy(struct emmc_face *face)
{
	face->left = face->busy.ms;
	if (!face->busy.host_ms)
		return 0;
	if (face->busy.host_ms >= face->left) {
		face->left = 0;
		return 0;
	}
	face->left -= face->busy.host_ms;
	return -ECOMM;
}

static int card_command(struct emmc_face *face, struct mmc_cmd *cmd,
			struct mmc_data *data)
{
	bool reliable = face->card.cmd23 & BIT(31);
	int ret;

	if (cmd->cmdidx == MMC_CMD_GO_IDLE_STATE)
		face->left = 0;
	if (face->left)
		return busy_command(face, cmd);
	ret = emmc_card_command(&face->card, cmd, data);
	if (!ret && reliable && cmd->cmdidx == MMC_CMD_WRITE_MULTIPLE_BLOCK)
		ret = become_busy(face);
	return ret;
}

/* DAT0 is low while the card is busy */
static int emmc_face_wait_dat0(struct udevice *dev, int state, int timeout_us)
{
	struct emmc_face *face = dev_get_plat(dev);
	u32 ms = timeout_us / 1000;

	if (!face->busy.dat0)
		return -ENOSYS;
	if (face->left > ms) {
		face->left -= ms;
		return -ETIMEDOUT;
	}
	face->left = 0;
	return 0;
}

static int emmc_face_send_cmd(struct udevice *dev, struct mmc_cmd *cmd,
			      struct mmc_data *data)
{
	struct emmc_face *face = dev_get_plat(dev);
	u8 part = emmc_card_partition(&face->card);
	bool fail = fault_strikes(face, cmd->cmdidx);
	int ret = 0;

	if (!fail || face->fault.executed)
		ret = card_command(face, cmd, data);
	if (fail)
		ret = face->fault.err;
	note(face, cmd, data, part, ret);
	return ret;
}

static int emmc_face_set_ios(struct udevice *dev)
{
	return 0;
}

static int emmc_face_get_cd(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	return face->card.cfg.kind != EMMC_FACE_EMPTY;
}

static const struct dm_mmc_ops emmc_face_ops = {
	.send_cmd	= emmc_face_send_cmd,
	.set_ios	= emmc_face_set_ios,
	.wait_dat0	= emmc_face_wait_dat0,
	.get_cd		= emmc_face_get_cd,
};

static int emmc_face_drv_bind(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);
	struct mmc_config *cfg = &face->mmc_cfg;

	cfg->name = dev->name;
	cfg->host_caps = MMC_CAP(MMC_HS_52) | MMC_MODE_HS | MMC_MODE_8BIT;
	cfg->voltages = MMC_VDD_165_195 | MMC_VDD_32_33 | MMC_VDD_33_34;
	cfg->f_min = 400000;
	cfg->f_max = 52000000;
	cfg->b_max = face->card.cfg.b_max;
	if (!cfg->b_max)
		cfg->b_max = 0xffff;

	return mmc_bind(dev, &face->mmc, cfg);
}

static int emmc_face_drv_unbind(struct udevice *dev)
{
	return mmc_unbind(dev);
}

static int emmc_face_probe(struct udevice *dev)
{
	struct mmc_uclass_priv *upriv = dev_get_uclass_priv(dev);
	struct emmc_face *face = dev_get_plat(dev);

	upriv->mmc = &face->mmc;
	return 0;
}

/*
 * The MMC core starts a card-detect poll at mmc_init() and ends it only when
 * the block device is removed, which may never have been probed.
 */
static int emmc_face_remove(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);
	struct cyclic_info *poll = &face->mmc.cyclic;

	if (poll->func && poll->list.pprev != LIST_POISON2)
		cyclic_unregister(poll);
	memset(poll, 0, sizeof(*poll));
	face->mmc.has_init = 0;
	return 0;
}

U_BOOT_DRIVER(sandbox_emmc_rpmb) = {
	.name	= "sandbox_emmc_rpmb",
	.id	= UCLASS_MMC,
	.ops	= &emmc_face_ops,
	.bind	= emmc_face_drv_bind,
	.unbind	= emmc_face_drv_unbind,
	.probe	= emmc_face_probe,
	.remove	= emmc_face_remove,
};

static void free_face(struct emmc_face *face)
{
	emmc_card_free(&face->card);
	free(face->mmc.ext_csd);
	free(face);
}

int emmc_face_bind(struct udevice *parent, const struct emmc_face_cfg *cfg,
		   struct udevice **devp)
{
	struct emmc_face *face = calloc(1, sizeof(*face));
	int ret;

	if (!face)
		return -ENOMEM;
	ret = emmc_card_init(&face->card, cfg);
	if (ret) {
		free(face);
		return ret;
	}
	ret = device_bind(parent, DM_DRIVER_GET(sandbox_emmc_rpmb),
			  "sandbox_emmc_rpmb", face, ofnode_null(), devp);
	if (ret)
		free_face(face);
	return ret;
}

int emmc_face_unbind(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);
	int ret;

	ret = device_remove(dev, DM_REMOVE_NORMAL);
	if (!ret)
		ret = device_unbind(dev);
	if (!ret)
		free_face(face);
	return ret;
}

void emmc_face_set_busy(struct udevice *dev, const struct emmc_face_busy *busy)
{
	struct emmc_face *face = dev_get_plat(dev);

	face->busy = *busy;
}

struct rpmb_model *emmc_face_model(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	return &face->card.model;
}

struct emmc_face_log *emmc_face_log(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	return &face->log;
}

u32 emmc_face_log_count(struct udevice *dev, u8 idx)
{
	struct emmc_face_log *log = emmc_face_log(dev);
	u32 i, n = 0;

	for (i = 0; i < log->count && i < EMMC_FACE_LOG_MAX; i++)
		n += log->cmd[i].idx == idx;
	return n;
}

u8 emmc_face_partition(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	return emmc_card_partition(&face->card);
}

void emmc_face_fail(struct udevice *dev, const struct emmc_face_fault *fault)
{
	struct emmc_face *face = dev_get_plat(dev);

	face->fault = *fault;
}

void emmc_face_fail_switch(struct udevice *dev, u32 skip, u32 times)
{
	struct emmc_face *face = dev_get_plat(dev);

	face->card.sw_skip = skip;
	face->card.sw_times = times;
}

void emmc_face_rescan(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	face->mmc.has_init = 0;
}

void emmc_face_power_cycle(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	emmc_card_reset(&face->card);
	rpmb_model_power_up(&face->card.model);
	emmc_face_rescan(dev);
}

void emmc_face_swap_card(struct udevice *dev)
{
	struct emmc_face *face = dev_get_plat(dev);

	emmc_card_blank(&face->card);
}
