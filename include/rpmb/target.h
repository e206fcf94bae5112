/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tells a target from all others: transport, device and target number
 *
 * Keys are derived from it, and manifests and service tokens name it.
 */

#ifndef _RPMB_TARGET_H
#define _RPMB_TARGET_H

#include <rpmb/types.h>

#define RPMB_CID_SIZE	16	/* bytes in an eMMC's CID */

/** enum rpmb_kdf_transport - transports as they stand in a derivation */
enum rpmb_kdf_transport {
	RPMB_KDF_EMMC		= 1,
	RPMB_KDF_UFS		= 2,
	RPMB_KDF_VIRTIO		= 3,
	RPMB_KDF_SANDBOX	= 0x7f,
};

/**
 * struct rpmb_target_id - which target it is
 *
 * @transport:	enum rpmb_kdf_transport
 * @target:	target number; a UFS region, 0 elsewhere
 * @dev_id_len:	bytes in @dev_id, at least 1; of an eMMC 16
 * @dev_id:	identifier of the device. Product revision and CRC in an eMMC's
 *		CID do not count, see rpmb_target_mask_cid()
 */
struct rpmb_target_id {
	u8 transport;
	u8 target;
	u16 dev_id_len;
	const u8 *dev_id;
};

/**
 * rpmb_target_mask_cid() - copy a CID, without the bytes that do not count
 *
 * A firmware update changes the product revision (PRV), and with it the CRC.
 * Both are made zero: the device stays the same one.
 *
 * @out:	copy
 * @cid:	CID, 16 bytes
 */
void rpmb_target_mask_cid(u8 out[RPMB_CID_SIZE], const u8 *cid);

/**
 * rpmb_target_is_same() - do two identifiers name the same target?
 *
 * @a:		transport, target and identifier
 * @b:		the other one
 * Return: true if so
 */
bool rpmb_target_is_same(const struct rpmb_target_id *a,
			 const struct rpmb_target_id *b);

#endif /* _RPMB_TARGET_H */
