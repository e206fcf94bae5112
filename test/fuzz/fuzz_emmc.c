// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: commands to the eMMC of sandbox
 */

#include <malloc.h>
#include <mmc.h>
#include "../model/emmc_card.h"
#include "fuzz_input.h"

#define MOST_COMMANDS	24
#define MOST_BLOCKS	4

static struct emmc_card card;
static bool is_on;

/* A card is made once: its memory is large. What it has stored it keeps */
static void begin(struct fuzz_input *in)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;

	if (!is_on)
		fuzz_must(!emmc_card_init(&card, &cfg));
	is_on = true;
	card.cfg.kind = fuzz_pick(in, EMMC_FRONT_EMPTY + 1);
	card.cmd23 = 0;
	card.app = false;
	emmc_card_reset(&card);
	rpmb_model_power_up(&card.model);
}

static u8 pick_command(struct fuzz_input *in)
{
	static const u8 commands[] = {
		MMC_CMD_GO_IDLE_STATE, MMC_CMD_SEND_OP_COND,
		MMC_CMD_ALL_SEND_CID, MMC_CMD_SELECT_CARD, MMC_CMD_SEND_CSD,
		MMC_CMD_SEND_EXT_CSD, MMC_CMD_SWITCH, MMC_CMD_SEND_STATUS,
		MMC_CMD_SET_BLOCK_COUNT, MMC_CMD_READ_SINGLE_BLOCK,
		MMC_CMD_READ_MULTIPLE_BLOCK, MMC_CMD_WRITE_MULTIPLE_BLOCK,
		MMC_CMD_APP_CMD, SD_CMD_APP_SEND_OP_COND, SD_CMD_APP_SEND_SCR,
		SD_CMD_SEND_IF_COND,
	};
	u8 n = fuzz_u8(in);

	return n & 0x80 ? n & 0x3f : commands[n % sizeof(commands)];
}

static u32 pick_argument(struct fuzz_input *in, u8 idx)
{
	u8 how = fuzz_u8(in);

	if (how & 1)
		return fuzz_u32(in);
	if (idx == MMC_CMD_SWITCH)
		return MMC_SWITCH_MODE_WRITE_BYTE << 24 |
		       EXT_CSD_PART_CONF << 16 | (how >> 1 & 7) << 8;
	if (idx == MMC_CMD_SET_BLOCK_COUNT)
		return (how & 2 ? BIT(31) : 0) | how >> 4;
	return how >> 4;
}

/* SCR has 8 bytes, EXT_CSD and all else that has data has whole sectors */
static struct mmc_data *make_data(struct fuzz_input *in, u8 idx,
				  struct mmc_data *data)
{
	u8 how = fuzz_u8(in);
	bool small = idx == SD_CMD_APP_SEND_SCR &&
		     card.cfg.kind == EMMC_FRONT_SD;
	u32 len;

	if (how & 1)
		return NULL;
	data->flags = how & 2 && !small ? MMC_DATA_WRITE : MMC_DATA_READ;
	data->blocks = small ? 1 : 1 + (how >> 2) % MOST_BLOCKS;
	data->blocksize = small ? 8 : EMMC_CARD_SECTOR;
	len = data->blocks * data->blocksize;
	data->dest = malloc(len);
	memset(data->dest, 0, len);
	if (data->flags == MMC_DATA_WRITE) {
		data->dest[511] = fuzz_u8(in) & 7;
		fuzz_bytes(in, data->dest + 228, fuzz_pick(in, 16));
	}
	return data;
}

/* The core reads where it says so, and a card goes by the number of a command */
static bool agrees(u8 idx, const struct mmc_data *data)
{
	bool writes = idx == MMC_CMD_WRITE_SINGLE_BLOCK ||
		      idx == MMC_CMD_WRITE_MULTIPLE_BLOCK;

	return !data || writes == (data->flags == MMC_DATA_WRITE);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
	struct fuzz_input in = { bytes, size };
	struct mmc_data data, *with;
	struct mmc_cmd cmd;
	u32 n;

	begin(&in);
	for (n = 0; in.left && n < MOST_COMMANDS; n++) {
		memset(&cmd, 0, sizeof(cmd));
		cmd.cmdidx = pick_command(&in);
		cmd.cmdarg = pick_argument(&in, cmd.cmdidx);
		with = make_data(&in, cmd.cmdidx, &data);
		if (agrees(cmd.cmdidx, with))
			emmc_card_command(&card, &cmd, with);
		fuzz_must(emmc_card_partition(&card) <= EMMC_CARD_MEDIA);
		if (with)
			free(data.dest);
	}
	return 0;
}
