// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commit of a board whose scripts are not built in
 *
 * On a closed board the keys are wiped before the first script. So a commit is
 * a command that is built into U-Boot, and runs before the boot ratchet turns.
 * The environment has been loaded by then, from a disk that anybody may have
 * written. So no shell parses the command, no variable is expanded, and the
 * environment is empty while it runs: verify, loadaddr and autostart have their
 * defaults.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <cli.h>
#include <command.h>
#include <env_internal.h>
#include <image.h>
#include <malloc.h>
#include <search.h>
#include <stdio.h>
#include <rpmb-hooks.h>
#include "policy-internal.h"

#define COMMAND		CONFIG_RPMB_ROLLBACK_COMMIT_CMD
#define VARIABLES	64	/* that commands may set meanwhile */

static int run_one(char *part)
{
	char *argv[CONFIG_SYS_MAXARGS + 1];
	int argc, repeatable;

	argc = cli_simple_parse_line(part, argv);
	return argc ? cmd_process(0, argc, argv, &repeatable, NULL) : 0;
}

/* Run the commands in turn, up to the first that fails */
static int run_all(char *line)
{
	char *part;
	int ret = 0;

	while (!ret && (part = strsep(&line, ";")))
		ret = run_one(part);
	return ret;
}

/* Run with an empty environment, which is discarded afterwards */
static int run_alone(char *line)
{
	struct hsearch_data saved = env_htab;
	ulong addr = image_load_addr;
	int ret = -ENOMEM;

	env_htab.table = NULL;
	if (hcreate_r(VARIABLES, &env_htab)) {
		image_load_addr = CONFIG_SYS_LOAD_ADDR;
		rpmb_start_suspend(true);
		ret = run_all(line);
		rpmb_start_suspend(false);
		image_load_addr = addr;
		hdestroy_r(&env_htab);
	}
	env_htab = saved;
	return ret;
}

void rpmb_commit_boot(void)
{
	char *line;
	int ret = -ENOMEM;

	if (!*COMMAND || !rpmb_policy_is_on()) /* LCOV_EXCL_BR_LINE: sandbox has commands */
		return;
	line = strdup(COMMAND);
	if (line)
		ret = run_alone(line);
	free(line);
	/* the commands may have changed indexes */
	rpmb_policy_forget();
	if (ret)
		printf("rollback: CONFIG_RPMB_ROLLBACK_COMMIT_CMD failed (%d)\n"
		       "  device: as it says above; the index is the old one, or what was committed\n"
		       "  advice: what could not be committed now is at the next start\n",
		       ret);
}
