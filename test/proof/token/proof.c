// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_token_open(): a token is taken only if each byte of it is understood
 *
 * For any properties (tree.h):
 *
 * - 0 is returned only if the look has accepted the blob under the limits for it, the
 *   tree fills the blob, reserves nothing and has no nodes, and there is an index or rma,
 *   and not both.
 * - Then the token says what the properties say: it is of this version, for a transport
 *   that is known, a target and an identifier that it can have, a counter that can move,
 *   and the action that was given; an index has a location that there is, and is not
 *   2^64 - 1.
 * - Of no value is more read than it has. After a refusal there are words for it.
 */

#include <lib/rpmb/token.c>
#include <lib/rpmb/tree.c>

#define PROPS	TOKEN_PROPS
#define VALUE	20

#include "../tree.h"

static_assert(PROPS == 8, "properties");

static struct rpmb_tree_fault fault;
static struct rpmb_token token;

static void claim_device(void)
{
	const struct rpmb_target_id *t = &token.device;

	claim(is_transport(TOKEN_TRANSPORT, t->transport));
	claim(is_cell(TOKEN_TARGET, t->target) && t->target < 4);
	claim(implies(t->target, t->transport == 2 || t->transport == 0x7f));
	claim(given[TOKEN_ID] && t->dev_id == values[TOKEN_ID] &&
	      t->dev_id_len == lens[TOKEN_ID]);
	claim(t->dev_id_len >= 1 && t->dev_id_len <= 512);
	claim(implies(t->transport == 1, t->dev_id_len == 16));
}

static void claim_action(void)
{
	claim(given[TOKEN_RESET_INDEX] != given[TOKEN_RMA]);
	if (given[TOKEN_RMA]) {
		claim(token.action == RPMB_TOKEN_RMA && !lens[TOKEN_RMA]);
		return;
	}
	claim(token.action == RPMB_TOKEN_RESET_INDEX);
	claim(lens[TOKEN_RESET_INDEX] == 12 &&
	      is_index(TOKEN_RESET_INDEX, 0, token.loc, token.index));
	claim(rpmb_rollback_is_location(token.loc) && token.index != ~0ULL);
}

static void claim_accepted(size_t size)
{
	claim(looked_good && looked_size == size && fdt_totalsize(blob) == size);
	claim(!reserves && subnode < 0);
	claim(is_text(TOKEN_COMPATIBLE, "u-boot,rpmb-token"));
	claim(is_cell(TOKEN_VERSION, 1));
	claim(is_cell(TOKEN_COUNTER, token.counter) && token.counter != ~0U);
	claim_device();
	claim_action();
}

void proof(void)
{
	size_t size = nondet_size();
	int ret;

	__CPROVER_havoc_object(blob);
	any_node();

	ret = rpmb_token_open(&token, blob, size, &fault);

	claim(!ret || ret == -EINVAL || ret == -E2BIG || ret == -EOPNOTSUPP);
	if (ret)
		claim(fault.node && fault.why);
	else
		claim_accepted(size);
}
