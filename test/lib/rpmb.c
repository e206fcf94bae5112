// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the RPMB protocol code: frames, MACs, the client on a fake link
 *
 * The expected MACs come from Python's hmac module with hashlib.sha256. Each
 * is hmac.new(key, b''.join(frame[228:512] for frame in frames), sha256) with
 * key[i] = (7 * i + 3) & 0xff and data[i] = (i + seed) & 0xff, the other
 * fields being those of the rows in mac_vectors.
 */

#include <rpmb/client.h>
#include <rpmb/mac.h>
#include <linux/kernel.h>
#include <test/lib.h>
#include <test/test.h>
#include <test/ut.h>

struct mac_vector {
	u8 count;
	u8 seed[3];
	u8 nonce;		/* first byte, rising by 1; 0 for no nonce */
	u8 fields[12];		/* write_counter to req_resp, as on the wire */
	u8 mac[RPMB_MAC_SIZE];
};

static const struct mac_vector mac_vectors[] = {
	{ 1, { 0 }, 0, { 1, 2, 3, 4, 5, 6, 0, 1, 0, 0, 0, 3 }, {
		0x02, 0x57, 0xe1, 0x37, 0x96, 0x76, 0xb6, 0xd9,
		0xcb, 0x25, 0xcd, 0x47, 0x4f, 0xf9, 0xf0, 0xec,
		0x09, 0x5b, 0x13, 0xbd, 0x4f, 0x7c, 0xbc, 0xf6,
		0x2c, 0xe0, 0x6d, 0x5f, 0x8e, 0x35, 0x83, 0xb4 } },
	{ 3, { 0x11, 0x22, 0x33 }, 0xa0,
	  { 0, 0, 0, 0, 0, 0x10, 0, 3, 0, 0, 4, 0 }, {
		0xbb, 0x59, 0xd4, 0xc9, 0x87, 0xc6, 0xfd, 0x54,
		0xb1, 0x36, 0xf5, 0x1e, 0x26, 0x43, 0x56, 0x4a,
		0xa2, 0xeb, 0x59, 0xb1, 0x30, 0x71, 0xe8, 0x31,
		0x85, 0xf3, 0x50, 0xf7, 0x80, 0x8d, 0x01, 0xe2 } },
	{ 1, { 0 }, 0xa0, { 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0x80, 2, 0 }, {
		0xe0, 0xff, 0x4e, 0xcd, 0x13, 0xf9, 0x72, 0xfc,
		0xe8, 0xd1, 0x5c, 0xf4, 0x9e, 0x31, 0x69, 0x94,
		0x71, 0x4f, 0x3a, 0xaf, 0xb4, 0xdb, 0xea, 0x8d,
		0x43, 0xc7, 0x58, 0x8f, 0xe5, 0x49, 0x9d, 0xff } },
};

static void make_key(u8 key[RPMB_KEY_SIZE])
{
	int i;

	for (i = 0; i < RPMB_KEY_SIZE; i++)
		key[i] = 7 * i + 3;
}

/* By byte offset, so that a wrong struct cannot fool both sides */
static void make_frame(u8 *frame, const struct mac_vector *v, int n)
{
	int i;

	memset(frame, 0, RPMB_FRAME_SIZE);
	for (i = 0; i < 256; i++)
		frame[228 + i] = i + v->seed[n];
	for (i = 0; v->nonce && i < 16; i++)
		frame[484 + i] = v->nonce + i;
	memcpy(frame + 500, v->fields, sizeof(v->fields));
}

static int lib_test_rpmb_frame(struct unit_test_state *uts)
{
	static const u8 fields[12] = {
		0x80, 1, 2, 3, 0xfe, 0xdc, 0x12, 0x34, 0, 0x87, 3, 0,
	};
	u8 wire[RPMB_FRAME_SIZE];
	struct rpmb_frame frame;

	memset(&frame, 0xa5, sizeof(frame));
	rpmb_frame_init(&frame, RPMB_REQ_READ_DATA);
	memset(wire, 0, sizeof(wire));
	wire[511] = 4;
	ut_asserteq_mem(wire, &frame, sizeof(wire));

	memcpy(wire + 500, fields, sizeof(fields));
	memcpy(&frame, wire, sizeof(wire));
	ut_asserteq(0x80010203, rpmb_get32(&frame.write_counter));
	ut_asserteq(0xfedc, rpmb_get16(&frame.addr));
	ut_asserteq(0x1234, rpmb_get16(&frame.block_count));
	ut_asserteq(0x0087, rpmb_get16(&frame.result));
	ut_asserteq(RPMB_RESP(RPMB_REQ_WRITE_DATA),
		    rpmb_get16(&frame.req_resp));

	memset(&frame, 0, sizeof(frame));
	rpmb_put32(&frame.write_counter, 0x80010203);
	rpmb_put16(&frame.addr, 0xfedc);
	rpmb_put16(&frame.block_count, 0x1234);
	rpmb_put16(&frame.result, 0x87);
	rpmb_put16(&frame.req_resp, 0x300);
	ut_asserteq_mem(wire, &frame, sizeof(wire));

	return 0;
}
LIB_TEST(lib_test_rpmb_frame, 0);

/* Requests that leave their result in a register: key and data */
static int lib_test_rpmb_result_read(struct unit_test_state *uts)
{
	struct rpmb_frame frame;
	int req;

	for (req = RPMB_REQ_PROGRAM_KEY; req <= RPMB_REQ_RESULT_READ; req++) {
		rpmb_frame_init(&frame, req);
		ut_asserteq(req == RPMB_REQ_PROGRAM_KEY ||
			    req == RPMB_REQ_WRITE_DATA,
			    rpmb_frame_needs_result_read(&frame));
	}

	return 0;
}
LIB_TEST(lib_test_rpmb_result_read, 0);

static int lib_test_rpmb_result(struct unit_test_state *uts)
{
	static const struct {
		u16 result;
		int err;
	} rows[] = {
		{ 0, 0 },
		{ 1, -EIO },
		{ 2, -EACCES },
		{ 3, -ESTALE },
		{ 4, -ERANGE },
		{ 5, -EIO },
		{ 6, -EIO },
		{ 7, -ENOKEY },
		{ 8, -EPROTO },
		{ 0x100, -EPROTO },
		{ 0x80, -EOVERFLOW },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ut_asserteq(rows[i].err, rpmb_result_to_errno(rows[i].result));
	/* An exhausted counter never reads as success */
	for (i = 0x80; i < 0x100; i++)
		ut_assert(rpmb_result_to_errno(i) < 0);

	return 0;
}
LIB_TEST(lib_test_rpmb_result, 0);

static int check_vector(struct unit_test_state *uts, struct rpmb_mac *mac,
			const struct mac_vector *v)
{
	struct rpmb_frame frames[3];
	struct rpmb_frame *last = &frames[v->count - 1];
	u8 out[RPMB_MAC_SIZE];
	int i;

	for (i = 0; i < v->count; i++)
		make_frame((u8 *)&frames[i], v, i);
	ut_assertok(rpmb_mac_frames(mac, frames, v->count, out));
	ut_asserteq_mem(v->mac, out, sizeof(out));

	ut_asserteq(-EBADMSG, rpmb_mac_verify(mac, frames, v->count));
	ut_assertok(rpmb_mac_sign(mac, frames, v->count));
	ut_asserteq_mem(v->mac, (u8 *)last + 196, sizeof(out));
	ut_assertok(rpmb_mac_verify(mac, frames, v->count));

	/* Every bit counts, of the first frame's data and of the MAC */
	frames->data[0] ^= 0x80;
	ut_asserteq(-EBADMSG, rpmb_mac_verify(mac, frames, v->count));
	frames->data[0] ^= 0x80;
	for (i = 0; i < 8 * RPMB_MAC_SIZE; i++) {
		last->key_mac[i / 8] ^= 1 << i % 8;
		ut_asserteq(-EBADMSG, rpmb_mac_verify(mac, frames, v->count));
		last->key_mac[i / 8] ^= 1 << i % 8;
	}
	/* The stuff bytes do not */
	frames->stuff[0] ^= 1;
	ut_assertok(rpmb_mac_verify(mac, frames, v->count));

	return 0;
}

static int lib_test_rpmb_mac(struct unit_test_state *uts)
{
	struct rpmb_mac mac = { 0 };
	struct rpmb_frame frame;
	u8 key[RPMB_KEY_SIZE];
	u8 out[RPMB_MAC_SIZE];
	int i;

	rpmb_frame_init(&frame, RPMB_REQ_WRITE_DATA);
	ut_asserteq(-EINVAL, rpmb_mac_frames(&mac, &frame, 1, out));
	make_key(key);
	ut_assertok(rpmb_mac_load(&mac, key));
	/* One context serves many messages: no state may leak between them */
	for (i = 0; i < 2 * ARRAY_SIZE(mac_vectors); i++)
		ut_assertok(check_vector(uts, &mac, &mac_vectors[i / 2]));

	/* Another key takes the place of the first */
	key[31] ^= 1;
	ut_assertok(rpmb_mac_load(&mac, key));
	ut_assertok(rpmb_mac_sign(&mac, &frame, 1));
	key[31] ^= 1;
	ut_assertok(rpmb_mac_load(&mac, key));
	ut_asserteq(-EBADMSG, rpmb_mac_verify(&mac, &frame, 1));

	rpmb_mac_unload(&mac);
	ut_asserteq(-EINVAL, rpmb_mac_sign(&mac, &frame, 1));

	return 0;
}
LIB_TEST(lib_test_rpmb_mac, 0);

/**
 * struct fake - a link with a device of a few lines behind it
 *
 * @cl:		client under test
 * @frames:	its work space
 * @mac:	key of both sides
 * @block:	what the device holds
 * @counter:	its write counter
 * @result:	result it answers to every request
 * @spoil:	xor-ed into byte @spoil_at of the reply
 * @spoil_at:	byte of the reply, 0 for none
 * @resign:	sign the reply after spoiling it
 * @route_err:	the link's error
 * @nonce_err:	error of the random number source
 * @old:	reply to the last write
 * @replay:	drop writes, and answer with @old
 * @requests:	requests that arrived
 * @nonce:	nonce of the last one
 */
struct fake {
	struct rpmb_client cl;
	struct rpmb_frame frames[4];
	struct rpmb_mac mac;
	u8 block[RPMB_BLOCK_SIZE];
	u32 counter;
	u16 result;
	u8 spoil;
	u16 spoil_at;
	bool resign;
	int route_err;
	int nonce_err;
	struct rpmb_frame old;
	bool replay;
	int requests;
	u8 nonce[RPMB_NONCE_SIZE];
};

static void fake_execute(struct fake *f, const struct rpmb_frame *req,
			 struct rpmb_frame *resp)
{
	u16 type = rpmb_get16(&req->req_resp);

	rpmb_frame_init(resp, 0);
	if (type == RPMB_REQ_WRITE_DATA && !f->result) {
		memcpy(f->block, req->data, sizeof(f->block));
		f->counter++;
	}
	if (type == RPMB_REQ_READ_DATA)
		memcpy(resp->data, f->block, sizeof(f->block));
	memcpy(resp->nonce, req->nonce, sizeof(resp->nonce));
	if (type != RPMB_REQ_READ_DATA)
		rpmb_put32(&resp->write_counter, f->counter);
	resp->addr = req->addr;
	rpmb_put16(&resp->result, f->result);
	rpmb_put16(&resp->req_resp, type << 8);
}

static int fake_route(void *priv, const struct rpmb_frames *frames)
{
	const struct rpmb_frame *req = frames->req;
	struct rpmb_frame *resp = frames->resp;
	struct fake *f = priv;

	f->requests++;
	memcpy(f->nonce, req->nonce, sizeof(f->nonce));
	if (f->route_err)
		return f->route_err;
	if (frames->req_cnt != 1 || frames->resp_cnt != 1)
		return -EINVAL;
	if (f->replay && rpmb_frame_needs_result_read(req)) {
		*resp = f->old;
		return 0;
	}
	fake_execute(f, req, resp);
	if (rpmb_mac_sign(&f->mac, resp, 1))
		return -EINVAL;
	if (rpmb_frame_needs_result_read(req))
		f->old = *resp;
	if (f->spoil_at)
		((u8 *)resp)[f->spoil_at] ^= f->spoil;
	if (f->resign)
		return rpmb_mac_sign(&f->mac, resp, 1);

	return 0;
}

static int fake_nonce(void *priv, u8 *buf, size_t len)
{
	static u8 last;
	struct fake *f = priv;

	memset(buf, ++last, len);

	return f->nonce_err;
}

static const struct rpmb_link fake_link = {
	.route = fake_route,
	.nonce = fake_nonce,
};

static int fake_init(struct unit_test_state *uts, struct fake *f)
{
	u8 key[RPMB_KEY_SIZE];

	memset(f, 0, sizeof(*f));
	make_key(key);
	ut_assertok(rpmb_mac_load(&f->mac, key));
	f->cl.link = &fake_link;
	f->cl.priv = f;
	f->cl.frames = f->frames;
	f->cl.nframes = ARRAY_SIZE(f->frames);
	f->cl.blocks = RPMB_BLOCKS_PER_UNIT;
	f->cl.max_wr = 1;
	f->cl.max_rd = 1;

	return 0;
}

/* One counter read with one thing wrong */
static int check_fault(struct unit_test_state *uts, struct fake *f, int err,
		       enum rpmb_fault fault)
{
	u32 count = 0x55;

	ut_asserteq(err, rpmb_client_get_counter(&f->cl, &f->mac, &count));
	ut_asserteq(fault, f->cl.status.fault);
	ut_asserteq(RPMB_STATE_UNTOUCHED, f->cl.status.state);
	ut_asserteq(0x55, count);

	return 0;
}

static int lib_test_rpmb_client_faults(struct unit_test_state *uts)
{
	static const struct {
		u16 at;
		bool resign;
		int err;
		enum rpmb_fault fault;
	} rows[] = {
		{ 227, false, -EBADMSG, RPMB_FAULT_MAC },
		{ 228, false, -EBADMSG, RPMB_FAULT_MAC },
		{ 484, false, -EBADMSG, RPMB_FAULT_MAC },
		{ 484, true, -EPROTO, RPMB_FAULT_NONCE },
		{ 499, true, -EPROTO, RPMB_FAULT_NONCE },
		{ 503, false, -EBADMSG, RPMB_FAULT_MAC },
		{ 510, true, -EPROTO, RPMB_FAULT_TYPE },
		{ 511, true, -EPROTO, RPMB_FAULT_TYPE },
	};
	struct fake f;
	u32 count;
	int i;

	ut_assertok(fake_init(uts, &f));
	f.counter = 0x80000000;
	ut_assertok(rpmb_client_get_counter(&f.cl, &f.mac, &count));
	ut_asserteq(0x80000000, count);

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		f.spoil = 1;
		f.spoil_at = rows[i].at;
		f.resign = rows[i].resign;
		ut_assertok(check_fault(uts, &f, rows[i].err, rows[i].fault));
	}
	f.spoil_at = 0;
	f.result = RPMB_RES_NO_KEY;
	ut_assertok(check_fault(uts, &f, -ENOKEY, RPMB_FAULT_RESULT));
	ut_asserteq(RPMB_RES_NO_KEY, f.cl.status.result);
	f.result = RPMB_RES_GENERAL;
	ut_assertok(check_fault(uts, &f, -EIO, RPMB_FAULT_RESULT));
	f.route_err = -ETIMEDOUT;
	ut_assertok(check_fault(uts, &f, -ETIMEDOUT, RPMB_FAULT_LINK));
	f.requests = 0;
	f.nonce_err = -ENODEV;
	ut_assertok(check_fault(uts, &f, -ENODEV, RPMB_FAULT_RNG));
	ut_asserteq(0, f.requests);
	rpmb_mac_unload(&f.mac);

	return 0;
}
LIB_TEST(lib_test_rpmb_client_faults, 0);

/* A reply that was recorded once does not pass again */
static int lib_test_rpmb_client_nonce(struct unit_test_state *uts)
{
	struct fake f;
	u8 nonce[RPMB_NONCE_SIZE];
	u32 count;

	ut_assertok(fake_init(uts, &f));
	ut_assertok(rpmb_client_get_counter(&f.cl, &f.mac, &count));
	memcpy(nonce, f.nonce, sizeof(nonce));
	ut_assertok(rpmb_client_get_counter(&f.cl, &f.mac, &count));
	ut_assert(memcmp(nonce, f.nonce, sizeof(nonce)));
	/* Unverified means without MAC, never without nonce */
	f.spoil = 1;
	f.spoil_at = 484;
	ut_asserteq(-EPROTO, rpmb_client_get_counter(&f.cl, NULL, &count));
	f.spoil_at = 227;
	ut_assertok(rpmb_client_get_counter(&f.cl, NULL, &count));
	rpmb_mac_unload(&f.mac);

	return 0;
}
LIB_TEST(lib_test_rpmb_client_nonce, 0);

static int lib_test_rpmb_client_range(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE];
	struct fake f;

	ut_assertok(fake_init(uts, &f));
	ut_asserteq(-EINVAL, rpmb_client_read(&f.cl, &f.mac, 0, 0, data));
	ut_asserteq(-EINVAL, rpmb_client_write(&f.cl, &f.mac, 0, 0, data));
	ut_asserteq(-EINVAL, rpmb_client_write(&f.cl, NULL, 0, 1, data));
	ut_asserteq(-ERANGE, rpmb_client_read(&f.cl, &f.mac, 0x200, 1, data));
	ut_asserteq(-ERANGE, rpmb_client_read(&f.cl, &f.mac, 0x1ff, 2, data));
	ut_asserteq(-ERANGE, rpmb_client_write(&f.cl, &f.mac, 0x200, 1, data));
	ut_asserteq(-ERANGE,
		    rpmb_client_write(&f.cl, &f.mac, 1, U32_MAX, data));
	ut_asserteq(0, f.requests);
	ut_assertok(rpmb_client_read(&f.cl, &f.mac, 0x1ff, 1, data));
	rpmb_mac_unload(&f.mac);

	return 0;
}
LIB_TEST(lib_test_rpmb_client_range, 0);

static int lib_test_rpmb_client_write(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE], back[RPMB_BLOCK_SIZE];
	struct fake f;

	ut_assertok(fake_init(uts, &f));
	f.counter = 7;
	memset(data, 0x5a, sizeof(data));
	ut_assertok(rpmb_client_write(&f.cl, &f.mac, 3, 1, data));
	ut_asserteq(8, f.counter);
	ut_asserteq(8, f.cl.counter);
	ut_asserteq(1, f.cl.status.done);
	ut_asserteq(RPMB_STATE_CHANGED, f.cl.status.state);
	ut_assertok(rpmb_client_read(&f.cl, &f.mac, 3, 1, back));
	ut_asserteq_mem(data, back, sizeof(back));

	/* Unverified bytes are not handed out */
	f.spoil = 1;
	f.spoil_at = 228;
	ut_asserteq(-EBADMSG, rpmb_client_read(&f.cl, &f.mac, 3, 1, back));
	memset(data, 0, sizeof(data));
	ut_asserteq_mem(data, back, sizeof(back));
	f.spoil_at = 0;

	/* A counter that can rise no more */
	f.counter = U32_MAX;
	rpmb_client_forget(&f.cl);
	ut_asserteq(-EOVERFLOW, rpmb_client_write(&f.cl, &f.mac, 3, 1, data));
	ut_asserteq(RPMB_STATE_UNTOUCHED, f.cl.status.state);
	rpmb_mac_unload(&f.mac);

	return 0;
}
LIB_TEST(lib_test_rpmb_client_write, 0);

/* The reply to an earlier write is genuine, and no proof of this one */
static int lib_test_rpmb_client_old_reply(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1 };
	struct fake f;

	ut_assertok(fake_init(uts, &f));
	ut_assertok(rpmb_client_write(&f.cl, &f.mac, 3, 1, data));
	f.replay = true;
	data[0]++;
	ut_asserteq(-EPROTO, rpmb_client_write(&f.cl, &f.mac, 3, 1, data));
	ut_asserteq(RPMB_FAULT_COUNTER, f.cl.status.fault);
	ut_asserteq(RPMB_STATE_UNCHANGED, f.cl.status.state);
	ut_asserteq(0, f.cl.status.done);
	f.replay = false;
	ut_assertok(rpmb_client_write(&f.cl, &f.mac, 3, 1, data));
	ut_asserteq_mem(data, f.block, sizeof(data));
	rpmb_mac_unload(&f.mac);

	return 0;
}
LIB_TEST(lib_test_rpmb_client_old_reply, 0);
