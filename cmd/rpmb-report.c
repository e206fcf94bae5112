// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Error messages of the 'rpmb' command: what was wrong, in which state the
 * device is, what to do
 */

#include <command.h>
#include <dm.h>
#include <rpmb-reason.h>
#include "rpmb-cmd.h"

static const char *result_name(u16 result)
{
	static const char *const names[] = {
		[RPMB_RES_OK] = "ok",
		[RPMB_RES_GENERAL] = "general failure",
		[RPMB_RES_AUTH] = "authentication failure",
		[RPMB_RES_COUNTER] = "counter failure",
		[RPMB_RES_ADDRESS] = "address failure",
		[RPMB_RES_WRITE] = "write failure",
		[RPMB_RES_READ] = "read failure",
		[RPMB_RES_NO_KEY] = "no key programmed",
	};
	u16 code = result & ~RPMB_RES_EXPIRED;

	return code < ARRAY_SIZE(names) ? names[code] : "unknown";
}

static void print_state(const struct rpmb_status *st, u32 blocks)
{
	static const char *const states[] = {
		[RPMB_STATE_UNTOUCHED] =
			"untouched, nothing that could change it was sent",
		[RPMB_STATE_UNCHANGED] =
			"unchanged, proven by an authenticated read",
		[RPMB_STATE_CHANGED] =
			"changed, proven by an authenticated reply",
		[RPMB_STATE_UNKNOWN] =
			"UNKNOWN, whether it acted could not be proven",
	};

	printf("  device: ");
	if (st->done && blocks)
		printf("%#x of %#x blocks written and proven; the rest: ",
		       st->done, blocks);
	printf("%s\n", states[st->state]);
}

const char *rpmb_report_key(int err)
{
	return rpmb_reason_verb(err, RPMB_FAULT_PARAM)->what;
}

const char *rpmb_report_reason(const struct rpmb_where *w, int err)
{
	return rpmb_reason_verb(err, rpmb_get_status(w->dev, w->target)->fault)->what;
}

int rpmb_report(const struct rpmb_where *w, const struct rpmb_verb *verb,
		int err, u32 blocks)
{
	const struct rpmb_status *st = rpmb_get_status(w->dev, w->target);
	const struct rpmb_reason *r = rpmb_reason_verb(err, st->fault);

	printf("rpmb %s %s:%x: %s (error %d", verb->name, w->dev->name,
	       w->target, r->what, err);
	if (st->has_result)
		printf(", device result %#06x: %s%s", st->result,
		       result_name(st->result),
		       st->result & RPMB_RES_EXPIRED ? ", expired" : "");
	printf(")\n");
	print_state(st, verb->writes ? blocks : 0);
	if (st->state == RPMB_STATE_UNKNOWN && verb->unknown)
		printf("  advice: %s\n", verb->unknown);
	else if (r->advice)
		printf("  advice: %s\n", r->advice);

	return CMD_RET_FAILURE;
}
