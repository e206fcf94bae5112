// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool manifest: make a manifest of a batch's text
 *
 * Each word of a line becomes a property. Then lib/rpmb's parser, which boards
 * have as well, checks the result.
 */

#include <stdlib.h>
#include <rpmb/fdt.h>

#include "tool.h"

#define MAX_WORDS	(RPMB_MANIFEST_INDEXES + 16)

/* What is being made: the device tree, and where its devices come from */
struct maker {
	u8 *fdt;
	const char *from;
	u32 line;
	u32 devices;
	u32 lines[RPMB_MANIFEST_DEVICES + 1];
	char *batch;
	u32 batch_line;
	u8 indexes[RPMB_MANIFEST_INDEXES + 1][12];
	u32 nindexes;
};

static int wrong(const struct maker *mk, const char *what, const char *why)
{
	if (mk->line)
		tool_trouble("%s:%u: %s: %s", mk->from, mk->line, what, why);
	else
		tool_trouble("%s: %s: %s", mk->from, what, why);
	return TOOL_TROUBLE;
}

static int put(struct maker *mk, const char *prop, const void *data,
	       size_t len)
{
	if (fdt_property(mk->fdt, prop, data, len))
		return wrong(mk, prop, "the manifest gets too large");
	return 0;
}

static int put_text(struct maker *mk, const char *prop, const char *text)
{
	return put(mk, prop, text, strlen(text) + 1);
}

static int put_number(struct maker *mk, const char *prop, const char *text)
{
	const char *why;
	fdt32_t cell;
	u64 val;

	why = tool_parse_number(text, 0xffffffff, &val);
	if (why)
		return wrong(mk, text, why);
	cell = cpu_to_fdt32(val);
	return put(mk, prop, &cell, sizeof(cell));
}

static int put_hex(struct maker *mk, const char *prop, const char *text)
{
	static u8 data[RPMB_TREE_ID];
	size_t len;

	if (!tool_parse_hex(text, sizeof(data), data, &len))
		return wrong(mk, text, "not hex bytes");
	return put(mk, prop, data, len);
}

static int put_name(struct maker *mk, const char *prop, const char *text)
{
	return put(mk, prop, text, strlen(text));
}

/* LOCATION:INDEX; all of them become one property at the end of the line */
static int add_index(struct maker *mk, const char *prop, const char *text)
{
	const char *why;

	if (mk->nindexes == TOOL_COUNT(mk->indexes))
		return wrong(mk, text, "too many");
	why = tool_parse_index(text, mk->indexes[mk->nindexes]);
	if (why)
		return wrong(mk, text, why);
	mk->nindexes++;
	return 0;
}

static const struct {
	const char *word;
	int (*put)(struct maker *mk, const char *prop, const char *text);
	const char *prop;
} words[] = {
	{ "transport", put_text, "transport" },
	{ "target", put_number, "target" },
	{ "key", put_number, "key-id" },
	{ "id", put_hex, "id" },
	{ "name", put_name, "id" },
	{ "kcv", put_hex, "check-value" },
	{ "index", add_index, "rollback-indexes" },
};

static int put_word(struct maker *mk, char *word)
{
	char *value = strchr(word, '=');
	size_t i;

	if (!strcmp(word, "any"))
		return put(mk, "any", "", 0);
	if (!value)
		return wrong(mk, word, "not WORD=VALUE");
	*value++ = '\0';
	for (i = 0; i < TOOL_COUNT(words); i++)
		if (!strcmp(words[i].word, word))
			return words[i].put(mk, words[i].prop, value);
	return wrong(mk, word, "not known");
}

static bool has_word(char **word, u32 count, const char *start)
{
	while (count--)
		if (!strncmp(word[count], start, strlen(start)))
			return true;
	return false;
}

static int put_device(struct maker *mk, char **word, u32 count)
{
	bool has_target = has_word(word, count, "target=");
	char node[32];
	u32 i;

	/* one more than is allowed: the parser complains about it */
	if (mk->devices == TOOL_COUNT(mk->lines))
		return wrong(mk, "device", "too many");
	mk->lines[mk->devices++] = mk->line;
	snprintf(node, sizeof(node), "device-%u", mk->devices);
	if (fdt_begin_node(mk->fdt, node))
		return wrong(mk, node, "the manifest gets too large");
	if (!has_target && put_number(mk, "target", "0"))
		return TOOL_TROUBLE;
	mk->nindexes = 0;
	for (i = 0; i < count; i++)
		if (put_word(mk, word[i]))
			return TOOL_TROUBLE;
	if (mk->nindexes && put(mk, "rollback-indexes", mk->indexes,
				12 * mk->nindexes))
		return TOOL_TROUBLE;
	if (fdt_end_node(mk->fdt))
		return wrong(mk, node, "the manifest gets too large");
	return 0;
}

/* Cut a line into words; spaces within "" are none. ~0 if a '"' is missing */
static u32 split(char *line, char **word, u32 max)
{
	bool quoted = false, within = false;
	char *to = line;
	u32 n = 0;

	for (; *line && (quoted || *line != '#'); line++) {
		if (!quoted && strchr(" \t\r", *line)) {
			*to++ = '\0';
			within = false;
			continue;
		}
		if (!within) {
			if (n == max)
				return ~0U;
			word[n++] = to;
			within = true;
		}
		if (*line == '"')
			quoted = !quoted;
		else
			*to++ = *line;
	}
	*to = '\0';
	return quoted ? ~0U : n;
}

static int put_line(struct maker *mk, char *line)
{
	char *word[MAX_WORDS];
	u32 n = split(line, word, MAX_WORDS);

	if (n == ~0U)
		return wrong(mk, "line", "too many words, or a '\"' missing");
	if (!n)
		return 0;
	if (!strcmp(word[0], "device"))
		return put_device(mk, word + 1, n - 1);
	/* find_batch() has seen to these */
	if (!strcmp(word[0], "batch"))
		return 0;
	return wrong(mk, word[0], "neither 'batch NAME' nor 'device ...'");
}

/* Split a text into lines in place; each is handed over with its number */
static int put_lines(struct maker *mk, char *text)
{
	char *line;
	int ret = 0;

	for (mk->line = 1; !ret && (line = strsep(&text, "\n")); mk->line++)
		ret = put_line(mk, line);
	mk->line = 0;
	return ret;
}

/* Take the name of the batch, if this line has it */
static int take_batch(struct maker *mk, char *line)
{
	char *word[MAX_WORDS];
	u32 n = split(line, word, MAX_WORDS);

	if (n == ~0U || !n || strcmp(word[0], "batch"))
		return 0;
	if (n != 2)
		return wrong(mk, word[0], "its name is one word, without blanks");
	if (mk->batch)
		return wrong(mk, word[0], "given twice");
	mk->batch = strdup(word[1]);
	mk->batch_line = mk->line;
	return mk->batch ? 0 : tool_trouble("no memory");
}

/*
 * Root properties stand before all nodes, but a batch may be named last: look
 * for it first.
 */
static int find_batch(struct maker *mk, const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;
	int ret = copy ? 0 : tool_trouble("no memory");

	for (mk->line = 1; !ret && (line = strsep(&rest, "\n")); mk->line++)
		ret = take_batch(mk, line);
	mk->line = 0;
	free(copy);
	if (!ret && !mk->batch)
		ret = wrong(mk, "batch", "missing: no line 'batch NAME'");
	return ret;
}

static int begin(struct maker *mk)
{
	fdt32_t version = cpu_to_fdt32(RPMB_MANIFEST_VERSION);

	mk->fdt = calloc(1, RPMB_MANIFEST_MAX);
	if (!mk->fdt || fdt_create(mk->fdt, RPMB_MANIFEST_MAX) ||
	    fdt_finish_reservemap(mk->fdt) || fdt_begin_node(mk->fdt, ""))
		return tool_trouble("no memory");
	if (put_text(mk, "compatible", "u-boot,rpmb-manifest") ||
	    put(mk, "version", &version, sizeof(version)) ||
	    put_text(mk, "batch", mk->batch))
		return TOOL_TROUBLE;
	return 0;
}

/* Print what the parser says, with the number of the line */
static int check(struct maker *mk)
{
	struct rpmb_tree_fault fault;
	struct rpmb_manifest m;
	unsigned int n;

	if (!rpmb_manifest_open(&m, mk->fdt, fdt_totalsize(mk->fdt), &fault))
		return 0;
	if (sscanf(fault.node, "device-%u", &n) == 1 && n <= mk->devices)
		mk->line = mk->lines[n - 1];
	else if (fault.prop && !strcmp(fault.prop, "batch"))
		mk->line = mk->batch_line;
	wrong(mk, fault.prop ?: fault.node, fault.why);
	return TOOL_BAD;
}

static int finish(struct maker *mk)
{
	if (fdt_end_node(mk->fdt) || fdt_finish(mk->fdt))
		return wrong(mk, "manifest", "too large");
	return check(mk);
}

int tool_make_batch(const char *from, char *text, u8 **fdt)
{
	struct maker mk = { .from = from };
	int ret;

	/* editors of Windows put a byte order mark first */
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	ret = find_batch(&mk, text);
	if (!ret)
		ret = begin(&mk);
	if (!ret)
		ret = put_lines(&mk, text);
	if (!ret)
		ret = finish(&mk);
	free(mk.batch);
	*fdt = mk.fdt;
	return ret;
}
