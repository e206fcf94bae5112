// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults and quirks of the RPMB model by name, for command lines
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "model_options.h"

const struct model_name model_faults[] = {
	{ "none", RPMB_MODEL_F_NONE },
	{ "drop-request", RPMB_MODEL_F_DROP_REQUEST },
	{ "commit-then-drop", RPMB_MODEL_F_COMMIT_THEN_DROP },
	{ "commit-then-error", RPMB_MODEL_F_COMMIT_THEN_ERROR },
	{ "refuse", RPMB_MODEL_F_REFUSE },
	{ "lose-reply", RPMB_MODEL_F_LOSE_REPLY },
	{ "stale-reply", RPMB_MODEL_F_STALE_REPLY },
	{ "bad-mac", RPMB_MODEL_F_BAD_MAC },
	{ "bad-nonce", RPMB_MODEL_F_BAD_NONCE },
	{ "bad-type", RPMB_MODEL_F_BAD_TYPE },
	{ "bad-address", RPMB_MODEL_F_BAD_ADDRESS },
	{ "bad-count", RPMB_MODEL_F_BAD_COUNT },
	{ "bad-counter", RPMB_MODEL_F_BAD_COUNTER },
	{ "bad-data", RPMB_MODEL_F_BAD_DATA },
	{ "old-data", RPMB_MODEL_F_OLD_DATA },
	{ "zero-reply", RPMB_MODEL_F_ZERO_REPLY },
	{ "says-no-key", RPMB_MODEL_F_SAYS_NO_KEY },
	{ NULL, 0 }
};

const struct model_name model_quirks[] = {
	{ "rekey-general", RPMB_MODEL_Q_REKEY_GENERAL },
	{ "first-fails", RPMB_MODEL_Q_FIRST_FAILS },
	{ "key-lies", RPMB_MODEL_Q_KEY_LIES },
	{ "nokey-empty", RPMB_MODEL_Q_NOKEY_EMPTY },
	{ "nokey-type-0", RPMB_MODEL_Q_NOKEY_TYPE_0 },
	{ "refuse-one-frame", RPMB_MODEL_Q_REFUSE_ONE_FRAME },
	{ NULL, 0 }
};

static const struct model_name requests[] = {
	{ "any", 0 },
	{ "key", 1 },
	{ "counter", 2 },
	{ "write", 3 },
	{ "read", 4 },
	{ NULL, 0 }
};

const struct model_name *model_options_find(const struct model_name *names,
					    const char *text, size_t len)
{
	for (; names->name; names++)
		if (strlen(names->name) == len &&
		    !strncmp(names->name, text, len))
			return names;

	return NULL;
}

int model_options_number(const char *what, const char *text, u32 min, u32 max,
			 u32 *val)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(text, &end, 0);
	if (errno || end == text || *end || n < min || n > max) {
		fprintf(stderr, "%s: '%s' is no number from %u to %u\n", what,
			text, min, max);
		return -1;
	}
	*val = n;

	return 0;
}

/* The next of the fields that colons part, 0 at the end */
static const char *next_field(const char **text, size_t *len)
{
	const char *field = *text;

	*len = strcspn(field, ":");
	*text = field + *len + (field[*len] == ':');

	return *len ? field : NULL;
}

static int parse_request(const char *text, size_t len, u32 *req)
{
	const struct model_name *n = model_options_find(requests, text, len);
	char digits[8];

	if (n) {
		*req = n->val;
		return 0;
	}
	snprintf(digits, sizeof(digits), "%.*s", (int)len, text);

	return model_options_number("request type", digits, 0, 7, req);
}

static int parse_count(const char *what, const char *text, size_t len, u32 *val)
{
	char digits[12];

	snprintf(digits, sizeof(digits), "%.*s", (int)len, text);

	return model_options_number(what, digits, 0, 1000000, val);
}

int model_options_when(const struct model_name *names, const char *spec,
		       struct model_when *when)
{
	const struct model_name *n;
	const char *field;
	size_t len;

	*when = (struct model_when){ .times = 1 };
	field = next_field(&spec, &len);
	n = field ? model_options_find(names, field, len) : NULL;
	if (!n) {
		fprintf(stderr, "'%.*s' is not known\n", (int)len,
			field ? field : "");
		return -1;
	}
	when->val = n->val;

	field = next_field(&spec, &len);
	if (field && parse_request(field, len, &when->req))
		return -1;
	field = next_field(&spec, &len);
	if (field && parse_count("skip", field, len, &when->skip))
		return -1;
	field = next_field(&spec, &len);
	if (field && parse_count("times", field, len, &when->times))
		return -1;

	return 0;
}

int model_options_fault(struct rpmb_model *m, const char *spec)
{
	struct model_when w;

	if (model_options_when(model_faults, spec, &w))
		return -1;
	rpmb_model_arm(m, w.val, w.req, w.skip, w.times);

	return 0;
}

void model_options_list(const char *title, const struct model_name *names)
{
	printf("%s:\n", title);
	for (; names->name; names++)
		printf("  %s\n", names->name);
}
