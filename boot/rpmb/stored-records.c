// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stored records: read once per boot together with all indexes, and kept
 *
 * They are side by side on the device, so one read brings all that Android
 * Verified Boot asks for.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <malloc.h>
#include <rpmb-key.h>
#include "policy-internal.h"

/* The records, and their number or -errno */
static struct rpmb_record records[CONFIG_RPMB_RECORD_BLOCKS];
static bool is_known;
static int result;

static int read_stores(u8 (*raw)[256])
{
	struct rpmb_ref ref;
	int ret;

	if (!raw)
		return -ENOMEM;
	ret = rpmb_policy_device(&ref);
	if (ret)
		return ret;
	ret = rpmb_stores_read(ref, raw);
	return rpmb_policy_not_asked(ref, ret);
}

void rpmb_stored_read_all(void)
{
	u8 (*raw)[256] = malloc(RPMB_STORES_BLOCKS * sizeof(*raw));
	int ret = read_stores(raw);

	rpmb_stored_fill(raw, ret);
	if (!is_known)
		result = ret ? ret : rpmb_stores_records(raw, records);
	is_known = true;
	free(raw);
}

int rpmb_stored_records(const struct rpmb_record **recs)
{
	if (!is_known)
		rpmb_stored_read_all();
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
