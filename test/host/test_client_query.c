// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: counter reads and data reads, and every way they can go wrong
 */

#include "client_rig.h"
#include "host_test.h"

#define UFS	RPMB_MODEL_UFS
#define VIRTIO	RPMB_MODEL_VIRTIO

static struct client_rig rig;
static u8 room[64 * RPMB_BLOCK_SIZE];
static u8 *buf = room;

void host_test_set_up(void)
{
	client_rig_init_keyed(&rig, host_test_case);
}

/* Read the counter; on failure it must have been left alone */
static int counter(bool verified, u32 *count)
{
	u32 got = 0x12345678;
	int ret;

	ret = rpmb_client_get_counter(&rig.cl, verified ? &rig.mac : NULL,
				      &got);
	if (ret)
		CHECK_EQ(got, 0x12345678);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	if (count)
		*count = got;
	return ret;
}

/* Read blocks; on failure none of them may be left in the buffer */
static int read_blocks(u32 addr, u32 count, bool verified)
{
	static const u8 zero[sizeof(room)];
	int ret;

	/* up to the end of the room, for the sanitizer to see who goes on */
	buf = room + sizeof(room) - count * RPMB_BLOCK_SIZE;
	memset(buf, 0xee, count * RPMB_BLOCK_SIZE);
	ret = rpmb_client_read(&rig.cl, verified ? &rig.mac : NULL, addr,
			       count, buf);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	if (ret)
		CHECK_MEM(buf, zero, count * RPMB_BLOCK_SIZE);
	else
		CHECK_MEM(buf, client_rig_block(&rig, addr),
			  count * RPMB_BLOCK_SIZE);
	return ret;
}

static void check_fault(enum rpmb_fault fault)
{
	CHECK_EQ(rig.cl.status.fault, fault);
}

HOST_TESTS(client_counter, RPMB_MODEL_FLAVOURS)
{
	u32 count;

	CHECK_EQ(counter(true, &count), 0);
	CHECK_EQ(count, 0x7fffffff);
	CHECK_EQ(rig.cl.counter, 0x7fffffff);
	rig.model.state.counter = 0x80000000;
	CHECK_EQ(counter(true, &count), 0);
	CHECK_EQ(count, 0x80000000);
	/* an exhausted counter can still be read */
	rig.model.state.counter = 0xffffffff;
	CHECK_EQ(counter(true, &count), 0);
	CHECK_EQ(count, 0xffffffff);
	CHECK_EQ(read_blocks(0, 2, true), 0);
	CHECK_EQ(counter(false, &count), 0);
	CHECK_EQ(count, 0xffffffff);
	CHECK_EQ(client_rig_exchanges(&rig), 5);
}

HOST_TESTS(client_no_key, RPMB_MODEL_FLAVOURS)
{
	client_rig_init(&rig, host_test_case);
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	check_fault(RPMB_FAULT_RESULT);
	CHECK(rig.cl.status.has_result);
	CHECK_EQ(rig.cl.status.result, 7);
	CHECK_EQ(counter(false, NULL), -ENOKEY);
	CHECK_EQ(read_blocks(0, 1, true), -ENOKEY);
	CHECK_EQ(read_blocks(0, 1, false), -ENOKEY);
	/* peers that leave the nonce empty, too */
	rig.model.quirks = RPMB_MODEL_Q_NOKEY_EMPTY;
	CHECK_EQ(counter(true, NULL), -ENOKEY);
}

/* Three tries, and for several blocks three more with one */
#define COUNTER_TRIES	3
#define READ_TRIES	6

static void arm(enum rpmb_model_fault fault, u16 req, u32 times)
{
	rpmb_model_arm(&rig.model, fault, req, 0, times);
}

/*
 * What a fault makes of a counter read and of a read of two blocks: it passes,
 * as long as it ends before the last try
 */
static void check_query(enum rpmb_model_fault fault, int want,
			enum rpmb_fault why)
{
	client_rig_exchanges(&rig);
	arm(fault, 2, COUNTER_TRIES - 1);
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES);
	arm(fault, 4, COUNTER_TRIES - 1);
	CHECK_EQ(read_blocks(3, 2, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES);

	arm(fault, 2, COUNTER_TRIES);
	CHECK_EQ(counter(true, NULL), want);
	check_fault(why);
	arm(fault, 4, READ_TRIES);
	CHECK_EQ(read_blocks(3, 2, true), want);
	check_fault(why);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES + READ_TRIES);
	/* and it leaves nothing behind */
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(read_blocks(3, 2, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
}

HOST_TESTS(client_bad_reply, RPMB_MODEL_FLAVOURS)
{
	check_query(RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_FAULT_LINK);
	check_query(RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT, RPMB_FAULT_LINK);
	check_query(RPMB_MODEL_F_BAD_MAC, -EBADMSG, RPMB_FAULT_MAC);
	check_query(RPMB_MODEL_F_BAD_DATA, -EBADMSG, RPMB_FAULT_MAC);
	check_query(RPMB_MODEL_F_BAD_NONCE, -EPROTO, RPMB_FAULT_NONCE);
	check_query(RPMB_MODEL_F_BAD_TYPE, -EPROTO, RPMB_FAULT_TYPE);
	check_query(RPMB_MODEL_F_ZERO_REPLY, -EPROTO, RPMB_FAULT_TYPE);
}

/* A reply that was right once */
HOST_TESTS(client_stale, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(counter(true, NULL), 0);
	arm(RPMB_MODEL_F_STALE_REPLY, 2, COUNTER_TRIES);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_NONCE);
	CHECK_EQ(read_blocks(3, 1, true), 0);
	arm(RPMB_MODEL_F_STALE_REPLY, 4, COUNTER_TRIES);
	CHECK_EQ(read_blocks(3, 1, true), -EPROTO);
	check_fault(RPMB_FAULT_NONCE);
	arm(RPMB_MODEL_F_STALE_REPLY, 2, COUNTER_TRIES);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_TYPE);
}

/* Without a key a reply is still held to its type and its nonce */
HOST_TEST(client_unverified)
{
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_MAC, 0);
	CHECK_EQ(counter(false, NULL), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_MAC, 0);
	CHECK_EQ(read_blocks(1, 3, false), 0);
	arm(RPMB_MODEL_F_BAD_NONCE, 0, COUNTER_TRIES);
	CHECK_EQ(counter(false, NULL), -EPROTO);
	arm(RPMB_MODEL_F_BAD_TYPE, 0, READ_TRIES);
	CHECK_EQ(read_blocks(1, 3, false), -EPROTO);
	/* it is never cached: an unverified counter signs no write */
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_COUNTER, 2);
	CHECK_EQ(counter(false, NULL), 0);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, buf), 0);
}

HOST_TEST(client_wrong_key)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };

	client_rig_init_keyed(&rig, UFS);
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	CHECK_EQ(counter(true, NULL), -EBADMSG);
	check_fault(RPMB_FAULT_MAC);
	CHECK_EQ(read_blocks(0, 4, true), -EBADMSG);
	/* that it was asked for single blocks does not count */
	client_rig_exchanges(&rig);
	CHECK_EQ(read_blocks(0, 4, false), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}

/* What an earlier try has failed of is not said of the last one */
HOST_TEST(client_last_try_counts)
{
	u8 other[RPMB_KEY_SIZE];

	host_test_fill(other, sizeof(other));
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	rig.model.quirks = RPMB_MODEL_Q_FIRST_FAILS;
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(counter(true, NULL), -EBADMSG);
	check_fault(RPMB_FAULT_MAC);
	CHECK(!rig.cl.status.has_result);
}

/* Failures that pass by themselves are asked again, and anew */
HOST_TEST(client_second_try)
{
	rig.model.quirks = RPMB_MODEL_Q_FIRST_FAILS;
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	CHECK_EQ(rig.nonces, 2);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(read_blocks(0, 3, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);

	rig.link_error = -EIO;
	client_rig_arm(&rig, RPMB_MODEL_F_LOSE_REPLY, 2);
	CHECK_EQ(counter(true, NULL), 0);
	arm(RPMB_MODEL_F_LOSE_REPLY, 2, COUNTER_TRIES);
	CHECK_EQ(counter(true, NULL), -EIO);
	check_fault(RPMB_FAULT_LINK);
	CHECK_EQ(client_rig_exchanges(&rig), 2 + COUNTER_TRIES);

	arm(RPMB_MODEL_F_REFUSE, 4, READ_TRIES);
	CHECK_EQ(read_blocks(0, 3, true), -EIO);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 6);
}

HOST_TEST(client_no_rng)
{
	rig.nonce_fails = 1;
	CHECK_EQ(counter(true, NULL), -ENODEV);
	check_fault(RPMB_FAULT_RNG);
	rig.nonce_fails = 3;
	rig.cl.max_rd = 2;
	CHECK_EQ(read_blocks(0, 4, true), -ENODEV);
	check_fault(RPMB_FAULT_RNG);
	CHECK_EQ(rig.cl.status.done, 2);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}

static void bad_range(u32 addr, u32 count, int want)
{
	CHECK_EQ(rpmb_client_read(&rig.cl, &rig.mac, addr, count, buf), want);
	check_fault(RPMB_FAULT_PARAM);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, addr, count, buf), want);
	check_fault(RPMB_FAULT_PARAM);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
}

HOST_TEST(client_ranges)
{
	client_rig_init_keyed(&rig, UFS);
	bad_range(0, 0, -EINVAL);
	bad_range(RIG_BLOCKS, 1, -ERANGE);
	bad_range(RIG_BLOCKS - 1, 2, -ERANGE);
	bad_range(0, RIG_BLOCKS + 1, -ERANGE);
	bad_range(1, 0xffffffff, -ERANGE);
	bad_range(0xffffffff, 1, -ERANGE);
	CHECK_EQ(client_rig_exchanges(&rig), 0);
	CHECK_EQ(read_blocks(RIG_BLOCKS - 1, 1, true), 0);

	/* a client that nobody has told the size */
	rig.cl.blocks = 0;
	CHECK_EQ(counter(true, NULL), -ERANGE);
	CHECK_EQ(rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key),
		 -ERANGE);
	check_fault(RPMB_FAULT_PARAM);
	CHECK_EQ(rig.model.keys_seen, 0);
	rig.cl.blocks = RIG_BLOCKS;

	/* smaller than it said */
	rig.model.blocks = 8;
	CHECK_EQ(read_blocks(7, 2, true), -ERANGE);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 4);
}

static u32 reads_needed(u32 nframes, u32 max_rd, u32 count)
{
	rig.cl.nframes = nframes;
	rig.cl.max_rd = max_rd;
	client_rig_exchanges(&rig);
	CHECK_EQ(read_blocks(5, count, true), 0);
	CHECK_EQ(rig.cl.status.done, count);
	return client_rig_exchanges(&rig);
}

HOST_TESTS(client_chunks, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(reads_needed(65, 0, 64), 1);
	CHECK_EQ(reads_needed(64, 0, 64), 2);
	CHECK_EQ(reads_needed(2, 0, 7), 7);
	CHECK_EQ(reads_needed(65, 3, 7), 3);
	CHECK_EQ(reads_needed(4, 5, 7), 3);
	CHECK_EQ(reads_needed(65, 64, 64), 1);
}

HOST_TESTS(client_wrong_place, RPMB_MODEL_FLAVOURS)
{
	arm(RPMB_MODEL_F_BAD_ADDRESS, 4, READ_TRIES);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_ADDRESS);
	arm(RPMB_MODEL_F_BAD_COUNT, 4, READ_TRIES);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_COUNT);
	/* in the second message: what came before is cleared as well */
	rig.cl.max_rd = 2;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 4, 1, READ_TRIES);
	CHECK_EQ(read_blocks(2, 4, true), -EBADMSG);
	CHECK_EQ(rig.cl.status.done, 2);
}

/* Only data have an address, and only where they have been read */
HOST_TESTS(client_no_place, RPMB_MODEL_FLAVOURS)
{
	client_rig_forge(&rig, FORGERY(0, addr, 0x0123));
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_ADDRESS);
	/* what the device said is not lost: that it is smaller, here */
	rig.model.blocks = 2;
	CHECK_EQ(read_blocks(2, 2, true), -ERANGE);
	check_fault(RPMB_FAULT_RESULT);
}

HOST_TEST(client_count_zero)
{
	client_rig_forge(&rig, FORGERY(0, block_count, 0));
	CHECK_EQ(read_blocks(2, 2, true), 0);
	client_rig_init_keyed(&rig, UFS);
	client_rig_forge(&rig, FORGERY(0, block_count, 0));
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_COUNT);
}

static int swap_frames(struct client_rig *r, const struct rpmb_frames *f)
{
	u8 block[RPMB_BLOCK_SIZE];

	if (f->resp_cnt == 1)
		return 0;
	memcpy(block, f->resp[0].data, sizeof(block));
	memcpy(f->resp[0].data, f->resp[1].data, sizeof(block));
	memcpy(f->resp[1].data, block, sizeof(block));
	return 0;
}

HOST_TEST(client_swapped_frames)
{
	rig.tamper = swap_frames;
	/* not believed, and asked for one by one */
	CHECK_EQ(read_blocks(2, 3, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES + 3);
}

HOST_TEST(client_unknown_result)
{
	client_rig_forge(&rig, FORGERY(0, result, 0x0123));
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 0x0123);
	/* it is signed: asked once, and final */
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}

/* Somebody without the key says that there is none: a hint, no proof */
HOST_TEST(client_says_no_key)
{
	client_rig_forge(&rig, UNSIGNED_FORGERY(0, result, 7));
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	CHECK_EQ(read_blocks(0, 1, true), -ENOKEY);
}

static u8 nonces[64][RPMB_NONCE_SIZE];
static u32 nonce_cnt;

static int note_nonce(struct client_rig *r, const struct rpmb_frames *f)
{
	u32 i;

	for (i = 0; i < nonce_cnt; i++)
		CHECK(memcmp(nonces[i], f->req->nonce, RPMB_NONCE_SIZE));
	memcpy(nonces[nonce_cnt++], f->req->nonce, RPMB_NONCE_SIZE);
	return 0;
}

/* No request has a nonce that another one had */
HOST_TEST(client_fresh_nonces)
{
	u32 i;

	client_rig_init_keyed(&rig, VIRTIO);
	rig.tamper = note_nonce;
	rig.cl.max_rd = 2;
	for (i = 0; i < 10; i++) {
		CHECK_EQ(counter(true, NULL), 0);
		CHECK_EQ(read_blocks(2, 4, true), 0);
	}
	CHECK_EQ(nonce_cnt, 30);
}

/* A refusal that is signed, or cannot be, is no disturbance: asked once */
HOST_TESTS(client_final, RPMB_MODEL_FLAVOURS)
{
	rig.model.blocks = 8;
	CHECK_EQ(read_blocks(7, 2, true), -ERANGE);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	/* "no key", which a read might as well have lost on its way */
	rig.model.state.key_set = 0;
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	CHECK_EQ(counter(false, NULL), -ENOKEY);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	CHECK_EQ(read_blocks(0, 2, true), -ENOKEY);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES);
}

/* A device that answers to fewer blocks than it seemed: single ones from then */
HOST_TESTS(client_fewer, RPMB_MODEL_FLAVOURS)
{
	rig.model.max_rd = 1;
	CHECK_EQ(read_blocks(4, 3, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), COUNTER_TRIES + 3);
	CHECK_EQ(read_blocks(4, 3, true), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	/* also where it is written in one message, and read back */
	client_rig_reboot(&rig);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 4, 3, room), 0);
	CHECK_EQ(rig.model.writes, 1);
	CHECK_MEM(client_rig_block(&rig, 4), room, 3 * RPMB_BLOCK_SIZE);
}

/* Of several frames only the first comes: the refusal that it is */
HOST_TESTS(client_one_frame, RPMB_MODEL_FLAVOURS)
{
	rig.model.quirks = RPMB_MODEL_Q_REFUSE_ONE_FRAME;
	rig.model.blocks = 8;
	CHECK_EQ(read_blocks(6, 4, true), -ERANGE);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 4);
	CHECK_EQ(read_blocks(6, 4, false), -ERANGE);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	rig.model.max_rd = 2;
	CHECK_EQ(read_blocks(0, 4, true), 0);
	rig.model.state.key_set = 0;
	CHECK_EQ(read_blocks(0, 4, true), -ENOKEY);
}

static u16 only_result;
static u8 only_flip;

/* One frame of three, as the device signs it; the others stay empty */
static int only_first(struct client_rig *r, const struct rpmb_frames *f)
{
	if (f->resp_cnt == 1)
		return 0;
	memset(f->resp + 1, 0, (f->resp_cnt - 1) * RPMB_FRAME_SIZE);
	rpmb_put16(&f->resp->result, only_result);
	f->resp->nonce[3] ^= only_flip;
	client_rig_sign(f->resp, 1);
	f->resp->key_mac[5] ^= only_flip >> 4;
	return -!!(only_flip & 2);
}

/* Such a frame is held to nonce and MAC, and is never a success */
HOST_TEST(client_one_frame_forged)
{
	static const struct {
		u16 result;
		u8 flip;
		int ret;
	} rows[] = {
		/* whatever is said in one frame: it ends with single blocks */
		{ 0, 0, 0 }, { RPMB_RES_EXPIRED, 0, 0 },
		/* a forged refusal is none; a true one is final */
		{ 4, 0x10, 0 }, { 4, 0x01, 0 }, { 4, 0, -ERANGE },
	};
	u32 i;

	rig.tamper = only_first;
	for (i = 0; i < COUNT(rows); i++) {
		rig.cl.max_rd = 3;
		only_result = rows[i].result;
		only_flip = rows[i].flip;
		CHECK_EQ(read_blocks(0, 3, true), rows[i].ret);
		CHECK_EQ(rig.cl.max_rd, rows[i].ret ? 3 : 1);
		CHECK_EQ(client_rig_exchanges(&rig),
			 rows[i].ret ? 1 : COUNTER_TRIES + 3);
	}
}

/* It has answered under the key: that it has none is no better than noise */
HOST_TESTS(client_takes_back, RPMB_MODEL_FLAVOURS)
{
	arm(RPMB_MODEL_F_SAYS_NO_KEY, 4, COUNTER_TRIES - 1);
	CHECK_EQ(read_blocks(3, 2, true), 0);
	CHECK_EQ(counter(true, NULL), 0);
	arm(RPMB_MODEL_F_SAYS_NO_KEY, 2, COUNTER_TRIES - 1);
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2 * COUNTER_TRIES + 1);
	arm(RPMB_MODEL_F_SAYS_NO_KEY, 2, COUNTER_TRIES);
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	/* a write resolves as well, with the reply and the counter disturbed */
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, room), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_SAYS_NO_KEY, 3);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, room), 0);
	arm(RPMB_MODEL_F_SAYS_NO_KEY, 0, COUNTER_TRIES);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, room), 0);
}

/* Trusty's device has no type to give before it has a key */
HOST_TESTS(client_type_0, RPMB_MODEL_FLAVOURS)
{
	client_rig_init(&rig, host_test_case);
	rig.model.quirks = RPMB_MODEL_Q_NOKEY_TYPE_0;
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(counter(false, NULL), -ENOKEY);
	CHECK_EQ(read_blocks(0, 3, true), -ENOKEY);
	CHECK_EQ(client_rig_exchanges(&rig), 2 + COUNTER_TRIES);
}

/* Another result than "no key" is not let off its type */
HOST_TEST(client_no_type)
{
	client_rig_forge(&rig, FORGERY(0, req_resp, 0));
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_TYPE);
	rig.model.blocks = 1;
	CHECK_EQ(read_blocks(3, 1, true), -EPROTO);
	check_fault(RPMB_FAULT_TYPE);
}

/* The counter of one key never goes down, and nothing makes that good again */
HOST_TEST(client_counter_down)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };
	u32 count;

	CHECK_EQ(counter(true, NULL), 0);
	rig.model.state.counter--;
	client_rig_exchanges(&rig);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_COUNTER);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, room), -EPROTO);
	check_fault(RPMB_FAULT_COUNTER);
	CHECK_EQ(rig.model.requests[3], 0);
	/* not even that the device was away, or that others have written */
	client_rig_arm(&rig, RPMB_MODEL_F_LOSE_REPLY, 2);
	rpmb_client_forget(&rig.cl);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	/* an unverified answer proves nothing, either way */
	CHECK_EQ(counter(false, &count), 0);
	CHECK_EQ(count, 0x7ffffffe);
	rig.model.state.counter += 2;
	CHECK_EQ(counter(true, NULL), 0);

	/* another key has another counter */
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	memcpy(rig.model.state.key, other, sizeof(other));
	rig.model.state.counter = 5;
	rig.cl.counter_key = NULL;
	CHECK_EQ(counter(true, &count), 0);
	CHECK_EQ(count, 5);
}
