/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client in any state that it can be in between two operations
 *
 * Who includes this has defined WORK_FRAMES, the frames of its work space.
 */

#ifndef _PROOF_CLIENT_H
#define _PROOF_CLIENT_H

#include "proof.h"

static struct rpmb_mac key;
static struct rpmb_frame work[WORK_FRAMES];

static struct rpmb_client any_client(void)
{
	struct rpmb_client cl = { .frames = work, .nframes = WORK_FRAMES };

	cl.blocks = nondet_u32();
	cl.max_wr = nondet_u32();
	cl.max_rd = nondet_u32();
	cl.flags = nondet_u32();
	cl.counter = nondet_u32();
	cl.counter_known = nondet_bool();
	cl.counter_unused = nondet_bool();
	cl.read_back = nondet_bool();
	cl.doubt = nondet_bool();
	assume(cl.blocks >= 1 && cl.blocks <= RPMB_MAX_BLOCKS);
	return cl;
}

#endif /* _PROOF_CLIENT_H */
