// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Service tokens: parser
 */

#include <rpmb/rollback.h>
#include <rpmb/token.h>
#include "tree-internal.h"

enum token_prop {
	TOKEN_COMPATIBLE,
	TOKEN_VERSION,
	TOKEN_TRANSPORT,
	TOKEN_TARGET,
	TOKEN_ID,
	TOKEN_COUNTER,
	TOKEN_REQUIRED,
	TOKEN_RESET_INDEX = TOKEN_REQUIRED,
	TOKEN_RMA,
	TOKEN_PROPS
};

static const char * const token_props[] = {
	[TOKEN_COMPATIBLE] = "compatible",
	[TOKEN_VERSION] = "version",
	[TOKEN_TRANSPORT] = "transport",
	[TOKEN_TARGET] = "target",
	[TOKEN_ID] = "id",
	[TOKEN_COUNTER] = "write-counter",
	[TOKEN_RESET_INDEX] = "reset-index",
	[TOKEN_RMA] = "rma",
};

/* A counter at its last value moves no more, so nothing could be written */
static int read_counter(struct rpmb_tree_reader *r, struct rpmb_token *t,
			const struct rpmb_tree_prop *p)
{
	t->counter = rpmb_tree_u32(p);
	if (t->counter == ~0U)
		return rpmb_tree_bad(r, p, "not a counter to write at");
	return 0;
}

static int read_reset_index(struct rpmb_tree_reader *r, struct rpmb_token *t,
			    const struct rpmb_tree_prop *p)
{
	if (p->len != RPMB_TREE_INDEX)
		return rpmb_tree_bad(r, p, "not location, high, low");
	t->action = RPMB_TOKEN_RESET_INDEX;
	rpmb_tree_index(p->data, 0, &t->loc, &t->index);
	if (t->index == ~0ULL)
		return rpmb_tree_bad(r, p, "an index of 2^64 - 1");
	if (!rpmb_rollback_is_location(t->loc))
		return rpmb_tree_bad(r, p, "no such location");
	return 0;
}

static int read_prop(struct rpmb_tree_reader *r, void *into, u32 which,
		     const struct rpmb_tree_prop *p)
{
	struct rpmb_token *t = into;

	switch (which) {
	case TOKEN_COMPATIBLE:
		if (!rpmb_tree_has_text(p, "u-boot,rpmb-token"))
			return rpmb_tree_bad(r, p, "not that of a token");
		return 0;
	case TOKEN_VERSION:
		if (rpmb_tree_u32(p) != RPMB_TOKEN_VERSION)
			return rpmb_tree_fail(r, p->name, "not known",
					      -EOPNOTSUPP);
		return 0;
	case TOKEN_TRANSPORT:
		return rpmb_tree_read_transport(r, p, &t->device.transport);
	case TOKEN_TARGET:
		return rpmb_tree_read_target(r, p, &t->device.target);
	case TOKEN_ID:
		return rpmb_tree_read_id(r, p, &t->device.dev_id,
					 &t->device.dev_id_len);
	case TOKEN_COUNTER:
		return read_counter(r, t, p);
	case TOKEN_RESET_INDEX:
		return read_reset_index(r, t, p);
	default:
		t->action = RPMB_TOKEN_RMA;
		return p->len ? rpmb_tree_bad(r, p, "has a value") : 0;
	}
}

static const struct rpmb_tree_schema token_schema = {
	token_props, TOKEN_PROPS, TOKEN_REQUIRED, read_prop,
};

static bool seen(const struct rpmb_tree_reader *r, enum token_prop which)
{
	return r->seen & 1U << which;
}

int rpmb_token_open(struct rpmb_token *t, const void *blob, size_t size,
		    struct rpmb_tree_fault *fault)
{
	struct rpmb_tree_reader r = { .fdt = blob, .fault = fault };
	int ret;

	memset(t, 0, sizeof(*t));
	ret = rpmb_tree_check(&r, size);
	if (!ret)
		ret = rpmb_tree_read(&r, &token_schema, t);
	if (ret)
		return ret;
	if (fdt_first_subnode(blob, 0) >= 0)
		return rpmb_tree_fail(&r, NULL, "has nodes in it", -EINVAL);
	if (seen(&r, TOKEN_RESET_INDEX) == seen(&r, TOKEN_RMA))
		return rpmb_tree_fail(&r, token_props[TOKEN_RESET_INDEX],
				      "either an index or rma is wanted",
				      -EINVAL);
	return rpmb_tree_check_device(&r, &t->device);
}
