// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One gate for all that can change a device or show a key on its bus
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-board.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

bool rpmb_opened;

bool rpmb_gate_is_open(void)
{
	if (rpmb_opened)
		return true;
	return board_rpmb_is_open();
}

static int check_open(void)
{
	return rpmb_gate_is_open() ? 0 : -EPERM;
}

/* Only rpmb-index.c and rpmb-record.c write the blocks of the stores */
static int check_blocks(struct udevice *dev, u8 target, u16 req, u32 addr,
			u32 count)
{
	return req == RPMB_REQ_WRITE_DATA && dev &&
	       rpmb_store_owns(dev, target, addr, count) ? -EROFS : 0;
}

int rpmb_gate_write(struct udevice *dev, u8 target, u32 addr, u32 count)
{
	int ret = check_blocks(dev, target, RPMB_REQ_WRITE_DATA, addr, count);

	if (!ret && rpmb_tee_uses(rpmb_get_port(dev, target)))
		ret = -EADDRINUSE;
	return ret ? ret : check_open();
}

int rpmb_gate_program(void)
{
	return check_open();
}

/* JEDEC's requests to an RPMB in normal mode */
#define NORMAL_REQUESTS	(BIT(RPMB_REQ_PROGRAM_KEY) | BIT(RPMB_REQ_GET_COUNTER) | \
			 BIT(RPMB_REQ_WRITE_DATA) | BIT(RPMB_REQ_READ_DATA) | \
			 BIT(RPMB_REQ_RESULT_READ))

static bool is_allowed(struct udevice *dev, u16 type)
{
	u32 allowed = NORMAL_REQUESTS;

	if (dev)
		allowed |= rpmb_facts(dev)->more_requests;
	return type < 32 && allowed & BIT(type);
}

/*
 * The rules are those for our own requests, except that writes pass on a closed
 * board: whoever made the frames has signed them. A write has two counts, its
 * block count and the number of frames, and a device may go by either.
 */
int rpmb_gate_frames(struct udevice *dev, u8 target,
		     const struct rpmb_frame *req, u32 count)
{
	const struct rpmb_frame *end = req + count;
	u16 type = rpmb_get16(&req->req_resp);
	int ret;

	if (!is_allowed(dev, type))
		return -EBADRQC;
	for (; req < end; req++) {
		u32 blocks = max_t(u32, count, rpmb_get16(&req->block_count));

		if (rpmb_get16(&req->req_resp) != type)
			return -EINVAL;
		ret = check_blocks(dev, target, type, rpmb_get16(&req->addr),
				   blocks);
		if (ret)
			return ret;
	}
	return type == RPMB_REQ_PROGRAM_KEY ? check_open() : 0;
}
