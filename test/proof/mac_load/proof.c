// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_mac_load(), rpmb_mac_unload(): a key is there, or nothing is left of
 * it
 *
 * mbedTLS is replaced: each of its functions may fail. A key is loaded,
 * another one in its place, and that is unloaded:
 *
 * - A key is loaded if and only if 0 is returned, and then mbedTLS has set
 *   up a context for it and has taken all 32 bytes of it.
 * - Before a context is freed in which a key was, it has made a MAC of
 *   nothing under an empty key: that overwrites what to free does not wipe.
 *   Each context that was set up, also by half, is freed once.
 * - Of an unloaded key nothing is left, all of it is zero; to unload where
 *   nothing is loaded changes nothing.
 */

#include <lib/rpmb/hmac-mbedtls.c>
#include <lib/rpmb/mac.c>
#include "../mbedtls.h"

static struct rpmb_mac mac;
static u8 key[RPMB_KEY_SIZE];
static u32 setups, frees;
static bool is_set_up, has_key, has_empty, is_clean;

int mbedtls_md_setup(mbedtls_md_context_t *md, const mbedtls_md_info_t *info,
		     int hmac)
{
	claim(md == &mac.hmac.ctx && hmac == 1 && !is_set_up);
	claim(!mac.loaded);
	setups++;
	is_set_up = true;
	has_key = false;
	__CPROVER_havoc_slice(md, sizeof(*md));
	return verdict();
}

int mbedtls_md_hmac_starts(mbedtls_md_context_t *md, const unsigned char *from,
			   size_t len)
{
	claim(md == &mac.hmac.ctx && is_set_up && !(failed && !has_key));
	if (!len) {
		has_empty = true;
		return nondet_int();
	}
	claim(from == key && len == sizeof(key));
	has_key = true;
	is_clean = false;
	return verdict();
}

int mbedtls_md_hmac_finish(mbedtls_md_context_t *md, unsigned char *out)
{
	claim(md == &mac.hmac.ctx && is_set_up && has_empty);
	claim(__CPROVER_w_ok(out, RPMB_MAC_SIZE));
	is_clean = true;
	has_empty = false;
	return nondet_int();
}

void mbedtls_md_free(mbedtls_md_context_t *md)
{
	claim(md == &mac.hmac.ctx && is_set_up);
	/* a key that was not taken was never a key of a message */
	claim(implies(has_key && !failed, is_clean));
	is_set_up = false;
	frees++;
}

static void load(void)
{
	int ret;

	failed = false;
	__CPROVER_havoc_object(key);

	ret = rpmb_mac_load(&mac, key);

	claim(!ret || ret == -ENOMEM);
	claim(!ret == !failed && mac.loaded == !ret);
	claim(is_set_up == !ret && implies(!ret, has_key));
}

void proof(void)
{
	u32 at = nondet_u32();

	if (nondet_bool())
		load();
	load();
	if (!mac.loaded) {
		rpmb_mac_unload(&mac);
		claim(setups == frees && !mac.loaded);
		return;
	}
	rpmb_mac_unload(&mac);
	claim(setups == frees && !is_set_up);
	assume(at < sizeof(mac));
	claim(!((u8 *)&mac)[at]);
}
