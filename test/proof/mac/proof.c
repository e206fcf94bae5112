// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_mac_verify() and rpmb_mac_frames(): what a MAC covers
 *
 * mbedTLS is replaced: each of its functions may fail, and what it is given is
 * noted.
 *
 * - 0 is returned only if a key is loaded, no function of mbedTLS has failed,
 *   each frame was hashed once, in order, from its data to its end, between a
 *   reset and a finish, and the comparison in constant time of 32 bytes with
 *   the last frame's MAC said equal.
 * - The MAC that was computed is wiped, whatever happened.
 */

#include <lib/rpmb/hmac-mbedtls.c>
#include <lib/rpmb/mac.c>
#include "../mbedtls.h"

#define FRAMES	4

static struct rpmb_mac ctx;
static struct rpmb_frame frames[FRAMES];
static u32 hashed, resets, finishes, compared;
static bool equal;
static u8 *computed;

int mbedtls_md_hmac_reset(mbedtls_md_context_t *md)
{
	claim((void *)md == &ctx && !hashed);
	resets++;
	return verdict();
}

int mbedtls_md_hmac_update(mbedtls_md_context_t *md, const unsigned char *in,
			   size_t len)
{
	claim((void *)md == &ctx && resets == 1 && !finishes);
	claim(in == frames[hashed].data);
	claim(len == RPMB_MAC_LEN);
	claim(in + len == (u8 *)&frames[hashed + 1]);
	hashed++;
	return verdict();
}

int mbedtls_md_hmac_finish(mbedtls_md_context_t *md, unsigned char *out)
{
	claim((void *)md == &ctx && resets == 1);
	finishes++;
	computed = out;
	__CPROVER_havoc_slice(out, RPMB_MAC_SIZE);
	return verdict();
}

int mbedtls_ct_memcmp(const void *a, const void *b, size_t n)
{
	int differ = nondet_int();

	claim(n == RPMB_MAC_SIZE && a == computed);
	compared = (const struct rpmb_frame *)((const u8 *)b -
		   offsetof(struct rpmb_frame, key_mac)) - frames + 1;
	equal = !differ;
	return differ;
}

void mbedtls_platform_zeroize(void *buf, size_t len)
{
	claim(buf && len == RPMB_MAC_SIZE);
	claim(implies(computed, buf == computed));
	computed = NULL;
}

void proof(void)
{
	u32 count = nondet_u32();
	int ret;

	assume(count >= 1 && count <= FRAMES);
	ctx.loaded = nondet_bool();

	ret = rpmb_mac_verify(&ctx, frames, count);

	claim(ret == 0 || ret == -EBADMSG || ret == -EIO || ret == -EINVAL);
	claim(implies(!ret, ctx.loaded && !failed && equal));
	claim(implies(!ret, hashed == count && compared == count &&
			    finishes == 1));
	claim(implies(!ctx.loaded, ret == -EINVAL && !hashed));
	claim(!computed);
}
