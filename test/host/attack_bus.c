// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The attacker's bus: his moves, and the rules about what devices come to hold
 */

#include <stdio.h>

#include "attack.h"
#include "host_frame.h"
#include "host_test.h"

#define KEPT		16	/* recorded requests, and replies */

struct attack world;

/* Recorded: who was asked, and what went over the bus */
static struct {
	struct attack_seat *seat;
	struct rpmb_frame frames[WORK_FRAMES];
	u32 count;
} requests[KEPT], replies[KEPT];
static u32 nrequests, nreplies;

long long attack_index(const u8 *block, u32 i)
{
	u32 set = block[12] << 24 | block[13] << 16 | block[14] << 8 | block[15];
	u64 val = 0;
	u32 k;

	for (k = 0; k < 8; k++)
		val = val << 8 | block[32 + 8 * i + k];
	return set >> i & 1 ? (long long)val : -1;
}

/* An index may go down by the one frame that was signed for a token */
static bool has_token(u32 counter)
{
	u32 i;

	for (i = 0; i < world.tokens_given; i++)
		if (world.tokens[i] == counter)
			return true;
	return false;
}

static void check_indexes(const u8 *old, const u8 *new, u32 counter)
{
	u32 i;

	for (i = 0; i < 16; i++)
		if (attack_index(new, i) < attack_index(old, i) &&
		    !has_token(counter))
			world.broken(RULE_INDEX);
}

static bool same_bytes(const u8 *p, u32 len)
{
	while (len > 1 && p[len - 1] == p[0])
		len--;
	return len == 1;
}

/* A record's data are the number of the operation that has made it */
static void check_record(const u8 *new)
{
	const struct rpmb_record_block *b = (const void *)new;

	if (!b->head.count) {
		if (world.last_delete <= world.last_record)
			world.broken(RULE_RECORD);
		return;
	}
	if (b->head.count != 16 || !same_bytes(b->data, 16))
		world.broken(RULE_TORN);
	else if (b->data[0] <= world.last_record)
		world.broken(RULE_RECORD);
}

static void check_block(struct attack_seat *seat, u32 n, u32 counter)
{
	u8 *old = seat->shadow + n * RPMB_BLOCK_SIZE;
	u8 *new = seat->data + n * RPMB_BLOCK_SIZE;

	if (n < AT_RECORDS)
		check_indexes(old, new, counter);
	else if (n < AT_RECORDS + RECORD_BLOCKS)
		check_record(new);
	else if (!same_bytes(new, RPMB_BLOCK_SIZE))
		world.broken(RULE_TORN);
	if (seat == world.busy && world.was_count < 64) {
		world.was_at[world.was_count] = n;
		memcpy(world.was[world.was_count++], old, RPMB_BLOCK_SIZE);
	}
	memcpy(old, new, RPMB_BLOCK_SIZE);
}

/* Frames arrive at a device: what has changed there? */
static int put(struct attack_seat *seat, const struct rpmb_frame *f, u32 count)
{
	u32 n, counter = seat->model.state.counter;
	u32 writes = seat->model.writes;
	bool reliable = f->req_resp.b[1] == 1 || f->req_resp.b[1] == 3;
	int ret;

	ret = rpmb_model_put(&seat->model, (const u8 *)f, count, reliable);
	for (n = 0; seat->model.writes != writes && n < SEAT_BLOCKS; n++)
		if (memcmp(seat->data + n * RPMB_BLOCK_SIZE,
			   seat->shadow + n * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE))
			check_block(seat, n, counter);
	return ret;
}

static int deliver(struct attack_seat *seat, const struct rpmb_frame *req,
		   u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	struct host_frame result = {
		.type = 5, .count = seat->model.flavour == RPMB_MODEL_VIRTIO,
	};
	struct rpmb_frame raw;
	int ret;

	ret = put(seat, req, req_cnt);
	if (!ret && rpmb_frame_needs_result_read(req)) {
		host_frame_put((u8 *)&raw, &result);
		ret = put(seat, &raw, 1);
	}
	if (!ret)
		ret = rpmb_model_get(&seat->model, (u8 *)resp, resp_cnt);
	if (ret)
		return -ETIMEDOUT;
	replies[nreplies % KEPT].seat = seat;
	memcpy(replies[nreplies % KEPT].frames, resp, resp_cnt * sizeof(*resp));
	replies[nreplies++ % KEPT].count = resp_cnt;
	return 0;
}

/* Which of what was recorded: the last, the one before; or from the first on */
static u32 recorded(u32 kept, u32 arg)
{
	u32 there = kept < KEPT ? kept : KEPT;

	arg %= 2 * there;
	return (arg < there ? kept - 1 - arg : kept - there + arg - there) % KEPT;
}

static void play(u32 arg)
{
	struct rpmb_frame resp;
	u32 n;

	if (!nrequests)
		return;
	n = recorded(nrequests, arg);
	(void)deliver(requests[n].seat, requests[n].frames, requests[n].count,
		      &resp, 1);
}

/* The fields where decisions are made, and the bit */
static void flip(struct rpmb_frame *f, u32 count, u32 arg)
{
	static const u16 at[] = {
		211, 228, 300, 490, 503, 505, 507, 508, 509, 510, 511,
	};
	u32 field = arg % (sizeof(at) / sizeof(*at));

	((u8 *)(f + arg % count))[at[field]] ^= 1 << arg / 16 % 8;
}

static int old_reply(struct rpmb_frame *resp, u32 count, u32 arg)
{
	u32 i, n;

	if (!nreplies)
		return -ETIMEDOUT;
	n = recorded(nreplies, arg);
	for (i = 0; i < count; i++)
		resp[i] = replies[n].frames[i % replies[n].count];
	return 0;
}

/* A copy with a wrong MAC: the device signs that it refuses */
static int spoil(struct attack_seat *seat, const struct rpmb_frames *f, u32 arg)
{
	struct rpmb_frame copy[WORK_FRAMES];

	memcpy(copy, f->req, f->req_cnt * sizeof(*copy));
	copy[f->req_cnt - 1].key_mac[arg % RPMB_MAC_SIZE] ^= 1;
	return deliver(seat, copy, f->req_cnt, f->resp, f->resp_cnt);
}

static int cut(struct attack_seat *seat, const struct rpmb_frames *f, bool done)
{
	if (done)
		(void)deliver(seat, f->req, f->req_cnt, f->resp, f->resp_cnt);
	world.dead = true;
	return -ETIMEDOUT;
}

/* Moves that change who gets which request */
static int move_request(struct attack_seat *seat, const struct rpmb_frames *f,
			struct attack_act act)
{
	struct rpmb_frame copy[WORK_FRAMES];
	const struct rpmb_frame *req = f->req;
	u32 n, count = f->req_cnt;

	if (act.move == MOVE_PLAY_BEFORE)
		play(act.arg);
	if (act.move == MOVE_RESET)
		rpmb_model_power_up(&seat->model);
	if (act.move == MOVE_TWICE)
		(void)deliver(seat, req, count, f->resp, f->resp_cnt);
	if (act.move == MOVE_OTHER_SEAT)
		seat = &world.seats[(seat - world.seats + 1 + act.arg % 2) % SEATS];
	if (act.move == MOVE_SWAP && nrequests) {
		n = recorded(nrequests, act.arg);
		req = requests[n].frames;
		count = requests[n].count;
	}
	if (act.move == MOVE_FLIP_REQUEST) {
		memcpy(copy, req, count * sizeof(*copy));
		flip(copy, count, act.arg);
		req = copy;
	}
	return deliver(seat, req, count, f->resp, f->resp_cnt);
}

static int attacked(struct attack_seat *seat, const struct rpmb_frames *f,
		    struct attack_act act)
{
	int ret;

	switch (act.move) {
	case MOVE_LOSE_REQUEST:
		return -ETIMEDOUT;
	case MOVE_CUT_BEFORE:
	case MOVE_CUT_AFTER:
		return cut(seat, f, act.move == MOVE_CUT_AFTER);
	case MOVE_OLD_INSTEAD:
		return old_reply(f->resp, f->resp_cnt, act.arg);
	case MOVE_SPOIL:
		return spoil(seat, f, act.arg);
	}
	ret = move_request(seat, f, act);
	if (ret)
		return ret;
	if (act.move == MOVE_LOSE_REPLY)
		return -ETIMEDOUT;
	if (act.move == MOVE_FLIP_REPLY)
		flip(f->resp, f->resp_cnt, act.arg);
	if (act.move == MOVE_OLD_REPLY)
		return old_reply(f->resp, f->resp_cnt, act.arg + 1);
	if (act.move == MOVE_PLAY_AFTER)
		play(act.arg);
	return 0;
}

static void record(struct attack_seat *seat, const struct rpmb_frames *f)
{
	u32 counter = rpmb_get32(&f->req->write_counter);

	requests[nrequests % KEPT].seat = seat;
	memcpy(requests[nrequests % KEPT].frames, f->req,
	       f->req_cnt * sizeof(*f->req));
	requests[nrequests++ % KEPT].count = f->req_cnt;
	seat->writes++;
	if (seat->highest_signed < counter + 1)
		seat->highest_signed = counter + 1;
}

/* The bus of a seat. A key goes only to a device that has none, as it seems */
static int route(void *priv, const struct rpmb_frames *f)
{
	struct attack_seat *seat = priv;
	u8 type = f->req->req_resp.b[1];
	int ret;

	if (type == RPMB_REQ_WRITE_DATA)
		record(seat, f);
	if (type == RPMB_REQ_PROGRAM_KEY && !world.no_key)
		world.broken(RULE_KEY);
	world.exchanges++;
	if (world.dead || (world.hold && type == RPMB_REQ_WRITE_DATA))
		return -ETIMEDOUT;
	ret = attacked(seat, f, world.choose());
	world.no_key = !ret && (f->resp->result.b[1] | RPMB_RES_EXPIRED) ==
				(RPMB_RES_NO_KEY | RPMB_RES_EXPIRED);
	return ret;
}

static int nonce(void *priv, u8 *buf, size_t len)
{
	host_test_fill(buf, len);
	return 0;
}

static const struct rpmb_link link = { .route = route, .nonce = nonce };

static void start_client(struct attack_seat *seat)
{
	enum rpmb_model_flavour flavour = seat->model.flavour;

	seat->cl = (struct rpmb_client) {
		.link = &link, .priv = seat, .frames = seat->work,
		.nframes = WORK_FRAMES, .blocks = SEAT_BLOCKS,
	};
	if (flavour != RPMB_MODEL_EMMC)
		seat->cl.flags |= RPMB_F_READ_COUNT;
	if (flavour == RPMB_MODEL_VIRTIO)
		seat->cl.flags |= RPMB_F_COUNT_ONE;
}

static void start_seat(struct attack_seat *seat, u32 number)
{
	memset(seat->key, 0x31 + 0x17 * number, sizeof(seat->key));
	seat->model.blocks = SEAT_BLOCKS;
	seat->model.store.data = seat->data;
	memcpy(seat->model.state.key, seat->key, sizeof(seat->key));
	seat->model.state.key_set = 1;
	seat->model.state.counter = 7;
	rpmb_model_power_up(&seat->model);
	start_client(seat);
	CHECK_EQ(rpmb_mac_load(&seat->mac, seat->key), 0);
	seat->rb.at = (struct rpmb_store) { &seat->cl, &seat->mac, AT_INDEXES };
	seat->rs.at = (struct rpmb_store) { &seat->cl, &seat->mac, AT_RECORDS };
	seat->rs.count = RECORD_BLOCKS;
	seat->rs.blocks = seat->record_room;
}

void attack_start(enum rpmb_model_flavour flavour)
{
	u32 i;

	for (i = 0; i < SEATS; i++)
		rpmb_mac_unload(&world.seats[i].mac);
	memset(&world, 0, sizeof(world));
	nrequests = 0;
	nreplies = 0;
	for (i = 0; i < SEATS; i++) {
		world.seats[i].model.flavour = flavour;
		start_seat(&world.seats[i], i);
	}
}

void attack_reboot(void)
{
	u32 i;

	world.dead = false;
	for (i = 0; i < SEATS; i++) {
		rpmb_model_power_up(&world.seats[i].model);
		start_client(&world.seats[i]);
	}
}

void attack_begin(struct attack_seat *seat)
{
	world.op++;
	world.busy = seat;
	world.was_count = 0;
	seat->counter_before = seat->model.state.counter;
	seat->writes = 0;
}

bool attack_was(u32 block, const void *content)
{
	u32 i;

	for (i = 0; i < world.was_count; i++)
		if (world.was_at[i] == block &&
		    !memcmp(world.was[i], content, RPMB_BLOCK_SIZE))
			return true;
	return !memcmp(world.busy->data + block * RPMB_BLOCK_SIZE, content,
		       RPMB_BLOCK_SIZE);
}
