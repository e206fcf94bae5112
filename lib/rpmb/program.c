// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB protocol, host side: programming the key
 */

#include "client-internal.h"

/* The reply is not signed: it serves to report a failure, and proves nothing */
static int send_key(struct rpmb_client *cl, const u8 key[RPMB_KEY_SIZE])
{
	struct rpmb_mac *mac = cl->key;
	int ret;

	rpmb_frame_fill(cl->frames, RPMB_REQ_PROGRAM_KEY, 0,
			!!(cl->flags & RPMB_F_COUNT_ONE));
	memcpy(cl->frames->key_mac, key, RPMB_KEY_SIZE);
	cl->status.state = RPMB_STATE_UNKNOWN;
	cl->key = NULL;
	ret = rpmb_client_ask(cl, 1, 1);
	cl->key = mac;
	rpmb_wipe(cl->frames->key_mac, RPMB_KEY_SIZE);
	return ret;
}

int rpmb_client_program_key(struct rpmb_client *cl, struct rpmb_mac *mac,
			    const u8 key[RPMB_KEY_SIZE])
{
	struct rpmb_status why;
	int ret, proof;

	ret = rpmb_client_begin_keyed(cl, mac, 0, 1, true);
	if (!ret)
		return -EALREADY;
	if (ret != -ENOKEY)
		return ret;

	ret = send_key(cl, key);
	why = cl->status;
	proof = rpmb_client_fetch_counter(cl, &cl->counter);
	if (!proof) {
		cl->status.state = RPMB_STATE_CHANGED;
		return 0;
	}
	if (!ret)
		return proof;
	cl->status = why;
	return ret;
}
