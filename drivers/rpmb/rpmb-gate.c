// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One gate for all that can change a device or show a key on its bus
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

/* No board hook: the board is closed */
__weak bool board_rpmb_is_open(void)
{
	return false;
}

bool rpmb_opened;

bool rpmb_board_is_open(void)
{
	return rpmb_opened || board_rpmb_is_open();
}

int rpmb_gate(int gate)
{
	return gate > 0 && !rpmb_board_is_open() ? -EPERM : min(gate, 0);
}

int rpmb_gate_verb(struct udevice *dev, u8 target, u16 req, u32 addr,
		   u32 count)
{
	if (req == RPMB_REQ_WRITE_DATA &&
	    rpmb_store_owns(dev, target, addr, count))
		return -EROFS;
	return req == RPMB_REQ_PROGRAM_KEY || req == RPMB_REQ_WRITE_DATA;
}

/*
 * Writes of others are signed by others, and pass; of a write's two counts a
 * device may go by either.
 */
int rpmb_gate_frames(struct udevice *dev, u8 target,
		     const struct rpmb_frame *req, u32 count)
{
	int gate = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		u16 type = rpmb_get16(&req[i].req_resp);

		if (type == RPMB_REQ_WRITE_DATA &&
		    rpmb_store_owns(dev, target, rpmb_get16(&req[i].addr),
				    max_t(u32, count,
					  rpmb_get16(&req[i].block_count))))
			return -EROFS;
		gate |= type == RPMB_REQ_PROGRAM_KEY;
	}
	return gate;
}
