// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb rollback': show, check and advance rollback indexes
 *
 * It works on the device and target and with the key that the control FDT names,
 * not on what 'rpmb dev' has chosen.
 */

#include <command.h>
#include <env.h>
#include <rpmb-policy.h>
#include <linux/kernel.h>
#include <rpmb/rollback.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_advance = {
	"rollback advance", false,
	"'rpmb rollback get' tells what is there once the device answers again; advancing again is safe",
};

static int parse_index(const char *arg, u64 *index)
{
	if (rpmb_args_is_hex(arg, RPMB_INDEX_NONE - 1, index))
		return 0;
	printf("rpmb: index '%s' is not a hex number up to 0xfffffffffffffffe; device untouched\n",
	       arg);
	return -EINVAL;
}

static int parse_loc(const char *arg, u32 *loc)
{
	ulong val;

	if (rpmb_args_hex("location", arg, U32_MAX, &val))
		return -EINVAL;
	*loc = val;
	if (rpmb_rollback_is_location(*loc))
		return 0;
	printf("rpmb: there is no location %#x: Android has 0 to %#x, FIT %#x to %#x, SPL %#x to %#x; device untouched\n",
	       *loc, RPMB_ROLLBACK_AVB_COUNT - 1, RPMB_ROLLBACK_FIT,
	       RPMB_ROLLBACK_FIT + RPMB_ROLLBACK_FIT_COUNT - 1,
	       RPMB_ROLLBACK_SPL,
	       RPMB_ROLLBACK_SPL + RPMB_ROLLBACK_SPL_COUNT - 1);
	return -EINVAL;
}

bool rpmb_rollback_is_on(void)
{
	if (rpmb_policy_is_on())
		return true;
	printf("rpmb rollback: the control FDT names no RPMB for rollback indexes\n"
	       "  device: untouched\n"
	       "  advice: add a node \"u-boot,rpmb-rollback\", see doc/usage/rpmb/rollback.rst\n");
	return false;
}

/* Parse <loc> <index> */
static int parse_both(char *const argv[], u32 *loc, u64 *index)
{
	if (!rpmb_rollback_is_on() || parse_loc(argv[0], loc))
		return -EINVAL;
	return parse_index(argv[1], index);
}

int do_rpmb_rollback_get(char option, int argc, char *const argv[])
{
	char value[17];
	u64 index;
	u32 loc;
	int err;

	if (!rpmb_rollback_is_on() || parse_loc(argv[0], &loc))
		return CMD_RET_FAILURE;
	rpmb_policy_forget();
	err = rpmb_policy_index(loc, &index);
	if (err) {
		rpmb_policy_explain("rpmb rollback get", loc, err);
		return CMD_RET_FAILURE;
	}
	snprintf(value, sizeof(value), "%llx", index);
	printf("rollback index %#x: %#llx\n", loc, index);
	return env_set("rpmb_index", value) ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}

int do_rpmb_rollback_check(char option, int argc, char *const argv[])
{
	u64 index;
	u32 loc;

	if (parse_both(argv, &loc, &index) || rpmb_policy_check(loc, index))
		return CMD_RET_FAILURE;
	printf("rollback index %#x: %#llx may be booted\n", loc, index);
	return CMD_RET_SUCCESS;
}

int do_rpmb_rollback_advance(char option, int argc, char *const argv[])
{
	u64 index;
	u32 loc;
	int err;

	if (parse_both(argv, &loc, &index))
		return CMD_RET_FAILURE;
	if (!rpmb_gate_is_open()) {
		printf("rpmb rollback advance: the board is closed%s (error %d)\n"
		       "  device: untouched\n"
		       "  advice: it raises its index to that of signed images, before its first script: CONFIG_RPMB_ROLLBACK_COMMIT_CMD, or bootcmd with CONFIG_RPMB_ROLLBACK_LOCKED\n",
		       rpmb_gate_why_closed(), -EPERM);
		return CMD_RET_FAILURE;
	}
	err = rpmb_policy_advance(loc, index);
	if (err)
		return rpmb_report_rollback(&verb_advance, loc, err);
	printf("rollback index %#x: %#llx, read back\n", loc, index);
	return CMD_RET_SUCCESS;
}
