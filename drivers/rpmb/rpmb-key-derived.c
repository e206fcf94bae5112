// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys derived from the unique key
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <rpmb-key.h>
#include <rpmb/mac.h>

static int derived_get(struct udevice *dev, u8 slot,
		       const struct rpmb_target_id *target,
		       u8 key[RPMB_KEY_SIZE])
{
	u8 huk[RPMB_HUK_MAX];
	int ret;

	ret = rpmb_huk_get(huk);
	if (ret > 0) {
		const struct rpmb_kdf_secret from = {
			RPMB_KDF_DERIVED, slot, huk, ret,
		};

		ret = rpmb_kdf_derive(&from, target, key);
	}
	rpmb_wipe(huk, sizeof(huk));
	return ret;
}

static const struct rpmb_key_ops derived_ops = {
	.name	= "derived",
	.of_huk	= true,
	.get	= derived_get,
};

static const struct udevice_id derived_match[] = {
	{ .compatible = "u-boot,rpmb-key-derived" },
	{ }
};

U_BOOT_DRIVER(rpmb_key_derived) = {
	.name		= "rpmb_key_derived",
	.id		= UCLASS_RPMB_KEY,
	.of_match	= derived_match,
	.ops		= &derived_ops,
};
