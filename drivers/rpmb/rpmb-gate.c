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
	if (rpmb_opened)
		return true;
	return board_rpmb_is_open();
}

int rpmb_gate(int gate)
{
	if (gate <= 0)
		return gate;
	return rpmb_board_is_open() ? 0 : -EPERM;
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
 * Judged as our own, but writes of others are signed by others, and pass; of a
 * write's two counts a device may go by either.
 */
int rpmb_gate_frames(struct udevice *dev, u8 target,
		     const struct rpmb_frame *req, u32 count)
{
	const struct rpmb_frame *end = req + count;
	int ret, gate = 0;

	for (; req < end; req++) {
		u16 type = rpmb_get16(&req->req_resp);
		u32 blocks = max_t(u32, count, rpmb_get16(&req->block_count));

		ret = rpmb_gate_verb(dev, target, type,
				     rpmb_get16(&req->addr), blocks);
		if (ret < 0)
			return ret;
		if (type == RPMB_REQ_PROGRAM_KEY)
			gate = ret;
	}
	return gate;
}
