/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the fields of a frame are, for the model, its front ends and its tap
 *
 * The model's own: nothing of lib/rpmb is in it.
 */

#ifndef _RPMB_MODEL_FRAME_H
#define _RPMB_MODEL_FRAME_H

#include "rpmb_model.h"

#define AT_MAC		196
#define AT_DATA		228
#define AT_NONCE	484
#define AT_COUNTER	500
#define AT_ADDR		504
#define AT_COUNT	506
#define AT_RESULT	508
#define AT_TYPE		510

/* Types of requests */
enum {
	T_KEY		= 1,
	T_COUNTER	= 2,
	T_WRITE		= 3,
	T_READ		= 4,
	T_RESULT	= 5,
	T_WP_WRITE	= 6,
};

static inline u32 get16(const u8 *frame, u32 at)
{
	return (u32)frame[at] << 8 | frame[at + 1];
}

static inline void put16(u8 *frame, u32 at, u32 val)
{
	frame[at] = val >> 8;
	frame[at + 1] = val;
}

static inline u32 get32(const u8 *frame, u32 at)
{
	return get16(frame, at) << 16 | get16(frame, at + 2);
}

static inline void put32(u8 *frame, u32 at, u32 val)
{
	put16(frame, at, val >> 16);
	put16(frame, at + 2, val);
}

#endif /* _RPMB_MODEL_FRAME_H */
