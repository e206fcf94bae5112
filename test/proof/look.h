/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits for proofs of rpmb_look(): any, up to the largest of those that there are
 */

#ifndef _PROOF_LOOK_H
#define _PROOF_LOOK_H

#include "proof.h"
#include <rpmb/look.h>

static struct rpmb_look_limits any_limits(void)
{
	struct rpmb_look_limits max;

	max.nodes = nondet_u32();
	max.tags = nondet_u32();
	max.depth = nondet_u32();
	max.leaves = nondet_u32();
	max.values = nondet_u32();
	max.name = nondet_u32();
	max.strings = nondet_u32();
	max.reserved = nondet_u32();
	max.align = nondet_bool() ? 4 : 8;
	max.plain = nondet_bool();
	assume(max.nodes <= 16384 && max.name <= 255 && max.tags <= 65536 &&
	       max.depth <= 32 && max.strings <= 0x40000 && max.reserved <= 64);
	return max;
}

#endif /* _PROOF_LOOK_H */
