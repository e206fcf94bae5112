// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The boot ratchet: it wipes and locks keys before anything else runs
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <hang.h>
#include <log.h>
#include <rpmb-board.h>
#include <rpmb-key.h>
#include <asm/global_data.h>
#include <rpmb-hooks.h>
#include "rpmb-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#define IS_SHORT	CONFIG_IS_ENABLED(RPMB_SHORT_MESSAGES)

/* SPL: a verified U-Boot comes next, and locks the unique key */
static bool pass_huk;

void rpmb_ratchet_pass_huk(void) /* LCOV_EXCL_LINE: SPL alone calls it */
{
	pass_huk = true;
}

static int huk_get(void *ctx, u8 huk[RPMB_HUK_MAX])
{
	return board_rpmb_huk_get(huk);
}

static int huk_lock(void *ctx)
{
	return board_rpmb_huk_lock();
}

/* Lock the unique key, and the secrets of providers */
static int lock_secrets(void)
{
	int ret = rpmb_lock_secret(huk_get, huk_lock, NULL);
	int err = rpmb_key_lock_all();

	return ret ? ret : err;
}

void rpmb_ratchet(void)
{
	int ret;

	/* before relocation there are neither keys nor variables */
	if ((!IS_ENABLED(CONFIG_XPL_BUILD) && !(gd->flags & GD_FLG_RELOC)) ||
	    rpmb_ratcheted)
		return;
	rpmb_ratcheted = true;
	rpmb_key_wipe_all();
	ret = pass_huk ? 0 : lock_secrets(); /* LCOV_EXCL_BR_LINE: SPL alone sets it */
	rpmb_wipe_stack();
	if (!ret)
		return;
	printf(IS_SHORT ? "rpmb: NOT LOCKED %d\n" :
	       "rpmb: the unique key or a provider's secret cannot be locked (error %d)\n",
	       ret);
	/* a service token does not permit to leave the unique key readable */
	if (!board_rpmb_is_open()) {
		if (!IS_SHORT)
			printf("rpmb: this board is closed%s: whatever came next could read it\n",
			       IS_ENABLED(CONFIG_XPL_BUILD) ? "" :
			       rpmb_gate_why_closed());
		hang();
	}
}
