/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client of lib/rpmb, wired to a model
 */

#ifndef _CLIENT_RIG_H
#define _CLIENT_RIG_H

#include <rpmb/client.h>
#include <rpmb/mac.h>
#include "../model/rpmb_model.h"

#define RIG_BLOCKS	512
#define RIG_FRAMES	65

struct client_rig;

/**
 * typedef rig_tamper_t - sits on the bus; called after each exchange
 *
 * @rig:	rig
 * @f:		request frames, and reply frames, which may be changed
 * Return: what the link shall say
 */
typedef int (*rig_tamper_t)(struct client_rig *rig, const struct rpmb_frames *f);

/** enum rig_cut - when power is cut, around a step on the bus */
enum rig_cut {
	RIG_CUT_NONE,
	RIG_CUT_BEFORE,		/* nothing of it arrives */
	RIG_CUT_PARTIAL,	/* all frames but the last arrive */
	RIG_CUT_AFTER,		/* all of it is done, nobody hears of it */
	RIG_CUTS,
};

/**
 * struct rig_forgery - what a field of replies says instead
 *
 * @req:	in replies to requests of this type; 0: to all
 * @at:		offset of a field of 16 bits
 * @value:	what it says
 * @is_signed:	with a MAC over it
 */
struct rig_forgery {
	u16 req;
	u16 at;
	u16 value;
	bool is_signed;
};

/**
 * struct client_rig - client, key, model and what is between them
 *
 * @cl:		client
 * @mac:	its key, loaded with client_rig_key
 * @frames:	its work space
 * @model:	device
 * @data:	its blocks
 * @tamper:	NULL, or who sits on the bus
 * @fail_from:	request that client_rig_fail_from() waits for, 0 once it came
 * @bus_error:	what the bus says from then on
 * @forgery:	what client_rig_forge() was told
 * @link_error:	what the link says when the model drops something
 * @dead:	no power: every exchange fails
 * @cut:	how power is cut
 * @cut_step:	at which step: a request, a result read or a reply, from 1
 * @step:	steps so far
 * @exchanges:	exchanges so far
 * @nonces:	nonces handed out so far
 * @nonce_fails: the nonce with this number (from 1) fails
 * @seen_first:	keep the first write request in @seen, not the last
 * @seen:	write request on the bus
 * @seen_cnt:	frames in it
 */
struct client_rig {
	struct rpmb_client cl;
	struct rpmb_mac mac;
	struct rpmb_frame frames[RIG_FRAMES];
	struct rpmb_model model;
	u8 data[RIG_BLOCKS * RPMB_BLOCK_SIZE];
	rig_tamper_t tamper;
	u32 fail_from;
	int bus_error;
	struct rig_forgery forgery;
	int link_error;
	bool dead;
	enum rig_cut cut;
	u32 cut_step;
	u32 step;
	u32 exchanges;
	u32 nonces;
	u32 nonce_fails;
	bool seen_first;
	struct rpmb_frame seen[RIG_FRAMES];
	u32 seen_cnt;
};

extern const u8 client_rig_key[RPMB_KEY_SIZE];

/**
 * client_rig_init() - a blank device, and a client that knows nothing of it
 *
 * What the key of a device before it has taken is freed.
 */
void client_rig_init(struct client_rig *rig, enum rpmb_model_flavour flavour);

/** client_rig_init_keyed() - the key is programmed; random data */
void client_rig_init_keyed(struct client_rig *rig,
			   enum rpmb_model_flavour flavour);

/** client_rig_reboot() - power is lost and comes back; both sides start over */
void client_rig_reboot(struct client_rig *rig);

/** client_rig_block() - a block as it is on the device */
u8 *client_rig_block(struct client_rig *rig, u32 block);

/** client_rig_arm() - arm a fault for the next request of a type */
void client_rig_arm(struct client_rig *rig, enum rpmb_model_fault fault,
		    u16 req);

/** client_rig_fail_from() - the bus fails, from the next request of a type on */
void client_rig_fail_from(struct client_rig *rig, u32 req, int err);

/** client_rig_forge() - from now on, a field of the last frame of replies */
void client_rig_forge(struct client_rig *rig, struct rig_forgery forgery);

/** FORGERY() - a struct rig_forgery by the field's name, signed */
#define FORGERY(_req, _field, _value) (struct rig_forgery) { \
		_req, offsetof(struct rpmb_frame, _field), _value, true \
	}

/** UNSIGNED_FORGERY() - the same by somebody who has no key */
#define UNSIGNED_FORGERY(_req, _field, _value) (struct rig_forgery) { \
		_req, offsetof(struct rpmb_frame, _field), _value, false \
	}

/** client_rig_type() - type of a request */
static inline u16 client_rig_type(const struct rpmb_frames *f)
{
	return rpmb_get16(&f->req->req_resp);
}

/** client_rig_last() - the frame of a reply that a client looks at */
static inline struct rpmb_frame *client_rig_last(const struct rpmb_frames *f)
{
	return &f->resp[f->resp_cnt - 1];
}

/**
 * client_rig_each_fault() - run a test with each fault at each exchange
 *
 * Each fault strikes once, twice, three times, or for good.
 *
 * @act:	the test, which arms the fault: see client_rig_strike()
 * @act.Return:	client_rig_struck(): the fault came, so a later exchange is next
 */
void client_rig_each_fault(bool (*act)(enum rpmb_model_fault fault, u32 skip,
				       u32 times));

/** client_rig_strike() - arm a fault after so many exchanges, so many times */
void client_rig_strike(struct client_rig *rig, enum rpmb_model_fault fault,
		       u32 skip, u32 times);

/** client_rig_struck() - no fault from now on; has the last one struck? */
bool client_rig_struck(struct client_rig *rig, u32 times);

/**
 * client_rig_record() - keep the last frames of replies from now on
 *
 * @rig:	rig
 * @watch:	NULL, or called after each exchange
 */
void client_rig_record(struct client_rig *rig, void (*watch)(void));

/** client_rig_recorded() - number of replies that were kept */
u32 client_rig_recorded(void);

/**
 * client_rig_replay() - old replies in place of new ones
 *
 * @rig:	rig, after client_rig_record()
 * @from:	reply, from 1, also one that is still to come; 0: none
 * @when:	from this exchange on, counted from now
 */
void client_rig_replay(struct client_rig *rig, u32 from, u32 when);

/** client_rig_sign() - sign a reply as the device would, for tampering */
void client_rig_sign(struct rpmb_frame *resp, u32 count);

/** client_rig_exchanges() - exchanges since the last call */
u32 client_rig_exchanges(struct client_rig *rig);

#endif /* _CLIENT_RIG_H */
