// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_fit_look() in SPL: no FIT is read that nobody has looked at
 *
 * The look is replaced: it may say anything (see look). The caller may grant
 * any number of bytes. What U-Boot proper has of this file: see fit_look.
 *
 * - With the policy on it returns 0 only if there is no tree at all, which
 *   its first word says, or if the look has accepted it under the limits of
 *   a FIT, once.
 * - The look goes no further than the caller grants, nor than what SPL reads
 *   a FIT to.
 * - A FIT that is refused has the look's error. With the policy off nothing is
 *   looked at.
 */

#include "../uboot.h"
#include <boot/rpmb/look.c>
#include "../proof.h"

static TREE_ALIGNED const u8 tree[64];
static ulong granted;
static bool on;
static u32 looks;
static int verdict;

const struct rpmb_look_limits rpmb_look_fit = { .align = 8 };

bool rpmb_policy_is_on(void)
{
	return on;
}

int rpmb_look(const void *from, size_t size, const struct rpmb_look_limits *max,
	      u32 *steps)
{
	claim(on && __CPROVER_same_object(from, tree));
	claim(max == &rpmb_look_fit);
	claim(size <= granted && size <= CONFIG_SPL_RPMB_FIT_MAX_SIZE);
	*steps = nondet_u32();
	looks++;
	verdict = nondet_errno();
	return verdict;
}

void proof(void)
{
	u32 place = nondet_u32();
	const u8 *fit;
	bool is_tree;
	int ret;

	__CPROVER_havoc_object((void *)tree);
	assume(place < 8);
	on = nondet_bool();
	granted = nondet_u64();
	fit = tree + place;
	is_tree = fit[0] == 0xd0 && fit[1] == 0x0d && fit[2] == 0xfe &&
		  fit[3] == 0xed;

	ret = rpmb_fit_look(fit, granted);

	claim(looks == (on && is_tree));
	claim(ret == verdict);
}
