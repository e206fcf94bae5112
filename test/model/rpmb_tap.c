// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tap on the bus of the RPMB model
 */

#include "rpmb_model_frame.h"
#include "rpmb_tap.h"

/* What strikes at this exchange */
static enum rpmb_tap_fault choose(struct rpmb_tap *tap, u32 n)
{
	const struct rpmb_tap_strike *s;

	for (s = tap->strike; s < tap->strike + RPMB_TAP_STRIKES; s++)
		if (s->fault && (s->at == n || (s->for_good && n > s->at)))
			return s->fault;
	return RPMB_TAP_PASS;
}

static int lose(struct rpmb_tap *tap)
{
	tap->struck++;
	return -1;
}

static int cut(struct rpmb_tap *tap)
{
	tap->dead = true;
	return lose(tap);
}

static int put_request(struct rpmb_tap *tap, struct rpmb_model *m,
		       const u8 *frames, u32 count, bool reliable)
{
	int ret;

	if (tap->now == RPMB_TAP_CUT_BEFORE)
		return cut(tap);
	if (tap->now == RPMB_TAP_LOSE_REQUEST)
		return lose(tap);
	if (tap->now == RPMB_TAP_REFUSE) {
		tap->struck++;
		rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, 0, 0, 1);
	}
	ret = rpmb_model_take(m, frames, count, reliable);
	return tap->now == RPMB_TAP_CUT_AFTER ? cut(tap) : ret;
}

static int tap_put(struct rpmb_model_tap *hook, struct rpmb_model *m,
		   const u8 *frames, u32 count, bool reliable)
{
	struct rpmb_tap *tap = (struct rpmb_tap *)hook;
	u32 type = get16(frames, AT_TYPE);

	if (tap->dead)
		return -1;
	if (type == T_RESULT) {
		if (tap->now == RPMB_TAP_LOSE_RESULT)
			return lose(tap);
		return rpmb_model_take(m, frames, count, reliable);
	}
	tap->now = choose(tap, tap->exchanges++);
	tap->changes += type & 1;
	tap->type = type & 7;
	memcpy(tap->request, frames + (size_t)(count - 1) * RPMB_MODEL_FRAME,
	       RPMB_MODEL_FRAME);
	return put_request(tap, m, frames, count, reliable);
}

/* The last byte of a field; of the type the first, which has it in a reply */
static u32 field_end(enum rpmb_tap_fault fault)
{
	switch (fault) {
	case RPMB_TAP_BIT_STUFF:
		return AT_MAC - 1;
	case RPMB_TAP_BIT_MAC:
		return AT_DATA - 1;
	case RPMB_TAP_BIT_DATA:
		return AT_NONCE - 1;
	case RPMB_TAP_BIT_NONCE:
	case RPMB_TAP_SAYS_NONCE:
		return AT_COUNTER - 1;
	case RPMB_TAP_BIT_COUNTER:
	case RPMB_TAP_SAYS_COUNTER:
		return AT_ADDR - 1;
	case RPMB_TAP_BIT_ADDRESS:
	case RPMB_TAP_SAYS_ADDRESS:
		return AT_COUNT - 1;
	case RPMB_TAP_BIT_COUNT:
	case RPMB_TAP_SAYS_COUNT:
		return AT_RESULT - 1;
	case RPMB_TAP_BIT_RESULT:
		return AT_TYPE - 1;
	default:
		return AT_TYPE;
	}
}

static void flip(struct rpmb_tap *tap, struct rpmb_model *m, u8 *frames,
		 u32 count)
{
	u8 *last = frames + (size_t)(count - 1) * RPMB_MODEL_FRAME;
	u8 *frame = tap->now == RPMB_TAP_BIT_DATA ? frames : last;

	/* 2, so that one block becomes three, not none, which eMMCs may say */
	frame[field_end(tap->now)] ^= 2;
	if (tap->now >= RPMB_TAP_SAYS_NONCE)
		rpmb_model_sign(m, frames, count);
}

static bool copy_record(const struct rpmb_tap_record *r, u8 *frames, u32 count)
{
	u32 i;

	for (i = 0; r->count && i < count; i++)
		memcpy(frames + (size_t)i * RPMB_MODEL_FRAME,
		       r->frames + (size_t)(i % r->count) * RPMB_MODEL_FRAME,
		       RPMB_MODEL_FRAME);
	return r->count;
}

static void record(struct rpmb_tap_record *r, const u8 *frames, u32 count)
{
	r->count = count < RPMB_TAP_FRAMES ? count : RPMB_TAP_FRAMES;
	memcpy(r->frames, frames, (size_t)r->count * RPMB_MODEL_FRAME);
}

/* A good answer to another question that has the same nonce and address */
static bool answer_other(struct rpmb_tap *tap, struct rpmb_model *m, u8 *frames,
			 u32 count)
{
	u32 type = tap->type == T_COUNTER ? T_READ : T_COUNTER;

	put16(tap->request, AT_TYPE, type);
	put16(tap->request, AT_COUNT, m->flavour == RPMB_MODEL_VIRTIO ||
	      type == T_READ);
	return !rpmb_model_take(m, tap->request, 1, false) &&
	       !rpmb_model_answer(m, frames, count);
}

static void say_no_key(u8 *frames, u32 count)
{
	for (; count--; frames += RPMB_MODEL_FRAME) {
		memset(frames + AT_MAC, 0, AT_NONCE - AT_MAC);
		memset(frames + AT_COUNTER, 0, AT_ADDR - AT_COUNTER);
		put16(frames, AT_RESULT, 7);
	}
}

/* Return: whether the reply is another one now */
static bool spoil(struct rpmb_tap *tap, struct rpmb_model *m, u8 *frames,
		  u32 count)
{
	switch (tap->now) {
	case RPMB_TAP_PASS:
	case RPMB_TAP_CUT_BEFORE:
	case RPMB_TAP_CUT_AFTER:
	case RPMB_TAP_LOSE_REQUEST:
	case RPMB_TAP_LOSE_RESULT:
	case RPMB_TAP_LOSE_REPLY:
	case RPMB_TAP_REFUSE:
	case RPMB_TAP_LATE:
		return false;
	case RPMB_TAP_REPLAY:
		return copy_record(&tap->old[tap->type], frames, count);
	case RPMB_TAP_OTHER:
		return answer_other(tap, m, frames, count);
	case RPMB_TAP_ZERO:
		memset(frames, 0, (size_t)count * RPMB_MODEL_FRAME);
		return true;
	case RPMB_TAP_ONES:
		memset(frames, 0xff, (size_t)count * RPMB_MODEL_FRAME);
		return true;
	case RPMB_TAP_SAYS_NO_KEY:
		say_no_key(frames, count);
		return true;
	default:
		flip(tap, m, frames, count);
		return true;
	}
}

static int tap_get(struct rpmb_model_tap *hook, struct rpmb_model *m,
		   u8 *frames, u32 count)
{
	struct rpmb_tap *tap = (struct rpmb_tap *)hook;
	u32 n = tap->type == T_READ ? count : 1;

	if (tap->dead)
		return -1;
	if (rpmb_model_answer(m, frames, count))
		return -1;
	record(&tap->new[tap->type], frames, n);
	if (tap->is_late && tap->now != RPMB_TAP_LATE) {
		tap->is_late = false;
		copy_record(&tap->late, frames, n);
		return 0;
	}
	if (tap->now == RPMB_TAP_LATE) {
		record(&tap->late, frames, n);
		tap->is_late = true;
		return lose(tap);
	}
	if (tap->now == RPMB_TAP_LOSE_REPLY)
		return lose(tap);
	tap->struck += spoil(tap, m, frames, n);
	return 0;
}

void rpmb_tap_init(struct rpmb_tap *tap)
{
	memset(tap, 0, sizeof(*tap));
	tap->hook.put = tap_put;
	tap->hook.get = tap_get;
}

void rpmb_tap_arm(struct rpmb_tap *tap, const struct rpmb_tap_strike *strike)
{
	u32 i;

	for (i = 0; i < 8; i++)
		if (tap->new[i].count)
			tap->old[i] = tap->new[i];
	memset(tap->new, 0, sizeof(tap->new));
	memset(tap->strike, 0, sizeof(tap->strike));
	if (strike)
		memcpy(tap->strike, strike, sizeof(tap->strike));
	tap->exchanges = 0;
	tap->changes = 0;
	tap->struck = 0;
	tap->dead = false;
	tap->is_late = false;
	tap->now = RPMB_TAP_PASS;
}

const char *rpmb_tap_name(enum rpmb_tap_fault fault)
{
	static const char *const names[RPMB_TAP_FAULTS] = {
		"none", "cut before", "cut after", "request lost",
		"result read lost", "reply lost", "refused", "replayed",
		"of another command", "late", "zeroes", "ones",
		"bit in the stuff bytes", "bit in the MAC", "bit in the data",
		"bit in the nonce", "bit in the counter", "bit in the address",
		"bit in the count", "bit in the result", "bit in the type",
		"signed: other nonce", "signed: other counter",
		"signed: other address", "signed: other count",
		"signed: other type", "says no key",
	};

	return names[fault];
}
