/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An attacker between lib/rpmb and its devices, and the rules that he must not
 * break
 *
 * There are three seats: two regions of one device, and another device, each with
 * a key of its own. All frames pass the attacker. At each exchange he does one of
 * the moves below; he keeps what he has seen, and can use it at any seat.
 */

#ifndef _ATTACK_H
#define _ATTACK_H

#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include <rpmb/client.h>
#include <rpmb/mac.h>
#include "../model/rpmb_model.h"

#define SEATS		3
#define SEAT_BLOCKS	16
#define AT_INDEXES	0
#define AT_RECORDS	4
#define RECORD_BLOCKS	3
#define AT_RAW		8
#define WORK_FRAMES	5

/** enum attack_rule - what no attacker can bring about */
enum attack_rule {
	RULE_COUNTER,	/* a counter is believed that the device did not have */
	RULE_READ,	/* data are believed that the device did not have */
	RULE_WRITE,	/* a success, and the data are not there */
	RULE_REPLAY,	/* after a success, a frame can still be executed */
	RULE_INDEX,	/* an index goes down, or is unset, without a token */
	RULE_CHECK,	/* something with a lower index passes */
	RULE_TORN,	/* half of a record or of a block */
	RULE_RECORD,	/* a record of before the last success comes back */
	RULE_TOKEN,	/* a token works twice */
	RULE_KEY,	/* a key is sent unasked, or said to be there and is not */
	RULES
};

/** enum attack_move - what the attacker does with an exchange */
enum attack_move {
	MOVE_PASS,
	MOVE_LOSE_REQUEST,
	MOVE_LOSE_REPLY,
	MOVE_FLIP_REQUEST,	/* a bit; the argument says in which field */
	MOVE_FLIP_REPLY,
	MOVE_OLD_REPLY,		/* a recorded one in place of the new one */
	MOVE_OLD_INSTEAD,	/* the same, and the request is held back */
	MOVE_SWAP,		/* a recorded write in place of the request */
	MOVE_PLAY_BEFORE,	/* a recorded write before the request */
	MOVE_PLAY_AFTER,
	MOVE_TWICE,		/* the request once more */
	MOVE_OTHER_SEAT,	/* the request goes to another seat */
	MOVE_SPOIL,		/* have the device sign a failure, hand that out */
	MOVE_RESET,		/* the device alone loses power */
	MOVE_CUT_BEFORE,	/* both lose power */
	MOVE_CUT_AFTER,
	MOVES
};

/** struct attack_act - a move and its argument */
struct attack_act {
	u8 move;
	u8 arg;
};

/** struct attack_seat - a target, its client, and what is true of it */
struct attack_seat {
	struct rpmb_model model;
	u8 data[SEAT_BLOCKS * RPMB_BLOCK_SIZE];
	u8 shadow[SEAT_BLOCKS * RPMB_BLOCK_SIZE];
	struct rpmb_client cl;
	struct rpmb_mac mac;
	u8 key[RPMB_KEY_SIZE];
	struct rpmb_frame work[WORK_FRAMES];
	struct rpmb_rollback rb;
	struct rpmb_records rs;
	struct rpmb_record_block record_room[RECORD_BLOCKS];
	u32 highest_signed;	/* counter of a frame that was signed, plus 1 */
	u32 counter_before;	/* as the operation began */
	u32 writes;		/* requests to write of the operation */
};

/**
 * struct attack - all of it
 *
 * @seats:	targets
 * @choose:	what the attacker does with exchange number @exchanges
 * @broken:	called when a rule is broken
 * @exchanges:	so far in this history
 * @dead:	no power until the next reboot
 * @no_key:	the last reply says that the device has no key
 * @hold:	no write gets through, whatever @choose says
 * @op:		operations so far
 * @busy:	seat of the operation
 * @was:	blocks of @busy that the operation has seen replaced
 * @was_at:	which blocks
 * @was_count:	number of them
 * @last_record: operation that has last changed the record, with success
 * @last_delete: operation that has last begun to delete it
 * @tokens:	counter values that tokens were given for
 * @tokens_given: number of them
 */
struct attack {
	struct attack_seat seats[SEATS];
	struct attack_act (*choose)(void);
	void (*broken)(enum attack_rule rule);
	u32 exchanges;
	bool dead;
	bool no_key;
	bool hold;
	u32 op;
	struct attack_seat *busy;
	u8 was[64][RPMB_BLOCK_SIZE];
	u8 was_at[64];
	u32 was_count;
	u32 last_record;
	u32 last_delete;
	u32 tokens[16];
	u32 tokens_given;
};

extern struct attack world;

/** attack_start() - three targets, keyed, stores blank, in place of others */
void attack_start(enum rpmb_model_flavour flavour);

/** attack_reboot() - power is lost and comes back, everywhere */
void attack_reboot(void);

/** attack_begin() - an operation on this seat begins */
void attack_begin(struct attack_seat *seat);

/** attack_was() - has a block had this content during the operation? */
bool attack_was(u32 block, const void *content);

/** attack_index() - an index of a block, as the format has it; -1 not set */
long long attack_index(const u8 *block, u32 i);

#endif /* _ATTACK_H */
