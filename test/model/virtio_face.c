// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtio face of the RPMB model (OASIS VIRTIO 1.3 section 5.12)
 *
 * A chain is a request, the result-read frame where one is due, and room for
 * the reply.
 */

#include "virtio_face.h"

/* Where the fields of a frame are */
#define AT_MAC		196
#define AT_COUNT	506
#define AT_TYPE		510

enum {
	T_KEY		= 1,
	T_COUNTER	= 2,
	T_WRITE		= 3,
	T_READ		= 4,
	T_RESULT	= 5,
};

static u32 frame_type(const u8 *frame)
{
	return (u32)frame[AT_TYPE] << 8 | frame[AT_TYPE + 1];
}

static u32 frame_count(const u8 *frame)
{
	return (u32)frame[AT_COUNT] << 8 | frame[AT_COUNT + 1];
}

static const u8 *last_frame(const u8 *frames, u32 count)
{
	return frames + (size_t)(count - 1) * RPMB_MODEL_FRAME;
}

static bool needs_result_read(u32 type)
{
	return type == T_KEY || type == T_WRITE;
}

/* With the right MAC: a peer that counts differently is no forger */
static void set_result_count(struct virtio_face *face, u8 *frame)
{
	struct rpmb_model *m = face->model;

	if (!(face->quirks & VIRTIO_FACE_Q_RESULT_COUNT_0))
		return;

	frame[AT_COUNT] = 0;
	frame[AT_COUNT + 1] = 0;
	if (m->state.key_set)
		rpmb_model_hmac(m->state.key, frame, 1, frame + AT_MAC);
}

/* Only a read has more than one frame of reply */
static u32 reply_frames(const u8 *request, u32 in_cnt)
{
	u32 count = frame_count(request);

	if (frame_type(request) != T_READ)
		return in_cnt ? 1 : 0;
	return count && count < in_cnt ? count : in_cnt;
}

/* Returns frames written; -1 where a link error took the reply */
static int reply(struct virtio_face *face, const u8 *request, u8 *in,
		 u32 in_cnt)
{
	u32 n = reply_frames(request, in_cnt);

	if (!n)
		return 0;
	return rpmb_model_get(face->model, in, n) ? -1 : (int)n;
}

/* A request and its result read in the same chain */
static int run_change(struct virtio_face *face, const u8 *out, u32 out_cnt,
		      u8 *in, u32 in_cnt)
{
	int ret;

	if (rpmb_model_put(face->model, out, out_cnt - 1, true) ||
	    rpmb_model_put(face->model, last_frame(out, out_cnt), 1, true))
		return -1;
	ret = reply(face, out, in, in_cnt);
	if (ret > 0)
		set_result_count(face, in);

	return ret;
}

static int run(struct virtio_face *face, const u8 *out, u32 out_cnt, u8 *in,
	       u32 in_cnt)
{
	bool result_read = frame_type(last_frame(out, out_cnt)) == T_RESULT;

	if (out_cnt > 1 && result_read)
		return run_change(face, out, out_cnt, in, in_cnt);
	if (rpmb_model_put(face->model, out, out_cnt, true))
		return -1;
	/* executed, but nobody asked for the result */
	if (needs_result_read(frame_type(out)))
		return 0;

	return reply(face, out, in, in_cnt);
}

static enum virtio_face_hostile next_hostile(struct virtio_face *face, u32 type)
{
	enum virtio_face_hostile hostile = face->hostile;

	if (!hostile || (face->hostile_req && face->hostile_req != type))
		return VIRTIO_FACE_H_NONE;
	if (face->hostile_skip) {
		face->hostile_skip--;
		return VIRTIO_FACE_H_NONE;
	}
	if (!--face->hostile_times)
		face->hostile = VIRTIO_FACE_H_NONE;

	return hostile;
}

static void spoil(enum virtio_face_hostile hostile,
		  struct virtio_face_answer *answer)
{
	switch (hostile) {
	case VIRTIO_FACE_H_HANG:
		answer->complete = false;
		break;
	case VIRTIO_FACE_H_SHORT_LEN:
		answer->len--;
		break;
	case VIRTIO_FACE_H_ZERO_LEN:
		answer->len = 0;
		break;
	case VIRTIO_FACE_H_LONG_LEN:
		answer->len = 0xfffffe00;
		break;
	case VIRTIO_FACE_H_BAD_ID:
		answer->id = 0x7fffff00;
		break;
	case VIRTIO_FACE_H_OTHER_ID:
		answer->id = 1;
		break;
	case VIRTIO_FACE_H_INDEX_JUMP:
		answer->step = 0x4001;
		break;
	case VIRTIO_FACE_H_INDEX_BACK:
		answer->step = 0xffff;
		break;
	case VIRTIO_FACE_H_NONE:
		break;
	}
}

static bool never_completes(const struct virtio_face *face, const u8 *out,
			    u32 out_cnt)
{
	return (face->quirks & VIRTIO_FACE_Q_NO_RESULT_HANGS) &&
		needs_result_read(frame_type(out)) &&
		frame_type(last_frame(out, out_cnt)) != T_RESULT;
}

void virtio_face_run(struct virtio_face *face, const u8 *out, u32 out_cnt,
		     u8 *in, u32 in_cnt, struct virtio_face_answer *answer)
{
	int written = 0;

	face->chains++;
	face->frames_out += out_cnt;
	face->frames_in += in_cnt;
	*answer = (struct virtio_face_answer){ .complete = true, .step = 1 };
	if (!out_cnt)
		return;

	written = run(face, out, out_cnt, in, in_cnt);
	if (written > 0)
		answer->len = written * RPMB_MODEL_FRAME;
	answer->complete = !never_completes(face, out, out_cnt);
	spoil(next_hostile(face, frame_type(out)), answer);
}

void virtio_face_arm(struct virtio_face *face, enum virtio_face_hostile hostile,
		     u32 req, u32 skip, u32 times)
{
	face->hostile = hostile;
	face->hostile_req = req;
	face->hostile_skip = skip;
	face->hostile_times = times;
}

void virtio_face_config(struct virtio_face *face,
			u8 cfg[VIRTIO_FACE_CONFIG_SIZE])
{
	face->config_reads++;
	cfg[0] = face->capacity;
	cfg[1] = face->model->max_wr;
	cfg[2] = face->model->max_rd;
	if (face->quirks & VIRTIO_FACE_Q_CONFIG_CHANGES)
		memset(cfg, face->config_reads, VIRTIO_FACE_CONFIG_SIZE);
}
