// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Error messages of the 'rpmb' command: what was wrong, in which state the
 * device is, what to do
 */

#include <command.h>
#include <dm.h>
#include <rpmb-policy.h>
#include <rpmb-reason.h>
#include <rpmb-store.h>
#include <linux/string.h>
#include "rpmb-cmd.h"

const char *rpmb_report_nth(const char *words, int n)
{
	while (n--)
		words += strlen(words) + 1;
	return words;
}

static const char *result_name(u16 result)
{
	u16 code = result & ~RPMB_RES_EXPIRED;

	if (code > RPMB_RES_NO_KEY)
		return "unknown";
	return rpmb_report_nth("ok\0general failure\0authentication failure\0"
			       "counter failure\0address failure\0write failure\0"
			       "read failure\0no key programmed", code);
}

static void print_state(const struct rpmb_status *st, u32 blocks)
{
	printf("  device: ");
	if (st->done && blocks)
		printf("%#x of %#x blocks written and proven; the rest: ",
		       st->done, blocks);
	puts(rpmb_report_nth("untouched, nothing that could change it was sent\n\0"
			     "unchanged, proven by an authenticated read\n\0"
			     "changed, proven by an authenticated reply\n\0"
			     "UNKNOWN, whether it acted could not be proven\n",
			     st->state));
}

const char *rpmb_report_key(int err)
{
	return rpmb_reason_verb(err, RPMB_FAULT_PARAM)->what;
}

const char *rpmb_report_reason(const struct rpmb_where *w, int err)
{
	return rpmb_reason_verb(err, rpmb_get_status(w->dev, w->target)->fault)->what;
}

const char *rpmb_report_label(rpmb_keyid_t keyid)
{
	return keyid == RPMB_KEY_NONE ? " UNVERIFIED" : "";
}

/* A wrong MAC means something else where the device must have no key yet */
static const struct rpmb_reason *find_reason(const struct rpmb_status *st,
					     const struct rpmb_verb *verb,
					     int err)
{
	if (verb->other_key && err == -EBADMSG && !st->has_result)
		return rpmb_reason_verb(verb->other_key, RPMB_FAULT_NONE);
	return rpmb_reason_verb(err, st->fault);
}

void rpmb_report_blocks(const struct rpmb_where *w, const char *indent)
{
	u32 first, count;

	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK) &&
	    rpmb_store_range(w->dev, w->target, &first, &count))
		printf("%sstores: blocks %#x to %#x, of the rollback indexes and named records\n",
		       indent, first, first + count - 1);
}

int rpmb_report(const struct rpmb_where *w, const struct rpmb_verb *verb,
		int err, u32 blocks)
{
	const struct rpmb_status *st = rpmb_get_status(w->dev, w->target);
	const struct rpmb_reason *r = find_reason(st, verb, err);

	printf("rpmb %s %s:%x: %s (error %d", verb->name, w->dev->name,
	       w->target, r->what, err);
	if (st->has_result)
		printf(", device result %#06x: %s%s", st->result,
		       result_name(st->result),
		       st->result & RPMB_RES_EXPIRED ? ", expired" : "");
	printf(")\n");
	print_state(st, verb->writes ? blocks : 0);
	if (err == -EROFS)
		rpmb_report_blocks(w, "  ");
	if (err == -EPERM && *rpmb_gate_why_closed())
		printf("  board: closed%s\n", rpmb_gate_why_closed());
	if (st->state == RPMB_STATE_UNKNOWN && verb->unknown)
		printf("  advice: %s\n", verb->unknown);
	else if (r->advice)
		printf("  advice: %s\n", r->advice);

	return CMD_RET_FAILURE;
}

/* Report by the status of the operation, or by what boot policy says */
int rpmb_report_rollback(const struct rpmb_verb *verb, u32 loc, int err)
{
	struct rpmb_where w;
	struct rpmb_ref ref;

	if (!IS_ENABLED(CONFIG_CMD_RPMB_ROLLBACK))
		return CMD_RET_FAILURE;
	if (err != -EDOM && err != -EUCLEAN && err != -EPROTONOSUPPORT &&
	    !rpmb_policy_found(&ref)) {
		w.dev = ref.dev;
		w.target = ref.target;
		return rpmb_report(&w, verb, err, 0);
	}
	rpmb_policy_explain("rpmb rollback", loc, err);
	return CMD_RET_FAILURE;
}
