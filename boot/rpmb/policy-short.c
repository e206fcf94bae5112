// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of the rollback policy as numbers, for an SPL that has no room
 *
 * In place of policy-report.c and of the words of reason.c. What the numbers mean
 * is in doc/usage/rpmb/rollback-rules.rst: those of enum rpmb_fit_reason, and
 * errnos, which are negative.
 */

#include <stdio.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include "policy-internal.h"

int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which)
{
	printf("\nrollback: REFUSED %d, image %s\n", reason, which ?: "-");
	return -EACCES;
}

void rpmb_policy_refuse(u32 loc, int err)
{
	printf("\nrollback: REFUSED %d, location 0x%x\n", err, loc);
}

/* SPL's tiny printf has no %llx */
void rpmb_policy_refuse_old(u32 loc, u64 index, u64 stored)
{
	rpmb_policy_refuse(loc, -EDOM);
	printf("index 0x%08x%08x, stored 0x%08x%08x\n",
	       upper_32_bits(index), lower_32_bits(index),
	       upper_32_bits(stored), lower_32_bits(stored));
}

void rpmb_policy_warn(u32 loc, int err)
{
	printf("\nWARNING: NO ROLLBACK PROTECTION %d, location 0x%x\n", err, loc);
}
