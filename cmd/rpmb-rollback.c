// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb rollback': show, check and advance rollback indexes
 *
 * Device, target and key are those that the control tree names, whatever 'rpmb
 * dev' has chosen.
 */

#include <command.h>
#include <dm.h>
#include <env.h>
#include <rpmb-rollback.h>
#include <vsprintf.h>
#include <linux/ctype.h>
#include <linux/libfdt.h>
#include "rpmb-cmd.h"

#define MAX_SLOTS	4	/* images that one commit can name */

static const struct rpmb_verb verb_advance = {
	"rollback advance", false,
	"'rpmb rollback get' tells what is there once the device answers again; advancing again is safe",
};

static const struct rpmb_verb verb_commit = {
	"rollback commit", false,
	"commit again: the index is the old one or the new one, and both boot",
};

/* Indexes have 64 bits, whatever an unsigned long has */
static int parse_index(const char *arg, u64 *index)
{
	const char *digits = arg;
	char *end;

	if (digits[0] == '0' && tolower(digits[1]) == 'x')
		digits += 2;
	while (digits[0] == '0' && digits[1])
		digits++;
	*index = simple_strtoull(digits, &end, 16);
	if (isxdigit(*digits) && !*end && end - digits <= 16 &&
	    *index != RPMB_INDEX_NONE)
		return 0;
	printf("rpmb: index '%s' is not a hex number up to fffffffffffffffe; device untouched\n",
	       arg);
	return -EINVAL;
}

static int parse_loc(const char *arg, u32 *loc)
{
	ulong val;

	if (rpmb_args_hex("location", arg, 0x21b, &val))
		return -EINVAL;
	*loc = val;
	return 0;
}

static int do_get(u32 loc)
{
	char value[17];
	u64 index;
	int err;

	/* a script that goes on after an error must not find an old index */
	env_set("rpmb_index", NULL);
	rpmb_policy_forget();
	err = rpmb_policy_index(loc, &index);
	if (err) {
		rpmb_policy_explain("rpmb rollback get", loc, err);
		return CMD_RET_FAILURE;
	}
	snprintf(value, sizeof(value), "%llx", index);
	printf("rollback index %x: %s\n", loc, value);
	return env_set("rpmb_index", value) ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}

static int do_check(u32 loc, u64 index)
{
	if (rpmb_policy_check(loc, index))
		return CMD_RET_FAILURE;
	printf("rollback index %x: %llx may be booted\n", loc, index);
	return CMD_RET_SUCCESS;
}

/* The device's own story where there is one, else what boot policy says */
static int report_advance(const struct rpmb_verb *verb, u32 loc, int err)
{
	struct rpmb_policy policy;
	struct rpmb_where w;

	if (err != -EDOM && err != -EUCLEAN && err != -EPROTONOSUPPORT &&
	    !rpmb_policy_device(&policy, &w.dev)) {
		w.target = policy.target;
		return rpmb_report(&w, verb, err, 0);
	}
	rpmb_policy_explain("rpmb rollback", loc, err);
	return CMD_RET_FAILURE;
}

static int do_advance(u32 loc, u64 index)
{
	int err;

	if (!rpmb_board_is_open()) {
		printf("rpmb rollback advance: the board is closed (error %d)\n"
		       "  device: untouched\n"
		       "  advice: 'rpmb rollback commit' advances to the index of a signed image\n",
		       -EPERM);
		return CMD_RET_FAILURE;
	}
	err = rpmb_policy_advance(loc, index);
	if (err)
		return report_advance(&verb_advance, loc, err);
	printf("rollback index %x: %llx, read back\n", loc, index);
	return CMD_RET_SUCCESS;
}

/* <addr>[#<conf>], all of it in RAM */
static int parse_fit(char *arg, struct rpmb_fit_slot *slot)
{
	char *hash = strchr(arg, '#');

	slot->conf = NULL;
	if (hash) {
		*hash = '\0';
		slot->conf = hash + 1;
	}
	slot->fit = rpmb_args_mem(arg, sizeof(struct fdt_header));
	if (slot->fit && !fdt_check_header(slot->fit))
		slot->fit = rpmb_args_mem(arg, fdt_totalsize(slot->fit));
	return slot->fit ? 0 : -EINVAL;
}

static int do_commit(int argc, char *const argv[])
{
	struct rpmb_fit_slot slots[MAX_SLOTS];
	u64 index;
	u32 loc = 0;
	int i, err;

	for (i = 0; i < argc; i++)
		if (parse_fit(argv[i], &slots[i]))
			return CMD_RET_FAILURE;
	err = rpmb_fit_commit(slots, argc, &loc, &index);
	/* what is wrong with an image has been said */
	if (err == -EACCES || err == -EINVAL)
		return CMD_RET_FAILURE;
	if (err)
		return report_advance(&verb_commit, loc, err);
	printf("rollback index %x: %llx, committed\n", loc, index);
	return CMD_RET_SUCCESS;
}

int do_rpmb_rollback(struct cmd_tbl *cmdtp, int flag, int argc,
		     char *const argv[])
{
	bool get = argc == 3 && !strcmp(argv[1], "get");
	bool check = argc == 4 && !strcmp(argv[1], "check");
	bool advance = argc == 4 && !strcmp(argv[1], "advance");
	bool commit = IS_ENABLED(CONFIG_RPMB_ROLLBACK_FIT) && argc >= 3 &&
		      argc <= 2 + MAX_SLOTS && !strcmp(argv[1], "commit");
	u64 index;
	u32 loc;

	if (!get && !check && !advance && !commit)
		return CMD_RET_USAGE;
	if (!rpmb_policy_is_on()) {
		printf("rpmb rollback: the control device tree names no RPMB for rollback indexes\n"
		       "  advice: add a node \"u-boot,rpmb-rollback\", see doc/ROLLBACK.md\n");
		return CMD_RET_FAILURE;
	}
	if (commit)
		return do_commit(argc - 2, argv + 2);
	if (parse_loc(argv[2], &loc))
		return CMD_RET_FAILURE;
	if (get)
		return do_get(loc);
	if (parse_index(argv[3], &index))
		return CMD_RET_FAILURE;
	return check ? do_check(loc, index) : do_advance(loc, index);
}
