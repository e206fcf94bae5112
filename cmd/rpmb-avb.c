// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'avb lock', 'avb unlock', 'avb commit' and 'avb commit_ab', which upstream's
 * 'avb' does not have
 */

#include <command.h>
#include <rpmb-hooks.h>
#include <rpmb-policy.h>
#include <rpmb-store.h>
#include <stdio.h>
#include <linux/errno.h>

/* Too many arguments? 'avb' itself would print all of its help, and not say why */
static bool has_more(int argc, char *const argv[], int max)
{
	if (argc <= max)
		return false;
	printf("avb %s: too many arguments: '%s' has no place\n", argv[0],
	       argv[max]);
	return true;
}

int do_avb_lock(struct cmd_tbl *cmdtp, int flag, int argc, char *const argv[])
{
	bool unlock = *argv[0] == 'u';

	if (has_more(argc, argv, 1) || rpmb_avb_set_unlocked(unlock))
		return CMD_RET_FAILURE;
	printf("the device is %slocked\n", unlock ? "un" : "");
	return CMD_RET_SUCCESS;
}

static int report(int err)
{
	if (err < 0)
		return CMD_RET_FAILURE;
	if (err)	/* an update is on trial, which has been printed */
		return CMD_RET_SUCCESS;
	printf("rollback indexes committed\n");
	return CMD_RET_SUCCESS;
}

static bool has_ops(void)
{
	if (!avb_ops)
		printf("AVB is not initialized, please run 'avb init <id>'\n");
	return avb_ops;
}

int do_avb_commit(struct cmd_tbl *cmdtp, int flag, int argc,
		  char *const argv[])
{
	static char *const no_slots[] = { "" };

	if (has_more(argc, argv, 1 + RPMB_MAX_SLOTS) || !has_ops())
		return CMD_RET_FAILURE;
	if (argc > 1)
		return report(rpmb_avb_commit(avb_ops, argc - 1, argv + 1));
	return report(rpmb_avb_commit(avb_ops, 1, no_slots));
}

int do_avb_commit_ab(struct cmd_tbl *cmdtp, int flag, int argc,
		     char *const argv[])
{
	if (has_more(argc, argv, 2) || !has_ops())
		return CMD_RET_FAILURE;
	return report(rpmb_avb_commit_ab(avb_ops, argc > 1 ? argv[1] : "misc"));
}
