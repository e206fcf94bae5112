// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mbedTLS's SHA-256 under U-Boot's names
 *
 * For boards where only the RPMB stack uses SHA-256. U-Boot's own file has its
 * rounds written out one by one, which takes 8 KiB, and its option brings other
 * code that uses it. So this folder compiles the one file of mbedTLS that computes
 * SHA-256, for size and with names of its own (sha256-config.h).
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
