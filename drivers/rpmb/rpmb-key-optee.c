// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys that OP-TEE derives, so that OP-TEE can use the RPMB later
 *
 * OP-TEE knows a device by 16 bytes, see rpmb-tee-id.c.
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <rpmb-key.h>
#include <rpmb-tee.h>
#include <rpmb/mac.h>

enum {
	SLOT_USAGE,		/* with the usage word */
	SLOT_COMPAT,		/* CFG_CORE_HUK_SUBKEY_COMPAT */
};

static int optee_get(struct udevice *dev, u8 slot,
		     const struct rpmb_target_id *target,
		     u8 key[RPMB_KEY_SIZE])
{
	u8 huk[RPMB_HUK_MAX], id[RPMB_TEE_ID_SIZE];
	int ret;

	if (slot > SLOT_COMPAT)
		return -EINVAL;
	ret = rpmb_tee_id(target, id);
	if (ret)
		return ret;
	ret = rpmb_huk_get(huk);
	if (ret > 0)
		ret = rpmb_kdf_optee(slot == SLOT_COMPAT, huk, ret, id, key);
	rpmb_wipe(huk, sizeof(huk));
	return ret;
}

static const char *const slots[] = {
	[SLOT_USAGE] = "optee, CFG_CORE_HUK_SUBKEY_COMPAT=n",
	[SLOT_COMPAT] = "optee, as it is by default",
	NULL
};

static const struct rpmb_key_ops optee_ops = {
	.name	= "optee",
	.slots	= slots,
	.of_huk	= true,
	.get	= optee_get,
};

static const struct udevice_id optee_match[] = {
	{ .compatible = "u-boot,rpmb-key-optee" },
	{ }
};

U_BOOT_DRIVER(rpmb_key_optee) = {
	.name		= "rpmb_key_optee",
	.id		= UCLASS_RPMB_KEY,
	.of_match	= optee_match,
	.ops		= &optee_ops,
};
