// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Derive RPMB keys from a secret of the board
 *
 * HKDF for 32 bytes is two HMACs. U-Boot 2025.01 does not build mbedTLS's own
 * hkdf.c. That file frees its contexts with the padded keys wiped, but not the
 * hash's midstates where SHA-256 is U-Boot's (MBEDTLS_SHA256_ALT).
 */

#include <rpmb/kdf.h>
#include <rpmb/mac.h>

#define STACK_WIPED	4096	/* bytes; the deepest HMAC takes less than 2 KiB */

#define STRLEN(s)	(sizeof(s) - 1)

static const char info_label[] = "U-Boot RPMB key 1";
static const char kcv_label[] = "RPMB key check value 1";

/* A piece of a message */
struct part {
	const void *data;
	size_t len;
};

noinline void rpmb_wipe_stack(void)
{
	u8 below[STACK_WIPED];

	rpmb_wipe(below, sizeof(below));
}

static int hmac_parts(const u8 *key, size_t len, const struct part *part,
		      u32 count, u8 out[RPMB_MAC_SIZE])
{
	struct rpmb_hmac hmac = {};
	int err;
	u32 i;

	if (rpmb_hmac_setup(&hmac)) {
		rpmb_hmac_free(&hmac);
		return -ENOMEM;
	}
	err = rpmb_hmac_start(&hmac, key, len);
	for (i = 0; i < count; i++)
		err |= rpmb_hmac_add(&hmac, part[i].data, part[i].len);
	err |= rpmb_hmac_end(&hmac, out);
	rpmb_hmac_clear(&hmac);
	return err ? -EIO : 0;
}

/* Extract, then one round of Expand, whose number ends @info */
static int hkdf(const struct part *secret, const struct part *info, u32 count,
		u8 out[RPMB_KEY_SIZE])
{
	u8 prk[RPMB_MAC_SIZE];
	int ret;

	/* RFC 5869: no salt is 32 zero bytes, to HMAC the same as no key */
	ret = hmac_parts((const u8 *)"", 0, secret, 1, prk);
	if (!ret)
		ret = hmac_parts(prk, sizeof(prk), info, count, out);
	rpmb_wipe(prk, sizeof(prk));
	return ret;
}

static int check_secret(const u8 *secret, size_t len)
{
	if (len < RPMB_HUK_MIN || len > RPMB_HUK_MAX)
		return -EINVAL;
	return rpmb_kdf_is_weak(secret, len) ? -EKEYREJECTED : 0;
}

static int check_target(const struct rpmb_target_id *t)
{
	switch (t->transport) {
	case RPMB_KDF_EMMC:
		return t->dev_id_len == RPMB_CID_SIZE ? 0 : -EINVAL;
	case RPMB_KDF_UFS:
	case RPMB_KDF_VIRTIO:
	case RPMB_KDF_SANDBOX:
		return t->dev_id_len ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int check_scheme(enum rpmb_kdf_scheme scheme)
{
	switch (scheme) {
	case RPMB_KDF_DERIVED:
	case RPMB_KDF_FUSE:
	case RPMB_KDF_TEST:
		return 0;
	default:
		return -EINVAL;
	}
}

/* Refuse a derived key that is weak, and wipe it after any error */
static int check_result(int ret, u8 key[RPMB_KEY_SIZE])
{
	if (!ret && rpmb_kdf_is_weak(key, RPMB_KEY_SIZE))
		ret = -EKEYREJECTED;
	if (ret)
		rpmb_wipe(key, RPMB_KEY_SIZE);
	return ret;
}

static int derive(const u8 head[6], const struct part *secret,
		  const struct rpmb_target_id *t, u8 key[RPMB_KEY_SIZE])
{
	u8 cid[RPMB_CID_SIZE];
	struct part info[] = {
		{ info_label, STRLEN(info_label) },
		{ head, 6 },
		{ t->dev_id, t->dev_id_len },
		{ "\1", 1 },
	};

	if (t->transport == RPMB_KDF_EMMC) {
		rpmb_target_mask_cid(cid, t->dev_id);
		info[2].data = cid;
	}
	return hkdf(secret, info, 4, key);
}

int rpmb_kdf_derive(const struct rpmb_kdf_secret *from,
		    const struct rpmb_target_id *t, u8 key[RPMB_KEY_SIZE])
{
	const u8 head[6] = { (u8)from->scheme, from->slot, t->transport, t->target,
			     (u8)(t->dev_id_len >> 8), (u8)t->dev_id_len };
	const struct part secret = { from->secret, from->len };
	int ret;

	ret = check_scheme(from->scheme);
	if (!ret)
		ret = check_target(t);
	if (!ret)
		ret = check_secret(from->secret, from->len);
	if (!ret)
		ret = derive(head, &secret, t, key);
	ret = check_result(ret, key);
	rpmb_wipe_stack();
	return ret;
}

int rpmb_kdf_optee(bool compat, const u8 *huk, size_t len,
		   const u8 id[RPMB_CID_SIZE], u8 key[RPMB_KEY_SIZE])
{
	/* HUK_SUBKEY_RPMB, which is 0 in any byte order */
	static const u8 usage[4];
	u8 cid[RPMB_CID_SIZE];
	const struct part msg[] = {
		{ usage, sizeof(usage) },
		{ cid, sizeof(cid) },
	};
	int ret;

	rpmb_target_mask_cid(cid, id);
	ret = check_secret(huk, len);
	if (!ret)
		ret = hmac_parts(huk, len, msg + compat, 2 - compat, key);
	ret = check_result(ret, key);
	rpmb_wipe_stack();
	return ret;
}

int rpmb_kdf_check_value(const u8 key[RPMB_KEY_SIZE], u8 kcv[RPMB_KCV_SIZE])
{
	const struct part msg = { kcv_label, STRLEN(kcv_label) };
	u8 mac[RPMB_MAC_SIZE];
	int ret;

	ret = hmac_parts(key, RPMB_KEY_SIZE, &msg, 1, mac);
	if (ret)
		memset(mac, 0, RPMB_KCV_SIZE);
	memcpy(kcv, mac, RPMB_KCV_SIZE);
	rpmb_wipe(mac, sizeof(mac));
	rpmb_wipe_stack();
	return ret;
}
