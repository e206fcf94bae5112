// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtio front end of the RPMB model (OASIS VIRTIO 1.3 section 5.12)
 *
 * A chain is a request, the result-read frame where one is due, and room for
 * the reply.
 */

#include "rpmb_model_frame.h"
#include "virtio_front.h"

static u32 frame_type(const u8 *frame)
{
	return get16(frame, AT_TYPE);
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
static void set_result_count(struct virtio_front *front, u8 *frame)
{
	struct rpmb_model *m = front->model;

	if (!(front->quirks & VIRTIO_FRONT_Q_RESULT_COUNT_0))
		return;

	put16(frame, AT_COUNT, 0);
	rpmb_model_sign(m, frame, 1);
}

/* Only a read has more than one frame of reply */
static u32 reply_frames(const u8 *request, u32 in_cnt)
{
	u32 count = get16(request, AT_COUNT);

	if (frame_type(request) != T_READ)
		return in_cnt ? 1 : 0;
	return count && count < in_cnt ? count : in_cnt;
}

/* Returns frames written; -1 where a link error took the reply */
static int reply(struct virtio_front *front, const u8 *request, u8 *in,
		 u32 in_cnt)
{
	u32 n = reply_frames(request, in_cnt);

	if (!n)
		return 0;
	return rpmb_model_get(front->model, in, n) ? -1 : (int)n;
}

/* A request and its result read in the same chain */
static int run_change(struct virtio_front *front, const u8 *out, u32 out_cnt,
		      u8 *in, u32 in_cnt)
{
	int ret;

	if (rpmb_model_put(front->model, out, out_cnt - 1, true) ||
	    rpmb_model_put(front->model, last_frame(out, out_cnt), 1, true))
		return -1;
	ret = reply(front, out, in, in_cnt);
	if (ret > 0)
		set_result_count(front, in);

	return ret;
}

static int run(struct virtio_front *front, const u8 *out, u32 out_cnt, u8 *in,
	       u32 in_cnt)
{
	bool result_read = frame_type(last_frame(out, out_cnt)) == T_RESULT;

	if (out_cnt > 1 && result_read)
		return run_change(front, out, out_cnt, in, in_cnt);
	if (rpmb_model_put(front->model, out, out_cnt, true))
		return -1;
	/* executed, but nobody asked for the result */
	if (needs_result_read(frame_type(out)))
		return 0;

	return reply(front, out, in, in_cnt);
}

static enum virtio_front_hostile next_hostile(struct virtio_front *front, u32 type)
{
	enum virtio_front_hostile hostile = front->hostile;

	if (!hostile || (front->hostile_req && front->hostile_req != type))
		return VIRTIO_FRONT_H_NONE;
	if (front->hostile_skip) {
		front->hostile_skip--;
		return VIRTIO_FRONT_H_NONE;
	}
	if (!--front->hostile_times)
		front->hostile = VIRTIO_FRONT_H_NONE;

	return hostile;
}

static void spoil(enum virtio_front_hostile hostile,
		  struct virtio_front_answer *answer)
{
	switch (hostile) {
	case VIRTIO_FRONT_H_HANG:
		answer->complete = false;
		break;
	case VIRTIO_FRONT_H_SHORT_LEN:
		answer->len--;
		break;
	case VIRTIO_FRONT_H_ZERO_LEN:
		answer->len = 0;
		break;
	case VIRTIO_FRONT_H_LONG_LEN:
		answer->len = 0xfffffe00;
		break;
	case VIRTIO_FRONT_H_BAD_ID:
		answer->id = 0x7fffff00;
		break;
	case VIRTIO_FRONT_H_OTHER_ID:
		answer->id = 1;
		break;
	case VIRTIO_FRONT_H_INDEX_JUMP:
		answer->step = 0x4001;
		break;
	case VIRTIO_FRONT_H_INDEX_BACK:
		answer->step = 0xffff;
		break;
	case VIRTIO_FRONT_H_NONE:
		break;
	}
}

static bool never_completes(const struct virtio_front *front, const u8 *out,
			    u32 out_cnt)
{
	return (front->quirks & VIRTIO_FRONT_Q_NO_RESULT_HANGS) &&
		needs_result_read(frame_type(out)) &&
		frame_type(last_frame(out, out_cnt)) != T_RESULT;
}

void virtio_front_run(struct virtio_front *front, const u8 *out, u32 out_cnt,
		      u8 *in, u32 in_cnt, struct virtio_front_answer *answer)
{
	int written = 0;

	front->chains++;
	front->frames_out += out_cnt;
	front->frames_in += in_cnt;
	*answer = (struct virtio_front_answer){ .complete = true, .step = 1 };
	if (!out_cnt)
		return;

	written = run(front, out, out_cnt, in, in_cnt);
	if (written > 0)
		answer->len = written * RPMB_MODEL_FRAME;
	answer->complete = !never_completes(front, out, out_cnt);
	spoil(next_hostile(front, frame_type(out)), answer);
}

void virtio_front_arm(struct virtio_front *front, enum virtio_front_hostile hostile,
		      u32 req, u32 skip, u32 times)
{
	front->hostile = hostile;
	front->hostile_req = req;
	front->hostile_skip = skip;
	front->hostile_times = times;
}

void virtio_front_config(struct virtio_front *front,
			 u8 cfg[VIRTIO_FRONT_CONFIG_SIZE])
{
	front->config_reads++;
	cfg[0] = front->capacity;
	cfg[1] = front->model->max_wr;
	cfg[2] = front->model->max_rd;
	if (front->quirks & VIRTIO_FRONT_Q_CONFIG_CHANGES)
		memset(cfg, front->config_reads, VIRTIO_FRONT_CONFIG_SIZE);
}
