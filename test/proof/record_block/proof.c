// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check_block(), name_ok(): which bytes are a record
 *
 * For any 256 bytes on the device and any number of a block:
 *
 * - A block is a record if and only if it has the head of this store's block of that
 *   number, a name of 1 to 47 printable characters, at most 192 bytes of data, and
 *   zero everywhere else. Without a name it has no data either. So there is
 *   one encoding of each record.
 * - It is blank if and only if all of it is zero, and then has no name; of a later
 *   version only if the magic is ours.
 * - Blocks are only read, and not past their end; a name of a caller is read up to
 *   its end, or 48 bytes.
 */

#include <lib/rpmb/store.c>
#include <lib/rpmb/record.c>
#include "../proof.h"

static u8 block[RPMB_BLOCK_SIZE];

/* Contract: see store_head */
bool rpmb_store_is_zero(const void *buf, size_t len)
{
	size_t i, from = (const u8 *)buf - block;

	claim(__CPROVER_same_object(buf, block));
	claim(from <= sizeof(block) && len <= sizeof(block) - from);
	for (i = 0; i < sizeof(block); i++)
		if (i >= from && i - from < len && block[i])
			return false;
	return true;
}

static bool is_printable(u8 c)
{
	return c >= 0x21 && c <= 0x7e;
}

/* The format, by doc/develop/rpmb/spec.rst, in other words than the code's */
static bool is_record(u8 number)
{
	static const u8 head[] = { 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, 5 };
	bool named = false, ended = false;
	u32 i, size = block[11];

	for (i = 0; i < sizeof(head); i++)
		if (block[i] != head[i])
			return false;
	if (block[10] != number || block[12] || block[13] || block[14] ||
	    block[15])
		return false;
	for (i = 16; i < 64; i++) {
		if (block[i] && (ended || !is_printable(block[i]) || i == 63))
			return false;
		ended |= !block[i];
		named |= block[i];
	}
	if (size > 192 || (size && !named))
		return false;
	for (i = 64; i < 256; i++)
		if (i >= 64 + size && block[i])
			return false;
	return true;
}

static void claim_block(void)
{
	u32 number = nondet_u32(), at = nondet_u32();
	u8 before;
	int ret;

	__CPROVER_havoc_object(block);
	assume(number < RPMB_RECORD_BLOCKS_MAX && at < sizeof(block));
	before = block[at];

	ret = check_block((const void *)block, number);

	claim(block[at] == before);
	claim(!ret || ret == -ENODATA || ret == -EUCLEAN ||
	      ret == -EPROTONOSUPPORT);
	claim(!ret == is_record((u8)number));
	claim(implies(ret == -ENODATA, !block[at]));
	claim(implies(ret == -EPROTONOSUPPORT, block[0] == 'U' &&
		      block[7] == 'd' && block[8] > 1));
}

/* A caller's name, as short as it is */
static void claim_name(void)
{
	static char buf[RPMB_RECORD_NAME_SIZE + 1];
	u32 i, len = nondet_u32();
	char *name = buf + sizeof(buf) - 1 - len;
	bool good = true;

	assume(len < sizeof(buf));
	__CPROVER_havoc_object(buf);
	buf[sizeof(buf) - 1] = '\0';
	for (i = 0; i < sizeof(buf) - 1; i++)
		if (i < len) {
			assume(name[i]);
			good &= is_printable((u8)name[i]);
		}
	claim(name_ok(name) == (good && len && len <= 47));
}

void proof(void)
{
	if (nondet_bool())
		claim_block();
	else
		claim_name();
}
