// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC-SHA256 (RFC 2104), of the SHA-256 that U-Boot has
 */

#include <rpmb/hmac.h>
#include <rpmb/wipe.h>

#define BLOCK	64	/* bytes that SHA-256 takes at a time */

void rpmb_wipe(void *buf, size_t len)
{
	memset(buf, 0, len);
	/* keeps the compiler from leaving it out, since nobody reads it */
	__asm__ __volatile__("" : : "r" (buf) : "memory");
}

static void hash_pad(sha256_context *hash, const u8 *key, size_t len, u8 fill)
{
	u8 pad[BLOCK];
	size_t i;

	memset(pad, fill, sizeof(pad));
	for (i = 0; i < len; i++)
		pad[i] ^= key[i];
	sha256_starts(hash);
	sha256_update(hash, pad, sizeof(pad));
	rpmb_wipe(pad, sizeof(pad));
}

int rpmb_hmac_start(struct rpmb_hmac *h, const u8 *key, size_t len)
{
	if (len > BLOCK)
		return -EINVAL;
	hash_pad(&h->inner, key, len, 0x36);
	hash_pad(&h->outer, key, len, 0x5c);
	return rpmb_hmac_restart(h);
}

int rpmb_hmac_end(struct rpmb_hmac *h, u8 mac[RPMB_HMAC_SIZE])
{
	sha256_finish(&h->now, mac);
	h->now = h->outer;
	sha256_update(&h->now, mac, RPMB_HMAC_SIZE);
	sha256_finish(&h->now, mac);
	return 0;
}

int rpmb_hmac_compare(const u8 *one, const u8 *other)
{
	u32 differ = 0;
	int i;

	for (i = 0; i < RPMB_HMAC_SIZE; i++) {
		differ |= one[i] ^ other[i];
		/* keeps the compiler from ending the loop early */
		__asm__ __volatile__("" : "+r" (differ));
	}
	return differ;
}

void rpmb_hmac_clear(struct rpmb_hmac *h)
{
	rpmb_wipe(h, sizeof(*h));
}
