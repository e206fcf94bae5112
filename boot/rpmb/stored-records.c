// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stored records: kept as stored.c has read them, together with the indexes
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-key.h>
#include "policy-internal.h"

/* The records, and their number or -errno */
static struct rpmb_record records[CONFIG_RPMB_RECORD_BLOCKS];
static bool is_known;
static int result;

void rpmb_stored_fill_records(u8 raw[][256], int ret)
{
	if (!is_known)
		result = ret ? ret : rpmb_stores_records(raw, records);
	is_known = true;
}

bool rpmb_stored_has_records(void)
{
	return is_known;
}

int rpmb_stored_records(const struct rpmb_record **recs)
{
	*recs = records;
	return result;
}

void rpmb_stored_forget_records(void)
{
	if (!rpmb_is_ratcheted())
		is_known = false;
}

void sandbox_rpmb_avb_reset(void)
{
	is_known = false;
}
