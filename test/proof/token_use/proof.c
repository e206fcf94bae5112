// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_token_use_fit(): nothing is done that the token does not say
 *
 * What is called may give any answer: the verification (see signed), what a
 * token says (see token), the control FDT's device, its write counter, and
 * what is done (see rollback_reset).
 *
 * - One act is done at most, and only before the ratchet turns, with a token
 *   that was understood, for the device that the control FDT names, whose
 *   counter was read, authenticated, and is the token's.
 * - It is the token's: its location, index and counter, or the board for
 *   this counter, on this device with this key.
 * - Of a FIT the bytes are used that were verified for tokens, all of them,
 *   aligned for a tree. A FIT of more than 64 KiB is not looked at. The copy
 *   is given back.
 * - 0 is returned, and success is said, if and only if the act was a
 *   success. What was read of the indexes is forgotten whenever one may be
 *   another. A refusal, without an act, has words. That nothing was written
 *   is said only if the device is untouched or unchanged.
 */

#include "../uboot.h"
#include <stdarg.h>
#include <boot/rpmb/token.c>
#include "../proof.h"

#define LONGEST	8	/* bytes of a token */

static const u8 fit[64], data[LONGEST];
static TREE_ALIGNED u8 copy[LONGEST];
static struct udevice device;
static struct rpmb_ref ref;
static struct rpmb_token token;
static struct rpmb_target_id *its_id;
static struct rpmb_status status;
static size_t fit_size, data_size;
static u32 counter;
static bool by_fit, ratcheted, verified, opened, found, same, counted;
static u32 allocated, freed, acts, forgotten, refusals;
static bool done, said_done, said_nothing;
static int hook;

/* "rpmb service: " is before each of them */
int printf(const char *format, ...)
{
	const char *what = format + 14;
	va_list args;

	if (!memcmp(what, "refused", 7)) {
		refusals++;
	} else if (!memcmp(what, "failed", 6)) {
		va_start(args, format);
		(void)va_arg(args, int);
		said_nothing = va_arg(args, const char *)[0] == 'n';
		va_end(args);
	} else if (!memcmp(what, "index", 5) || !memcmp(what, "THIS", 4)) {
		said_done = true;
	}
	return 0;
}

void *memalign(size_t align, size_t size)
{
	claim(verified && align == 8 && size == data_size);
	if (nondet_bool())
		return NULL;
	allocated++;
	return copy;
}

void free(void *at)
{
	claim(at == copy && allocated == 1 && !freed);
	freed++;
}

int rpmb_signed_open(const void *from, size_t size, const char *purpose,
		     struct rpmb_signed *s)
{
	int err = nondet_errno();

	claim(by_fit && from == fit && size == fit_size && size <= 65536);
	claim(!memcmp(purpose, "rpmb-token", 11));
	verified = !err;
	s->data = data;
	s->size = data_size;
	s->why = "why";
	return err;
}

bool rpmb_is_ratcheted(void)
{
	return ratcheted;
}

/* Contract: see token */
int rpmb_token_open(struct rpmb_token *t, const void *blob, size_t size,
		    struct rpmb_tree_fault *fault)
{
	u32 at = nondet_u32();
	int err = nondet_errno();

	claim(!ratcheted && size == data_size);
	claim(blob == (by_fit ? copy : data) && allocated == by_fit && !freed);
	if (at < size)
		claim(((const u8 *)blob)[at] == data[at]);
	opened = !err;
	*t = token;
	fault->prop = nondet_bool() ? "prop" : NULL;
	fault->why = "why";
	return err;
}

int rpmb_policy_device(struct rpmb_ref *r)
{
	int err = nondet_errno();

	found = !err;
	if (!err)
		*r = ref;
	return err;
}

void rpmb_get_target_id(struct udevice *dev, u8 target,
			struct rpmb_target_id *t)
{
	claim(found && dev == ref.dev && target == ref.target);
	its_id = t;
}

bool rpmb_target_is_same(const struct rpmb_target_id *a,
			 const struct rpmb_target_id *b)
{
	claim(opened && a == its_id);
	claim(b->transport == token.device.transport &&
	      b->target == token.device.target &&
	      b->dev_id == token.device.dev_id &&
	      b->dev_id_len == token.device.dev_id_len);
	same = nondet_bool();
	return same;
}

static bool is_ref(struct rpmb_ref r)
{
	return r.dev == ref.dev && r.target == ref.target &&
	       r.keyid == ref.keyid;
}

int rpmb_get_write_count(struct rpmb_ref r, u32 *count)
{
	int err = nondet_errno();

	claim(found && is_ref(r));
	counted = !err;
	*count = counter;
	return err;
}

const struct rpmb_status *rpmb_get_status(struct udevice *dev, u8 target)
{
	claim(dev == ref.dev && target == ref.target);
	return &status;
}

static int act(struct rpmb_ref r, u32 at)
{
	int err = nondet_errno();

	claim(!ratcheted && opened && found && same && counted);
	claim(implies(by_fit, verified));
	claim(is_ref(r) && at == token.counter && at == counter);
	claim(!acts);
	acts++;
	done = !err;
	status.state = nondet_int();
	return err;
}

int rpmb_index_reset(struct rpmb_ref r, u32 loc, u64 index, u32 at)
{
	claim(token.action == RPMB_TOKEN_RESET_INDEX);
	claim(loc == token.loc && index == token.index && !forgotten);
	return act(r, at);
}

int rpmb_rma_open(struct rpmb_ref r, u32 at)
{
	claim(token.action == RPMB_TOKEN_RMA);
	return act(r, at);
}

void rpmb_policy_forget(void)
{
	claim(acts == 1);
	forgotten++;
}

int board_rpmb_token(const void **from, size_t *size)
{
	*from = fit;
	*size = fit_size;
	return hook;
}

static void claim_result(int ret)
{
	claim(ret <= 0 && !ret == done);
	claim(refusals == !acts);
}

void proof(void)
{
	bool boot = nondet_bool();

	__CPROVER_havoc_object((void *)data);
	__CPROVER_havoc_object(&token);
	assume(token.action == RPMB_TOKEN_RMA ||
	       token.action == RPMB_TOKEN_RESET_INDEX);
	ref.dev = &device;
	ref.target = nondet_u8();
	ref.keyid = nondet_u32();
	fit_size = nondet_size();
	data_size = nondet_size();
	assume(data_size <= LONGEST);
	counter = nondet_u32();
	ratcheted = nondet_bool();
	hook = nondet_errno();
	by_fit = boot || nondet_bool();
	if (boot)
		rpmb_token_boot();
	else if (by_fit)
		claim_result(rpmb_token_use_fit(fit, fit_size));
	else
		claim_result(rpmb_token_use(data, data_size));

	claim(freed == allocated && acts <= 1 && said_done == done);
	claim(implies(boot && hook, !verified && refusals == (hook != -ENOENT)));
	claim(forgotten == (acts && token.action == RPMB_TOKEN_RESET_INDEX));
	claim(implies(said_nothing, status.state != RPMB_STATE_UNKNOWN &&
		      status.state != RPMB_STATE_CHANGED));
}
