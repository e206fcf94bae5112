// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A UFS host controller and device with RPMB, behind vfio-user
 *
 * For QEMU's vfio-user-pci. The guest sees the PCI function that QEMU's own
 * UFS host controller has, and behind it a device that QEMU's lacks: an RPMB.
 */

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model_options.h"
#include "model_server.h"
#include "model_store.h"
#include "vfio_ufs.h"

#define LU_BLOCKS		256
#define EXIT_POWER_CUT		3

/* All there is; the server calls us without a context: there is one device */
static struct {
	struct model_server server;
	char path[UFS_FRONT_REGIONS][4096];
	struct model_store store[UFS_FRONT_REGIONS];
	struct ufs_front front;
	struct ufs_host host;
	struct vfio_user vu;
} me = {
	.front = { .regions = 2, .units = 8, .rw_frames = 64,
		  .spec_version = 0x0310, .lu_blocks = LU_BLOCKS },
	.host = { .delay_ms = 1000 },
};

static const struct model_name bus_faults[] = {
	{ "delay", UFS_FRONT_F_DELAY },
	{ "hang", UFS_FRONT_F_HANG },
	{ "unit-attention", UFS_FRONT_F_UNIT_ATTENTION },
	{ "other-attention", UFS_FRONT_F_OTHER_ATTENTION },
	{ "busy", UFS_FRONT_F_BUSY },
	{ "link", UFS_FRONT_F_LINK },
	{ "cut-before", UFS_FRONT_F_CUT_BEFORE },
	{ "cut-after", UFS_FRONT_F_CUT_AFTER },
	{ "delay-reply", UFS_FRONT_F_DELAY_REPLY },
	{ "hang-reply", UFS_FRONT_F_HANG_REPLY },
	{ "attention-reply", UFS_FRONT_F_ATTENTION_REPLY },
	{ "link-reply", UFS_FRONT_F_LINK_REPLY },
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
"  --stubborn N      the host controller does not clear slots (1), does not\n"
"                    stop (2), does not start (4), or a sum of these (0)\n"
"  --control         take commands from standard input:\n"
"                    fault WHEN | quirk NAME | delay MS | stubborn N | stats\n"
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
		me.front.outs, me.front.ins, me.front.attentions,
		me.front.queries);
	fprintf(f, " frames-out=%u frames-in=%u", me.front.frames_out,
		me.front.frames_in);
	fprintf(f, " hibernations=%u", me.host.hibernations);
	for (i = 0; i < me.front.regions; i++) {
		m = &me.front.region[i];
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

	n = model_options_find(model_quirks, name, strlen(name));
	if (!n) {
		fprintf(stderr, "quirk '%s' is not known\n", name);
		return -1;
	}
	for (i = 0; i < UFS_FRONT_REGIONS; i++)
		me.front.region[i].quirks |= n->val;

	return 0;
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
					 UFS_FRONT_REGIONS - 1, region))
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
	if (!model_options_find(bus_faults, rest, strcspn(rest, ":")))
		return model_options_fault(&me.front.region[region], rest);
	if (model_options_when(bus_faults, rest, &w))
		return -1;
	ufs_front_arm(&me.front, w.val, region, w.req, w.skip, w.times);

	return 0;
}

static int set_delay(const char *arg)
{
	return model_options_number("delay", arg, 0, 600000,
				    &me.host.delay_ms);
}

static int set_stubborn(const char *arg)
{
	return model_options_number("stubborn", arg, 0, 7, &me.host.stubborn);
}

static int command(const char *what, const char *arg)
{
	if (!strcmp(what, "fault"))
		return set_fault(arg);
	if (!strcmp(what, "quirk"))
		return set_quirk(arg);
	if (!strcmp(what, "delay"))
		return set_delay(arg);
	if (!strcmp(what, "stubborn"))
		return set_stubborn(arg);

	return -1;
}

static int set_option(int opt, const char *arg)
{
	switch (opt) {
	case 'r':
		return model_options_number("regions", arg, 0,
					    UFS_FRONT_REGIONS,
					    &me.front.regions);
	case 'c':
		return model_options_number("size", arg, 1, 128,
					    &me.front.units);
	case 'w':
		return model_options_number("rw-size", arg, 1, 255,
					    &me.front.rw_frames);
	case 'v':
		return model_options_number("spec-version", arg, 0, 0xffff,
					    &me.front.spec_version);
	case 'a':
		me.front.advanced = true;
		return 0;
	case 'q':
		return set_quirk(arg);
	case 'F':
		return set_fault(arg);
	case 'd':
		return set_delay(arg);
	case 'B':
		return set_stubborn(arg);
	default:
		return -1;
	}
}

static const struct option options[] = {
	{ "regions", required_argument, NULL, 'r' },
	{ "size", required_argument, NULL, 'c' },
	{ "rw-size", required_argument, NULL, 'w' },
	{ "spec-version", required_argument, NULL, 'v' },
	{ "advanced", no_argument, NULL, 'a' },
	{ "quirk", required_argument, NULL, 'q' },
	{ "fault", required_argument, NULL, 'F' },
	{ "delay", required_argument, NULL, 'd' },
	{ "stubborn", required_argument, NULL, 'B' },
	{ NULL, 0, NULL, 0 }
};

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
	if (me.server.stats)
		print_stats(stderr);
	_exit(EXIT_POWER_CUT);
}

static const struct ufs_host_ops host_ops = {
	vfio_ufs_dma, now, power_cut, vfio_ufs_irq
};

static int open_region(u32 i)
{
	const char *path = NULL;

	if (me.server.state) {
		snprintf(me.path[i], sizeof(me.path[i]), "%s.%u",
			 me.server.state, i);
		path = me.path[i];
	}

	return model_store_open(&me.store[i], path, &me.front.region[i]);
}

static int set_up(void)
{
	u32 i;

	if (me.front.spec_version <= 0x0220 && me.front.regions > 1)
		me.front.regions = 1;
	ufs_front_init(&me.front);
	for (i = 0; i < me.front.regions; i++)
		if (open_region(i))
			return -1;
	me.front.lu = calloc(LU_BLOCKS, UFS_FRONT_LU_BLOCK);
	if (!me.front.lu)
		return -1;
	ufs_front_power_up(&me.front);

	me.host.front = &me.front;
	vfio_ufs_connect(&me.vu, &me.host, &host_ops);

	return 0;
}

static void open_connection(int fd)
{
	vfio_user_open(&me.vu, fd);
}

static int message(void)
{
	return vfio_user_message(&me.vu);
}

static void close_connection(void)
{
	ufs_host_reset(&me.host);
	vfio_user_close(&me.vu);
}

static int tick(void)
{
	return ufs_host_tick(&me.host);
}

static void clean_up(void)
{
	u32 i;

	for (i = 0; i < me.front.regions; i++)
		model_store_close(&me.store[i]);
	free(me.front.lu);
}

int main(int argc, char **argv)
{
	static const struct model_server_ops ops = {
		.option = set_option, .command = command, .help = help,
		.print_stats = print_stats, .set_up = set_up,
		.clean_up = clean_up, .open = open_connection,
		.message = message, .close = close_connection, .tick = tick,
	};

	me.server.name = "rpmb-vfio-user";
	me.server.ops = &ops;
	me.server.options = options;
	me.server.fd = &me.vu.fd;

	return model_server_main(&me.server, argc, argv);
}
