// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: key derivation, against golden values and another implementation;
 * weak secrets; when mbedTLS fails; and that nothing secret is left behind
 */

/* What the contexts' buffers hold when they are freed is looked at */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <rpmb/kdf.h>
#include <rpmb/mac.h>

#include "../model/rpmb_model_sha256.h"
#include "host_kdf.h"
#include "host_test.h"
#include "mbedtls_wrap.h"

#define LABEL		"U-Boot RPMB key 1"
#define KCV_LABEL	"RPMB key check value 1"
#define STACK		8192	/* looked at below a function that returned */
#define LITTER		4000	/* its part that must have been wiped */

/* SHA-256 of "RPMB golden HUK" */
static const u8 huk[RPMB_HUK_MAX] = {
	0x10, 0xeb, 0x7b, 0xf2, 0xd5, 0x26, 0x08, 0x7b,
	0x2d, 0x90, 0x2f, 0x25, 0x85, 0x2d, 0xc8, 0x57,
	0x11, 0x5c, 0xb3, 0x98, 0x71, 0xfc, 0x57, 0x9d,
	0x7f, 0x26, 0xb7, 0x98, 0xd6, 0x2d, 0xcd, 0x53,
};

static const u8 cid[RPMB_CID_SIZE] = {
	0xd6, 0x01, 0x03, 0x30, 0x31, 0x47, 0x42, 0x30,
	0x00, 0x12, 0x34, 0x56, 0x78, 0x9a, 0x62, 0xd5,
};

static const struct rpmb_target_id emmc = {
	RPMB_KDF_EMMC, 0, sizeof(cid), cid
};

static const struct rpmb_target_id ufs = {
	RPMB_KDF_UFS, 1, 45,
	(const u8 *)"0ADA-0310-UFS MODEL-003000310000-0100-2541-R1"
};

static const struct rpmb_target_id virtio = {
	RPMB_KDF_VIRTIO, 0, 19, (const u8 *)"virtio_mmio@a000000"
};

static const struct rpmb_target_id sandbox = {
	RPMB_KDF_SANDBOX, 0, 7, (const u8 *)"sandbox"
};

static u8 key[RPMB_KEY_SIZE];

/* A function of mbedTLS whose n-th call from now fails, and only that one */
enum {
	SETUP,
	STARTS,
	UPDATE,
	FINISH,
	FUNCTIONS
};

static int fails[FUNCTIONS];
static bool finish_is_weak;

/* What must not be found when a context is freed, and on the stack later */
static u8 needles[64][16];
static u32 nneedles, frees, found;
static u8 seen[STACK];

static bool strikes(int function)
{
	return fails[function] && !--fails[function];
}

/*
 * Is a run of 16 bytes of something secret in here? Calls nothing: a function
 * that is handed a needle may leave it on the stack itself.
 */
static bool leaks(const u8 *p, size_t len)
{
	size_t i;
	u32 n, k;

	for (n = 0; n < nneedles; n++)
		for (i = 0; i + 16 <= len; i++) {
			for (k = 0; k < 16 && p[i + k] == needles[n][k]; k++)
				;
			if (k == 16)
				return true;
		}
	return false;
}

/* A hash that leaves what it is given deep on the stack, as U-Boot's may */
static noinline void sloppy_hash(const u8 *buf, size_t len)
{
	static u32 turn;
	u8 below[40][64];

	memcpy(below[turn++ % 16], buf, len < 64 ? len : 64);
	/* used, for all that the compiler knows */
	asm volatile("" : : "r"(below) : "memory");
}

int __wrap_mbedtls_md_setup(mbedtls_md_context_t *ctx,
			    const mbedtls_md_info_t *info, int hmac)
{
	if (strikes(SETUP))
		return MBEDTLS_ERR_MD_ALLOC_FAILED;
	return __real_mbedtls_md_setup(ctx, info, hmac);
}

int __wrap_mbedtls_md_hmac_starts(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len)
{
	sloppy_hash(buf, len);
	if (strikes(STARTS))
		return MBEDTLS_ERR_MD_BAD_INPUT_DATA;
	return __real_mbedtls_md_hmac_starts(ctx, buf, len);
}

int __wrap_mbedtls_md_hmac_update(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len)
{
	sloppy_hash(buf, len);
	if (strikes(UPDATE))
		return MBEDTLS_ERR_MD_BAD_INPUT_DATA;
	return __real_mbedtls_md_hmac_update(ctx, buf, len);
}

int __wrap_mbedtls_md_hmac_finish(mbedtls_md_context_t *ctx,
				  unsigned char *out)
{
	int err = __real_mbedtls_md_hmac_finish(ctx, out);

	if (finish_is_weak)
		memset(out, 0x5a, 32);
	return strikes(FINISH) ? MBEDTLS_ERR_MD_BAD_INPUT_DATA : err;
}

void __wrap_mbedtls_md_free(mbedtls_md_context_t *ctx)
{
	frees++;
	/* one whose set-up failed has no memory */
	if (ctx->md_ctx)
		found += leaks(ctx->md_ctx, malloc_usable_size(ctx->md_ctx));
	if (ctx->hmac_ctx)
		found += leaks(ctx->hmac_ctx, 128);
	__real_mbedtls_md_free(ctx);
}

static int derive_from(int scheme, u8 slot, const u8 *secret, size_t len,
		       const struct rpmb_target_id *t)
{
	const struct rpmb_kdf_secret from = { scheme, slot, secret, len };

	return rpmb_kdf_derive(&from, t, key);
}

/* Of the usual secret, 32 bytes long */
static int derive(const struct rpmb_target_id *t, u8 slot)
{
	return derive_from(RPMB_KDF_DERIVED, slot, huk, 32, t);
}

struct golden {
	int scheme;		/* 0: OP-TEE, 1: OP-TEE's compat variant */
	u8 slot;
	u8 len;			/* of the secret */
	const struct rpmb_target_id *t;
	const char *key;
	const char *kcv;
};

/* Made by Python's hmac and hashlib; doc/develop/rpmb/spec.rst has them, too */
#define OPTEE		(-1)
#define OPTEE_COMPAT	(-2)

static const struct golden golden[] = {
	{ RPMB_KDF_DERIVED, 0, 16, &emmc,
	  "61ecafb77aa71a7ce310621fbf71b6d1a658023415db4af63ae604bf4560d7ab",
	  "e23119a11f69ae95" },
	{ RPMB_KDF_FUSE, 5, 32, &emmc,
	  "599d3b5339327bf96fb9295a07b90d12b4291bccfbb9df8c6bd2effb2ba4caa5",
	  "85af77afb778ed3f" },
	{ RPMB_KDF_DERIVED, 0, 32, &ufs,
	  "879e6820c35c2fd2afe7197df6d8fad1bf3107ba87e67649ca20b3cb835a69b6",
	  "967962f09f631f74" },
	{ RPMB_KDF_DERIVED, 1, 32, &virtio,
	  "456476022b1f7e171df1ed20039537026709c342e08390f1ef7dd0ad69da700f",
	  "53bc7f32f57a1b14" },
	{ RPMB_KDF_TEST, 0, 32, &sandbox,
	  "0b464ef9cb7d804491a4f9ba5a2f6e0544d5e5dfdf73ec821c1073b04e5c3fa7",
	  "d079f653ac438d51" },
	{ OPTEE, 0, 16, &emmc,
	  "304bf2fbd2f1445f98d287d346b28baef611c21671daf698db0a44ae69a646a3",
	  "fec14c4804ab7bdc" },
	{ OPTEE, 0, 32, &emmc,
	  "0cb7b3dd8e479ed525b004214773ea5d10e279286ca313dbb1aa82dbf6734bee",
	  "827e274dc999e0bb" },
	{ OPTEE_COMPAT, 0, 16, &emmc,
	  "2bc5c770804c4ff8350796e45dc912fb702287ff982264d5665feb4ecff9ef4d",
	  "3ec7bfec1746eb85" },
	{ OPTEE_COMPAT, 0, 32, &emmc,
	  "83605bfe863d221b05d5ee839a14493f5771e84ed1de8ec483d756eda01cbfd2",
	  "b9de3f686e89339e" },
};

HOST_TEST(kdf_golden)
{
	u8 want[32], want_kcv[8], kcv[8];
	const struct golden *g;
	size_t i;

	for (i = 0; i < COUNT(golden); i++) {
		g = &golden[i];
		host_test_unhex(want, g->key);
		host_test_unhex(want_kcv, g->kcv);
		if (g->scheme > 0)
			CHECK_EQ(derive_from(g->scheme, g->slot, huk, g->len,
					     g->t), 0);
		else
			CHECK_EQ(rpmb_kdf_optee(g->scheme == OPTEE_COMPAT, huk,
						g->len, g->t->dev_id, key), 0);
		CHECK_MEM(key, want, 32);
		CHECK_EQ(rpmb_kdf_check_value(key, kcv), 0);
		CHECK_MEM(kcv, want_kcv, 8);
	}
}

static size_t make_info(u8 *info, int scheme, u8 slot,
			const struct rpmb_target_id *t)
{
	const u8 head[] = { scheme, slot, t->transport, t->target,
			    t->dev_id_len / 256, t->dev_id_len % 256 };

	memcpy(info, LABEL, 17);
	memcpy(info + 17, head, 6);
	memcpy(info + 23, t->dev_id, t->dev_id_len);
	return 23 + t->dev_id_len;
}

/* Every length of secret, many of the identifier, random everything */
HOST_TEST(kdf_independent)
{
	static u8 id[700], info[1000];
	struct rpmb_target_id t = { RPMB_KDF_UFS, 0, 0, id };
	u8 secret[RPMB_HUK_MAX], want[32], kcv[8];
	size_t len, n;

	for (len = RPMB_HUK_MIN; len <= RPMB_HUK_MAX; len++) {
		host_test_fill(secret, len);
		host_test_fill(id, sizeof(id));
		t.target = host_test_rand();
		t.dev_id_len = 1 + host_test_rand() % sizeof(id);
		n = make_info(info, RPMB_KDF_FUSE, len, &t);
		host_hkdf(secret, len, info, n, want);
		CHECK_EQ(derive_from(RPMB_KDF_FUSE, len, secret, len, &t), 0);
		CHECK_MEM(key, want, 32);

		memset(info, 0, 4);
		memcpy(info + 4, id, 16);
		info[4 + 9] = 0;
		info[4 + 15] = 0;
		host_hmac(secret, len, info, 20, want);
		CHECK_EQ(rpmb_kdf_optee(false, secret, len, id, key), 0);
		CHECK_MEM(key, want, 32);
		host_hmac(secret, len, info + 4, 16, want);
		CHECK_EQ(rpmb_kdf_optee(true, secret, len, id, key), 0);
		CHECK_MEM(key, want, 32);

		host_hmac(key, 32, (const u8 *)KCV_LABEL, 22, want);
		CHECK_EQ(rpmb_kdf_check_value(key, kcv), 0);
		CHECK_MEM(kcv, want, 8);
	}
}

/* RFC 5869, A.3: no salt and no info. Holds the other hand to the standard */
HOST_TEST(kdf_rfc5869)
{
	u8 ikm[22], want[32], got[32];

	memset(ikm, 0x0b, sizeof(ikm));
	host_test_unhex(want, "8da4e775a563c18f715f802a063c5a31");
	host_test_unhex(want + 16, "b8a11f5c5ee1879ec3454e5f3c738d2d");
	host_hkdf(ikm, sizeof(ikm), (const u8 *)"", 0, got);
	CHECK_MEM(got, want, 32);
}

/* A CID has 16 bytes, everything else has a name, and there are no others */
static const struct {
	u8 transport;
	u16 len;
	int want;
} ids[] = {
	{ RPMB_KDF_EMMC, 16, 0 },
	{ RPMB_KDF_EMMC, 15, -EINVAL },
	{ RPMB_KDF_EMMC, 17, -EINVAL },
	{ RPMB_KDF_EMMC, 0, -EINVAL },
	{ RPMB_KDF_UFS, 0, -EINVAL },
	{ RPMB_KDF_VIRTIO, 0, -EINVAL },
	{ RPMB_KDF_SANDBOX, 0, -EINVAL },
	{ RPMB_KDF_SANDBOX, 1, 0 },
	{ 0, 16, -EINVAL },
	{ 4, 16, -EINVAL },
	{ 0x7e, 16, -EINVAL },
	{ 0x80, 16, -EINVAL },
	{ 0xff, 16, -EINVAL },
};

/* No key comes of it, and nothing stays of what was there */
static void check_refused(int ret, int want)
{
	static const u8 zero[32];

	CHECK_EQ(ret, want);
	CHECK_MEM(key, zero, 32);
	memset(key, 0xa5, 32);
}

HOST_TEST(kdf_einval)
{
	static const u8 schemes[] = { 0, 4, 0xff };
	static const u8 lengths[] = { 0, 1, RPMB_HUK_MIN - 1,
				      RPMB_HUK_MAX + 1 };
	struct rpmb_target_id t = emmc;
	u8 secret[RPMB_HUK_MAX + 1];
	size_t i;

	host_test_fill(secret, sizeof(secret));
	memset(key, 0xa5, 32);
	for (i = 0; i < COUNT(lengths); i++) {
		check_refused(derive_from(RPMB_KDF_DERIVED, 0, secret,
					  lengths[i], &emmc), -EINVAL);
		check_refused(rpmb_kdf_optee(false, secret, lengths[i], cid,
					     key), -EINVAL);
	}
	for (i = 0; i < COUNT(schemes); i++)
		check_refused(derive_from(schemes[i], 0, secret, 32, &emmc),
			      -EINVAL);
	for (i = 0; i < COUNT(ids); i++) {
		t.transport = ids[i].transport;
		t.dev_id_len = ids[i].len;
		CHECK_EQ(derive(&t, 0), ids[i].want);
	}
}

/* Of a CID all bytes count but product revision and CRC */
HOST_TEST(kdf_cid)
{
	u8 id[RPMB_CID_SIZE], want[32], want_optee[32];
	struct rpmb_target_id t = emmc;
	bool counts;
	u32 i;

	t.dev_id = id;
	CHECK_EQ(derive(&emmc, 0), 0);
	memcpy(want, key, 32);
	CHECK_EQ(rpmb_kdf_optee(false, huk, 16, cid, want_optee), 0);
	for (i = 0; i < RPMB_CID_SIZE; i++) {
		counts = i != 9 && i != 15;
		memcpy(id, cid, sizeof(id));
		id[i] ^= 1 << i % 8;
		CHECK_EQ(derive(&t, 0), 0);
		CHECK_EQ(memcmp(key, want, 32) != 0, counts);
		CHECK_EQ(rpmb_kdf_optee(false, huk, 16, id, key), 0);
		CHECK_EQ(memcmp(key, want_optee, 32) != 0, counts);
	}

	/* on another bus they are bytes of a name */
	memcpy(id, cid, sizeof(id));
	t.transport = RPMB_KDF_UFS;
	CHECK_EQ(derive(&t, 0), 0);
	memcpy(want, key, 32);
	id[9] ^= 1;
	CHECK_EQ(derive(&t, 0), 0);
	CHECK(memcmp(key, want, 32));
}

/* No two of these may have one key */
HOST_TEST(kdf_separation)
{
	static const struct {
		int scheme;
		u8 slot, transport, target, len;
	} points[] = {
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_UFS, 0, 16 },
		{ RPMB_KDF_DERIVED, 1, RPMB_KDF_UFS, 0, 16 },
		{ RPMB_KDF_DERIVED, 0xff, RPMB_KDF_UFS, 0, 16 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_UFS, 1, 16 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_UFS, 3, 16 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_UFS, 0, 15 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_EMMC, 0, 16 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_VIRTIO, 0, 16 },
		{ RPMB_KDF_DERIVED, 0, RPMB_KDF_SANDBOX, 0, 16 },
		{ RPMB_KDF_FUSE, 0, RPMB_KDF_UFS, 0, 16 },
		{ RPMB_KDF_TEST, 0, RPMB_KDF_UFS, 0, 16 },
	};
	/* masking changes nothing in this identifier: the rest must tell */
	static const u8 id[16] = { 1 };
	u8 keys[COUNT(points)][32];
	struct rpmb_target_id t = { .dev_id = id };
	size_t i, k;

	for (i = 0; i < COUNT(points); i++) {
		t.transport = points[i].transport;
		t.target = points[i].target;
		t.dev_id_len = points[i].len;
		CHECK_EQ(derive_from(points[i].scheme, points[i].slot, huk, 32,
				     &t), 0);
		memcpy(keys[i], key, 32);
		for (k = 0; k < i; k++)
			CHECK(memcmp(keys[i], keys[k], 32));
	}
}

static void fill_step(u8 *p, size_t len, u8 start, u8 step)
{
	for (; len; len--, start += step)
		*p++ = start;
}

static void fill_period(u8 *p, size_t len, size_t period)
{
	size_t i;

	host_test_fill(p, period);
	for (i = period; i < len; i++)
		p[i] = p[i - period];
}

HOST_TEST(kdf_weak_patterns)
{
	u8 s[RPMB_HUK_MAX];
	size_t len, period;
	u32 step;

	for (len = RPMB_HUK_MIN; len <= RPMB_HUK_MAX; len++) {
		for (step = 0; step < 256; step++) {
			fill_step(s, len, host_test_rand(), step);
			CHECK(rpmb_kdf_is_weak(s, len));
			s[len - 1] ^= 1;
			CHECK_EQ(rpmb_kdf_is_weak(s, len),
				 len == 17 && (s[16] == 0 || s[16] == 0xff));
		}
		for (period = 2; period <= len / 2; period++) {
			fill_period(s, len, period);
			CHECK(rpmb_kdf_is_weak(s, len));
			CHECK_EQ(derive_from(RPMB_KDF_DERIVED, 0, s, len,
					     &emmc), -EKEYREJECTED);
			CHECK_EQ(rpmb_kdf_optee(true, s, len, cid, key),
				 -EKEYREJECTED);
		}
		/* a period beyond half of it is none */
		fill_period(s, len, len / 2 + 1);
		CHECK(!rpmb_kdf_is_weak(s, len));
		host_test_fill(s, len);
		CHECK(!rpmb_kdf_is_weak(s, len));
	}
}

/* Fuses blown in part: up to 8 bytes are not a secret, 16 are one */
HOST_TEST(kdf_weak_fuses)
{
	static const u8 blanks[] = { 0x00, 0xff, 0x42 };
	u8 s[32];
	size_t i, n;

	for (n = 0; n <= 16; n++)
		CHECK_EQ(rpmb_kdf_is_weak(huk, n), n <= 9);
	for (i = 0; i < COUNT(blanks); i++) {
		for (n = 0; n <= 32; n++) {
			memcpy(s, huk, 32);
			memset(s + n, blanks[i], 32 - n);
			CHECK_EQ(rpmb_kdf_is_weak(s, 32), n <= 8);
		}
		/* a sample of 16 bytes and nothing after it */
		memset(s, blanks[i], 32);
		fill_step(s, 16, 0, 1);
		CHECK_EQ(rpmb_kdf_is_weak(s, 32), blanks[i] != 0x42);
		fill_period(s, 16, 8);
		CHECK_EQ(rpmb_kdf_is_weak(s, 32), blanks[i] != 0x42);
		CHECK_EQ(rpmb_kdf_is_weak(s, 17), blanks[i] != 0x42);
	}
}

HOST_TEST(kdf_weak_published)
{
	static const char * const texts[] = {
		"AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH",
		"vutsrqponmlkjihgfedcba9876543210",
		"this is a fake unique device key",
		"this is a fake shared device key",
	};
	u8 s[64];
	size_t i;

	host_test_unhex(s, "d3eb3ec36e334c9f988ce2c0b8595461");
	host_test_unhex(s + 16, "0d2bcf8664844df2ab56e6c61bb701e4");
	CHECK(rpmb_kdf_is_weak(s, 32));
	s[0] ^= 1;
	CHECK(!rpmb_kdf_is_weak(s, 32));
	for (i = 0; i < COUNT(texts); i++) {
		memcpy(s, texts[i], 32);
		CHECK(rpmb_kdf_is_weak(s, 32));
		CHECK_EQ(derive_from(RPMB_KDF_FUSE, 0, s, 32, &emmc),
			 -EKEYREJECTED);
		s[31] ^= 1;
		CHECK(!rpmb_kdf_is_weak(s, 32));
	}
	memset(s, 0, sizeof(s));
	host_test_unhex(s, "8c7bfed886361500437a85bd66810860");
	CHECK(rpmb_kdf_is_weak(s, 16));
	CHECK(rpmb_kdf_is_weak(s, 20));
	CHECK(rpmb_kdf_is_weak(s, 64));
	s[63] = 1;
	CHECK(!rpmb_kdf_is_weak(s, 64));
}

/* A derived key is looked at as a secret is */
HOST_TEST(kdf_weak_result)
{
	finish_is_weak = true;
	check_refused(derive(&emmc, 0), -EKEYREJECTED);
	check_refused(rpmb_kdf_optee(false, huk, 16, cid, key), -EKEYREJECTED);
	finish_is_weak = false;
	CHECK_EQ(derive(&emmc, 0), 0);
}

/* The n-th call of each function fails: for as many calls as there are */
HOST_TEST(kdf_mbedtls_fails)
{
	static const struct {
		int derive, optee, kcv;
	} calls[FUNCTIONS] = {
		/* setups, starts (each HMAC is forgotten by another one) */
		{ 2, 1, 1 }, { 4, 2, 2 }, { 5, 2, 1 }, { 4, 2, 2 },
	};
	static const u8 zero[32];
	int f, n, err;
	u8 kcv[8];

	for (f = 0; f < FUNCTIONS; f++) {
		for (n = 1; n <= calls[f].derive; n++) {
			/* forgetting cannot help a failure of its own */
			err = f == SETUP ? -ENOMEM : -EIO;
			if ((f == STARTS || f == FINISH) && n % 2 == 0)
				err = 0;
			fails[f] = n;
			CHECK_EQ(derive(&emmc, 0), err);
			CHECK_EQ(fails[f], 0);
			CHECK_EQ(!memcmp(key, zero, 32), err != 0);
		}
		fails[f] = n;
		CHECK_EQ(derive(&emmc, 0), 0);
		CHECK_EQ(fails[f], 1);

		err = f == SETUP ? -ENOMEM : -EIO;
		fails[f] = 1;
		check_refused(rpmb_kdf_optee(false, huk, 16, cid, key), err);
		fails[f] = 1;
		memset(kcv, 0xa5, 8);
		CHECK_EQ(rpmb_kdf_check_value(huk, kcv), err);
		CHECK_MEM(kcv, zero, 8);
		fails[f] = 0;
	}
}

static void add_needle(const void *p, size_t len)
{
	const u8 *from = p;

	for (; len; len -= 16, from += 16)
		memcpy(needles[nneedles++], from, 16);
}

/* All that an HMAC knows: key, padded keys, midstates, the inner hash */
static void add_hmac_needles(const u8 *k, size_t klen, const u8 *msg,
			     size_t len)
{
	struct rpmb_model_sha256 c;
	u8 pad[64] = { 0 }, inner[32];
	u32 i, b;

	memcpy(pad, k, klen);
	for (b = 0; b < 2; b++) {
		for (i = 0; i < 64; i++)
			pad[i] ^= b ? 0x36 ^ 0x5c : 0x36;
		add_needle(pad, klen);
		rpmb_model_sha256_init(&c);
		rpmb_model_sha256_update(&c, pad, 64);
		add_needle(c.h, 32);
		if (b)
			break;
		rpmb_model_sha256_update(&c, msg, len);
		rpmb_model_sha256_final(&c, inner);
		add_needle(inner, 32);
	}
}

/* Copy what is below the caller's frame; calls nothing */
static noinline __attribute__((no_sanitize("address", "undefined")))
void look_below(void)
{
	const volatile u8 *top = __builtin_frame_address(0);
	u32 i;

	for (i = 0; i < STACK; i++)
		seen[i] = top[(long)i - STACK];
}

/* Called with nothing in between, so that the stack is as it was left */
#define CHECK_NO_LEAK() do { \
	look_below(); \
	CHECK(!leaks(seen, STACK)); \
} while (0)

/* Overwrite what is below the caller's frame, with what can be told */
static noinline __attribute__((no_sanitize("address", "undefined")))
void litter(void)
{
	u8 below[STACK];

	memset(below, 0xc7, sizeof(below));
	/* used, for all that the compiler knows */
	asm volatile("" : : "r"(below) : "memory");
}

static u32 litter_seen(void)
{
	u32 i, n = 0;

	for (i = STACK - LITTER; i < STACK; i++)
		n += seen[i] == 0xc7;
	return n;
}

static void forget_needles(void)
{
	nneedles = 0;
	frees = 0;
	found = 0;
}

/* Neither in what is freed nor on the stack, whether it goes well or not */
HOST_TEST(kdf_no_trace)
{
	static const u8 salt[32];
	u8 info[64], prk[32], secret[32];
	size_t n;
	int f;

	/* a copy, so that the needle in the test's own memory is no find */
	memcpy(secret, huk, 32);
	n = make_info(info, RPMB_KDF_DERIVED, 0, &emmc);
	info[23 + 9] = 0;
	info[23 + 15] = 0;
	info[n++] = 1;
	host_hmac(salt, 32, secret, 32, prk);

	forget_needles();
	add_needle(secret, 32);
	add_needle(prk, 32);
	add_hmac_needles(prk, 32, info, n);
	memset(info, 0, 4);
	memcpy(info + 4, cid, 16);
	info[4 + 9] = 0;
	info[4 + 15] = 0;
	add_hmac_needles(secret, 32, info, 20);
	/* the dynamic linker keeps registers when it first meets a function */
	CHECK_EQ(derive(&emmc, 0), 0);
	CHECK_EQ(rpmb_kdf_optee(false, huk, 32, cid, key), 0);
	/* what the other hand left behind */
	litter();

	for (f = -1; f < FUNCTIONS; f++) {
		if (f >= 0)
			fails[f] = 1;
		(void)derive(&emmc, 0);
		CHECK_NO_LEAK();
		if (f >= 0)
			fails[f] = f == UPDATE ? 4 : 3;
		(void)derive(&emmc, 0);
		CHECK_NO_LEAK();
		if (f >= 0)
			fails[f] = 1;
		CHECK_EQ(!rpmb_kdf_optee(false, huk, 32, cid, key), f < 0);
		CHECK_NO_LEAK();
		memset(fails, 0, sizeof(fails));
	}
	CHECK(frees >= 15);
	CHECK_EQ(found, 0);

	CHECK_EQ(derive(&emmc, 0), 0);
	forget_needles();
	add_needle(key, 32);
	add_hmac_needles(key, 32, (const u8 *)KCV_LABEL, 22);
	host_hmac(key, 32, (const u8 *)KCV_LABEL, 22, prk);
	add_needle(prk + RPMB_KCV_SIZE, 16);
	litter();
	CHECK_EQ(rpmb_kdf_check_value(key, info), 0);
	CHECK_NO_LEAK();
	CHECK_EQ(frees, 1);
	CHECK_EQ(found, 0);
	forget_needles();
}

HOST_TEST(kdf_wipe_stack)
{
	litter();
	look_below();
	CHECK(litter_seen() > LITTER - 400);
	litter();
	rpmb_wipe_stack();
	look_below();
	CHECK(litter_seen() < 400);
}
