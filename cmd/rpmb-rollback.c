// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb rollback': show, check and advance rollback indexes
 *
 * Device, target and key are those that the control FDT names, not those that
 * 'rpmb dev' has chosen.
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

static int do_get(int argc, char *const argv[])
{
	char value[17];
	u64 index;
	u32 loc;
	int err;

	if (parse_loc(argv[0], &loc))
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

static int do_check(int argc, char *const argv[])
{
	u64 index;
	u32 loc;

	if (parse_loc(argv[0], &loc) || parse_index(argv[1], &index) ||
	    rpmb_policy_check(loc, index))
		return CMD_RET_FAILURE;
	printf("rollback index %#x: %#llx may be booted\n", loc, index);
	return CMD_RET_SUCCESS;
}

static int do_advance(int argc, char *const argv[])
{
	u64 index;
	u32 loc;
	int err;

	if (parse_loc(argv[0], &loc) || parse_index(argv[1], &index))
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

/**
 * struct rollback_verb - what comes after 'rpmb rollback'
 *
 * @name:	verb
 * @min:	least number of arguments
 * @max:	largest number
 * @fn:		does it, NULL if it is not built in
 */
struct rollback_verb {
	const char *name;
	int min;
	int max;
	int (*fn)(int argc, char *const argv[]);
};

#define BUILT_IN(fn)	CONFIG_IS_ENABLED(CMD_RPMB_COMMIT, (fn), (NULL))

static const struct rollback_verb verbs[] = {
	{ "get", 1, 1, do_get },
	{ "check", 2, 2, do_check },
	{ "advance", 2, 2, do_advance },
	{ "commit", 1, RPMB_MAX_SLOTS, BUILT_IN(do_rpmb_commit) },
	{ "commit-ab", 3, 2 + RPMB_MAX_SLOTS, BUILT_IN(do_rpmb_commit_ab) },
};

int do_rpmb_rollback(struct cmd_tbl *cmdtp, int flag, int argc,
		     char *const argv[])
{
	const struct rollback_verb *v = verbs, *end = v + ARRAY_SIZE(verbs);

	/* if a script goes on after an error, it must not find an old index */
	if (argc >= 2 && !strcmp(argv[1], "get"))
		env_set("rpmb_index", NULL);
	while (v < end && (argc < 2 || strcmp(argv[1], v->name)))
		v++;
	if (v == end || !v->fn || argc - 2 < v->min || argc - 2 > v->max)
		return CMD_RET_USAGE;
	if (!rpmb_policy_is_on()) {
		printf("rpmb rollback: the control FDT names no RPMB for rollback indexes\n"
		       "  advice: add a node \"u-boot,rpmb-rollback\", see doc/usage/rpmb/rollback.rst\n");
		return CMD_RET_FAILURE;
	}
	return v->fn(argc - 2, argv + 2);
}
