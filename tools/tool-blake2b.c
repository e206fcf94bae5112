// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: BLAKE2b (RFC 7693) with a digest of 16 bytes, which is what the
 * kernel makes of a UFS device's identifier before OP-TEE sees it
 */

#include "tool.h"

#define BLOCK	128
#define DIGEST	16
#define ROUNDS	12

static const u64 iv[8] = {
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
	0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
	0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* RFC 7693 section 2.7; rounds 10 and 11 are 0 and 1 again */
static const u8 sigma[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

/* Words of the state that a round mixes: four columns, four diagonals */
static const u8 lanes[8][4] = {
	{ 0, 4, 8, 12 }, { 1, 5, 9, 13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 },
	{ 0, 5, 10, 15 }, { 1, 6, 11, 12 }, { 2, 7, 8, 13 }, { 3, 4, 9, 14 },
};

static u64 rotate(u64 x, int bits)
{
	return x >> bits | x << (64 - bits);
}

static void mix(u64 v[16], const u8 lane[4], u64 x, u64 y)
{
	u64 *a = &v[lane[0]], *b = &v[lane[1]];
	u64 *c = &v[lane[2]], *d = &v[lane[3]];

	*a += *b + x;
	*d = rotate(*d ^ *a, 32);
	*c += *d;
	*b = rotate(*b ^ *c, 24);
	*a += *b + y;
	*d = rotate(*d ^ *a, 16);
	*c += *d;
	*b = rotate(*b ^ *c, 63);
}

static void compress(u64 h[8], const u8 block[BLOCK], u64 total, bool last)
{
	u64 v[16], m[16] = { 0 };
	int i, round;

	for (i = 0; i < BLOCK; i++)
		m[i / 8] |= (u64)block[i] << i % 8 * 8;
	memcpy(v, h, 64);
	memcpy(v + 8, iv, 64);
	v[12] ^= total;
	if (last)
		v[14] = ~v[14];
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < 8; i++)
			mix(v, lanes[i], m[sigma[round % 10][2 * i]],
			    m[sigma[round % 10][2 * i + 1]]);
	for (i = 0; i < 8; i++)
		h[i] ^= v[i] ^ v[i + 8];
}

void tool_blake2b_16(const u8 *data, size_t len, u8 out[16])
{
	u8 block[BLOCK] = { 0 };
	u64 h[8], total = 0;
	int i;

	memcpy(h, iv, sizeof(h));
	h[0] ^= 0x01010000 | DIGEST;
	for (; len > BLOCK; len -= BLOCK, data += BLOCK) {
		total += BLOCK;
		compress(h, data, total, false);
	}
	memcpy(block, data, len);
	compress(h, block, total + len, true);
	for (i = 0; i < DIGEST; i++)
		out[i] = h[i / 8] >> i % 8 * 8;
}
