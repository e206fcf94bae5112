// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check_reply(): no reply is accepted that the standard refuses
 *
 * For any request of any type, any frames in the reply, any flags of the
 * device, and any verdict on the MAC:
 *
 * - 0 is returned only if the MAC was found right over exactly the frames that
 *   were asked for, under the key of this operation (or the caller asked for an
 *   unverified answer), the last frame is of the type that answers the request,
 *   its result is clean, its nonce is that of the request if the request reads,
 *   and so are address and number of blocks.
 * - A result is believed only after the MAC; but for "no key", which is never a
 *   success.
 * - The reply is only read.
 */

#include <lib/rpmb/client.c>
#include "../proof.h"

#define FRAMES	3

static struct rpmb_mac key;
static struct rpmb_frame req, resp[FRAMES];
static const struct rpmb_frame *mac_of;
static u32 mac_count;
static bool mac_right;

/* Any verdict; what it was about is kept */
int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *f, u32 count)
{
	int err = nondet_errno();

	claim(mac == &key);
	mac_of = f;
	mac_count = count;
	mac_right = !err;
	return err;
}

static void claim_place(const struct rpmb_client *cl,
			const struct rpmb_frame *last, u32 count)
{
	u16 got = rpmb_get16(&last->block_count);

	claim(rpmb_get16(&last->addr) == rpmb_get16(&req.addr));
	if (rpmb_get16(&req.req_resp) == RPMB_REQ_READ_DATA)
		claim(got == count ||
		      (!got && !(cl->flags & RPMB_F_READ_COUNT)));
}

static void claim_accepted(const struct rpmb_client *cl, u32 count)
{
	const struct rpmb_frame *last = &resp[count - 1];
	u16 type = rpmb_get16(&req.req_resp);
	u16 result = rpmb_get16(&last->result);
	u32 i = nondet_u32();

	claim(implies(cl->key, mac_right && mac_of == resp &&
			       mac_count == count));
	claim(rpmb_get16(&last->req_resp) == RPMB_RESP(type));
	claim(!result || (result == RPMB_RES_EXPIRED && !(type & 1)));
	assume(i < RPMB_NONCE_SIZE);
	claim(implies(!(type & 1), last->nonce[i] == req.nonce[i]));
	if (type >= RPMB_REQ_WRITE_DATA)
		claim_place(cl, last, count);
}

void proof(void)
{
	struct rpmb_client cl = { .key = nondet_bool() ? &key : NULL };
	u32 count = nondet_u32(), at = nondet_u32();
	u8 before;
	int ret;

	assume(count >= 1 && count <= FRAMES && at < sizeof(resp));
	__CPROVER_havoc_object(&req);
	__CPROVER_havoc_object(resp);
	cl.flags = nondet_u32();
	/* the requests that the client makes */
	assume(!req.req_resp.b[0] && req.req_resp.b[1] >= 1 &&
	       req.req_resp.b[1] <= RPMB_REQ_READ_DATA);
	before = ((u8 *)resp)[at];

	ret = check_reply(&cl, &req, resp, count);

	claim(ret <= 0);
	claim(((u8 *)resp)[at] == before);
	if (!ret)
		claim_accepted(&cl, count);
	else
		claim(cl.status.fault != RPMB_FAULT_NONE);
	/* a refusal that is believed was signed */
	claim(implies(cl.key && cl.status.fault == RPMB_FAULT_RESULT &&
		      ret != -ENOKEY, mac_right));
}
