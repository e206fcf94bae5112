// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback indexes on the devices of the uclass
 *
 * The gate for raw writes does not apply here: boot policy needs indexes on
 * closed boards, before the boot ratchet turns. These functions can only
 * advance an index; with a service token, they set one or open the board. What
 * applies is that nobody changes what a TEE uses.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

static_assert(RPMB_INDEX_BLOCK == RPMB_ROLLBACK_PER_BLOCK, "indexes of a block");
static_assert(RPMB_INDEX_NONE == RPMB_ROLLBACK_NONE, "no index");

int rpmb_index_get(struct rpmb_ref ref, u32 loc, u64 *index)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	u64 found;
	int ret;

	ret = rpmb_stores_begin(ref, 1, false, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_stores_end(ref.dev, &rb.at,
			      rpmb_rollback_get(&rb, loc, &found));
	if (!ret)
		*index = found;
	return ret;
}

int rpmb_index_get_block(struct rpmb_ref ref, u32 first,
			 u64 index[RPMB_INDEX_BLOCK])
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int count, ret, n = rpmb_rollback_number(first);

	if (n < 0)
		return n;
	ret = rpmb_stores_begin(ref, 1, false, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_store_begin(&rb.at, RPMB_ROLLBACK_BLOCKS);
	if (!ret)
		ret = rpmb_store_read(&rb.at, n, 1, &rb.block);
	count = ret ? ret : rpmb_rollback_list(&rb.block, n, index);
	ret = rpmb_stores_end(ref.dev, &rb.at, min(count, 0));
	return ret ? ret : count;
}

int rpmb_index_check(struct rpmb_ref ref, u32 loc, u64 index)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, false, &rb.at);
	if (ret)
		return ret;
	return rpmb_stores_end(ref.dev, &rb.at,
			       rpmb_rollback_check(&rb, loc, index));
}

int rpmb_index_advance_all(struct rpmb_ref ref, const struct rpmb_raise *raise,
			   u32 count)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, true, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_advance_all(&rb, raise, count);
	return rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
}

int rpmb_index_advance(struct rpmb_ref ref, u32 loc, u64 index)
{
	struct rpmb_raise raise = { .loc = loc, .index = index };

	return rpmb_index_advance_all(ref, &raise, 1);
}

int rpmb_index_reset(struct rpmb_ref ref, u32 loc, u64 index, u32 counter)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, true, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_reset(&rb, loc, index, counter);
	return rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
}

int rpmb_rma_open(struct rpmb_ref ref, u32 counter)
{
	struct rpmb_rollback rb = { .at.first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, 1, true, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_burn(&rb, counter);
	ret = rpmb_stores_end(ref.dev, &rb.at, rpmb_store_error(ret));
	if (!ret)
		rpmb_opened = true;
	return ret;
}
