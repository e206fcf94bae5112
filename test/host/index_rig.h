/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two indexes of a block: one is changed, while frames are spoilt or held back,
 * and the other must stay as it is
 */

#ifndef _INDEX_RIG_H
#define _INDEX_RIG_H

#include <rpmb/rollback.h>

#include "host_test.h"
#include "store_rig.h"

#define LOC	0x101		/* the one that is changed */
#define OTHER	0x102		/* is SIDE, and stays so */
#define BLOCK	2		/* both are in it */
#define SIDE	7

/** define INDEX_CASES - flavours, each with two indexes and with a blank store */
#define INDEX_CASES	(RPMB_MODEL_FLAVOURS * 2)

static struct client_rig rig;
static struct rpmb_rollback rb;

/** index_rig_is_blank() - neither index is set at the start of this case */
static bool index_rig_is_blank(void)
{
	return host_test_case / RPMB_MODEL_FLAVOURS % 2;
}

/**
 * index_rig_start() - a device as host_test_case says
 *
 * @value:	of LOC, if the store is not blank
 * @fresh:	the client has written nothing since power-up
 */
static void index_rig_start(u64 value, bool fresh)
{
	store_rig_start(&rig, host_test_case % RPMB_MODEL_FLAVOURS,
			RPMB_ROLLBACK_BLOCKS);
	rb = (struct rpmb_rollback){ .at = { &rig.cl, &rig.mac, STORE_FIRST } };
	if (!index_rig_is_blank()) {
		CHECK_EQ(rpmb_rollback_advance(&rb, LOC, value), 0);
		CHECK_EQ(rpmb_rollback_advance(&rb, OTHER, SIDE), 0);
	}
	if (fresh)
		client_rig_reboot(&rig);
	else
		CHECK_EQ(rpmb_rollback_advance(&rb, 0, 1), 0);
	rig.step = 0;
	rig.exchanges = 0;
}

/** index_rig_value() - as it is on the device, by our own reckoning; -1 not set */
static long long index_rig_value(u32 loc)
{
	const u8 *block = store_rig_block(&rig, BLOCK);
	u32 i = loc & 0xff;

	if (!(block[15] >> i & 1))
		return -1;
	return block[32 + 8 * i + 7] | block[32 + 8 * i + 6] << 8;
}

#endif /* _INDEX_RIG_H */
