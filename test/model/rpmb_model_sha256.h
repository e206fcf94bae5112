/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 and HMAC-SHA256 of the RPMB model
 *
 * The model's own, so that it shares nothing with the side it tests. Small
 * before fast.
 */

#ifndef _RPMB_MODEL_SHA256_H
#define _RPMB_MODEL_SHA256_H

#ifdef __UBOOT__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

#define RPMB_MODEL_SHA256_LEN	32	/* bytes in a digest */
#define RPMB_MODEL_SHA256_BLOCK	64	/* bytes hashed at a time */

/**
 * struct rpmb_model_sha256 - hash under way
 *
 * @h:		chaining value
 * @len:	bytes hashed so far
 * @buf:	the last @len mod 64 of them
 */
struct rpmb_model_sha256 {
	u32 h[8];
	u64 len;
	u8 buf[RPMB_MODEL_SHA256_BLOCK];
};

/**
 * struct rpmb_model_hmac_ctx - HMAC under way
 *
 * @inner:	hash of the padded key and the message
 * @opad:	key padded for the outer hash
 */
struct rpmb_model_hmac_ctx {
	struct rpmb_model_sha256 inner;
	u8 opad[RPMB_MODEL_SHA256_BLOCK];
};

void rpmb_model_sha256_init(struct rpmb_model_sha256 *c);
void rpmb_model_sha256_update(struct rpmb_model_sha256 *c, const void *data,
			      size_t len);
void rpmb_model_sha256_final(struct rpmb_model_sha256 *c,
			     u8 out[RPMB_MODEL_SHA256_LEN]);

/**
 * rpmb_model_hmac_init() - start an HMAC
 *
 * @c:		context
 * @key:	key of any length; beyond 64 bytes its hash is used (RFC 2104)
 * @len:	bytes in @key
 */
void rpmb_model_hmac_init(struct rpmb_model_hmac_ctx *c, const void *key,
			  size_t len);
void rpmb_model_hmac_update(struct rpmb_model_hmac_ctx *c, const void *data,
			    size_t len);
void rpmb_model_hmac_final(struct rpmb_model_hmac_ctx *c,
			   u8 out[RPMB_MODEL_SHA256_LEN]);

#endif /* _RPMB_MODEL_SHA256_H */
