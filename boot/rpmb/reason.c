// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What errors mean to a person
 *
 * The same number means one thing where an operation was asked for, and another
 * where boot policy looks for what is stored: a table for each. Provisioning
 * has verdicts for stations, see provision-verdict.c.
 *
 * The words are in reason-text.h. A table is two things here: what its rows stand
 * for, and all of their words in one string. Pointers to words would each take 32
 * bytes where U-Boot relocates itself.
 */

#include <linux/errno.h>
#include <linux/string.h>
#include <rpmb-reason.h>

/**
 * struct row - what a row is for
 *
 * @err:	errno, 0 for any
 * @fault:	fault, RPMB_FAULT_NONE for any
 */
struct row {
	s16 err;
	u8 fault;
};

#define ROW(err, fault, what, state, advice)	{ err, RPMB_FAULT_##fault },

/* SPL has no room for advice, and no commands either */
#ifdef CONFIG_XPL_BUILD
#define TEXT(err, fault, what, state, advice)	what "\0" state "\0\0"
#else
#define TEXT(err, fault, what, state, advice)	what "\0" state "\0" advice "\0"
#endif

/* Words about rollback indexes, where there can be some */
#ifdef CONFIG_RPMB_ROLLBACK
#define IF_STORES(words)	words
#else
#define IF_STORES(words)	""
#endif

static const char *next(const char *text)
{
	return text + strlen(text) + 1;
}

/* The first row that fits; a table ends with one that fits all */
static const struct rpmb_reason *find(const struct row *r, const char *text,
				      int err, enum rpmb_fault fault)
{
	static struct rpmb_reason found;
	const char *state, *advice;

	for (; (r->err && r->err != err) || (r->fault && r->fault != fault); r++)
		text = next(next(next(text)));
	state = next(text);
	advice = IS_ENABLED(CONFIG_XPL_BUILD) ?
		"see doc/usage/rpmb/rollback-rules.rst" : next(state);
	found.err = r->err;
	found.fault = r->fault;
	found.what = text;
	found.state = *state ? state : NULL;
	found.advice = *advice ? advice : NULL;
	return &found;
}

const struct rpmb_reason *rpmb_reason_stored(int err)
{
	static const struct row rows[] = {
#define RPMB_STORED	ROW
#include "reason-text.h"
#undef RPMB_STORED
	};
	static const char text[] =
#define RPMB_STORED	TEXT
#include "reason-text.h"
#undef RPMB_STORED
		"";

	return find(rows, text, err, RPMB_FAULT_NONE);
}

const struct rpmb_reason *rpmb_reason_fit(enum rpmb_fit_reason reason)
{
	static const struct row rows[] = {
#define RPMB_FIT	ROW
#include "reason-text.h"
#undef RPMB_FIT
	};
	static const char text[] =
#define RPMB_FIT	TEXT
#include "reason-text.h"
#undef RPMB_FIT
		"";

	return find(rows, text, reason, RPMB_FAULT_NONE);
}

#ifndef CONFIG_XPL_BUILD
const struct rpmb_reason *rpmb_reason_written(int err)
{
	static const struct row rows[] = {
#define RPMB_WRITTEN	ROW
#include "reason-text.h"
#undef RPMB_WRITTEN
	};
	static const char text[] =
#define RPMB_WRITTEN	TEXT
#include "reason-text.h"
#undef RPMB_WRITTEN
		"";
	const struct rpmb_reason *r = find(rows, text, err, RPMB_FAULT_NONE);

	return r->err ? r : rpmb_reason_stored(err);
}

const struct rpmb_reason *rpmb_reason_verb(int err, enum rpmb_fault fault)
{
	static const struct row rows[] = {
#define RPMB_VERB	ROW
#include "reason-text.h"
#undef RPMB_VERB
	};
	static const char text[] =
#define RPMB_VERB	TEXT
#include "reason-text.h"
#undef RPMB_VERB
		"";

	return find(rows, text, err, fault);
}

const struct rpmb_reason *rpmb_reason_ab(int err)
{
	static const struct row rows[] = {
#define RPMB_AB		ROW
#include "reason-text.h"
#undef RPMB_AB
	};
	static const char text[] =
#define RPMB_AB		TEXT
#include "reason-text.h"
#undef RPMB_AB
		"";

	return find(rows, text, err, RPMB_FAULT_NONE);
}
#endif
