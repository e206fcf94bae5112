// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A virtio RPMB device in a process of its own, behind vhost-user
 *
 * For QEMU's generic vhost-user device, which needs to be told what it is:
 * -device vhost-user-test-device,virtio-id=28,num_vqs=1,config_size=3
 */

#include "model_options.h"
#include "model_server.h"
#include "model_store.h"
#include "vhost_user.h"

#define BLOCKS_PER_UNIT	512
#define NO_CLAIM	256

/* All there is; the server calls us without a context: there is one device */
static struct {
	struct model_server server;
	u32 capacity;
	u32 claim;
	struct rpmb_model model;
	struct model_store store;
	struct virtio_front front;
	struct vhost_user vu;
} me = { .capacity = 8, .claim = NO_CLAIM };

static const struct model_name front_quirks[] = {
	{ "result-count-0", VIRTIO_FRONT_Q_RESULT_COUNT_0 },
	{ "no-result-hangs", VIRTIO_FRONT_Q_NO_RESULT_HANGS },
	{ "config-changes", VIRTIO_FRONT_Q_CONFIG_CHANGES },
	{ NULL, 0 }
};

static const struct model_name hostilities[] = {
	{ "none", VIRTIO_FRONT_H_NONE },
	{ "hang", VIRTIO_FRONT_H_HANG },
	{ "short-len", VIRTIO_FRONT_H_SHORT_LEN },
	{ "zero-len", VIRTIO_FRONT_H_ZERO_LEN },
	{ "long-len", VIRTIO_FRONT_H_LONG_LEN },
	{ "bad-id", VIRTIO_FRONT_H_BAD_ID },
	{ "other-id", VIRTIO_FRONT_H_OTHER_ID },
	{ "index-jump", VIRTIO_FRONT_H_INDEX_JUMP },
	{ "index-back", VIRTIO_FRONT_H_INDEX_BACK },
	{ NULL, 0 }
};

static const char usage[] =
"rpmb-vhost-user - a virtio RPMB device behind vhost-user\n"
"\n"
"  --socket PATH     unix socket to listen on (needed)\n"
"  --state FILE      keep key, counter and blocks there; without it they\n"
"                    are lost at the end\n"
"  --capacity N      in units of 128 KiB, 1 to 128 (8)\n"
"  --max-wr N        most blocks per write, 0 for no limit (0)\n"
"  --max-rd N        most blocks per read, 0 for no limit (0)\n"
"  --claim N         capacity byte that is shown instead of the true one\n"
"  --strict          take one frame per descriptor only\n"
"  --quirk NAME      behave as some peers do; can be given several times\n"
"  --fault WHEN      a fault of the RPMB\n"
"  --hostile WHEN    a fault of the queue\n"
"  --control         take commands from standard input:\n"
"                    fault WHEN | hostile WHEN | quirk NAME | stats;\n"
"                    the last line of each answer is ok or error\n"
"  --keep            listen again when the VMM disconnects\n"
"  --stats           say at the end what was done\n"
"  --help\n"
"\n"
"WHEN is NAME[:REQUEST[:SKIP[:TIMES]]]; REQUEST is key, counter, write, read\n"
"or any.\n";

static void help(void)
{
	fputs(usage, stdout);
	model_options_list("Quirks", front_quirks);
	model_options_list("and", model_quirks);
	model_options_list("Faults", model_faults);
	model_options_list("Hostile", hostilities);
}

static void print_stats(FILE *f)
{
	const struct rpmb_model *m = &me.model;

	fprintf(f, "stats: chains=%u out=%u in=%u", me.front.chains,
		me.front.frames_out, me.front.frames_in);
	fprintf(f, " key=%u counter=%u write=%u read=%u result=%u",
		m->requests[1], m->requests[2], m->requests[3],
		m->requests[4], m->requests[5]);
	fprintf(f, " written=%u commits=%u\n", m->writes, me.store.commits);
	fflush(f);
}

static int set_quirk(const char *name)
{
	size_t len = strlen(name);
	const struct model_name *n;

	n = model_options_find(front_quirks, name, len);
	if (n) {
		me.front.quirks |= n->val;
		return 0;
	}
	n = model_options_find(model_quirks, name, len);
	if (n) {
		me.model.quirks |= n->val;
		return 0;
	}
	fprintf(stderr, "quirk '%s' is not known\n", name);

	return -1;
}

static int set_hostile(const char *spec)
{
	struct model_when w;

	if (model_options_when(hostilities, spec, &w))
		return -1;
	virtio_front_arm(&me.front, w.val, w.req, w.skip, w.times);

	return 0;
}

static int command(const char *what, const char *arg)
{
	if (!strcmp(what, "fault"))
		return model_options_fault(&me.model, arg);
	if (!strcmp(what, "hostile"))
		return set_hostile(arg);
	if (!strcmp(what, "quirk"))
		return set_quirk(arg);

	return -1;
}

static int set_option(int opt, const char *arg)
{
	switch (opt) {
	case 'c':
		return model_options_number("capacity", arg, 1, 128,
					    &me.capacity);
	case 'w':
		return model_options_number("max-wr", arg, 0, 255,
					    &me.model.max_wr);
	case 'r':
		return model_options_number("max-rd", arg, 0, 255,
					    &me.model.max_rd);
	case 'C':
		return model_options_number("claim", arg, 0, 255, &me.claim);
	case 't':
		me.front.strict = true;
		return 0;
	case 'q':
		return set_quirk(arg);
	case 'F':
		return model_options_fault(&me.model, arg);
	case 'H':
		return set_hostile(arg);
	default:
		return -1;
	}
}

static const struct option options[] = {
	{ "capacity", required_argument, NULL, 'c' },
	{ "max-wr", required_argument, NULL, 'w' },
	{ "max-rd", required_argument, NULL, 'r' },
	{ "claim", required_argument, NULL, 'C' },
	{ "strict", no_argument, NULL, 't' },
	{ "quirk", required_argument, NULL, 'q' },
	{ "fault", required_argument, NULL, 'F' },
	{ "hostile", required_argument, NULL, 'H' },
	{ NULL, 0, NULL, 0 }
};

static int set_up(void)
{
	me.model.flavour = RPMB_MODEL_VIRTIO;
	me.model.blocks = me.capacity * BLOCKS_PER_UNIT;
	me.front.model = &me.model;
	me.front.capacity = me.claim == NO_CLAIM ? me.capacity : me.claim;
	me.vu.fd = -1;
	me.vu.vring.kick = -1;
	me.vu.vring.call = -1;
	if (model_store_open(&me.store, me.server.state, &me.model))
		return -1;
	rpmb_model_power_up(&me.model);

	return 0;
}

static void open_connection(int fd)
{
	vhost_user_open(&me.vu, fd, &me.front);
}

static int message(void)
{
	return vhost_user_message(&me.vu);
}

static void close_connection(void)
{
	vhost_user_close(&me.vu);
}

static void event(void)
{
	vhost_user_kick(&me.vu);
}

static void clean_up(void)
{
	model_store_close(&me.store);
}

int main(int argc, char **argv)
{
	static const struct model_server_ops ops = {
		.option = set_option, .command = command, .help = help,
		.print_stats = print_stats, .set_up = set_up,
		.clean_up = clean_up, .open = open_connection,
		.message = message, .close = close_connection, .event = event,
	};

	me.server.name = "rpmb-vhost-user";
	me.server.ops = &ops;
	me.server.options = options;
	me.server.fd = &me.vu.fd;
	me.server.event = &me.vu.vring.kick;

	return model_server_main(&me.server, argc, argv);
}
