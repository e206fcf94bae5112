// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of the rollback policy: what was wrong, in which state the device
 * is, what to do
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <stdio.h>
#include "policy-internal.h"

void rpmb_policy_print_device(void)
{
	struct rpmb_policy p;

	rpmb_policy_get(&p);
	if (*p.name)
		printf("  device: %s:%x, key 0x%x", p.name, p.target, p.keyid);
	else
		printf("  device: none is named");
}

/* The lines that refusals and warnings have in common */
static void print_reason(const char *mark, u32 loc, int err)
{
	const struct rpmb_reason *r = rpmb_reason_stored(err);

	puts(mark);
	rpmb_policy_print_device();
	printf(", location 0x%x: %s\n", loc, r->state);
	printf("%s  advice: %s\n", mark, r->advice);
}

void rpmb_policy_explain(const char *who, u32 loc, int err)
{
	printf("%s: %s (error %d)\n", who, rpmb_reason_stored(err)->what, err);
	print_reason("", loc, err);
}

/* An open board would boot after these errors */
static void print_board(int err)
{
	if (!IS_ENABLED(CONFIG_XPL_BUILD) &&
	    (err == -ENODATA || err == -ENOKEY) && *rpmb_gate_why_closed())
		printf("  board: closed%s\n", rpmb_gate_why_closed());
}

void rpmb_policy_refuse(u32 loc, int err)
{
	rpmb_policy_explain("\nrollback: REFUSED", loc, err);
	print_board(err);
}

/* SPL's tiny printf has no %llx */
static void print_index(const char *what, u64 index)
{
	printf("%s ", what);
	if (index >> 32)
		printf("0x%x%08x", (u32)(index >> 32), (u32)index);
	else
		printf("0x%x", (u32)index);
}

void rpmb_policy_refuse_old(u32 loc, u64 index, u64 stored)
{
	printf("\nrollback: REFUSED: %s", rpmb_reason_stored(-EDOM)->what);
	print_index(": its index is", index);
	print_index(", the device holds", stored);
	printf("\n");
	print_reason("", loc, -EDOM);
}

void rpmb_policy_warn(u32 loc, int err)
{
	static const char bar[] =
		"*************************************************************";

	printf("\n%s\n* WARNING: NO ROLLBACK PROTECTION: %s\n", bar,
	       rpmb_reason_stored(err)->what);
	print_reason("*", loc, err);
	printf("* Nothing is refused: this board is OPEN. Once it is closed it will REFUSE.\n%s\n",
	       bar);
}
