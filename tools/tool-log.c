// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool verify-log: are lines of provisioning what they must be?
 */

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>

#include "tool.h"

#define NAME		"verify-log"
#define MARK		"rpmb-provision: "
#define LOG_MAX		0x4000000	/* bytes in a log */

enum field {
	F_DEV,
	F_TARGET,
	F_STEP,
	F_RESULT,
	F_KCV,
	F_COUNTER,
	F_ID,
	F_KEY,
	F_BATCH,
	FIELDS
};

/* A line, taken apart; "-" for a field means that it is not known */
struct line {
	const char *where;
	u32 number;
	char *field[FIELDS];
	u8 transport;
	u8 target;
	u32 key;
	u8 kcv[RPMB_KCV_SIZE];
	u8 id[RPMB_TREE_ID];
	size_t id_len;
};

/* What lines are held against, and what came out */
struct audit {
	struct tool_device derived;
	struct tool_file file;
	struct rpmb_manifest manifest;
	bool has_manifest;
	struct tool_station station;
	bool has_expected;
	u32 expected;
	u32 lines;
	u32 bad;
};

static bool known(const struct line *l, enum field f)
{
	return strcmp(l->field[f], "-");
}

static bool one_of(const char *text, const char * const *words)
{
	while (*words && strcmp(*words, text))
		words++;
	return *words;
}

static bool spans(const char *text, const char *chars)
{
	return *text && !text[strspn(text, chars)];
}

#define DIGITS	"0123456789"
#define HEX	DIGITS "abcdef"
#define LOWER	"abcdefghijklmnopqrstuvwxyz"

/* mmc0, ufs0, virtio0, sandbox0; device-1: that of a manifest, not found */
static bool read_dev(struct line *l, const char *text)
{
	static const struct {
		const char *name;
		u8 transport;
	} names[] = {
		{ "mmc", RPMB_KDF_EMMC }, { "ufs", RPMB_KDF_UFS },
		{ "virtio", RPMB_KDF_VIRTIO }, { "sandbox", RPMB_KDF_SANDBOX },
		{ "device-", 0 },
	};
	size_t i, len;

	for (i = 0; i < TOOL_COUNT(names); i++) {
		len = strlen(names[i].name);
		if (!strncmp(names[i].name, text, len) &&
		    spans(text + len, DIGITS)) {
			l->transport = names[i].transport;
			return true;
		}
	}
	return false;
}

static bool read_target(struct line *l, const char *text)
{
	l->target = text[0] - '0';
	return spans(text, "0123") && !text[1];
}

static bool read_step(struct line *l, const char *text)
{
	static const char * const steps[] = {
		"verify", "board", "match", "key", "blank", "program",
		"prove", "record", "done", NULL
	};

	return one_of(text, steps);
}

/* Words, with single dashes between them */
static bool is_dashed(const char *text)
{
	return spans(text, LOWER DIGITS "-") && text[0] != '-' &&
	       text[strlen(text) - 1] != '-' && !strstr(text, "--");
}

static bool read_result(struct line *l, const char *text)
{
	static const char * const results[] = { "ok", "noop", "dry-run", NULL };

	return one_of(text, results) ||
	       (!strncmp(text, "refused-", 8) && is_dashed(text + 8)) ||
	       (!strncmp(text, "failed-", 7) && is_dashed(text + 7));
}

static bool read_hex(const char *text, size_t max, u8 *out, size_t *len)
{
	return spans(text, HEX) && tool_parse_hex(text, max, out, len);
}

static bool read_kcv(struct line *l, const char *text)
{
	size_t len;

	return read_hex(text, sizeof(l->kcv), l->kcv, &len) &&
	       len == sizeof(l->kcv);
}

static bool read_counter(struct line *l, const char *text)
{
	return !strncmp(text, "0x", 2) && spans(text + 2, HEX) &&
	       strlen(text) == 10;
}

static bool read_id(struct line *l, const char *text)
{
	return read_hex(text, sizeof(l->id), l->id, &l->id_len);
}

static bool read_key(struct line *l, const char *text)
{
	u64 val = 0;

	if (strncmp(text, "0x", 2) || !spans(text + 2, HEX) ||
	    !tool_parse_number(text, 0xffff, &val))
		return false;
	l->key = val;
	return val;
}

static bool read_batch(struct line *l, const char *text)
{
	return strlen(text) <= RPMB_MANIFEST_BATCH && isalnum((u8)*text) &&
	       spans(text, LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-");
}

static const struct {
	const char *name;
	bool (*read)(struct line *l, const char *text);
	bool may_lack;
} fields[FIELDS] = {
	[F_DEV] = { "dev", read_dev, true },
	[F_TARGET] = { "target", read_target, true },
	[F_STEP] = { "step", read_step, false },
	[F_RESULT] = { "result", read_result, false },
	[F_KCV] = { "kcv", read_kcv, true },
	[F_COUNTER] = { "counter", read_counter, true },
	[F_ID] = { "id", read_id, true },
	[F_KEY] = { "key", read_key, true },
	[F_BATCH] = { "batch", read_batch, true },
};

static int bad(const struct line *l, const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s:%u: %s: %s\n", l->where, l->number, what, why);
	return TOOL_BAD;
}

/* Only these have more than one, and "device-1" may be any */
static bool has_target(const struct line *l)
{
	return !known(l, F_TARGET) || !l->target || !l->transport ||
	       l->transport == RPMB_KDF_UFS ||
	       l->transport == RPMB_KDF_SANDBOX;
}

static int parse(struct line *l, char *text)
{
	char *word;
	size_t len;
	int f;

	for (f = 0; f < FIELDS; f++) {
		word = strsep(&text, " ");
		len = strlen(fields[f].name);
		if (!word || strncmp(word, fields[f].name, len) ||
		    word[len] != '=')
			return bad(l, fields[f].name, "not where it must be");
		l->field[f] = word + len + 1;
		if (fields[f].may_lack && !known(l, f))
			continue;
		if (!fields[f].read(l, l->field[f]))
			return bad(l, fields[f].name, "not a value of it");
	}
	return text ? bad(l, "line", "something after it") : 0;
}

/* What fields say of each other */
static int check_fields(const struct line *l)
{
	if (known(l, F_TARGET) != known(l, F_DEV))
		return bad(l, "target", "known or not, where the device is not or is");
	if (known(l, F_KEY) != known(l, F_DEV))
		return bad(l, "key", "known or not, where the device is not or is");
	if (!has_target(l))
		return bad(l, "target", "not one of this device");
	if (l->transport == RPMB_KDF_EMMC && known(l, F_ID) &&
	    l->id_len != RPMB_CID_SIZE)
		return bad(l, "id", "not a CID");
	return 0;
}

static bool is_done(const struct line *l)
{
	return !strcmp(l->field[F_STEP], "done") &&
	       (!strcmp(l->field[F_RESULT], "ok") ||
		!strcmp(l->field[F_RESULT], "noop"));
}

/* Not done: nothing was changed, or a step was tried in vain */
static bool is_refused(const struct line *l)
{
	return strchr(l->field[F_RESULT], '-') &&
	       strcmp(l->field[F_RESULT], "dry-run");
}

/* Who says that it is done knows what was done; the last line is for all */
static int check_whole(const struct line *l)
{
	int f;

	if (is_done(l) && !known(l, F_DEV))
		return known(l, F_BATCH) ? 0 :
		       bad(l, "batch", "not known, where all is done");
	for (f = 0; f < FIELDS && is_done(l); f++)
		if (!known(l, f))
			return bad(l, fields[f].name,
				   "not known, where all is done");
	return 0;
}

static bool has_device(const struct line *l)
{
	return known(l, F_DEV) && known(l, F_TARGET) && known(l, F_ID);
}

/* Derive the key that the line is about, and its check value */
static int check_derived(const struct audit *a, const struct line *l)
{
	struct tool_device dev = a->derived;
	u8 key[RPMB_KEY_SIZE], kcv[RPMB_KCV_SIZE];
	int ret;

	if (!dev.huk || !known(l, F_KCV))
		return 0;
	if (!has_device(l) || !known(l, F_KEY))
		return bad(l, "kcv", "of no known device and key");
	if (l->key <= 0xff)
		return bad(l, "key", "one in RAM, which nobody can derive");
	dev.slot = l->key;
	/* these are two slots of one provider, which has no third */
	if (dev.scheme >= TOOL_OPTEE && dev.slot > 1)
		return bad(l, "key", "a slot that OP-TEE's keys do not have");
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
		ret = bad(l, "kcv", "of another key");
	return ret;
}

/* Hold a line against what the manifest has for its device */
static int check_entry(const struct line *l,
		       const struct rpmb_manifest_device *entry)
{
	if (known(l, F_KEY) && l->key != entry->key_id)
		return bad(l, "key", "not that of the manifest");
	if (known(l, F_KCV) && entry->check_value &&
	    memcmp(l->kcv, entry->check_value, RPMB_KCV_SIZE))
		return bad(l, "kcv", "not that of the manifest");
	return 0;
}

static int check_manifest(const struct audit *a, const struct line *l)
{
	const struct rpmb_target_id t = { l->transport, l->target, l->id_len,
					   l->id };
	struct rpmb_manifest_device entry;

	if (!a->has_manifest)
		return 0;
	if (known(l, F_BATCH) && strcmp(l->field[F_BATCH], a->manifest.batch))
		return bad(l, "batch", "not that of the manifest");
	if (!has_device(l))
		return 0;
	if (!rpmb_manifest_match(&a->manifest, &t, &entry))
		return check_entry(l, &entry);
	/* that a board refuses such a device is right */
	return is_refused(l) ? 0 : bad(l, "id", "not a device of the manifest");
}

static enum tool_end how_it_ends(const struct line *l)
{
	if (is_refused(l))
		return TOOL_END_REFUSED;
	if (strcmp(l->field[F_STEP], "done") || known(l, F_DEV))
		return TOOL_END_NOT;
	return is_done(l) ? TOOL_END_DONE : TOOL_END_DRY;
}

static int note(struct audit *a, const struct line *l)
{
	struct tool_seen is = {
		.transport = l->transport, .target = l->target,
	};

	is.id_len = l->id_len;
	memcpy(is.id, l->id, l->id_len);
	is.has_kcv = known(l, F_KCV);
	memcpy(is.kcv, l->kcv, sizeof(is.kcv));
	return tool_station_line(&a->station, has_device(l) ? &is : NULL,
				 !strcmp(l->field[F_STEP], "verify"),
				 is_done(l) && known(l, F_DEV),
				 how_it_ends(l));
}

static int check_line(struct audit *a, struct line *l, char *text)
{
	int ret;

	ret = parse(l, text);
	if (!ret)
		ret = check_fields(l);
	if (!ret)
		ret = check_whole(l);
	if (!ret)
		ret = check_manifest(a, l);
	if (!ret)
		ret = check_derived(a, l);
	a->lines++;
	a->bad += !!ret;
	if (!ret)
		ret = note(a, l);
	/* only what no further line can mend ends it */
	return ret == TOOL_TROUBLE ? ret : 0;
}

/* A console's log: other lines between, time stamps before, CR behind */
static int check_text(struct audit *a, const char *where, char *text)
{
	struct line l = { .where = where };
	char *line, *at;
	int ret = 0;

	for (l.number = 1; !ret && (line = strsep(&text, "\n")); l.number++) {
		line[strcspn(line, "\r")] = '\0';
		at = strstr(line, MARK);
		if (at)
			ret = check_line(a, &l, at + strlen(MARK));
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
	/* a board's lines do not go on in another file */
	tool_station_cut(&a->station);
	tool_free_file(&file);
	return ret;
}

/* Says what keeps the logs from being those of a good station */
static bool is_good(const struct audit *a)
{
	u32 done = tool_station_done(&a->station);
	bool good = !a->bad && !tool_station_failed(&a->station);

	if (!a->lines)
		tool_trouble("no line of provisioning");
	else if (!done)
		tool_trouble("no device was provisioned");
	if (a->station.cut)
		tool_trouble("%u times the last line is missing: the run was cut off",
			     a->station.cut);
	if (a->station.unnamed)
		tool_trouble("%u times a run ended that had named no device",
			     a->station.unnamed);
	if (a->has_expected && done != a->expected)
		tool_trouble("%u devices were expected", a->expected);
	return good && done && (!a->has_expected || done == a->expected);
}

static int check_files(struct audit *a, int count, char **paths)
{
	int i, ret = 0;

	if (!count)
		ret = check_file(a, "-");
	for (i = 0; i < count && !ret; i++)
		ret = check_file(a, paths[i]);
	if (ret)
		return ret;
	printf("%u lines: %u good, %u bad; devices: %u done, %u not\n", a->lines,
	       a->lines - a->bad, a->bad, tool_station_done(&a->station),
	       tool_station_failed(&a->station));
	fflush(stdout);
	return is_good(a) ? TOOL_GOOD : TOOL_BAD;
}

static const struct option options[] = {
	{ "huk", required_argument, NULL, 'H' },
	{ "scheme", required_argument, NULL, 's' },
	{ "manifest", required_argument, NULL, 'm' },
	{ "expect", required_argument, NULL, 'e' },
	{ NULL, 0, NULL, 0 }
};

static int run(struct audit *a, const char *manifest, int count, char **paths)
{
	int ret = 0;

	if (manifest)
		ret = tool_open_manifest(manifest, &a->file, &a->manifest);
	a->has_manifest = manifest;
	if (!ret)
		ret = check_files(a, count, paths);
	tool_free_file(&a->file);
	tool_station_free(&a->station);
	return ret;
}

static int take_expected(struct audit *a, const char *arg)
{
	u64 val;

	if (!tool_parse_number(arg, 0xffffffff, &val) || !val)
		return tool_usage(NAME, "%s: not a number of devices", arg);
	a->expected = val;
	a->has_expected = true;
	return 0;
}

int tool_log(int argc, char **argv)
{
	const char *manifest = NULL;
	struct audit a = { .lines = 0 };
	int opt;

	tool_device_init(&a.derived);
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'm')
			manifest = optarg;
		else if (opt == 'e' && !take_expected(&a, optarg))
			continue;
		else if (opt == 'e' || tool_device_option(&a.derived, NAME, opt, optarg))
			return TOOL_TROUBLE;
	}
	if (a.derived.huk && !strcmp(a.derived.huk, "-"))
		return tool_usage(NAME, "--huk wants a file");
	return run(&a, manifest, argc - optind, argv + optind);
}
