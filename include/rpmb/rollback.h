/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rollback indexes: numbers that never go down
 *
 * Four blocks of an RPMB hold 88 of them. An index that was never set differs
 * from one that is 0: boot policy decides what to do then.
 */

#ifndef _RPMB_ROLLBACK_H
#define _RPMB_ROLLBACK_H

#include <rpmb/raise.h>
#include <rpmb/store.h>

#define RPMB_ROLLBACK_BLOCKS	4	/* size of the store, in blocks */
#define RPMB_ROLLBACK_PER_BLOCK	28	/* room for indexes in a block */

/* Locations: the first of each range, and how many there are */
#define RPMB_ROLLBACK_AVB	0x000
#define RPMB_ROLLBACK_AVB_COUNT	32
#define RPMB_ROLLBACK_FIT	0x100
#define RPMB_ROLLBACK_FIT_COUNT	28
#define RPMB_ROLLBACK_SPL	0x200
#define RPMB_ROLLBACK_SPL_COUNT	28

/* The highest index: nothing could be released after 2^64 - 1 */
#define RPMB_ROLLBACK_MAX	0xfffffffffffffffeULL
/* Stands for an index that was never set */
#define RPMB_ROLLBACK_NONE	0xffffffffffffffffULL

/** struct rpmb_be64 - 64-bit big-endian wire integer */
struct rpmb_be64 {
	struct rpmb_be32 hi;
	struct rpmb_be32 lo;
};

/**
 * struct rpmb_rollback_block - a block of indexes, as it is stored
 *
 * @head:	count: indexes that the block is for, 16 or 28
 * @set:	bit n: index n has been set. The others are zero
 * @reserved:	zero
 * @index:	indexes
 */
struct rpmb_rollback_block {
	struct rpmb_store_head head;
	struct rpmb_be32 set;
	u8 reserved[16];
	struct rpmb_be64 index[RPMB_ROLLBACK_PER_BLOCK];
};

#define RPMB_ROLLBACK_AT(field, at) \
	static_assert(offsetof(struct rpmb_rollback_block, field) == (at), \
		      #field)

RPMB_ROLLBACK_AT(set, 12);
RPMB_ROLLBACK_AT(reserved, 16);
RPMB_ROLLBACK_AT(index, 32);
RPMB_ROLLBACK_AT(index[1], 40);
RPMB_ROLLBACK_AT(index[0].lo, 36);
static_assert(sizeof(struct rpmb_rollback_block) == RPMB_BLOCK_SIZE,
	      "rollback block");

/**
 * struct rpmb_rollback - a store of rollback indexes
 *
 * @at:		where it is; filled in by the caller
 * @block:	work space
 */
struct rpmb_rollback {
	struct rpmb_store at;
	struct rpmb_rollback_block block;
};

/**
 * rpmb_rollback_is_location() - is there such a location?
 *
 * @loc:	location
 * Return: true if a block has room for its index
 */
static inline bool rpmb_rollback_is_location(u32 loc)
{
	return loc - RPMB_ROLLBACK_AVB < RPMB_ROLLBACK_AVB_COUNT ||
	       loc - RPMB_ROLLBACK_FIT < RPMB_ROLLBACK_FIT_COUNT ||
	       loc - RPMB_ROLLBACK_SPL < RPMB_ROLLBACK_SPL_COUNT;
}

/**
 * rpmb_rollback_number() - get the block that begins with a location
 *
 * @first:	location: 0x000, 0x010, 0x100 or 0x200
 * Return: number of the block in the store, from 0; -EINVAL no block begins
 *	with it
 */
int rpmb_rollback_number(u32 first);

/**
 * rpmb_rollback_list() - get all indexes of a block that was read
 *
 * @b:		block
 * @n:		its number, from rpmb_rollback_number()
 * @index:	the indexes; RPMB_ROLLBACK_NONE for what was never set, in a
 *		blank block for all of them
 * Return: number of locations in the block, 16 or 28; -EPROTONOSUPPORT it is
 *	of a later version of the format; -EUCLEAN it is none of this store
 */
int __must_check rpmb_rollback_list(const struct rpmb_rollback_block *b, u32 n,
				    u64 index[RPMB_ROLLBACK_PER_BLOCK]);

/**
 * rpmb_rollback_get() - read an index
 *
 * Makes one authenticated read, and caches nothing.
 *
 * @rb:		store
 * @loc:	location: 0x000 to 0x01f, 0x100 to 0x11b, 0x200 to 0x21b
 * @index:	the index, 0 to 2^64 - 2; set on success only
 * Return: 0; -ENODATA never set (proven by an authenticated read);
 *	-EPROTONOSUPPORT the block is of a later version of the format;
 *	-EUCLEAN it is none of this store; -EINVAL no such location, or no key;
 *	-ERANGE the store is not on the device; else as rpmb_client_read():
 *	-ENOKEY, -EBADMSG, -EPROTO, -EIO, -ETIMEDOUT, and other errors of the
 *	transport or the random number source
 */
int __must_check rpmb_rollback_get(struct rpmb_rollback *rb, u32 loc,
				   u64 *index);

/**
 * rpmb_rollback_check() - may something with this index be used?
 *
 * @rb:		store
 * @loc:	location
 * @index:	what it would be used with
 * Return: 0 not lower than what is stored; -EDOM lower; -ENODATA never set, so
 *	there is nothing to compare with; else as rpmb_rollback_get()
 */
int __must_check rpmb_rollback_check(struct rpmb_rollback *rb, u32 loc,
				     u64 index);

/**
 * rpmb_rollback_advance() - raise an index, or set it for the first time
 *
 * Makes one authenticated write of one block, and reads it back. Success means
 * that the device holds @index. After an error it holds what it held before, or
 * @index, and calling again is safe. All other indexes are as they were.
 *
 * @rb:		store
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * Return: 0, also if it has that value already (nothing is written then);
 *	-EDOM lower than what is stored; -EAGAIN other frames came in between
 *	each time: try again; -EPROTONOSUPPORT, -EUCLEAN as
 *	rpmb_rollback_get(), nothing is written then; -EINVAL index of
 *	2^64 - 1, no such location, or no key; -ERANGE the store is not on the
 *	device; else as rpmb_client_read() and rpmb_client_write(), -EOVERFLOW
 *	if the write counter is exhausted
 */
int __must_check rpmb_rollback_advance(struct rpmb_rollback *rb, u32 loc,
				       u64 index);

/**
 * rpmb_rollback_advance_all() - raise several indexes of one block at once
 *
 * Does as rpmb_rollback_advance(), by one write for all of them. After an error the
 * device holds what it held before, or all new values.
 *
 * @rb:		store
 * @raise:	locations, all in one block, with their new values
 * @count:	number of them, at least 1
 * Return: 0, also if all have these values already (nothing is written then);
 *	-EDOM one of them is lower than what is stored, nothing is written;
 *	-EINVAL also for @count of 0 and for locations of two blocks; else as
 *	rpmb_rollback_advance()
 */
int __must_check rpmb_rollback_advance_all(struct rpmb_rollback *rb,
					   const struct rpmb_raise *raise,
					   u32 count);

/**
 * rpmb_rollback_reset() - set an index with authority, once
 *
 * Sets it to any value, also to a lower one. Writes even if the index has that
 * value already, since the write uses up the counter value that the authority was
 * given for. Makes one authenticated write of one block, and reads it back.
 * Whatever happens, the device executes it once at most, and at that counter value
 * only. All other indexes are as they were. A block that is none of this store is
 * replaced by one in which only this index is set; a block of a later version of
 * the format is left as it is.
 *
 * After an error other than -EKEYEXPIRED the device may still execute the write,
 * until a later write to it is a success. An rpmb_rollback_advance() that had
 * nothing to write is no such write.
 *
 * @rb:		store
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED the counter is another, or another frame was executed
 *	in place of ours: it can never be done any more; -EPROTONOSUPPORT as
 *	rpmb_rollback_get(), nothing is written then; -EINVAL index of
 *	2^64 - 1, no such location, or no key; -ERANGE the store is not on the
 *	device; else as rpmb_client_read() and rpmb_client_write()
 */
int __must_check rpmb_rollback_reset(struct rpmb_rollback *rb, u32 loc,
				     u64 index, u32 counter);

/**
 * rpmb_rollback_burn() - use up a value of the write counter, change nothing
 *
 * Writes the first block of the store as it is, whatever it holds. Of all calls for
 * a counter value one at most is successful.
 *
 * @rb:		store
 * @counter:	the write counter that the device must have
 * Return: 0 the counter has moved, during this call; -EKEYEXPIRED it is
 *	another, or a frame was executed in place of ours that has changed the
 *	block; -EINVAL no key; -ERANGE the store is not on the device; else as
 *	rpmb_client_read() and rpmb_client_write()
 */
int __must_check rpmb_rollback_burn(struct rpmb_rollback *rb, u32 counter);

#endif /* _RPMB_ROLLBACK_H */
