// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB protocol, host side: requests, checks, reads, the key
 */

#include "client-internal.h"

void rpmb_client_forget(struct rpmb_client *cl)
{
	cl->mac = NULL;
	cl->unsigned_counter = false;
}

u32 rpmb_client_most(const struct rpmb_client *cl, u32 max, u32 left)
{
	if (max && max < left)
		left = max;
	return left < cl->nframes ? left : cl->nframes - 1;
}

int rpmb_client_begin(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		      u32 count)
{
	cl->key = mac;
	cl->status = (struct rpmb_status){};
	if (!count)
		return rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	if (addr >= cl->blocks || count > cl->blocks - addr)
		return rpmb_client_fail(cl, RPMB_FAULT_PARAM, -ERANGE);
	return 0;
}

int rpmb_client_exchange(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	struct rpmb_frame *resp = cl->frames + req_cnt;
	int ret;

	/* an old reply must not stand in for one that did not come */
	memset(resp, 0, resp_cnt * sizeof(*resp));
	ret = cl->link->route(cl->priv, cl->frames, req_cnt, resp, resp_cnt);
	if (ret)
		return rpmb_client_fail(cl, RPMB_FAULT_LINK, ret);
	return 0;
}

/* Where the standards of the buses put a block count, and where they do not */
static u16 frame_count(const struct rpmb_client *cl, u16 type, u32 count)
{
	u32 flag = type == RPMB_REQ_READ_DATA ? RPMB_F_READ_COUNT :
						RPMB_F_COUNT_ONE;

	return cl->flags & flag ? count : 0;
}

/* The type of a reply is that of its request, moved up by one byte */
static bool type_is_right(const struct rpmb_frame *resp,
			  const struct rpmb_frame *req)
{
	return resp->req_resp.b[0] == req->req_resp.b[1] &&
	       !resp->req_resp.b[1];
}

/* Data have an address; key and counter have none */
static bool address_is_right(const struct rpmb_frame *resp,
			     const struct rpmb_frame *req)
{
	return req->req_resp.b[1] < RPMB_REQ_WRITE_DATA ||
	       !memcmp(&resp->addr, &req->addr, sizeof(resp->addr));
}

/*
 * Type, MAC, nonce, result and address, in this order: a MAC is verified before
 * a result is believed, except "no key", which a device cannot sign.
 */
static int check_reply(struct rpmb_client *cl, const struct rpmb_frame *req,
		       const struct rpmb_frame *resp, u32 count)
{
	/* the last frame has the MAC, which covers all frames */
	const struct rpmb_frame *last = &resp[count - 1];
	bool write = rpmb_frame_needs_result_read(req);
	u16 result = rpmb_get16(&last->result);
	int ret, err;

	if (!type_is_right(last, req))
		return rpmb_client_fail(cl, RPMB_FAULT_TYPE, -EPROTO);

	/* reading is possible with an exhausted counter, writing is not */
	ret = rpmb_result_to_errno(write ? result : result & ~RPMB_RES_EXPIRED);
	if (ret) {
		cl->status.has_result = true;
		cl->status.result = result;
		rpmb_client_fail(cl, RPMB_FAULT_RESULT, ret);
	}
	if (ret == -ENOKEY)
		return ret;
	err = cl->key ? rpmb_mac_verify(cl->key, resp, count) : 0;
	if (err)
		return rpmb_client_fail(cl, RPMB_FAULT_MAC, err);
	if (!write && memcmp(last->nonce, req->nonce, RPMB_NONCE_SIZE))
		return rpmb_client_fail(cl, RPMB_FAULT_NONCE, -EPROTO);
	/* a device that refuses may leave the address out */
	if (!address_is_right(last, req) && !ret)
		return rpmb_client_fail(cl, RPMB_FAULT_ADDRESS, -EPROTO);
	return ret;
}

int rpmb_client_ask(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	int ret;

	ret = rpmb_client_exchange(cl, req_cnt, resp_cnt);
	if (ret)
		return ret;
	return check_reply(cl, cl->frames, cl->frames + req_cnt, resp_cnt);
}

/* Ask for the counter or for blocks: a fresh nonce must come back */
static int query_once(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	struct rpmb_frame *req = cl->frames;
	int ret;

	rpmb_frame_fill(req, type, addr, frame_count(cl, type, count));
	ret = cl->link->nonce(cl->priv, req->nonce, RPMB_NONCE_SIZE);
	if (ret)
		return rpmb_client_fail(cl, RPMB_FAULT_RNG, ret);
	return rpmb_client_ask(cl, 1, count);
}

/*
 * Some devices fail the first request after power-up and no other. Asking
 * again, with another nonce, changes nothing on the device.
 */
static int query(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	const struct rpmb_frame *last = &cl->frames[count];
	int ret, tries = 2;

	do {
		ret = query_once(cl, type, addr, count);
		/* a blank device cannot sign that it failed */
		if (ret != -EIO && (ret != -EBADMSG || !last->result.b[1]))
			break;
	} while (--tries);
	return ret;
}

int rpmb_client_fetch_counter(struct rpmb_client *cl)
{
	int ret = query(cl, RPMB_REQ_GET_COUNTER, 0, 1);
	u32 count = rpmb_get32(&cl->frames[1].write_counter);

	/* an unverified answer is none to remember */
	if (!cl->key)
		return ret;
	if (ret || cl->mac != cl->key || cl->counter != count)
		rpmb_client_forget(cl);
	if (ret)
		return ret;
	cl->mac = cl->key;
	cl->counter = count;
	return 0;
}

int rpmb_client_get_counter(struct rpmb_client *cl, struct rpmb_mac *mac,
			    u32 *count)
{
	int ret;

	ret = rpmb_client_begin(cl, mac, 0, 1);
	if (!ret)
		ret = rpmb_client_fetch_counter(cl);
	if (!ret)
		*count = rpmb_get32(&cl->frames[1].write_counter);
	return ret;
}

int rpmb_client_begin_keyed(struct rpmb_client *cl, struct rpmb_mac *mac,
			    u32 addr, u32 count, bool ask)
{
	int ret;

	ret = rpmb_client_begin(cl, mac, addr, count);
	if (ret)
		return ret;
	/* without a key to check with anything would pass for a proof */
	if (!mac)
		return rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	if (ask || cl->mac != mac)
		ret = rpmb_client_fetch_counter(cl);
	return ret;
}

int rpmb_client_read_message(struct rpmb_client *cl, u32 addr, u32 count)
{
	const struct rpmb_frame *last = &cl->frames[count];
	u16 got;
	int ret;

	ret = query(cl, RPMB_REQ_READ_DATA, addr, count);
	if (ret)
		return ret;
	got = rpmb_get16(&last->block_count);
	if (got == count)
		return 0;
	/*
	 * eMMC has the count on the bus, not in the request: some devices
	 * echo the request's 0. The MAC covers just this many frames.
	 */
	if (!got && !(cl->flags & RPMB_F_READ_COUNT))
		return 0;
	return rpmb_client_fail(cl, RPMB_FAULT_COUNT, -EPROTO);
}

int rpmb_client_read(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		     u32 count, void *data)
{
	u8 *to = data;
	u32 i, n;
	int ret;

	ret = rpmb_client_begin(cl, mac, addr, count);
	if (ret)
		return ret;
	for (; cl->status.done < count; cl->status.done += n) {
		n = rpmb_client_most(cl, cl->max_rd, count - cl->status.done);
		ret = rpmb_client_read_message(cl, addr + cl->status.done, n);
		if (ret) {
			rpmb_wipe(data, count * RPMB_BLOCK_SIZE);
			return ret;
		}
		for (i = 1; i <= n; i++, to += RPMB_BLOCK_SIZE)
			memcpy(to, cl->frames[i].data, RPMB_BLOCK_SIZE);
	}
	return 0;
}

/* The reply is not signed, and not believed: it only names the failure */
static int send_key(struct rpmb_client *cl, const u8 key[RPMB_KEY_SIZE])
{
	struct rpmb_mac *mac = cl->key;
	int ret;

	rpmb_frame_fill(cl->frames, RPMB_REQ_PROGRAM_KEY, 0,
			frame_count(cl, RPMB_REQ_PROGRAM_KEY, 1));
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
	proof = rpmb_client_fetch_counter(cl);
	if (!proof) {
		cl->status.state = RPMB_STATE_CHANGED;
		return 0;
	}
	if (!ret)
		return proof;
	cl->status = why;
	return ret;
}
