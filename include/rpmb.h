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

/**
 * struct rpmb_ref - a target, and the key that it is used with
 *
 * Passed by value, as an ofnode is.
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key, or RPMB_KEY_NONE where that is allowed
 */
struct rpmb_ref {
	struct udevice *dev;
	u8 target;
	rpmb_keyid_t keyid;
};

/**
 * rpmb_ref() - name a target, and the key that it is used with
 *
 * @dev:	RPMB device
 * @target:	target
 * @keyid:	key, or RPMB_KEY_NONE where that is allowed
 * Return: all of it
 */
static inline struct rpmb_ref rpmb_ref(struct udevice *dev, u8 target,
				       rpmb_keyid_t keyid)
{
	return (struct rpmb_ref){ dev, target, keyid };
}

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
 * struct rpmb_verbs - operations of a device whose frames are not JEDEC's
 *
 * Its driver selects CONFIG_RPMB_OWN_VERBS. Errors are those of the public
 * functions below; what is not there is -ENOSYS.
 */
struct rpmb_verbs {
	/** @program_key: see rpmb_program_key() */
	int (*program_key)(struct rpmb_ref ref);

	/** @get_capacity: see rpmb_get_capacity() */
	int (*get_capacity)(struct udevice *dev, u8 target);

	/** @get_write_count: see rpmb_get_write_count() */
	int (*get_write_count)(struct rpmb_ref ref, u32 *count);

	/** @write_blocks: see rpmb_write_blocks() */
	int (*write_blocks)(struct rpmb_ref ref, u32 addr, u32 count,
			    const void *data);

	/** @read_blocks: see rpmb_read_blocks() */
	int (*read_blocks)(struct rpmb_ref ref, u32 addr, u32 count,
			   void *data);
};

/**
 * struct rpmb_ops - RPMB device operations
 *
 * A driver of a device with JEDEC frames implements @route_frames and fills
 * in struct rpmb_descr; the uclass does the rest.
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
	 * rpmb_frame_needs_result_read() asks for it. The request is left as
	 * it is. Both buffers are aligned to ARCH_DMA_MINALIGN.
	 *
	 * @route_frames.dev:		RPMB device
	 * @route_frames.target:	target, known to exist
	 * @route_frames.frames:	request, and room for the reply
	 * @route_frames.Return:	0; -ETIMEDOUT; -EIO and others of the bus
	 */
	int (*route_frames)(struct udevice *dev, u8 target,
			    const struct rpmb_frames *frames);

	/** @own: operations instead of @route_frames */
	const struct rpmb_verbs *own;
};

#define rpmb_get_ops(dev)	((struct rpmb_ops *)(dev)->driver->ops)

/**
 * rpmb_scan() - find and name the RPMB devices
 *
 * Walks eMMC, UFS and virtio devices in sequence order and binds those that are
 * new, so that the order of probing never decides which device is meant. Skips
 * empty slots.
 *
 * Return: number of devices, or the error of the first transport that could
 *	not look; the devices of the others are found all the same
 */
int rpmb_scan(void);

/**
 * rpmb_scan_for() - find and name the RPMB devices that a name can be of
 *
 * As rpmb_scan(), but asks one transport, the one that names devices so: who
 * wants the eMMC does not wait for the link of UFS, and does not probe each
 * virtio slot.
 *
 * @name:	"mmc0", "ufs0", "virtio0"; NULL for all transports
 * Return: number of all devices, or the error of a transport that could not
 *	look
 */
int rpmb_scan_for(const char *name);

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
 * rpmb_get_status() - get details of the last operation
 *
 * @dev:	probed RPMB device
 * @target:	target
 * Return: status, valid until the next operation; NULL if there is no target
 */
const struct rpmb_status *rpmb_get_status(struct udevice *dev, u8 target);

/**
 * rpmb_program_key() - program the authentication key, once and for all
 *
 * Refuses the key if another target holds it. After an attempt that failed, when
 * the device may have stored the key, sends nothing again until the device has
 * been without power.
 *
 * @ref:	device, target and key
 * Return: 0 programmed and proven by an authenticated counter read;
 *	-EALREADY the device holds this very key (proven, nothing was sent);
 *	-EEXIST another target holds this key (proven, nothing was sent);
 *	-EREMOTE a key from a RAM slot, and another target that may hold it does
 *	not answer (nothing was sent);
 *	-EBUSY an attempt has failed since power-up, and only a power cycle can
 *	tell what became of it (nothing was sent); -EPERM the board is closed;
 *	-EADDRINUSE a TEE uses the target (nothing was sent); -EDEADLK an
 *	operation on it is under way (nothing was sent);
 *	-EINVAL no such key id, target; -ENOKEY the key slot is empty;
 *	-EKEYREVOKED, -EKEYREJECTED and others of the key's provider, see
 *	rpmb_key_check_value(); -EBADMSG the device holds another key or a
 *	reply was forged; else see rpmb_get_status()
 */
int rpmb_program_key(struct rpmb_ref ref);

/**
 * rpmb_program_check() - check whether a key can be programmed
 *
 * Sends counter requests only. Does not ask whether the device is blank.
 *
 * @ref:	device, target and key
 * Return: 0, or as rpmb_program_key()
 */
int rpmb_program_check(struct rpmb_ref ref);

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
 * @ref:	device, target and key, or RPMB_KEY_NONE for an unverified answer
 * @count:	the counter, any 32-bit value; set on success only
 * Return: 0; -EINVAL no such key id or target; -ENOKEY no key programmed (a
 *	hint, no proof) or key slot empty (rpmb_get_status() has no result);
 *	-EDEADLK an operation on the target is under way, see
 *	rpmb_route_frames();
 *	-EKEYREVOKED the boot ratchet has turned, and other errors of the key's
 *	provider, see rpmb_key_check_value();
 *	-EBADMSG wrong MAC; -EPROTO wrong type or nonce; -EIO; -ETIMEDOUT;
 *	-ENODEV there is no random number source
 */
int rpmb_get_write_count(struct rpmb_ref ref, u32 *count);

/**
 * rpmb_write_blocks() - write blocks, authenticated
 *
 * @ref:	device, target and key
 * @addr:	first block (of 256 bytes)
 * @count:	blocks, at least 1
 * @data:	@count times 256 bytes
 * Return: 0 written and proven; -EPERM the board is closed; -EROFS blocks of
 *	the rollback indexes or the named records, which are written by
 *	rpmb_index_advance() and rpmb_record_write() only; -EADDRINUSE a TEE
 *	uses the target, see rpmb_gate_change(); -EDEADLK an operation on it is
 *	under way, see rpmb_route_frames(); -EINVAL @count is
 *	0, no such key id or target; -ENOKEY no key programmed or key slot
 *	empty; -EKEYREVOKED and other errors of the key's provider; -ERANGE
 *	past the end; -EOVERFLOW counter exhausted; -EACCES,
 *	-ESTALE, -EIO refused; -EBADMSG, -EPROTO bad reply; -ETIMEDOUT;
 *	-ENOMEM; rpmb_get_status() tells how far it came
 */
int rpmb_write_blocks(struct rpmb_ref ref, u32 addr, u32 count,
		      const void *data);

/**
 * rpmb_write_blocks_read_back() - write blocks, and read all of them back
 *
 * As rpmb_write_blocks(), which reads back only if a reply does not prove the
 * write. This one also detects a device that signs for data that it does not
 * keep, and frames of somebody else who has the key. It takes one read for each
 * message.
 *
 * @ref:	device, target and key
 * @addr:	first block (of 256 bytes)
 * @count:	blocks, at least 1
 * @data:	@count times 256 bytes
 * Return: as rpmb_write_blocks(); -EIO with RPMB_FAULT_READBACK other data were
 *	found, three times
 */
int rpmb_write_blocks_read_back(struct rpmb_ref ref, u32 addr, u32 count,
				const void *data);

/**
 * rpmb_read_blocks() - read blocks
 *
 * @ref:	device, target and key, or RPMB_KEY_NONE for unverified data
 * @addr:	first block (of 256 bytes)
 * @count:	blocks, at least 1
 * @data:	room for @count times 256 bytes; cleared if the reply cannot be
 *		believed, left as it was if there was no reply
 * Return: 0; -EINVAL @count is 0, no such key id or target; -ERANGE past the
 *	end; -ENOMEM; else as rpmb_get_write_count()
 */
int rpmb_read_blocks(struct rpmb_ref ref, u32 addr, u32 count, void *data);

/**
 * rpmb_route_frames() - pass frames made by somebody else, such as a TEE
 *
 * Lets requests of types 1 to 5 through, and of those types that the driver adds
 * to them; all frames must have the same type. Refuses to program a key on a
 * closed board, and to write to the rollback indexes or the named records. Drops
 * what the uclass has cached of the device.
 *
 * An operation on a target can lead here: the random number source, the provider
 * of its key or its bus may ask a TEE. A request for the same target is refused
 * then, and the operation goes on with what it has.
 *
 * @dev:	RPMB device
 * @target:	target
 * @frames:	request, and room for the reply: at least one frame of each,
 *		together at most CONFIG_RPMB_MAX_FRAMES
 * Return: 0; -EINVAL counts, target, or frames of more than one type; -EBADRQC no
 *	request that is let through; -EPERM programming request on a closed
 *	board; -EROFS write request for blocks as of rpmb_write_blocks();
 *	-EDEADLK an operation on the target is under way;
 *	-ENOSYS the device has no JEDEC frames; -ENOMEM; -ETIMEDOUT and others
 *	of the transport
 */
int rpmb_route_frames(struct udevice *dev, u8 target,
		      const struct rpmb_frames *frames);

/**
 * rpmb_gate_change() - may anybody but a TEE change a target?
 *
 * Whoever changes a target (its blocks, indexes, records or key) asks here before
 * anything is sent. Reading is always allowed.
 *
 * @dev:	probed RPMB device
 * @target:	target
 * Return: 0; -EADDRINUSE a TEE has asked for its blocks, and has it until the
 *	next reset
 */
int rpmb_gate_change(struct udevice *dev, u8 target);

/**
 * rpmb_gate_is_open() - is the board open, or was it opened for this boot?
 *
 * Everything goes by this answer, except the lock of the unique key.
 *
 * Return: true on an open board, and after rpmb_rma_open()
 */
bool rpmb_gate_is_open(void);

/**
 * rpmb_gate_why_closed() - get the words that follow "the board is closed"
 *
 * Return: "", or words for a board that is closed for want of the hook
 *	board_rpmb_is_open()
 */
const char *rpmb_gate_why_closed(void);

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
 * The device must hold the key, since the test does nothing that cannot be
 * undone. It saves the four blocks that it writes, and restores them at the end.
 *
 * @ref:	device, target and key
 * @report:	called after each step
 * Return: 0 all steps passed; -EPERM the board is closed; -EROFS its blocks
 *	belong to the rollback indexes or the named records; -EADDRINUSE a TEE
 *	uses the target; -EDEADLK an operation on it is under way; else the
 *	error of the first step that failed, with its status, and the state
 *	that the target is in after the last one: RPMB_STATE_UNKNOWN if a frame
 *	went out of which nothing could be proven, and the blocks were not
 *	restored
 */
int rpmb_selftest(struct rpmb_ref ref, rpmb_selftest_report_t report);

#endif /* _RPMB_H */
