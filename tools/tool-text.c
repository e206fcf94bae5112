// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: text to values and back
 */

#include <ctype.h>
#include <stdlib.h>

#include "tool.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower((u8)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tool_parse_hex(const char *text, size_t max, u8 *out, size_t *len)
{
	size_t n;

	for (n = 0; text[0]; n++, text += 2) {
		if (n == max || digit(text[0]) < 0 || digit(text[1]) < 0)
			return false;
		out[n] = digit(text[0]) << 4 | digit(text[1]);
	}
	*len = n;
	return n;
}

bool tool_parse_number(const char *text, u64 max, u64 *val)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *first = hex ? text + 2 : text;
	char *end;

	/* strtoull() takes signs and spaces */
	if (hex ? digit(*first) < 0 : !isdigit((u8)*first))
		return false;
	errno = 0;
	*val = strtoull(first, &end, hex ? 16 : 10);
	return !errno && !*end && *val <= max;
}

bool tool_parse_index(const char *text, u8 cells[12])
{
	const char *colon = strchr(text, ':');
	char loc_text[32];
	u64 loc, index;

	if (!colon || colon - text >= (long)sizeof(loc_text))
		return false;
	snprintf(loc_text, sizeof(loc_text), "%.*s", (int)(colon - text), text);
	if (!tool_parse_number(loc_text, 0xffffffff, &loc) ||
	    !tool_parse_number(colon + 1, ~0ULL, &index))
		return false;
	rpmb_put32((struct rpmb_be32 *)cells, loc);
	rpmb_put32((struct rpmb_be32 *)cells + 1, index >> 32);
	rpmb_put32((struct rpmb_be32 *)cells + 2, index);
	return true;
}

bool tool_parse_transport(const char *text, u8 *transport)
{
	const char *name;
	int i;

	for (i = 0; i <= 0xff; i++) {
		name = rpmb_tree_transport(i);
		if (name && !strcmp(name, text)) {
			*transport = i;
			return true;
		}
	}
	return false;
}

void tool_print_hex(FILE *out, const u8 *data, size_t len)
{
	for (; len; len--)
		fprintf(out, "%02x", *data++);
}
