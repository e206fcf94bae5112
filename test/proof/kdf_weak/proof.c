// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_kdf_is_weak(): which secrets and keys are refused
 *
 * For any bytes, of 0, 8 to 10, 16 to 18 and 32 of them:
 *
 * - What is said to be weak is weak, and what is not is not: up to 8 bytes; the same
 *   byte from the ninth on; bytes that are the same, step evenly or repeat at least
 *   once; a published key. So is what has 16 such bytes and is blank from there on.
 * - Each published key is weak, also if it is half of what is blank otherwise.
 * - The secret is only read, and not past its end.
 *
 * What repeats is said with one period that can be any of them, what steps with two
 * neighbours that can be any, what is the same with one place.
 */

#include <lib/rpmb/kdf-weak.c>
#include "../proof.h"

static u8 secret[RPMB_HUK_MAX];

/* Without an early end; CBMC's own takes much longer */
int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *x = a, *y = b;
	bool differ = false;
	size_t i;

	for (i = 0; i < len; i++)
		differ |= x[i] != y[i];
	return differ;
}

static bool repeats_at(const u8 *p, size_t len, size_t period)
{
	size_t i;

	for (i = 0; i < RPMB_HUK_MAX; i++)
		if (i + period < len && p[i] != p[i + period])
			return false;
	return true;
}

static bool steps(const u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i + 2 < RPMB_HUK_MAX; i++)
		if (i + 2 < len &&
		    ((p[i + 1] - p[i]) & 255) != ((p[i + 2] - p[i + 1]) & 255))
			return false;
	return true;
}

static bool is_pattern(const u8 *p, size_t len)
{
	bool any = steps(p, len) || is_published(p, len);
	size_t period;

	for (period = 1; period <= RPMB_HUK_MAX / 2; period++)
		any |= 2 * period <= len && repeats_at(p, len, period);
	return any;
}

/* The same byte from there to the end */
static bool is_same_from(const u8 *p, size_t len, size_t from)
{
	size_t i;

	for (i = 0; i < RPMB_HUK_MAX; i++)
		if (i > from && i < len && p[i] != p[from])
			return false;
	return true;
}

static bool is_weak(const u8 *p, size_t len)
{
	if (len <= 8 || is_same_from(p, len, 8) || is_pattern(p, len))
		return true;
	return len > 16 && (!p[16] || p[16] == 255) &&
	       is_same_from(p, len, 16) && is_pattern(p, 16);
}

/* A published key; one of 16 bytes also with blank fuses behind it */
static void claim_published(u8 blank)
{
	u32 i;

	memset(secret, blank, sizeof(secret));
	for (i = 0; i < sizeof(published) / sizeof(*published); i++) {
		claim(published[i].len == 16 || published[i].len == 32);
		claim(rpmb_kdf_is_weak(published[i].key, published[i].len));
		if (published[i].len > 16)
			continue;
		memcpy(secret, published[i].key, 16);
		claim(rpmb_kdf_is_weak(secret, 32));
	}
}

static void claim_length(size_t len)
{
	const u8 *p = secret + sizeof(secret) - len;

	claim(rpmb_kdf_is_weak(p, len) == is_weak(p, len));
}

void proof(void)
{
	/* short ones; those of unique keys, and a byte behind; that of a key */
	static const u8 lengths[] = { 0, 8, 9, 16, 17, 32 };
	u32 which = nondet_u32(), i;

	claim_published(0x00);
	claim_published(0xff);
	__CPROVER_havoc_object(secret);
	for (i = 0; i < sizeof(lengths); i++)
		if (which == i)
			claim_length(lengths[i]);
}
