// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB self test: the kernel series' test sequence, and what must be refused
 *
 * The device must hold the key already, and the board must be open. Nothing is
 * done that cannot be undone: the second key that is sent is the key that the
 * device has. No write past the end is tried, since a device that does not
 * refuse it (QEMU's does not) would write to another partition.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb/mac.h>
#include "rpmb-internal.h"

#define TEST_ADDR	0	/* first block, as in the kernel series */
#define TEST_BLOCKS	4
#define TEST_BYTES	(TEST_BLOCKS * RPMB_BLOCK_SIZE)

/**
 * struct selftest - a self test under way
 *
 * @cl:		client, with frames for TEST_BLOCKS
 * @mac:	key
 * @key:	its 32 bytes
 * @report:	called after each step
 * @first_err:	error of the first step that failed
 * @why:	status after that step
 * @state:	what is known of the device since the first step: of steps that
 *		only read, the status does not tell what a write has done
 * @counter:	write counter before the step
 * @saved:	what the blocks held
 * @data:	what is written
 * @back:	what is read back
 */
struct selftest {
	struct rpmb_client *cl;
	struct rpmb_mac *mac;
	const u8 *key;
	rpmb_selftest_report_t report;
	int first_err;
	struct rpmb_status why;
	enum rpmb_state state;
	u32 counter;
	u8 saved[TEST_BYTES];
	u8 data[TEST_BYTES];
	u8 back[TEST_BYTES];
};

static int get_counter(struct selftest *st)
{
	return rpmb_client_get_counter(st->cl, st->mac, &st->counter);
}

static int test_counter(struct selftest *st)
{
	u32 count;
	int ret;

	ret = rpmb_client_get_counter(st->cl, NULL, &count);
	if (!ret)
		ret = get_counter(st);
	if (!ret && count != st->counter)
		ret = -EPROTO;
	return ret;
}

static int test_save(struct selftest *st)
{
	return rpmb_client_read(st->cl, st->mac, TEST_ADDR, TEST_BLOCKS,
				st->saved);
}

static int test_write(struct selftest *st)
{
	struct rpmb_client *cl = st->cl;
	int ret;

	ret = cl->link->nonce(cl->priv, st->data, TEST_BYTES);
	if (ret) {
		cl->status.fault = RPMB_FAULT_RNG;
		return ret;
	}
	return rpmb_client_write(cl, st->mac, TEST_ADDR, TEST_BLOCKS,
				 st->data);
}

static int test_counter_rose(struct selftest *st)
{
	u32 before = st->counter;
	int ret;

	ret = get_counter(st);
	if (!ret && st->counter <= before)
		ret = -EPROTO;
	return ret;
}

static int compare(struct selftest *st, struct rpmb_mac *mac)
{
	int ret;

	ret = rpmb_client_read(st->cl, mac, TEST_ADDR, TEST_BLOCKS,
			       st->back);
	if (!ret && memcmp(st->back, st->data, TEST_BYTES))
		ret = -EIO;
	return ret;
}

static int test_read_unverified(struct selftest *st)
{
	return compare(st, NULL);
}

static int test_read(struct selftest *st)
{
	return compare(st, st->mac);
}

/* Send the first frame as it is, and keep the result of the reply */
static int raw(struct selftest *st)
{
	struct rpmb_client *cl = st->cl;
	const struct rpmb_frames frames = {
		&cl->frames[0], 1, &cl->frames[1], 1,
	};
	int ret;

	memset(frames.resp, 0, RPMB_FRAME_SIZE);
	rpmb_client_forget(cl);
	st->state = RPMB_STATE_UNKNOWN;
	ret = cl->link->route(cl->priv, &frames);
	cl->status.has_result = !ret;
	if (ret)
		cl->status.fault = RPMB_FAULT_LINK;
	if (!ret)
		cl->status.result = rpmb_get16(&cl->frames[1].result);
	return ret;
}

/* The device must refuse the frame, and must not have executed it */
static int must_refuse(struct selftest *st)
{
	enum rpmb_state state = st->state;
	u32 before = st->counter;
	int ret;

	ret = raw(st);
	if (ret)
		return ret;
	if (!rpmb_result_to_errno(st->cl->status.result))
		return -EPROTO;
	ret = get_counter(st);
	if (!ret && st->counter != before)
		ret = -EPROTO;
	if (!ret)
		ret = compare(st, st->mac);
	/* proven: it was refused */
	if (!ret)
		st->state = state;
	return ret;
}

/* A write request for the first test block; what is there is written again */
static int make_write(struct selftest *st, u16 addr)
{
	struct rpmb_frame *req = st->cl->frames;
	int ret;

	ret = get_counter(st);
	if (ret)
		return ret;
	rpmb_frame_init(req, RPMB_REQ_WRITE_DATA);
	memcpy(req->data, st->data, RPMB_BLOCK_SIZE);
	rpmb_put32(&req->write_counter, st->counter);
	rpmb_put16(&req->addr, addr);
	rpmb_put16(&req->block_count, 1);
	return rpmb_mac_sign(st->mac, req, 1);
}

/* The other half of the work space keeps a copy of the frame */
static int test_replay(struct selftest *st)
{
	struct rpmb_frame *frames = st->cl->frames;
	struct rpmb_frame *kept = &frames[TEST_BLOCKS];
	enum rpmb_state state = st->state;
	int ret;

	ret = make_write(st, TEST_ADDR);
	*kept = frames[0];
	if (!ret)
		ret = raw(st);
	if (!ret)
		ret = rpmb_result_to_errno(st->cl->status.result);
	if (!ret)
		ret = get_counter(st);
	if (ret)
		return ret;
	/* the blocks are what they were, and what was sent is executed */
	st->state = state;
	frames[0] = *kept;
	return must_refuse(st);
}

static int test_forged_mac(struct selftest *st)
{
	int ret = make_write(st, TEST_ADDR);

	st->cl->frames[0].key_mac[0] ^= 1;
	return ret ? ret : must_refuse(st);
}

static int test_forged_data(struct selftest *st)
{
	int ret = make_write(st, TEST_ADDR);

	st->cl->frames[0].data[0] ^= 1;
	return ret ? ret : must_refuse(st);
}

/*
 * At the last value of the counter no device executes a write. So nobody can
 * use a recording of this frame later.
 */
static int test_future_counter(struct selftest *st)
{
	struct rpmb_frame *req = st->cl->frames;
	int ret = make_write(st, TEST_ADDR);

	rpmb_put32(&req->write_counter, 0xffffffff);
	if (!ret)
		ret = rpmb_mac_sign(st->mac, req, 1);
	return ret ? ret : must_refuse(st);
}

static int test_second_key(struct selftest *st)
{
	struct rpmb_frame *req = st->cl->frames;
	int ret = get_counter(st);

	rpmb_frame_init(req, RPMB_REQ_PROGRAM_KEY);
	memcpy(req->key_mac, st->key, RPMB_KEY_SIZE);
	if (!ret)
		ret = must_refuse(st);
	rpmb_wipe(req, sizeof(*req));
	return ret;
}

static int test_restore(struct selftest *st)
{
	return rpmb_client_write(st->cl, st->mac, TEST_ADDR, TEST_BLOCKS,
				 st->saved);
}

static int run(struct selftest *st, const char *what,
	       int (*step)(struct selftest *st))
{
	struct rpmb_status *status = &st->cl->status;
	int ret = step(st);

	/* UNKNOWN stays, also if a later step is CHANGED */
	if (status->state >= RPMB_STATE_CHANGED && status->state > st->state)
		st->state = status->state;
	if (ret && st->state)
		status->state = st->state;
	if (ret && !st->first_err) {
		st->first_err = ret;
		st->why = *status;
	}
	st->report(what, ret);
	return ret;
}

static int run_all(struct selftest *st)
{
	/* the steps that follow need these */
	if (run(st, "write counter, unverified and verified, agree", test_counter) ||
	    run(st, "blocks saved", test_save))
		return st->first_err;
	run(st, "write blocks", test_write);
	run(st, "write counter rose", test_counter_rose);
	run(st, "read back, unverified", test_read_unverified);
	run(st, "read back, verified", test_read);
	run(st, "replayed write refused", test_replay);
	run(st, "write with a forged MAC refused", test_forged_mac);
	run(st, "write with forged data refused", test_forged_data);
	run(st, "write with a future counter refused", test_future_counter);
	run(st, "second key refused", test_second_key);
	/* then the blocks are known, whatever became of what was sent before */
	if (!run(st, "blocks restored", test_restore))
		st->state = RPMB_STATE_CHANGED;
	return st->first_err;
}

/* Report why the first step failed, and the state in which the device is now */
static void set_status(struct selftest *st)
{
	if (!st->first_err)
		return;
	st->cl->status = st->why;
	if (st->state)
		st->cl->status.state = st->state;
}

int rpmb_selftest(struct rpmb_ref ref, rpmb_selftest_report_t report)
{
	struct rpmb_client *cl;
	struct selftest *st;
	int ret;

	if (!rpmb_has_frames(ref.dev))
		return -ENOSYS;
	/* the status of the operation says so if the gate refuses it */
	ret = rpmb_gate_write(ref.dev, ref.target, TEST_ADDR, TEST_BLOCKS);
	ret = rpmb_op_begin(ref, TEST_BLOCKS, ret, &cl);
	if (ret)
		return ret;
	st = calloc(1, sizeof(*st));
	if (!st)
		return rpmb_op_end(ref.dev, cl, -ENOMEM);
	st->report = report;
	st->cl = cl;
	st->mac = cl->key;
	st->key = rpmb_to_port(cl)->key;
	/* without a key there is nothing to test with */
	ret = st->mac ? run_all(st) : -EINVAL;
	set_status(st);
	ret = rpmb_op_end(ref.dev, cl, ret);
	free(st);
	return ret;
}
