// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback indexes on the devices of the uclass
 *
 * The gate for raw writes does not apply here: boot policy needs indexes on
 * closed boards, before the boot ratchet turns. These functions can only
 * advance an index; with a service token, they set one or open the board.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

static_assert(RPMB_INDEX_BLOCK == RPMB_ROLLBACK_PER_BLOCK, "indexes of a block");

int rpmb_index_get(struct rpmb_ref ref, u32 loc, u64 *index)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	u64 found;
	int ret;

	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_stores_end(ref.dev, &rb.at,
			      rpmb_rollback_get(&rb, loc, &found));
	if (!ret)
		*index = found;
	return ret;
}

static u64 index_of(const struct rpmb_rollback_block *b, u32 i)
{
	if (!(rpmb_get32(&b->set) >> i & 1))
		return RPMB_INDEX_NONE;
	return (u64)rpmb_get32(&b->index[i].hi) << 32 |
	       rpmb_get32(&b->index[i].lo);
}

int rpmb_index_get_block(struct rpmb_ref ref, u32 first,
			 u64 index[RPMB_INDEX_BLOCK])
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	u64 found;
	int i, ret;

	/* the locations of AVB take two blocks */
	if (first & (first < RPMB_ROLLBACK_FIT ? 0xf : 0xff))
		return -EINVAL;
	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_get(&rb, first, &found);
	if (!ret || ret == -ENODATA) {
		ret = rb.block.head.count;
		for (i = 0; i < ret; i++)
			index[i] = index_of(&rb.block, i);
	}
	i = rpmb_stores_end(ref.dev, &rb.at, min(ret, 0));
	return i ? i : ret;
}

int rpmb_index_check(struct rpmb_ref ref, u32 loc, u64 index)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	return rpmb_stores_end(ref.dev, &rb.at,
			       rpmb_rollback_check(&rb, loc, index));
}

int rpmb_index_advance(struct rpmb_ref ref, u32 loc, u64 index)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_advance(&rb, loc, index);
	return rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
}

int rpmb_index_reset(struct rpmb_ref ref, u32 loc, u64 index, u32 counter)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_reset(&rb, loc, index, counter);
	return rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
}

int rpmb_rma_open(struct rpmb_ref ref, u32 counter)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_burn(&rb, counter);
	ret = rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
	if (!ret)
		rpmb_opened = true;
	return ret;
}
