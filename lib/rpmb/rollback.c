// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback indexes: numbers that never go down
 *
 * A block is written as it was read, with some indexes raised. The device
 * executes this write only in place of the block that it was made from
 * (store.c). So no index goes down, whichever of our frames the device executes,
 * and at whatever time. doc/develop/rpmb/security.rst numbers the states and argues
 * each of them.
 */

#include <rpmb/rollback.h>

/* Which locations a block is for, in the order of the blocks */
static const struct range {
	u16 first;
	u8 kind;
	u8 count;
} ranges[RPMB_ROLLBACK_BLOCKS] = {
	{ RPMB_ROLLBACK_AVB, RPMB_STORE_AVB_LOW, 16 },
	{ RPMB_ROLLBACK_AVB + 16, RPMB_STORE_AVB_HIGH, 16 },
	{ RPMB_ROLLBACK_FIT, RPMB_STORE_FIT, RPMB_ROLLBACK_FIT_COUNT },
	{ RPMB_ROLLBACK_SPL, RPMB_STORE_SPL, RPMB_ROLLBACK_SPL_COUNT },
};

static u64 get_index(const struct rpmb_rollback_block *b, u32 i)
{
	return (u64)rpmb_get32(&b->index[i].hi) << 32 |
	       rpmb_get32(&b->index[i].lo);
}

static bool is_set(const struct rpmb_rollback_block *b, u32 i)
{
	return rpmb_get32(&b->set) >> i & 1;
}

static void put_index(struct rpmb_rollback_block *b, u32 i, u64 index)
{
	rpmb_put32(&b->set, rpmb_get32(&b->set) | 1u << i);
	rpmb_put32(&b->index[i].hi, (u32)(index >> 32));
	rpmb_put32(&b->index[i].lo, (u32)index);
}

/* The block that a location is in; past the last one if there is none */
static u32 find_block(u32 loc)
{
	u32 n;

	for (n = 0; n < RPMB_ROLLBACK_BLOCKS; n++)
		if (loc >= ranges[n].first &&
		    loc - ranges[n].first < ranges[n].count)
			break;
	return n;
}

/* There is exactly one valid encoding of a block */
static int check_block(const struct rpmb_rollback_block *b, u32 number)
{
	const struct range *range = &ranges[number];
	u64 index;
	u32 i;
	int ret;

	ret = rpmb_store_head_check(b, range->kind, (u8)number);
	if (ret)
		return ret;
	if (b->head.count != range->count ||
	    rpmb_get32(&b->set) >> range->count ||
	    !rpmb_store_is_zero(b->reserved, sizeof(b->reserved)))
		return -EUCLEAN;
	for (i = 0; i < RPMB_ROLLBACK_PER_BLOCK; i++) {
		index = get_index(b, i);
		if (is_set(b, i) ? index > RPMB_ROLLBACK_MAX : index)
			return -EUCLEAN;
	}
	return 0;
}

/* In a blank block no index is set */
static void make_block(struct rpmb_rollback_block *b, u32 n)
{
	rpmb_store_head_init(b, ranges[n].kind, (u8)n, ranges[n].count);
}

int rpmb_rollback_number(u32 first)
{
	u32 n = find_block(first);

	return n < RPMB_ROLLBACK_BLOCKS && ranges[n].first == first ? (int)n :
		-EINVAL;
}

int rpmb_rollback_list(const struct rpmb_rollback_block *b, u32 n,
		       u64 index[RPMB_ROLLBACK_PER_BLOCK])
{
	int i, ret = check_block(b, n);

	/* in a blank block no index is set */
	if (ret && ret != -ENODATA)
		return ret;
	for (i = 0; i < ranges[n].count; i++)
		index[i] = is_set(b, i) ? get_index(b, i) : RPMB_ROLLBACK_NONE;
	return i;
}

/* Read the block of a location, or make one if it is blank */
static int load(struct rpmb_rollback *rb, u32 loc, u32 *number, bool change)
{
	u32 n = find_block(loc);
	int ret;

	*number = n;
	if (n == RPMB_ROLLBACK_BLOCKS)
		return -EINVAL;
	ret = change ? rpmb_store_begin_change(&rb->at, RPMB_ROLLBACK_BLOCKS) :
		       rpmb_store_begin(&rb->at, RPMB_ROLLBACK_BLOCKS);
	if (!ret)
		ret = rpmb_store_read(&rb->at, n, 1, &rb->block);
	if (ret)
		return ret;
	ret = check_block(&rb->block, n);
	if (ret != -ENODATA)
		return ret;
	make_block(&rb->block, n);
	return 0;
}

int rpmb_rollback_get(struct rpmb_rollback *rb, u32 loc, u64 *index)
{
	u32 n, i;
	int ret;

	ret = load(rb, loc, &n, false);
	if (ret)
		return ret;
	i = loc - ranges[n].first;
	if (!is_set(&rb->block, i))
		return -ENODATA;
	*index = get_index(&rb->block, i);
	return 0;
}

int rpmb_rollback_check(struct rpmb_rollback *rb, u32 loc, u64 index)
{
	u64 stored;
	int ret;

	ret = rpmb_rollback_get(rb, loc, &stored);
	if (ret)
		return ret;
	return index < stored ? -EDOM : 0;
}

/* Return: 1 raised, 0 it has this value already, -EDOM it has a higher one */
static int raise_index(struct rpmb_rollback_block *b, u32 i, u64 index)
{
	if (is_set(b, i)) {
		/*
		 * An earlier advance, which seemed to fail, may have stored
		 * what was read. The answer is right in that case, too: the
		 * caller's index is lower than what is stored, or equal to it.
		 */
		if (index < get_index(b, i))
			return -EDOM;
		if (index == get_index(b, i))
			return 0;
	}
	put_index(b, i, index);
	return 1;
}

static int advance_once(struct rpmb_rollback *rb,
			const struct rpmb_raise *raise, u32 count)
{
	bool changed = false;
	u32 n, i;
	int ret;

	ret = load(rb, raise->loc, &n, true);
	if (ret)
		return ret;
	for (i = 0; i < count; i++) {
		ret = raise_index(&rb->block, raise[i].loc - ranges[n].first,
				  raise[i].index);
		if (ret < 0)
			return ret;
		changed |= ret;
	}
	return changed ? rpmb_store_write(&rb->at, n, &rb->block) : 0;
}

int rpmb_rollback_advance_all(struct rpmb_rollback *rb,
			      const struct rpmb_raise *raise, u32 count)
{
	int ret, tries = RPMB_STORE_TRIES;
	u32 i;

	if (!count)
		return -EINVAL;
	for (i = 0; i < count; i++)
		if (raise[i].index > RPMB_ROLLBACK_MAX ||
		    find_block(raise[i].loc) != find_block(raise->loc))
			return -EINVAL;
	do {
		ret = advance_once(rb, raise, count);
	} while (ret == -EAGAIN && --tries);
	return tries < RPMB_STORE_TRIES ? rpmb_store_retried(&rb->at, ret) : ret;
}

int rpmb_rollback_advance(struct rpmb_rollback *rb, u32 loc, u64 index)
{
	struct rpmb_raise raise = { .loc = loc, .index = index };

	return rpmb_rollback_advance_all(rb, &raise, 1);
}

/* The authority is for one counter value: it ends if another frame has used it */
static int write_once(struct rpmb_rollback *rb, u32 n)
{
	int ret = rpmb_store_write(&rb->at, n, &rb->block);

	return ret == -EAGAIN ? -EKEYEXPIRED : ret;
}

int rpmb_rollback_reset(struct rpmb_rollback *rb, u32 loc, u64 index,
			u32 counter)
{
	u32 n = find_block(loc);
	int ret;

	if (n == RPMB_ROLLBACK_BLOCKS || index > RPMB_ROLLBACK_MAX)
		return -EINVAL;
	ret = rpmb_store_begin_at(&rb->at, RPMB_ROLLBACK_BLOCKS, counter);
	if (!ret)
		ret = rpmb_store_read(&rb->at, n, 1, &rb->block);
	if (ret)
		return ret;
	ret = check_block(&rb->block, n);
	if (ret == -ENODATA || ret == -EUCLEAN)
		make_block(&rb->block, n);
	else if (ret)
		return ret;
	put_index(&rb->block, loc - ranges[n].first, index);
	return write_once(rb, n);
}

int rpmb_rollback_burn(struct rpmb_rollback *rb, u32 counter)
{
	int ret;

	ret = rpmb_store_begin_at(&rb->at, RPMB_ROLLBACK_BLOCKS, counter);
	if (!ret)
		ret = rpmb_store_read(&rb->at, 0, 1, &rb->block);
	return ret ? ret : write_once(rb, 0);
}
