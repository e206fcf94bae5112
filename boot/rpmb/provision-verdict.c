// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: what an error of a step means to a station
 *
 * The words are in provision-text.h, and all of them in one string here, as in
 * reason.c.
 */

#include <linux/errno.h>
#include <linux/string.h>
#include "provision-internal.h"

/**
 * struct row - what a row is for
 *
 * @what:	what has failed
 * @err:	errno, 0 for any
 */
struct row {
	u8 what;
	s16 err;
};

static const struct row rows[] = {
#define RPMB_VERDICT(what, err, result, say)	{ RPMB_JUDGED_##what, err },
#include "provision-text.h"
#undef RPMB_VERDICT
};

static const char words[] =
#define RPMB_VERDICT(what, err, result, say)	result "\0" say "\0"
#include "provision-text.h"
#undef RPMB_VERDICT
	"";

static const char *next(const char *text)
{
	return text + strlen(text) + 1;
}

void rpmb_verdict_find(enum rpmb_judged what, int err, struct rpmb_verdict *v)
{
	const struct row *r = rows;

	v->result = words;
	for (; r->what != what || (r->err && r->err != err); r++)
		v->result = next(next(v->result));
	v->say = next(v->result);
}
