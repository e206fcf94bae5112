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

static bool is_decimal(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* strtoull() takes signs and spaces: @text has been looked at */
static const char *to_number(const char *text, int base, u64 max, u64 *val)
{
	char *end;

	errno = 0;
	*val = strtoull(text, &end, base);
	if (*end)
		return "not a number";
	return errno || *val > max ? "too large" : NULL;
}

const char *tool_parse_number(const char *text, u64 max, u64 *val)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	if (hex && digit(text[2]) >= 0)
		return to_number(text + 2, 16, max, val);
	if (hex || !is_decimal(text))
		return "not a number";
	if (text[1])
		return "hex or decimal? Write hex, with 0x";
	return to_number(text, 10, max, val);
}

const char *tool_parse_count(const char *text, u64 max, u64 *val)
{
	if (!is_decimal(text))
		return "not a decimal number";
	return to_number(text, 10, max, val);
}

const char *tool_parse_index(const char *text, u8 cells[12])
{
	const char *colon = strchr(text, ':'), *why;
	char loc_text[32];
	u64 loc, index;

	if (!colon || colon - text >= (long)sizeof(loc_text))
		return "not LOCATION:INDEX";
	snprintf(loc_text, sizeof(loc_text), "%.*s", (int)(colon - text), text);
	why = tool_parse_number(loc_text, 0xffffffff, &loc);
	if (why)
		return why;
	why = tool_parse_number(colon + 1, ~0ULL, &index);
	if (why)
		return why;
	rpmb_put32((struct rpmb_be32 *)cells, loc);
	rpmb_put32((struct rpmb_be32 *)cells + 1, index >> 32);
	rpmb_put32((struct rpmb_be32 *)cells + 2, index);
	return NULL;
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
