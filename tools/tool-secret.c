// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: read secrets
 */

#include <ctype.h>

#include "tool.h"

/* Does it consist of these characters alone? */
static bool spans(const u8 *data, size_t len, const char *chars)
{
	while (len && *data && strchr(chars, *data)) {
		data++;
		len--;
	}
	return !len;
}

#define HEX	"0123456789abcdefABCDEF"

static bool is_printable(const u8 *data, size_t len)
{
	while (len && isprint(*data)) {
		data++;
		len--;
	}
	return !len;
}

/* Bytes without what ends a line */
static size_t without_newline(const struct tool_file *file)
{
	size_t len = file->len;

	while (len && strchr("\r\n", file->data[len - 1]) &&
	       file->data[len - 1])
		len--;
	return len;
}

/*
 * Raw bytes, or their hex digits, which are put in their place. What is neither
 * for sure must not become a key: its hash would be one as well.
 */
static const char *take_secret(struct tool_file *file, size_t min, size_t max)
{
	size_t len = without_newline(file), digits = len;

	if (digits && spans(file->data, digits, HEX)) {
		file->data[digits] = '\0';
		if (digits / 2 < min ||
		    !tool_parse_hex((char *)file->data, max, file->data, &len))
			return "hex digits, but of another number of bytes";
		rpmb_wipe(file->data + len, file->len - len);
		file->len = len;
		return NULL;
	}
	if (file->len && spans(file->data, file->len, HEX "xX:,- \t\r\n"))
		return "hex digits have nothing between them";
	if (len != file->len && (len % 8 == 0 || is_printable(file->data, len)))
		return "there is a newline behind the secret, remove it";
	return NULL;
}

int tool_read_secret(const char *path, size_t min, size_t max,
		     struct tool_file *file)
{
	const char *why;
	int ret;

	/* hex, and what ends a line */
	ret = tool_read_file(path, 2 * max + 2, file);
	if (ret)
		return ret;
	why = take_secret(file, min, max);
	if (why)
		ret = tool_trouble("%s: %s; raw bytes are wanted, or hex digits",
				   path, why);
	else if (min == max && file->len != max)
		ret = tool_trouble("%s: not %zu bytes", path, max);
	else if (file->len < min || file->len > max)
		ret = tool_trouble("%s: not %zu to %zu bytes", path, min, max);
	if (ret)
		tool_free_file(file);
	return ret;
}
