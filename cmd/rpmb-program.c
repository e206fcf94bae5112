// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb program-key': asks, checks and warns before it programs a key, which can
 * be done once
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_program_key = {
	"program-key", false,
	"do not program again: power-cycle, then 'rpmb write-counter <keyid>' proves the key",
	-ENOTUNIQ,
};

static bool confirm_program_key(const struct rpmb_where *w, rpmb_keyid_t keyid)
{
	printf("Key %#x will be programmed into %s:%x, device id ", keyid,
	       w->dev->name, w->target);
	rpmb_info_print_id(w);
	printf("This can be done ONCE in the device's life and never be undone.\n"
	       "Really program the key? <y/N>\n");

	return confirm_yesno();
}

/*
 * Check all that forbids it before asking the user. A driver with verbs of its own
 * may have no counter: then the device itself must refuse.
 */
static int check_program(struct rpmb_ref ref)
{
	u32 count;
	int err;

	err = rpmb_program_check(ref);
	if (err)
		return err;
	err = rpmb_get_write_count(ref, &count);
	if (!err)
		return -EALREADY;
	return err == -ENOKEY || err == -ENOSYS ? 0 : err;
}

/* Return: 0 programmed, or would be with -n; 1 the user said no; -errno */
static int program(const struct rpmb_where *w, rpmb_keyid_t keyid, char option)
{
	struct rpmb_ref ref = rpmb_ref(w->dev, w->target, keyid);
	int err = check_program(ref);

	if (err)
		return err;
	if (option == 'n') {
		printf("key %#x would be programmed into %s:%x; device untouched\n",
		       keyid, w->dev->name, w->target);
		return 0;
	}
	if (option != 'y' && !confirm_program_key(w, keyid)) {
		printf("not programmed; device untouched\n");
		return 1;
	}
	err = rpmb_program_key(ref);
	if (!err)
		printf("key %#x programmed into %s:%x, proven by an authenticated counter read\n",
		       keyid, w->dev->name, w->target);
	return err;
}

int do_rpmb_program_key(char option, int argc, char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	int err;

	if (rpmb_args_keyid(argv[0], false, &keyid) || rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	err = program(&w, keyid, option);
	if (err < 0)
		return rpmb_report(&w, &verb_program_key, err, 0);

	return err ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}
