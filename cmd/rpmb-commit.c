// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb rollback commit', 'rpmb rollback commit-ab': raise the index of FITs
 */

#include <command.h>
#include <rpmb-policy.h>
#include <linux/bitops.h>
#include <linux/libfdt.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_commit = {
	"rollback commit", false,
	"commit again: the index is the old one or the new one, and both boot",
};

/* Parse <addr>[#<conf>[#<extra>...]]; this ends @arg at the first '#' */
static int parse(char *arg, struct rpmb_fit_conf *slot)
{
	char *hash = strchr(arg, '#');
	ulong addr;

	slot->conf = NULL;
	if (hash) {
		*hash = '\0';
		slot->conf = hash + 1;
	}
	return rpmb_args_hex("address", arg, ULONG_MAX, &addr);
}

/* Parse all arguments before anything is read */
static int parse_all(int argc, char *const argv[], struct rpmb_fit_conf *slots)
{
	int i, err = rpmb_rollback_is_on() ? 0 : -ENOENT;

	for (i = 0; !err && i < argc; i++)
		err = parse(argv[i], &slots[i]);
	return err;
}

/* The FIT must be in RAM */
static int find_fit(const char *arg, struct rpmb_fit_conf *slot)
{
	slot->fit = rpmb_args_mem(arg, sizeof(struct fdt_header));
	if (slot->fit && !fdt_check_header(slot->fit))
		slot->fit = rpmb_args_mem(arg, fdt_totalsize(slot->fit));
	return slot->fit ? 0 : -EINVAL;
}

static int commit(const struct rpmb_fit_conf *slots, int count,
		  bool any_location)
{
	u64 index;
	u32 loc = 0;
	int err;

	err = rpmb_fit_commit(slots, count, any_location, &loc, &index);
	/* it has been printed what is wrong with an image */
	if (err == -EACCES)
		return CMD_RET_FAILURE;
	if (err)
		return rpmb_report_rollback(&verb_commit, loc, err);
	printf("rollback index %#x: %#llx, committed\n", loc, index);
	return CMD_RET_SUCCESS;
}

int do_rpmb_rollback_commit(char option, int argc, char *const argv[])
{
	struct rpmb_fit_conf slots[RPMB_MAX_SLOTS];
	int i;

	if (parse_all(argc, argv, slots))
		return CMD_RET_FAILURE;
	for (i = 0; i < argc; i++)
		if (find_fit(argv[i], &slots[i]))
			return CMD_RET_FAILURE;
	return commit(slots, argc, true);
}

/*
 * Arguments: <interface> <dev[:part|#name]>, then the FIT of each slot. This does
 * not look at the FIT of a slot that cannot boot: an update may be half written.
 */
int do_rpmb_rollback_commit_ab(char option, int argc, char *const argv[])
{
	struct rpmb_fit_conf slots[RPMB_MAX_SLOTS];
	struct rpmb_ab ab;
	int i, count = 0;

	/* there is no such verb then */
	if (!IS_ENABLED(CONFIG_RPMB_ROLLBACK_AB))
		return CMD_RET_FAILURE;
	argc -= 2;
	if (parse_all(argc, argv + 2, slots) ||
	    rpmb_ab_read(argv[0], argv[1], &ab))
		return CMD_RET_FAILURE;
	if (!rpmb_ab_may_commit(&ab))
		return CMD_RET_SUCCESS;
	if (ab.bootable >> argc) {
		printf("rollback: REFUSED: more slots can boot than there are images for\n"
		       "  device: untouched\n"
		       "  advice: name an image for each slot, that of _a first\n");
		return CMD_RET_FAILURE;
	}
	for (i = 0; i < argc; i++) {
		if (!(ab.bootable & BIT(i)))
			continue;
		slots[count].conf = slots[i].conf;
		if (find_fit(argv[i + 2], &slots[count++]))
			return CMD_RET_FAILURE;
	}
	/* the disk says which slots there are: do not take SPL's locations */
	return commit(slots, count, false);
}
