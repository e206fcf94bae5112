// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: HMAC-SHA256 of its own, without mbedTLS's, against OpenSSL
 *
 * Built with RPMB_HMAC_IS_MBEDTLS=0: with mbedTLS's SHA-256 alone, and once more
 * with that of U-Boot's lib/sha256.c.
 */

#include <rpmb/hmac.h>
#include <rpmb/wipe.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "host_test.h"

#define KEY_MAX		64	/* bytes */
#define MSG_MAX		700
#define ROUNDS		2000

static struct rpmb_hmac hmac;
static u8 key[KEY_MAX + 1], msg[MSG_MAX], want[32], got[32];

/* A message in three pieces */
static void compute(size_t len)
{
	size_t a = pick(len + 1), b = a + pick(len - a + 1);

	CHECK_EQ(rpmb_hmac_add(&hmac, msg, a), 0);
	CHECK_EQ(rpmb_hmac_add(&hmac, msg + a, b - a), 0);
	CHECK_EQ(rpmb_hmac_add(&hmac, msg + b, len - b), 0);
	CHECK_EQ(rpmb_hmac_end(&hmac, got), 0);
}

HOST_TEST(hmac_openssl)
{
	size_t key_len, len;
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		host_test_fill(key, sizeof(key));
		host_test_fill(msg, sizeof(msg));
		key_len = i <= KEY_MAX ? i : pick(KEY_MAX + 1);
		CHECK_EQ(rpmb_hmac_setup(&hmac), 0);
		CHECK_EQ(rpmb_hmac_start(&hmac, key, key_len), 0);
		len = i < MSG_MAX ? i : pick(MSG_MAX + 1);
		HMAC(EVP_sha256(), key, key_len, msg, len, want, NULL);
		compute(len);
		CHECK(!memcmp(got, want, sizeof(want)));
		/* the same key again */
		CHECK_EQ(rpmb_hmac_restart(&hmac), 0);
		compute(len);
		CHECK(!memcmp(got, want, sizeof(want)));
	}
}

HOST_TEST(hmac_hash)
{
	sha256_context ctx;
	size_t len;

	for (len = 0; len <= MSG_MAX; len++) {
		host_test_fill(msg, sizeof(msg));
		SHA256(msg, len, want);
		sha256_starts(&ctx);
		sha256_update(&ctx, msg, len);
		sha256_finish(&ctx, got);
		CHECK(!memcmp(got, want, sizeof(want)));
	}
}

HOST_TEST(hmac_long_key)
{
	CHECK_EQ(rpmb_hmac_start(&hmac, key, KEY_MAX), 0);
	CHECK_EQ(rpmb_hmac_start(&hmac, key, KEY_MAX + 1), -EINVAL);
}

HOST_TEST(hmac_compare)
{
	int i;

	host_test_fill(want, sizeof(want));
	memcpy(got, want, sizeof(got));
	CHECK_EQ(rpmb_hmac_compare(got, want), 0);
	for (i = 0; i < 8 * (int)sizeof(got); i++) {
		got[i / 8] ^= 1 << i % 8;
		CHECK(rpmb_hmac_compare(got, want));
		got[i / 8] ^= 1 << i % 8;
	}
}

HOST_TEST(hmac_clear)
{
	static const struct rpmb_hmac zero;

	CHECK_EQ(rpmb_hmac_start(&hmac, key, 32), 0);
	CHECK(memcmp(&hmac, &zero, sizeof(zero)));
	rpmb_hmac_clear(&hmac);
	CHECK(!memcmp(&hmac, &zero, sizeof(zero)));
}
