// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Service tokens: check one, and carry it out
 *
 * These checks give a message, and refuse a token for another device. That a
 * token works only once does not depend on them: see rpmb_rollback_reset().
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb-board.h>
#include <rpmb-key.h>
#include <linux/libfdt.h>
#include <rpmb/token.h>
#include "policy-internal.h"

/**
 * struct token_use - a token under way
 *
 * @token:	what it says
 * @ref:	the RPMB that the control FDT names
 */
struct token_use {
	struct rpmb_token token;
	struct rpmb_ref ref;
};

static int refuse(const char *why, int err)
{
	printf("rpmb service: refused: %s (error %d)\n"
	       "  device: untouched\n"
	       "  advice: see doc/usage/rpmb/service.rst\n", why, err);
	return err;
}

static int open_token(struct token_use *s, const void *token, size_t size)
{
	struct rpmb_tree_fault fault;
	int ret;

	ret = rpmb_token_open(&s->token, token, size, &fault);
	if (!ret)
		return 0;
	printf("rpmb service: %s%s%s\n", fault.prop ?: "", fault.prop ? ": " : "",
	       fault.why);
	return refuse("it is signed, but cannot be understood", ret);
}

static int find_device(struct token_use *s)
{
	struct rpmb_target_id its;
	int ret;

	ret = rpmb_policy_device(&s->ref);
	if (ret == -ENOENT)
		return refuse("the control FDT names no RPMB", ret);
	if (ret)
		return refuse("the RPMB that the control FDT names cannot be had",
			      ret);
	rpmb_get_target_id(s->ref.dev, s->ref.target, &its);
	if (!rpmb_target_is_same(&its, &s->token.device))
		return refuse("it is for another device", -EXDEV);
	return 0;
}

static int check_counter(struct token_use *s)
{
	u32 count;
	int ret;

	ret = rpmb_get_write_count(s->ref, &count);
	if (ret == -ENOKEY)
		return refuse("there is no key: nothing that the RPMB says can be believed",
			      ret);
	if (ret)
		return refuse("the write counter cannot be read", ret);
	if (count == s->token.counter)
		return 0;
	printf("rpmb service: it is for write counter %#x, %s is at %#x\n",
	       s->token.counter, s->ref.dev->name, count);
	return refuse("it is used up, or not for now", -EKEYEXPIRED);
}

static int fail(const struct token_use *s, int err)
{
	enum rpmb_state state =
		rpmb_get_status(s->ref.dev, s->ref.target)->state;
	bool is_open = state == RPMB_STATE_UNKNOWN ||
		state == RPMB_STATE_CHANGED;

	printf("rpmb service: failed (error %d): %s\n", err,
	       is_open ? "what became of it is known by the write counter" :
	       "nothing was written");
	return err;
}

static int reset_index(struct token_use *s)
{
	int ret;

	ret = rpmb_index_reset(s->ref, s->token.loc, s->token.index,
			       s->token.counter);
	/* even after an error the device may hold the new index */
	rpmb_policy_forget();
	if (ret)
		return fail(s, ret);
	printf("rpmb service: index at location 0x%x set to 0x%llx; the token is used up\n",
	       s->token.loc, s->token.index);
	return 0;
}

static int open_board(struct token_use *s)
{
	int ret;

	ret = rpmb_rma_open(s->ref, s->token.counter);
	if (ret)
		return fail(s, ret);
	printf("rpmb service: THIS BOARD IS OPEN until its next reset; the token is used up\n");
	return 0;
}

int rpmb_token_use(const void *token, size_t size)
{
	struct token_use s;
	int ret;

	if (rpmb_is_ratcheted())
		return refuse("the boot ratchet has turned: reset; a token comes before it",
			      -EKEYREVOKED);
	ret = open_token(&s, token, size);
	if (!ret)
		ret = find_device(&s);
	if (!ret)
		ret = check_counter(&s);
	if (ret)
		return ret;
	return s.token.action == RPMB_TOKEN_RMA ? open_board(&s) :
		reset_index(&s);
}

int rpmb_token_use_fit(const void *fit, size_t size)
{
	struct rpmb_signed s;
	void *copy;
	int ret;

	if (size > RPMB_TOKEN_FIT_MAX)
		return refuse("it has more than 64 KiB", -E2BIG);
	ret = rpmb_signed_open(fit, size, RPMB_SIGNED_TOKEN, &s);
	if (ret)
		return refuse(s.why, ret);
	/* a FIT aligns its data less than a device tree needs */
	copy = memalign(8, s.size);
	if (!copy)
		return refuse("out of memory", -ENOMEM);
	memcpy(copy, s.data, s.size);
	ret = rpmb_token_use(copy, s.size);
	free(copy);
	return ret;
}

/* Without a board hook, tokens come by the command only */
__weak int board_rpmb_token(const void **fit, size_t *size) /* LCOV_EXCL_LINE: sandbox has a hook */
{
	return -ENOENT;
}

void rpmb_token_boot(void)
{
	const void *fit;
	size_t size;
	int ret;

	ret = board_rpmb_token(&fit, &size);
	if (ret == -ENOENT)
		return;
	if (ret)
		refuse("it cannot be read", ret);
	else
		rpmb_token_use_fit(fit, size);
}
