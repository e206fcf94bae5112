// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * query(): how often is asked
 *
 * - For the very same thing, at most three times; after a success never again.
 * - What is said last is returned, and what is left is of the last try.
 * - A signed refusal other than a failure of the device is final, and so is a lack
 *   of random numbers. "No key", which nobody signs, is final only for the counter
 *   of a device that was never asked before; so it cannot end a read.
 */

#include "../proof.h"
#include <rpmb/client.h>

static int query_once(struct rpmb_client *cl, u16 type, u32 addr, u32 count);

#include <lib/rpmb/client.c>

static struct rpmb_frame work[2];
static u16 kind;
static u32 place, number, asked;
static int last;
static bool final;

int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *f, u32 count)
{
	claim(false);	/* query_once() does it */
	return 0;
}

/* Contract: see query */
static int query_once(struct rpmb_client *cl, u16 type, u32 addr, u32 count)
{
	claim(type == kind && addr == place && count == number);
	claim(!asked || (last && !final));
	asked++;
	last = nondet_errno();
	cl->status.fault = nondet_u32();
	assume(cl->status.fault <= RPMB_FAULT_COUNT);
	rpmb_put16(&work->req_resp, type);
	final = cl->status.fault == RPMB_FAULT_RNG ||
		(cl->status.fault == RPMB_FAULT_RESULT && last != -EIO);
	if (last == -ENOKEY)
		final = type == RPMB_REQ_GET_COUNTER && !cl->counter;
	return last;
}

void proof(void)
{
	struct rpmb_client cl = { .frames = work, .nframes = 2 };
	int ret;

	cl.counter = nondet_u32();
	kind = nondet_bool() ? RPMB_REQ_GET_COUNTER : RPMB_REQ_READ_DATA;
	place = nondet_u32();
	number = nondet_u32();

	ret = query(&cl, kind, place, number);

	claim(ret == last && asked >= 1 && asked <= 3);
	claim(implies(asked < 3, !ret || final));
}
