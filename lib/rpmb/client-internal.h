/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the RPMB client share
 */

#ifndef _RPMB_CLIENT_INTERNAL_H
#define _RPMB_CLIENT_INTERNAL_H

#include <rpmb/client.h>
#include <rpmb/mac.h>

/**
 * rpmb_client_fail() - note what was wrong
 *
 * @cl:		client
 * @fault:	what was wrong
 * @err:	-errno
 * Return: @err
 */
static inline int rpmb_client_fail(struct rpmb_client *cl,
				   enum rpmb_fault fault, int err)
{
	cl->status.fault = fault;
	return err;
}

/**
 * rpmb_client_begin() - start an operation on a range of blocks
 *
 * @cl:		client
 * @mac:	key, NULL to take replies unverified
 * @addr:	first block
 * @count:	blocks
 * Return: 0; -EINVAL no blocks; -ERANGE past the end
 */
int __must_check rpmb_client_begin(struct rpmb_client *cl,
				   struct rpmb_mac *mac, u32 addr, u32 count);

/**
 * rpmb_client_begin_keyed() - start an operation that needs a key
 *
 * @cl:		client
 * @mac:	key
 * @addr:	first block
 * @count:	blocks
 * @ask:	read the counter even if it is known
 * Return: 0, then the counter is known; -EINVAL no key; else as
 *	rpmb_client_begin() and rpmb_client_get_counter()
 */
int __must_check rpmb_client_begin_keyed(struct rpmb_client *cl,
					 struct rpmb_mac *mac, u32 addr,
					 u32 count, bool ask);

/**
 * rpmb_client_most() - how many blocks fit into a message
 *
 * @cl:		client
 * @max:	most that the device takes, 0 for no limit
 * @left:	blocks still to go
 * Return: blocks, at least 1
 */
u32 rpmb_client_most(const struct rpmb_client *cl, u32 max, u32 left);

/**
 * rpmb_client_ask() - rpmb_client_exchange(), and check the reply
 *
 * Checks what every reply must fulfil: type, MAC, nonce, result and address.
 *
 * @cl:		client, as for rpmb_client_exchange()
 * @req_cnt:	frames of the request
 * @resp_cnt:	frames of the reply
 * Return: 0; -EPROTO type, nonce or address; -EBADMSG MAC;
 *	rpmb_result_to_errno(); errors of the transport
 */
int __must_check rpmb_client_ask(struct rpmb_client *cl, u32 req_cnt,
				 u32 resp_cnt);

/**
 * rpmb_client_fetch_counter() - read the counter, and cache it if it is verified
 *
 * @cl:		client
 * @count:	the counter; set on success only
 * Return: as rpmb_client_get_counter()
 */
int __must_check rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count);

/**
 * rpmb_client_read_blocks() - read blocks, or compare them with data
 *
 * @cl:		client; @cl->status.done counts blocks that are read, not those
 *		that are compared
 * @addr:	first block
 * @count:	blocks
 * @data:	@count times 256 bytes
 * @compare:	compare with @data, which is left as it is
 * Return: as rpmb_client_read(); -EIO they differ, with RPMB_FAULT_READBACK
 */
int __must_check rpmb_client_read_blocks(struct rpmb_client *cl, u32 addr,
					 u32 count, void *data, bool compare);

#endif /* _RPMB_CLIENT_INTERNAL_H */
