// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_client_get_counter(): the write counter, from an attacker's bus
 *
 * - With a key, a counter is returned only if the device has signed it for a
 *   nonce drawn for this very request, and it is then what the client knows.
 * - It is never below what the client knew under this key.
 * - After a failure the client no longer believes that it knows the counter, and
 *   the caller's variable is as it was.
 * - There are at most three requests, each with a nonce of its own.
 */

#include <lib/rpmb/client.c>
#include "../link.h"

static u32 signed_counter;
static bool is_signed;

static void note_signed(const struct rpmb_frame *resp, u32 count)
{
	claim(count == 1);
	signed_counter = rpmb_get32(&resp->write_counter);
	is_signed = true;
}

void proof(void)
{
	struct rpmb_client cl = link_client();
	u32 before = nondet_u32(), got = before, lowest;
	bool same = nondet_bool();
	int ret;

	cl.counter_key = same ? &key : NULL;
	lowest = same ? cl.counter : 0;

	ret = rpmb_client_get_counter(&cl, &key, &got);

	claim(ret <= 0 && exchanges <= 3 && nonces <= 3);
	claim(implies(!ret, is_signed && got == signed_counter));
	claim(implies(!ret, cl.counter_known && cl.counter == got));
	claim(cl.counter >= lowest);
	claim(implies(ret, got == before && !cl.counter_known &&
			   !cl.counter_unused));
	claim(implies(!ret && cl.counter != lowest, !cl.counter_unused));
}
