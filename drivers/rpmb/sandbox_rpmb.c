// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sandbox RPMB: a device with two targets, and the board hooks. The device itself
 * is a model, see asm/rpmb.h
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-board.h>
#include <rpmb-key.h>
#include <dm/device-internal.h>
#include <linux/kernel.h>
#include <asm/rpmb.h>
#include "rpmb-internal.h"

#define SANDBOX_TARGETS		2
#define SANDBOX_MAX_BLOCKS	32	/* per message, both ways */

static const char sandbox_ids[SANDBOX_TARGETS][13] = {
	"sandbox-rpmb0", "sandbox-rpmb1",
};

/**
 * struct sandbox_rpmb_plat - the device side, which is there before the probe
 *
 * @model:	one for each target; target n has n + 1 units of 128 KiB
 */
struct sandbox_rpmb_plat {
	struct rpmb_model *model[SANDBOX_TARGETS];
};

/* A unique key that looks random; nobody else's */
static const u8 default_huk[] = {
	0x5b, 0x1d, 0xe3, 0x07, 0x94, 0x6a, 0xc8, 0x2f,
	0xb0, 0x39, 0x7e, 0xd5, 0x41, 0x8c, 0x12, 0xfa,
	0x66, 0xa9, 0x0c, 0x73, 0xde, 0x25, 0x98, 0xbf,
	0x04, 0xe1, 0x5a, 0x87, 0x3c, 0xd0, 0x6f, 0x1b,
};

static bool board_closed, board_has_no_hook;
static u8 board_huk[RPMB_HUK_MAX];
static int board_huk_len;
static enum sandbox_rpmb_lock board_lock;
static bool board_locked;

void sandbox_rpmb_set_huk(const u8 *huk, int len, enum sandbox_rpmb_lock lock)
{
	board_lock = lock;
	board_locked = false;
	board_huk_len = len;
	if (len > 0)
		memcpy(board_huk, huk, min(len, RPMB_HUK_MAX));
}

int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX])
{
	if (board_locked)
		return -EACCES;
	if (!board_huk_len)
		sandbox_rpmb_set_huk(default_huk, sizeof(default_huk),
				     SANDBOX_RPMB_LOCKS);
	if (board_huk_len > 0)
		memcpy(huk, board_huk, min(board_huk_len, RPMB_HUK_MAX));
	return board_huk_len;
}

static const void *board_token;
static size_t board_token_size;
static int board_token_err = -ENOENT;

void sandbox_rpmb_set_token(const void *fit, size_t size, int err)
{
	board_token = fit;
	board_token_size = size;
	board_token_err = err;
}

int board_rpmb_token(const void **fit, size_t *size)
{
	*fit = board_token;
	*size = board_token_size;
	return board_token_err;
}

static bool huk_not_final;

void sandbox_rpmb_set_huk_final(bool is_final)
{
	huk_not_final = !is_final;
}

bool board_rpmb_huk_is_final(void)
{
	return !huk_not_final;
}

int board_rpmb_huk_lock(void)
{
	board_locked = board_lock == SANDBOX_RPMB_LOCKS;
	if (board_lock == SANDBOX_RPMB_LOCK_BLANKS)
		memset(board_huk, 0, sizeof(board_huk));
	return board_lock == SANDBOX_RPMB_LOCK_FAILS ? -EIO : 0;
}

void sandbox_rpmb_unratchet(void)
{
	rpmb_ratcheted = false;
	rpmb_mark_forget_all();
	rpmb_opened = false;
	sandbox_rpmb_set_huk(NULL, 0, SANDBOX_RPMB_LOCKS);
}

void sandbox_rpmb_set_closed(bool closed)
{
	board_closed = closed;
}

void sandbox_rpmb_set_hook(bool there)
{
	board_has_no_hook = !there;
}

bool board_rpmb_is_open(void)
{
	return board_has_no_hook ? rpmb_gate_without_hook() : !board_closed;
}

struct rpmb_model *sandbox_rpmb_model(struct udevice *dev, u8 target)
{
	struct sandbox_rpmb_plat *plat = dev_get_plat(dev);

	return plat->model[target];
}

void sandbox_rpmb_power_cycle(struct udevice *dev)
{
	struct sandbox_rpmb_plat *plat = dev_get_plat(dev);
	int i;

	for (i = 0; i < SANDBOX_TARGETS; i++) {
		rpmb_mark_set(dev, i, RPMB_MARK_ATTEMPT, false);
		rpmb_mark_set(dev, i, RPMB_MARK_TEE, false);
		sandbox_front_power_up(plat->model[i]);
	}
	device_remove(dev, DM_REMOVE_NORMAL);
}

static struct sandbox_rpmb_bus bus;

struct sandbox_rpmb_bus *sandbox_rpmb_bus(void)
{
	return &bus;
}

static int move_frames(struct rpmb_model *model,
		       const struct rpmb_frames *frames)
{
	struct rpmb_frame result_read;

	if (sandbox_front_put(model, (const u8 *)frames->req, frames->req_cnt))
		return -ETIMEDOUT;
	if (rpmb_frame_needs_result_read(frames->req)) {
		rpmb_frame_init(&result_read, RPMB_REQ_RESULT_READ);
		if (sandbox_front_put(model, (u8 *)&result_read, 1))
			return -ETIMEDOUT;
	}
	if (sandbox_front_get(model, (u8 *)frames->resp, frames->resp_cnt))
		return -ETIMEDOUT;
	return 0;
}

static int sandbox_rpmb_route_frames(struct udevice *dev, u8 target,
				     const struct rpmb_frames *frames)
{
	u32 n = bus.transfers++;
	bool fails = bus.err && (n == bus.at || (bus.for_good && n > bus.at));
	int ret = 0;

	if (!fails || bus.executed)
		ret = move_frames(sandbox_rpmb_model(dev, target), frames);
	return fails ? bus.err : ret;
}

static int sandbox_rpmb_probe(struct udevice *dev)
{
	struct rpmb_descr *descr = rpmb_get_descr(dev);
	int i;

	descr->type = RPMB_TYPE_SANDBOX;
	descr->flags = RPMB_F_READ_COUNT;
	descr->max_wr = SANDBOX_MAX_BLOCKS;
	descr->max_rd = SANDBOX_MAX_BLOCKS;
	for (i = 0; i < SANDBOX_TARGETS; i++) {
		descr->target[i].capacity = i + 1;
		descr->target[i].dev_id = (const u8 *)sandbox_ids[i];
		descr->target[i].dev_id_len = sizeof(sandbox_ids[i]);
	}
	return 0;
}

static int sandbox_rpmb_bind(struct udevice *dev)
{
	struct sandbox_rpmb_plat *plat = dev_get_plat(dev);
	int i;

	for (i = 0; i < SANDBOX_TARGETS; i++) {
		plat->model[i] = sandbox_front_new((i + 1) * RPMB_BLOCKS_PER_UNIT,
						   SANDBOX_MAX_BLOCKS);
		if (!plat->model[i])
			return -ENOMEM;
	}
	return 0;
}

static int sandbox_rpmb_unbind(struct udevice *dev)
{
	int i;

	for (i = 0; i < SANDBOX_TARGETS; i++)
		sandbox_front_free(sandbox_rpmb_model(dev, i));
	return 0;
}

static const struct rpmb_ops sandbox_rpmb_ops = {
	.route_frames	= sandbox_rpmb_route_frames,
};

static const struct udevice_id sandbox_rpmb_match[] = {
	{ .compatible = "sandbox,rpmb" },
	{ }
};

U_BOOT_DRIVER(sandbox_rpmb) = {
	.name		= "sandbox_rpmb",
	.id		= UCLASS_RPMB,
	.of_match	= sandbox_rpmb_match,
	.ops		= &sandbox_rpmb_ops,
	.bind		= sandbox_rpmb_bind,
	.unbind		= sandbox_rpmb_unbind,
	.probe		= sandbox_rpmb_probe,
	.plat_auto	= sizeof(struct sandbox_rpmb_plat),
};

/* Device tree nodes cannot be called sandbox0: name them in bind order */
int sandbox_rpmb_scan(void)
{
	struct udevice *dev;
	struct uclass *uc;
	char name[16];
	int n = 0, ret;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		if (dev->driver != DM_DRIVER_GET(sandbox_rpmb))
			continue;
		snprintf(name, sizeof(name), "sandbox%d", n++);
		if (!strcmp(dev->name, name))
			continue;
		ret = device_set_name(dev, name);
		if (ret)
			return ret;
	}
	return 0;
}
