// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_kdf_is_weak(): which secrets and keys are refused
 *
 * For any bytes and any length up to RPMB_HUK_MAX:
 *
 * - What is said to be weak is weak, and what is not is not: up to 8 bytes; the same
 *   byte from the ninth on; bytes that are the same, step evenly or repeat at least
 *   once; a published key. So is what has 16 such bytes and is blank from there on.
 * - Each published key is weak, at its own length, also if fuses behind it are blank.
 * - The secret is only read, and not past its end.
 *
 * What repeats is said with one period that can be any of them, what steps with two
 * neighbours that can be any, what is the same with one place.
 */

#include <lib/rpmb/kdf-weak.c>
#include "../proof.h"

static u8 secret[RPMB_HUK_MAX];

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

/* A published key, and behind it nothing or what is blank */
static void claim_published(void)
{
	u32 which = nondet_u32();
	size_t len;

	assume(which < sizeof(published) / sizeof(*published));
	len = published[which].len;
	claim(len == 16 || len == 32);
	claim(rpmb_kdf_is_weak(published[which].key, len));
	if (len > 16)
		return;
	memset(secret, nondet_bool() ? 0 : 255, sizeof(secret));
	memcpy(secret, published[which].key, 16);
	len = nondet_size();
	assume(len >= 16 && len <= sizeof(secret));
	claim(rpmb_kdf_is_weak(secret, len));
}

void proof(void)
{
	size_t len = nondet_size();
	const u8 *p = secret + sizeof(secret) - len;

	claim_published();
	__CPROVER_havoc_object(secret);
	assume(len <= sizeof(secret));
	claim(rpmb_kdf_is_weak(p, len) == is_weak(p, len));
}
