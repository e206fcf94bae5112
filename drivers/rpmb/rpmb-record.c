// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Named records on the devices of the uclass
 *
 * The gate for raw writes does not apply, as in rpmb-index.c
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb/record.h>
#include <rpmb/wipe.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

static_assert(sizeof(((struct rpmb_record *)0)->name) == RPMB_RECORD_NAME_SIZE,
	      "name of a record");
static_assert(sizeof(((struct rpmb_record *)0)->data) == RPMB_RECORD_DATA_MAX,
	      "data of a record");

/* A record may be in any block of the store: all are read at once */
static int begin_records(struct rpmb_ref ref, bool change,
			 struct rpmb_records *rs)
{
	int ret;

	rs->at.first = RPMB_RECORDS_FIRST;
	rs->count = CONFIG_RPMB_RECORD_BLOCKS;
	rs->blocks = malloc(rs->count * sizeof(*rs->blocks));
	if (!rs->blocks)
		return -ENOMEM;
	ret = rpmb_stores_begin(ref, rs->count, change, &rs->at);
	if (ret)
		free(rs->blocks);
	return ret;
}

static int end_records(struct udevice *dev, struct rpmb_records *rs, int ret)
{
	rpmb_wipe(rs->blocks, rs->count * sizeof(*rs->blocks));
	free(rs->blocks);
	return rpmb_stores_end(dev, &rs->at, ret);
}

int rpmb_record_read(struct rpmb_ref ref, const char *name, void *buf,
		     size_t size, size_t *len)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(ref, false, &rs);
	if (ret)
		return ret;
	return end_records(ref.dev, &rs,
			   rpmb_records_read(&rs, name, buf, size, len));
}

int rpmb_record_write(struct rpmb_ref ref, const char *name, const void *data,
		      size_t len)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(ref, true, &rs);
	if (ret)
		return ret;
	ret = rpmb_records_write(&rs, name, data, len);
	return end_records(ref.dev, &rs, rpmb_store_error(ret));
}

int rpmb_record_delete(struct rpmb_ref ref, const char *name)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(ref, true, &rs);
	if (ret)
		return ret;
	return end_records(ref.dev, &rs, rpmb_records_delete(&rs, name));
}
