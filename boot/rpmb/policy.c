// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback policy: judge images by the stored indexes
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include "policy-internal.h"

/* Checks that passed, which the operating system is told about */
static struct rpmb_policy_passed checks[8];
static int check_count;

static bool boots_unprotected(int err)
{
	return (err == -ENODATA || err == -ENOKEY) && rpmb_gate_is_open();
}

int rpmb_policy_read(u32 loc, u64 *index)
{
	int ret;

	ret = rpmb_policy_index(loc, index);
	if (!ret)
		return 0;
	if (!boots_unprotected(ret)) {
		rpmb_policy_refuse(loc, ret);
		return ret;
	}
	/* only once, though kernel, ramdisk and device tree are checked */
	if (rpmb_stored_warn_once(loc))
		rpmb_policy_warn(loc, ret);
	*index = 0;
	return 0;
}

const struct rpmb_policy_passed *rpmb_policy_get_passed(int n)
{
	return n < check_count ? &checks[n] : NULL;
}

/* One entry for kernel, ramdisk and device tree, which are checked in turn */
static void note_check(u32 loc, u64 index, u64 stored)
{
	struct rpmb_policy_passed *c = checks;
	u64 found;

	while (c < checks + check_count && c->loc != loc)
		c++;
	if (c == checks + ARRAY_SIZE(checks))
		return;
	if (c == checks + check_count) {
		check_count++;
		c->index = index;
	}
	c->loc = loc;
	c->stored = stored;
	c->index = min(c->index, index);
	c->is_protected = !rpmb_policy_index(loc, &found);
}

int rpmb_policy_check(u32 loc, u64 index)
{
	u64 stored;
	int ret;

	ret = rpmb_policy_read(loc, &stored);
	if (ret)
		return ret;
	if (index == RPMB_INDEX_NONE) {
		rpmb_policy_refuse(loc, -E2BIG);
		return -E2BIG;
	}
	if (index >= stored) {
		/* for the operating system; SPL has no handover to one */
		if (!IS_ENABLED(CONFIG_XPL_BUILD))
			note_check(loc, index, stored);
		return 0;
	}
	rpmb_policy_refuse_old(loc, index, stored);
	return -EDOM;
}

void sandbox_rpmb_policy_reset(void)
{
	rpmb_policy_tree_forget();
	rpmb_stored_reset();
	check_count = 0;
}
