// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool token: make service tokens, and show them
 */

#include <getopt.h>
#include <stdlib.h>
#include <rpmb/fdt.h>
#include <rpmb/token.h>

#include "tool.h"

#define NAME	"token"

static const struct option options[] = {
	{ "transport", required_argument, NULL, 't' },
	{ "target", required_argument, NULL, 'r' },
	{ "id", required_argument, NULL, 'i' },
	{ "name", required_argument, NULL, 'n' },
	{ "counter", required_argument, NULL, 'c' },
	{ "reset-index", required_argument, NULL, 'x' },
	{ "rma", no_argument, NULL, 'm' },
	{ "out", required_argument, NULL, 'o' },
	TOOL_ITS_OPTIONS,
	TOOL_SHOW_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

/* What the command line asks for */
struct request {
	struct tool_device dev;
	bool has_counter, has_index, rma;
	u32 counter;
	u8 index[12];
	const char *out;
	struct tool_show show;
	struct tool_its its;
};

static int take_counter(struct request *rq, const char *arg)
{
	const char *why;
	u64 val;

	why = tool_parse_number(arg, 0xffffffff, &val);
	if (why)
		return tool_usage(NAME, "%s: not a counter: %s", arg, why);
	rq->counter = val;
	rq->has_counter = true;
	return 0;
}

static int take_index(struct request *rq, const char *arg)
{
	const char *why;

	if (rq->has_index)
		return tool_usage(NAME, "%s: a second one", arg);
	why = tool_parse_index(arg, rq->index);
	if (why)
		return tool_usage(NAME, "%s: %s", arg, why);
	rq->has_index = true;
	return 0;
}

static int take_option(struct request *rq, int opt)
{
	switch (opt) {
	case 't':
	case 'r':
	case 'i':
	case 'n':
		return tool_device_option(&rq->dev, NAME, opt, optarg);
	case 'c':
		return take_counter(rq, optarg);
	case 'x':
		return take_index(rq, optarg);
	case 'm':
		rq->rma = true;
		return 0;
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
	bool makes = rq->dev.transport || rq->dev.id_len || rq->has_counter ||
		rq->has_index || rq->rma || rq->out || rq->its.path;

	if (rq->show.path && makes)
		return tool_usage(NAME, "--show goes alone");
	if (rq->show.path)
		return 0;
	if (rq->show.cert || rq->show.json)
		return tool_usage(NAME, "--verify and --json go with --show");
	if (!rq->dev.transport || !rq->dev.id_len || !rq->has_counter)
		return tool_usage(NAME,
				  "--transport, --id and --counter are wanted");
	if (rq->has_index == rq->rma)
		return tool_usage(NAME, "either --reset-index or --rma");
	if (!rq->out)
		return tool_usage(NAME, "--out is wanted");
	return tool_check_its(&rq->its, NAME, rq->out, NULL, 0);
}

/* The blob always has enough room */
static int fill(u8 *fdt, const struct request *rq)
{
	const struct tool_device *dev = &rq->dev;
	int ret;

	ret = fdt_create(fdt, RPMB_TOKEN_MAX);
	if (!ret)
		ret = fdt_finish_reservemap(fdt);
	if (!ret)
		ret = fdt_begin_node(fdt, "");
	if (!ret)
		ret = fdt_property_string(fdt, "compatible",
					  "u-boot,rpmb-token");
	if (!ret)
		ret = fdt_property_u32(fdt, "version", RPMB_TOKEN_VERSION);
	if (!ret)
		ret = fdt_property_string(fdt, "transport",
					  rpmb_tree_transport(dev->transport));
	if (!ret)
		ret = fdt_property_u32(fdt, "target", dev->target);
	if (!ret)
		ret = fdt_property(fdt, "id", dev->id, dev->id_len);
	if (!ret)
		ret = fdt_property_u32(fdt, "write-counter", rq->counter);
	if (!ret)
		ret = rq->rma ? fdt_property(fdt, "rma", NULL, 0) :
			fdt_property(fdt, "reset-index", rq->index,
				     sizeof(rq->index));
	if (!ret)
		ret = fdt_end_node(fdt);
	return ret ? ret : fdt_finish(fdt);
}

static int make(const struct request *rq)
{
	u8 *fdt = calloc(1, RPMB_TOKEN_MAX);
	struct rpmb_tree_fault fault;
	struct rpmb_token t;
	int ret;

	if (!fdt || fill(fdt, rq)) {
		free(fdt);
		return tool_trouble("no memory");
	}
	ret = rpmb_token_open(&t, fdt, fdt_totalsize(fdt), &fault);
	if (ret) {
		tool_trouble("%s: %s", fault.prop ?: "token", fault.why);
		ret = TOOL_BAD;
	}
	if (!ret)
		ret = tool_write_file(rq->out, fdt, fdt_totalsize(fdt));
	if (!ret && rq->its.path)
		ret = tool_write_its(&rq->its, NAME, "RPMB service token",
				     rq->out);
	free(fdt);
	return ret;
}

static void print(const struct rpmb_token *t)
{
	printf("--transport %s --target %u --id ",
	       rpmb_tree_transport(t->device.transport), t->device.target);
	tool_print_hex(stdout, t->device.dev_id, t->device.dev_id_len);
	printf(" --counter 0x%x ", t->counter);
	if (t->action == RPMB_TOKEN_RMA)
		printf("--rma\n");
	else
		printf("--reset-index 0x%x:0x%llx\n", t->loc,
		       (unsigned long long)t->index);
}

static void print_json(const struct rpmb_token *t,
		       const struct tool_signed *sig)
{
	bool rma = t->action == RPMB_TOKEN_RMA;
	struct tool_json j = { 0 };

	tool_json_open(&j, NULL, '{');
	tool_json_text(&j, "transport",
		       rpmb_tree_transport(t->device.transport));
	tool_json_number(&j, "target", t->device.target);
	tool_json_bytes(&j, "id", t->device.dev_id, t->device.dev_id_len);
	tool_json_hex(&j, "counter", t->counter);
	tool_json_text(&j, "action", rma ? "rma" : "reset-index");
	if (!rma) {
		tool_json_hex(&j, "location", t->loc);
		tool_json_hex(&j, "index", t->index);
	}
	tool_json_signed(&j, sig);
	tool_json_close(&j, '}');
}

static int show(const struct tool_show *how)
{
	struct tool_file file = { 0 };
	struct rpmb_tree_fault fault;
	struct tool_signed sig;
	struct rpmb_token t;
	int ret;

	ret = tool_open_signed(how, NAME, TOOL_TOKEN_MAX, &file, &sig);
	if (ret)
		return ret;
	if (rpmb_token_open(&t, file.data, file.len, &fault)) {
		/* print no names of a file that is no token */
		tool_trouble("%s: no token: %s", how->path, fault.why);
		ret = TOOL_BAD;
	} else if (how->json) {
		print_json(&t, &sig);
	} else {
		print(&t);
	}
	if (!ret)
		tool_say_signed(how->path, &sig);
	tool_free_file(&file);
	return ret;
}

int tool_token(int argc, char **argv)
{
	struct request rq = { .its = { NULL, "rpmb-token",
				       "sha256,rsa2048" } };
	int opt, ret = 0;

	tool_device_init(&rq.dev);
	while (!ret && (opt = getopt_long(argc, argv, "o:", options, NULL)) != -1)
		ret = take_option(&rq, opt);
	if (!ret && optind < argc)
		ret = tool_usage(NAME, "%s: too many words", argv[optind]);
	if (!ret)
		ret = check_request(&rq);
	if (ret)
		return ret;
	return rq.show.path ? show(&rq.show) : make(&rq);
}
