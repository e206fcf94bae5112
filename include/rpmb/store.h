/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks with a header, and how one of them is replaced
 *
 * Common to the rollback indexes (rpmb/rollback.h) and the named records
 * (rpmb/record.h). doc/develop/rpmb/spec.rst has the bytes,
 * doc/develop/rpmb/security.rst the reasons.
 */

#ifndef _RPMB_STORE_H
#define _RPMB_STORE_H

#include <rpmb/client.h>

#define RPMB_STORE_MAGIC	"UBstored"
#define RPMB_STORE_MAGIC_SIZE	8
#define RPMB_STORE_VERSION	1

/* How often a change is tried, if other frames come in between */
#define RPMB_STORE_TRIES	5

/** enum rpmb_store_kind - what a block holds */
enum rpmb_store_kind {
	RPMB_STORE_AVB_LOW	= 1,
	RPMB_STORE_AVB_HIGH	= 2,
	RPMB_STORE_FIT		= 3,
	RPMB_STORE_SPL		= 4,
	RPMB_STORE_RECORD	= 5,
};

/**
 * struct rpmb_store_head - the first bytes of each block
 *
 * @magic:	RPMB_STORE_MAGIC, without its NUL
 * @version:	RPMB_STORE_VERSION; a reader refuses all others
 * @kind:	enum rpmb_store_kind
 * @number:	of this block in its store, from 0
 * @count:	indexes, or bytes of data
 */
struct rpmb_store_head {
	u8 magic[RPMB_STORE_MAGIC_SIZE];
	u8 version;
	u8 kind;
	u8 number;
	u8 count;
};

#define RPMB_STORE_AT(field, at) \
	static_assert(offsetof(struct rpmb_store_head, field) == (at), #field)

RPMB_STORE_AT(version, 8);
RPMB_STORE_AT(kind, 9);
RPMB_STORE_AT(number, 10);
RPMB_STORE_AT(count, 11);
static_assert(sizeof(struct rpmb_store_head) == 12, "store head");

/**
 * struct rpmb_store - where a store is, and the key to it
 *
 * @cl:		client of the target
 * @key:	key, loaded
 * @first:	the store's first block on the device
 */
struct rpmb_store {
	struct rpmb_client *cl;
	struct rpmb_mac *key;
	u32 first;
};

/**
 * rpmb_store_error() - what an error from below the stores means to them
 *
 * -ENODATA and -ENOENT are the stores' own answers. A transport, a source of
 * random numbers or a key's provider may return the same numbers for a failure, so
 * these are not passed on.
 *
 * @err:	0 or -errno
 * Return: @err, or -EIO in place of these two
 */
int rpmb_store_error(int err);

/**
 * rpmb_store_begin() - start to read a store
 *
 * @st:		store
 * @blocks:	its size in blocks
 * Return: 0; -EINVAL no key, or no blocks; -ERANGE not all of it is on the
 *	device
 */
int __must_check rpmb_store_begin(const struct rpmb_store *st, u32 blocks);

/**
 * rpmb_store_begin_change() - start to change a store
 *
 * Reads the write counter before the blocks that the change is made from.
 *
 * @st:		store
 * @blocks:	its size in blocks
 * Return: as rpmb_store_begin(); else as rpmb_client_get_counter()
 */
int __must_check rpmb_store_begin_change(const struct rpmb_store *st,
					 u32 blocks);

/**
 * rpmb_store_begin_at() - start a change that is for one counter value only
 *
 * The counter is read afresh, whatever the client knows of it.
 *
 * @st:		store
 * @blocks:	its size in blocks
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED it has another; else as
 *	rpmb_store_begin_change()
 */
int __must_check rpmb_store_begin_at(const struct rpmb_store *st, u32 blocks,
				     u32 counter);

/**
 * rpmb_store_read() - read blocks, authenticated
 *
 * @st:		store, after rpmb_store_begin()
 * @number:	first block, counted in the store
 * @count:	blocks
 * @data:	@count times 256 bytes; cleared on error
 * Return: as rpmb_client_read(), but never -ENODATA or -ENOENT, see
 *	rpmb_store_error()
 */
int __must_check rpmb_store_read(const struct rpmb_store *st, u32 number,
				 u32 count, void *data);

/**
 * rpmb_store_write() - replace a block, if nothing was written in between
 *
 * Makes one authenticated write, and always reads it back. @data must have been
 * made from what was read after rpmb_store_begin_change(): the write is signed for
 * the counter value that was known then, and for no other.
 *
 * @st:		store
 * @number:	block, counted in the store
 * @data:	256 bytes
 * Return: 0; -EAGAIN another frame was executed in place of ours: read again,
 *	and decide anew; else as rpmb_client_write()
 */
int __must_check rpmb_store_write(const struct rpmb_store *st, u32 number,
				  const void *data);

/**
 * rpmb_store_retried() - correct the status of a change that was tried again
 *
 * The last try may have sent nothing. But during an earlier one the device has
 * executed a write, ours or another in its place, so it is not untouched.
 *
 * @st:		store, after a rpmb_store_write()
 * @ret:	what came of the change
 * Return: @ret
 */
int rpmb_store_retried(const struct rpmb_store *st, int ret);

/**
 * rpmb_store_head_init() - make an empty block
 *
 * @block:	256 bytes: the head is set up, all else cleared
 * @kind:	enum rpmb_store_kind
 * @number:	of the block in its store
 * @count:	indexes, or bytes of data
 */
void rpmb_store_head_init(void *block, u8 kind, u8 number, u8 count);

/**
 * rpmb_store_head_check() - is this a block of ours?
 *
 * @block:	256 bytes
 * @kind:	enum rpmb_store_kind that it must be
 * @number:	of the block in its store
 * Return: 0; -ENODATA the block is blank, 256 bytes of zero; -EPROTONOSUPPORT
 *	of a later version; -EUCLEAN anything else
 */
int __must_check rpmb_store_head_check(const void *block, u8 kind, u8 number);

/**
 * rpmb_store_is_zero() - are there zeroes only?
 *
 * @buf:	bytes
 * @len:	number of them
 * Return: true if so
 */
bool rpmb_store_is_zero(const void *buf, size_t len);

#endif /* _RPMB_STORE_H */
