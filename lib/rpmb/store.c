// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks with a header, and how one of them is replaced
 *
 * The device executes a write that is signed for counter value c only while its
 * counter is c. The code reads a block while the counter is c, changes it, and
 * signs the result for c alone. So the write replaces the block that it was
 * made from, or nothing, even if somebody keeps frames back or sends them
 * again.
 */

#include <rpmb/store.h>
#include "client-internal.h"

int rpmb_store_error(int err)
{
	return err == -ENODATA || err == -ENOENT ? -EIO : err;
}

int rpmb_store_begin_change(const struct rpmb_store *st, u32 blocks)
{
	return rpmb_store_error(rpmb_client_begin_keyed(st->cl, st->key,
							st->first, blocks,
							false));
}

int rpmb_store_begin(const struct rpmb_store *st, u32 blocks)
{
	struct rpmb_client *cl = st->cl;
	int ret = rpmb_client_begin(cl, st->key, st->first, blocks);

	/* to the client no key means that the answer need not be verified */
	if (!ret && !st->key)
		ret = rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	return ret;
}

int rpmb_store_begin_at(const struct rpmb_store *st, u32 blocks, u32 counter)
{
	int ret;

	/* the device may have been exchanged since the counter was cached */
	rpmb_client_forget(st->cl);
	ret = rpmb_store_begin_change(st, blocks);
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

	/* makes the client read it back */
	cl->counter_unused = false;
	cl->this_counter_only = true;
	ret = rpmb_client_write(cl, st->key, st->first + number, 1, data);
	cl->this_counter_only = false;
	if (ret && cl->status.fault == RPMB_FAULT_READBACK)
		ret = -EAGAIN;
	return rpmb_store_error(ret);
}

int rpmb_store_retried(const struct rpmb_store *st, int ret)
{
	struct rpmb_status *status = &st->cl->status;

	/* the last try sent nothing, but an earlier one was executed */
	if (status->state == RPMB_STATE_UNTOUCHED)
		status->state = ret ? RPMB_STATE_UNKNOWN : RPMB_STATE_CHANGED;
	return ret;
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
	/* a later version may give what follows another meaning */
	if (head->version > RPMB_STORE_VERSION)
		return -EPROTONOSUPPORT;
	if (head->version != RPMB_STORE_VERSION || head->kind != kind ||
	    head->number != number)
		return -EUCLEAN;
	return 0;
}
