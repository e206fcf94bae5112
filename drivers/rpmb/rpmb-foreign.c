// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What U-Boot's other code asks before it changes the RPMB of an eMMC
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <log.h>
#include <rpmb-hooks.h>
#include "rpmb-internal.h"

bool rpmb_may_resize(void)
{
	if (rpmb_gate_is_open())
		return true;
	printf("rpmb: this board is closed%s: its RPMB keeps its size\n",
	       rpmb_gate_why_closed());
	return false;
}
