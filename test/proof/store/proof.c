// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_store_write(): a block is replaced, if it is the one that was read
 *
 * Against the attacker of device.h, and for one byte of the device that can be
 * any:
 *
 * - Only the block that was asked for is signed, with the caller's bytes, and for
 *   no counter value but the one that was known when it was read.
 * - After a success the block has these bytes, the counter has moved on from that
 *   value, and no frame that was ever signed can be executed any more.
 * - A byte of another block changes only by a frame of others.
 * - -EAGAIN, which means that it can be tried anew, is said only if the counter
 *   has moved. -ENODATA and -ENOENT, which have a meaning to the stores, are not
 *   passed on.
 * - The next write of the client may again be signed for any value.
 */

#include <lib/rpmb/client-write.c>
#include <lib/rpmb/store.c>
#include "../device.h"

static u8 data[RPMB_BLOCK_SIZE];
static u32 block, messages, known;

static void note_message(u32 addr, u32 count, u32 counter)
{
	u32 at = nondet_u32();

	claim(addr == block && count == 1 && counter == known);
	assume(at < RPMB_BLOCK_SIZE);
	claim(work->data[at] == data[at]);
	claim(rpmb_get32(&work->write_counter) == counter);
	claim(rpmb_get16(&work->addr) == addr);
	messages++;
}

/* Not called by a write */
int rpmb_client_begin(struct rpmb_client *cl, struct rpmb_mac *mac, u32 addr,
		      u32 count)
{
	claim(false);
	return 0;
}

void proof(void)
{
	struct rpmb_client cl = device_client();
	struct rpmb_store st = { .cl = &cl, .key = &key };
	u32 number = nondet_u32();
	bool same;
	int ret;

	__CPROVER_havoc_object(data);
	st.first = nondet_u32();
	assume(st.first < cl.blocks && number < cl.blocks - st.first);
	block = st.first + number;
	/* rpmb_store_begin_change() has read it; the block was read afterwards */
	assume(cl.counter_known);
	known = cl.counter;
	same = watched_block == block;

	ret = rpmb_store_write(&st, number, data);

	claim(ret <= 0 && messages <= 3 && !cl.this_counter_only);
	claim(ret != -ENODATA && ret != -ENOENT);
	claim(implies(!ret, messages && !alien && !ours));
	claim(implies(!ret && same, device_byte == data[watched_at]));
	claim(implies(!ret, device_counter > known));
	claim(implies(ret == -EAGAIN && cl.status.fault == RPMB_FAULT_READBACK,
		      device_counter > known));
}
