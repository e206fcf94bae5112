// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stored indexes: read once per boot, and kept
 *
 * Indexes and records are side by side on the device. One read brings all that
 * Android Verified Boot asks for; stored-records.c keeps the records.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <malloc.h>
#include <rpmb-key.h>
#include "policy-internal.h"

/**
 * struct stored_block - a block of indexes, as it was read in this boot
 *
 * @known:	it was read, or that failed
 * @warned:	the warning about it has been given
 * @ret:	number of indexes, or -errno
 * @index:	the indexes
 */
struct stored_block {
	bool known;
	bool warned;
	int ret;
	u64 index[RPMB_INDEX_BLOCK];
};

/* Android Verified Boot is the one that has records */
#define HAS_RECORDS	(IS_ENABLED(CONFIG_RPMB_ROLLBACK_AVB) && \
			 !IS_ENABLED(CONFIG_XPL_BUILD))

/* First location of each */
static const u16 firsts[] = {
#ifndef CONFIG_XPL_BUILD	/* SPL has one that is its own, and no other */
	0x000, 0x010,	/* Android Verified Boot */
	0x100,		/* FIT */
#endif
	0x200,		/* what SPL loads */
};

static struct stored_block blocks[ARRAY_SIZE(firsts)];

static u32 first_of(const struct stored_block *b)
{
	return firsts[b - blocks];
}

static struct stored_block *find_block(u32 loc)
{
	struct stored_block *b;

	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++)
		if (rpmb_index_in_block(loc, first_of(b)))
			return b;
	return NULL;
}

static int read_block(struct stored_block *b)
{
	struct rpmb_ref ref;
	int ret;

	ret = rpmb_policy_device(&ref);
	if (ret)
		return ret;
	ret = rpmb_index_get_block(ref, first_of(b), b->index);
	return rpmb_policy_not_asked(ref, ret);
}

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

static void fill_blocks(u8 (*raw)[256], int ret)
{
	struct stored_block *b;

	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++) {
		if (!b->known)
			b->ret = ret ? ret :
				rpmb_stores_indexes(raw, first_of(b), b->index);
		b->known = true;
	}
}

void rpmb_stored_read_all(void)
{
	u8 (*raw)[256];
	int ret;

	if (!HAS_RECORDS)
		return;
	raw = malloc(RPMB_STORES_BLOCKS * sizeof(*raw));
	ret = read_stores(raw);
	fill_blocks(raw, ret);
	rpmb_stored_fill_records(raw, ret);
	free(raw);
}

static void know_block(struct stored_block *b)
{
	if (b->known)
		return;
	/* whoever asks for one of Android's indexes needs a record as well */
	if (HAS_RECORDS && first_of(b) < 0x100) {
		rpmb_stored_read_all();
		return;
	}
	b->ret = read_block(b);
	b->known = true;
}

int rpmb_policy_index(u32 loc, u64 *index)
{
	struct stored_block *b = find_block(loc);

	if (!b)
		return -EADDRNOTAVAIL;
	know_block(b);
	if (b->ret < 0)
		return b->ret;
	if (b->index[loc - first_of(b)] == RPMB_INDEX_NONE)
		return -ENODATA;
	*index = b->index[loc - first_of(b)];
	return 0;
}

bool rpmb_stored_warn_once(u32 loc)
{
	struct stored_block *b = find_block(loc);
	bool first = !b->warned;

	b->warned = true;
	return first;
}

void rpmb_policy_forget(void)
{
	struct stored_block *b;

	if (rpmb_is_ratcheted())
		return;
	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++)
		b->known = false;
}

/* Note what was read back; after an error the device may hold the old or the new */
static void note_raised(const struct rpmb_raise *raise, int count, int ret)
{
	struct stored_block *b = find_block(raise->loc);
	int i;

	if (ret) {
		rpmb_policy_forget();
		return;
	}
	for (i = 0; i < count && b->known && b->ret > 0; i++)
		b->index[raise[i].loc - first_of(b)] = raise[i].index;
	/* an error that was remembered */
	if (b->ret < 0)
		b->known = false;
}

static int advance(const struct rpmb_raise *raise, int count)
{
	struct rpmb_ref ref;
	int ret;

	if (!find_block(raise->loc))
		return -EADDRNOTAVAIL;
	ret = rpmb_policy_device(&ref);
	if (ret)
		return ret;
	ret = rpmb_index_advance_all(ref, raise, count);
	note_raised(raise, count, ret);
	return ret;
}

int rpmb_policy_advance(u32 loc, u64 index)
{
	struct rpmb_raise raise = { .loc = loc, .index = index };

	return advance(&raise, 1);
}

int rpmb_policy_commit(const struct rpmb_raise *raise, int count)
{
	u64 stored;
	int i;

	for (i = 0; i < count; i++)
		if (rpmb_policy_index(raise[i].loc, &stored) ||
		    stored != raise[i].index || rpmb_is_ratcheted())
			return advance(raise, count);
	return 0;
}

void rpmb_policy_prepare(bool last_chance)
{
	u64 index;

	if (!rpmb_policy_is_on() || !last_chance)
		return;
	/* to read one index of Android is to read all */
	rpmb_policy_index(IS_ENABLED(CONFIG_RPMB_ROLLBACK_AVB) ? 0 : 0x100, &index);
}

void rpmb_stored_reset(void)
{
	struct stored_block *b;

	for (b = blocks; b < blocks + ARRAY_SIZE(blocks); b++) {
		b->known = false;
		b->warned = false;
	}
}
