// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All indexes and records in one read
 *
 * A boot that needs indexes and records pays for one exchange with the device,
 * not for one per block.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb/record.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

static_assert(RPMB_STORES_BLOCKS ==
	      RPMB_ROLLBACK_BLOCKS + CONFIG_RPMB_RECORD_BLOCKS, "stores");

int rpmb_stores_read(struct rpmb_ref ref, u8 blocks[][256])
{
	struct rpmb_store st = { .first = RPMB_INDEXES_FIRST };
	int ret;

	ret = rpmb_stores_begin(ref, RPMB_STORES_BLOCKS, false, &st);
	if (ret)
		return ret;
	ret = rpmb_store_begin(&st, RPMB_STORES_BLOCKS);
	if (!ret)
		ret = rpmb_store_read(&st, 0, RPMB_STORES_BLOCKS, blocks);
	return rpmb_stores_end(ref.dev, &st, ret);
}

int rpmb_stores_indexes(u8 blocks[][256], u32 first,
			u64 index[RPMB_INDEX_BLOCK])
{
	int n = rpmb_rollback_number(first);

	if (n < 0)
		return n;
	return rpmb_rollback_list((void *)blocks[n], n, index);
}

int rpmb_stores_records(u8 blocks[][256],
			struct rpmb_record *recs)
{
	struct rpmb_records rs = {
		.count = CONFIG_RPMB_RECORD_BLOCKS,
		.blocks = (void *)blocks[RPMB_ROLLBACK_BLOCKS],
	};
	const struct rpmb_record_block *b;
	int count = 0, ret = rpmb_records_check(&rs);

	if (ret)
		return ret;
	for (b = rs.blocks; b < rs.blocks + rs.count; b++) {
		if (!*b->name)
			continue;
		recs[count].len = b->head.count;
		memcpy(recs[count].name, b->name, sizeof(b->name));
		memcpy(recs[count].data, b->data, sizeof(b->data));
		count++;
	}
	return count;
}
