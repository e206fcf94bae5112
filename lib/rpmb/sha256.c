// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mbedTLS's SHA-256 under U-Boot's names
 *
 * For boards where nobody but the RPMB stack has use for SHA-256. In U-Boot's own
 * the rounds are written out one by one, which takes 8 KiB, and with it comes all
 * that can make use of it. So the one file of mbedTLS that computes it is compiled
 * here, the small way and with names of its own (sha256-config.h).
 */

#include <rpmb/hmac.h>
#include <mbedtls/sha256.h>

static_assert(sizeof(mbedtls_sha256_context) <= sizeof(sha256_context),
	      "U-Boot's context has no room for mbedTLS's");

/* mbedTLS's functions fail for SHA-224 only, which is not built */

void sha256_starts(sha256_context *ctx)
{
	(void)mbedtls_sha256_starts((mbedtls_sha256_context *)ctx, 0);
}

void sha256_update(sha256_context *ctx, const u8 *input, u32 length)
{
	(void)mbedtls_sha256_update((mbedtls_sha256_context *)ctx, input,
				    length);
}

void sha256_finish(sha256_context *ctx, u8 digest[SHA256_SUM_LEN])
{
	(void)mbedtls_sha256_finish((mbedtls_sha256_context *)ctx, digest);
}
