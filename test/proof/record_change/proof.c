// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_records_write(), rpmb_records_delete(), rpmb_records_read()
 *
 * The store is replaced by its contract (see store), and so are the check of
 * all blocks and the search for a name (see record_names). Between two tries
 * others may write anything. Of the blocks one byte is watched, which can be
 * any of them: to copy, compare and clear means what it does to that byte.
 *
 * - A block is written only after all blocks were read, authenticated, in
 *   this try, and were found sound. If the counter's value may be in a frame
 *   of others, that is block 0 as it was read, and all is read once more.
 * - Else it is the block with this name, or a blank one if there is none and
 *   nothing is to be deleted. It gets the head, the name and the data as the
 *   format has them, and zero elsewhere; a deleted one the head alone.
 * - A success is a write that succeeded, or data that are there already, all
 *   of them. -ENOENT means that a sound store has no such record, -ENOSPC
 *   that it has no room. Only after -EAGAIN is tried again, five times at
 *   most, and then the status is corrected.
 * - A read writes nothing to the store. What it hands out are the data of
 *   the block with this name, all of them, if they fit in; else nothing is
 *   copied.
 * - Nothing is done for a name that is none, for data that are too long, or
 *   for a store that is too large.
 */

#include "../proof.h"
#include <rpmb/record.h>

static u32 name_len(const void *name);
static u32 find(const struct rpmb_records *rs, const void *name, u32 from);
static int change_once(struct rpmb_records *rs, const char *name,
		       const char *new_name, const void *data, size_t len);

static void copy_watched(void *to, const void *from, size_t len);
static int compare_watched(const void *a, const void *b, size_t len);

#define memcpy	copy_watched
#define memcmp	compare_watched
#include <lib/rpmb/record.c>
#undef memcpy
#undef memcmp

#define BLOCKS	3

static struct rpmb_record_block blocks[BLOCKS];
static struct rpmb_client cl;
static struct rpmb_records rs;
static char name[RPMB_RECORD_NAME_SIZE];
static u8 data[RPMB_RECORD_DATA_MAX], buf[RPMB_RECORD_DATA_MAX];
static u32 block, at;		/* of the byte that is watched */
static u8 was;			/* it, as it was read */
static u32 length;		/* of the name; 0 if it is none */
static u32 owner, blank;	/* blocks, past the last one if there is none */
static u32 tries, writes;
static int last;		/* what became of the last write */
static bool change_it, delete_it, begun, loaded, sound, same, retried;
static size_t data_len;

static u8 *watched(void)
{
	return (u8 *)&blocks[block] + at;
}

static void copy_watched(void *to, const void *from, size_t len)
{
	size_t i = (size_t)watched() - (size_t)to;

	claim(__CPROVER_w_ok(to, len) && __CPROVER_r_ok(from, len));
	if (to == buf) {
		/* here it is the byte of the data that is watched */
		if (at >= 64 && at - 64 < len)
			buf[at - 64] = ((const u8 *)from)[at - 64];
		return;
	}
	claim(__CPROVER_same_object(to, blocks));
	if (i < len)
		*watched() = ((const u8 *)from)[i];
}

static int compare_watched(const void *a, const void *b, size_t len)
{
	size_t i = (size_t)watched() - (size_t)a;

	claim(__CPROVER_r_ok(a, len) && __CPROVER_r_ok(b, len));
	claim(a == blocks[owner].data && b == data);
	if (i < len && *watched() != data[i])
		return 1;
	same = nondet_bool();
	return !same;
}

static u32 name_len(const void *what)
{
	if (what != name)
		claim(!*(const char *)what);
	return what == name ? length : 0;
}

/* Contract: see store_head */
void rpmb_store_head_init(void *to, u8 kind, u8 number, u8 count)
{
	const u8 head[] = { 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, kind,
			    number, count };

	claim(__CPROVER_w_ok(to, RPMB_BLOCK_SIZE));
	if (to == &blocks[block])
		*watched() = at < sizeof(head) ? head[at] : 0;
}

static int begin(const struct rpmb_store *st, u32 count)
{
	int err = nondet_errno();

	claim(st == &rs.at && count == rs.count && !begun);
	assume(count || err);
	tries++;
	begun = !err;
	loaded = false;
	sound = false;
	same = false;
	last = err;
	return err;
}

int rpmb_store_begin(const struct rpmb_store *st, u32 count)
{
	claim(!change_it);
	return begin(st, count);
}

/* Whether somebody else has signed for the counter's value */
int rpmb_store_begin_change(const struct rpmb_store *st, u32 count)
{
	claim(change_it);
	cl.counter_known = true;
	cl.counter_unused = nondet_bool();
	return begin(st, count);
}

int rpmb_store_read(const struct rpmb_store *st, u32 number, u32 count,
		    void *to)
{
	int err = nondet_errno();

	claim(st == &rs.at && begun && !loaded);
	claim(!number && count == rs.count && to == blocks);
	assume(err != -ENODATA && err != -ENOENT);
	__CPROVER_havoc_object(blocks);
	was = *watched();
	loaded = !err;
	begun = loaded;
	last = err;
	return err;
}

/* Contract: see record_names */
int rpmb_records_check(const struct rpmb_records *records)
{
	int err = nondet_errno();

	claim(records == &rs && loaded);
	assume(!err || err == -EUCLEAN || err == -EPROTONOSUPPORT);
	sound = !err;
	owner = nondet_u32();
	blank = nondet_u32();
	assume(owner <= rs.count && blank <= rs.count);
	assume(owner == rs.count || owner != blank);
	/* see record_block */
	if (sound && owner < rs.count)
		assume(blocks[owner].head.count <= RPMB_RECORD_DATA_MAX);
	last = err;
	return err;
}

static u32 find(const struct rpmb_records *records, const void *what, u32 from)
{
	claim(records == &rs && sound && !from);
	return what == name ? owner : blank;
}

/* By doc/develop/rpmb/spec.rst: the byte of the block, as it must be */
static u8 wanted(u32 number)
{
	static const u8 head[] = { 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1,
				   5 };

	if (at < sizeof(head))
		return head[at];
	if (at == 10)
		return (u8)number;
	if (at == 11)
		return (u8)data_len;
	if (at >= 16 && at < 64)
		return !delete_it && at - 16 < length ? (u8)name[at - 16] : 0;
	return at >= 64 && at - 64 < data_len ? data[at - 64] : 0;
}

/* Contract: see store */
int rpmb_store_write(const struct rpmb_store *st, u32 number, const void *from)
{
	int err = nondet_errno();

	claim(change_it && st == &rs.at && begun && loaded && sound);
	assume(err != -ENODATA && err != -ENOENT);
	begun = false;
	loaded = false;
	sound = false;
	last = err;
	claim(from == &blocks[number]);
	if (!cl.counter_unused) {
		claim(!number);
		if (block == number)
			claim(*watched() == was);
		last = err ? err : -EAGAIN;
		return err;
	}
	writes++;
	claim(number < rs.count);
	claim(number == (owner < rs.count ? owner : blank));
	claim(implies(delete_it, number == owner));
	if (block == number)
		claim(*watched() == wanted(number));
	return err;
}

int rpmb_store_retried(const struct rpmb_store *st, int ret)
{
	claim(st == &rs.at && tries > 1 && !retried);
	retried = true;
	return ret;
}

/* Is there a record of this name with these data, as far as it is watched? */
static void claim_same(void)
{
	claim(sound && !delete_it && owner < rs.count && same);
	claim(blocks[owner].head.count == data_len);
	if (block == owner && at >= 64 && at - 64 < data_len)
		claim(was == data[at - 64]);
}

static void claim_try(void)
{
	int ret;

	change_it = true;
	delete_it = nondet_bool();
	data_len = delete_it ? 0 : nondet_size();
	assume(data_len <= RPMB_RECORD_DATA_MAX);
	ret = change_once_itself(&rs, name, delete_it ? "" : name, data,
				 data_len);

	claim(ret <= 0 && tries <= 1 && writes <= 1);
	if (rs.count > 256 || !length || length == 48) {
		claim(ret == -EINVAL && !tries);
		return;
	}
	claim(tries && implies(last, ret == last));
	if (last)
		return;
	if (!sound)
		claim(!ret && writes);
	else if (!ret)
		claim_same();
	else if (ret == -ENOENT)
		claim(delete_it && owner == rs.count);
	else
		claim(ret == -ENOSPC && !delete_it && owner == rs.count &&
		      blank == rs.count);
}

static int change_once(struct rpmb_records *records, const char *old_name,
		       const char *new_name, const void *from, size_t len)
{
	claim(records == &rs && old_name == name && len == data_len);
	claim(delete_it ? !*new_name : new_name == name && from == data);
	claim(implies(tries, last == -EAGAIN));
	tries++;
	last = nondet_errno();
	return last;
}

static void claim_tries(void)
{
	int ret;

	delete_it = nondet_bool();
	data_len = delete_it ? 0 : nondet_size();
	ret = delete_it ? rpmb_records_delete(&rs, name) :
		rpmb_records_write(&rs, name, data, data_len);

	claim(retried == (tries > 1) && tries <= 5);
	if (data_len > 192)
		claim(ret == -EINVAL && !tries);
	else
		claim(tries && ret == last);
	claim(implies(ret == -EAGAIN, tries == 5));
}

static void claim_read(void)
{
	size_t size = nondet_size(), len = nondet_size();
	u32 i = at >= 64 ? at - 64 : 0;
	u8 before;
	int ret;

	assume(size <= sizeof(buf));
	before = buf[i];

	ret = rpmb_records_read(&rs, name, buf, size, &len);

	claim(ret <= 0 && tries <= 1 && !writes);
	if (ret) {
		claim(buf[i] == before && implies(last, ret == last));
		claim(implies(ret == -ENOENT && !last, owner == rs.count));
		return;
	}
	claim(sound && owner < rs.count && len <= size);
	claim(len == blocks[owner].head.count);
	if (block == owner && at >= 64 && i < len)
		claim(buf[i] == was);
}

void proof(void)
{
	u32 which = nondet_u32();

	__CPROVER_havoc_object(name);
	__CPROVER_havoc_object(data);
	__CPROVER_havoc_object(buf);
	block = nondet_u32();
	at = nondet_u32();
	length = nondet_u32();
	assume(block < BLOCKS && at < RPMB_BLOCK_SIZE);
	assume(length <= RPMB_RECORD_NAME_SIZE && implies(length, name[0]));
	rs.at.cl = &cl;
	rs.count = nondet_u32();
	assume(rs.count <= BLOCKS || rs.count > RPMB_RECORD_BLOCKS_MAX);
	rs.blocks = blocks;
	if (which == 0)
		claim_try();
	else if (which == 1)
		claim_tries();
	else
		claim_read();
}
