// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_rollback_list(): all indexes of a block that was read
 *
 * For any block, any of the four numbers, and any verdict on it (check_block() is
 * replaced by its contract, see rollback_block):
 *
 * - The list has the indexes that the block has, at the format's places, and "none"
 *   for each that is not set; of a blank block "none" throughout. Their number is
 *   the format's, and no more is written.
 * - Of a block that is not sound the verdict is passed on, and nothing is written.
 * - The block is only read.
 */

#include "../proof.h"
#include <rpmb/rollback.h>

static int check_block(const struct rpmb_rollback_block *b, u32 number);

#include <lib/rpmb/rollback.c>

static u8 byte[RPMB_BLOCK_SIZE];
static u64 list[RPMB_ROLLBACK_PER_BLOCK];
static u32 n, asked;
static int judged;

static int check_block(const struct rpmb_rollback_block *b, u32 number)
{
	u32 i;

	claim((const u8 *)b == byte && number == n);
	asked++;
	judged = nondet_errno();
	for (i = 12; i < sizeof(byte) && judged == -ENODATA; i++)
		assume(!byte[i]);
	return judged;
}

static u64 stored_index(u32 i)
{
	u64 index = 0;
	u32 k;

	for (k = 0; k < 8; k++)
		index = index << 8 | byte[32 + 8 * i + k];
	return index;
}

void proof(void)
{
	u32 at = nondet_u32(), i = nondet_u32();
	int ret, count;
	u64 before;
	u8 was;

	n = nondet_u32();
	assume(n < RPMB_ROLLBACK_BLOCKS && at < sizeof(byte) &&
	       i < RPMB_ROLLBACK_PER_BLOCK);
	__CPROVER_havoc_object(byte);
	__CPROVER_havoc_object(list);
	count = n < 2 ? 16 : 28;
	before = list[i];
	was = byte[at];

	ret = rpmb_rollback_list((const void *)byte, n, list);

	claim(asked == 1 && byte[at] == was);
	claim(ret == (judged && judged != -ENODATA ? judged : count));
	if (ret < 0 || i >= count)
		claim(list[i] == before);
	else if (byte[15 - i / 8] >> i % 8 & 1)
		claim(list[i] == stored_index(i));
	else
		claim(list[i] == ~0ULL);
}
