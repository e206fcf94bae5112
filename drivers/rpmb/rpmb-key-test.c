// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Test keys, which are published: for development boards only
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <rpmb-key.h>

static const char no_secret[] = "U-Boot RPMB test key, not secret";

static int test_get(struct udevice *dev, u8 slot,
		    const struct rpmb_target_id *target,
		    u8 key[RPMB_KEY_SIZE])
{
	const struct rpmb_kdf_secret from = {
		RPMB_KDF_TEST, slot, (const u8 *)no_secret,
		sizeof(no_secret) - 1,
	};

	return rpmb_kdf_derive(&from, target, key);
}

static const struct rpmb_key_ops test_ops = {
	.name	= "TEST KEY",
	.get	= test_get,
};

static const struct udevice_id test_match[] = {
	{ .compatible = "u-boot,rpmb-key-test" },
	{ }
};

U_BOOT_DRIVER(rpmb_key_test) = {
	.name		= "rpmb_key_test",
	.id		= UCLASS_RPMB_KEY,
	.of_match	= test_match,
	.ops		= &test_ops,
};
