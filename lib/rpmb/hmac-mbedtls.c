// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Leave nothing secret behind, where HMAC is mbedTLS's
 */

#include <mbedtls/platform_util.h>
#include <rpmb/hmac.h>
#include <rpmb/wipe.h>

void rpmb_wipe(void *buf, size_t len)
{
	mbedtls_platform_zeroize(buf, len);
}

/*
 * mbedtls_md_free() wipes the padded keys, but not the hash's midstates and
 * buffer where SHA-256 is U-Boot's (MBEDTLS_SHA256_ALT frees nothing). An HMAC
 * of nothing under the empty key overwrites both.
 */
void rpmb_hmac_clear(struct rpmb_hmac *h)
{
	u8 public[RPMB_HMAC_SIZE];

	(void)rpmb_hmac_start(h, (const u8 *)h, 0);
	(void)rpmb_hmac_end(h, public);
	rpmb_hmac_free(h);
}
