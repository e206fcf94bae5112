// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames: wire integers, and what a result means
 *
 * - What is put is got again, and stands with its high byte first.
 * - A frame that was filled has its fields and nothing else.
 * - rpmb_result_to_errno() is 0 for result 0 and for no other, never positive,
 *   and -ENOKEY for result 7 alone, with or without the bit of an exhausted
 *   counter.
 */

#include <lib/rpmb/frame.c>
#include "../proof.h"

static void claim_integers(u16 half, u32 full)
{
	struct rpmb_be16 a;
	struct rpmb_be32 b;

	rpmb_put16(&a, half);
	rpmb_put32(&b, full);
	claim(rpmb_get16(&a) == half && a.b[0] == half >> 8);
	claim(rpmb_get32(&b) == full && b.b[0] == full >> 24 &&
	      b.b[3] == (full & 0xff));
}

static void claim_fill(u16 addr, u16 count)
{
	enum rpmb_request req = nondet_u8();
	size_t at = nondet_size();
	struct rpmb_frame f;

	assume(req >= RPMB_REQ_PROGRAM_KEY && req <= RPMB_REQ_RESULT_READ);
	assume(at < offsetof(struct rpmb_frame, addr));
	rpmb_frame_fill(&f, req, addr, count);
	claim(!((u8 *)&f)[at]);
	claim(rpmb_get16(&f.addr) == addr);
	claim(rpmb_get16(&f.block_count) == count);
	claim(!rpmb_get16(&f.result) && rpmb_get16(&f.req_resp) == req);
	claim(rpmb_frame_needs_result_read(&f) ==
	      (req == RPMB_REQ_PROGRAM_KEY || req == RPMB_REQ_WRITE_DATA));
}

void proof(void)
{
	u16 result = nondet_u16();
	int err = rpmb_result_to_errno(result);

	claim(!err == !result);
	claim(err <= 0);
	claim((err == -ENOKEY) == ((result & ~RPMB_RES_EXPIRED) ==
				   RPMB_RES_NO_KEY));
	claim_integers(result, nondet_u32());
	claim_fill(nondet_u16(), nondet_u16());
}
