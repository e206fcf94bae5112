/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tap on the bus of the RPMB model: does one thing to the n-th exchange
 *
 * An exchange is a request, its result read where there is one, and the reply.
 * The tap counts them from 0, records replies, and strikes where it was told to.
 */

#ifndef _RPMB_TAP_H
#define _RPMB_TAP_H

#include "rpmb_model.h"

/** define RPMB_TAP_FRAMES - most frames of a reply that are recorded */
#define RPMB_TAP_FRAMES	64

/** define RPMB_TAP_STRIKES - faults that can be armed at the same time */
#define RPMB_TAP_STRIKES	2

/**
 * enum rpmb_tap_fault - what is done to an exchange
 *
 * A flipped bit is in the last frame of the reply, which has the MAC; one in
 * the data is in the first.
 */
enum rpmb_tap_fault {
	RPMB_TAP_PASS,
	RPMB_TAP_CUT_BEFORE,	/* power fails before the request arrives */
	RPMB_TAP_CUT_AFTER,	/* ... after it was executed */
	RPMB_TAP_LOSE_REQUEST,
	RPMB_TAP_LOSE_RESULT,	/* the result read is lost */
	RPMB_TAP_LOSE_REPLY,
	RPMB_TAP_REFUSE,	/* the device fails, and signs that */
	RPMB_TAP_REPLAY,	/* an old reply to a request of this type */
	RPMB_TAP_OTHER,		/* a good reply, to another command */
	RPMB_TAP_LATE,		/* lost, and comes in place of the next one */
	RPMB_TAP_ZERO,		/* nothing but zeroes */
	RPMB_TAP_ONES,		/* nothing but ones */
	/* a bit is flipped on the bus: */
	RPMB_TAP_BIT_STUFF,
	RPMB_TAP_BIT_MAC,
	RPMB_TAP_BIT_DATA,
	RPMB_TAP_BIT_NONCE,
	RPMB_TAP_BIT_COUNTER,
	RPMB_TAP_BIT_ADDRESS,
	RPMB_TAP_BIT_COUNT,
	RPMB_TAP_BIT_RESULT,
	RPMB_TAP_BIT_TYPE,
	/* the device is mistaken, and signs that: */
	RPMB_TAP_SAYS_NONCE,
	RPMB_TAP_SAYS_COUNTER,
	RPMB_TAP_SAYS_ADDRESS,
	RPMB_TAP_SAYS_COUNT,
	RPMB_TAP_SAYS_TYPE,
	RPMB_TAP_SAYS_NO_KEY,	/* which nobody can sign */
	RPMB_TAP_FAULTS
};

/**
 * struct rpmb_tap_strike - where a fault strikes
 *
 * @fault:	what is done
 * @at:		exchange
 * @for_good:	from this exchange on, at all of them
 */
struct rpmb_tap_strike {
	enum rpmb_tap_fault fault;
	u32 at;
	bool for_good;
};

/**
 * struct rpmb_tap_record - an old reply
 *
 * @count:	frames, 0: there is none
 * @frames:	frames
 */
struct rpmb_tap_record {
	u32 count;
	u8 frames[RPMB_TAP_FRAMES * RPMB_MODEL_FRAME];
};

/**
 * struct rpmb_tap - the tap
 *
 * @hook:	what the model calls: rpmb_model.tap is its address
 * @strike:	armed faults
 * @exchanges:	exchanges since it was armed
 * @changes:	of these, requests that could change the device
 * @struck:	times that a fault struck
 * @dead:	power is off, nothing gets through until it is armed anew
 * @now:	fault of the exchange under way
 * @type:	type of its request
 * @request:	last frame of its request
 * @is_late:	@late comes in place of the next reply
 * @late:	reply that is late
 * @old:	replies from before it was armed, by type
 * @new:	replies since then
 */
struct rpmb_tap {
	struct rpmb_model_tap hook;
	struct rpmb_tap_strike strike[RPMB_TAP_STRIKES];
	u32 exchanges;
	u32 changes;
	u32 struck;
	bool dead;
	enum rpmb_tap_fault now;
	u32 type;
	u8 request[RPMB_MODEL_FRAME];
	bool is_late;
	struct rpmb_tap_record late;
	struct rpmb_tap_record old[8];
	struct rpmb_tap_record new[8];
};

/**
 * rpmb_tap_init() - make a tap that lets everything pass
 *
 * @tap:	tap
 */
void rpmb_tap_init(struct rpmb_tap *tap);

/**
 * rpmb_tap_arm() - say where it strikes, and count from 0
 *
 * What was recorded is from before, from now on.
 *
 * @tap:	tap
 * @strike:	RPMB_TAP_STRIKES faults; NULL for none
 */
void rpmb_tap_arm(struct rpmb_tap *tap, const struct rpmb_tap_strike *strike);

/** rpmb_tap_name() - a fault, for people */
const char *rpmb_tap_name(enum rpmb_tap_fault fault);

#endif /* _RPMB_TAP_H */
