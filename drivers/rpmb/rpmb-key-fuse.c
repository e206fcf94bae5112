// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys from a secret of their own in fuses, bound to device and region
 *
 * See doc/device-tree-bindings/rpmb/u-boot,rpmb-keys.yaml
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <rpmb-key.h>
#include "rpmb-internal.h"

static int fuse_get(struct udevice *dev, u8 slot,
		    const struct rpmb_target_id *target,
		    u8 key[RPMB_KEY_SIZE])
{
	u8 secret[RPMB_HUK_MAX];
	int ret;

	ret = rpmb_misc_read(dev_ofnode(dev), secret);
	if (ret >= 0) {
		const struct rpmb_kdf_secret from = {
			RPMB_KDF_FUSE, slot, secret, ret,
		};

		ret = rpmb_kdf_derive(&from, target, key);
	}
	rpmb_wipe(secret, sizeof(secret));
	return ret;
}

static int read_fuses(void *ctx, u8 secret[RPMB_HUK_MAX])
{
	return rpmb_misc_read(dev_ofnode(ctx), secret);
}

static int lock_fuses(void *ctx)
{
	return rpmb_misc_lock(dev_ofnode(ctx));
}

static int fuse_lock(struct udevice *dev)
{
	return rpmb_lock_secret(read_fuses, lock_fuses, dev);
}

static const struct rpmb_key_ops fuse_ops = {
	.name	= "fuse",
	.get	= fuse_get,
	.lock	= fuse_lock,
};

static const struct udevice_id fuse_match[] = {
	{ .compatible = "u-boot,rpmb-key-fuse" },
	{ }
};

U_BOOT_DRIVER(rpmb_key_fuse) = {
	.name		= "rpmb_key_fuse",
	.id		= UCLASS_RPMB_KEY,
	.of_match	= fuse_match,
	.ops		= &fuse_ops,
};
