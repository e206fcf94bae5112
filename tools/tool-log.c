// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool verify-log: are lines of provisioning what they must be?
 */

#include <getopt.h>
#include <stdlib.h>

#include "tool-line.h"

#define NAME		"verify-log"
#define LOG_MAX		0x4000000	/* bytes in a log */

/* What lines are compared with, and the result */
struct audit {
	struct tool_device derived;
	struct tool_file file;
	struct rpmb_manifest manifest;
	bool has_manifest;
	struct tool_station station;
	bool json;
	bool has_expected;
	u32 expected;
	u32 lines;
	u32 bad;
};

/* Derive the key that the line is about, and its check value */
static int check_derived(const struct audit *a, const struct tool_line *l)
{
	struct tool_device dev = a->derived;
	u8 key[RPMB_KEY_SIZE], kcv[RPMB_KCV_SIZE];
	int ret;

	if (!dev.huk || !tool_line_knows(l, TOOL_F_KCV))
		return 0;
	if (!tool_line_has_device(l) || !tool_line_knows(l, TOOL_F_KEY))
		return tool_line_bad(l, RPMB_LINE_KCV,
				     "of no known device and key");
	if (l->key <= 0xff)
		return tool_line_bad(l, RPMB_LINE_KEY,
				     "one in RAM, which nobody can derive");
	dev.slot = l->key;
	/* these are two slots of one provider, which has no third */
	if (dev.scheme >= TOOL_OPTEE && dev.slot > 1)
		return tool_line_bad(l, RPMB_LINE_KEY,
				     "a slot that OP-TEE's keys do not have");
	if (dev.scheme == TOOL_OPTEE && dev.slot)
		dev.scheme = TOOL_OPTEE_COMPAT;
	dev.transport = l->transport;
	dev.target = l->target;
	dev.id_len = l->id_len;
	memcpy(dev.id, l->id, l->id_len);
	ret = tool_device_key(&dev, key);
	if (!ret && rpmb_kdf_check_value(key, kcv))
		ret = tool_trouble("no check value");
	rpmb_wipe(key, sizeof(key));
	if (!ret && memcmp(kcv, l->kcv, sizeof(kcv)))
		ret = tool_line_bad(l, RPMB_LINE_KCV, "of another key");
	return ret;
}

/* Compare a line with the manifest's entry for its device */
static int check_entry(const struct tool_line *l,
		       const struct rpmb_manifest_device *entry)
{
	if (tool_line_knows(l, TOOL_F_KEY) && l->key != entry->key_id)
		return tool_line_bad(l, RPMB_LINE_KEY,
				     "not that of the manifest");
	if (tool_line_knows(l, TOOL_F_KCV) && entry->check_value &&
	    memcmp(l->kcv, entry->check_value, RPMB_KCV_SIZE))
		return tool_line_bad(l, RPMB_LINE_KCV,
				     "not that of the manifest");
	return 0;
}

static int check_manifest(const struct audit *a, const struct tool_line *l)
{
	const struct rpmb_target_id t = { l->transport, l->target, l->id_len,
					   l->id };
	struct rpmb_manifest_device entry;

	if (!a->has_manifest)
		return 0;
	if (tool_line_knows(l, TOOL_F_BATCH) &&
	    strcmp(l->field[TOOL_F_BATCH], a->manifest.batch))
		return tool_line_bad(l, RPMB_LINE_BATCH,
				     "not that of the manifest");
	if (!tool_line_has_device(l))
		return 0;
	if (!rpmb_manifest_match(&a->manifest, &t, &entry))
		return check_entry(l, &entry);
	/* a board refuses a device that is not in the manifest */
	return tool_line_is_refused(l) ? 0 :
		tool_line_bad(l, RPMB_LINE_ID, "not a device of the manifest");
}

static enum tool_end how_it_ends(const struct tool_line *l)
{
	if (tool_line_is_refused(l))
		return TOOL_END_REFUSED;
	if (strcmp(l->field[TOOL_F_STEP], RPMB_STEP_DONE) ||
	    tool_line_knows(l, TOOL_F_DEV))
		return TOOL_END_NOT;
	return tool_line_is_done(l) ? TOOL_END_DONE : TOOL_END_DRY;
}

static int note(struct audit *a, const struct tool_line *l)
{
	bool begins = !strcmp(l->field[TOOL_F_STEP], RPMB_STEP_VERIFY);
	struct tool_seen is = {
		.transport = l->transport, .target = l->target,
	};

	is.id_len = l->id_len;
	memcpy(is.id, l->id, l->id_len);
	is.has_kcv = tool_line_knows(l, TOOL_F_KCV);
	memcpy(is.kcv, l->kcv, sizeof(is.kcv));
	return tool_station_line(&a->station,
				 tool_line_has_device(l) ? &is : NULL, begins,
				 tool_line_is_done(l) &&
				 tool_line_knows(l, TOOL_F_DEV),
				 how_it_ends(l));
}

static int check_line(struct audit *a, struct tool_line *l, char *text)
{
	int ret;

	ret = tool_line_parse(l, text);
	if (!ret)
		ret = check_manifest(a, l);
	if (!ret)
		ret = check_derived(a, l);
	a->lines++;
	a->bad += !!ret;
	if (!ret)
		ret = note(a, l);
	/* a wrong line does not end the check, a failure to check does */
	return ret == TOOL_TROUBLE ? ret : 0;
}

/* A log may have other lines, time stamps, and CRs at the ends of lines */
static int check_text(struct audit *a, const char *where, char *text)
{
	struct tool_line l = { .where = where };
	char *line, *at;
	int ret = 0;

	for (l.number = 1; !ret && (line = strsep(&text, "\n")); l.number++) {
		line[strcspn(line, "\r")] = '\0';
		at = strstr(line, RPMB_LINE_START);
		if (at)
			ret = check_line(a, &l, at + strlen(RPMB_LINE_START));
	}
	return ret;
}

static int check_file(struct audit *a, const char *path)
{
	struct tool_file file;
	int ret;

	ret = tool_read_file(path, LOG_MAX, &file);
	if (ret)
		return ret;
	if (memchr(file.data, 0, file.len))
		ret = tool_trouble("%s: not a text", path);
	else
		ret = check_text(a, path, (char *)file.data);
	/* a run does not go on in another file */
	tool_station_cut(&a->station);
	tool_free_file(&file);
	return ret;
}

static const char *plural(u32 count)
{
	return count == 1 ? "" : "s";
}

/* Print what is wrong with the logs as a whole */
static bool is_good(const struct audit *a)
{
	u32 done = tool_station_done(&a->station);
	bool good = !a->bad && !tool_station_failed(&a->station);

	if (!a->lines)
		tool_trouble("no line of provisioning");
	else if (!done)
		tool_trouble("no device was provisioned");
	if (a->station.cut)
		tool_trouble("%u run%s without a last line: cut off",
			     a->station.cut, plural(a->station.cut));
	if (a->station.unnamed)
		tool_trouble("%u run%s ended without naming a device",
			     a->station.unnamed, plural(a->station.unnamed));
	if (a->has_expected && done != a->expected)
		tool_trouble("not the %u device%s expected", a->expected,
			     plural(a->expected));
	return good && done && (!a->has_expected || done == a->expected);
}

static void print_text(const struct audit *a)
{
	printf("%u line%s: %u good, %u bad; devices: %u done, %u not\n", a->lines,
	       plural(a->lines), a->lines - a->bad, a->bad,
	       tool_station_done(&a->station),
	       tool_station_failed(&a->station));
}

static void print_json(const struct audit *a, bool good)
{
	struct tool_json j = { 0 };

	tool_json_open(&j, NULL, '{');
	tool_json_flag(&j, "good", good);
	tool_json_number(&j, "lines", a->lines);
	tool_json_number(&j, "bad_lines", a->bad);
	tool_json_number(&j, "done", tool_station_done(&a->station));
	tool_json_number(&j, "not_done", tool_station_failed(&a->station));
	tool_json_number(&j, "cut_off", a->station.cut);
	if (a->has_expected)
		tool_json_number(&j, "expected", a->expected);
	tool_station_json(&a->station, &j);
	tool_json_close(&j, '}');
}

static int check_files(struct audit *a, int count, char **paths)
{
	int i, ret = 0;
	bool good;

	if (!count)
		ret = check_file(a, "-");
	for (i = 0; i < count && !ret; i++)
		ret = check_file(a, paths[i]);
	if (ret)
		return ret;
	if (!a->json)
		print_text(a);
	fflush(stdout);
	good = is_good(a);
	if (a->json)
		print_json(a, good);
	return good ? TOOL_GOOD : TOOL_BAD;
}

static const struct option options[] = {
	{ "huk", required_argument, NULL, 'H' },
	{ "scheme", required_argument, NULL, 's' },
	{ "manifest", required_argument, NULL, 'm' },
	{ "expect", required_argument, NULL, 'e' },
	{ "verify", required_argument, NULL, 'V' },
	{ "json", no_argument, NULL, 'J' },
	{ NULL, 0, NULL, 0 }
};

static int run(struct audit *a, const struct tool_show *manifest, int count,
	       char **paths)
{
	struct tool_signed sig;
	int ret = 0;

	if (manifest->path)
		ret = tool_open_manifest(manifest, &a->file, &sig,
					 &a->manifest);
	a->has_manifest = manifest->path;
	if (!ret)
		ret = check_files(a, count, paths);
	tool_free_file(&a->file);
	tool_station_free(&a->station);
	return ret;
}

static int take_expected(struct audit *a, const char *arg)
{
	u64 val;

	if (tool_parse_count(arg, 0xffffffff, &val) || !val)
		return tool_usage(NAME, "%s: not a number of devices", arg);
	a->expected = val;
	a->has_expected = true;
	return 0;
}

/* What the command line asks for */
struct request {
	struct audit audit;
	struct tool_show manifest;
};

static int take_option(struct request *rq, int opt)
{
	switch (opt) {
	case 'm':
		rq->manifest.path = optarg;
		return 0;
	case 'V':
		rq->manifest.cert = optarg;
		return 0;
	case 'J':
		rq->audit.json = true;
		return 0;
	case 'e':
		return take_expected(&rq->audit, optarg);
	default:
		return tool_device_option(&rq->audit.derived, NAME, opt,
					  optarg);
	}
}

int tool_log(int argc, char **argv)
{
	struct request rq = { 0 };
	int opt, ret = 0;

	tool_device_init(&rq.audit.derived);
	while (!ret && (opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		ret = take_option(&rq, opt);
	if (ret)
		return ret;
	if (rq.audit.derived.huk && !strcmp(rq.audit.derived.huk, "-"))
		return tool_usage(NAME, "--huk wants a file");
	if (rq.manifest.cert && !rq.manifest.path)
		return tool_usage(NAME, "--verify goes with --manifest");
	return run(&rq.audit, &rq.manifest, argc - optind, argv + optind);
}
