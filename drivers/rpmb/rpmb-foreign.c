// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * U-Boot's other ways to the RPMB of an eMMC: "mmc rpmb", and OP-TEE's frames
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-hooks.h>
#include "rpmb-internal.h"

static const char *reason(int err)
{
	switch (err) {
	case -EPERM:
		return "this board is closed: no key may travel on its buses";
	case -EROFS:
		return "these blocks hold rollback indexes or records";
	case -EBADRQC:
		return "a request of this type is not allowed";
	case -EINVAL:
		return "frames of more than one type";
	default:
		return "no such RPMB";
	}
}

bool rpmb_may_send(struct mmc *mmc, const void *frames, uint count)
{
	struct udevice *dev = NULL;
	int ret = 0;

	if (CONFIG_IS_ENABLED(RPMB_EMMC))
		ret = emmc_rpmb_find(mmc, &dev);
	if (!ret)
		ret = rpmb_gate_frames(dev, 0, frames, count);
	if (ret)
		printf("rpmb: %s: nothing was sent\n", reason(ret));
	return !ret;
}

bool rpmb_may_resize(void)
{
	if (rpmb_gate_is_open())
		return true;
	printf("rpmb: this board is closed: its RPMB keeps its size\n");
	return false;
}
