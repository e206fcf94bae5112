// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What OP-TEE knows an RPMB by, and derives its key from
 *
 * Linux hands it 16 bytes: an eMMC's CID, or BLAKE2b of the identifier of any
 * other device. doc/develop/rpmb/spec.rst names the sources.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-tee.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <rpmb/kdf.h>
#include <u-boot/blake2.h>

int rpmb_tee_id(const struct rpmb_target_id *t, u8 id[RPMB_TEE_ID_SIZE])
{
	switch (t->transport) {
	case RPMB_KDF_EMMC:
		if (t->dev_id_len != RPMB_TEE_ID_SIZE)
			return -EINVAL;
		memcpy(id, t->dev_id, RPMB_TEE_ID_SIZE);
		return 0;
	case RPMB_KDF_UFS:
	case RPMB_KDF_VIRTIO:
		/* up to 15 KiB of code, which an eMMC has no use for */
		if (!CONFIG_IS_ENABLED(RPMB_UFS) &&
		    !CONFIG_IS_ENABLED(RPMB_VIRTIO))
			return -EOPNOTSUPP;
		return blake2b(id, RPMB_TEE_ID_SIZE, t->dev_id, t->dev_id_len,
			       NULL, 0) ? -EIO : 0;
	default:
		return -EOPNOTSUPP;
	}
}
