/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model on the bench, spoken to in frames made by hand
 */

#ifndef _MODEL_RIG_H
#define _MODEL_RIG_H

#include "../model/rpmb_model.h"
#include "host_frame.h"

#define RIG_BLOCKS	512
#define RIG_FRAMES	64

/**
 * struct model_rig - model, its memory, and the last reply
 *
 * @model:	model
 * @data:	its blocks
 * @req:	request frames, for rig_send() to send
 * @raw:	reply frames
 * @reply:	fields of the last frame of the reply
 * @link:	what the link said: 0, or -1
 */
struct model_rig {
	struct rpmb_model model;
	u8 data[RIG_BLOCKS * RPMB_MODEL_BLOCK];
	u8 req[RIG_FRAMES * RPMB_MODEL_FRAME];
	u8 raw[RIG_FRAMES * RPMB_MODEL_FRAME];
	struct host_frame reply;
	int link;
};

extern const u8 rig_key[32];

void rig_init(struct model_rig *rig, enum rpmb_model_flavour flavour);

/** rig_init_keyed() - with rig_key in it and random data */
void rig_init_keyed(struct model_rig *rig, enum rpmb_model_flavour flavour);

/**
 * rig_send() - send request frames, fetch the reply
 *
 * @rig:	rig
 * @count:	frames in @rig->req
 * @result_read: send a result read before fetching the reply
 * @reliable:	reliable-write bit
 * @want:	reply frames to ask for
 * Return: result field of the reply's last frame; -1 link error
 */
int rig_send(struct model_rig *rig, u32 count, bool result_read, bool reliable,
	     u32 want);

/** rig_program() - program a key; returns as rig_send() */
int rig_program(struct model_rig *rig, const u8 key[32]);

/** rig_counter() - ask for the counter with a nonce of this byte */
int rig_counter(struct model_rig *rig, u8 nonce);

/**
 * rig_make_write() - make a signed write request in @rig->req
 *
 * @rig:	rig
 * @addr:	first block
 * @count:	blocks
 * @counter:	write counter to state
 * @fill:	byte to fill the data with, plus the block's index
 */
void rig_make_write(struct model_rig *rig, u32 addr, u32 count, u32 counter,
		    u8 fill);

/** rig_sign() - sign @count frames in @rig->req with rig_key */
void rig_sign(struct model_rig *rig, u32 count);

/** rig_write() - write with the model's own counter; returns as rig_send() */
int rig_write(struct model_rig *rig, u32 addr, u32 count, u8 fill);

/** rig_make_read() - make a read request in @rig->req */
void rig_make_read(struct model_rig *rig, u32 addr, u32 count, u8 nonce);

/** rig_read() - read, with @rig->raw as the place for it */
int rig_read(struct model_rig *rig, u32 addr, u32 count, u8 nonce);

#endif /* _MODEL_RIG_H */
