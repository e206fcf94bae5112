// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check_block(), make_block(): which bytes are a block of indexes
 *
 * For any 256 bytes on the device and each block of the store:
 *
 * - A block is sound if and only if it has the head of that block, with its number
 *   of indexes; no index is set but those; one that is set is at most 2^64 - 2, one
 *   that is not is 0; and all that is reserved is zero.
 * - What make_block() makes is sound, and nothing in it is set.
 * - A location has a block if and only if it is one, and that is the format's; a block
 *   is found by the first of its locations only.
 * - Blocks are only read, and not past their end.
 */

#include <lib/rpmb/store.c>
#include <lib/rpmb/rollback.c>
#include "../proof.h"

static u8 byte[RPMB_BLOCK_SIZE];
static struct rpmb_rollback_block *const block = (void *)byte;
static const u8 counts[] = { 16, 16, 28, 28 };
static const u16 firsts[] = { 0x000, 0x010, 0x100, 0x200 };

static bool stored_set(u32 i)
{
	return byte[15 - i / 8] >> i % 8 & 1;
}

static u64 stored_index(u32 i)
{
	const u8 *at = byte + 32 + 8 * i;
	u64 index = 0;
	u32 k;

	for (k = 0; k < 8; k++)
		index = index << 8 | at[k];
	return index;
}

/* The format, by doc/develop/rpmb/spec.rst, in other words than the code's */
static bool is_sound(u32 n)
{
	static const u8 magic[] = { 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1 };
	u32 i;

	for (i = 0; i < sizeof(magic); i++)
		if (byte[i] != magic[i])
			return false;
	if (byte[9] != n + 1 || byte[10] != n || byte[11] != counts[n])
		return false;
	for (i = 16; i < 32; i++)
		if (byte[i])
			return false;
	for (i = 0; i < 32; i++) {
		if (stored_set(i) && i >= counts[n])
			return false;
		if (i < 28 && (stored_set(i) ? stored_index(i) == ~0ULL :
						stored_index(i)))
			return false;
	}
	return true;
}

static void claim_block(u32 n, u32 at)
{
	u8 before;
	int ret;

	__CPROVER_havoc_object(byte);
	before = byte[at];

	ret = check_block(block, n);

	claim(!ret || ret == -ENODATA || ret == -EUCLEAN ||
	      ret == -EPROTONOSUPPORT);
	claim(!ret == is_sound(n));
	claim(implies(ret == -ENODATA, !byte[at]));
	claim(byte[at] == before);
}

static void claim_locations(u32 loc)
{
	u32 n = find_block(loc);
	int number = rpmb_rollback_number(loc);

	claim((n < 4) == rpmb_rollback_is_location(loc));
	if (n < 4)
		claim(loc >= firsts[n] && loc - firsts[n] < counts[n]);
	claim(number == (n < 4 && loc == firsts[n] ? (int)n : -EINVAL));
}

void proof(void)
{
	u32 n = nondet_u32(), at = nondet_u32(), i = nondet_u32();

	assume(n < RPMB_ROLLBACK_BLOCKS && at < sizeof(byte) &&
	       i < RPMB_ROLLBACK_PER_BLOCK);
	claim_block(n, at);

	make_block(block, n);
	claim(is_sound(n) && !check_block(block, n) && !stored_set(i));

	claim_locations(nondet_u32());
}
