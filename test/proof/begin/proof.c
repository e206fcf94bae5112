// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_client_begin(), rpmb_client_begin_keyed(): what an operation starts from
 *
 * For a client in any state, any key and any range of blocks:
 *
 * - 0 is returned only if there is at least one block, and all are on the device;
 *   nothing is asked otherwise. An operation that needs a key has one.
 * - What was known of the counter is dropped if the key is another one, and kept if
 *   it is the same. Afterwards the counter is known, if a key is needed: it was
 *   already and is that value, or was asked for.
 * - The status is that of a new operation.
 */

#include "../proof.h"
#include <rpmb/client.h>

int rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count);

#include <lib/rpmb/client.c>

static struct rpmb_mac one, other;
static u32 asked;

int rpmb_mac_verify(struct rpmb_mac *mac, const struct rpmb_frame *f, u32 count)
{
	claim(false);	/* rpmb_client_fetch_counter() does it */
	return 0;
}

/* Contract: see counter */
int rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count)
{
	int err = nondet_errno();
	u32 got = nondet_u32();

	claim(cl->key && count == &cl->counter);
	asked++;
	assume(got >= cl->counter);
	if (err || got != cl->counter)
		rpmb_client_forget(cl);
	if (err)
		return err;
	cl->counter = got;
	cl->counter_known = true;
	return 0;
}

void proof(void)
{
	struct rpmb_client cl = {}, before;
	struct rpmb_mac *mac = nondet_bool() ? &one : NULL;
	u32 addr = nondet_u32(), count = nondet_u32();
	bool keyed = nondet_bool(), ask = nondet_bool(), same;
	int ret;

	cl.blocks = nondet_u32();
	cl.counter = nondet_u32();
	cl.counter_known = nondet_bool();
	cl.counter_unused = nondet_bool();
	cl.counter_key = nondet_bool() ? &one : nondet_bool() ? &other : NULL;
	cl.status.done = nondet_u32();
	cl.status.state = nondet_u32();
	assume(cl.blocks >= 1 && cl.blocks <= RPMB_MAX_BLOCKS);
	before = cl;
	same = !mac || before.counter_key == mac;

	ret = keyed ? rpmb_client_begin_keyed(&cl, mac, addr, count, ask) :
		rpmb_client_begin(&cl, mac, addr, count);

	claim(ret <= 0 && asked <= keyed);
	claim(!cl.status.done && cl.status.state == RPMB_STATE_UNTOUCHED);
	claim(cl.key == mac);
	if (!count || addr >= cl.blocks || count > cl.blocks - addr)
		claim(ret == (count ? -ERANGE : -EINVAL) && !asked);
	claim(implies(keyed && !mac, ret && !asked));
	if (ret)
		return;
	claim(count && (u64)addr + count <= cl.blocks);
	claim(implies(keyed, cl.counter_known && (asked ||
		      (same && before.counter_known && !ask))));
	claim(implies(!asked && same, cl.counter == before.counter &&
		      cl.counter_known == before.counter_known &&
		      cl.counter_unused == before.counter_unused));
	claim(implies(!same, cl.counter_key == mac && !cl.counter_unused));
	claim(implies(!same && !asked, !cl.counter && !cl.counter_known));
}
