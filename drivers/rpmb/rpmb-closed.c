// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is the board open or closed?
 *
 * The board says so, and a service token can open it until the next reset.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-board.h>
#include "rpmb-internal.h"

bool rpmb_opened;

bool rpmb_gate_is_open(void)
{
	if (rpmb_opened)
		return true;
	return board_rpmb_is_open();
}

int rpmb_closed_check(void)
{
	return rpmb_gate_is_open() ? 0 : -EPERM;
}
