/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RPMB protocol, host side, for one target
 *
 * The client builds requests, checks every reply and resolves writes whose outcome
 * a reply does not prove. It knows no bus: frames leave through struct rpmb_link.
 * All memory belongs to the caller. A client is for one operation at a time.
 */

#ifndef _RPMB_CLIENT_H
#define _RPMB_CLIENT_H

#include <rpmb/frame.h>

struct rpmb_mac;

/**
 * struct rpmb_link - how a client reaches its device and its random numbers
 */
struct rpmb_link {
	/**
	 * @route: send request frames, receive reply frames
	 *
	 * The transport adds the result-read frame where
	 * rpmb_frame_needs_result_read() says so. It must not change the
	 * request. An error leaves open whether the device acted.
	 *
	 * @route.priv:		caller's
	 * @route.frames:	request, and room for the reply
	 * @route.Return:	0, -ETIMEDOUT, or another -errno
	 */
	int (*route)(void *priv, const struct rpmb_frames *frames);

	/**
	 * @nonce: fill a buffer with fresh random bytes
	 *
	 * @nonce.priv:		caller's
	 * @nonce.buf:		buffer
	 * @nonce.len:		bytes
	 * @nonce.Return:	0, or -errno if there is no source of them
	 */
	int (*nonce)(void *priv, u8 *buf, size_t len);
};

/* Bit n is for requests of type n */
/** enum rpmb_client_flags - how a device differs from its siblings */
enum rpmb_client_flags {
	/** @RPMB_F_READ_COUNT: a read's count stands in the request frame
	 * (UFS, virtio); without it the bus carries it (eMMC: CMD23)
	 */
	RPMB_F_READ_COUNT	= 1 << RPMB_REQ_READ_DATA,
	/** @RPMB_F_WRITE_1_2_32: a write message has 1, 2 or 32 blocks, never
	 * another number (eMMC, JESD84-B51 section 6.6.22.4.3)
	 */
	RPMB_F_WRITE_1_2_32	= 1 << RPMB_REQ_WRITE_DATA,
	/** @RPMB_F_COUNT_ONE: key and counter requests have a block count of
	 * 1 (virtio); without it of 0
	 */
	RPMB_F_COUNT_ONE	= 1 << RPMB_REQ_PROGRAM_KEY |
				  1 << RPMB_REQ_GET_COUNTER,
};

/** enum rpmb_fault - what was wrong, where errno alone would not say */
enum rpmb_fault {
	RPMB_FAULT_NONE,
	RPMB_FAULT_PARAM,	/* the caller's arguments */
	RPMB_FAULT_RNG,		/* no nonce to be had */
	RPMB_FAULT_LINK,	/* the transport failed or timed out */
	RPMB_FAULT_TYPE,	/* reply of another type */
	RPMB_FAULT_MAC,		/* reply not signed with this key */
	RPMB_FAULT_NONCE,	/* reply to another request */
	RPMB_FAULT_RESULT,	/* the device refused, see result */
	RPMB_FAULT_ADDRESS,	/* reply for another address */
	RPMB_FAULT_COUNT,	/* reply with another number of blocks */
	RPMB_FAULT_COUNTER,	/* write counter is not what it must be */
	RPMB_FAULT_READBACK,	/* data read back differ from data written */
};

/** enum rpmb_state - what is known of the device after an operation */
enum rpmb_state {
	RPMB_STATE_UNTOUCHED,	/* nothing that could change it was sent */
	RPMB_STATE_UNCHANGED,	/* sent; proven not to have been executed */
	RPMB_STATE_CHANGED,	/* done, proven by an authenticated reply */
	RPMB_STATE_UNKNOWN,	/* sent; whether executed could not be proven */
};

/**
 * struct rpmb_status - details of an operation
 *
 * @fault:	what was wrong, if the operation failed
 * @state:	what is known of the device now; of several chunks, the last
 * @has_result:	@result holds the result field of a reply
 * @result:	raw result of the last reply that was not clean
 * @done:	blocks read or written and proven so far
 */
struct rpmb_status {
	enum rpmb_fault fault;
	enum rpmb_state state;
	bool has_result;
	u16 result;
	u32 done;
};

/**
 * struct rpmb_client - state of the protocol with one target
 *
 * The first part is filled in by the caller, the second must be zeroed.
 *
 * @link:	transport and random numbers
 * @priv:	handed to @link's functions
 * @frames:	work space, aligned as the transport's DMA needs
 * @nframes:	frames in it; at least 2. Messages are cut to @nframes - 1
 * @blocks:	capacity in blocks of 256 bytes, 1 to 65536
 * @max_wr:	most blocks per write message, 0 for no limit; not above @max_rd,
 *		since what is written in one message is read back in one
 * @max_rd:	most blocks per read message, 0 for no limit. Both become 1 when
 *		the device turns out to take single blocks only
 * @flags:	enum rpmb_client_flags
 *
 * @status:	of the last operation
 * @key:	key of the operation under way, NULL if replies are not verified
 * @counter_key: key that @counter belongs to; NULL if there was none
 * @counter:	the device's write counter; it never goes down under one key
 * @counter_known: @counter is the device's write counter as it is now. If
 *		not, it is a lower bound, and the device has to be asked
 * @counter_unused: no frame has been signed for @counter, but for those whose
 *		outcome is known. False after power-up and after a write that
 *		was given up: somebody may have kept a signed frame, and may
 *		send it in place of the next one (CVE-2020-13799). So the next
 *		write is read back
 * @read_back:	the caller wants every message read back that is written, not
 *		only those that @counter_unused asks for
 * @doubt:	every message is read back until power-up: a write did not do
 *		what its reply said, or somebody else with the key has written
 * @this_counter_only: the caller made the data from what the device held at
 *		@counter. If another frame uses that value up, the data are not
 *		signed for the next one: the write fails, RPMB_FAULT_READBACK
 */
struct rpmb_client {
	const struct rpmb_link *link;
	void *priv;
	struct rpmb_frame *frames;
	u32 nframes;
	u32 blocks;
	u32 max_wr;
	u32 max_rd;
	u32 flags;

	struct rpmb_status status;
	struct rpmb_mac *key;
	const struct rpmb_mac *counter_key;
	u32 counter;
	bool counter_known;
	bool counter_unused;
	bool read_back;
	bool doubt;
	bool this_counter_only;
};

/**
 * rpmb_client_forget() - ask for the counter before it is used again
 *
 * To be called when the device may have been reset, and when somebody else may
 * have written. The client still checks that the counter does not go down. For
 * another key or another device the caller clears @cl->counter_key, too.
 *
 * @cl:		client
 */
void rpmb_client_forget(struct rpmb_client *cl);

/**
 * rpmb_client_exchange() - send a request and receive its reply, unchecked
 *
 * @cl:		client; the request is in its first frames, the reply follows it
 * @req_cnt:	frames of the request
 * @resp_cnt:	frames of the reply
 * Return: 0, or the transport's error
 */
int __must_check rpmb_client_exchange(struct rpmb_client *cl, u32 req_cnt,
				      u32 resp_cnt);

/**
 * rpmb_client_get_counter() - read the write counter
 *
 * Asks again if the reply cannot be believed, three times in all.
 *
 * @cl:		client
 * @mac:	key the reply must be signed with; NULL takes the answer
 *		unverified (nonce and type are still checked)
 * @count:	the counter; set on success only
 * Return: 0; -ENOKEY no key programmed (unsigned: a hint, no proof);
 *	-EBADMSG reply not signed with this key; -EPROTO wrong type or nonce,
 *	or the counter went down; -EIO device failure; -ETIMEDOUT or another
 *	error of the transport or the random number source
 */
int __must_check rpmb_client_get_counter(struct rpmb_client *cl,
					 struct rpmb_mac *mac, u32 *count);

/**
 * rpmb_client_read() - read blocks
 *
 * Asks again if a reply cannot be believed, three times in all, and then for one
 * block at a time. On error this clears the whole of @data, so that the caller gets
 * no unverified byte. Only if it refuses the arguments it leaves @data as it is.
 *
 * @cl:		client
 * @mac:	key the reply must be signed with; NULL takes data unverified
 * @addr:	first block
 * @count:	blocks, at least 1
 * @data:	@count times 256 bytes
 * Return: 0; -EINVAL @count is 0; -ERANGE past the end, or the device refuses
 *	the address; else as rpmb_client_get_counter(), -EPROTO also for a
 *	wrong address or block count
 */
int __must_check rpmb_client_read(struct rpmb_client *cl, struct rpmb_mac *mac,
				  u32 addr, u32 count, void *data);

/**
 * rpmb_client_write() - write blocks
 *
 * Cuts the data into messages that the device takes; a block is never torn. After
 * any reply but a clean success, authenticated reads find out what the device has
 * done: the same frames are sent again only if the device has proven that it has
 * not executed them. Success means that the data are on the device.
 * doc/develop/rpmb/security.rst section 3 says what is read back, and what is not.
 *
 * @cl:		client; @cl->status.done and @cl->status.state tell how far an
 *		unsuccessful write came
 * @mac:	key
 * @addr:	first block
 * @count:	blocks, at least 1
 * @data:	@count times 256 bytes
 * Return: 0; -EINVAL @count is 0 or no key; -ERANGE past the end, or address
 *	refused; -EOVERFLOW write counter exhausted; -EACCES, -ESTALE, -EIO
 *	refused by the device, proven not written; -EPROTO counter went back;
 *	-EBADMSG, -ENOKEY, -ETIMEDOUT and errors of the transport: see
 *	@cl->status.state
 */
int __must_check rpmb_client_write(struct rpmb_client *cl, struct rpmb_mac *mac,
				   u32 addr, u32 count, const void *data);

/**
 * rpmb_client_program_key() - program the key, once in a device's life
 *
 * Reads the counter, authenticated, first: the key is sent only to a device that
 * says that it has none. Another such read proves success; a result code does not.
 *
 * @cl:		client
 * @mac:	the key, loaded
 * @key:	the same key, 32 bytes
 * Return: 0 programmed and proven; -EALREADY the device holds this very key
 *	(proven; nothing was sent); -EBADMSG it holds another key or the reply
 *	was forged (status.state UNTOUCHED: nothing was sent; UNKNOWN: after
 *	programming); -EIO and others: see @cl->status
 */
int __must_check rpmb_client_program_key(struct rpmb_client *cl,
					 struct rpmb_mac *mac,
					 const u8 key[RPMB_KEY_SIZE]);

#endif /* _RPMB_CLIENT_H */
