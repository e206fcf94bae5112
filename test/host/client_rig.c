// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client of lib/rpmb, wired to a model
 */

#include "client_rig.h"
#include "host_frame.h"
#include "host_test.h"

const u8 client_rig_key[RPMB_KEY_SIZE] = {
	0x91, 0x4e, 0x07, 0xd2, 0x3b, 0x68, 0xfc, 0x15,
	0xa0, 0x5d, 0xc9, 0x32, 0x7e, 0x11, 0x86, 0xeb,
	0x40, 0xb7, 0x2c, 0x99, 0x03, 0xda, 0x6f, 0x54,
	0xe8, 0x1d, 0x72, 0xc6, 0x3f, 0x8a, 0x25, 0xb1,
};

/* One step on the bus: frames that go in, or a reply that comes out */
static int step(struct client_rig *rig, const u8 *in, u8 *out, u32 count)
{
	enum rig_cut cut = ++rig->step == rig->cut_step ? rig->cut : 0;
	bool reliable = in && (in[511] == 1 || in[511] == 3);
	int ret = 0;

	if (cut)
		rig->dead = true;
	if (cut == RIG_CUT_PARTIAL)
		count--;
	if (cut == RIG_CUT_BEFORE || !count)
		return -1;
	if (in)
		ret = rpmb_model_put(&rig->model, in, count, reliable);
	else
		ret = rpmb_model_get(&rig->model, out, count);
	return cut ? -1 : ret;
}

static int put_result_read(struct client_rig *rig)
{
	struct host_frame f = {
		.type = 5, .count = rig->model.flavour == RPMB_MODEL_VIRTIO,
	};
	u8 raw[RPMB_FRAME_SIZE];

	host_frame_put(raw, &f);
	return step(rig, raw, NULL, 1);
}

static int to_model(struct client_rig *rig, const struct rpmb_frames *frames)
{
	u8 type = frames->req->req_resp.b[1];
	int ret;

	ret = step(rig, (const u8 *)frames->req, NULL, frames->req_cnt);
	if (!ret && (type == 1 || type == 3))
		ret = put_result_read(rig);
	if (!ret)
		ret = step(rig, NULL, (u8 *)frames->resp, frames->resp_cnt);
	return ret ? rig->link_error : 0;
}

static int route(void *priv, const struct rpmb_frames *frames)
{
	struct client_rig *rig = priv;
	int ret = -ETIMEDOUT;

	rig->exchanges++;
	if (client_rig_type(frames) == RPMB_REQ_WRITE_DATA &&
	    !(rig->seen_first && rig->seen_cnt)) {
		rig->seen_cnt = frames->req_cnt;
		memcpy(rig->seen, frames->req, rig->seen_cnt * RPMB_FRAME_SIZE);
	}
	if (!rig->dead)
		ret = to_model(rig, frames);
	if (!ret && rig->tamper)
		ret = rig->tamper(rig, frames);
	return ret;
}

static int nonce(void *priv, u8 *buf, size_t len)
{
	struct client_rig *rig = priv;

	if (++rig->nonces == rig->nonce_fails)
		return -ENODEV;
	host_test_fill(buf, len);
	return 0;
}

static const struct rpmb_link rig_link = {
	.route = route,
	.nonce = nonce,
};

static void init_client(struct client_rig *rig)
{
	enum rpmb_model_flavour flavour = rig->model.flavour;
	struct rpmb_client *cl = &rig->cl;

	memset(cl, 0, sizeof(*cl));
	cl->link = &rig_link;
	cl->priv = rig;
	cl->frames = rig->frames;
	cl->nframes = RIG_FRAMES;
	cl->blocks = RIG_BLOCKS;
	if (flavour != RPMB_MODEL_EMMC)
		cl->flags |= RPMB_F_READ_COUNT;
	if (flavour == RPMB_MODEL_VIRTIO)
		cl->flags |= RPMB_F_COUNT_ONE;
}

void client_rig_init(struct client_rig *rig, enum rpmb_model_flavour flavour)
{
	rpmb_mac_unload(&rig->mac);
	memset(rig, 0, sizeof(*rig));
	rig->link_error = -ETIMEDOUT;
	rig->model.flavour = flavour;
	rig->model.blocks = RIG_BLOCKS;
	rig->model.store.data = rig->data;
	rpmb_model_power_up(&rig->model);
	init_client(rig);
	CHECK_EQ(rpmb_mac_load(&rig->mac, client_rig_key), 0);
}

void client_rig_init_keyed(struct client_rig *rig,
			   enum rpmb_model_flavour flavour)
{
	client_rig_init(rig, flavour);
	memcpy(rig->model.state.key, client_rig_key, RPMB_KEY_SIZE);
	rig->model.state.key_set = 1;
	rig->model.state.counter = 0x7fffffff;
	host_test_fill(rig->data, sizeof(rig->data));
}

void client_rig_reboot(struct client_rig *rig)
{
	u32 flags = rig->cl.flags;
	u32 max_wr = rig->cl.max_wr;

	rig->dead = false;
	rig->cut = RIG_CUT_NONE;
	rig->model.fault = RPMB_MODEL_F_NONE;
	rpmb_model_power_up(&rig->model);
	init_client(rig);
	rig->cl.flags = flags;
	rig->cl.max_wr = max_wr;
}

u8 *client_rig_block(struct client_rig *rig, u32 block)
{
	return rig->data + block * RPMB_BLOCK_SIZE;
}

void client_rig_arm(struct client_rig *rig, enum rpmb_model_fault fault,
		    u16 req)
{
	rpmb_model_arm(&rig->model, fault, req, 0, 1);
}

static int fail(struct client_rig *rig, const struct rpmb_frames *f)
{
	if (client_rig_type(f) == rig->fail_from)
		rig->fail_from = 0;
	return rig->fail_from ? 0 : rig->bus_error;
}

void client_rig_fail_from(struct client_rig *rig, u32 req, int err)
{
	rig->tamper = fail;
	rig->fail_from = req;
	rig->bus_error = err;
}

static int forge(struct client_rig *rig, const struct rpmb_frames *f)
{
	const struct rig_forgery *forgery = &rig->forgery;

	if (forgery->req && client_rig_type(f) != forgery->req)
		return 0;
	rpmb_put16((void *)client_rig_last(f) + forgery->at, forgery->value);
	if (forgery->is_signed)
		client_rig_sign(f->resp, f->resp_cnt);
	return 0;
}

void client_rig_forge(struct client_rig *rig, struct rig_forgery forgery)
{
	rig->tamper = forge;
	rig->forgery = forgery;
}

void client_rig_each_fault(bool (*act)(enum rpmb_model_fault fault, u32 skip,
				       u32 times))
{
	static const u32 times[] = { 1, 2, 3, 1000 };
	u32 fault, skip, i;

	for (fault = RPMB_MODEL_F_DROP_REQUEST;
	     fault <= RPMB_MODEL_F_ZERO_REPLY; fault++) {
		if (fault == RPMB_MODEL_F_SWAP_IN ||
		    fault == RPMB_MODEL_F_OLD_DATA)
			continue;
		for (i = 0; i < 4; i++)
			for (skip = 0; act(fault, skip, times[i]);)
				skip++;
	}
}

/* No device signs a wrong counter for a fresh nonce: that is for writes only */
void client_rig_strike(struct client_rig *rig, enum rpmb_model_fault fault,
		       u32 skip, u32 times)
{
	rpmb_model_arm(&rig->model, fault,
		       fault == RPMB_MODEL_F_BAD_COUNTER ? 3 : 0, skip, times);
}

bool client_rig_struck(struct client_rig *rig, u32 times)
{
	bool struck = rig->model.fault_times < times;

	rig->model.fault = RPMB_MODEL_F_NONE;
	return struck;
}

static struct rpmb_frame record[64];
static u32 records, replay_from, replay_at;
static void (*watcher)(void);

static int replay(struct client_rig *rig, const struct rpmb_frames *f)
{
	struct rpmb_frame *last = client_rig_last(f);

	if (watcher)
		watcher();
	if (records < COUNT(record))
		record[records++] = *last;
	if (replay_from && rig->exchanges >= replay_at)
		*last = record[replay_from - 1];
	return 0;
}

void client_rig_record(struct client_rig *rig, void (*watch)(void))
{
	records = 0;
	replay_from = 0;
	watcher = watch;
	rig->tamper = replay;
}

u32 client_rig_recorded(void)
{
	return records;
}

void client_rig_replay(struct client_rig *rig, u32 from, u32 when)
{
	rig->exchanges = 0;
	replay_from = from;
	replay_at = when;
}

void client_rig_sign(struct rpmb_frame *resp, u32 count)
{
	host_frame_mac(client_rig_key, (u8 *)resp, count,
		       resp[count - 1].key_mac);
}

u32 client_rig_exchanges(struct client_rig *rig)
{
	u32 n = rig->exchanges;

	rig->exchanges = 0;
	return n;
}
