/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RPMB data frame
 *
 * eMMC (JESD84-B51 section 6.6.22), UFS in normal mode (JESD220 section 12.4)
 * and virtio (OASIS VIRTIO 1.2 section 5.12) share this frame of 512 bytes,
 * big-endian. Wire integers are byte-array types, so host order cannot slip
 * in by assignment.
 */

#ifndef _RPMB_FRAME_H
#define _RPMB_FRAME_H

#include <rpmb/types.h>

#define RPMB_FRAME_SIZE		512	/* bytes on the bus */
#define RPMB_BLOCK_SIZE		256	/* bytes of data in a frame */
#define RPMB_STUFF_SIZE		196
#define RPMB_KEY_SIZE		32
#define RPMB_MAC_SIZE		32
#define RPMB_NONCE_SIZE		16
#define RPMB_MAC_START		228	/* a frame is authenticated from here */
#define RPMB_MAC_LEN		284	/* to its end: data up to req_resp */
#define RPMB_CAPACITY_UNIT	0x20000	/* bytes in a capacity unit: 128 KiB */
#define RPMB_BLOCKS_PER_UNIT	(RPMB_CAPACITY_UNIT / RPMB_BLOCK_SIZE)
#define RPMB_MAX_BLOCKS		0x10000	/* an address has 16 bits */
#define RPMB_MAX_UNITS		(RPMB_MAX_BLOCKS / RPMB_BLOCKS_PER_UNIT)

/* Request message types (field req_resp) */
enum rpmb_request {
	RPMB_REQ_PROGRAM_KEY	= 0x0001,
	RPMB_REQ_GET_COUNTER	= 0x0002,
	RPMB_REQ_WRITE_DATA	= 0x0003,
	RPMB_REQ_READ_DATA	= 0x0004,
	RPMB_REQ_RESULT_READ	= 0x0005,
};

/* The answer to a request carries its type moved up by one byte */
#define RPMB_RESP(req)		((u16)((req) << 8))

/* Result codes (field result), after masking RPMB_RES_EXPIRED */
enum rpmb_result {
	RPMB_RES_OK		= 0x00,
	RPMB_RES_GENERAL	= 0x01,
	RPMB_RES_AUTH		= 0x02,
	RPMB_RES_COUNTER	= 0x03,
	RPMB_RES_ADDRESS	= 0x04,
	RPMB_RES_WRITE		= 0x05,
	RPMB_RES_READ		= 0x06,
	RPMB_RES_NO_KEY		= 0x07,
};

/*
 * The write counter has reached 0xffffffff: a bit or-ed into every result on
 * eMMC and UFS, a result of its own in the virtio text.
 */
#define RPMB_RES_EXPIRED	0x80

/** struct rpmb_be16 - 16-bit big-endian wire integer */
struct rpmb_be16 {
	u8 b[2];
};

/** struct rpmb_be32 - 32-bit big-endian wire integer */
struct rpmb_be32 {
	u8 b[4];
};

/**
 * struct rpmb_frame - RPMB data frame
 *
 * @stuff:		not used, not authenticated
 * @key_mac:		the key (program request) or the MAC of the message
 * @data:		one block of 256 bytes
 * @nonce:		random number of a read or counter request, echoed
 * @write_counter:	write counter
 * @addr:		address of the first block, in blocks of 256 bytes
 * @block_count:	number of blocks
 * @result:		result of the operation, see enum rpmb_result
 * @req_resp:		message type, see enum rpmb_request and RPMB_RESP()
 */
struct rpmb_frame {
	u8 stuff[RPMB_STUFF_SIZE];
	u8 key_mac[RPMB_MAC_SIZE];
	u8 data[RPMB_BLOCK_SIZE];
	u8 nonce[RPMB_NONCE_SIZE];
	struct rpmb_be32 write_counter;
	struct rpmb_be16 addr;
	struct rpmb_be16 block_count;
	struct rpmb_be16 result;
	struct rpmb_be16 req_resp;
};

#define RPMB_FRAME_AT(field, at) \
	static_assert(offsetof(struct rpmb_frame, field) == (at), #field)

RPMB_FRAME_AT(key_mac, 196);
RPMB_FRAME_AT(data, RPMB_MAC_START);
RPMB_FRAME_AT(nonce, 484);
RPMB_FRAME_AT(write_counter, 500);
RPMB_FRAME_AT(addr, 504);
RPMB_FRAME_AT(block_count, 506);
RPMB_FRAME_AT(result, 508);
RPMB_FRAME_AT(req_resp, 510);
static_assert(sizeof(struct rpmb_frame) == RPMB_FRAME_SIZE, "frame");
static_assert(RPMB_MAC_START + RPMB_MAC_LEN == RPMB_FRAME_SIZE, "MAC span");

/**
 * struct rpmb_frames - a request, and room for its reply
 *
 * @req:	request frames
 * @req_cnt:	number of them
 * @resp:	where the reply's frames go
 * @resp_cnt:	number of them
 */
struct rpmb_frames {
	const struct rpmb_frame *req;
	u32 req_cnt;
	struct rpmb_frame *resp;
	u32 resp_cnt;
};

/*
 * rpmb_get16(), rpmb_get32(), rpmb_put16(), rpmb_put32() - convert wire integers
 * from and to host order. They are not inline, since that would take more bytes.
 */
u16 rpmb_get16(const struct rpmb_be16 *f);
u32 rpmb_get32(const struct rpmb_be32 *f);
void rpmb_put16(struct rpmb_be16 *f, u16 val);
void rpmb_put32(struct rpmb_be32 *f, u32 val);

/**
 * rpmb_frame_init() - clear a frame and set its message type
 *
 * @frame:	frame to set up, 512 bytes
 * @req:	message type
 */
void rpmb_frame_init(struct rpmb_frame *frame, enum rpmb_request req);

/**
 * rpmb_frame_fill() - as rpmb_frame_init(), with address and block count
 *
 * @frame:	frame to set up, 512 bytes
 * @req:	message type
 * @addr:	address of the first block
 * @count:	number of blocks
 */
void rpmb_frame_fill(struct rpmb_frame *frame, enum rpmb_request req, u16 addr,
		     u16 count);

/**
 * rpmb_frame_needs_result_read() - does a request need a result-read frame?
 *
 * Requests that change the device (program key, write data) leave their
 * result in a register. The transport sends a cleared frame of type
 * RPMB_REQ_RESULT_READ to fetch it (JESD84-B51 section 6.6.22.4).
 *
 * @frame:	first frame of the request
 * Return: true if a result-read frame follows the request
 */
bool rpmb_frame_needs_result_read(const struct rpmb_frame *frame);

/**
 * rpmb_result_to_errno() - the one mapping from a device's result to errno
 *
 * @result:	field result of a reply, with or without RPMB_RES_EXPIRED
 * Return: 0 if the result is clean; -ENOKEY no key is programmed; -EACCES
 *	authentication failed; -ESTALE counter refused; -ERANGE address
 *	refused; -EOVERFLOW write counter exhausted; -EIO general, read or
 *	write failure; -EPROTO the result is in no standard
 */
int __must_check rpmb_result_to_errno(u16 result);

#endif /* _RPMB_FRAME_H */
