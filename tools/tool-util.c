// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: messages
 */

#include <stdarg.h>

#include "tool.h"

static void complain(const char *fmt, va_list args)
{
	fflush(stdout);
	fputs("rpmb-tool: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int tool_trouble(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	return TOOL_TROUBLE;
}

int tool_usage(const char *command, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	fprintf(stderr, "Try 'rpmb-tool %s%s--help'.\n", command ?: "",
		command ? " " : "");
	return TOOL_TROUBLE;
}
