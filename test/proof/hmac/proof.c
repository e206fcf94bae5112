// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMAC-SHA256 of U-Boot's SHA-256: what is hashed, and what is left behind
 *
 * SHA-256 is replaced: its context says what was hashed so far, and a digest
 * can be any bytes. Two messages with one key, each of up to PARTS parts:
 *
 * - A MAC is the digest of the key's outer pad and the inner digest; that is
 *   of the inner pad and the message, each part once and in order. A pad is
 *   64 bytes, the key with zeroes behind it, each byte changed by 0x5c or
 *   0x36 (RFC 2104).
 * - A key of more than 64 bytes is refused, and nothing is hashed; of any
 *   other no more is read than it has.
 * - Both pads are wiped. To clear an HMAC wipes all of it, and to wipe
 *   writes zero to all bytes and no others.
 * - MACs compare as the same if and only if all of their bytes are.
 */

#include "../uboot.h"
#include "../proof.h"
#include <lib/rpmb/hmac.c>

#define PARTS	3

enum { EMPTY, INNER, OUTER, BOTH };

static u8 room[BLOCK], *key, mac[RPMB_HMAC_SIZE], inner_byte, outer_byte;
static const u8 part[PARTS];
static u32 lens[PARTS], parts, at, pads, finished, clears;
static size_t key_len;
static const u8 *left;		/* a pad that is not wiped */
static struct rpmb_hmac h;

void rpmb_wipe(void *buf, size_t len)
{
	if (buf == &h) {
		claim(len == sizeof(h));
		clears++;
		return;
	}
	claim(buf == left && len == BLOCK);
	left = NULL;
}

void sha256_starts(sha256_context *ctx)
{
	ctx->state[0] = EMPTY;
	ctx->total[0] = 0;
}

static void take_pad(sha256_context *ctx, const u8 *in, u32 len)
{
	u8 byte = at < key_len ? key[at] : 0;

	claim(len == BLOCK && !left);
	left = in;
	pads++;
	ctx->state[0] = in[at] == (byte ^ 0x36) ? INNER : OUTER;
	claim(in[at] == (byte ^ (ctx->state[0] == INNER ? 0x36 : 0x5c)));
}

void sha256_update(sha256_context *ctx, const u8 *in, u32 len)
{
	u32 n = ctx->total[0];

	switch (ctx->state[0]) {
	case EMPTY:
		take_pad(ctx, in, len);
		break;
	case INNER:
		claim(n < parts && in == &part[n] && len == lens[n]);
		ctx->total[0]++;
		break;
	default:
		claim(ctx->state[0] == OUTER && len == RPMB_HMAC_SIZE);
		claim(in[at % RPMB_HMAC_SIZE] == inner_byte);
		ctx->state[0] = BOTH;
	}
}

void sha256_finish(sha256_context *ctx, u8 digest[SHA256_SUM_LEN])
{
	__CPROVER_havoc_slice(digest, SHA256_SUM_LEN);
	if (ctx->state[0] == INNER) {
		claim(ctx->total[0] == parts && finished % 2 == 0);
		inner_byte = digest[at % RPMB_HMAC_SIZE];
	} else {
		claim(ctx->state[0] == BOTH && finished % 2 == 1);
		outer_byte = digest[at % RPMB_HMAC_SIZE];
	}
	finished++;
}

static void claim_message(void)
{
	u32 i, before = finished;

	parts = nondet_u32();
	assume(parts <= PARTS);
	for (i = 0; i < PARTS; i++) {
		lens[i] = nondet_u32();
		if (i < parts)
			claim(!rpmb_hmac_add(&h, &part[i], lens[i]));
	}
	claim(!rpmb_hmac_end(&h, mac));
	claim(finished == before + 2);
	claim(mac[at % RPMB_HMAC_SIZE] == outer_byte);
}

static void claim_macs(void)
{
	static u8 other[RPMB_HMAC_SIZE];
	u32 i = at % RPMB_HMAC_SIZE;
	int differ;

	__CPROVER_havoc_object(mac);
	__CPROVER_havoc_object(other);
	differ = rpmb_hmac_compare(mac, other);
	claim(implies(!differ, mac[i] == other[i]));
	memcpy(other, mac, sizeof(other));
	claim(!rpmb_hmac_compare(mac, other));

	/* and what wipes */
	inner_byte = room[at];
	rpmb_wipe_itself(room, key_len);
	claim(room[at] == (at < key_len ? 0 : inner_byte));
}

void proof(void)
{
	size_t len = nondet_size();
	int ret;

	at = nondet_u32();
	assume(at < BLOCK);
	key_len = len < BLOCK ? len : BLOCK;
	__CPROVER_havoc_object(room);
	/* it ends where its memory does */
	key = __CPROVER_allocate(key_len, 0);
	if (nondet_bool()) {
		claim_macs();
		return;
	}

	ret = rpmb_hmac_start(&h, key, len);

	claim((ret == -EINVAL) == (len > BLOCK) && (!ret || ret == -EINVAL));
	claim(pads == (ret ? 0 : 2) && !left);
	if (ret)
		return;
	claim_message();
	claim(!rpmb_hmac_restart(&h));
	claim_message();
	rpmb_hmac_clear(&h);
	claim(clears == 1 && pads == 2);
}
