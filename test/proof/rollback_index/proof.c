// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * put_index(), get_index(), is_set(): where an index stands in a block
 *
 * For any block and place: what is put is got again, stands at the place that
 * doc/develop/rpmb/spec.rst gives it, with its high byte first, and counts as set;
 * no other byte of the block changes, and no other index is set or unset.
 */

#include <lib/rpmb/rollback.c>
#include "../proof.h"

static struct rpmb_rollback_block block;

void proof(void)
{
	u32 i = nondet_u32(), other = nondet_u32(), at = nondet_u32();
	u8 *byte = (u8 *)&block, before;
	u64 index = nondet_u64();
	bool was_set;

	__CPROVER_havoc_object(&block);
	assume(i < RPMB_ROLLBACK_PER_BLOCK && other < 32 && other != i);
	assume(at < sizeof(block));
	was_set = byte[15 - other / 8] >> other % 8 & 1;
	before = byte[at];

	put_index(&block, i, index);

	claim(get_index(&block, i) == index && is_set(&block, i));
	claim(is_set(&block, other) == was_set);
	if (at >= 32 + 8 * i && at < 40 + 8 * i)
		claim(byte[at] == (u8)(index >> 8 * (39 + 8 * i - at)));
	else if (at < 12 || at >= 16)
		claim(byte[at] == before);
}
