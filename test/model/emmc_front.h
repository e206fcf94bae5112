/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eMMC front end of the RPMB model: a sandbox MMC host with a card in it
 *
 * U-Boot's own MMC core initialises the card and switches its partitions, so
 * that the real eMMC RPMB driver can be tested where emulated devices stop.
 * Has no device tree node: one more MMC there would change what other tests
 * count. Tests bind it at run time.
 */

#ifndef _EMMC_FRONT_H
#define _EMMC_FRONT_H

#include <linux/types.h>
#include "rpmb_model.h"

struct udevice;

/** enum emmc_front_kind - what is in the slot */
enum emmc_front_kind {
	EMMC_FRONT_EMMC,
	EMMC_FRONT_OLD_MMC,	/* MMC 3: no EXT_CSD, no partitions */
	EMMC_FRONT_SD,
	EMMC_FRONT_EMPTY,
};

/**
 * struct emmc_front_cfg - the card and its host
 *
 * @kind:	what is in the slot
 * @rev:	EXT_CSD_REV [192]: 5 for eMMC 4.41, 8 for 5.1
 * @rpmb_mult:	RPMB_SIZE_MULT [168], in units of 128 KiB; 0: no RPMB
 * @rel_sectors: REL_WR_SEC_C [222]
 * @wr_rel_param: WR_REL_PARAM [166]; bit 4 is EN_RPMB_REL_WR
 * @boot_mult:	BOOT_SIZE_MULT [226], in units of 128 KiB
 * @keeps_part:	CMD0 leaves the partition selected, as it must not
 * @cid:	CID as U-Boot keeps it, the most significant word first
 * @b_max:	most blocks per transfer of the host; 0 for 65535
 * @link_error:	what a transfer returns when the model's link fails; 0 for
 *		-ETIMEDOUT
 */
struct emmc_front_cfg {
	enum emmc_front_kind kind;
	u8 rev;
	u8 rpmb_mult;
	u8 rel_sectors;
	u8 wr_rel_param;
	u8 boot_mult;
	bool keeps_part;
	u32 cid[4];
	u32 b_max;
	int link_error;
};

/**
 * define EMMC_FRONT_CFG_5_1 - an eMMC 5.1 that takes 1, 2 or 32 blocks a write
 */
#define EMMC_FRONT_CFG_5_1 { \
	.kind = EMMC_FRONT_EMMC, .rev = 8, .rpmb_mult = 4, .rel_sectors = 1, \
	.wr_rel_param = 0x14, .boot_mult = 1, \
	.cid = { 0x13014e52, 0x504d4221, 0x10a1b2c3, 0xd4550100 }, \
}

/** define EMMC_FRONT_LOG_MAX - commands that the log has room for */
#define EMMC_FRONT_LOG_MAX	8192

/**
 * struct emmc_front_cmd - one command on the bus
 *
 * @idx:	command index
 * @part:	hardware partition selected in the card when it came
 * @arg:	its argument
 * @blocks:	blocks of data with it
 * @ret:	what the host returned
 */
struct emmc_front_cmd {
	u8 idx;
	u8 part;
	u32 arg;
	u32 blocks;
	int ret;
};

/**
 * struct emmc_front_log - the commands since binding, or since cleared
 *
 * @count:	commands; those beyond EMMC_FRONT_LOG_MAX are counted only
 * @cmd:	commands in order
 */
struct emmc_front_log {
	u32 count;
	struct emmc_front_cmd cmd[EMMC_FRONT_LOG_MAX];
};

/** define EMMC_FRONT_ANY_CMD - a fault that strikes at every command */
#define EMMC_FRONT_ANY_CMD	0xff

/**
 * struct emmc_front_fault - a command that fails on the bus
 *
 * @cmd:	command index, or EMMC_FRONT_ANY_CMD
 * @part:	strikes while this partition is selected; -1 for any
 * @skip:	how many to let pass first
 * @times:	how often it strikes; 0 disarms
 * @err:	what the host returns, such as -ETIMEDOUT or -EILSEQ
 * @executed:	the card did act, only its answer is lost
 */
struct emmc_front_fault {
	u8 cmd;
	int part;
	u32 skip;
	u32 times;
	int err;
	bool executed;
};

/**
 * emmc_front_bind() - add an MMC host with a card to the running sandbox
 *
 * @parent:	parent device, such as dm_root()
 * @cfg:	card and host, copied
 * @devp:	MMC device, bound
 * Return: 0; -ENOMEM; or another -errno of driver model
 */
int emmc_front_bind(struct udevice *parent, const struct emmc_front_cfg *cfg,
		    struct udevice **devp);

/**
 * emmc_front_unbind() - take it away again, with all that hangs on it
 *
 * @dev:	MMC device
 * Return: 0, or -errno of driver model
 */
int emmc_front_unbind(struct udevice *dev);

/** emmc_front_model() - the card's RPMB, to preset, to look at, to arm */
struct rpmb_model *emmc_front_model(struct udevice *dev);

/** emmc_front_log() - the commands on the bus */
struct emmc_front_log *emmc_front_log(struct udevice *dev);

/** emmc_front_log_count() - how many times a command is in the log */
u32 emmc_front_log_count(struct udevice *dev, u8 idx);

/** emmc_front_partition() - hardware partition that is selected in the card */
u8 emmc_front_partition(struct udevice *dev);

/** emmc_front_fail() - arm a fault of the bus */
void emmc_front_fail(struct udevice *dev, const struct emmc_front_fault *fault);

/**
 * emmc_front_fail_switch() - the card refuses to switch the partition
 *
 * It says so in its status (SWITCH_ERROR) and stays where it is. The MMC core
 * tries four times.
 *
 * @dev:	MMC device
 * @skip:	how many partition switches to let pass first
 * @times:	how many to refuse
 */
void emmc_front_fail_switch(struct udevice *dev, u32 skip, u32 times);

/**
 * struct emmc_front_busy - how long the card is busy after a reliable write
 *
 * A busy card answers SEND_STATUS only, and says "programming". What is not
 * called for, such as a stop, shows in its next status. CMD0 ends it.
 *
 * @ms:		how long; a poll of its status takes one
 * @host_ms:	the host waits for the end of a write, for this long; then the
 *		write fails, although the card has it. 0: it does not wait
 * @dat0:	the host can see DAT0
 */
struct emmc_front_busy {
	u32 ms;
	u32 host_ms;
	bool dat0;
};

/** emmc_front_set_busy() - from now on, until it is set to something else */
void emmc_front_set_busy(struct udevice *dev, const struct emmc_front_busy *busy);

/**
 * emmc_front_power_cycle() - the card loses power; the host knows of it
 *
 * State and data stay. The next mmc_init() starts from the beginning.
 *
 * @dev:	MMC device
 */
void emmc_front_power_cycle(struct udevice *dev);

/**
 * emmc_front_swap_card() - another card is put in; the host does not notice
 *
 * A blank one with the next serial number. It does not answer until the host
 * initialises it: emmc_front_rescan(), or 'mmc rescan'.
 *
 * @dev:	MMC device
 */
void emmc_front_swap_card(struct udevice *dev);

/**
 * emmc_front_rescan() - make the next mmc_init() start from the beginning
 *
 * @dev:	MMC device
 */
void emmc_front_rescan(struct udevice *dev);

#endif /* _EMMC_FRONT_H */
