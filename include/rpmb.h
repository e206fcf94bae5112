/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay Protected Memory Block (RPMB) uclass
 *
 * The operations mirror those of the kernel series "RPMB internal and
 * user-space API + virtio-rpmb frontend"; struct rpmb_descr and route_frames
 * those of Linux drivers/misc/rpmb-core.c. A *block* is 256 bytes, capacities
 * are in units of 128 KiB, a *target* is the RPMB a request addresses (a UFS
 * region; 0 elsewhere). Keys travel as ids, never as bytes.
 */

#ifndef _RPMB_H
#define _RPMB_H

#include <rpmb/client.h>
#include <rpmb/kdf.h>

struct udevice;

/** define RPMB_MAX_TARGETS - UFS has up to four regions */
#define RPMB_MAX_TARGETS	4

/**
 * typedef rpmb_keyid_t - names a key: provider in bits 15..8, slot in 7..0
 *
 * 0 names no key. RAM slots (provider 0) are 1 to CONFIG_RPMB_KEY_SLOTS. The
 * other providers are described in the device tree, see rpmb-key.h.
 */
typedef u32 rpmb_keyid_t;

/**
 * define RPMB_KEY_NONE - take the answer unverified
 *
 * Accepted by rpmb_read_blocks() and rpmb_get_write_count() only. What comes
 * back must be labelled as unverified wherever it is shown.
 */
#define RPMB_KEY_NONE		((rpmb_keyid_t)0xffffffff)

/** enum rpmb_type - kind of device, as in Linux include/linux/rpmb.h */
enum rpmb_type {
	RPMB_TYPE_EMMC,
	RPMB_TYPE_UFS,
	RPMB_TYPE_VIRTIO,
	RPMB_TYPE_SANDBOX,
};

/**
 * struct rpmb_target_descr - facts of one target
 *
 * @capacity:	in units of 128 KiB, 1 to 128; 0: there is no such target
 * @dev_id:	unique identifier of the device and target, kept by the driver
 *		(eMMC: the CID, 16 bytes; UFS: Linux's "<device_id>-R<n>")
 * @dev_id_len:	bytes in @dev_id
 */
struct rpmb_target_descr {
	u16 capacity;
	u16 dev_id_len;
	const u8 *dev_id;
};

/**
 * struct rpmb_descr - facts of a device, stated by its driver in probe()
 *
 * @type:	kind of device
 * @max_wr:	most blocks per write message, 0 for no limit; not above @max_rd,
 *		since what is written in one message is read back in one
 * @max_rd:	most blocks per read message, 0 for no limit
 * @flags:	enum rpmb_client_flags
 * @more_requests: types of requests beyond 1 to 5 that rpmb_route_frames() lets
 *		through, as bits
 * @target:	facts of each target
 */
struct rpmb_descr {
	enum rpmb_type type;
	u32 max_wr;
	u32 max_rd;
	u32 flags;
	u32 more_requests;
	struct rpmb_target_descr target[RPMB_MAX_TARGETS];
};

/**
 * struct rpmb_ops - RPMB device operations
 *
 * A driver of a device with JEDEC frames implements @route_frames and fills
 * in struct rpmb_descr; the uclass does the rest. The driver of a device whose
 * frames differ selects CONFIG_RPMB_OWN_VERBS and implements the other
 * operations in its stead. Errors are those of the public functions below.
 */
struct rpmb_ops {
	/**
	 * @claim_bus: get the device ready for a series of @route_frames
	 *
	 * Optional. eMMC: select the RPMB partition.
	 *
	 * @claim_bus.dev:	RPMB device
	 * @claim_bus.Return:	0, then @release_bus follows; -ENXIO the
	 *	device went away or was swapped; others of the bus
	 */
	int (*claim_bus)(struct udevice *dev);

	/**
	 * @release_bus: leave the device as @claim_bus found it
	 *
	 * @release_bus.dev:	RPMB device
	 * @release_bus.Return:	0, or -errno if that failed
	 */
	int (*release_bus)(struct udevice *dev);

	/**
	 * @route_frames: move frames to the device and its reply back
	 *
	 * Adds the result-read frame where
	 * rpmb_frame_needs_result_read() asks for it. @req is left as it is.
	 * Both buffers are aligned to ARCH_DMA_MINALIGN.
	 *
	 * @route_frames.dev:		RPMB device
	 * @route_frames.target:	target, known to exist
	 * @route_frames.req:		request frames
	 * @route_frames.req_cnt:	number of them
	 * @route_frames.resp:		room for the reply
	 * @route_frames.resp_cnt:	frames expected
	 * @route_frames.Return:	0; -ETIMEDOUT; -EIO and others of the bus
	 */
	int (*route_frames)(struct udevice *dev, u8 target,
			    const struct rpmb_frame *req, u32 req_cnt,
			    struct rpmb_frame *resp, u32 resp_cnt);

	/** @program_key: see rpmb_program_key() */
	int (*program_key)(struct udevice *dev, u8 target, rpmb_keyid_t keyid);

	/** @get_capacity: see rpmb_get_capacity() */
	int (*get_capacity)(struct udevice *dev, u8 target);

	/** @get_write_count: see rpmb_get_write_count() */
	int (*get_write_count)(struct udevice *dev, u8 target,
			       rpmb_keyid_t keyid, u32 *count);

	/** @write_blocks: see rpmb_write_blocks() */
	int (*write_blocks)(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			    u32 addr, u32 count, const void *data);

	/** @read_blocks: see rpmb_read_blocks() */
	int (*read_blocks)(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			   u32 addr, u32 count, void *data);
};

#define rpmb_get_ops(dev)	((struct rpmb_ops *)(dev)->driver->ops)

/**
 * rpmb_scan() - find and name the RPMB devices
 *
 * Walks eMMC, UFS and virtio in sequence order and binds what is new, so that
 * probe order never decides which device is meant. Empty slots are skipped.
 *
 * Return: number of devices, or the error of the first transport that could
 *	not look; the devices of the others are found all the same
 */
int rpmb_scan(void);

/**
 * rpmb_get_device() - get the n-th device in the order of rpmb_scan()
 *
 * @index:	0 for the first
 * @devp:	probed device
 * Return: 0; -ENODEV there is no such device; else why it could not be probed
 */
int rpmb_get_device(int index, struct udevice **devp);

/**
 * rpmb_get_device_by_name() - get a device by its stable name
 *
 * @name:	"mmc0", "ufs0", "virtio0"
 * @devp:	probed device
 * Return: 0; -ENODEV there is no such device; else why it could not be probed
 */
int rpmb_get_device_by_name(const char *name, struct udevice **devp);

/**
 * rpmb_get_descr() - facts of a device
 *
 * @dev:	probed RPMB device
 * Return: facts; a driver fills them in from its probe()
 */
struct rpmb_descr *rpmb_get_descr(struct udevice *dev);

/**
 * rpmb_get_status() - the story behind the last operation's return value
 *
 * @dev:	probed RPMB device
 * @target:	target
 * Return: status, valid until the next operation; NULL if there is no target
 */
const struct rpmb_status *rpmb_get_status(struct udevice *dev, u8 target);

/**
 * rpmb_program_key() - program the authentication key, once and for all
 *
 * The key is refused if another target that is there answers to it. After a
 * failure that the device may have stored the key in spite of, nothing is sent
 * again until the device has been without power.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * Return: 0 programmed and proven by an authenticated counter read;
 *	-EALREADY the device holds this very key (proven, nothing was sent);
 *	-EEXIST another target holds this key (proven, nothing was sent);
 *	-EREMOTE a key from a RAM slot, and another target that may hold it does
 *	not answer (nothing was sent);
 *	-EBUSY an attempt has failed since power-up, and only a power cycle can
 *	tell what became of it (nothing was sent); -EPERM the board is closed;
 *	-EINVAL no such key id, target; -ENOKEY the key slot is empty;
 *	-EKEYREVOKED, -EKEYREJECTED and others of the key's provider, see
 *	rpmb_key_check_value(); -EBADMSG the device holds another key or a
 *	reply was forged; else see rpmb_get_status()
 */
int rpmb_program_key(struct udevice *dev, u8 target, rpmb_keyid_t keyid);

/**
 * rpmb_get_capacity() - size of a target
 *
 * @dev:	RPMB device
 * @target:	target
 * Return: units of 128 KiB, 1 to 128; -EINVAL no such target
 */
int rpmb_get_capacity(struct udevice *dev, u8 target);

/**
 * rpmb_get_write_count() - read the write counter
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key, or RPMB_KEY_NONE for an unverified answer
 * @count:	the counter, any 32-bit value; set on success only
 * Return: 0; -EINVAL no such key id or target; -ENOKEY no key programmed (a
 *	hint, no proof) or key slot empty (rpmb_get_status() has no result);
 *	-EKEYREVOKED the boot ratchet has turned, and other errors of the key's
 *	provider, see rpmb_key_check_value();
 *	-EBADMSG wrong MAC; -EPROTO wrong type or nonce; -EIO; -ETIMEDOUT;
 *	-ENODEV no random number source
 */
int rpmb_get_write_count(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 u32 *count);

/**
 * rpmb_write_blocks() - write blocks, authenticated
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @addr:	first block (of 256 bytes)
 * @count:	blocks, at least 1
 * @data:	@count times 256 bytes
 * Return: 0 written and proven; -EPERM the board is closed; -EROFS blocks of
 *	the rollback indexes or the named records, which are written by
 *	rpmb_index_advance() and rpmb_data_write() only; -EINVAL @count is
 *	0, no such key id or target; -ENOKEY no key programmed or key slot
 *	empty; -EKEYREVOKED and other errors of the key's provider; -ERANGE
 *	past the end; -EOVERFLOW counter exhausted; -EACCES,
 *	-ESTALE, -EIO refused; -EBADMSG, -EPROTO bad reply; -ETIMEDOUT;
 *	-ENOMEM; rpmb_get_status() tells how far it came
 */
int rpmb_write_blocks(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		      u32 addr, u32 count, const void *data);

/**
 * rpmb_read_blocks() - read blocks
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key, or RPMB_KEY_NONE for unverified data
 * @addr:	first block (of 256 bytes)
 * @count:	blocks, at least 1
 * @data:	room for @count times 256 bytes; cleared if what came cannot be
 *		believed, left as it was if nothing came
 * Return: 0; -EINVAL @count is 0, no such key id or target; -ERANGE past the
 *	end; -ENOMEM; else as rpmb_get_write_count()
 */
int rpmb_read_blocks(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		     u32 addr, u32 count, void *data);

/**
 * rpmb_route_frames() - pass frames made by somebody else, such as a TEE
 *
 * Let through are requests of types 1 to 5, all frames of the same, and of those
 * that the driver adds to them. No key leaves a closed board, and nobody writes
 * to the rollback indexes or the named records. What the uclass has cached of the
 * device is dropped.
 *
 * @dev:	RPMB device
 * @target:	target
 * @req:	request frames
 * @req_cnt:	number of them, at least 1
 * @resp:	room for the reply
 * @resp_cnt:	frames expected, at least 1; together at most
 *		CONFIG_RPMB_MAX_FRAMES
 * Return: 0; -EINVAL counts, target, or frames of more than one type; -EBADRQC no
 *	request that is let through; -EPERM programming request on a closed board;
 *	-EROFS write request for blocks as of rpmb_write_blocks(); -ENOSYS
 *	the device has no JEDEC frames; -ENOMEM; -ETIMEDOUT and others of the
 *	transport
 */
int rpmb_route_frames(struct udevice *dev, u8 target,
		      const struct rpmb_frame *req, u32 req_cnt,
		      struct rpmb_frame *resp, u32 resp_cnt);

/**
 * rpmb_index_room() - is there a place for rollback indexes and records?
 *
 * Nothing is sent.
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
 * One authenticated read; nothing is cached. On closed boards as well as on
 * open ones, before the boot ratchet turns. The indexes are in the blocks from
 * CONFIG_RPMB_ROLLBACK_START on.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @loc:	location, see rpmb_rollback_get()
 * @index:	the index, 0 to 2^64 - 2; set on success only
 * Return: 0; -ENODATA never set (proven by an authenticated read);
 *	-EPROTONOSUPPORT written by a later version of the format; -EUCLEAN
 *	what is stored is no block of indexes; -EINVAL no such location, key
 *	id or target; -ERANGE the store is not on the device; -ENOSYS the
 *	device has no JEDEC frames; -ENOMEM; else as rpmb_get_write_count():
 *	-ENOKEY, -EKEYREVOKED, -EBADMSG, -EPROTO, -EIO, -ETIMEDOUT, and others
 *	of the transport or the key's provider
 */
int __must_check rpmb_index_get(struct udevice *dev, u8 target,
				rpmb_keyid_t keyid, u32 loc, u64 *index);

/** define RPMB_INDEX_NONE - stands for an index that was never set */
#define RPMB_INDEX_NONE		U64_MAX

/** define RPMB_INDEX_BLOCK - most indexes that share a block */
#define RPMB_INDEX_BLOCK	28

/**
 * rpmb_index_get_block() - read all indexes of a block at once
 *
 * One authenticated read, whatever the number of indexes.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @first:	its first location: 0x000, 0x010, 0x100 or 0x200
 * @index:	the indexes, RPMB_INDEX_NONE where there is none
 * Return: number of locations in the block, 16 or 28; -EINVAL no block starts
 *	with that location; else as rpmb_index_get(), but never -ENODATA
 */
int __must_check rpmb_index_get_block(struct udevice *dev, u8 target,
				      rpmb_keyid_t keyid, u32 first,
				      u64 index[RPMB_INDEX_BLOCK]);

/**
 * rpmb_index_check() - may something with this index be used?
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @loc:	location
 * @index:	what it would be used with
 * Return: 0 not lower than what is stored; -EDOM lower; -ENODATA never set, so
 *	there is nothing to compare with; else as rpmb_index_get()
 */
int __must_check rpmb_index_check(struct udevice *dev, u8 target,
				  rpmb_keyid_t keyid, u32 loc, u64 index);

/**
 * rpmb_index_advance() - raise a rollback index, or set it for the first time
 *
 * One authenticated write of one block, read back. Success means that the
 * device holds @index. After an error it holds what it held before, or @index,
 * and calling again is safe.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * Return: 0, also if it has that value already (nothing is written then);
 *	-EDOM lower than what is stored; -EINVAL also for 2^64 - 1; -EAGAIN
 *	other frames came in between each time; -EOVERFLOW the write counter is
 *	exhausted; -EACCES, -ESTALE refused by the device; else as
 *	rpmb_index_get()
 */
int __must_check rpmb_index_advance(struct udevice *dev, u8 target,
				    rpmb_keyid_t keyid, u32 loc, u64 index);

/**
 * rpmb_index_reset() - set a rollback index with authority, once
 *
 * To any value, also to a lower one. For boot policy, which has verified a
 * service token; there is no command for it.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @loc:	location
 * @index:	new value, up to 2^64 - 2
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED the counter is another, or another frame was executed
 *	in place of ours: it can never be done any more; -EINVAL also for
 *	2^64 - 1; -EOVERFLOW the write counter is exhausted; -EACCES, -ESTALE
 *	refused by the device; else as rpmb_index_get(), but -EUCLEAN never
 */
int __must_check rpmb_index_reset(struct udevice *dev, u8 target,
				  rpmb_keyid_t keyid, u32 loc, u64 index,
				  u32 counter);

/**
 * rpmb_data_read() - read a named record
 *
 * The records are in CONFIG_RPMB_RECORD_BLOCKS blocks, right behind the
 * rollback indexes.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
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
int __must_check rpmb_data_read(struct udevice *dev, u8 target,
				rpmb_keyid_t keyid, const char *name,
				void *buf, size_t size, size_t *len);

/**
 * struct rpmb_data - a named record
 *
 * @name:	1 to 47 characters, and a NUL
 * @len:	bytes of data
 * @data:	data
 */
struct rpmb_data {
	char name[48];
	size_t len;
	u8 data[192];
};

/**
 * rpmb_data_read_all() - read all named records at once
 *
 * As many authenticated reads as for one of them.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @recs:	the records; room for CONFIG_RPMB_RECORD_BLOCKS
 * Return: number of records; else as rpmb_data_read(), but never -ENOENT or
 *	-ENOBUFS
 */
int __must_check rpmb_data_read_all(struct udevice *dev, u8 target,
				    rpmb_keyid_t keyid, struct rpmb_data *recs);

/**
 * rpmb_data_write() - write a named record, new or in place of an old one
 *
 * After an error the device holds the old or the new one, and calling again is
 * safe.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @name:	1 to 47 printable ASCII characters, no space
 * @data:	data
 * @len:	bytes of it, 0 to 192
 * Return: 0, also if the record is the same already (nothing is written then);
 *	-ENOSPC no room for another record; -EINVAL also for a bad length;
 *	-EAGAIN, -EOVERFLOW, -EACCES, -ESTALE as rpmb_index_advance(); else as
 *	rpmb_data_read()
 */
int __must_check rpmb_data_write(struct udevice *dev, u8 target,
				 rpmb_keyid_t keyid, const char *name,
				 const void *data, size_t len);

/**
 * rpmb_data_delete() - delete a named record
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @name:	1 to 47 printable ASCII characters, no space
 * Return: 0; -ENOENT no such record; else as rpmb_data_write()
 */
int __must_check rpmb_data_delete(struct udevice *dev, u8 target,
				  rpmb_keyid_t keyid, const char *name);

/**
 * rpmb_key_add() - put a key into a RAM slot
 *
 * What was in the slot is wiped. The caller wipes its own copy.
 *
 * @keyid:	RAM slot, 1 to CONFIG_RPMB_KEY_SLOTS
 * @key:	32 bytes
 * Return: 0; -EPERM the board is closed; -EKEYREVOKED the boot ratchet has
 *	turned; -EINVAL no RAM slot; -EKEYREJECTED the key is blank, patterned
 *	or published, see rpmb_kdf_is_weak(); -ENOMEM
 */
int rpmb_key_add(rpmb_keyid_t keyid, const u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_key_provider() - who provides a key?
 *
 * @keyid:	key id
 * Return: provider's name if there is a provider under this id, and, of RAM
 *	slots, a key; NULL if not, and once the boot ratchet has turned
 */
const char *rpmb_key_provider(rpmb_keyid_t keyid);

/**
 * rpmb_key_check_value() - compare keys without seeing them
 *
 * @dev:	RPMB device
 * @target:	target that the key is for: providers make one for each
 * @keyid:	key
 * @kcv:	check value, RPMB_KCV_SIZE bytes; see rpmb_kdf_check_value()
 * Return: 0; -EINVAL no such key id or target, or two providers of this
 *	number; -ENOKEY the key slot is empty; -EKEYREVOKED the boot ratchet
 *	has turned; -EKEYREJECTED the secret that the key is made from is
 *	blank, patterned or published; -ENOSYS the board has no unique key;
 *	-EACCES it is locked; -EMSGSIZE it is too short; -EOPNOTSUPP the
 *	provider has no keys for this transport; -EIO, -ENOMEM and others of
 *	whatever keeps the secret
 */
int rpmb_key_check_value(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 u8 kcv[RPMB_KCV_SIZE]);

/**
 * rpmb_key_target() - a target, as keys and tokens are bound to it
 *
 * @dev:	probed RPMB device
 * @target:	target, known to exist
 * @t:		transport, region and identifier; points into the device's facts
 */
void rpmb_key_target(struct udevice *dev, u8 target,
		     struct rpmb_kdf_target *t);

/**
 * rpmb_is_ratcheted() - has the boot ratchet turned?
 *
 * See rpmb_ratchet() in rpmb/ratchet.h.
 *
 * Return: true if there are no keys until the next reset
 */
bool rpmb_is_ratcheted(void);

/** rpmb_key_wipe_all() - wipe every key slot and forget all cached counters */
void rpmb_key_wipe_all(void);

/**
 * board_rpmb_is_open() - may keys travel to a device on this board?
 *
 * Board hook: a fuse, a strap or the secure-boot state decides. Without one
 * the board is closed. Every error must read as closed.
 *
 * Return: true on an open board (factory, development)
 */
bool board_rpmb_is_open(void);

/**
 * rpmb_board_is_open() - is the board open, or was it opened for this boot?
 *
 * All but the lock of the unique key go by this.
 *
 * Return: true on an open board, and after rpmb_rma_open()
 */
bool rpmb_board_is_open(void);

/**
 * rpmb_rma_open() - open the board until its next reset, with authority
 *
 * A value of the write counter is used up first, by an authenticated write that
 * changes nothing: of all boots one at most opens the board by it. If power is
 * cut in between the value is gone, and the board was never open.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @counter:	the write counter that the device must have
 * Return: 0; -EKEYEXPIRED the counter is another, or somebody has used it up
 *	meanwhile; else as rpmb_index_reset()
 */
int __must_check rpmb_rma_open(struct udevice *dev, u8 target,
			       rpmb_keyid_t keyid, u32 counter);

/**
 * typedef rpmb_selftest_report_t - called after each step of rpmb_selftest()
 *
 * @what:	the step, for people
 * @err:	0 it passed; else -errno
 */
typedef void (*rpmb_selftest_report_t)(const char *what, int err);

/**
 * rpmb_selftest() - the kernel series' test sequence, and what must be refused
 *
 * The device must hold the key: nothing one-way is done. The four blocks that
 * are written are saved first and restored afterwards.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key
 * @report:	called after each step
 * Return: 0 all steps passed; -EPERM the board is closed; -EROFS its blocks
 *	belong to the rollback indexes or the named records; else the error of
 *	the first step that failed
 */
int rpmb_selftest(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		  rpmb_selftest_report_t report);

#endif /* _RPMB_H */
