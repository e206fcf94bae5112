// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_client_program_key(): when a key leaves, and what is said of it
 *
 * - A key is sent at most once, and only after the device, asked for its counter,
 *   has said that it has no key.
 * - 0 is returned only if a counter was read afterwards that is signed with this
 *   key, -EALREADY only if one was before, and then nothing was sent.
 * - Whatever happened, the key is not left in the work space, and the client's key
 *   is the caller's.
 */

#include <lib/rpmb/program.c>
#include "../proof.h"

static struct rpmb_mac mac;
static struct rpmb_frame work[2];
static u8 key[RPMB_KEY_SIZE];
static u32 sent, asked, at;
static bool no_key, signed_before, signed_after;

int rpmb_client_begin_keyed(struct rpmb_client *cl, struct rpmb_mac *m,
			    u32 addr, u32 count, bool ask)
{
	int err = nondet_errno();

	claim(m == &mac && !addr && count == 1 && ask);
	cl->key = m;
	cl->status = (struct rpmb_status){};
	asked++;
	no_key = err == -ENOKEY;
	signed_before = !err;
	return err;
}

/* The bus may keep what it sees, and answer as it likes */
int rpmb_client_ask(struct rpmb_client *cl, u32 req_cnt, u32 resp_cnt)
{
	claim(req_cnt == 1 && resp_cnt == 1 && no_key && !cl->key);
	claim(rpmb_get16(&work->req_resp) == RPMB_REQ_PROGRAM_KEY);
	claim(work->key_mac[at] == key[at]);
	sent++;
	return nondet_errno();
}

int rpmb_client_fetch_counter(struct rpmb_client *cl, u32 *count)
{
	int err = nondet_errno();

	claim(cl->key == &mac && sent == 1);
	/* the key has been wiped before another frame is made */
	claim(!work->key_mac[at]);
	signed_after = !err;
	return err;
}

void rpmb_wipe(void *buf, size_t len)
{
	claim(buf == work->key_mac && len == RPMB_KEY_SIZE);
	memset(work->key_mac, 0, RPMB_KEY_SIZE);
}

void proof(void)
{
	struct rpmb_client cl = { .frames = work, .nframes = 2 };
	int ret;

	__CPROVER_havoc_object(key);
	cl.flags = nondet_u32();
	at = nondet_u32();
	assume(at < RPMB_KEY_SIZE && key[at]);

	ret = rpmb_client_program_key(&cl, &mac, key);

	claim(ret <= 0 && asked == 1 && sent <= 1);
	claim(implies(sent, no_key));
	claim(implies(!ret, sent && signed_after));
	claim(implies(signed_before, ret == -EALREADY && !sent));
	claim(implies(sent && signed_after, !ret &&
		      cl.status.state == RPMB_STATE_CHANGED));
	claim(!work->key_mac[at] && cl.key == &mac);
}
