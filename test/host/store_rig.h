/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of the stores share: where they are, and an attacker who holds a
 * signed write back and plays it when it suits him
 */

#ifndef _STORE_RIG_H
#define _STORE_RIG_H

#include "client_rig.h"

#define STORE_FIRST	0x100

/**
 * struct store_case - what a test does just now, for messages
 *
 * @at:		at which step or exchange
 * @how:	in which way: enum rig_cut, enum rpmb_model_fault, enum store_hold
 * @more:	how often, or what else there is to say
 */
extern struct store_case {
	u32 at, how, more;
} store_case;

/** store_rig_fail() - the case has failed, and why */
void store_rig_fail(const char *why);

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

/** store_rig_held() - after that operation: keep its frames, go on */
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

/** store_rig_bus_errors() - of the bus, and what must come of them: as above */
void store_rig_bus_errors(struct client_rig *rig, void (*check)(int want));

/** store_rig_keys() - another key, none, and no device: as above */
void store_rig_keys(struct client_rig *rig, void (*check)(int want));

/** define STORE_BUS_ERRORS - cases of store_rig_bus_error() */
#define STORE_BUS_ERRORS	6

/**
 * store_rig_bus_error() - at a request of the next operation the bus fails
 *
 * host_test_case says at which one, and whether with -ENOENT or with -ENODATA,
 * which must not be passed on: here they mean that something is not stored.
 */
void store_rig_bus_error(struct client_rig *rig);

/**
 * struct store_drill - an operation that is disturbed, wherever it can be
 *
 * @rig:	the device, and the client
 * @start:	a device, right before the operation
 * @act:	the operation, and what must hold after it. Return: what it returns
 * @again:	what must hold when all is well again
 * @watch:	NULL, or called after each exchange of store_drill_replays()
 * @not_twice:	leave out faults that strike twice: once and three times will do
 */
struct store_drill {
	struct client_rig *rig;
	void (*start)(void);
	int (*act)(void);
	void (*again)(void);
	void (*watch)(void);
	bool not_twice;
};

/**
 * store_drill_cuts() - power is cut at each step
 *
 * @drill:	operation
 * @steps:	that it takes: requests, replies and result reads; 0: any number
 */
void store_drill_cuts(const struct store_drill *drill, u32 steps);

/** store_drill_faults() - each fault at each exchange: client_rig_each_fault() */
void store_drill_faults(const struct store_drill *drill);

/**
 * store_drill_replays() - old replies in place of those that come
 *
 * @drill:	operation
 * @record:	what goes on after @drill->start(), while replies are recorded
 * @replies:	each of so many is played
 * @exchanges:	from each of so many on
 */
void store_drill_replays(const struct store_drill *drill, void (*record)(void),
			 u32 replies, u32 exchanges);

/**
 * struct store_played - a frame that is held back, and played later
 *
 * @rig:	the device, and the client
 * @hold:	have it held back: store_rig_hold(), and store_rig_held()
 * @check:	do something else, during which it is played, and what must hold
 * @watch:	NULL, or called after each exchange of that
 * @swaps:	it is played in place of each of so many writes
 * @plays:	and after each of so many exchanges
 */
struct store_played {
	struct client_rig *rig;
	void (*hold)(enum store_hold hold);
	void (*check)(void);
	void (*watch)(void);
	u32 swaps;
	u32 plays;
};

/** store_drill_played() - held back in each way, and played whenever it can be */
void store_drill_played(const struct store_played *played);

#endif /* _STORE_RIG_H */
