/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the RPMB client share
 */

#ifndef _RPMB_CLIENT_INTERNAL_H
#define _RPMB_CLIENT_INTERNAL_H

#include <rpmb/client.h>

/**
 * rpmb_client_fail() - note what was wrong
 *
 * @cl:		client
 * @fault:	what was wrong
 * @err:	-errno
 * Return: @err
 */
int rpmb_client_fail(struct rpmb_client *cl, enum rpmb_fault fault, int err);

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
 * rpmb_client_check() - check what every reply must fulfil
 *
 * Type, MAC, nonce and result, in this order: a MAC is verified before a
 * result is believed, except "no key", which a device cannot sign.
 *
 * @cl:		client
 * @resp:	frames of the reply
 * @count:	number of them
 * @req:	request, its first frame
 * Return: 0; -EPROTO type or nonce; -EBADMSG MAC; rpmb_result_to_errno()
 */
int __must_check rpmb_client_check(struct rpmb_client *cl,
				   const struct rpmb_frame *resp, u32 count,
				   const struct rpmb_frame *req);

/**
 * rpmb_client_check_addr() - check the address in a reply
 *
 * @cl:		client
 * @resp:	last frame of the reply
 * @req:	request, its first frame
 * Return: 0; -EPROTO the reply is for another address
 */
int __must_check rpmb_client_check_addr(struct rpmb_client *cl,
					const struct rpmb_frame *resp,
					const struct rpmb_frame *req);

/**
 * rpmb_client_fetch_counter() - counter read, into the cache if verified
 *
 * @cl:		client
 * Return: as rpmb_client_get_counter()
 */
int __must_check rpmb_client_fetch_counter(struct rpmb_client *cl);

/**
 * rpmb_client_read_message() - read blocks in one message
 *
 * The blocks are left in @cl->frames, one per frame from the second on.
 *
 * @cl:		client
 * @addr:	first block
 * @count:	blocks, fewer than @cl->nframes
 * Return: as rpmb_client_read()
 */
int __must_check rpmb_client_read_message(struct rpmb_client *cl, u32 addr,
					  u32 count);

#endif /* _RPMB_CLIENT_INTERNAL_H */
