/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rollback indexes and named records in an RPMB, and where they are
 *
 * They are in the blocks from CONFIG_RPMB_ROLLBACK_START on, of the device that
 * this node of the control FDT names:
 *
 *	rpmb-rollback {
 *		compatible = "u-boot,rpmb-rollback";
 *		rpmb = "mmc0";
 *		target = <0>;
 *		key-id = <0x100>;
 *		slots = <2>;
 *	};
 *
 * It is read in one place, once per boot: see doc/device-tree-bindings/rpmb.
 * With it the rollback policy is on, see rpmb-policy.h.
 */

#ifndef _RPMB_DEVICE_STORE_H
#define _RPMB_DEVICE_STORE_H

#include <rpmb.h>
#include <rpmb/raise.h>

/** define RPMB_MAX_SLOTS - most images or slots that one commit can name */
#define RPMB_MAX_SLOTS	4

/**
 * struct rpmb_policy - what the control FDT says
 *
 * @name:	stable name of the RPMB device, as of 'rpmb list'
 * @target:	target
 * @keyid:	key
 * @slots:	images that must be able to boot, see rpmb_fit_commit()
 */
struct rpmb_policy {
	char name[32];
	u8 target;
	rpmb_keyid_t keyid;
	u32 slots;
};

/**
 * rpmb_node_get() - what did the policy's node say at the start?
 *
 * The first call reads the node; U-Boot makes it before the first script. Later
 * changes of the tree have no effect. If one property does not have the form that
 * the binding asks for, the whole node is wrong.
 *
 * @policy:	filled in, with what could be read also on error
 * Return: 0; -ENOENT there is no node; -EINVAL it is wrong, or there are two
 */
int rpmb_node_get(struct rpmb_policy *policy);

/** sandbox_rpmb_node_reset() - for tests: look again, as after a reset */
void sandbox_rpmb_node_reset(void);

/**
 * rpmb_index_room() - is there a place for rollback indexes and records?
 *
 * Sends nothing.
 *
 * @dev:	RPMB device
 * @target:	target
 * Return: 0; -EINVAL no such target; -ERANGE the target is too small for
 *	CONFIG_RPMB_ROLLBACK_START; -ENOSYS the device has no JEDEC frames
 */
int rpmb_index_room(struct udevice *dev, u8 target);

/**
 * rpmb_index_get() - read a rollback index
 *
 * Makes one authenticated read and caches nothing. Works on closed boards and on
 * open ones, until the boot ratchet turns. The indexes are in the blocks from
 * CONFIG_RPMB_ROLLBACK_START on.
 *
 * @ref:	device, target and key
 * @loc:	location, see rpmb_rollback_get()
 * @index:	the index, 0 to 2^64 - 2; set on success only
 * Return: 0; -ENODATA never set (proven by an authenticated read); -EDEADLK an
 *	operation on the target is under way;
 *	-EPROTONOSUPPORT written by a later version of the format; -EUCLEAN
 *	what is stored is no block of indexes; -EINVAL no such location, key
 *	id or target; -ERANGE the store is not on the device; -ENOSYS the
 *	device has no JEDEC frames; -ENOMEM; else as rpmb_get_write_count():
 *	-ENOKEY, -EKEYREVOKED, -EBADMSG, -EPROTO, -EIO, -ETIMEDOUT, and others
 *	of the transport or the key's provider
 */
int __must_check rpmb_index_get(struct rpmb_ref ref, u32 loc, u64 *index);

/** define RPMB_INDEX_NONE - stands for an index that was never set */
#define RPMB_INDEX_NONE		U64_MAX

/** define RPMB_INDEX_BLOCK - most indexes that share a block */
#define RPMB_INDEX_BLOCK	28

/**
 * rpmb_index_block_size() - get the number of locations that share a block
 *
 * @first:	first location of the block, see rpmb_index_get_block()
 * Return: number of locations, @first and those behind it
 */
static inline u32 rpmb_index_block_size(u32 first)
{
	return first < 0x100 ? 16 : RPMB_INDEX_BLOCK;
}

/**
 * rpmb_index_in_block() - is a location in this block?
 *
 * @loc:	location
 * @first:	first location of the block, see rpmb_index_get_block()
 * Return: true if its index is number @loc - @first of the block
 */
static inline bool rpmb_index_in_block(u32 loc, u32 first)
{
	return loc >= first && loc - first < rpmb_index_block_size(first);
}

/**
 * rpmb_index_get_block() - read all indexes of a block at once
 *
 * Makes one authenticated read, whatever the number of indexes.
 *
 * @ref:	device, target and key
 * @first:	its first location: 0x000, 0x010, 0x100 or 0x200
 * @index:	the indexes, RPMB_INDEX_NONE where there is none
 * Return: number of locations in the block, 16 or 28; -EINVAL no block starts
 *	with that location; else as rpmb_index_get(), but never -ENODATA
 */
int __must_check rpmb_index_get_block(struct rpmb_ref ref, u32 first,
				      u64 index[RPMB_INDEX_BLOCK]);

/**
 * rpmb_index_check() - may something with this index be used?
 *
 * @ref:	device, target and key
 * @loc:	location
 * @index:	what it would be used with
 * Return: 0 not lower than what is stored; -EDOM lower; -ENODATA never set, so
 *	there is nothing to compare with; else as rpmb_index_get()
 */
int __must_check rpmb_index_check(struct rpmb_ref ref, u32 loc, u64 index);

/**
 * rpmb_index_advance() - raise a rollback index, or set it for the first time
 *
 * Makes one authenticated write of one block, and reads it back. Success means
 * that the device holds @index. After an error it holds what it held before, or
 * @index, and calling again is safe.
 *
 * @ref:	device, target and key
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * Return: 0, also if it has that value already (nothing is written then);
 *	-EDOM lower than what is stored; -EADDRINUSE a TEE uses the target,
 *	see rpmb_gate_change(); -EINVAL also for 2^64 - 1; -EAGAIN
 *	other frames came in between each time; -EOVERFLOW the write counter is
 *	exhausted; -EACCES, -ESTALE refused by the device; else as
 *	rpmb_index_get()
 */
int __must_check rpmb_index_advance(struct rpmb_ref ref, u32 loc, u64 index);

/**
 * rpmb_index_advance_all() - raise several rollback indexes of a block at once
 *
 * Does as rpmb_index_advance(), by one write for all of them. After an error the
 * device holds what it held before, or all new values.
 *
 * @ref:	device, target and key
 * @raise:	locations, all of one block, see rpmb_index_get_block(), with
 *		their new values
 * @count:	number of them, at least 1
 * Return: 0; -EDOM one of them is lower than what is stored, nothing is
 *	written; -EINVAL also for @count of 0 and for locations of two blocks;
 *	else as rpmb_index_advance()
 */
int __must_check rpmb_index_advance_all(struct rpmb_ref ref,
					const struct rpmb_raise *raise,
					u32 count);

/**
 * rpmb_index_reset() - set a rollback index with authority, once
 *
 * Sets it to any value, also to a lower one. Boot policy calls this when it has
 * verified a service token; there is no command for it.
 *
 * After an error other than -EKEYEXPIRED the device may still execute the write,
 * until a later write to it is a success. An rpmb_index_advance() that had nothing
 * to write is no such write.
 *
 * @ref:	device, target and key
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED the counter is another, or another frame was executed
 *	in place of ours: it can never be done any more; -EADDRINUSE a TEE uses
 *	the target; -EINVAL also for 2^64 - 1; -EOVERFLOW the write counter is
 *	exhausted; -EACCES, -ESTALE refused by the device; else as
 *	rpmb_index_get(), but -EUCLEAN never
 */
int __must_check rpmb_index_reset(struct rpmb_ref ref, u32 loc, u64 index,
				  u32 counter);

/**
 * rpmb_record_read() - read a named record
 *
 * The records are in CONFIG_RPMB_RECORD_BLOCKS blocks, right behind the
 * rollback indexes.
 *
 * @ref:	device, target and key
 * @name:	1 to 47 printable ASCII characters, no space
 * @buf:	where the data go
 * @size:	bytes of room in @buf
 * @len:	bytes of data in the record; set on success and with -ENOBUFS
 * Return: 0; -ENOENT no such record (proven by an authenticated read);
 *	-ENOBUFS @size is too small, nothing is copied; -EPROTONOSUPPORT a
 *	block is of a later version of the format; -EUCLEAN a block is no
 *	record; -EINVAL bad name, no such key id or target; else as
 *	rpmb_index_get()
 */
int __must_check rpmb_record_read(struct rpmb_ref ref, const char *name,
				  void *buf, size_t size, size_t *len);

/**
 * struct rpmb_record - a named record
 *
 * @name:	1 to 47 characters, and a NUL
 * @len:	bytes of data
 * @data:	data
 */
struct rpmb_record {
	char name[48];
	size_t len;
	u8 data[192];
};

/** define RPMB_STORES_BLOCKS - blocks of the stores: indexes, then records */
#define RPMB_STORES_BLOCKS	(4 + CONFIG_RPMB_RECORD_BLOCKS)

/**
 * rpmb_stores_read() - read all rollback indexes and named records at once
 *
 * They are side by side on the device, so this takes one authenticated read if the
 * device reads RPMB_STORES_BLOCKS at once.
 *
 * @ref:	device, target and key
 * @blocks:	room for RPMB_STORES_BLOCKS of them; cleared on error
 * Return: 0; else as rpmb_index_get(), but never -ENODATA, -EPROTONOSUPPORT or
 *	-EUCLEAN, since this does not look at what the blocks hold
 */
int __must_check rpmb_stores_read(struct rpmb_ref ref,
				  u8 blocks[][256]);

/**
 * rpmb_stores_indexes() - get the rollback indexes that are in blocks
 *
 * @blocks:	from rpmb_stores_read()
 * @first:	as rpmb_index_get_block(), from where the indexes are
 * @index:	as there
 * Return: as there: number of locations; -EINVAL; -EPROTONOSUPPORT; -EUCLEAN
 */
int __must_check rpmb_stores_indexes(u8 blocks[][256],
				     u32 first, u64 index[RPMB_INDEX_BLOCK]);

/**
 * rpmb_stores_records() - get the named records that are in blocks
 *
 * @blocks:	from rpmb_stores_read()
 * @recs:	the records; room for CONFIG_RPMB_RECORD_BLOCKS
 * Return: number of records; -EPROTONOSUPPORT a block is of a later version of
 *	the format; -EUCLEAN a block is no record, or a name is there twice
 */
int __must_check rpmb_stores_records(u8 blocks[][256],
				     struct rpmb_record *recs);

/**
 * rpmb_record_write() - write a named record, new or in place of an old one
 *
 * After an error the device holds the old or the new one, and calling again is
 * safe.
 *
 * @ref:	device, target and key
 * @name:	1 to 47 printable ASCII characters, no space
 * @data:	data
 * @len:	bytes of it, 0 to 192
 * Return: 0, also if the record is the same already (at most a write that changes
 *	nothing is made then, see doc/develop/rpmb/security.rst);
 *	-ENOSPC no room for another record; -EADDRINUSE a TEE uses the target;
 *	-EINVAL also for a bad length;
 *	-EAGAIN, -EOVERFLOW, -EACCES, -ESTALE as rpmb_index_advance(); else as
 *	rpmb_record_read()
 */
int __must_check rpmb_record_write(struct rpmb_ref ref, const char *name,
				   const void *data, size_t len);

/**
 * rpmb_record_delete() - delete a named record
 *
 * @ref:	device, target and key
 * @name:	1 to 47 printable ASCII characters, no space
 * Return: 0; -ENOENT no such record; else as rpmb_record_write()
 */
int __must_check rpmb_record_delete(struct rpmb_ref ref, const char *name);

/**
 * rpmb_rma_open() - open the board until its next reset, with authority
 *
 * First a write that changes nothing uses up this value of the write counter, so
 * that it opens the board in one boot at most. If power is cut after that write,
 * the value is used up and the board stays closed.
 *
 * @ref:	device, target and key
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED the counter is another, or somebody has used it up
 *	meanwhile; else as rpmb_index_reset()
 */
int __must_check rpmb_rma_open(struct rpmb_ref ref, u32 counter);

/**
 * rpmb_store_range() - which blocks belong to the stores?
 *
 * @dev:	RPMB device
 * @target:	target
 * @first:	first block of the rollback indexes
 * @count:	blocks of indexes and named records
 * Return: false if this target has no stores
 */
bool rpmb_store_range(struct udevice *dev, u8 target, u32 *first, u32 *count);

#ifdef CONFIG_RPMB_ROLLBACK	/* U-Boot has stores, which SPL must not write either */
/**
 * rpmb_store_owns() - do blocks belong to the rollback indexes or the records?
 *
 * @dev:	RPMB device
 * @target:	target
 * @addr:	first block
 * @count:	blocks
 * Return: true if any of them does
 */
bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr, u32 count);
#else
static inline bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr,
				   u32 count)
{
	return false;
}
#endif

#endif /* _RPMB_DEVICE_STORE_H */
