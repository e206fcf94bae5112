// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC and HKDF where there is no OpenSSL: by the model, whose HMAC is held
 * against OpenSSL's where there is one
 */

#include "../model/rpmb_model_sha256.h"
#include "host_kdf.h"

void host_hmac(const u8 *key, size_t key_len, const u8 *msg, size_t len,
	       u8 out[32])
{
	struct rpmb_model_hmac_ctx c;

	rpmb_model_hmac_init(&c, key, key_len);
	rpmb_model_hmac_update(&c, msg, len);
	rpmb_model_hmac_final(&c, out);
}

void host_hkdf(const u8 *secret, size_t secret_len, const u8 *info, size_t len,
	       u8 out[32])
{
	static const u8 salt[32];
	struct rpmb_model_hmac_ctx c;
	u8 prk[32];

	host_hmac(salt, sizeof(salt), secret, secret_len, prk);
	rpmb_model_hmac_init(&c, prk, sizeof(prk));
	rpmb_model_hmac_update(&c, info, len);
	rpmb_model_hmac_update(&c, "\1", 1);
	rpmb_model_hmac_final(&c, out);
}
