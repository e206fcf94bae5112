/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC-SHA256, as the surroundings have it
 *
 * Where mbedTLS is in the build, this is mbedTLS's HMAC. Elsewhere lib/rpmb makes
 * it of the SHA-256 that U-Boot has, so that a board need not take in a library for
 * it. Only this header and lib/rpmb/Makefile know which one it is.
 *
 * A started HMAC is as secret as its key. Key and messages may be of any length
 * with mbedTLS; without it a key has at most 64 bytes.
 */

#ifndef _RPMB_HMAC_H
#define _RPMB_HMAC_H

#include <rpmb/types.h>

#ifdef __UBOOT__
#include <linux/kconfig.h>
#define RPMB_HMAC_IS_MBEDTLS	CONFIG_IS_ENABLED(RPMB_MBEDTLS)
#elif !defined(RPMB_HMAC_IS_MBEDTLS)
#define RPMB_HMAC_IS_MBEDTLS	1
#endif

#define RPMB_HMAC_SIZE	32	/* bytes of a MAC */

#if RPMB_HMAC_IS_MBEDTLS

#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>

struct rpmb_hmac {
	mbedtls_md_context_t ctx;
};

static inline int rpmb_hmac_setup(struct rpmb_hmac *h)
{
	return mbedtls_md_setup(&h->ctx,
				mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1);
}

static inline int rpmb_hmac_start(struct rpmb_hmac *h, const u8 *key, size_t len)
{
	return mbedtls_md_hmac_starts(&h->ctx, key, len);
}

static inline int rpmb_hmac_restart(struct rpmb_hmac *h)
{
	return mbedtls_md_hmac_reset(&h->ctx);
}

static inline int rpmb_hmac_add(struct rpmb_hmac *h, const void *data, size_t len)
{
	return mbedtls_md_hmac_update(&h->ctx, data, len);
}

static inline int rpmb_hmac_end(struct rpmb_hmac *h, u8 mac[RPMB_HMAC_SIZE])
{
	return mbedtls_md_hmac_finish(&h->ctx, mac);
}

static inline int rpmb_hmac_compare(const u8 *one, const u8 *other)
{
	return mbedtls_ct_memcmp(one, other, RPMB_HMAC_SIZE);
}

static inline void rpmb_hmac_free(struct rpmb_hmac *h)
{
	mbedtls_md_free(&h->ctx);
}

#else

#include <u-boot/sha256.h>

/**
 * struct rpmb_hmac - an HMAC that is being computed
 *
 * @inner:	hash of the key's inner pad, where each message begins
 * @outer:	hash of its outer pad
 * @now:	hash of the message so far
 */
struct rpmb_hmac {
	sha256_context inner;
	sha256_context outer;
	sha256_context now;
};

/**
 * rpmb_hmac_setup() - allocate what an HMAC needs, before it is started
 *
 * @h:		HMAC, zeroed
 * Return: 0; another value if mbedTLS has no memory, then rpmb_hmac_free() it
 */
static inline int rpmb_hmac_setup(struct rpmb_hmac *h)
{
	return 0;
}

/**
 * rpmb_hmac_start() - take a key and begin a message
 *
 * @h:		HMAC that is set up
 * @key:	key
 * @len:	bytes of it, at most 64
 * Return: 0; another value if it cannot be done
 */
int __must_check rpmb_hmac_start(struct rpmb_hmac *h, const u8 *key, size_t len);

/**
 * rpmb_hmac_restart() - begin another message with the same key
 *
 * @h:		HMAC that was started
 * Return: 0; another value if mbedTLS fails
 */
static inline int rpmb_hmac_restart(struct rpmb_hmac *h)
{
	h->now = h->inner;
	return 0;
}

/**
 * rpmb_hmac_add() - go on with a message
 *
 * @h:		HMAC that was started
 * @data:	next bytes
 * @len:	how many
 * Return: 0; another value if mbedTLS fails
 */
static inline int rpmb_hmac_add(struct rpmb_hmac *h, const void *data, size_t len)
{
	sha256_update(&h->now, data, (u32)len);
	return 0;
}

/**
 * rpmb_hmac_end() - end a message
 *
 * @h:		HMAC that was started
 * @mac:	its MAC
 * Return: 0; another value if mbedTLS fails
 */
int rpmb_hmac_end(struct rpmb_hmac *h, u8 mac[RPMB_HMAC_SIZE]);

/**
 * rpmb_hmac_compare() - compare MACs; takes the same time wherever they differ
 *
 * @one:	32 bytes
 * @other:	32 bytes
 * Return: 0 if they are the same
 */
int __must_check rpmb_hmac_compare(const u8 *one, const u8 *other);

/**
 * rpmb_hmac_free() - give back what rpmb_hmac_setup() took
 *
 * @h:		HMAC
 */
static inline void rpmb_hmac_free(struct rpmb_hmac *h)
{
}

#endif /* RPMB_HMAC_IS_MBEDTLS */

/**
 * rpmb_hmac_clear() - free an HMAC, and wipe all that is left of key and message
 *
 * @h:		HMAC that was started
 */
void rpmb_hmac_clear(struct rpmb_hmac *h);

#endif /* _RPMB_HMAC_H */
