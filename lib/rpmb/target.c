// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tells a target from all others
 */

#include <rpmb/target.h>

#define CID_PRV		9	/* product revision: firmware updates change it */
#define CID_CRC		15

void rpmb_target_mask_cid(u8 out[RPMB_CID_SIZE], const u8 *cid)
{
	memcpy(out, cid, RPMB_CID_SIZE);
	out[CID_PRV] = 0;
	out[CID_CRC] = 0;
}

bool rpmb_target_is_same(const struct rpmb_target_id *a,
			 const struct rpmb_target_id *b)
{
	u8 cid_a[RPMB_CID_SIZE], cid_b[RPMB_CID_SIZE];

	if (a->transport != b->transport || a->target != b->target ||
	    a->dev_id_len != b->dev_id_len)
		return false;
	/* a manifest may leave the device open: no identifier */
	if (!a->dev_id_len)
		return true;
	if (a->transport != RPMB_KDF_EMMC || a->dev_id_len != RPMB_CID_SIZE)
		return !memcmp(a->dev_id, b->dev_id, a->dev_id_len);
	rpmb_target_mask_cid(cid_a, a->dev_id);
	rpmb_target_mask_cid(cid_b, b->dev_id);
	return !memcmp(cid_a, cid_b, RPMB_CID_SIZE);
}
