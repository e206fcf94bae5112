/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device, and an attacker on its bus, for proofs of writes
 *
 * The parts of the client below a write are replaced by their contracts, which
 * other proofs show. Of the device's blocks one byte is watched, which can be any
 * of them. The attacker keeps every frame that was signed, and an older one for
 * the counter's first value; at each step the device executes one that is
 * signed for the counter as it is, or none. The attacker can also hand out any
 * reply that the device has ever signed, and any error.
 */

#ifndef _PROOF_DEVICE_H
#define _PROOF_DEVICE_H

#define WORK_FRAMES	2

#include "client.h"

/* The device: its counter, and the byte that is watched */
static u32 device_counter, watched_block, watched_at;
static u8 device_byte;

/* Signed frames for the counter's value: older ones, ours */
static bool alien, ours, ours_covers;
static u8 ours_byte;

/* What the proof claims of each message that is signed */
static void note_message(u32 addr, u32 count, u32 counter);

/* The device executes one of the frames that the attacker has, or none */
static void device_step(void)
{
	u32 which = nondet_u32();

	if (device_counter == 0xffffffff || !(alien || ours))
		return;
	if (alien && which == 1)
		device_byte = nondet_u8();
	else if (ours && which == 2)
		device_byte = ours_covers ? ours_byte : device_byte;
	else
		return;
	device_counter++;
	alien = false;
	ours = false;
}

static void device_power_up(void)
{
	device_counter = nondet_u32();
	watched_block = nondet_u32();
	watched_at = nondet_u32();
	device_byte = nondet_u8();
	alien = nondet_bool();
	assume(watched_at < RPMB_BLOCK_SIZE);
}

/* A frame that was signed joins those that the attacker has */
int rpmb_mac_sign(struct rpmb_mac *mac, struct rpmb_frame *frames, u32 count)
{
	u32 addr = rpmb_get16(&frames->addr);
	u32 counter = rpmb_get32(&frames->write_counter);
	bool covers = watched_block - addr < count;
	int err = nondet_errno();

	claim(mac == &key && frames == work && count < WORK_FRAMES);
	claim(counter <= device_counter);
	note_message(addr, count, counter);
	/* of two that are signed for one value the attacker chooses one */
	if (!err && counter == device_counter && (!ours || nondet_bool())) {
		ours = true;
		ours_covers = covers;
		if (covers)
			ours_byte = frames[watched_block - addr].data[watched_at];
	}
	return err;
}

/* Contract: see check_reply; any clean reply to a write may come again */
int rpmb_client_ask(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	u32 counter = nondet_u32();
	int err = nondet_errno();

	claim(cl->frames == work && resp_cnt == 1 &&
	      req_cnt + resp_cnt <= WORK_FRAMES);
	device_step();
	assume(counter && counter <= device_counter);
	rpmb_put32(&work[req_cnt].write_counter, counter);
	if (err)
		cl->status.fault = RPMB_FAULT_RESULT;
	return err;
}

/* Contract: see counter */
int rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count)
{
	int err = nondet_errno();

	device_step();
	if (err || cl->counter != device_counter) {
		cl->counter_known = false;
		cl->counter_unused = false;
	}
	if (err) {
		cl->status.fault = RPMB_FAULT_NONCE;
		return err;
	}
	cl->counter = device_counter;
	cl->counter_known = true;
	*count = device_counter;
	return 0;
}

/* Contract: see begin, in the same words */
int rpmb_client_begin_keyed(struct rpmb_client *cl, struct rpmb_mac *mac,
			    u32 addr, u32 count, bool ask)
{
	cl->key = mac;
	cl->status = (struct rpmb_status){};
	if (!mac || !count || addr >= cl->blocks || count > cl->blocks - addr)
		return -EINVAL;
	if (ask || !cl->counter_known)
		return rpmb_client_fetch_counter(cl, &cl->counter);
	return 0;
}

/* Contract: see read, and in the same file other_data() */
int rpmb_client_read_blocks(struct rpmb_client *cl, u32 addr, u32 count,
			    void *data, bool compare)
{
	const u8 *at = data;
	u32 block = watched_block - addr;

	claim(compare);
	device_step();
	if (nondet_bool()) {
		cl->status.fault = RPMB_FAULT_NONCE;
		return -EIO;
	}
	if (nondet_bool() || (block < count && device_byte !=
			      at[block * RPMB_BLOCK_SIZE + watched_at])) {
		cl->doubt = true;
		cl->status.fault = RPMB_FAULT_READBACK;
		return -EIO;
	}
	return 0;
}

/* Contract: see read */
u32 rpmb_client_most(const struct rpmb_client *cl, u32 max, u32 left)
{
	if (max && max < left)
		left = max;
	return left < cl->nframes ? left : cl->nframes - 1;
}

/*
 * Any state that a client of this device can be in: if it knows the counter, that is the
 * device's unless a frame for it was executed meanwhile, and then there is none
 * for the next value, which nobody has signed before he knew it; if no other
 * frame can have been signed for it, there is none
 */
static struct rpmb_client device_client(void)
{
	struct rpmb_client cl = any_client();

	device_power_up();
	cl.key = &key;
	cl.counter_key = &key;
	assume(cl.counter <= device_counter);
	assume(implies(cl.counter_unused, cl.counter_known &&
		       cl.counter == device_counter && !alien));
	assume(implies(cl.counter_known && cl.counter < device_counter,
		       !alien));
	return cl;
}

#endif /* _PROOF_DEVICE_H */
