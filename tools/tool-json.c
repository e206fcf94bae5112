// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: JSON on standard output
 */

#include "tool.h"

static void put_string(const char *text)
{
	putchar('"');
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((u8)*text < ' ')
			printf("\\u%04x", *text);
		else
			putchar(*text);
	putchar('"');
}

/* A comma if it is not the first, a line of its own, and the name */
static void start(struct tool_json *j, const char *name)
{
	int i;

	if (j->more)
		putchar(',');
	j->more = true;
	if (j->depth)
		putchar('\n');
	for (i = 0; i < j->depth; i++)
		fputs("  ", stdout);
	if (!name)
		return;
	put_string(name);
	fputs(": ", stdout);
}

void tool_json_open(struct tool_json *j, const char *name, char bracket)
{
	start(j, name);
	putchar(bracket);
	j->depth++;
	j->more = false;
}

void tool_json_close(struct tool_json *j, char bracket)
{
	bool empty = !j->more;

	j->depth--;
	/* a comma and an indent only where something is in it */
	j->more = false;
	if (!empty)
		start(j, NULL);
	if (!empty && !j->depth)
		putchar('\n');
	putchar(bracket);
	j->more = true;
	if (!j->depth)
		putchar('\n');
}

void tool_json_text(struct tool_json *j, const char *name, const char *text)
{
	start(j, name);
	put_string(text);
}

void tool_json_number(struct tool_json *j, const char *name, u32 val)
{
	start(j, name);
	printf("%u", val);
}

void tool_json_hex(struct tool_json *j, const char *name, u64 val)
{
	start(j, name);
	printf("\"0x%llx\"", (unsigned long long)val);
}

void tool_json_flag(struct tool_json *j, const char *name, bool val)
{
	start(j, name);
	fputs(val ? "true" : "false", stdout);
}

void tool_json_bytes(struct tool_json *j, const char *name, const u8 *data,
		     size_t len)
{
	start(j, name);
	putchar('"');
	tool_print_hex(stdout, data, len);
	putchar('"');
}
