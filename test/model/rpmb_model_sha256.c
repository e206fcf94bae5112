// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104) of the RPMB model
 */

#include "rpmb_model_sha256.h"

static const u32 sha256_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 ror(u32 x, int n)
{
	return x >> n | x << (32 - n);
}

static u32 load32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 |
	       (u32)p[2] << 8 | p[3];
}

static void store32(u8 *p, u32 v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void sha256_schedule(u32 w[64], const u8 *block)
{
	u32 s0, s1;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = load32(block + 4 * i);

	for (; i < 64; i++) {
		s0 = ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3;
		s1 = ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* One round on the working variables v[0..7] = a..h */
static void sha256_round(u32 v[8], u32 kw)
{
	u32 s1 = ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25);
	u32 ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
	u32 t1 = v[7] + s1 + ch + kw;
	u32 s0 = ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22);
	u32 maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

	v[7] = v[6];
	v[6] = v[5];
	v[5] = v[4];
	v[4] = v[3] + t1;
	v[3] = v[2];
	v[2] = v[1];
	v[1] = v[0];
	v[0] = t1 + s0 + maj;
}

static void sha256_block(u32 h[8], const u8 *block)
{
	u32 w[64], v[8];
	int i;

	sha256_schedule(w, block);
	memcpy(v, h, sizeof(v));
	for (i = 0; i < 64; i++)
		sha256_round(v, sha256_k[i] + w[i]);
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

void rpmb_model_sha256_init(struct rpmb_model_sha256 *c)
{
	static const u32 h0[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(c->h, h0, sizeof(h0));
	c->len = 0;
}

void rpmb_model_sha256_update(struct rpmb_model_sha256 *c, const void *data,
			      size_t len)
{
	const u8 *p = data;
	size_t at, n;

	for (; len; len -= n, p += n) {
		at = c->len % sizeof(c->buf);
		n = sizeof(c->buf) - at;
		if (n > len)
			n = len;
		memcpy(c->buf + at, p, n);
		c->len += n;
		if (at + n == sizeof(c->buf))
			sha256_block(c->h, c->buf);
	}
}

void rpmb_model_sha256_final(struct rpmb_model_sha256 *c,
			     u8 out[RPMB_MODEL_SHA256_LEN])
{
	static const u8 one = 0x80, zero;
	u64 bits = c->len * 8;
	u8 tail[8];
	int i;

	rpmb_model_sha256_update(c, &one, 1);
	while (c->len % sizeof(c->buf) != sizeof(c->buf) - sizeof(tail))
		rpmb_model_sha256_update(c, &zero, 1);
	store32(tail, bits >> 32);
	store32(tail + 4, bits);
	rpmb_model_sha256_update(c, tail, sizeof(tail));

	for (i = 0; i < 8; i++)
		store32(out + 4 * i, c->h[i]);
}

void rpmb_model_hmac_init(struct rpmb_model_hmac_ctx *c, const void *key,
			  size_t len)
{
	u8 ipad[RPMB_MODEL_SHA256_BLOCK] = { 0 };
	size_t i;

	if (len > sizeof(ipad)) {
		rpmb_model_sha256_init(&c->inner);
		rpmb_model_sha256_update(&c->inner, key, len);
		rpmb_model_sha256_final(&c->inner, ipad);
	} else if (len) {
		memcpy(ipad, key, len);
	}

	for (i = 0; i < sizeof(ipad); i++) {
		c->opad[i] = ipad[i] ^ 0x5c;
		ipad[i] ^= 0x36;
	}
	rpmb_model_sha256_init(&c->inner);
	rpmb_model_sha256_update(&c->inner, ipad, sizeof(ipad));
}

void rpmb_model_hmac_update(struct rpmb_model_hmac_ctx *c, const void *data,
			    size_t len)
{
	rpmb_model_sha256_update(&c->inner, data, len);
}

void rpmb_model_hmac_final(struct rpmb_model_hmac_ctx *c,
			   u8 out[RPMB_MODEL_SHA256_LEN])
{
	struct rpmb_model_sha256 outer;

	rpmb_model_sha256_final(&c->inner, out);
	rpmb_model_sha256_init(&outer);
	rpmb_model_sha256_update(&outer, c->opad, sizeof(c->opad));
	rpmb_model_sha256_update(&outer, out, RPMB_MODEL_SHA256_LEN);
	rpmb_model_sha256_final(&outer, out);
}
