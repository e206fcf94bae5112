// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks that say what they are, and how one of them is replaced
 *
 * The device takes a write signed for counter value c only while its counter
 * is c. So data made from what was read when the counter was known to be c, and
 * signed for c alone, replace exactly what they were made from, or nothing:
 * whatever was held back, played again or lost on the way.
 */

#include <rpmb/store.h>
#include "client-internal.h"

int rpmb_store_error(int err)
{
	return err == -ENODATA || err == -ENOENT ? -EIO : err;
}

int rpmb_store_begin(const struct rpmb_store *st, u32 blocks, bool change)
{
	struct rpmb_client *cl = st->cl;
	int ret;

	if (change)
		return rpmb_store_error(rpmb_client_begin_keyed(cl, st->key,
								st->first,
								blocks,
								false));
	ret = rpmb_client_begin(cl, st->key, st->first, blocks);
	/* the client would take this for consent to an unverified answer */
	if (!ret && !st->key)
		ret = rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	return ret;
}

int rpmb_store_begin_at(const struct rpmb_store *st, u32 blocks, u32 counter)
{
	int ret;

	/* what is cached may be of a device that was exchanged since */
	rpmb_client_forget(st->cl);
	ret = rpmb_store_begin(st, blocks, true);
	if (!ret && st->cl->counter != counter)
		ret = rpmb_client_fail(st->cl, RPMB_FAULT_COUNTER,
				       -EKEYEXPIRED);
	return ret;
}

int rpmb_store_read(const struct rpmb_store *st, u32 number, u32 count,
		    void *data)
{
	return rpmb_store_error(rpmb_client_read(st->cl, st->key,
						 st->first + number, count,
						 data));
}

int rpmb_store_write(const struct rpmb_store *st, u32 number, const void *data)
{
	struct rpmb_client *cl = st->cl;
	int ret;

	/* as if somebody held a frame for this value: so it is read back */
	cl->counter_unused = false;
	cl->this_counter_only = true;
	ret = rpmb_client_write(cl, st->key, st->first + number, 1, data);
	cl->this_counter_only = false;
	if (ret && cl->status.fault == RPMB_FAULT_READBACK)
		ret = -EAGAIN;
	return rpmb_store_error(ret);
}

bool rpmb_store_is_zero(const void *buf, size_t len)
{
	const u8 *p = buf;

	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

void rpmb_store_head_init(void *block, u8 kind, u8 number, u8 count)
{
	struct rpmb_store_head *head = block;

	memset(block, 0, RPMB_BLOCK_SIZE);
	memcpy(head->magic, RPMB_STORE_MAGIC, RPMB_STORE_MAGIC_SIZE);
	head->version = RPMB_STORE_VERSION;
	head->kind = kind;
	head->number = number;
	head->count = count;
}

int rpmb_store_head_check(const void *block, u8 kind, u8 number)
{
	const struct rpmb_store_head *head = block;

	if (rpmb_store_is_zero(block, RPMB_BLOCK_SIZE))
		return -ENODATA;
	if (memcmp(head->magic, RPMB_STORE_MAGIC, RPMB_STORE_MAGIC_SIZE))
		return -EUCLEAN;
	/* all that follows the version is for that version to say */
	if (head->version > RPMB_STORE_VERSION)
		return -EPROTONOSUPPORT;
	if (head->version != RPMB_STORE_VERSION || head->kind != kind ||
	    head->number != number)
		return -EUCLEAN;
	return 0;
}
