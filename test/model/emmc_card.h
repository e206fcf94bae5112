/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eMMC front end of the RPMB model: the card
 *
 * It knows of commands and registers, not of driver model; emmc_front.h is what
 * tests want.
 */

#ifndef _EMMC_CARD_H
#define _EMMC_CARD_H

#include "emmc_front.h"

struct mmc_cmd;
struct mmc_data;

#define EMMC_CARD_SECTOR	512
#define EMMC_CARD_MEDIA		3	/* user area, boot0, boot1 */

/**
 * struct emmc_card - the card
 *
 * @cfg:	what it is
 * @model:	RPMB
 * @ext_csd:	EXT_CSD
 * @media:	user area and the two boot partitions
 * @ready:	initialised: answers data commands
 * @app:	CMD55 came: the next one is an SD application command
 * @cmd23:	argument of CMD23, if it was the command before, else 0
 * @switch_error: refused to switch; the next status says so
 * @sw_skip:	partition switches to let pass
 * @sw_times:	partition switches to refuse
 */
struct emmc_card {
	struct emmc_front_cfg cfg;
	struct rpmb_model model;
	u8 ext_csd[EMMC_CARD_SECTOR];
	u8 *media[EMMC_CARD_MEDIA];
	bool ready;
	bool app;
	u32 cmd23;
	bool switch_error;
	u32 sw_skip;
	u32 sw_times;
};

/**
 * emmc_card_init() - make a card
 *
 * Each sector of its media starts with its number (modulo 256); the rest of it
 * is 'a' in the user area, 'b' in boot0, 'c' in boot1.
 *
 * @card:	zeroed
 * @cfg:	what it is, copied
 * Return: 0 or -ENOMEM
 */
int emmc_card_init(struct emmc_card *card, const struct emmc_front_cfg *cfg);

/** emmc_card_free() - free what emmc_card_init() has allocated */
void emmc_card_free(struct emmc_card *card);

/**
 * emmc_card_command() - execute a command
 *
 * @card:	card
 * @cmd:	command; its response is filled in
 * @data:	data, or NULL
 * Return: 0; -ETIMEDOUT no answer; -EIO wrong block count or address; or what
 *	the configuration wants when the model's link fails
 */
int emmc_card_command(struct emmc_card *card, struct mmc_cmd *cmd,
		      struct mmc_data *data);

/** emmc_card_partition() - hardware partition that is selected */
u8 emmc_card_partition(const struct emmc_card *card);

/** emmc_card_reset() - CMD0 or power-up: all but what is stored is gone */
void emmc_card_reset(struct emmc_card *card);

/** emmc_card_blank() - become another card: next serial number, no key */
void emmc_card_blank(struct emmc_card *card);

#endif /* _EMMC_CARD_H */
