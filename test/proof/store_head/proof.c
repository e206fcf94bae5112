// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks with a header: rpmb_store_head_check() and its like
 *
 * For any 256 bytes:
 *
 * - A block passes only if it has the magic, this version, and the kind and
 *   number that it must have. -ENODATA is said if and only if all of it is zero;
 *   a later version is told from what is none of ours.
 * - Some of its bytes are zero if and only if each of them is.
 * - What was made by rpmb_store_head_init() passes, and is zero after the head.
 * - Blocks are read to their end and no further, and are only read.
 */

#include <lib/rpmb/store.c>
#include "../proof.h"

static u8 block[RPMB_BLOCK_SIZE];

static void claim_checked(u32 at, u8 kind, u8 number)
{
	static const u8 magic[] = RPMB_STORE_MAGIC;
	const struct rpmb_store_head *head = (const void *)block;
	u8 before = block[at];
	int ret = rpmb_store_head_check(block, kind, number);

	claim(block[at] == before);
	claim(!ret || ret == -ENODATA || ret == -EUCLEAN ||
	      ret == -EPROTONOSUPPORT);
	claim(implies(ret == -ENODATA, !block[at]));
	claim((ret == -ENODATA) ==
	      rpmb_store_is_zero(block, sizeof(block)));
	if (at < RPMB_STORE_MAGIC_SIZE)
		claim(implies(!ret || ret == -EPROTONOSUPPORT,
			      block[at] == magic[at]));
	claim(implies(!ret, head->version == RPMB_STORE_VERSION &&
		      head->kind == kind && head->number == number));
	claim((ret == -EPROTONOSUPPORT) ==
	      (!memcmp(block, magic, RPMB_STORE_MAGIC_SIZE) &&
	       head->version > RPMB_STORE_VERSION));
}

/* From any place: the place is not looked at, only what is there */
static void claim_zero(size_t len)
{
	bool any = false;
	u32 i;

	for (i = 0; i < sizeof(block); i++)
		any |= i < len && block[i];
	claim(rpmb_store_is_zero(block, len) == !any);
}

void proof(void)
{
	size_t len = nondet_size();
	u32 at = nondet_u32();
	u8 kind = nondet_u8(), number = nondet_u8(), count = nondet_u8();

	assume(at < sizeof(block));
	__CPROVER_havoc_object(block);
	claim_checked(at, kind, number);
	assume(len <= sizeof(block));
	claim_zero(len);

	__CPROVER_havoc_object(block);
	rpmb_store_head_init(block, kind, number, count);
	claim(!rpmb_store_head_check(block, kind, number));
	claim(implies(at >= sizeof(struct rpmb_store_head), !block[at]));
	claim(block[11] == count);
}
