// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Named records: small pieces of data that can be changed, not rolled back
 *
 * Records are not monotonic: an old write that somebody has kept and sends
 * later would do harm. So no record is signed for a counter value that another
 * frame may have been signed for, such as the first value after power-up. The
 * code uses such a value up by a write that changes nothing, and reads the
 * store again. doc/develop/rpmb/security.rst numbers the states.
 */

#include <rpmb/record.h>

static bool is_name_char(u8 c)
{
	return c > ' ' && c < 0x7f;
}

/*
 * Length of a name; 0 if it is invalid, the size of the field if it is too long
 */
static u32 name_len(const void *name)
{
	const u8 *p = name;
	u32 n = 0;

	while (n < RPMB_RECORD_NAME_SIZE && is_name_char(p[n]))
		n++;
	return n < RPMB_RECORD_NAME_SIZE && p[n] ? 0 : n;
}

static bool name_ok(const char *name)
{
	u32 len = name_len(name);

	return len && len < RPMB_RECORD_NAME_SIZE;
}

/* There is exactly one valid encoding of a record */
static int check_block(const struct rpmb_record_block *b, u32 number)
{
	u32 count = b->head.count;
	u32 len = name_len(b->name);
	int ret;

	ret = rpmb_store_head_check(b, RPMB_STORE_RECORD, (u8)number);
	if (ret)
		return ret;
	if (!rpmb_store_is_zero(b->reserved, sizeof(b->reserved)) ||
	    len == RPMB_RECORD_NAME_SIZE ||
	    !rpmb_store_is_zero(b->name + len, sizeof(b->name) - len) ||
	    count > (len ? RPMB_RECORD_DATA_MAX : 0) ||
	    !rpmb_store_is_zero(b->data + count, sizeof(b->data) - count))
		return -EUCLEAN;
	return 0;
}

/* The block with this name; past the last one if there is none */
static u32 find(const struct rpmb_records *rs, const void *name, u32 from)
{
	u32 len = name_len(name) + 1;

	while (from < rs->count && memcmp(rs->blocks[from].name, name, len))
		from++;
	return from;
}

int rpmb_records_check(const struct rpmb_records *rs)
{
	u32 i;
	int ret;

	/* a blank block has no name */
	for (i = 0; i < rs->count; i++) {
		ret = check_block(&rs->blocks[i], i);
		if (ret && ret != -ENODATA)
			return ret;
		if (name_len(rs->blocks[i].name) &&
		    find(rs, rs->blocks[i].name, i + 1) < rs->count)
			return -EUCLEAN;
	}
	return 0;
}

/* Read all blocks and check all of them */
static int load(struct rpmb_records *rs, const char *name, bool change)
{
	int ret;

	if (!name_ok(name) || rs->count > RPMB_RECORD_BLOCKS_MAX)
		return -EINVAL;
	ret = change ? rpmb_store_begin_change(&rs->at, rs->count) :
		       rpmb_store_begin(&rs->at, rs->count);
	if (!ret)
		ret = rpmb_store_read(&rs->at, 0, rs->count, rs->blocks);
	return ret ? ret : rpmb_records_check(rs);
}

int rpmb_records_read(struct rpmb_records *rs, const char *name, void *buf,
		      size_t size, size_t *len)
{
	const struct rpmb_record_block *b;
	u32 n;
	int ret;

	ret = load(rs, name, false);
	if (ret)
		return ret;
	n = find(rs, name, 0);
	if (n == rs->count)
		return -ENOENT;
	b = &rs->blocks[n];
	*len = b->head.count;
	if (size < b->head.count)
		return -ENOBUFS;
	memcpy(buf, b->data, b->head.count);
	return 0;
}

/* Read what a change depends on. Return: -EAGAIN if it must be read once more */
static int prepare(struct rpmb_records *rs, const char *name)
{
	int ret;

	ret = load(rs, name, true);
	if (ret || rs->at.cl->counter_unused)
		return ret;
	/* use up the counter value by writing what is there */
	ret = rpmb_store_write(&rs->at, 0, rs->blocks);
	return ret ? ret : -EAGAIN;
}

static bool same_data(const struct rpmb_record_block *b, const void *data,
		      size_t len)
{
	return b->head.count == len && !memcmp(b->data, data, len);
}

/* @new_name is @name, or empty to delete the record */
static int change_once(struct rpmb_records *rs, const char *name,
		       const char *new_name, const void *data, size_t len)
{
	struct rpmb_record_block *b;
	u32 n;
	int ret;

	ret = prepare(rs, name);
	if (ret)
		return ret;
	n = find(rs, name, 0);
	if (n < rs->count) {
		if (*new_name && same_data(&rs->blocks[n], data, len))
			return 0;
	} else {
		if (!*new_name)
			return -ENOENT;
		n = find(rs, "", 0);
		if (n == rs->count)
			return -ENOSPC;
	}
	b = &rs->blocks[n];
	rpmb_store_head_init(b, RPMB_STORE_RECORD, (u8)n, (u8)len);
	memcpy(b->name, new_name, name_len(new_name));
	memcpy(b->data, data, len);
	return rpmb_store_write(&rs->at, n, b);
}

static int change(struct rpmb_records *rs, const char *name,
		  const char *new_name, const void *data, size_t len)
{
	int ret, tries = RPMB_STORE_TRIES;

	do {
		ret = change_once(rs, name, new_name, data, len);
	} while (ret == -EAGAIN && --tries);
	return tries < RPMB_STORE_TRIES ? rpmb_store_retried(&rs->at, ret) : ret;
}

int rpmb_records_write(struct rpmb_records *rs, const char *name,
		       const void *data, size_t len)
{
	if (len > RPMB_RECORD_DATA_MAX)
		return -EINVAL;
	return change(rs, name, name, data, len);
}

int rpmb_records_delete(struct rpmb_records *rs, const char *name)
{
	return change(rs, name, "", "", 0);
}
