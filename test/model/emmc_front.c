// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * eMMC front end of the RPMB model: a sandbox MMC host with a card in it
 */

#include <cyclic.h>
#include <dm.h>
#include <malloc.h>
#include <mmc.h>
#include <dm/device-internal.h>
#include <linux/list.h>
#include "emmc_card.h"

/**
 * struct emmc_front - host and card
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
struct emmc_front {
	struct mmc_config mmc_cfg;
	struct mmc mmc;
	struct emmc_card card;
	struct emmc_front_fault fault;
	struct emmc_front_busy busy;
	u32 left;
	bool illegal;
	struct emmc_front_log log;
};

static bool fault_strikes(struct emmc_front *front, u8 idx)
{
	struct emmc_front_fault *fault = &front->fault;

	if (!fault->times ||
	    (fault->cmd != EMMC_FRONT_ANY_CMD && fault->cmd != idx) ||
	    (fault->part >= 0 && fault->part != emmc_card_partition(&front->card)))
		return false;
	if (fault->skip) {
		fault->skip--;
		return false;
	}
	fault->times--;
	return true;
}

static void note(struct emmc_front *front, const struct mmc_cmd *cmd,
		 const struct mmc_data *data, u8 part, int ret)
{
	struct emmc_front_cmd *entry;

	if (front->log.count++ >= EMMC_FRONT_LOG_MAX)
		return;
	entry = &front->log.cmd[front->log.count - 1];
	entry->idx = cmd->cmdidx;
	entry->part = part;
	entry->arg = cmd->cmdarg;
	entry->blocks = data ? data->blocks : 0;
	entry->ret = ret;
}

#define STATUS_ILLEGAL	BIT(22)

/* What a card answers while it is programming */
static int busy_command(struct emmc_front *front, struct mmc_cmd *cmd)
{
	if (cmd->cmdidx == MMC_CMD_SEND_STATUS) {
		front->left--;
		cmd->response[0] = MMC_STATE_PRG;
		if (front->illegal)
			cmd->response[0] |= STATUS_ILLEGAL;
		front->illegal = false;
		return 0;
	}
	front->illegal = true;
	return -ETIMEDOUT;
}

/* A reliable write was taken: busy from now on, if the host does not wait */
static int become_busy(struct emmc_front *front)
{
	front->left = front->busy.ms;
	if (!front->busy.host_ms)
		return 0;
	if (front->busy.host_ms >= front->left) {
		front->left = 0;
		return 0;
	}
	front->left -= front->busy.host_ms;
	return -ECOMM;
}

static int card_command(struct emmc_front *front, struct mmc_cmd *cmd,
			struct mmc_data *data)
{
	bool reliable = front->card.cmd23 & BIT(31);
	int ret;

	if (cmd->cmdidx == MMC_CMD_GO_IDLE_STATE)
		front->left = 0;
	if (front->left)
		return busy_command(front, cmd);
	ret = emmc_card_command(&front->card, cmd, data);
	if (!ret && reliable && cmd->cmdidx == MMC_CMD_WRITE_MULTIPLE_BLOCK)
		ret = become_busy(front);
	return ret;
}

/* DAT0 is low while the card is busy */
static int emmc_front_wait_dat0(struct udevice *dev, int state, int timeout_us)
{
	struct emmc_front *front = dev_get_plat(dev);
	u32 ms = timeout_us / 1000;

	if (!front->busy.dat0)
		return -ENOSYS;
	if (front->left > ms) {
		front->left -= ms;
		return -ETIMEDOUT;
	}
	front->left = 0;
	return 0;
}

static int emmc_front_send_cmd(struct udevice *dev, struct mmc_cmd *cmd,
			       struct mmc_data *data)
{
	struct emmc_front *front = dev_get_plat(dev);
	u8 part = emmc_card_partition(&front->card);
	bool fail = fault_strikes(front, cmd->cmdidx);
	int ret = 0;

	if (!fail || front->fault.executed)
		ret = card_command(front, cmd, data);
	if (fail)
		ret = front->fault.err;
	note(front, cmd, data, part, ret);
	return ret;
}

static int emmc_front_set_ios(struct udevice *dev)
{
	return 0;
}

static int emmc_front_get_cd(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	return front->card.cfg.kind != EMMC_FRONT_EMPTY;
}

static const struct dm_mmc_ops emmc_front_ops = {
	.send_cmd	= emmc_front_send_cmd,
	.set_ios	= emmc_front_set_ios,
	.wait_dat0	= emmc_front_wait_dat0,
	.get_cd		= emmc_front_get_cd,
};

static int emmc_front_drv_bind(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);
	struct mmc_config *cfg = &front->mmc_cfg;

	cfg->name = dev->name;
	cfg->host_caps = MMC_CAP(MMC_HS_52) | MMC_MODE_HS | MMC_MODE_8BIT;
	cfg->voltages = MMC_VDD_165_195 | MMC_VDD_32_33 | MMC_VDD_33_34;
	cfg->f_min = 400000;
	cfg->f_max = 52000000;
	cfg->b_max = front->card.cfg.b_max;
	if (!cfg->b_max)
		cfg->b_max = 0xffff;

	return mmc_bind(dev, &front->mmc, cfg);
}

static int emmc_front_drv_unbind(struct udevice *dev)
{
	return mmc_unbind(dev);
}

static int emmc_front_probe(struct udevice *dev)
{
	struct mmc_uclass_priv *upriv = dev_get_uclass_priv(dev);
	struct emmc_front *front = dev_get_plat(dev);

	upriv->mmc = &front->mmc;
	return 0;
}

/*
 * The MMC core starts a card-detect poll at mmc_init() and ends it only when
 * the block device is removed, which may never have been probed.
 */
static int emmc_front_remove(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);
	struct cyclic_info *poll = &front->mmc.cyclic;

	if (poll->func && poll->list.pprev != LIST_POISON2)
		cyclic_unregister(poll);
	memset(poll, 0, sizeof(*poll));
	front->mmc.has_init = 0;
	return 0;
}

U_BOOT_DRIVER(sandbox_emmc_rpmb) = {
	.name	= "sandbox_emmc_rpmb",
	.id	= UCLASS_MMC,
	.ops	= &emmc_front_ops,
	.bind	= emmc_front_drv_bind,
	.unbind	= emmc_front_drv_unbind,
	.probe	= emmc_front_probe,
	.remove	= emmc_front_remove,
};

static void free_front(struct emmc_front *front)
{
	emmc_card_free(&front->card);
	free(front->mmc.ext_csd);
	free(front);
}

int emmc_front_bind(struct udevice *parent, const struct emmc_front_cfg *cfg,
		    struct udevice **devp)
{
	struct emmc_front *front = calloc(1, sizeof(*front));
	int ret;

	if (!front)
		return -ENOMEM;
	ret = emmc_card_init(&front->card, cfg);
	if (ret) {
		free(front);
		return ret;
	}
	ret = device_bind(parent, DM_DRIVER_GET(sandbox_emmc_rpmb),
			  "sandbox_emmc_rpmb", front, ofnode_null(), devp);
	if (ret)
		free_front(front);
	return ret;
}

int emmc_front_unbind(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);
	int ret;

	ret = device_remove(dev, DM_REMOVE_NORMAL);
	if (!ret)
		ret = device_unbind(dev);
	if (!ret)
		free_front(front);
	return ret;
}

void emmc_front_set_busy(struct udevice *dev, const struct emmc_front_busy *busy)
{
	struct emmc_front *front = dev_get_plat(dev);

	front->busy = *busy;
}

struct rpmb_model *emmc_front_model(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	return &front->card.model;
}

struct emmc_front_log *emmc_front_log(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	return &front->log;
}

u32 emmc_front_log_count(struct udevice *dev, u8 idx)
{
	struct emmc_front_log *log = emmc_front_log(dev);
	u32 i, n = 0;

	for (i = 0; i < log->count && i < EMMC_FRONT_LOG_MAX; i++)
		n += log->cmd[i].idx == idx;
	return n;
}

u8 emmc_front_partition(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	return emmc_card_partition(&front->card);
}

void emmc_front_fail(struct udevice *dev, const struct emmc_front_fault *fault)
{
	struct emmc_front *front = dev_get_plat(dev);

	front->fault = *fault;
}

void emmc_front_fail_switch(struct udevice *dev, u32 skip, u32 times)
{
	struct emmc_front *front = dev_get_plat(dev);

	front->card.sw_skip = skip;
	front->card.sw_times = times;
}

void emmc_front_rescan(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	front->mmc.has_init = 0;
}

void emmc_front_power_cycle(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	emmc_card_reset(&front->card);
	rpmb_model_power_up(&front->card.model);
	emmc_front_rescan(dev);
}

void emmc_front_swap_card(struct udevice *dev)
{
	struct emmc_front *front = dev_get_plat(dev);

	emmc_card_blank(&front->card);
}
