// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB protocol, host side: writes, and proving what became of them
 *
 * A reply other than a clean success proves nothing, not even when it is
 * signed: it can be an old one, played again. What counts is what an
 * authenticated read with a fresh nonce says. doc/SECURITY.md numbers the
 * states that a write can be in and argues each of them.
 */

#include "client-internal.h"

/* How often one chunk is sent: once, and again after what passes by itself */
#define WRITE_TRIES	3

#define COUNTER_MAX	0xffffffff

/* Same counter, same data, same bytes: a second call repeats the first */
static int sign_request(struct rpmb_client *cl, u32 addr, u32 count,
			const u8 *data)
{
	struct rpmb_frame *req = cl->frames;
	u32 i;

	for (i = 0; i < count; i++, req++, data += RPMB_BLOCK_SIZE) {
		rpmb_frame_init(req, RPMB_REQ_WRITE_DATA);
		memcpy(req->data, data, RPMB_BLOCK_SIZE);
		rpmb_put32(&req->write_counter, cl->counter);
		rpmb_put16(&req->addr, addr);
		rpmb_put16(&req->block_count, count);
	}
	return rpmb_mac_sign(cl->key, cl->frames, count);
}

static int write_message(struct rpmb_client *cl, u32 count)
{
	const struct rpmb_frame *resp = cl->frames + count;
	int ret;

	ret = rpmb_client_exchange(cl, count, 1);
	if (!ret)
		ret = rpmb_client_check(cl, resp, 1, cl->frames);
	if (!ret && rpmb_get32(&resp->write_counter) != cl->counter + 1)
		ret = rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EPROTO);
	return ret;
}

/* What became of a write request, as proven by reads */
enum outcome {
	WRITTEN,	/* our data are on the device */
	NOT_EXECUTED,	/* the counter has not moved */
	OTHER_DATA,	/* the counter has moved, but not for our data */
	UNPROVEN,	/* no proof to be had, or nothing sent */
};

static enum outcome read_back(struct rpmb_client *cl, u32 addr, u32 count,
			      const u8 *data, int *err)
{
	u32 i;

	*err = rpmb_client_read_message(cl, addr, count);
	if (*err)
		return UNPROVEN;
	for (i = 0; i < count; i++, data += RPMB_BLOCK_SIZE) {
		if (memcmp(cl->frames[1 + i].data, data, RPMB_BLOCK_SIZE)) {
			*err = rpmb_client_fail(cl, RPMB_FAULT_READBACK, -EIO);
			return OTHER_DATA;
		}
	}
	cl->status.state = RPMB_STATE_CHANGED;
	cl->status.fault = RPMB_FAULT_NONE;
	return WRITTEN;
}

/* The reply proves nothing: ask the counter, then the data */
static enum outcome resolve(struct rpmb_client *cl, u32 addr, u32 count,
			    const u8 *data, int *err)
{
	struct rpmb_status why = cl->status;
	u32 sent = cl->counter;
	int ret;

	ret = rpmb_client_fetch_counter(cl);
	if (ret) {
		*err = ret;
		return UNPROVEN;
	}
	if (cl->counter == sent) {
		why.counter = sent;
		why.state = RPMB_STATE_UNCHANGED;
		cl->status = why;
		return NOT_EXECUTED;
	}
	if (cl->counter < sent) {
		rpmb_client_forget(cl);
		*err = rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EPROTO);
		return UNPROVEN;
	}
	/* moved by more than our request: somebody else signs, too */
	cl->unsigned_counter = cl->counter == sent + 1;
	return read_back(cl, addr, count, data, err);
}

static enum outcome write_once(struct rpmb_client *cl, u32 addr, u32 count,
			       const u8 *data, int *err)
{
	bool suspect = !cl->unsigned_counter;

	if (cl->counter == COUNTER_MAX) {
		*err = rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EOVERFLOW);
		return UNPROVEN;
	}
	*err = sign_request(cl, addr, count, data);
	if (*err)
		return UNPROVEN;

	cl->unsigned_counter = false;
	cl->status.state = RPMB_STATE_UNKNOWN;
	*err = write_message(cl, count);
	if (*err)
		return resolve(cl, addr, count, data, err);

	cl->counter++;
	cl->unsigned_counter = true;
	cl->status.counter = cl->counter;
	if (suspect)
		return read_back(cl, addr, count, data, err);
	cl->status.state = RPMB_STATE_CHANGED;
	cl->status.fault = RPMB_FAULT_NONE;
	return WRITTEN;
}

static int write_chunk(struct rpmb_client *cl, u32 addr, u32 count,
		       const u8 *data)
{
	enum outcome outcome;
	int try, err = 0;

	for (try = 0; try < WRITE_TRIES; try++) {
		outcome = write_once(cl, addr, count, data, &err);
		if (outcome == WRITTEN)
			return 0;
		if (outcome == UNPROVEN)
			break;
		/* too large a message for this device, perhaps */
		if (outcome == NOT_EXECUTED && count > 1)
			break;
	}
	return err;
}

/*
 * JESD84-B51 knows messages of 256 bytes, 512 bytes and 8 KiB. Aligning the
 * larger ones to their size costs little and is safe with every device.
 */
static u32 jedec_size(u32 addr, u32 most)
{
	if (most >= 32 && !(addr % 32))
		return 32;
	return most >= 2 && !(addr % 2) ? 2 : 1;
}

static u32 write_size(struct rpmb_client *cl, u32 addr, u32 left)
{
	u32 most = rpmb_client_most(cl, cl->max_wr, left);

	if (cl->one_block)
		return 1;
	return cl->flags & RPMB_F_WRITE_1_2_32 ? jedec_size(addr, most) : most;
}

int rpmb_client_write(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		      u32 count, const void *data)
{
	const u8 *from = data;
	u32 n;
	int ret;

	ret = rpmb_client_begin(cl, mac, addr, count);
	if (!ret && !mac)
		ret = rpmb_client_fail(cl, RPMB_FAULT_PARAM, -EINVAL);
	if (!ret && cl->mac != mac)
		ret = rpmb_client_fetch_counter(cl);
	if (ret)
		return ret;
	while (cl->status.done < count) {
		cl->status.state = RPMB_STATE_UNTOUCHED;
		n = write_size(cl, addr, count - cl->status.done);
		ret = write_chunk(cl, addr, n, from);
		if (ret && n > 1 && cl->status.state == RPMB_STATE_UNCHANGED) {
			cl->one_block = true;
			continue;
		}
		if (ret)
			return ret;
		cl->status.done += n;
		addr += n;
		from += n * RPMB_BLOCK_SIZE;
	}
	return 0;
}
