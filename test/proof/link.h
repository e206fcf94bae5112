/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client whose bus is an attacker's: any bytes come back, or any error
 *
 * The MAC is abstract. An attacker without the key cannot make a right one, so a
 * right MAC means that the device has signed these frames; whether it did, and
 * for what, is noted for the claims.
 */

#ifndef _PROOF_LINK_H
#define _PROOF_LINK_H

#define WORK_FRAMES	3	/* a request, and a reply of up to two */

#include "client.h"

static u32 exchanges, nonces;
static bool fresh;		/* the request has a nonce that was never sent */

/* What the proof notes of a reply that the device has signed */
static void note_signed(const struct rpmb_frame *resp, u32 count);

int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *f, u32 count)
{
	int err = nondet_errno();

	claim(mac == &key);
	if (!err)
		note_signed(f, count);
	return err;
}

static int link_route(void *priv, const struct rpmb_frames *f)
{
	struct rpmb_frame any, any2;	/* any bytes */

	claim(f->req == work && f->resp == work + f->req_cnt);
	claim(f->req_cnt + f->resp_cnt <= WORK_FRAMES);
	claim(fresh);
	fresh = false;
	exchanges++;
	f->resp[0] = any;
	if (f->resp_cnt > 1)
		f->resp[1] = any2;
	return nondet_errno();
}

static int link_nonce(void *priv, u8 *buf, size_t len)
{
	u32 i;

	claim(buf == work->nonce && len == RPMB_NONCE_SIZE);
	for (i = 0; i < RPMB_NONCE_SIZE; i++)
		buf[i] = nondet_u8();
	nonces++;
	fresh = true;
	return nondet_errno();
}

static const struct rpmb_link link = { link_route, link_nonce };

static struct rpmb_client link_client(void)
{
	struct rpmb_client cl = any_client();

	cl.link = &link;
	return cl;
}

#endif /* _PROOF_LINK_H */
