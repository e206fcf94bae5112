// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recognise secrets and keys that can be guessed
 */

#include <rpmb/kdf.h>

static bool all_same(const u8 *p, size_t len)
{
	return len < 2 || !memcmp(p, p + 1, len - 1);
}

static bool steps_evenly(const u8 *p, size_t len)
{
	size_t i;

	for (i = 2; i < len; i++)
		if ((u8)(p[i] - p[i - 1]) != (u8)(p[1] - p[0]))
			return false;
	return true;
}

static bool repeats(const u8 *p, size_t len)
{
	size_t period;

	for (period = 1; period <= len / 2; period++)
		if (!memcmp(p, p + period, len - period))
			return true;
	return false;
}

/*
 * Published keys that the patterns above do not cover. They do cover zeroes,
 * 00 01 02 and so on, and that twice (TF-M's template and dummy provisioning,
 * Trusty's USE_DUMMY_RPMB_KEY, OP-TEE's otp_stubs.c).
 */
static const struct {
	u8 len;
	u8 key[RPMB_KEY_SIZE + 1];	/* a string brings its NUL */
} published[] = {
	/* OP-TEE, CFG_RPMB_TESTKEY: core/tee/tee_rpmb_fs.c */
	{ 32, { 0xd3, 0xeb, 0x3e, 0xc3, 0x6e, 0x33, 0x4c, 0x9f,
		0x98, 0x8c, 0xe2, 0xc0, 0xb8, 0x59, 0x54, 0x61,
		0x0d, 0x2b, 0xcf, 0x86, 0x64, 0x84, 0x4d, 0xf2,
		0xab, 0x56, 0xe6, 0xc6, 0x1b, 0xb7, 0x01, 0xe4 } },
	/* mmc-utils, the example of "mmc rpmb write-key" */
	{ 32, "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH" },
	/* MediaTek TEE driver, RPMB_TEST_KEY: drRpmbOps.c */
	{ 32, "vutsrqponmlkjihgfedcba9876543210" },
	/* Trusty sample/hwcrypto, hwkey_srv_fake_provider.c: unique key */
	{ 32, "this is a fake unique device key" },
	/* the same, shared key */
	{ 32, "this is a fake shared device key" },
	/* TF-M on Nuvoton NuMicro, sample_tfm_key: crypto_keys.c */
	{ 16, { 0x8c, 0x7b, 0xfe, 0xd8, 0x86, 0x36, 0x15, 0x00,
		0x43, 0x7a, 0x85, 0xbd, 0x66, 0x81, 0x08, 0x60 } },
};

static bool is_published(const u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(published) / sizeof(*published); i++)
		if (published[i].len == len &&
		    !memcmp(published[i].key, p, len))
			return true;
	return false;
}

static bool is_guessable(const u8 *p, size_t len)
{
	return steps_evenly(p, len) || repeats(p, len) || is_published(p, len);
}

/* Unprogrammed memory reads as all zeros or all ones */
static bool is_blank(const u8 *p, size_t len)
{
	return all_same(p, len) && (p[0] == 0x00 || p[0] == 0xff);
}

bool rpmb_kdf_is_weak(const u8 *secret, size_t len)
{
	if (len <= RPMB_HUK_MIN / 2 ||
	    all_same(secret + RPMB_HUK_MIN / 2, len - RPMB_HUK_MIN / 2))
		return true;
	if (len > RPMB_HUK_MIN &&
	    is_blank(secret + RPMB_HUK_MIN, len - RPMB_HUK_MIN) &&
	    is_guessable(secret, RPMB_HUK_MIN))
		return true;
	return is_guessable(secret, len);
}
