// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RPMB protocol, host side: writes, and proving what became of them
 *
 * A reply other than a clean success proves nothing, even if it is signed: it
 * can be an old reply that somebody sends again. Only an authenticated read
 * with a fresh nonce tells what the device has done.
 * doc/develop/rpmb/security.rst numbers the states that a write can be in and
 * argues each of them.
 */

#include "client-internal.h"

/* How often a message is sent: once, and again after a failure that may pass */
#define WRITE_TRIES	3

#define COUNTER_MAX	0xffffffff

/* With the same counter and data a second call makes the same bytes again */
static int sign_request(struct rpmb_client *cl, u32 addr, u32 count,
			const u8 *data)
{
	struct rpmb_frame *req = cl->frames;
	u32 i;

	for (i = 0; i < count; i++, req++, data += RPMB_BLOCK_SIZE) {
		rpmb_frame_fill(req, RPMB_REQ_WRITE_DATA, (u16)addr,
				(u16)count);
		memcpy(req->data, data, RPMB_BLOCK_SIZE);
		rpmb_put32(&req->write_counter, cl->counter);
	}
	return rpmb_mac_sign(cl->key, cl->frames, count);
}

static int write_message(struct rpmb_client *cl, u32 count)
{
	int ret;

	cl->status.state = RPMB_STATE_UNKNOWN;
	ret = rpmb_client_ask(cl, count, 1);
	if (ret)
		return ret;
	/* the reply follows the request */
	if (rpmb_get32(&cl->frames[count].write_counter) != cl->counter + 1)
		return rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EPROTO);
	return 0;
}

/* The reply proves nothing, so read the counter. Return: 0 if it has moved */
static int ask_counter(struct rpmb_client *cl, int err)
{
	enum rpmb_fault why = cl->status.fault;
	u32 sent = cl->counter;
	int ret;

	ret = rpmb_client_fetch_counter(cl, &cl->counter);
	if (ret || cl->counter != sent)
		return ret;
	cl->status.state = RPMB_STATE_UNCHANGED;
	return rpmb_client_fail(cl, why, err);
}

/*
 * On failure the status tells which of three cases it is: the state is
 * UNCHANGED (the device has not executed the write), the fault is READBACK (the
 * counter has moved, but the data are not ours), or nothing could be proven.
 */
static int write_once(struct rpmb_client *cl, u32 addr, u32 count,
		      const u8 *data)
{
	bool suspect = !cl->counter_unused || cl->read_back || cl->doubt;
	u32 sent = cl->counter;
	int ret;

	if (sent == COUNTER_MAX)
		return rpmb_client_fail(cl, RPMB_FAULT_COUNTER, -EOVERFLOW);
	ret = sign_request(cl, addr, count, data);
	if (ret)
		return ret;

	/* these frames can be kept: if this fails, the next write is read back */
	cl->counter_unused = false;
	ret = write_message(cl, count);
	if (ret) {
		suspect = true;
		ret = ask_counter(cl, ret);
	} else {
		cl->counter++;
	}
	if (cl->counter - sent > 1)
		cl->doubt = true;
	if (!ret && suspect)
		ret = rpmb_client_read_blocks(cl, addr, count, (void *)data,
					      true);
	if (ret)
		return ret;
	cl->counter_unused = true;
	cl->status.state = RPMB_STATE_CHANGED;
	return 0;
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

	return cl->flags & RPMB_F_WRITE_1_2_32 ? jedec_size(addr, most) : most;
}

/* Return: true if another try would fail as well, or must not be made */
static bool is_lost(const struct rpmb_client *cl, int err)
{
	if (cl->status.state == RPMB_STATE_UNCHANGED)
		return err == -ERANGE;
	return cl->this_counter_only || cl->status.fault != RPMB_FAULT_READBACK;
}

int rpmb_client_write(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		      u32 count, const void *data)
{
	const u8 *from = data;
	u32 n, tries = 0;
	int ret;

	ret = rpmb_client_begin_keyed(cl, mac, addr, count, false);
	if (ret)
		return ret;
	while (cl->status.done < count) {
		n = write_size(cl, addr, count - cl->status.done);
		if (cl->status.state == RPMB_STATE_CHANGED)
			cl->status.state = RPMB_STATE_UNTOUCHED;
		cl->status.fault = RPMB_FAULT_NONE;
		ret = write_once(cl, addr, n, from);
		if (!ret) {
			tries = 0;
			cl->status.done += n;
			addr += n;
			from += n * RPMB_BLOCK_SIZE;
			continue;
		}
		if (is_lost(cl, ret) || ++tries == WRITE_TRIES)
			return ret;
		/* perhaps the message was too large for this device */
		if (n > 1 && cl->status.state == RPMB_STATE_UNCHANGED)
			cl->max_wr = 1;
	}
	return 0;
}
