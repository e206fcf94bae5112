/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests may do to sandbox's RPMB device and board
 */

#ifndef _RPMB_SANDBOX_H
#define _RPMB_SANDBOX_H

#include <linux/types.h>

struct rpmb_model;
struct udevice;

/**
 * sandbox_rpmb_model() - the device side of a target
 *
 * @dev:	sandbox RPMB device, bound
 * @target:	target, 0 or 1
 * Return: its model
 */
struct rpmb_model *sandbox_rpmb_model(struct udevice *dev, u8 target);

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

#endif /* _RPMB_SANDBOX_H */
