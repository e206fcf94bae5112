// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys from a secret of their own in fuses, bound to device and region
 *
 * See doc/device-tree-bindings/rpmb/rpmb-keys.txt
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <misc.h>
#include <rpmb-key.h>

/**
 * struct fuse_plat - where the secret is
 *
 * @misc:	node of the misc device
 * @offset:	first byte in it
 * @size:	bytes
 */
struct fuse_plat {
	ofnode misc;
	u32 offset;
	u32 size;
};

static int read_secret(struct fuse_plat *plat, u8 *secret)
{
	struct udevice *misc;
	int ret;

	ret = uclass_get_device_by_ofnode(UCLASS_MISC, plat->misc, &misc);
	if (ret)
		return ret;
	ret = misc_read(misc, plat->offset, secret, plat->size);
	/* some drivers count the bytes, others say 0 for all of them */
	return ret > 0 && ret != plat->size ? -EIO : ret;
}

static int fuse_get(struct udevice *dev, u8 slot,
		    const struct rpmb_kdf_target *target,
		    u8 key[RPMB_KEY_SIZE])
{
	struct fuse_plat *plat = dev_get_plat(dev);
	u8 secret[RPMB_HUK_MAX];
	int ret;

	ret = read_secret(plat, secret);
	if (ret >= 0)
		ret = rpmb_kdf_derive(RPMB_KDF_FUSE, slot, secret, plat->size,
				      target, key);
	rpmb_wipe(secret, sizeof(secret));
	return ret;
}

static int fuse_of_to_plat(struct udevice *dev)
{
	struct fuse_plat *plat = dev_get_plat(dev);
	struct ofnode_phandle_args args;
	int ret;

	ret = dev_read_phandle_with_args(dev, "misc", NULL, 0, 0, &args);
	if (ret)
		return ret;
	plat->misc = args.node;
	if (dev_read_u32(dev, "offset", &plat->offset) ||
	    dev_read_u32(dev, "size", &plat->size) ||
	    plat->size < RPMB_HUK_MIN || plat->size > RPMB_HUK_MAX)
		return -EINVAL;
	return 0;
}

static const struct rpmb_key_ops fuse_ops = {
	.name	= "fuse",
	.get	= fuse_get,
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
	.of_to_plat	= fuse_of_to_plat,
	.plat_auto	= sizeof(struct fuse_plat),
};
