// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A UFS host controller and device with RPMB, behind vfio-user
 *
 * For QEMU's vfio-user-pci. The guest sees the PCI function that QEMU's own
 * UFS host controller has, and behind it a device that QEMU's lacks: an RPMB.
 */

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>

#include "model_options.h"
#include "model_store.h"
#include "ufs_host.h"
#include "vfio_user.h"

#define PCI_VENDOR_REDHAT	0x1b36
#define PCI_DEVICE_UFS		0x0013
#define PCI_CLASS_UFSHCI	0x010901
#define LU_BLOCKS		256
#define EXIT_POWER_CUT		3

/* All there is, so that a signal handler and the help text need nothing else */
static struct {
	const char *socket;
	const char *state;
	bool keep;
	bool control;
	bool stats;
	char path[UFS_FACE_REGIONS][4096];
	struct model_store store[UFS_FACE_REGIONS];
	struct ufs_face face;
	struct ufs_host host;
	struct vfio_user vu;
} me = {
	.face = { .regions = 2, .units = 8, .rw_frames = 64,
		  .spec_version = 0x0310, .lu_blocks = LU_BLOCKS },
	.host = { .delay_ms = 1000 },
};

static volatile sig_atomic_t stop;

static const struct model_name bus_faults[] = {
	{ "delay", UFS_FACE_F_DELAY },
	{ "hang", UFS_FACE_F_HANG },
	{ "unit-attention", UFS_FACE_F_UNIT_ATTENTION },
	{ "other-attention", UFS_FACE_F_OTHER_ATTENTION },
	{ "busy", UFS_FACE_F_BUSY },
	{ "link", UFS_FACE_F_LINK },
	{ "cut-before", UFS_FACE_F_CUT_BEFORE },
	{ "cut-after", UFS_FACE_F_CUT_AFTER },
	{ "delay-reply", UFS_FACE_F_DELAY_REPLY },
	{ "hang-reply", UFS_FACE_F_HANG_REPLY },
	{ "attention-reply", UFS_FACE_F_ATTENTION_REPLY },
	{ "link-reply", UFS_FACE_F_LINK_REPLY },
	{ NULL, 0 }
};

static const char usage[] =
"rpmb-vfio-user - a UFS device with RPMB behind vfio-user\n"
"\n"
"  --socket PATH     unix socket to listen on (needed)\n"
"  --state FILE      keep keys, counters and blocks in FILE.0 and so on, one\n"
"                    file a region; without it they are lost at the end\n"
"  --regions N       1 to 4; 0 for a device without RPMB (2)\n"
"  --size N          of each region, in units of 128 KiB, 1 to 128 (8)\n"
"  --rw-size N       most blocks per message, 1 to 255 (64)\n"
"  --spec-version N  wSpecVersion; up to 0x220 there is one region (0x310)\n"
"  --advanced        the RPMB is in the advanced mode of UFS 4.0\n"
"  --quirk NAME      all regions behave so; can be given several times\n"
"  --fault WHEN      a fault of the bus or of a region's RPMB\n"
"  --delay MS        how late a delayed answer is (1000)\n"
"  --control         take commands from standard input:\n"
"                    fault WHEN | quirk NAME | delay MS | stats\n"
"  --keep            listen again when the VMM disconnects\n"
"  --stats           say at the end what was done\n"
"  --help\n"
"\n"
"WHEN is NAME[:REGION[:REQUEST[:SKIP[:TIMES]]]]; REQUEST is key, counter,\n"
"write, read, any, or 5 for the result read. A power cut ends the program\n"
"with status 3.\n";

static void help(void)
{
	fputs(usage, stdout);
	model_options_list("Quirks", model_quirks);
	model_options_list("Faults of the bus", bus_faults);
	model_options_list("Faults of the RPMB", model_faults);
}

static void print_stats(FILE *f)
{
	static const char *const names[] = {
		NULL, "key", "counter", "write", "read", "result"
	};
	const struct rpmb_model *m;
	u32 i, n;

	fprintf(f, "stats: out=%u in=%u attentions=%u queries=%u",
		me.face.outs, me.face.ins, me.face.attentions,
		me.face.queries);
	for (i = 0; i < me.face.regions; i++) {
		m = &me.face.region[i];
		fprintf(f, " r%u:", i);
		for (n = 1; n <= 5; n++)
			fprintf(f, " %s=%u", names[n], m->requests[n]);
		fprintf(f, " written=%u commits=%u", m->writes,
			me.store[i].commits);
	}
	fputc('\n', f);
	fflush(f);
}

static int set_quirk(const char *name)
{
	const struct model_name *n;
	u32 i;

	for (n = model_quirks; n->name; n++) {
		if (strcmp(n->name, name))
			continue;
		for (i = 0; i < UFS_FACE_REGIONS; i++)
			me.face.region[i].quirks |= n->val;
		return 0;
	}
	fprintf(stderr, "quirk '%s' is not known\n", name);

	return -1;
}

static bool is_bus_fault(const char *name, size_t len)
{
	const struct model_name *n;

	for (n = bus_faults; n->name; n++)
		if (strlen(n->name) == len && !strncmp(n->name, name, len))
			return true;

	return false;
}

/* Takes the region out of NAME[:REGION[:REST]], which leaves NAME[:REST] */
static int cut_region(const char *spec, char *rest, size_t size, u32 *region)
{
	size_t len = strcspn(spec, ":");
	const char *at = spec + len;
	char digits[4];
	int n;

	*region = 0;
	if (*at) {
		n = strcspn(at + 1, ":");
		snprintf(digits, sizeof(digits), "%.*s", n, at + 1);
		if (model_options_number("region", digits, 0,
					 UFS_FACE_REGIONS - 1, region))
			return -1;
		at += 1 + n;
	}
	n = snprintf(rest, size, "%.*s%s", (int)len, spec, at);

	return (size_t)n < size ? 0 : -1;
}

static int set_fault(const char *spec)
{
	struct model_when w;
	char rest[64];
	u32 region;

	if (cut_region(spec, rest, sizeof(rest), &region))
		return -1;
	if (!is_bus_fault(rest, strcspn(rest, ":")))
		return model_options_fault(&me.face.region[region], rest);
	if (model_options_when(bus_faults, rest, &w))
		return -1;
	ufs_face_arm(&me.face, w.val, region, w.req, w.skip, w.times);

	return 0;
}

static int set_delay(const char *arg)
{
	return model_options_number("delay", arg, 0, 600000,
				    &me.host.delay_ms);
}

/* One line of standard input; each is answered by one line */
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
		return set_fault(arg);
	if (!strcmp(line, "quirk"))
		return set_quirk(arg);
	if (!strcmp(line, "delay"))
		return set_delay(arg);

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
	case 'r':
		return model_options_number("regions", arg, 0,
					    UFS_FACE_REGIONS,
					    &me.face.regions);
	case 'c':
		return model_options_number("size", arg, 1, 128,
					    &me.face.units);
	case 'w':
		return model_options_number("rw-size", arg, 1, 255,
					    &me.face.rw_frames);
	case 'v':
		return model_options_number("spec-version", arg, 0, 0xffff,
					    &me.face.spec_version);
	case 'q':
		return set_quirk(arg);
	case 'F':
		return set_fault(arg);
	case 'd':
		return set_delay(arg);
	default:
		return -1;
	}
}

static int set_flag(int opt)
{
	switch (opt) {
	case 'a':
		me.face.advanced = true;
		return 0;
	case 'I':
		me.control = true;
		return 0;
	case 'k':
		me.keep = true;
		return 0;
	case 'S':
		me.stats = true;
		return 0;
	case 'h':
		help();
		exit(0);
	default:
		return -1;
	}
}

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "state", required_argument, NULL, 'f' },
		{ "regions", required_argument, NULL, 'r' },
		{ "size", required_argument, NULL, 'c' },
		{ "rw-size", required_argument, NULL, 'w' },
		{ "spec-version", required_argument, NULL, 'v' },
		{ "advanced", no_argument, NULL, 'a' },
		{ "quirk", required_argument, NULL, 'q' },
		{ "fault", required_argument, NULL, 'F' },
		{ "delay", required_argument, NULL, 'd' },
		{ "control", no_argument, NULL, 'I' },
		{ "keep", no_argument, NULL, 'k' },
		{ "stats", no_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0)
		if (optarg ? set_option(opt, optarg) : set_flag(opt))
			return -1;
	if (optind != argc || !me.socket) {
		fputs("rpmb-vfio-user: see --help\n", stderr);
		return -1;
	}
	if (me.face.spec_version <= 0x0220 && me.face.regions > 1)
		me.face.regions = 1;

	return 0;
}

static void *dma(void *ctx, u64 addr, u64 len)
{
	return vfio_user_dma(ctx, addr, len);
}

static u64 now(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &ts);

	return 1 + ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

/* What was committed is in the files; nothing else outlives a power cut */
static void power_cut(void *ctx)
{
	(void)ctx;
	if (me.stats)
		print_stats(stderr);
	_exit(EXIT_POWER_CUT);
}

static const struct ufs_host_ops host_ops = { dma, now, power_cut };

static u32 bar_read(void *ctx, u32 at)
{
	return ufs_host_read(ctx, at);
}

static void bar_write(void *ctx, u32 at, u32 val)
{
	ufs_host_write(ctx, at, val);
}

static void bar_reset(void *ctx)
{
	ufs_host_reset(ctx);
}

static const struct vfio_user_ops bar_ops = { bar_read, bar_write, bar_reset };

static int open_region(u32 i)
{
	const char *path = NULL;

	if (me.state) {
		snprintf(me.path[i], sizeof(me.path[i]), "%s.%u", me.state, i);
		path = me.path[i];
	}

	return model_store_open(&me.store[i], path, &me.face.region[i]);
}

static int set_up(void)
{
	u32 i;

	ufs_face_init(&me.face);
	for (i = 0; i < me.face.regions; i++)
		if (open_region(i))
			return -1;
	me.face.lu = calloc(LU_BLOCKS, UFS_FACE_LU_BLOCK);
	if (!me.face.lu)
		return -1;
	ufs_face_power_up(&me.face);

	me.host.face = &me.face;
	me.host.ops = &host_ops;
	me.host.ctx = &me.vu;
	me.vu.fd = -1;
	me.vu.ops = &bar_ops;
	me.vu.ctx = &me.host;
	me.vu.bar_size = UFS_HOST_SIZE;
	vfio_user_set_id(&me.vu, PCI_VENDOR_REDHAT, PCI_DEVICE_UFS,
			 PCI_CLASS_UFSHCI);

	return 0;
}

/* Returns -1 when there is nobody left to serve */
static int serve_ready(const struct pollfd *fds, int listener)
{
	if (fds[1].revents)
		control();
	if (!fds[0].revents)
		return 0;
	if (me.vu.fd < 0) {
		vfio_user_open(&me.vu, accept(listener, NULL, NULL));
		return 0;
	}
	if (!vfio_user_message(&me.vu))
		return 0;
	ufs_host_reset(&me.host);
	vfio_user_close(&me.vu);

	return me.keep ? 0 : -1;
}

static int serve(int listener, const sigset_t *waiting)
{
	struct timespec ts;
	struct pollfd fds[2];
	int n, wait;

	while (!stop) {
		wait = ufs_host_tick(&me.host);
		ts.tv_sec = wait / 1000;
		ts.tv_nsec = wait % 1000 * 1000000l;
		fds[0].fd = me.vu.fd < 0 ? listener : me.vu.fd;
		fds[1].fd = me.control ? STDIN_FILENO : -1;
		fds[0].events = POLLIN;
		fds[1].events = POLLIN;
		n = ppoll(fds, 2, wait < 0 ? NULL : &ts, waiting);
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

/* A signal is taken while the server waits, never in the middle of a change */
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

static void clean_up(int listener)
{
	u32 i;

	ufs_host_reset(&me.host);
	vfio_user_close(&me.vu);
	close(listener);
	unlink(me.socket);
	for (i = 0; i < me.face.regions; i++)
		model_store_close(&me.store[i]);
	free(me.face.lu);
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
	listener = vfio_user_listen(me.socket);
	if (listener < 0)
		return 1;

	ret = serve(listener, &waiting);

	if (me.stats)
		print_stats(stderr);
	clean_up(listener);

	return ret;
}
