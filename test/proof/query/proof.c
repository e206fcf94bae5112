// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * query_once(): a read, from an attacker's bus
 *
 * For one try to read one or two blocks from a device of any kind; query() tries
 * up to three times, see tries:
 *
 * - After a success the reply in the work space is one that the device has signed
 *   with this key, of the right type, with a clean result, the request's nonce
 *   and address, and its count or, where the bus carries it, 0.
 * - There is one request, with a nonce of its own, for the address and number that
 *   were wanted.
 */

#include <lib/rpmb/client.c>
#include "../link.h"

static struct rpmb_frame of_reply;	/* the signed reply's last frame */
static u8 of_request[RPMB_NONCE_SIZE];
static u32 wanted, at;
static u8 byte;
static bool is_signed;

static void note_signed(const struct rpmb_frame *resp, u32 count)
{
	is_signed = count == wanted && resp == &work[1];
	of_reply = resp[count - 1];
	memcpy(of_request, work->nonce, RPMB_NONCE_SIZE);
	byte = ((const u8 *)resp)[at];
}

void proof(void)
{
	struct rpmb_client cl = link_client();
	u32 addr = nondet_u32(), i = nondet_u32();
	u16 got;
	int ret;

	cl.key = &key;
	wanted = nondet_u32();
	at = nondet_u32();
	assume(wanted >= 1 && wanted < WORK_FRAMES);
	assume(addr < cl.blocks && wanted <= cl.blocks - addr);
	assume(at < wanted * RPMB_FRAME_SIZE && i < RPMB_NONCE_SIZE);

	ret = query_once(&cl, RPMB_REQ_READ_DATA, addr, wanted);

	claim(ret <= 0 && exchanges <= 1 && nonces == 1);
	claim(rpmb_get16(&work->req_resp) == RPMB_REQ_READ_DATA &&
	      rpmb_get16(&work->addr) == addr);
	claim(implies(cl.flags & RPMB_F_READ_COUNT,
		      rpmb_get16(&work->block_count) == wanted));
	if (ret)
		return;
	got = rpmb_get16(&of_reply.block_count);
	claim(is_signed && ((const u8 *)&work[1])[at] == byte);
	claim(rpmb_get16(&of_reply.req_resp) == RPMB_RESP(RPMB_REQ_READ_DATA));
	claim(!(rpmb_get16(&of_reply.result) & ~RPMB_RES_EXPIRED));
	claim(rpmb_get16(&of_reply.addr) == addr);
	claim(of_reply.nonce[i] == of_request[i]);
	claim(got == wanted || (!got && !(cl.flags & RPMB_F_READ_COUNT)));
}
