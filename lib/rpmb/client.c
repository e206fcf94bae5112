// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB protocol, host side: requests, checks, reads
 */

#include "client-internal.h"

/* How often the client asks for the counter or for blocks, each time anew */
#define READ_TRIES	3

void rpmb_client_forget(struct rpmb_client *cl)
{
	cl->counter_known = false;
	cl->counter_unused = false;
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
	int ret = 0;

	cl->key = mac;
	cl->status = (struct rpmb_status){};
	if (addr >= cl->blocks || count > cl->blocks - addr)
		ret = -ERANGE;
	if (!count)
		ret = -EINVAL;
	if (ret)
		return rpmb_client_fail(cl, RPMB_FAULT_PARAM, ret);
	if (mac && cl->counter_key != mac) {
		rpmb_client_forget(cl);
		cl->counter_key = mac;
		cl->counter = 0;
	}
	return 0;
}

int rpmb_client_exchange(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	const struct rpmb_frames frames = {
		cl->frames, req_cnt, cl->frames + req_cnt, resp_cnt,
	};
	int ret;

	/* an old reply must not stand in for one that did not come */
	memset(frames.resp, 0, resp_cnt * RPMB_FRAME_SIZE);
	ret = cl->link->route(cl->priv, &frames);
	if (ret)
		return rpmb_client_fail(cl, RPMB_FAULT_LINK, ret);
	return 0;
}

/* Requests of odd types change the device, those of even types read from it */
static bool is_query(const struct rpmb_frame *req)
{
	return !(req->req_resp.b[1] & 1);
}

/*
 * The type of a reply is that of its request, moved up by one byte. Some
 * devices (Trusty's) leave the type 0 when they report that they have no key.
 */
static bool type_is_right(const struct rpmb_frame *resp,
			  const struct rpmb_frame *req)
{
	u8 type = resp->req_resp.b[0];

	return !resp->req_resp.b[1] &&
	       (type == req->req_resp.b[1] ||
		(!type && resp->result.b[1] == RPMB_RES_NO_KEY));
}

/* Check address and block count; requests for key and counter have neither */
static int check_place(struct rpmb_client *cl, const struct rpmb_frame *req,
		       const struct rpmb_frame *last, u32 count)
{
	u16 got = rpmb_get16(&last->block_count);

	if (req->req_resp.b[1] < RPMB_REQ_WRITE_DATA)
		return 0;
	if (memcmp(&last->addr, &req->addr, sizeof(last->addr)))
		return rpmb_client_fail(cl, RPMB_FAULT_ADDRESS, -EPROTO);
	/*
	 * On eMMC the count goes over the bus, not in the request, and some
	 * devices echo the request's 0. The MAC covers this many frames.
	 */
	if (!is_query(req) || got == count ||
	    (!got && !(cl->flags & RPMB_F_READ_COUNT)))
		return 0;
	return rpmb_client_fail(cl, RPMB_FAULT_COUNT, -EPROTO);
}

/*
 * Check type, MAC, nonce, result, address and count, in this order. A result is
 * believed only if the MAC is right, except for "no key", which a device cannot
 * sign.
 */
static int check_reply(struct rpmb_client *cl, const struct rpmb_frame *req,
		       const struct rpmb_frame *resp, u32 count)
{
	/* the last frame has the MAC, which covers all frames */
	const struct rpmb_frame *last = &resp[count - 1];
	u16 result;
	int ret, err;

	/* some devices refuse in one frame, whatever was asked for */
	if (!last->req_resp.b[0] && (resp->result.b[1] & ~RPMB_RES_EXPIRED)) {
		last = resp;
		count = 1;
	}
	if (!type_is_right(last, req))
		return rpmb_client_fail(cl, RPMB_FAULT_TYPE, -EPROTO);

	/* reading is possible with an exhausted counter, writing is not */
	result = rpmb_get16(&last->result);
	ret = rpmb_result_to_errno(is_query(req) ? result & ~RPMB_RES_EXPIRED :
						   result);
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
	if (is_query(req) && memcmp(last->nonce, req->nonce, RPMB_NONCE_SIZE))
		return rpmb_client_fail(cl, RPMB_FAULT_NONCE, -EPROTO);
	/* a device that refuses may leave address and count 0 */
	return ret ? ret : check_place(cl, req, last, count);
}

int rpmb_client_ask(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	int ret;

	ret = rpmb_client_exchange(cl, req_cnt, resp_cnt);
	if (ret)
		return ret;
	return check_reply(cl, cl->frames, cl->frames + req_cnt, resp_cnt);
}

/* Read the counter or blocks; the reply must have the fresh nonce */
static int query_once(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	struct rpmb_frame *req = cl->frames;
	int ret;

	/* some transports want a block count in the request */
	rpmb_frame_fill(req, type, (u16)addr,
			cl->flags >> type & 1 ? (u16)count : 0);
	ret = cl->link->nonce(cl->priv, req->nonce, RPMB_NONCE_SIZE);
	if (ret)
		return rpmb_client_fail(cl, RPMB_FAULT_RNG, ret);
	return rpmb_client_ask(cl, 1, count);
}

/*
 * A signed refusal is final, and so is a lack of random numbers. Anything else
 * may have been a disturbed transfer, and some devices fail the first request
 * after power-up. "No key" is not signed: it is final only for the counter
 * request that looks for a blank device.
 */
static bool is_final(const struct rpmb_client *cl, int err)
{
	if (err == -ENOKEY)
		return !(cl->counter | (cl->frames->req_resp.b[1] &
					RPMB_REQ_READ_DATA));
	return cl->status.fault == RPMB_FAULT_RNG ||
	       (cl->status.fault == RPMB_FAULT_RESULT && err != -EIO);
}

/* A query can be repeated: it changes nothing on the device */
static int query(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	bool had_result = cl->status.has_result;
	int ret, tries = READ_TRIES;

	do {
		/* a result of an earlier try is not that of the last one */
		cl->status.has_result = had_result;
		ret = query_once(cl, type, addr, count);
	} while (ret && !is_final(cl, ret) && --tries);
	return ret;
}

int rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count)
{
	int ret = query(cl, RPMB_REQ_GET_COUNTER, 0, 1);
	u32 got = rpmb_get32(&cl->frames[1].write_counter);

	/* an unverified counter is not cached */
	if (cl->key) {
		if (!ret && got < cl->counter)
			ret = rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EPROTO);
		if (ret || cl->counter != got)
			rpmb_client_forget(cl);
		if (!ret) {
			cl->counter = got;
			cl->counter_known = true;
		}
	}
	if (!ret)
		*count = got;
	return ret;
}

int rpmb_client_get_counter(struct rpmb_client *cl, struct rpmb_mac *mac,
			    u32 *count)
{
	int ret;

	ret = rpmb_client_begin(cl, mac, 0, 1);
	return ret ? ret : rpmb_client_fetch_counter(cl, count);
}

int rpmb_client_begin_keyed(struct rpmb_client *cl, struct rpmb_mac *mac,
			    u32 addr, u32 count, bool ask)
{
	int ret;

	ret = rpmb_client_begin(cl, mac, addr, count);
	if (ret)
		return ret;
	/* without a key, any reply would be taken for a proof */
	if (!mac)
		return rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	if (ask || !cl->counter_known)
		ret = rpmb_client_fetch_counter(cl, &cl->counter);
	return ret;
}

/* Somebody had another frame executed in place of ours, and may have more */
static int other_data(struct rpmb_client *cl)
{
	cl->doubt = true;
	return rpmb_client_fail(cl, RPMB_FAULT_READBACK, -EIO);
}

int rpmb_client_read_blocks(struct rpmb_client *cl, u32 addr, u32 count,
			    void *data, bool compare)
{
	u32 i, n, max = cl->max_rd;
	u8 *at = data;
	int ret;

	for (; count; count -= n, addr += n) {
		n = rpmb_client_most(cl, max, count);
		ret = query(cl, RPMB_REQ_READ_DATA, addr, n);
		if (ret) {
			if (n == 1 || cl->status.fault == RPMB_FAULT_RNG ||
			    (cl->status.fault == RPMB_FAULT_RESULT &&
			     ret != -EIO))
				return ret;
			/* perhaps the device takes single blocks only */
			max = 1;
			n = 0;
			continue;
		}
		cl->max_rd = max;
		for (i = 1; i <= n; i++, at += RPMB_BLOCK_SIZE) {
			if (!compare)
				memcpy(at, cl->frames[i].data, RPMB_BLOCK_SIZE);
			else if (memcmp(at, cl->frames[i].data, RPMB_BLOCK_SIZE))
				return other_data(cl);
		}
		if (!compare)
			cl->status.done += n;
	}
	return 0;
}

int rpmb_client_read(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		     u32 count, void *data)
{
	int ret;

	ret = rpmb_client_begin(cl, mac, addr, count);
	if (ret)
		return ret;
	ret = rpmb_client_read_blocks(cl, addr, count, data, false);
	if (ret)
		rpmb_wipe(data, count * RPMB_BLOCK_SIZE);
	return ret;
}
