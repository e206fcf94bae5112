// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys that OP-TEE derives, so that OP-TEE can use the RPMB later
 *
 * OP-TEE knows a device by 16 bytes: an eMMC's CID, or of any other device
 * BLAKE2b of the identifier that Linux gives it. doc/develop/rpmb/spec.rst
 * names the sources.
 */

#define LOG_CATEGORY UCLASS_RPMB_KEY

#include <dm.h>
#include <rpmb-key.h>
#include <rpmb/mac.h>
#include <u-boot/blake2.h>

#define OPTEE_ID_SIZE	16

enum {
	SLOT_USAGE,		/* with the usage word */
	SLOT_COMPAT,		/* CFG_CORE_HUK_SUBKEY_COMPAT */
};

static int optee_id(const struct rpmb_target_id *target,
		    u8 id[OPTEE_ID_SIZE])
{
	switch (target->transport) {
	case RPMB_KDF_EMMC:
		if (target->dev_id_len != OPTEE_ID_SIZE)
			return -EINVAL;
		memcpy(id, target->dev_id, OPTEE_ID_SIZE);
		return 0;
	case RPMB_KDF_UFS:
		return blake2b(id, OPTEE_ID_SIZE, target->dev_id,
			       target->dev_id_len, NULL, 0) ? -EIO : 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int optee_get(struct udevice *dev, u8 slot,
		     const struct rpmb_target_id *target,
		     u8 key[RPMB_KEY_SIZE])
{
	u8 huk[RPMB_HUK_MAX], id[OPTEE_ID_SIZE];
	int ret;

	if (slot > SLOT_COMPAT)
		return -EINVAL;
	ret = optee_id(target, id);
	if (ret)
		return ret;
	ret = rpmb_huk_get(huk);
	if (ret > 0)
		ret = rpmb_kdf_optee(slot == SLOT_COMPAT, huk, ret, id, key);
	rpmb_wipe(huk, sizeof(huk));
	return ret;
}

static const struct rpmb_key_ops optee_ops = {
	.name	= "optee",
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
