// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The unique key: the board's hooks, and what is refused
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-board.h>
#include <rpmb-key.h>
#include "rpmb-internal.h"

__weak int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX]) /* LCOV_EXCL_LINE: sandbox has a hook */
{
	if (CONFIG_IS_ENABLED(RPMB_HUK_MISC))
		return rpmb_huk_misc_get(huk);
	return -ENOSYS;
}

__weak int board_rpmb_huk_lock(void) /* LCOV_EXCL_LINE: sandbox has a hook */
{
	if (CONFIG_IS_ENABLED(RPMB_HUK_MISC))
		return rpmb_huk_misc_lock();
	return 0;
}

static bool no_open_hook;

/* Without a board hook the board is closed */
bool rpmb_gate_without_hook(void)
{
	no_open_hook = true;
	return false;
}

__weak bool board_rpmb_is_open(void) /* LCOV_EXCL_LINE: sandbox has a hook */
{
	return rpmb_gate_without_hook();
}

const char *rpmb_gate_why_closed(void)
{
	no_open_hook = false;
	board_rpmb_is_open();
	return no_open_hook ? ", for want of a hook board_rpmb_is_open()" : "";
}

/* Without a board hook the unique key never changes */
__weak bool board_rpmb_huk_is_final(void) /* LCOV_EXCL_LINE: sandbox has a hook */
{
	return true;
}

/*
 * Locked fuses, or those that were never burnt, read as all zeroes or all ones
 */
static bool is_blank(const u8 *secret, int len)
{
	return len > 1 && (!*secret || *secret == 0xff) &&
		!memcmp(secret, secret + 1, len - 1);
}

int rpmb_lock_secret(int (*get)(void *ctx, u8 secret[RPMB_HUK_MAX]),
		     int (*lock)(void *ctx), void *ctx)
{
	u8 secret[RPMB_HUK_MAX] = { 0 };
	int before, after, ret;

	before = get(ctx, secret);
	ret = lock(ctx);
	/* the board has none, or somebody has locked it before */
	if (!ret && (before == -ENOSYS || before == -EACCES))
		goto out;
	if (!ret && before < 0)
		ret = before;
	if (ret)
		goto out;
	memset(secret, 0, sizeof(secret));
	after = get(ctx, secret);
	if (after >= 0 && !is_blank(secret, after))
		ret = -EACCES;
out:
	rpmb_wipe(secret, sizeof(secret));
	return ret;
}

int rpmb_huk_get(u8 huk[RPMB_HUK_MAX])
{
	int len = board_rpmb_huk_get(huk);

	if (len < 0)
		return len;
	if (len < RPMB_HUK_MIN || len > RPMB_HUK_MAX)
		return -EMSGSIZE;
	return rpmb_kdf_is_weak(huk, len) ? -EKEYREJECTED : len;
}
