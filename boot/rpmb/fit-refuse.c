// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Says why a FIT is refused
 */

#include <stdio.h>
#include <linux/errno.h>
#include "policy-internal.h"

int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which)
{
	const struct rpmb_reason *r = rpmb_reason_fit(reason);

	printf("\nrollback: REFUSED: %s\n  image: %s; device: not asked\n  advice: %s\n",
	       r->what, which ?: r->state, r->advice);
	return -EACCES;
}
