// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool manifest: make provisioning manifests, and show them
 */

#include <getopt.h>
#include <stdlib.h>
#include <rpmb/fdt.h>

#include "tool.h"

#define NAME		"manifest"
#define TEXT_MAX	0x100000	/* bytes of a text to make one from */

int tool_open_manifest(const struct tool_show *how, struct tool_file *file,
		       struct tool_signed *sig, struct rpmb_manifest *m)
{
	struct rpmb_tree_fault fault;
	int ret;

	ret = tool_open_signed(how, NAME, TOOL_FIT_MAX, file, sig);
	if (ret)
		return ret;
	if (!rpmb_manifest_open(m, file->data, file->len, &fault))
		return 0;
	/* print no names of a file that is no manifest */
	tool_trouble("%s: no manifest: %s", how->path, fault.why);
	return TOOL_BAD;
}

static void show_device(const struct rpmb_manifest_device *dev)
{
	u64 index;
	u32 i, loc;

	printf("device transport=%s target=%u key=0x%x",
	       rpmb_tree_transport(dev->transport), dev->target, dev->key_id);
	if (dev->id) {
		printf(" id=");
		tool_print_hex(stdout, dev->id, dev->id_len);
		printf(" kcv=");
		tool_print_hex(stdout, dev->check_value, RPMB_KCV_SIZE);
	} else {
		printf(" any");
	}
	for (i = 0; i < dev->nindexes; i++) {
		rpmb_manifest_index(dev, i, &loc, &index);
		printf(" index=0x%x:0x%llx", loc, (unsigned long long)index);
	}
	putchar('\n');
}

static void show_json_indexes(struct tool_json *j,
			      const struct rpmb_manifest_device *dev)
{
	u64 index;
	u32 i, loc;

	tool_json_open(j, "indexes", '[');
	for (i = 0; i < dev->nindexes; i++) {
		rpmb_manifest_index(dev, i, &loc, &index);
		tool_json_open(j, NULL, '{');
		tool_json_hex(j, "location", loc);
		tool_json_hex(j, "index", index);
		tool_json_close(j, '}');
	}
	tool_json_close(j, ']');
}

static void show_json_device(struct tool_json *j,
			     const struct rpmb_manifest_device *dev)
{
	tool_json_open(j, NULL, '{');
	tool_json_text(j, "transport", rpmb_tree_transport(dev->transport));
	tool_json_number(j, "target", dev->target);
	tool_json_hex(j, "key", dev->key_id);
	tool_json_flag(j, "any", !dev->id);
	if (dev->id) {
		tool_json_bytes(j, "id", dev->id, dev->id_len);
		tool_json_bytes(j, "kcv", dev->check_value, RPMB_KCV_SIZE);
	}
	show_json_indexes(j, dev);
	tool_json_close(j, '}');
}

static void show_json(const struct rpmb_manifest *m,
		      const struct tool_signed *sig)
{
	struct rpmb_manifest_device dev;
	struct tool_json j = { 0 };
	u32 n;

	tool_json_open(&j, NULL, '{');
	tool_json_text(&j, "batch", m->batch);
	tool_json_signed(&j, sig);
	tool_json_open(&j, "devices", '[');
	for (n = 0; n < m->devices; n++)
		if (!rpmb_manifest_device(m, n, &dev))
			show_json_device(&j, &dev);
	tool_json_close(&j, ']');
	tool_json_close(&j, '}');
}

static void show_text(const struct rpmb_manifest *m)
{
	struct rpmb_manifest_device dev;
	u32 n;

	printf("batch %s\n", m->batch);
	for (n = 0; n < m->devices; n++)
		if (!rpmb_manifest_device(m, n, &dev))
			show_device(&dev);
}

static int show(const struct tool_show *how)
{
	struct tool_file file = { 0 };
	struct tool_signed sig;
	struct rpmb_manifest m;
	int ret;

	ret = tool_open_manifest(how, &file, &sig, &m);
	if (!ret && how->json)
		show_json(&m, &sig);
	else if (!ret)
		show_text(&m);
	if (!ret)
		tool_say_signed(how->path, &sig);
	tool_free_file(&file);
	return ret;
}

/* Make a manifest of @text, which is used up */
static int make(const char *from, char *text, const char *out,
		const struct tool_its *its)
{
	u8 *fdt = NULL;
	int ret;

	ret = tool_make_batch(from, text, &fdt);
	if (!ret)
		ret = tool_write_file(out, fdt, fdt_totalsize(fdt));
	if (!ret && its->path)
		ret = tool_write_its(its, NAME, "RPMB provisioning manifest",
				     out);
	free(fdt);
	return ret;
}

static const struct option options[] = {
	{ "from", required_argument, NULL, 'f' },
	{ "batch", required_argument, NULL, 'b' },
	{ "device", required_argument, NULL, 'd' },
	{ "out", required_argument, NULL, 'o' },
	TOOL_ITS_OPTIONS,
	TOOL_SHOW_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

/* What the command line asks for; @text: lines made of options */
struct request {
	const char *from;
	const char *out;
	struct tool_show show;
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
	default:
		if (tool_show_option(&rq->show, opt, optarg))
			return 0;
		return tool_its_option(&rq->its, NAME, opt, optarg);
	}
}

static int check_request(const struct request *rq)
{
	const char * const in[] = { rq->from };

	if (rq->show.path && (rq->from || rq->text || rq->out || rq->its.path))
		return tool_usage(NAME, "--show goes alone");
	if (rq->show.path)
		return 0;
	if (rq->show.cert || rq->show.json)
		return tool_usage(NAME, "--verify and --json go with --show");
	if (!rq->from == !rq->text)
		return tool_usage(NAME, "either --from, or --batch and --device");
	if (!rq->out)
		return tool_usage(NAME, "--out is wanted");
	return tool_check_its(&rq->its, NAME, rq->out, in, 1);
}

/* A NUL would end the text */
static int check_text(const char *path, const struct tool_file *file)
{
	const u8 *nul = memchr(file->data, 0, file->len), *at;
	u32 line = 1;

	for (at = file->data; nul && at < nul; at++)
		line += *at == '\n';
	return nul ? tool_trouble("%s:%u: not a text: it has a NUL", path,
				  line) : 0;
}

static int run(struct request *rq)
{
	struct tool_file file = { 0 };
	int ret;

	if (rq->show.path)
		return show(&rq->show);
	if (rq->text)
		return make("options", rq->text, rq->out, &rq->its);
	ret = tool_read_file(rq->from, TEXT_MAX, &file);
	if (!ret)
		ret = check_text(rq->from, &file);
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
