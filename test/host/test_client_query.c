// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: counter reads and data reads, and every way they can go wrong
 */

#include "client_rig.h"
#include "host_test.h"

#define EMMC	RPMB_MODEL_EMMC
#define UFS	RPMB_MODEL_UFS
#define VIRTIO	RPMB_MODEL_VIRTIO

static struct client_rig rig;
static u8 room[64 * RPMB_BLOCK_SIZE];
static u8 *buf = room;

static void each_flavour(void (*run)(enum rpmb_model_flavour flavour))
{
	run(EMMC);
	run(UFS);
	run(VIRTIO);
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

static void counter_ok(enum rpmb_model_flavour flavour)
{
	u32 count;

	client_rig_init_keyed(&rig, flavour);
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
	client_rig_done(&rig);
}

static void test_counter(void)
{
	each_flavour(counter_ok);
}

static void no_key(enum rpmb_model_flavour flavour)
{
	client_rig_init(&rig, flavour);
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
	client_rig_done(&rig);
}

static void test_no_key(void)
{
	each_flavour(no_key);
}

/* What one fault makes of a counter read and of a read of two blocks */
static void check_query(enum rpmb_model_fault fault, int want,
			enum rpmb_fault why)
{
	client_rig_arm(&rig, fault, 2);
	CHECK_EQ(counter(true, NULL), want);
	check_fault(why);
	client_rig_arm(&rig, fault, 4);
	CHECK_EQ(read_blocks(3, 2, true), want);
	check_fault(why);
	/* and it leaves nothing behind */
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(read_blocks(3, 2, true), 0);
}

static void bad_reply(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	check_query(RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_FAULT_LINK);
	check_query(RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT, RPMB_FAULT_LINK);
	check_query(RPMB_MODEL_F_BAD_MAC, -EBADMSG, RPMB_FAULT_MAC);
	check_query(RPMB_MODEL_F_BAD_DATA, -EBADMSG, RPMB_FAULT_MAC);
	check_query(RPMB_MODEL_F_BAD_NONCE, -EPROTO, RPMB_FAULT_NONCE);
	check_query(RPMB_MODEL_F_BAD_TYPE, -EPROTO, RPMB_FAULT_TYPE);
	check_query(RPMB_MODEL_F_ZERO_REPLY, -EPROTO, RPMB_FAULT_TYPE);
	client_rig_done(&rig);
}

static void test_bad_reply(void)
{
	each_flavour(bad_reply);
}

/* A reply that was right once */
static void stale(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	CHECK_EQ(counter(true, NULL), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_STALE_REPLY, 2);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_NONCE);
	CHECK_EQ(read_blocks(3, 1, true), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_STALE_REPLY, 4);
	CHECK_EQ(read_blocks(3, 1, true), -EPROTO);
	check_fault(RPMB_FAULT_NONCE);
	client_rig_arm(&rig, RPMB_MODEL_F_STALE_REPLY, 2);
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_TYPE);
	client_rig_done(&rig);
}

static void test_stale(void)
{
	each_flavour(stale);
}

/* Without a key a reply is still held to its type and its nonce */
static void test_unverified(void)
{
	client_rig_init_keyed(&rig, EMMC);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_MAC, 0);
	CHECK_EQ(counter(false, NULL), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_MAC, 0);
	CHECK_EQ(read_blocks(1, 3, false), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_NONCE, 0);
	CHECK_EQ(counter(false, NULL), -EPROTO);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_TYPE, 0);
	CHECK_EQ(read_blocks(1, 3, false), -EPROTO);
	/* it is never cached: an unverified counter signs no write */
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_COUNTER, 2);
	CHECK_EQ(counter(false, NULL), 0);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, buf), 0);
	client_rig_done(&rig);
}

static void test_wrong_key(void)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };

	client_rig_init_keyed(&rig, UFS);
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	CHECK_EQ(counter(true, NULL), -EBADMSG);
	check_fault(RPMB_FAULT_MAC);
	CHECK_EQ(read_blocks(0, 4, true), -EBADMSG);
	CHECK_EQ(read_blocks(0, 4, false), 0);
	client_rig_done(&rig);
}

/* Failures that pass by themselves are asked again, once, and anew */
static void test_second_try(void)
{
	client_rig_init_keyed(&rig, EMMC);
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
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_LOSE_REPLY, 2, 0, 2);
	CHECK_EQ(counter(true, NULL), -EIO);
	check_fault(RPMB_FAULT_LINK);
	CHECK_EQ(client_rig_exchanges(&rig), 4);

	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 4, 0, 2);
	CHECK_EQ(read_blocks(0, 3, true), -EIO);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 6);
	client_rig_done(&rig);
}

static void test_no_rng(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.nonce_fails = 1;
	CHECK_EQ(counter(true, NULL), -ENODEV);
	check_fault(RPMB_FAULT_RNG);
	rig.nonce_fails = 3;
	rig.cl.max_rd = 2;
	CHECK_EQ(read_blocks(0, 4, true), -ENODEV);
	check_fault(RPMB_FAULT_RNG);
	CHECK_EQ(rig.cl.status.done, 2);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	client_rig_done(&rig);
}

static void bad_range(u32 addr, u32 count, int want)
{
	CHECK_EQ(rpmb_client_read(&rig.cl, &rig.mac, addr, count, buf), want);
	check_fault(RPMB_FAULT_PARAM);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, addr, count, buf), want);
	check_fault(RPMB_FAULT_PARAM);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
}

static void test_ranges(void)
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
	client_rig_done(&rig);
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

static void chunks(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	CHECK_EQ(reads_needed(65, 0, 64), 1);
	CHECK_EQ(reads_needed(64, 0, 64), 2);
	CHECK_EQ(reads_needed(2, 0, 7), 7);
	CHECK_EQ(reads_needed(65, 3, 7), 3);
	CHECK_EQ(reads_needed(4, 5, 7), 3);
	CHECK_EQ(reads_needed(65, 64, 64), 1);
	client_rig_done(&rig);
}

static void test_chunks(void)
{
	each_flavour(chunks);
}

static void wrong_place(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_ADDRESS, 4);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_ADDRESS);
	client_rig_arm(&rig, RPMB_MODEL_F_BAD_COUNT, 4);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_COUNT);
	/* in the second message: what came before is cleared as well */
	rig.cl.max_rd = 2;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 4, 1, 1);
	CHECK_EQ(read_blocks(2, 4, true), -EBADMSG);
	CHECK_EQ(rig.cl.status.done, 2);
	client_rig_done(&rig);
}

static void test_wrong_place(void)
{
	each_flavour(wrong_place);
}

static int odd_address(struct client_rig *r, const struct rpmb_frame *req,
		       u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	rpmb_put16(&resp[resp_cnt - 1].addr, 0x0123);
	client_rig_sign(resp, resp_cnt);
	return 0;
}

/* Only data have an address, and only where they have been read */
static void no_place(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	rig.tamper = odd_address;
	CHECK_EQ(counter(true, NULL), 0);
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_ADDRESS);
	/* what the device said is not lost: that it is smaller, here */
	rig.model.blocks = 2;
	CHECK_EQ(read_blocks(2, 2, true), -ERANGE);
	check_fault(RPMB_FAULT_RESULT);
	client_rig_done(&rig);
}

static void test_no_place(void)
{
	each_flavour(no_place);
}

static int count_zero(struct client_rig *r, const struct rpmb_frame *req,
		      u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	rpmb_put16(&resp[resp_cnt - 1].block_count, 0);
	client_rig_sign(resp, resp_cnt);
	return 0;
}

static void test_count_zero(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.tamper = count_zero;
	CHECK_EQ(read_blocks(2, 2, true), 0);
	client_rig_done(&rig);
	client_rig_init_keyed(&rig, UFS);
	rig.tamper = count_zero;
	CHECK_EQ(read_blocks(2, 2, true), -EPROTO);
	check_fault(RPMB_FAULT_COUNT);
	client_rig_done(&rig);
}

static int swap_frames(struct client_rig *r, const struct rpmb_frame *req,
		       u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	u8 block[RPMB_BLOCK_SIZE];

	memcpy(block, resp[0].data, sizeof(block));
	memcpy(resp[0].data, resp[1].data, sizeof(block));
	memcpy(resp[1].data, block, sizeof(block));
	return 0;
}

static void test_swapped_frames(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.tamper = swap_frames;
	CHECK_EQ(read_blocks(2, 3, true), -EBADMSG);
	client_rig_done(&rig);
}

static int odd_result(struct client_rig *r, const struct rpmb_frame *req,
		      u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	rpmb_put16(&resp[resp_cnt - 1].result, 0x0123);
	client_rig_sign(resp, resp_cnt);
	return 0;
}

static void test_unknown_result(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.tamper = odd_result;
	CHECK_EQ(counter(true, NULL), -EPROTO);
	check_fault(RPMB_FAULT_RESULT);
	CHECK_EQ(rig.cl.status.result, 0x0123);
	client_rig_done(&rig);
}

/* Somebody without the key says that there is none: a hint, no proof */
static int says_no_key(struct client_rig *r, const struct rpmb_frame *req,
		       u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	rpmb_put16(&resp[resp_cnt - 1].result, 7);
	return 0;
}

static void test_says_no_key(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.tamper = says_no_key;
	CHECK_EQ(counter(true, NULL), -ENOKEY);
	CHECK_EQ(read_blocks(0, 1, true), -ENOKEY);
	client_rig_done(&rig);
}

static u8 nonces[64][RPMB_NONCE_SIZE];
static u32 nonce_cnt;

static int note_nonce(struct client_rig *r, const struct rpmb_frame *req,
		      u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	u32 i;

	for (i = 0; i < nonce_cnt; i++)
		CHECK(memcmp(nonces[i], req->nonce, RPMB_NONCE_SIZE));
	memcpy(nonces[nonce_cnt++], req->nonce, RPMB_NONCE_SIZE);
	return 0;
}

/* No request has a nonce that another one had */
static void test_fresh_nonces(void)
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
	client_rig_done(&rig);
}

static const struct host_test tests[] = {
	{ "client_counter", test_counter },
	{ "client_no_key", test_no_key },
	{ "client_bad_reply", test_bad_reply },
	{ "client_stale", test_stale },
	{ "client_unverified", test_unverified },
	{ "client_wrong_key", test_wrong_key },
	{ "client_second_try", test_second_try },
	{ "client_no_rng", test_no_rng },
	{ "client_ranges", test_ranges },
	{ "client_chunks", test_chunks },
	{ "client_wrong_place", test_wrong_place },
	{ "client_no_place", test_no_place },
	{ "client_count_zero", test_count_zero },
	{ "client_swapped_frames", test_swapped_frames },
	{ "client_unknown_result", test_unknown_result },
	{ "client_says_no_key", test_says_no_key },
	{ "client_fresh_nonces", test_fresh_nonces },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
