// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: message authentication, against OpenSSL, and when mbedTLS fails
 */

#include <rpmb/mac.h>

#include "host_frame.h"
#include "host_test.h"
#include "mbedtls_wrap.h"

#define FRAMES	40

static struct rpmb_mac mac;
static struct rpmb_frame frames[FRAMES];
static u8 key[RPMB_KEY_SIZE];

/* Linked with --wrap: the n-th call from now fails, and only that one */
static int setup_fails, starts_fails, update_fails;

static int strikes(int *left)
{
	return *left && !--*left;
}

int __wrap_mbedtls_md_setup(mbedtls_md_context_t *ctx,
			    const mbedtls_md_info_t *info, int hmac)
{
	if (strikes(&setup_fails))
		return MBEDTLS_ERR_MD_ALLOC_FAILED;
	return __real_mbedtls_md_setup(ctx, info, hmac);
}

int __wrap_mbedtls_md_hmac_starts(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len)
{
	if (strikes(&starts_fails))
		return MBEDTLS_ERR_MD_BAD_INPUT_DATA;
	return __real_mbedtls_md_hmac_starts(ctx, buf, len);
}

int __wrap_mbedtls_md_hmac_update(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len)
{
	if (strikes(&update_fails))
		return MBEDTLS_ERR_MD_BAD_INPUT_DATA;
	return __real_mbedtls_md_hmac_update(ctx, buf, len);
}

static void load_random(void)
{
	host_test_fill(key, sizeof(key));
	host_test_fill(frames, sizeof(frames));
	CHECK_EQ(rpmb_mac_load(&mac, key), 0);
}

HOST_TEST(mac_openssl)
{
	u8 want[32], got[32];
	u32 count;

	for (count = 1; count <= FRAMES; count++) {
		load_random();
		host_frame_mac(key, (u8 *)frames, count, want);
		CHECK_EQ(rpmb_mac_frames(&mac, frames, count, got), 0);
		CHECK_MEM(got, want, sizeof(want));
		CHECK_EQ(rpmb_mac_sign(&mac, frames, count), 0);
		CHECK_MEM(frames[count - 1].key_mac, want, sizeof(want));
		CHECK_EQ(rpmb_mac_verify(&mac, frames, count), 0);
	}
	rpmb_mac_unload(&mac);
}

/* Every bit that counts, and every byte that does not */
HOST_TEST(mac_verify)
{
	u8 *raw = (u8 *)frames;
	u32 i;

	load_random();
	CHECK_EQ(rpmb_mac_sign(&mac, frames, 3), 0);
	for (i = 0; i < 3 * RPMB_FRAME_SIZE; i++) {
		bool in_mac = i >= 2 * RPMB_FRAME_SIZE + 196;
		bool counts = i % RPMB_FRAME_SIZE >= 228 || in_mac;

		raw[i] ^= 1 << i % 8;
		CHECK_EQ(rpmb_mac_verify(&mac, frames, 3),
			 counts ? -EBADMSG : 0);
		raw[i] ^= 1 << i % 8;
	}
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), -EBADMSG);
	CHECK_EQ(rpmb_mac_verify(&mac, frames + 1, 2), -EBADMSG);
	rpmb_mac_unload(&mac);
}

HOST_TEST(mac_reload)
{
	u8 one[32], two[32], got[32];

	load_random();
	host_frame_mac(key, (u8 *)frames, 1, one);
	CHECK_EQ(rpmb_mac_frames(&mac, frames, 1, got), 0);
	CHECK_MEM(got, one, sizeof(one));
	key[31] ^= 1;
	host_frame_mac(key, (u8 *)frames, 1, two);
	CHECK_EQ(rpmb_mac_load(&mac, key), 0);
	CHECK_EQ(rpmb_mac_frames(&mac, frames, 1, got), 0);
	CHECK_MEM(got, two, sizeof(two));
	rpmb_mac_unload(&mac);
}

HOST_TEST(mac_unloaded)
{
	static const struct rpmb_mac zero;
	u8 out[32];

	rpmb_mac_unload(&mac);
	CHECK_EQ(rpmb_mac_frames(&mac, frames, 1, out), -EINVAL);
	CHECK_EQ(rpmb_mac_sign(&mac, frames, 1), -EINVAL);
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 1), -EINVAL);
	load_random();
	rpmb_mac_unload(&mac);
	CHECK_MEM(&mac, &zero, sizeof(zero));
}

HOST_TEST(mac_mbedtls_fails)
{
	load_random();
	CHECK_EQ(rpmb_mac_sign(&mac, frames, 2), 0);
	update_fails = 2;
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), -EIO);
	/* the context is fit for use again */
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), 0);

	setup_fails = 1;
	CHECK_EQ(rpmb_mac_load(&mac, key), -ENOMEM);
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), -EINVAL);
	starts_fails = 1;
	CHECK(rpmb_mac_load(&mac, key));
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), -EINVAL);
	CHECK_EQ(rpmb_mac_load(&mac, key), 0);
	CHECK_EQ(rpmb_mac_verify(&mac, frames, 2), 0);
	rpmb_mac_unload(&mac);
}

HOST_TEST(mac_wipe)
{
	u8 secret[64];
	u32 i, sum = 0;

	memset(secret, 0x5a, sizeof(secret));
	rpmb_wipe(secret + 1, sizeof(secret) - 2);
	for (i = 0; i < sizeof(secret); i++)
		sum += secret[i];
	CHECK_EQ(sum, 2 * 0x5a);
}
