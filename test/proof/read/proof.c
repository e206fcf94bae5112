// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_client_read(): whose data are handed out
 *
 * On a device of any kind (each limit and flag), with query() as the proof of
 * that name shows it: the frames that it leaves after a success are those of a
 * reply that answers this request.
 *
 * - After a success each byte of the data is that of this block in such a reply.
 * - After a failure on the bus no byte is left of what came.
 * - Nothing is written past the caller's data, nothing is asked for that is not
 *   wanted, and no more in one message than the device takes and there is room
 *   for.
 * - It asks once for all of it, and then once for each block.
 * - If it compares (after a write) success means that all bytes are the same,
 *   and that they are not puts the client in doubt.
 */

#include "../proof.h"
#include <rpmb/client.h>

static int query(struct rpmb_client *cl, u16 type, u32 addr, u32 count);

#include <lib/rpmb/client.c>

#define BLOCKS	2
#define FRAMES	3	/* a request, and its reply */

static struct rpmb_mac key;
static struct rpmb_frame work[FRAMES];
static u8 data[BLOCKS * RPMB_BLOCK_SIZE];
static u32 first, blocks, max_rd, nframes, asked;
static u32 watched, at;		/* the byte that is watched; any of them */
static bool is_read, is_wiped, compares;
static u8 device_byte;

int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *f, u32 count)
{
	claim(false);	/* query() does it */
	return 0;
}

/* Contract: see query */
static int query(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	u32 block = watched - addr;
	int err = nondet_errno();

	claim(type == RPMB_REQ_READ_DATA && cl->key == &key);
	claim(count && count < nframes && (!max_rd || count <= max_rd));
	claim(addr >= first && addr + count <= first + blocks);
	asked++;
	__CPROVER_havoc_object(work);
	cl->status.fault = nondet_u32();
	assume(cl->status.fault <= RPMB_FAULT_COUNT);
	if (!err && block < count) {
		is_read = true;
		device_byte = work[1 + block].data[at];
	}
	return err;
}

void rpmb_wipe(void *buf, size_t len)
{
	claim(buf == data + sizeof(data) - blocks * RPMB_BLOCK_SIZE &&
	      len == blocks * RPMB_BLOCK_SIZE);
	is_wiped = true;
}

static struct rpmb_client any_client(void)
{
	struct rpmb_client cl = { .frames = work };

	nframes = nondet_u32();
	max_rd = nondet_u32();
	assume(nframes >= 2 && nframes <= FRAMES);
	cl.nframes = nframes;
	cl.max_rd = max_rd;
	cl.flags = nondet_u32();
	cl.blocks = nondet_u32();
	cl.doubt = nondet_bool();
	assume(cl.blocks >= 1 && cl.blocks <= RPMB_MAX_BLOCKS);
	return cl;
}

void proof(void)
{
	struct rpmb_client cl = any_client();
	bool refused, doubt = cl.doubt;
	u8 *to, before;
	int ret;

	__CPROVER_havoc_object(data);
	first = nondet_u32();
	blocks = nondet_u32();
	watched = nondet_u32();
	at = nondet_u32();
	compares = nondet_bool();
	assume(blocks <= BLOCKS && watched - first < blocks &&
	       at < RPMB_BLOCK_SIZE);
	refused = first >= cl.blocks || blocks > cl.blocks - first;
	/* so that what is past its end is past the end of the array */
	to = data + sizeof(data) - blocks * RPMB_BLOCK_SIZE;
	before = to[(watched - first) * RPMB_BLOCK_SIZE + at];

	if (compares) {
		assume(!refused);
		cl.key = &key;
		ret = rpmb_client_read_blocks(&cl, first, blocks, to, true);
		claim(to[(watched - first) * RPMB_BLOCK_SIZE + at] == before);
		claim(implies(ret && cl.status.fault == RPMB_FAULT_READBACK,
			      cl.doubt));
	} else {
		ret = rpmb_client_read(&cl, &key, first, blocks, to);
		claim(implies(refused, ret == -ERANGE && !asked && !is_wiped));
		claim(is_wiped == (ret && !refused));
		claim(implies(!ret, cl.status.done == blocks));
		claim(cl.doubt == doubt);
	}
	claim(ret <= 0);
	claim(implies(!ret, is_read &&
		      to[(watched - first) * RPMB_BLOCK_SIZE + at] ==
		      device_byte));
	claim(asked <= (blocks == 1 ? 1 : 3));
	claim(cl.status.state == RPMB_STATE_UNTOUCHED);
}
