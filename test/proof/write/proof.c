// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_client_write(): what is reported as done is on the device
 *
 * Against an attacker who keeps frames back, plays them when he likes, and
 * answers with old replies, and for one byte of the device that can be any:
 *
 * - After a success each byte that was to be written is on the device, and no
 *   frame that was ever signed can be executed any more.
 * - After a failure that holds for as many blocks as the status says.
 * - If the status says UNCHANGED, no frame of the last message was executed.
 * - A message covers no block but those that were asked for, and has the
 *   caller's bytes; none is signed for a counter value that the device has not
 *   reached.
 * - The number of messages is bounded.
 *
 * So a byte that is not to be written changes only by a frame of others.
 */

#include <lib/rpmb/client-write.c>
#include "../device.h"

#define BLOCKS	1

static u8 data[BLOCKS * RPMB_BLOCK_SIZE];
static u32 first, blocks, messages, last_addr, last_counter;

static void note_message(u32 addr, u32 count, u32 counter)
{
	u32 at = nondet_u32(), block = nondet_u32();

	claim(addr >= first && addr + count <= first + blocks);
	assume(at < RPMB_BLOCK_SIZE && block < count);
	claim(work[block].data[at] ==
	      data[(addr - first + block) * RPMB_BLOCK_SIZE + at]);
	claim(rpmb_get32(&work[block].write_counter) == counter);
	claim(rpmb_get16(&work[block].addr) == addr);
	claim(rpmb_get16(&work[block].block_count) == count);
	last_addr = addr;
	last_counter = counter;
	messages++;
}

void proof(void)
{
	struct rpmb_client cl = device_client();
	bool refused;
	u32 block;
	u8 want;
	int ret;

	__CPROVER_havoc_object(data);
	cl.this_counter_only = nondet_bool();
	first = nondet_u32();
	blocks = nondet_u32();
	assume(blocks <= BLOCKS);
	refused = !blocks || first >= cl.blocks || blocks > cl.blocks - first;

	ret = rpmb_client_write(&cl, &key, first, blocks, data);

	claim(ret <= 0 && implies(refused, ret && !messages));
	claim(messages <= 3);
	block = watched_block - first;
	want = block < blocks ? data[block * RPMB_BLOCK_SIZE + watched_at] : 0;
	claim(implies(!ret, cl.status.done == blocks));
	claim(implies(!ret && block < blocks, device_byte == want));
	claim(implies(!ret, !alien && !ours));
	claim(cl.status.done <= blocks);
	claim(implies(block < cl.status.done && block < blocks,
		      device_byte == want));
	claim(implies(cl.status.state == RPMB_STATE_UNCHANGED,
		      last_addr == first + cl.status.done &&
		      last_counter == device_counter));
}
