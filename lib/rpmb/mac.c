// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC-SHA256 over RPMB messages
 */

#include <rpmb/mac.h>

void rpmb_mac_unload(struct rpmb_mac *mac)
{
	if (!mac->loaded)
		return;
	rpmb_hmac_clear(&mac->hmac);
	memset(mac, 0, sizeof(*mac));
}

int rpmb_mac_load(struct rpmb_mac *mac, const u8 key[RPMB_KEY_SIZE])
{
	rpmb_mac_unload(mac);
	if (rpmb_hmac_setup(&mac->hmac) ||
	    rpmb_hmac_start(&mac->hmac, key, RPMB_KEY_SIZE)) {
		rpmb_hmac_free(&mac->hmac);
		return -ENOMEM;
	}
	mac->loaded = true;
	return 0;
}

int rpmb_mac_frames(struct rpmb_mac *mac, const struct rpmb_frame *frames,
		    u32 count, u8 out[RPMB_MAC_SIZE])
{
	int err;
	u32 i;

	if (!mac->loaded)
		return -EINVAL;
	err = rpmb_hmac_restart(&mac->hmac);
	for (i = 0; i < count; i++)
		err |= rpmb_hmac_add(&mac->hmac, frames[i].data, RPMB_MAC_LEN);
	err |= rpmb_hmac_end(&mac->hmac, out);
	return err ? -EIO : 0;
}

int rpmb_mac_sign(struct rpmb_mac *mac, struct rpmb_frame *frames, u32 count)
{
	return rpmb_mac_frames(mac, frames, count, frames[count - 1].key_mac);
}

int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *frames,
		    u32 count)
{
	u8 want[RPMB_MAC_SIZE];
	int ret;

	ret = rpmb_mac_frames(mac, frames, count, want);
	if (!ret && rpmb_hmac_compare(want, frames[count - 1].key_mac))
		ret = -EBADMSG;
	/* this is the right MAC for a reply that may be forged */
	rpmb_wipe(want, sizeof(want));
	return ret;
}
