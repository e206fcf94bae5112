// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_policy_index(), rpmb_policy_forget(): the indexes as they were read
 *
 * Any blocks may be known, or be errors that are remembered, and one
 * operation is carried out. A location of Android's first block is watched,
 * which can be any of them; what is called may give any answer.
 *
 * - An index is handed out only if its block was read with success, now or
 *   before, and it is what that brought at its place. One that was never set
 *   is -ENODATA.
 * - A block that is known is not read again, and one that is not is read
 *   once, with all others. What was read is kept until it is forgotten, and
 *   it is not forgotten after the ratchet has turned.
 * - A location that there is not is refused, and the device is not asked.
 */

#include "../uboot.h"
#include <boot/rpmb/stored.c>
#include "../proof.h"

#define WATCHED	0	/* a block of Android, read with all others */

static struct rpmb_ref ref;
static u8 room[RPMB_STORES_BLOCKS][256];
static u32 loc, first;		/* what is watched; its block */
static struct stored_block *b;
static u64 right;		/* its index, as the device has proven it */
static bool ratcheted, found, allocated, raw_read, was_known;
static u32 reads;		/* of the block that is watched */

void *malloc(size_t size)
{
	claim(!allocated && size == sizeof(room));
	allocated = nondet_bool();
	return allocated ? room : NULL;
}

void free(void *at)
{
	claim(!at || allocated);
	allocated = false;
}

bool rpmb_is_ratcheted(void)
{
	return ratcheted;
}

int rpmb_policy_device(struct rpmb_ref *r)
{
	int err = nondet_errno();

	found = !err;
	*r = ref;
	return err;
}

static bool is_ref(struct rpmb_ref r)
{
	return found && r.target == ref.target && r.keyid == ref.keyid;
}

int rpmb_policy_not_asked(struct rpmb_ref r, int ret)
{
	int err = nondet_errno();

	assume(err);
	return ret < 0 ? err : ret;
}

/* What a read of a block brings */
static int bring(u32 from, u64 *index)
{
	int err = nondet_errno();

	claim(from == 0 || from == 0x10 || from == 0x100 || from == 0x200);
	claim(__CPROVER_w_ok(index, RPMB_INDEX_BLOCK * sizeof(*index)));
	if (from != first)
		return err ? err : (int)rpmb_index_block_size(from);
	claim(index == b->index && !was_known);
	reads++;
	index[loc - first] = nondet_u64();
	if (err)
		return err;
	right = index[loc - first];
	return rpmb_index_block_size(from);
}

int rpmb_index_get_block(struct rpmb_ref r, u32 from, u64 *index)
{
	claim(is_ref(r));
	return bring(from, index);
}

int rpmb_stores_read(struct rpmb_ref r, u8 raw[][256])
{
	int err = nondet_errno();

	claim(is_ref(r) && raw == room && allocated);
	raw_read = !err;
	return err;
}

int rpmb_stores_indexes(u8 raw[][256], u32 from, u64 *index)
{
	claim(raw == room && allocated && raw_read);
	return bring(from, index);
}

void rpmb_stored_fill_records(u8 raw[][256], int ret)
{
	claim(implies(!ret, raw == room && allocated && raw_read));
}

static void claim_index(void)
{
	u64 index = nondet_u64(), before = index;
	int ret = rpmb_policy_index(loc, &index);

	claim(b->known && reads <= !was_known);
	if (ret) {
		claim(index == before);
		claim(implies(ret == -ENODATA && b->ret > 0, right == ~0ULL));
		return;
	}
	claim(b->ret > 0 && index == right && right != ~0ULL);
	claim(was_known || reads == 1);
}

static void claim_none(void)
{
	u32 other = nondet_u32();
	u64 index;

	assume((other >= 0x20 && other < 0x100) || other >= 0x21c ||
	       (other >= 0x11c && other < 0x200));
	claim(rpmb_policy_index(other, &index) == -EADDRNOTAVAIL);
	claim(!found && !reads);
}

/* Of the other block that is read with all others */
static void claim_other(void)
{
	u64 index;

	(void)rpmb_policy_index(0x10, &index);
	claim(reads <= !was_known && implies(was_known, b->known));
}

static void claim_forgotten(void)
{
	rpmb_policy_forget();
	claim(b->known == (was_known && ratcheted));
}

static void any_state(void)
{
	int i;

	ref.target = nondet_u8();
	ref.keyid = nondet_u32();
	ratcheted = nondet_bool();
	__CPROVER_havoc_object(blocks);
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		blocks[i].known = nondet_bool();
	loc = nondet_u32();
	b = &blocks[WATCHED];
	first = firsts[WATCHED];
	assume(rpmb_index_in_block(loc, first));
	right = nondet_u64();
	was_known = b->known;
	/* what is to hold before, and is claimed of what comes after */
	assume(implies(was_known && b->ret > 0, b->index[loc - first] == right));
	assume(b->ret);
}

void proof(void)
{
	u32 which = nondet_u32();

	any_state();
	if (which == 0)
		claim_index();
	else if (which == 1)
		claim_forgotten();
	else if (which == 2)
		claim_other();
	else
		claim_none();
	claim(!allocated);
	claim(implies(b->known && b->ret > 0, b->index[loc - first] == right));
	claim(implies(b->known, b->ret));
}
