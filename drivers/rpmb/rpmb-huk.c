// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hardware unique key: the board's hooks, and what is refused
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-key.h>
#include "rpmb-internal.h"

__weak int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX])
{
	if (CONFIG_IS_ENABLED(RPMB_HUK_MISC))
		return rpmb_huk_misc_get(huk);
	return -ENOSYS;
}

__weak int board_rpmb_huk_lock(void)
{
	if (CONFIG_IS_ENABLED(RPMB_HUK_MISC))
		return rpmb_huk_misc_lock();
	return 0;
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
