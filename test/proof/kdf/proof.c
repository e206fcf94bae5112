// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_kdf_derive(), rpmb_kdf_optee(), rpmb_kdf_check_value()
 *
 * mbedTLS is replaced: each of its functions may fail. For any secret, target and
 * scheme:
 *
 * - 0 is returned only if no function of mbedTLS has failed, and secret and key
 *   were both looked at and are not weak.
 * - After an error there are only zeroes where the key or check value would be.
 * - Messages are read to their end and no further: the label, scheme, slot,
 *   transport, target and identifier, and the round. Of an eMMC's CID bytes 9 and
 *   15 are zero.
 * - What was computed on the way is wiped, and each context is freed.
 */

#include <lib/rpmb/kdf.c>
#include <lib/rpmb/target.c>
#include "../mbedtls.h"

#define LONGEST	17		/* bytes of an identifier */

static u8 secret[RPMB_HUK_MAX + 1], id[LONGEST], out[RPMB_KEY_SIZE];
static size_t secret_len, id_len;
static u32 open_contexts, at;
static bool secret_fine, key_fine, is_emmc, is_optee;
static const u8 *left;		/* where a key was computed, not yet wiped */

int mbedtls_md_setup(mbedtls_md_context_t *md, const mbedtls_md_info_t *info,
		     int hmac)
{
	claim(hmac == 1);
	/* it may fail when half of it is done */
	open_contexts++;
	return verdict();
}

void mbedtls_md_free(mbedtls_md_context_t *md)
{
	open_contexts--;
}

int mbedtls_md_hmac_starts(mbedtls_md_context_t *md, const unsigned char *key,
			   size_t len)
{
	claim(len <= RPMB_HUK_MAX && __CPROVER_r_ok(key, len));
	claim(implies(key == secret && is_optee, len == secret_len));
	return verdict();
}

int mbedtls_md_hmac_update(mbedtls_md_context_t *md, const unsigned char *in,
			   size_t len)
{
	bool masked = is_emmc || is_optee;

	claim(__CPROVER_r_ok(in, len));
	claim(implies(in == secret, len == secret_len));
	claim(implies(in == id, !masked && len == id_len));
	if (masked && in != secret && len == RPMB_CID_SIZE)
		claim(!in[9] && !in[15]);
	return verdict();
}

int mbedtls_md_hmac_finish(mbedtls_md_context_t *md, unsigned char *to)
{
	__CPROVER_havoc_slice(to, RPMB_MAC_SIZE);
	if (to != out)
		left = to;
	return verdict();
}

void rpmb_hmac_clear(struct rpmb_hmac *h)
{
	open_contexts--;
}

void rpmb_wipe(void *buf, size_t len)
{
	claim(__CPROVER_w_ok(buf, len));
	if (buf == left)
		left = NULL;
	if (buf == out)
		memset(out, 0, sizeof(out));
}

bool rpmb_kdf_is_weak(const u8 *what, size_t len)
{
	bool weak = nondet_bool();

	if (what == secret) {
		claim(len == secret_len);
		secret_fine = !weak;
	} else {
		claim(what == out && len == RPMB_KEY_SIZE && !failed);
		key_fine = !weak;
	}
	return weak;
}

static int derive_any(void)
{
	struct rpmb_target_id t = { .dev_id = id };
	struct rpmb_kdf_secret from = { .secret = secret };

	from.scheme = nondet_int();
	from.slot = nondet_u8();
	from.len = secret_len;
	t.transport = nondet_u8();
	t.target = nondet_u8();
	id_len = nondet_size();
	assume(id_len <= LONGEST);
	t.dev_id_len = (u16)id_len;
	is_emmc = t.transport == RPMB_KDF_EMMC;
	return rpmb_kdf_derive(&from, &t, out);
}

void proof(void)
{
	u32 which = nondet_u32();
	int ret;

	__CPROVER_havoc_object(out);
	__CPROVER_havoc_object(id);
	secret_len = nondet_size();
	assume(secret_len <= sizeof(secret));
	at = nondet_u32();
	assume(at < RPMB_KEY_SIZE);

	if (which == 0) {
		ret = rpmb_kdf_check_value(secret, out);
		claim(!ret == !failed);
		claim(implies(ret && at < RPMB_KCV_SIZE, !out[at]));
	} else {
		is_optee = which > 1;
		ret = !is_optee ? derive_any() :
			rpmb_kdf_optee(nondet_bool(), secret, secret_len, id,
				       out);
		claim(implies(!ret, !failed && secret_fine && key_fine));
		claim(implies(ret, !out[at]));
		claim(implies(!ret, secret_len >= RPMB_HUK_MIN &&
			      secret_len <= RPMB_HUK_MAX));
	}
	claim(ret <= 0 && !open_contexts && !left);
}
