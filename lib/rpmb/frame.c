// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB data frame: setting up, and what a result means
 */

#include <rpmb/frame.h>

u16 rpmb_get16(const struct rpmb_be16 *f)
{
	return (u16)(f->b[0] << 8 | f->b[1]);
}

u32 rpmb_get32(const struct rpmb_be32 *f)
{
	return (u32)f->b[0] << 24 | f->b[1] << 16 | f->b[2] << 8 | f->b[3];
}

void rpmb_put16(struct rpmb_be16 *f, u16 val)
{
	f->b[0] = (u8)(val >> 8);
	f->b[1] = (u8)val;
}

void rpmb_put32(struct rpmb_be32 *f, u32 val)
{
	f->b[0] = (u8)(val >> 24);
	f->b[1] = (u8)(val >> 16);
	f->b[2] = (u8)(val >> 8);
	f->b[3] = (u8)val;
}

void rpmb_frame_fill(struct rpmb_frame *frame, enum rpmb_request req, u16 addr,
		     u16 count)
{
	memset(frame, 0, sizeof(*frame));
	rpmb_put16(&frame->addr, addr);
	rpmb_put16(&frame->block_count, count);
	rpmb_put16(&frame->req_resp, (u16)req);
}

void rpmb_frame_init(struct rpmb_frame *frame, enum rpmb_request req)
{
	rpmb_frame_fill(frame, req, 0, 0);
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
