/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sandbox's RPMB device, and what tests may do to it and to the board
 */

#ifndef _RPMB_SANDBOX_H
#define _RPMB_SANDBOX_H

#include <linux/types.h>

struct rpmb_model;
struct udevice;

/**
 * sandbox_front_new() - make the device side of a target, and power it up
 *
 * The driver reaches the device by this function and the next four only, as
 * another driver reaches its own by a bus. test/model has them.
 *
 * @blocks:	its size in blocks of 256 bytes
 * @max_blocks:	most blocks per message, both ways
 * Return: its model, or NULL without memory
 */
struct rpmb_model *sandbox_front_new(u32 blocks, u32 max_blocks);

/** sandbox_front_free() - free it, if it is not NULL */
void sandbox_front_free(struct rpmb_model *model);

/** sandbox_front_power_up() - switch it off and on: its contents stay */
void sandbox_front_power_up(struct rpmb_model *model);

/** sandbox_front_put() - send request frames. Return: 0, or -1 if they got lost */
int sandbox_front_put(struct rpmb_model *model, const u8 *frames, u32 count);

/** sandbox_front_get() - fetch reply frames. Return: 0, or -1 if they got lost */
int sandbox_front_get(struct rpmb_model *model, u8 *frames, u32 count);

/**
 * sandbox_rpmb_model() - the device side of a target
 *
 * @dev:	sandbox RPMB device, bound
 * @target:	target, 0 or 1
 * Return: its model
 */
struct rpmb_model *sandbox_rpmb_model(struct udevice *dev, u8 target);

/**
 * struct sandbox_rpmb_bus - sandbox's bus, and how it fails
 *
 * @transfers:	transfers so far, of all sandbox RPMB devices
 * @err:	what a transfer returns, 0: none fails
 * @at:		which one
 * @for_good:	all that follow it, too
 * @executed:	the device has acted, and its reply has come
 */
struct sandbox_rpmb_bus {
	u32 transfers;
	int err;
	u32 at;
	bool for_good;
	bool executed;
};

/**
 * sandbox_rpmb_bus() - sandbox's bus
 *
 * Return: the bus, to look at and to change
 */
struct sandbox_rpmb_bus *sandbox_rpmb_bus(void);

/**
 * sandbox_rpmb_power_cycle() - switch the device off and on
 *
 * What the host side knows is lost too, as after a reset of the board.
 *
 * @dev:	sandbox RPMB device, probed; to be probed again afterwards
 */
void sandbox_rpmb_power_cycle(struct udevice *dev);

/**
 * sandbox_rpmb_set_closed() - close or open the board
 *
 * @closed:	what board_rpmb_is_open() denies from now on
 */
void sandbox_rpmb_set_closed(bool closed);

/**
 * sandbox_rpmb_set_hook() - give the board its hook, or take it away
 *
 * @there:	false for a board without board_rpmb_is_open(), which is closed
 */
void sandbox_rpmb_set_hook(bool there);

/** enum sandbox_rpmb_lock - what becomes of an attempt to lock the unique key */
enum sandbox_rpmb_lock {
	SANDBOX_RPMB_LOCKS,		/* it can not be read any more */
	SANDBOX_RPMB_LOCK_FAILS,	/* an error */
	SANDBOX_RPMB_LOCK_LIES,		/* no error, and it can still be read */
	SANDBOX_RPMB_LOCK_BLANKS,	/* nothing but zeroes can be read */
};

/**
 * sandbox_rpmb_set_huk() - give the board another unique key
 *
 * @huk:	the key
 * @len:	its length, at most 64; 0 for the default; -errno if reading it
 *		is to fail
 * @lock:	what becomes of an attempt to lock it
 */
void sandbox_rpmb_set_huk(const u8 *huk, int len, enum sandbox_rpmb_lock lock);

/**
 * sandbox_rpmb_set_huk_final() - say whether the unique key will stay as it is
 *
 * @is_final:	what board_rpmb_huk_is_final() answers; true at the start
 */
void sandbox_rpmb_set_huk_final(bool is_final);

/**
 * sandbox_rpmb_set_token() - give the board a service token, or take it away
 *
 * @fit:	the token, kept by the caller
 * @size:	bytes of it
 * @err:	what board_rpmb_token() returns: 0, -ENOENT there is none, as at the
 *		start, or another -errno
 */
void sandbox_rpmb_set_token(const void *fit, size_t size, int err);

/** sandbox_rpmb_unratchet() - as at power-up: keys can be had, all is forgotten */
void sandbox_rpmb_unratchet(void);

#endif /* _RPMB_SANDBOX_H */
