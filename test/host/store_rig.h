/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of the stores share: where they are, and an attacker who holds a
 * signed write back and plays it when it suits him
 */

#ifndef _STORE_RIG_H
#define _STORE_RIG_H

#include "client_rig.h"

#define STORE_FIRST	0x100

/** enum store_hold - how a write is kept from the device */
enum store_hold {
	STORE_HOLD_REBOOT,	/* power is lost */
	STORE_HOLD_LINK,	/* nothing gets through from there on */
	STORE_HOLD_FIRST,	/* writes do not get through: the first try */
	STORE_HOLD_LAST,	/* or the last one is kept */
	STORE_HOLDS,
};

/**
 * store_rig_start() - a device with a key and a store that is blank
 *
 * @rig:	rig; the client knows nothing of the device
 * @flavour:	of the device
 * @blocks:	size of the store; all around it is random
 */
void store_rig_start(struct client_rig *rig, enum rpmb_model_flavour flavour,
		     u32 blocks);

/** store_rig_block() - a block of the store as it is on the device */
u8 *store_rig_block(struct client_rig *rig, u32 number);

/**
 * store_rig_hold() - the next write is not going to arrive
 *
 * To be called before an operation that must not succeed.
 *
 * @rig:	rig
 * @hold:	how it is held back
 * @exchanges:	of the operation, before its write
 */
void store_rig_hold(struct client_rig *rig, enum store_hold hold,
		    u32 exchanges);

/** store_rig_held() - after that operation: keep its frame, go on */
void store_rig_held(struct client_rig *rig, enum store_hold hold);

/**
 * store_rig_swap() - play it in place of a write
 *
 * @rig:	rig
 * @skip:	writes to let pass first
 * @watch:	NULL, or called after each exchange
 */
void store_rig_swap(struct client_rig *rig, u32 skip, void (*watch)(void));

/**
 * store_rig_play() - play it after an exchange; frames of the client arrive
 *
 * @rig:	rig
 * @after:	exchanges from now
 * @watch:	NULL, or called after each exchange, and after it was played
 */
void store_rig_play(struct client_rig *rig, u32 after, void (*watch)(void));

/**
 * store_rig_forge() - forged and spoilt answers to reads
 *
 * @rig:	rig
 * @check:	called with each kind of answer, and the error that must come of it
 */
void store_rig_forge(struct client_rig *rig, void (*check)(int want));

/**
 * struct store_drill - an operation that is disturbed, wherever it can be
 *
 * @rig:	the device, and the client
 * @start:	a device, right before the operation. It is disturbed at a step,
 *		in a way (enum rig_cut or enum rpmb_model_fault), so many times
 * @act:	the operation, and what must hold after it. Return: what it returns
 * @again:	what must hold when all is well again
 * @fail:	say of this case why it failed
 * @not_twice:	leave out faults that strike twice: once and three times will do
 */
struct store_drill {
	struct client_rig *rig;
	void (*start)(u32 step, u32 way, u32 times);
	int (*act)(void);
	void (*again)(void);
	void (*fail)(const char *why);
	bool not_twice;
};

/**
 * store_drill_cuts() - power is cut at each step
 *
 * @drill:	operation
 * @steps:	that it takes: requests, replies and result reads
 */
void store_drill_cuts(const struct store_drill *drill, u32 steps);

/** store_drill_faults() - each fault at each exchange: client_rig_each_fault() */
void store_drill_faults(const struct store_drill *drill);

#endif /* _STORE_RIG_H */
