// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Says why a FIT is refused
 */

#include <stdio.h>
#include <linux/errno.h>
#include "policy-internal.h"

int rpmb_fit_say(const char *what, const char *state, const char *advice)
{
	printf("\nrollback: REFUSED: %s\n  image: %s; device: not asked\n  advice: %s\n",
	       what, state, advice);
	return -EACCES;
}

int rpmb_fit_say_short(const char *what, const char *state)
{
	return rpmb_fit_say(what, state,
			    "make the FIT anew; see doc/develop/rpmb/porting.rst");
}
