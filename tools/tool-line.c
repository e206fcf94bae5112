// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool verify-log: a line of provisioning, taken apart
 */

#include <ctype.h>

#include "tool-line.h"

bool tool_line_knows(const struct tool_line *l, enum tool_field f)
{
	return strcmp(l->field[f], RPMB_LINE_UNKNOWN);
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
static bool read_dev(struct tool_line *l, const char *text)
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

static bool read_target(struct tool_line *l, const char *text)
{
	l->target = text[0] - '0';
	return spans(text, "0123") && !text[1];
}

static bool read_step(struct tool_line *l, const char *text)
{
	static const char * const steps[] = {
		RPMB_STEP_VERIFY, RPMB_STEP_BOARD, RPMB_STEP_MATCH,
		RPMB_STEP_KEY, RPMB_STEP_BLANK, RPMB_STEP_PROGRAM,
		RPMB_STEP_PROVE, RPMB_STEP_RECORD, RPMB_STEP_DONE, NULL
	};

	return one_of(text, steps);
}

/* What comes after @start, nothing if the text does not begin with it */
static const char *behind(const char *text, const char *start)
{
	size_t len = strlen(start);

	return strncmp(text, start, len) ? "" : text + len;
}

/* Words, with single dashes between them */
static bool is_dashed(const char *text)
{
	return spans(text, LOWER DIGITS "-") && text[0] != '-' &&
	       text[strlen(text) - 1] != '-' && !strstr(text, "--");
}

static bool read_result(struct tool_line *l, const char *text)
{
	static const char * const results[] = {
		RPMB_RESULT_OK, RPMB_RESULT_NOOP, RPMB_RESULT_DRY_RUN, NULL
	};

	return one_of(text, results) ||
	       is_dashed(behind(text, RPMB_RESULT_REFUSED)) ||
	       is_dashed(behind(text, RPMB_RESULT_FAILED));
}

static bool read_hex(const char *text, size_t max, u8 *out, size_t *len)
{
	return spans(text, HEX) && tool_parse_hex(text, max, out, len);
}

static bool read_kcv(struct tool_line *l, const char *text)
{
	size_t len;

	return read_hex(text, sizeof(l->kcv), l->kcv, &len) &&
	       len == sizeof(l->kcv);
}

static bool read_counter(struct tool_line *l, const char *text)
{
	return !strncmp(text, "0x", 2) && spans(text + 2, HEX) &&
	       strlen(text) == 10;
}

static bool read_id(struct tool_line *l, const char *text)
{
	return read_hex(text, sizeof(l->id), l->id, &l->id_len);
}

static bool read_key(struct tool_line *l, const char *text)
{
	u64 val = 0;

	if (strncmp(text, "0x", 2) || !spans(text + 2, HEX) ||
	    tool_parse_number(text, 0xffff, &val))
		return false;
	l->key = val;
	return val;
}

static bool read_batch(struct tool_line *l, const char *text)
{
	return strlen(text) <= RPMB_MANIFEST_BATCH && isalnum((u8)*text) &&
	       spans(text, LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-");
}

static const struct {
	const char *name;
	bool (*read)(struct tool_line *l, const char *text);
	bool may_lack;
} fields[TOOL_FIELDS] = {
	[TOOL_F_DEV] = { RPMB_LINE_DEV, read_dev, true },
	[TOOL_F_TARGET] = { RPMB_LINE_TARGET, read_target, true },
	[TOOL_F_STEP] = { RPMB_LINE_STEP, read_step, false },
	[TOOL_F_RESULT] = { RPMB_LINE_RESULT, read_result, false },
	[TOOL_F_KCV] = { RPMB_LINE_KCV, read_kcv, true },
	[TOOL_F_COUNTER] = { RPMB_LINE_COUNTER, read_counter, true },
	[TOOL_F_ID] = { RPMB_LINE_ID, read_id, true },
	[TOOL_F_KEY] = { RPMB_LINE_KEY, read_key, true },
	[TOOL_F_BATCH] = { RPMB_LINE_BATCH, read_batch, true },
};

int tool_line_bad(const struct tool_line *l, const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s:%u: %s: %s\n", l->where, l->number, what, why);
	return TOOL_BAD;
}

/* Only UFS and sandbox have more than one; "device-1" may be either */
static bool has_target(const struct tool_line *l)
{
	return !tool_line_knows(l, TOOL_F_TARGET) || !l->target ||
	       !l->transport ||
	       l->transport == RPMB_KDF_UFS ||
	       l->transport == RPMB_KDF_SANDBOX;
}

static int take_apart(struct tool_line *l, char *text)
{
	char *word;
	size_t len;
	int f;

	for (f = 0; f < TOOL_FIELDS; f++) {
		word = strsep(&text, " ");
		len = strlen(fields[f].name);
		if (!word || strncmp(word, fields[f].name, len) ||
		    word[len] != '=')
			return tool_line_bad(l, fields[f].name,
					     "not where it must be");
		l->field[f] = word + len + 1;
		if (fields[f].may_lack && !tool_line_knows(l, f))
			continue;
		if (!fields[f].read(l, l->field[f]))
			return tool_line_bad(l, fields[f].name,
					     "not a value of it");
	}
	return text ? tool_line_bad(l, "line", "something after it") : 0;
}

/* Check fields against each other */
static int check_fields(const struct tool_line *l)
{
	if (tool_line_knows(l, TOOL_F_TARGET) != tool_line_knows(l, TOOL_F_DEV))
		return tool_line_bad(l, RPMB_LINE_TARGET,
				     "known or not, where the device is not or is");
	if (tool_line_knows(l, TOOL_F_KEY) != tool_line_knows(l, TOOL_F_DEV))
		return tool_line_bad(l, RPMB_LINE_KEY,
				     "known or not, where the device is not or is");
	if (!has_target(l))
		return tool_line_bad(l, RPMB_LINE_TARGET,
				     "not one of this device");
	if (l->transport == RPMB_KDF_EMMC && tool_line_knows(l, TOOL_F_ID) &&
	    l->id_len != RPMB_CID_SIZE)
		return tool_line_bad(l, RPMB_LINE_ID, "not a CID");
	return 0;
}

bool tool_line_is_done(const struct tool_line *l)
{
	return !strcmp(l->field[TOOL_F_STEP], RPMB_STEP_DONE) &&
	       (!strcmp(l->field[TOOL_F_RESULT], RPMB_RESULT_OK) ||
		!strcmp(l->field[TOOL_F_RESULT], RPMB_RESULT_NOOP));
}

/* Not done: nothing was changed, or a step was tried in vain */
bool tool_line_is_refused(const struct tool_line *l)
{
	return strchr(l->field[TOOL_F_RESULT], '-') &&
	       strcmp(l->field[TOOL_F_RESULT], RPMB_RESULT_DRY_RUN);
}

/*
 * A line that says done has all fields, except for the last, which is for all
 */
static int check_whole(const struct tool_line *l)
{
	int f;

	if (tool_line_is_done(l) && !tool_line_knows(l, TOOL_F_DEV))
		return tool_line_knows(l, TOOL_F_BATCH) ? 0 :
		       tool_line_bad(l, RPMB_LINE_BATCH,
				     "not known, where all is done");
	for (f = 0; f < TOOL_FIELDS && tool_line_is_done(l); f++)
		if (!tool_line_knows(l, f))
			return tool_line_bad(l, fields[f].name,
				   "not known, where all is done");
	return 0;
}

bool tool_line_has_device(const struct tool_line *l)
{
	return tool_line_knows(l, TOOL_F_DEV) &&
	       tool_line_knows(l, TOOL_F_TARGET) &&
	       tool_line_knows(l, TOOL_F_ID);
}

int tool_line_parse(struct tool_line *l, char *text)
{
	int ret;

	ret = take_apart(l, text);
	if (!ret)
		ret = check_fields(l);
	return ret ? ret : check_whole(l);
}
