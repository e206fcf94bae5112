// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: the host side of RPMB key provisioning and service
 */

#include <signal.h>
#include <sys/resource.h>

#include <rpmb-version.h>

#include "tool.h"

static const struct tool_command commands[] = {
	{ "manifest", tool_manifest, tool_help_manifest },
	{ "token", tool_token, tool_help_token },
	{ "derive", tool_derive, tool_help_derive },
	{ "verify-log", tool_log, tool_help_log },
	{ "decode", tool_decode, tool_help_decode },
};

static const struct tool_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < TOOL_COUNT(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static bool is_help(const char *arg)
{
	return !strcmp(arg, "--help") || !strcmp(arg, "-h");
}

/* If the output could not be written, the command has failed */
static int flush(int status)
{
	if (fflush(stdout) || ferror(stdout))
		return tool_trouble("standard output: cannot be written");
	return status;
}

static int show(const char *text)
{
	fputs(text, stdout);
	return flush(TOOL_GOOD);
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	const struct tool_command *command;
	int i;

	/* a core file could contain secrets */
	setrlimit(RLIMIT_CORE, &no_core);
	/* a file that gets too large is an error, which leaves nothing behind */
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2)
		return tool_usage(NULL, "a command is wanted");
	if (!strcmp(argv[1], "--version"))
		return show("rpmb-tool " RPMB_VERSION "\n");
	command = find(argv[1]);
	if (is_help(argv[1]) || !strcmp(argv[1], "help")) {
		command = argc > 2 ? find(argv[2]) : NULL;
		return show(command ? command->help : tool_help_main);
	}
	if (!command)
		return tool_usage(NULL, "%s: no such command", argv[1]);
	for (i = 2; i < argc && strcmp(argv[i], "--"); i++)
		if (is_help(argv[i]))
			return show(command->help);
	return flush(command->run(argc - 1, argv + 1));
}
