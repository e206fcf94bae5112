// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC-SHA256 over RPMB messages, by mbedTLS
 */

#include <mbedtls/constant_time.h>
#include <mbedtls/platform_util.h>
#include <rpmb/mac.h>

void rpmb_wipe(void *buf, size_t len)
{
	mbedtls_platform_zeroize(buf, len);
}

/*
 * mbedtls_md_free() wipes the padded keys, but not the hash's midstates and
 * buffer where SHA-256 is U-Boot's (MBEDTLS_SHA256_ALT frees nothing). An HMAC
 * of nothing under the empty key overwrites both.
 */
void rpmb_mac_clear(mbedtls_md_context_t *md)
{
	u8 public[RPMB_MAC_SIZE];

	(void)mbedtls_md_hmac_starts(md, (const u8 *)md, 0);
	(void)mbedtls_md_hmac_finish(md, public);
	mbedtls_md_free(md);
}

void rpmb_mac_unload(struct rpmb_mac *mac)
{
	if (!mac->loaded)
		return;
	rpmb_mac_clear(&mac->md);
	memset(mac, 0, sizeof(*mac));
}

int rpmb_mac_load(struct rpmb_mac *mac, const u8 key[RPMB_KEY_SIZE])
{
	const mbedtls_md_info_t *sha256;

	rpmb_mac_unload(mac);
	sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
	if (mbedtls_md_setup(&mac->md, sha256, 1) ||
	    mbedtls_md_hmac_starts(&mac->md, key, RPMB_KEY_SIZE)) {
		mbedtls_md_free(&mac->md);
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
	err = mbedtls_md_hmac_reset(&mac->md);
	for (i = 0; i < count; i++)
		err |= mbedtls_md_hmac_update(&mac->md, frames[i].data,
					      RPMB_MAC_LEN);
	err |= mbedtls_md_hmac_finish(&mac->md, out);
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
	if (!ret && mbedtls_ct_memcmp(want, frames[count - 1].key_mac,
				      sizeof(want)))
		ret = -EBADMSG;
	/* with this MAC somebody could sign the reply that he has sent */
	rpmb_wipe(want, sizeof(want));
	return ret;
}
