// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC and HKDF, by OpenSSL
 */

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <stdlib.h>

#include "host_kdf.h"

void host_hmac(const u8 *key, size_t key_len, const u8 *msg, size_t len,
	       u8 out[32])
{
	unsigned int n = 32;

	if (!HMAC(EVP_sha256(), key, key_len, msg, len, out, &n))
		abort();
}

void host_hkdf(const u8 *secret, size_t secret_len, const u8 *info, size_t len,
	       u8 out[32])
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
						 "SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
						  (void *)secret, secret_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
						  (void *)info, len),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);

	if (EVP_KDF_derive(ctx, out, 32, params) != 1)
		abort();
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}
