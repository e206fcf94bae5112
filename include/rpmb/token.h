/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service tokens: one act on one device, once
 *
 * A device tree blob, the content of a signed image; doc/develop/rpmb/spec.rst
 * has the format. A token names the device and its write counter. Carrying it out
 * moves the counter, so a token works once. The parser refuses everything that it
 * does not know.
 */

#ifndef _RPMB_TOKEN_H
#define _RPMB_TOKEN_H

#include <rpmb/tree.h>

#define RPMB_TOKEN_VERSION	1
#define RPMB_TOKEN_MAX		RPMB_TREE_MAX	/* bytes in a token */

/** enum rpmb_token_action - what a token authorises */
enum rpmb_token_action {
	RPMB_TOKEN_RESET_INDEX,	/* set a rollback index to any value */
	RPMB_TOKEN_RMA,		/* open the board, until its next reset */
};

/**
 * struct rpmb_token - what a token says
 *
 * @device:	whom it is for; points into the blob
 * @counter:	the device's write counter that it is for, below 2^32 - 1
 * @action:	what it authorises
 * @loc:	location of the index to set
 * @index:	value to set it to; never 2^64 - 1
 */
struct rpmb_token {
	struct rpmb_target_id device;
	u32 counter;
	enum rpmb_token_action action;
	u32 loc;
	u64 index;
};

/**
 * rpmb_token_open() - check a token from end to end
 *
 * @t:		token; refers to @blob, which must stay
 * @blob:	the device tree, 8-byte aligned
 * @size:	bytes in @blob; it must fill them
 * @fault:	set on error: what is wrong, and where
 * Return: 0; -E2BIG too large; -EOPNOTSUPP of another version; -EINVAL no
 *	device tree, or anything else is wrong
 */
int __must_check rpmb_token_open(struct rpmb_token *t, const void *blob,
				 size_t size, struct rpmb_tree_fault *fault);

#endif /* _RPMB_TOKEN_H */
