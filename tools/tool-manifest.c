// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool manifest: make provisioning manifests, and show them
 *
 * Each word of a line becomes a property. Then lib/rpmb's parser, which boards
 * have as well, checks the result.
 */

#include <getopt.h>
#include <stdlib.h>
#include <rpmb/fdt.h>

#include "tool.h"

#define NAME		"manifest"
#define TEXT_MAX	0x100000	/* bytes of a text to make one from */
#define MAX_WORDS	(RPMB_MANIFEST_INDEXES + 16)

/* What is being made: the device tree, and where its devices come from */
struct maker {
	u8 *fdt;
	const char *from;
	u32 line;
	u32 devices;
	u32 lines[RPMB_MANIFEST_DEVICES + 1];
	char *batch;
	u32 batches;
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
	fdt32_t cell;
	u64 val;

	if (!tool_parse_number(text, 0xffffffff, &val))
		return wrong(mk, text, "not a number");
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
	if (mk->nindexes == TOOL_COUNT(mk->indexes))
		return wrong(mk, text, "too many");
	if (!tool_parse_index(text, mk->indexes[mk->nindexes]))
		return wrong(mk, text, "not LOCATION:INDEX");
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
		return put(mk, "any", NULL, 0);
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
	if (strcmp(word[0], "batch") || n != 2)
		return wrong(mk, word[0], "neither 'batch NAME' nor 'device ...'");
	/* find_batch() has seen to the first one */
	return mk->batches++ ? wrong(mk, word[0], "given twice") : 0;
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

/*
 * Root properties stand before all nodes, but a batch may be named last: look
 * for it first.
 */
static int find_batch(struct maker *mk, const char *text)
{
	char *copy = strdup(text), *rest = copy, *line, *word[MAX_WORDS];

	while (copy && (line = strsep(&rest, "\n")))
		if (split(line, word, MAX_WORDS) == 2 &&
		    !strcmp(word[0], "batch") && !mk->batch)
			mk->batch = strdup(word[1]);
	free(copy);
	if (!mk->batch)
		return wrong(mk, "batch", "missing");
	return 0;
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
	wrong(mk, fault.prop ?: fault.node, fault.why);
	return TOOL_BAD;
}

static int finish(struct maker *mk)
{
	if (fdt_end_node(mk->fdt) || fdt_finish(mk->fdt))
		return wrong(mk, "manifest", "too large");
	return check(mk);
}

/* Make a manifest of @text, which is used up */
static int make(const char *from, char *text, const char *out,
		const struct tool_its *its)
{
	struct maker mk = { .from = from };
	int ret;

	ret = find_batch(&mk, text);
	if (!ret)
		ret = begin(&mk);
	if (!ret)
		ret = put_lines(&mk, text);
	if (!ret)
		ret = finish(&mk);
	if (!ret)
		ret = tool_write_file(out, mk.fdt, fdt_totalsize(mk.fdt));
	if (!ret && its->path)
		ret = tool_write_its(its, NAME, "RPMB provisioning manifest",
				     out);
	free(mk.batch);
	free(mk.fdt);
	return ret;
}

int tool_open_manifest(const char *path, struct tool_file *file,
		       struct rpmb_manifest *m)
{
	struct rpmb_tree_fault fault;

	if (tool_read_file(path, TOOL_FIT_MAX, file))
		return TOOL_TROUBLE;
	if (!tool_unwrap(file, NAME)) {
		tool_trouble("%s: a FIT without a manifest", path);
		return TOOL_BAD;
	}
	if (!rpmb_manifest_open(m, file->data, file->len, &fault))
		return 0;
	/* print no names of a file that is no manifest */
	tool_trouble("%s: no manifest: %s", path, fault.why);
	return TOOL_BAD;
}

static void show_device(const struct rpmb_manifest *m, u32 n)
{
	struct rpmb_manifest_device dev;
	u64 index;
	u32 i, loc;

	if (rpmb_manifest_device(m, n, &dev))
		return;
	printf("device transport=%s target=%u key=0x%x",
	       rpmb_tree_transport(dev.transport), dev.target, dev.key_id);
	if (dev.id) {
		printf(" id=");
		tool_print_hex(stdout, dev.id, dev.id_len);
		printf(" kcv=");
		tool_print_hex(stdout, dev.check_value, RPMB_KCV_SIZE);
	} else {
		printf(" any");
	}
	for (i = 0; i < dev.nindexes; i++) {
		rpmb_manifest_index(&dev, i, &loc, &index);
		printf(" index=0x%x:%llu", loc, (unsigned long long)index);
	}
	putchar('\n');
}

static int show(const char *path)
{
	struct tool_file file = { 0 };
	struct rpmb_manifest m;
	int ret;
	u32 n;

	ret = tool_open_manifest(path, &file, &m);
	if (!ret) {
		printf("batch %s\n", m.batch);
		for (n = 0; n < m.devices; n++)
			show_device(&m, n);
	}
	tool_free_file(&file);
	return ret;
}

static const struct option options[] = {
	{ "from", required_argument, NULL, 'f' },
	{ "batch", required_argument, NULL, 'b' },
	{ "device", required_argument, NULL, 'd' },
	{ "out", required_argument, NULL, 'o' },
	TOOL_ITS_OPTIONS,
	{ "show", required_argument, NULL, 'w' },
	{ NULL, 0, NULL, 0 }
};

/* What the command line asks for; @text: lines made of options */
struct request {
	const char *from;
	const char *out;
	const char *show;
	struct tool_its its;
	char *text;
};

static int add_line(struct request *rq, const char *word, const char *rest)
{
	char *text;

	if (strchr(rest, '\n'))
		return tool_usage(NAME, "%s: more than a line", word);
	if (asprintf(&text, "%s%s %s\n", rq->text ?: "", word, rest) < 0)
		return tool_trouble("no memory");
	free(rq->text);
	rq->text = text;
	return 0;
}

static int take_option(struct request *rq, int opt)
{
	switch (opt) {
	case 'f':
		rq->from = optarg;
		return 0;
	case 'b':
		return add_line(rq, "batch", optarg);
	case 'd':
		return add_line(rq, "device", optarg);
	case 'o':
		rq->out = optarg;
		return 0;
	case 'w':
		rq->show = optarg;
		return 0;
	default:
		return tool_its_option(&rq->its, NAME, opt, optarg);
	}
}

static int check_request(const struct request *rq)
{
	if (rq->show && (rq->from || rq->text || rq->out || rq->its.path))
		return tool_usage(NAME, "--show goes alone");
	if (rq->show)
		return 0;
	if (!rq->from == !rq->text)
		return tool_usage(NAME, "either --from, or --batch and --device");
	if (!rq->out)
		return tool_usage(NAME, "--out is wanted");
	return tool_check_its(&rq->its, NAME, rq->out);
}

static int run(struct request *rq)
{
	struct tool_file file = { 0 };
	int ret;

	if (rq->show)
		return show(rq->show);
	if (rq->text)
		return make("options", rq->text, rq->out, &rq->its);
	ret = tool_read_file(rq->from, TEXT_MAX, &file);
	/* a NUL would end the text */
	if (!ret && memchr(file.data, 0, file.len))
		ret = tool_trouble("%s: not a text", rq->from);
	if (!ret)
		ret = make(rq->from, (char *)file.data, rq->out, &rq->its);
	tool_free_file(&file);
	return ret;
}

int tool_manifest(int argc, char **argv)
{
	struct request rq = { .its = { NULL, "rpmb-manifest",
				       "sha256,rsa2048" } };
	int opt, ret = 0;

	while (!ret && (opt = getopt_long(argc, argv, "f:b:d:o:", options,
					  NULL)) != -1)
		ret = take_option(&rq, opt);
	if (!ret && optind < argc)
		ret = tool_usage(NAME, "%s: too many words", argv[optind]);
	if (!ret)
		ret = check_request(&rq);
	if (!ret)
		ret = run(&rq);
	free(rq.text);
	return ret;
}
