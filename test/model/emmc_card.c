// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * eMMC front end of the RPMB model: the card
 *
 * The card follows JESD84-B51 as far as the MMC core and the RPMB driver go.
 * What the RPMB partition does not take (section 6.6.22.1) it does not answer.
 */

#include <malloc.h>
#include <mmc.h>
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/sizes.h>
#include "emmc_card.h"

#define SECTOR			EMMC_CARD_SECTOR
#define USER_SIZE		SZ_1M
#define UNIT			SZ_128K
#define PART_USER		0
#define PART_RPMB		EMMC_CARD_MEDIA
#define REL_WR_SEC_C		222	/* in EXT_CSD */
#define CMD23_COUNT		0xffff
#define CMD23_RELIABLE		BIT(31)
#define PART_ACCESS		7	/* PARTITION_CONFIG bits 2..0 */
#define STATUS_TRAN		(4 << 9)

u8 emmc_card_partition(const struct emmc_card *card)
{
	return card->ext_csd[EXT_CSD_PART_CONF] & PART_ACCESS;
}

static u32 media_size(struct emmc_card *card, u8 part)
{
	return part == PART_USER ? USER_SIZE : card->cfg.boot_mult * UNIT;
}

void emmc_card_reset(struct emmc_card *card)
{
	card->ready = false;
	card->switch_error = false;
	if (!card->cfg.keeps_part)
		card->ext_csd[EXT_CSD_PART_CONF] &= ~PART_ACCESS;
	card->ext_csd[EXT_CSD_HS_TIMING] = 0;
	card->ext_csd[EXT_CSD_BUS_WIDTH] = 0;
}

static int send_op_cond(struct emmc_card *card, struct mmc_cmd *cmd)
{
	bool sectors = card->cfg.kind != EMMC_FRONT_OLD_MMC;

	if (card->cfg.kind == EMMC_FRONT_SD)
		return -ETIMEDOUT;
	cmd->response[0] = OCR_BUSY | 0xff8000 | (sectors ? OCR_HCS : 0);
	return 0;
}

/*
 * SPEC_VERS and TRAN_SPEED; 512-byte blocks; 1 MiB, the old way as
 * (C_SIZE + 1) << (C_SIZE_MULT + 2) blocks, the new one in units of 512 KiB
 */
static void send_csd(struct emmc_card *card, struct mmc_cmd *cmd)
{
	bool old = card->cfg.kind == EMMC_FRONT_OLD_MMC;

	cmd->response[0] = (old ? 3 : 4) << 26 | 0x32;
	cmd->response[1] = 9 << 16;
	cmd->response[2] = old ? 3U << 30 | 7 << 15 :
				 (USER_SIZE / SZ_512K - 1) << 16;
	cmd->response[3] = 9 << 22;
}

static int send_ext_csd(struct emmc_card *card, struct mmc_data *data)
{
	/* without data it is SD's SEND_IF_COND, which no MMC answers */
	if (!data || card->cfg.kind != EMMC_FRONT_EMMC)
		return -ETIMEDOUT;
	memcpy(data->dest, card->ext_csd, SECTOR);
	return 0;
}

static bool refuse_switch(struct emmc_card *card)
{
	if (card->sw_skip) {
		card->sw_skip--;
		return false;
	}
	if (!card->sw_times)
		return false;
	card->sw_times--;
	return true;
}

static bool part_exists(struct emmc_card *card, u8 part)
{
	if (part == PART_RPMB)
		return card->cfg.rpmb_mult;
	return part == PART_USER || (part < PART_RPMB && card->cfg.boot_mult);
}

/* CMD6: write a byte of EXT_CSD */
static int do_switch(struct emmc_card *card, u32 arg)
{
	u8 index = arg >> 16, value = arg >> 8;

	if (arg >> 24 != MMC_SWITCH_MODE_WRITE_BYTE)
		card->switch_error = true;
	else if (index == EXT_CSD_PART_CONF &&
		 (refuse_switch(card) ||
		  !part_exists(card, value & PART_ACCESS)))
		card->switch_error = true;
	else
		card->ext_csd[index] = value;
	return 0;
}

static void send_status(struct emmc_card *card, struct mmc_cmd *cmd)
{
	cmd->response[0] = MMC_STATUS_RDY_FOR_DATA | STATUS_TRAN;
	if (card->switch_error)
		cmd->response[0] |= MMC_STATUS_SWITCH_ERROR;
	card->switch_error = false;
}

static int link_error(struct emmc_card *card)
{
	return card->cfg.link_error ? card->cfg.link_error : -ETIMEDOUT;
}

/* The count of CMD23 is binding in the RPMB partition */
static int rpmb_transfer(struct emmc_card *card, struct mmc_cmd *cmd,
			 struct mmc_data *data, u32 cmd23)
{
	int ret;

	if ((cmd23 & CMD23_COUNT) != data->blocks ||
	    data->blocksize != RPMB_MODEL_FRAME || cmd->cmdarg)
		return -EIO;
	if (cmd->cmdidx == MMC_CMD_WRITE_MULTIPLE_BLOCK)
		ret = rpmb_model_put(&card->model, (const u8 *)data->src,
				     data->blocks, cmd23 & CMD23_RELIABLE);
	else
		ret = rpmb_model_get(&card->model, (u8 *)data->dest,
				     data->blocks);
	return ret ? link_error(card) : 0;
}

static int media_transfer(struct emmc_card *card, struct mmc_cmd *cmd,
			  struct mmc_data *data)
{
	bool bytes = card->cfg.kind == EMMC_FRONT_OLD_MMC;
	u32 sector = bytes ? cmd->cmdarg / SECTOR : cmd->cmdarg;
	u32 size = media_size(card, emmc_card_partition(card));
	u32 len = data->blocks * SECTOR;
	u8 *at = card->media[emmc_card_partition(card)];

	if (data->blocksize != SECTOR || sector >= size / SECTOR ||
	    len > size - sector * SECTOR)
		return -EIO;
	at += sector * SECTOR;
	if (data->flags & MMC_DATA_WRITE)
		memcpy(at, data->src, len);
	else
		memcpy(data->dest, at, len);
	return 0;
}

static int transfer(struct emmc_card *card, struct mmc_cmd *cmd,
		    struct mmc_data *data, u32 cmd23)
{
	bool multi = cmd->cmdidx == MMC_CMD_READ_MULTIPLE_BLOCK ||
		     cmd->cmdidx == MMC_CMD_WRITE_MULTIPLE_BLOCK;

	if (!card->ready || !data)
		return -ETIMEDOUT;
	if (emmc_card_partition(card) != PART_RPMB)
		return media_transfer(card, cmd, data);
	return multi ? rpmb_transfer(card, cmd, data, cmd23) : -ETIMEDOUT;
}

/* Commands of a card that is selected (JESD84-B51 section 6.6) */
static int mmc_command(struct emmc_card *card, struct mmc_cmd *cmd,
		       struct mmc_data *data, u32 cmd23)
{
	if (!card->ready)
		return -ETIMEDOUT;

	switch (cmd->cmdidx) {
	case MMC_CMD_SEND_EXT_CSD:
		return send_ext_csd(card, data);
	case MMC_CMD_SWITCH:
		return do_switch(card, cmd->cmdarg);
	case MMC_CMD_SEND_STATUS:
		send_status(card, cmd);
		return 0;
	case MMC_CMD_SET_BLOCK_COUNT:
		card->cmd23 = cmd->cmdarg;
		return 0;
	case MMC_CMD_SET_BLOCKLEN:
	case MMC_CMD_STOP_TRANSMISSION:
		return 0;
	case MMC_CMD_READ_SINGLE_BLOCK:
	case MMC_CMD_READ_MULTIPLE_BLOCK:
	case MMC_CMD_WRITE_SINGLE_BLOCK:
	case MMC_CMD_WRITE_MULTIPLE_BLOCK:
		return transfer(card, cmd, data, cmd23);
	default:
		return -ETIMEDOUT;
	}
}

/* Commands that lead to being selected (section 6.4) */
static int identify(struct emmc_card *card, struct mmc_cmd *cmd,
		    struct mmc_data *data, u32 cmd23)
{
	switch (cmd->cmdidx) {
	case MMC_CMD_GO_IDLE_STATE:
		emmc_card_reset(card);
		return 0;
	case MMC_CMD_SEND_OP_COND:
		return send_op_cond(card, cmd);
	case MMC_CMD_ALL_SEND_CID:
		memcpy(cmd->response, card->cfg.cid, sizeof(card->cfg.cid));
		return 0;
	case MMC_CMD_SET_RELATIVE_ADDR:
		return 0;
	case MMC_CMD_SEND_CSD:
		send_csd(card, cmd);
		return 0;
	case MMC_CMD_SELECT_CARD:
		card->ready = true;
		return 0;
	default:
		return mmc_command(card, cmd, data, cmd23);
	}
}

/* As little of an SD card as the MMC core needs to see that it is one */
static int sd_command(struct emmc_card *card, struct mmc_cmd *cmd,
		      struct mmc_data *data)
{
	bool app = card->app;

	card->app = cmd->cmdidx == MMC_CMD_APP_CMD;
	if (data && data->flags == MMC_DATA_READ)
		memset(data->dest, 0, data->blocks * data->blocksize);
	if (cmd->cmdidx == SD_CMD_SEND_IF_COND)
		cmd->response[0] = 0xaa;
	else if (app && cmd->cmdidx == SD_CMD_APP_SEND_OP_COND)
		cmd->response[0] = OCR_BUSY | OCR_HCS;
	else if (app && data && cmd->cmdidx == SD_CMD_APP_SEND_SCR)
		((__be32 *)data->dest)[0] = cpu_to_be32(2 << 24 | 1 << 15);
	else if (cmd->cmdidx == MMC_CMD_SEND_CSD)
		send_csd(card, cmd);
	else
		cmd->response[0] = MMC_STATUS_RDY_FOR_DATA;
	return 0;
}

int emmc_card_command(struct emmc_card *card, struct mmc_cmd *cmd,
		      struct mmc_data *data)
{
	/* CMD23 counts for the very next command only */
	u32 cmd23 = card->cmd23;

	card->cmd23 = 0;
	switch (card->cfg.kind) {
	case EMMC_FRONT_EMPTY:
		return -ETIMEDOUT;
	case EMMC_FRONT_SD:
		return sd_command(card, cmd, data);
	default:
		return identify(card, cmd, data, cmd23);
	}
}

static void init_ext_csd(struct emmc_card *card)
{
	const struct emmc_front_cfg *cfg = &card->cfg;
	u8 *e = card->ext_csd;

	e[EXT_CSD_REV] = cfg->rev;
	e[EXT_CSD_RPMB_MULT] = cfg->rpmb_mult;
	e[REL_WR_SEC_C] = cfg->rel_sectors;
	e[EXT_CSD_WR_REL_PARAM] = cfg->wr_rel_param;
	e[EXT_CSD_BOOT_MULT] = cfg->boot_mult;
	e[EXT_CSD_PARTITIONING_SUPPORT] = PART_SUPPORT;
	e[EXT_CSD_CARD_TYPE] = EXT_CSD_CARD_TYPE_26 | EXT_CSD_CARD_TYPE_52;
	e[EXT_CSD_HC_WP_GRP_SIZE] = 1;
	e[EXT_CSD_HC_ERASE_GRP_SIZE] = 1;
	e[EXT_CSD_PART_SWITCH_TIME] = 1;
	e[EXT_CSD_GENERIC_CMD6_TIME] = 1;
	e[EXT_CSD_SEC_CNT + 1] = USER_SIZE / SECTOR >> 8;
}

static void init_model(struct emmc_card *card)
{
	const struct emmc_front_cfg *cfg = &card->cfg;
	struct rpmb_model *model = &card->model;

	model->flavour = RPMB_MODEL_EMMC;
	model->blocks = cfg->rpmb_mult * (UNIT / RPMB_MODEL_BLOCK);
	model->max_wr = cfg->rel_sectors;
	if (cfg->rev >= 8) {
		model->quirks = RPMB_MODEL_Q_WRITE_1_2_32;
		model->max_wr = cfg->wr_rel_param & BIT(4) ? 32 : 2;
	}
	rpmb_model_power_up(model);
}

/* Each sector of the media says where it is from */
static int init_media(struct emmc_card *card)
{
	u32 part, i, size;

	for (part = PART_USER; part < PART_RPMB; part++) {
		size = media_size(card, part);
		card->media[part] = calloc(1, size ? size : 1);
		if (!card->media[part])
			return -ENOMEM;
		for (i = 0; i < size; i += SECTOR) {
			memset(card->media[part] + i, 'a' + part, SECTOR);
			card->media[part][i] = i / SECTOR;
		}
	}
	card->model.store.data = calloc(1, card->cfg.rpmb_mult * UNIT + 1);
	return card->model.store.data ? 0 : -ENOMEM;
}

void emmc_card_free(struct emmc_card *card)
{
	int part;

	for (part = PART_USER; part < PART_RPMB; part++)
		free(card->media[part]);
	free(card->model.store.data);
}

int emmc_card_init(struct emmc_card *card, const struct emmc_front_cfg *cfg)
{
	int ret;

	card->cfg = *cfg;
	init_ext_csd(card);
	init_model(card);
	ret = init_media(card);
	if (ret)
		emmc_card_free(card);
	return ret;
}

void emmc_card_blank(struct emmc_card *card)
{
	struct rpmb_model *model = &card->model;

	/* PSN, the serial number, is bits 47 to 16 of the CID */
	card->cfg.cid[3] += 1 << 16;
	memset(&model->state, 0, sizeof(model->state));
	memset(model->store.data, 0, card->cfg.rpmb_mult * UNIT);
	emmc_card_reset(card);
	rpmb_model_power_up(model);
}
