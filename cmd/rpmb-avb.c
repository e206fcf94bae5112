// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'avb lock', 'avb unlock', 'avb commit': beside upstream's own verbs
 */

#include <command.h>
#include <stdio.h>
#include <rpmb/avb.h>

int do_avb_lock(struct cmd_tbl *cmdtp, int flag, int argc, char *const argv[])
{
	bool unlock = *argv[0] == 'u';

	if (argc != 1)
		return CMD_RET_USAGE;
	if (rpmb_avb_set_unlocked(unlock))
		return CMD_RET_FAILURE;
	printf("the device is %slocked\n", unlock ? "un" : "");
	return CMD_RET_SUCCESS;
}

int do_avb_commit(struct cmd_tbl *cmdtp, int flag, int argc,
		  char *const argv[])
{
	static char *const no_slots[] = { "" };
	int ret;

	if (!avb_ops) {
		printf("AVB is not initialized, please run 'avb init <id>'\n");
		return CMD_RET_FAILURE;
	}
	if (argc > 1)
		ret = rpmb_avb_commit(avb_ops, argc - 1, argv + 1);
	else
		ret = rpmb_avb_commit(avb_ops, 1, no_slots);
	if (ret)
		return CMD_RET_FAILURE;
	printf("rollback indexes committed\n");
	return CMD_RET_SUCCESS;
}
