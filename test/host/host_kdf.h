/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC and HKDF by another hand than lib/rpmb and mbedTLS: OpenSSL, and where
 * there is none the model
 */

#ifndef _HOST_KDF_H
#define _HOST_KDF_H

#include <stddef.h>
#include <rpmb/types.h>

/** host_hmac() - HMAC-SHA256 */
void host_hmac(const u8 *key, size_t key_len, const u8 *msg, size_t len,
	       u8 out[32]);

/** host_hkdf() - HKDF-SHA256 without salt, 32 bytes of it */
void host_hkdf(const u8 *secret, size_t secret_len, const u8 *info, size_t len,
	       u8 out[32]);

#endif /* _HOST_KDF_H */
