/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named records: small pieces of data that can be changed, not rolled back
 *
 * One block of an RPMB holds one record, and a change is one write of one
 * block. So a record is always the old one or the new one.
 */

#ifndef _RPMB_RECORD_H
#define _RPMB_RECORD_H

#include <rpmb/store.h>

#define RPMB_RECORD_NAME_SIZE	48	/* bytes, a NUL included */
#define RPMB_RECORD_DATA_MAX	192	/* bytes */
#define RPMB_RECORD_BLOCKS_MAX	256	/* blocks in a store */

/**
 * struct rpmb_record_block - a record, as it is stored
 *
 * @head:	count: bytes of data
 * @reserved:	zero
 * @name:	1 to 47 characters, the rest zero; no name: no record
 * @data:	data, the rest zero
 */
struct rpmb_record_block {
	struct rpmb_store_head head;
	u8 reserved[4];
	u8 name[RPMB_RECORD_NAME_SIZE];
	u8 data[RPMB_RECORD_DATA_MAX];
};

#define RPMB_RECORD_AT(field, at) \
	static_assert(offsetof(struct rpmb_record_block, field) == (at), #field)

RPMB_RECORD_AT(reserved, 12);
RPMB_RECORD_AT(name, 16);
RPMB_RECORD_AT(data, 64);
static_assert(sizeof(struct rpmb_record_block) == RPMB_BLOCK_SIZE,
	      "record block");

/**
 * struct rpmb_records - a store of named records
 *
 * @at:		where it is; filled in by the caller
 * @count:	its size in blocks, 1 to 256: as many records fit in. It may grow
 *		later, but not shrink
 * @blocks:	work space, @count blocks
 */
struct rpmb_records {
	struct rpmb_store at;
	u32 count;
	struct rpmb_record_block *blocks;
};

/**
 * rpmb_records_check() - are these the blocks of a store of records?
 *
 * @rs:		store, of which the blocks were read
 * Return: 0, also if blocks are blank; -EPROTONOSUPPORT a block is of a later
 *	version of the format; -EUCLEAN a block is none of this store, or a
 *	name is there twice
 */
int __must_check rpmb_records_check(const struct rpmb_records *rs);

/**
 * rpmb_records_read() - read a record
 *
 * Reads all blocks of the store, authenticated, and caches nothing. If a write
 * failed with its outcome unknown and somebody holds it back, it can still take
 * effect after this read, until the next rpmb_records_write() or
 * rpmb_records_delete() of any record.
 *
 * @rs:		store
 * @name:	1 to 47 printable ASCII characters, no space
 * @buf:	where the data go
 * @size:	bytes of room in @buf
 * @len:	bytes of data in the record; set on success and with -ENOBUFS
 * Return: 0; -ENOENT no such record (proven by an authenticated read);
 *	-ENOBUFS @size is too small, nothing is copied; -EPROTONOSUPPORT a
 *	block is of a later version of the format; -EUCLEAN a block is none of
 *	this store, or a name is there twice; -EINVAL bad name or size of the
 *	store, or no key; -ERANGE the store is not on the device; else as
 *	rpmb_client_read()
 */
int __must_check rpmb_records_read(struct rpmb_records *rs, const char *name,
				   void *buf, size_t size, size_t *len);

/**
 * rpmb_records_write() - write a record, new or in place of an old one
 *
 * Success means that the device holds the record, and that no earlier write
 * can take effect any more. After an error it holds the old or the new one,
 * and calling again is safe.
 *
 * @rs:		store
 * @name:	1 to 47 printable ASCII characters, no space
 * @data:	data
 * @len:	bytes of it, 0 to 192
 * Return: 0, also if the record is the same already (at most a write that changes
 *	nothing is made then, see doc/develop/rpmb/security.rst);
 *	-ENOSPC no room for another record; -EAGAIN other frames came in between
 *	each time: try again; -EPROTONOSUPPORT, -EUCLEAN as rpmb_records_read(),
 *	nothing is written then; -EINVAL bad name, length or size of the store,
 *	or no key; -ERANGE the store is not on the device; else as
 *	rpmb_client_read() and rpmb_client_write(), -EOVERFLOW if the write
 *	counter is exhausted
 */
int __must_check rpmb_records_write(struct rpmb_records *rs, const char *name,
				    const void *data, size_t len);

/**
 * rpmb_records_delete() - delete a record
 *
 * @rs:		store
 * @name:	1 to 47 printable ASCII characters, no space
 * Return: 0; -ENOENT no such record; else as rpmb_records_write()
 */
int __must_check rpmb_records_delete(struct rpmb_records *rs, const char *name);

#endif /* _RPMB_RECORD_H */
