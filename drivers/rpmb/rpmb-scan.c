// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finding RPMB devices, on demand and in a fixed order
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <dm/device-internal.h>
#include <dm/uclass-internal.h>
#include <vsprintf.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

/* NULL: a device of any name */
static bool may_be_called(const char *name, const char *kind)
{
	return !name || !strncmp(name, kind, strlen(kind));
}

int rpmb_scan_for(const char *name)
{
	int emmc = 0, ufs = 0, virtio = 0, sandbox = 0;

	/* a TEE asks in the middle of an operation, whose device must stay */
	if (rpmb_is_any_held())
		return uclass_id_count(UCLASS_RPMB);

	/* go on with the other transports if one fails */
	if (CONFIG_IS_ENABLED(RPMB_EMMC) && may_be_called(name, "mmc"))
		emmc = emmc_rpmb_scan();
	if (CONFIG_IS_ENABLED(RPMB_UFS) && may_be_called(name, "ufs"))
		ufs = ufs_rpmb_scan();
	if (CONFIG_IS_ENABLED(RPMB_VIRTIO) && may_be_called(name, "virtio"))
		virtio = virtio_rpmb_scan();
	if (CONFIG_IS_ENABLED(RPMB_SANDBOX) && may_be_called(name, "sandbox"))
		sandbox = sandbox_rpmb_scan();

	if (emmc || ufs || virtio || sandbox)
		return emmc ?: ufs ?: virtio ?: sandbox;
	return uclass_id_count(UCLASS_RPMB);
}

int rpmb_scan(void)
{
	return rpmb_scan_for(NULL);
}

/* mmc2 before mmc10, and mmc before ufs before virtio */
static bool comes_before(const char *a, const char *b)
{
	long na, nb;
	int diff;

	for (; *a && *a == *b && !isdigit(*a); a++, b++)
		;
	diff = *a - *b;
	if (!isdigit(*a) || !isdigit(*b))
		return diff < 0;
	na = dectoul(a, NULL);
	nb = dectoul(b, NULL);
	return na < nb;
}

static int place_of(struct udevice *dev)
{
	struct udevice *other;
	struct uclass *uc;
	int place = 0;

	uclass_id_foreach_dev(UCLASS_RPMB, other, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		if (comes_before(other->name, dev->name))
			place++;
	}
	return place;
}

int rpmb_get_device(int index, struct udevice **devp)
{
	struct udevice *dev;
	struct uclass *uc;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		if (place_of(dev) == index) {
			*devp = dev;
			return device_probe(dev);
		}
	}
	return -ENODEV;
}

int rpmb_get_device_by_name(const char *name, struct udevice **devp)
{
	int ret;

	ret = uclass_find_device_by_name(UCLASS_RPMB, name, devp);
	if (ret)
		return ret;
	return device_probe(*devp);
}
