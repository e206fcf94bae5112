// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB data frame: setting up, and what a result means
 */

#include <rpmb/frame.h>

void rpmb_frame_init(struct rpmb_frame *frame, enum rpmb_request req)
{
	memset(frame, 0, sizeof(*frame));
	rpmb_put16(&frame->req_resp, req);
}

bool rpmb_frame_needs_result_read(const struct rpmb_frame *frame)
{
	u16 req = rpmb_get16(&frame->req_resp);

	return req == RPMB_REQ_PROGRAM_KEY || req == RPMB_REQ_WRITE_DATA;
}

int rpmb_result_to_errno(u16 result)
{
	if (result == RPMB_RES_EXPIRED)
		return -EOVERFLOW;

	switch (result & ~RPMB_RES_EXPIRED) {
	case RPMB_RES_OK:
		return 0;
	case RPMB_RES_GENERAL:
	case RPMB_RES_WRITE:
	case RPMB_RES_READ:
		return -EIO;
	case RPMB_RES_AUTH:
		return -EACCES;
	case RPMB_RES_COUNTER:
		return -ESTALE;
	case RPMB_RES_ADDRESS:
		return -ERANGE;
	case RPMB_RES_NO_KEY:
		return -ENOKEY;
	default:
		return -EPROTO;
	}
}
