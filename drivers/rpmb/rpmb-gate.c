// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One gate for all that can change a device or show a key on its bus
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

/* A TEE would not notice that the counter moves, and fail at its own write */
int rpmb_gate_change(struct udevice *dev, u8 target)
{
	return CONFIG_IS_ENABLED(RPMB_TEE) && rpmb_get_port(dev, target) &&
	       rpmb_mark_get(dev, target, RPMB_MARK_TEE) ? -EADDRINUSE : 0;
}

/* Only rpmb-index.c and rpmb-record.c write the blocks of the stores */
static int check_blocks(struct udevice *dev, u8 target, u16 req, u32 addr,
			u32 count)
{
	return req == RPMB_REQ_WRITE_DATA &&
	       rpmb_store_owns(dev, target, addr, count) ? -EROFS : 0;
}

int rpmb_gate_write(struct udevice *dev, u8 target, u32 addr, u32 count)
{
	int ret = check_blocks(dev, target, RPMB_REQ_WRITE_DATA, addr, count);

	if (!ret)
		ret = rpmb_gate_change(dev, target);
	return ret ? ret : rpmb_closed_check();
}

int rpmb_gate_program(struct udevice *dev, u8 target)
{
	int ret = rpmb_gate_change(dev, target);

	return ret ? ret : rpmb_closed_check();
}

/* JEDEC's requests to an RPMB in normal mode */
#define NORMAL_REQUESTS	(BIT(RPMB_REQ_PROGRAM_KEY) | BIT(RPMB_REQ_GET_COUNTER) | \
			 BIT(RPMB_REQ_WRITE_DATA) | BIT(RPMB_REQ_READ_DATA) | \
			 BIT(RPMB_REQ_RESULT_READ))

static bool is_allowed(struct udevice *dev, u16 type)
{
	u32 allowed = NORMAL_REQUESTS | rpmb_facts(dev)->more_requests;

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
	return type == RPMB_REQ_PROGRAM_KEY ? rpmb_closed_check() : 0;
}
