// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SHA-256 (FIPS 180-4), small instead of fast
 *
 * For boards where nobody but the RPMB stack has use for SHA-256. In U-Boot's own
 * the rounds are written out one by one, which takes 8 KiB, and CONFIG_SHA256
 * brings all that can make use of it. It has U-Boot's names, so that nothing else
 * need know the difference. A message has less than 4 GiB.
 */

#include <rpmb/frame.h>
#include <rpmb/hmac.h>
#include <rpmb/wipe.h>

#define BLOCK	64	/* bytes */
#define ROUNDS	64

static const u32 k[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const u32 first[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static u32 ror(u32 word, int bits)
{
	return word >> bits | word << (32 - bits);
}

static void expand(u32 w[ROUNDS], const u8 *data)
{
	u32 a, b;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = rpmb_get32((const void *)(data + 4 * i));
	for (; i < ROUNDS; i++) {
		a = w[i - 15];
		b = w[i - 2];
		w[i] = w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) +
		       w[i - 7] + (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
	}
}

/* @v: the standard's variables a to h */
static void round_of(u32 v[8], u32 word)
{
	u32 t1 = v[7] + (ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25)) +
		 ((v[4] & v[5]) ^ (~v[4] & v[6])) + word;
	u32 t2 = (ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22)) +
		 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

	memmove(v + 1, v, 7 * sizeof(*v));
	v[4] += t1;
	v[0] = t1 + t2;
}

static void process_block(u32 state[8], const u8 *data)
{
	u32 w[ROUNDS], v[8];
	int i;

	expand(w, data);
	memcpy(v, state, sizeof(v));
	for (i = 0; i < ROUNDS; i++)
		round_of(v, w[i] + k[i]);
	for (i = 0; i < 8; i++)
		state[i] += v[i];
	rpmb_wipe(w, sizeof(w));
}

void sha256_starts(sha256_context *ctx)
{
	memcpy(ctx->state, first, sizeof(first));
	ctx->total[0] = 0;
}

void sha256_update(sha256_context *ctx, const u8 *input, u32 length)
{
	u32 at, len;

	for (; length; length -= len, input += len) {
		at = ctx->total[0] % BLOCK;
		len = BLOCK - at < length ? BLOCK - at : length;
		memcpy(ctx->buffer + at, input, len);
		ctx->total[0] += len;
		if (at + len == BLOCK)
			process_block(ctx->state, ctx->buffer);
	}
}

void sha256_finish(sha256_context *ctx, u8 digest[SHA256_SUM_LEN])
{
	u32 len = ctx->total[0];
	u8 bits[8] = { 0, 0, 0, (u8)(len >> 29) };
	int i;

	rpmb_put32((void *)(bits + 4), len << 3);
	sha256_update(ctx, (const u8 *)"\x80", 1);
	while (ctx->total[0] % BLOCK != BLOCK - sizeof(bits))
		sha256_update(ctx, (const u8 *)"", 1);
	sha256_update(ctx, bits, sizeof(bits));
	for (i = 0; i < 8; i++)
		rpmb_put32((void *)(digest + 4 * i), ctx->state[i]);
}
