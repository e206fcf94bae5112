// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A virtio RPMB device in a process of its own, behind vhost-user
 *
 * For QEMU's generic vhost-user device, which needs to be told what it is:
 * -device vhost-user-test-device,virtio-id=28,num_vqs=1,config_size=3
 */

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>

#include "model_options.h"
#include "model_store.h"
#include "vhost_user.h"

#define BLOCKS_PER_UNIT	512

/* All there is, so that a signal handler and the help text need nothing else */
static struct {
	const char *socket;
	const char *state;
	bool keep;
	bool control;
	bool stats;
	u32 capacity;
	struct rpmb_model model;
	struct model_store store;
	struct virtio_face face;
	struct vhost_user vu;
} me = { .capacity = 8 };

static volatile sig_atomic_t stop;

static const struct model_name face_quirks[] = {
	{ "result-count-0", VIRTIO_FACE_Q_RESULT_COUNT_0 },
	{ "no-result-hangs", VIRTIO_FACE_Q_NO_RESULT_HANGS },
	{ "config-changes", VIRTIO_FACE_Q_CONFIG_CHANGES },
	{ NULL, 0 }
};

static const struct model_name hostilities[] = {
	{ "none", VIRTIO_FACE_H_NONE },
	{ "hang", VIRTIO_FACE_H_HANG },
	{ "short-len", VIRTIO_FACE_H_SHORT_LEN },
	{ "zero-len", VIRTIO_FACE_H_ZERO_LEN },
	{ "long-len", VIRTIO_FACE_H_LONG_LEN },
	{ "bad-id", VIRTIO_FACE_H_BAD_ID },
	{ "other-id", VIRTIO_FACE_H_OTHER_ID },
	{ "index-jump", VIRTIO_FACE_H_INDEX_JUMP },
	{ "index-back", VIRTIO_FACE_H_INDEX_BACK },
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
	model_options_list("Quirks", face_quirks);
	model_options_list("and", model_quirks);
	model_options_list("Faults", model_faults);
	model_options_list("Hostile", hostilities);
}

static void print_stats(FILE *f)
{
	const struct rpmb_model *m = &me.model;

	fprintf(f, "stats: chains=%u out=%u in=%u", me.face.chains,
		me.face.frames_out, me.face.frames_in);
	fprintf(f, " key=%u counter=%u write=%u read=%u result=%u",
		m->requests[1], m->requests[2], m->requests[3],
		m->requests[4], m->requests[5]);
	fprintf(f, " written=%u commits=%u\n", m->writes, me.store.commits);
	fflush(f);
}

static int set_quirk(const char *name)
{
	const struct model_name *n;

	for (n = face_quirks; n->name; n++) {
		if (!strcmp(n->name, name)) {
			me.face.quirks |= n->val;
			return 0;
		}
	}
	for (n = model_quirks; n->name; n++) {
		if (!strcmp(n->name, name)) {
			me.model.quirks |= n->val;
			return 0;
		}
	}
	fprintf(stderr, "quirk '%s' is not known\n", name);

	return -1;
}

static int set_hostile(const char *spec)
{
	struct model_when w;

	if (model_options_when(hostilities, spec, &w))
		return -1;
	virtio_face_arm(&me.face, w.val, w.req, w.skip, w.times);

	return 0;
}

/* One line of standard input */
static int command(char *line)
{
	char *arg = strchr(line, ' ');

	if (!strcmp(line, "stats")) {
		print_stats(stdout);
		return 0;
	}
	if (!arg)
		return -1;
	*arg++ = '\0';
	if (!strcmp(line, "fault"))
		return model_options_fault(&me.model, arg);
	if (!strcmp(line, "hostile"))
		return set_hostile(arg);
	if (!strcmp(line, "quirk"))
		return set_quirk(arg);

	return -1;
}

static void control(void)
{
	char line[128];
	size_t n = 0;

	/* byte by byte: what is behind the line must stay for poll() to see */
	while (n < sizeof(line) - 1) {
		if (read(STDIN_FILENO, line + n, 1) != 1) {
			me.control = false;
			return;
		}
		if (line[n++] == '\n')
			break;
	}
	line[n - 1] = '\0';
	puts(command(line) ? "error" : "ok");
	fflush(stdout);
}

static int set_option(int opt, const char *arg)
{
	switch (opt) {
	case 's':
		me.socket = arg;
		return 0;
	case 'f':
		me.state = arg;
		return 0;
	case 'c':
		return model_options_number("capacity", arg, 1, 128,
					    &me.capacity);
	case 'w':
		return model_options_number("max-wr", arg, 0, 255,
					    &me.model.max_wr);
	case 'r':
		return model_options_number("max-rd", arg, 0, 255,
					    &me.model.max_rd);
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

static int set_claim(const char *arg)
{
	u32 val;

	if (model_options_number("claim", arg, 0, 255, &val))
		return -1;
	me.face.capacity = val;

	return 0;
}

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "state", required_argument, NULL, 'f' },
		{ "capacity", required_argument, NULL, 'c' },
		{ "max-wr", required_argument, NULL, 'w' },
		{ "max-rd", required_argument, NULL, 'r' },
		{ "claim", required_argument, NULL, 'C' },
		{ "quirk", required_argument, NULL, 'q' },
		{ "fault", required_argument, NULL, 'F' },
		{ "hostile", required_argument, NULL, 'H' },
		{ "control", no_argument, NULL, 'I' },
		{ "keep", no_argument, NULL, 'k' },
		{ "stats", no_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	const char *claim = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (opt == 'h') {
			help();
			exit(0);
		}
		if (opt == 'I')
			me.control = true;
		else if (opt == 'k')
			me.keep = true;
		else if (opt == 'S')
			me.stats = true;
		else if (opt == 'C')
			claim = optarg;
		else if (set_option(opt, optarg))
			return -1;
	}
	if (optind != argc || !me.socket) {
		fputs("rpmb-vhost-user: see --help\n", stderr);
		return -1;
	}
	me.face.capacity = me.capacity;

	return claim ? set_claim(claim) : 0;
}

static int set_up(void)
{
	me.model.flavour = RPMB_MODEL_VIRTIO;
	me.model.blocks = me.capacity * BLOCKS_PER_UNIT;
	me.face.model = &me.model;
	me.vu.fd = -1;
	me.vu.vring.kick = -1;
	me.vu.vring.call = -1;
	if (model_store_open(&me.store, me.state, &me.model))
		return -1;
	rpmb_model_power_up(&me.model);

	return 0;
}

/* Returns -1 when there is nobody left to serve */
static int serve_ready(const struct pollfd *fds, int listener)
{
	if (fds[2].revents)
		control();
	if (fds[1].revents & POLLIN)
		vhost_user_kick(&me.vu);
	if (!fds[0].revents)
		return 0;
	if (me.vu.fd < 0) {
		vhost_user_open(&me.vu, accept(listener, NULL, NULL), &me.face);
		return 0;
	}
	if (!vhost_user_message(&me.vu))
		return 0;
	vhost_user_close(&me.vu);

	return me.keep ? 0 : -1;
}

static int serve(int listener, const sigset_t *waiting)
{
	struct pollfd fds[3];
	int n;

	while (!stop) {
		fds[0].fd = me.vu.fd < 0 ? listener : me.vu.fd;
		fds[1].fd = me.vu.vring.kick;
		fds[2].fd = me.control ? STDIN_FILENO : -1;
		fds[0].events = POLLIN;
		fds[1].events = POLLIN;
		fds[2].events = POLLIN;
		n = ppoll(fds, 3, NULL, waiting);
		if (n < 0 && errno != EINTR) {
			perror("poll");
			return 1;
		}
		if (n > 0 && serve_ready(fds, listener))
			break;
	}

	return 0;
}

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/* A signal is taken while the daemon waits, never in the middle of a change */
static void set_signals(sigset_t *waiting)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

int main(int argc, char **argv)
{
	sigset_t waiting;
	int listener, ret;

	if (parse(argc, argv))
		return 2;
	set_signals(&waiting);
	if (set_up())
		return 1;
	listener = vhost_user_listen(me.socket);
	if (listener < 0)
		return 1;

	ret = serve(listener, &waiting);

	vhost_user_close(&me.vu);
	close(listener);
	unlink(me.socket);
	model_store_close(&me.store);
	if (me.stats)
		print_stats(stderr);

	return ret;
}
