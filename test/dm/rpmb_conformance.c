// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every RPMB device must do, whatever its bus: one table of cases, run
 * unchanged on each of them. It starts with a device that has no key.
 */

#include <dm.h>
#include <rpmb-key.h>
#include <asm/rpmb.h>
#include <dm/device-internal.h>
#include <dm/ofnode.h>
#include <dm/uclass-internal.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/rpmb_model.h"

#define MANY	0x23	/* blocks: more than a message of any device takes */

static u8 data[MANY * RPMB_BLOCK_SIZE];
static u8 back[MANY * RPMB_BLOCK_SIZE];
static const u8 blank[MANY * RPMB_BLOCK_SIZE];

void rpmb_conformance_fill(u8 *buf, size_t len, u32 seed)
{
	while (len--) {
		seed = seed * 1103515245 + 12345;
		*buf++ = seed >> 16;
	}
}

ofnode rpmb_conformance_node(void)
{
	return ofnode_path("/rpmb-rollback");
}

static int write_node(const char *prop, const char *value)
{
	return ofnode_write_prop(rpmb_conformance_node(), prop, value,
				 strlen(value) + 1, true);
}

int rpmb_conformance_set_policy(bool on, const char *name, u32 target)
{
	int ret;

	ret = write_node("compatible", on ? "u-boot,rpmb-rollback" :
			 "u-boot,rpmb-turn-off");
	if (!ret)
		ret = write_node("rpmb", name);
	return ret ? ret : ofnode_write_u32(rpmb_conformance_node(), "target",
					    target);
}

void rpmb_conformance_key(rpmb_keyid_t keyid, u8 key[RPMB_KEY_SIZE])
{
	rpmb_conformance_fill(key, RPMB_KEY_SIZE, keyid);
}

int rpmb_conformance_setup(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE];
	rpmb_keyid_t keyid;

	sandbox_rpmb_set_closed(false);
	sandbox_rpmb_set_hook(true);
	sandbox_rpmb_unratchet();
	rpmb_key_wipe_all();
	for (keyid = RPMB_CONFORMANCE_KEY; keyid <= RPMB_CONFORMANCE_OTHER;
	     keyid++) {
		rpmb_conformance_key(keyid, key);
		ut_assertok(rpmb_key_add(keyid, key));
	}

	return 0;
}

int rpmb_conformance_sandbox(struct unit_test_state *uts, struct udevice **devp)
{
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name("sandbox0", devp));

	return rpmb_conformance_setup(uts);
}

int rpmb_conformance_unbind(struct unit_test_state *uts, enum uclass_id id)
{
	struct udevice *dev;

	while (!uclass_find_first_device(id, &dev) && dev) {
		ut_assertok(device_remove(dev, DM_REMOVE_NORMAL));
		ut_assertok(device_unbind(dev));
	}

	return 0;
}

static int check_status(struct unit_test_state *uts, struct rpmb_ref ref,
			enum rpmb_fault fault, enum rpmb_state state)
{
	const struct rpmb_status *st = status_of(ref);

	ut_asserteq(fault, st->fault);
	ut_asserteq(state, st->state);

	return 0;
}

/* All operations with one key, none of which may succeed or change a thing */
static int check_refused(struct unit_test_state *uts, struct rpmb_ref ref,
			 int err, enum rpmb_fault fault)
{
	u32 count = 0x55;

	ut_asserteq(err, rpmb_get_write_count(ref, &count));
	ut_asserteq(0x55, count);
	ut_assertok(check_status(uts, ref, fault, RPMB_STATE_UNTOUCHED));

	ut_asserteq(err, rpmb_write_blocks(ref, 0, 1, data));
	ut_assertok(check_status(uts, ref, fault, RPMB_STATE_UNTOUCHED));

	memset(back, 0xa5, RPMB_BLOCK_SIZE);
	ut_asserteq(err, rpmb_read_blocks(ref, 0, 1, back));
	ut_assertok(check_status(uts, ref, fault, RPMB_STATE_UNTOUCHED));
	if (fault != RPMB_FAULT_PARAM)
		ut_asserteq_mem(blank, back, RPMB_BLOCK_SIZE);

	return 0;
}

static int case_no_key(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 count;

	ut_assertok(check_refused(uts, ref, -ENOKEY, RPMB_FAULT_RESULT));
	ut_assert(status_of(ref)->has_result);
	ut_asserteq(RPMB_RES_NO_KEY, status_of(ref)->result);
	ut_asserteq(-ENOKEY,
		    rpmb_get_write_count(with_key(ref, RPMB_KEY_NONE), &count));
	ut_asserteq(-ENOKEY, rpmb_read_blocks(with_key(ref, RPMB_KEY_NONE), 0,
					      1, back));

	return 0;
}

static int case_bad_keyid(struct unit_test_state *uts, struct rpmb_ref ref)
{
	ut_assertok(check_refused(uts, with_key(ref, RPMB_CONFORMANCE_EMPTY),
				  -ENOKEY, RPMB_FAULT_PARAM));
	ut_assert(!status_of(ref)->has_result);
	ut_asserteq(-ENOKEY,
		    rpmb_program_key(with_key(ref, RPMB_CONFORMANCE_EMPTY)));
	ut_assertok(check_refused(uts, with_key(ref, 0), -EINVAL,
				  RPMB_FAULT_PARAM));
	ut_asserteq(-EINVAL, rpmb_program_key(with_key(ref, 0)));

	/* Nothing may be written or programmed on trust */
	ut_asserteq(-EINVAL, rpmb_program_key(with_key(ref, RPMB_KEY_NONE)));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_PARAM,
				 RPMB_STATE_UNTOUCHED));
	ut_asserteq(-EINVAL, rpmb_write_blocks(with_key(ref, RPMB_KEY_NONE), 0,
					       1, data));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_PARAM,
				 RPMB_STATE_UNTOUCHED));

	return 0;
}

static int case_bad_target(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame frame;
	u32 count;

	rpmb_frame_init(&frame, RPMB_REQ_GET_COUNTER);
	for (ref.target = 0; ref.target <= RPMB_MAX_TARGETS; ref.target++) {
		if (ref.target < RPMB_MAX_TARGETS &&
		    rpmb_get_descr(ref.dev)->target[ref.target].capacity)
			continue;
		ut_asserteq(-EINVAL, rpmb_program_key(ref));
		ut_asserteq(-EINVAL, rpmb_get_capacity(ref.dev, ref.target));
		ut_asserteq(-EINVAL, rpmb_get_write_count(ref, &count));
		ut_asserteq(-EINVAL, rpmb_write_blocks(ref, 0, 1, data));
		ut_asserteq(-EINVAL, rpmb_read_blocks(ref, 0, 1, back));
		ut_asserteq(-EINVAL,
			    route(ref, RPMB_FRAMES(&frame, 1, &frame, 1)));
		ut_assertnull(status_of(ref));
	}

	return 0;
}

static int case_closed_blank(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req[3], resp;
	u32 count;

	rpmb_frame_fill(&req[0], RPMB_REQ_WRITE_DATA, 0, 1);
	rpmb_frame_init(&req[1], RPMB_REQ_PROGRAM_KEY);
	rpmb_conformance_key(ref.keyid, req[1].key_mac);
	rpmb_frame_fill(&req[2], RPMB_REQ_WRITE_DATA, 0, 1);
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, rpmb_program_key(ref));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_PARAM,
				 RPMB_STATE_UNTOUCHED));
	/* alone, before and behind a frame that would do no harm */
	ut_asserteq(-EPERM, route(ref, RPMB_FRAMES(req + 1, 1, &resp, 1)));
	ut_asserteq(-EINVAL, route(ref, RPMB_FRAMES(req + 1, 2, &resp, 1)));
	ut_asserteq(-EINVAL, route(ref, RPMB_FRAMES(req, 2, &resp, 1)));
	/* a write is for the device to judge: whoever made it signs it */
	ut_assertok(route(ref, RPMB_FRAMES(req, 1, &resp, 1)));
	ut_asserteq(RPMB_RES_NO_KEY, rpmb_get16(&resp.result));
	sandbox_rpmb_set_closed(false);
	ut_asserteq(-ENOKEY, rpmb_get_write_count(ref, &count));

	return 0;
}

static int case_program(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 count;

	ut_assertok(rpmb_program_key(ref));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_NONE,
				 RPMB_STATE_CHANGED));
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq(0, count);

	return 0;
}

static int case_program_again(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 count;

	ut_asserteq(-EALREADY, rpmb_program_key(ref));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_NONE,
				 RPMB_STATE_UNTOUCHED));
	ut_asserteq(-EBADMSG, rpmb_program_key(with_key(ref, ref.keyid + 1)));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_MAC,
				 RPMB_STATE_UNTOUCHED));
	ut_assertok(rpmb_get_write_count(ref, &count));

	return 0;
}

/* The device itself must refuse a second key, whoever sends it */
static int case_program_raw(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req, resp;
	u32 count;

	rpmb_frame_init(&req, RPMB_REQ_PROGRAM_KEY);
	rpmb_conformance_key(ref.keyid + 1, req.key_mac);
	rpmb_put16(&req.block_count, rpmb_get_descr(ref.dev)->type ==
		   RPMB_TYPE_VIRTIO);
	ut_assertok(route(ref, RPMB_FRAMES(&req, 1, &resp, 1)));
	ut_asserteq(RPMB_RESP(RPMB_REQ_PROGRAM_KEY),
		    rpmb_get16(&resp.req_resp));
	ut_assert(rpmb_get16(&resp.result) == RPMB_RES_WRITE ||
		  rpmb_get16(&resp.result) == RPMB_RES_GENERAL);
	ut_assertok(rpmb_get_write_count(ref, &count));

	return 0;
}

static int case_other_key(struct unit_test_state *uts, struct rpmb_ref ref)
{
	return check_refused(uts, with_key(ref, ref.keyid + 1), -EBADMSG,
			     RPMB_FAULT_MAC);
}

static int case_write_one(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 before, after;

	ut_assertok(rpmb_get_write_count(ref, &before));
	rpmb_conformance_fill(data, RPMB_BLOCK_SIZE, 1);
	ut_assertok(rpmb_write_blocks(ref, 1, 1, data));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_NONE,
				 RPMB_STATE_CHANGED));
	ut_asserteq(1, status_of(ref)->done);
	ut_assertok(rpmb_get_write_count(ref, &after));
	ut_asserteq(before + 1, after);

	/* ... and its neighbours are as they were */
	ut_assertok(rpmb_read_blocks(ref, 0, 3, back));
	ut_asserteq_mem(blank, back, RPMB_BLOCK_SIZE);
	ut_asserteq_mem(data, back + RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);
	ut_asserteq_mem(blank, back + 2 * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);

	return 0;
}

/* Odd address, odd count: messages of every size the device takes */
static int case_write_many(struct unit_test_state *uts, struct rpmb_ref ref)
{
	int i;

	rpmb_conformance_fill(data, sizeof(data), 2);
	ut_assertok(rpmb_write_blocks(ref, 0x1f, MANY, data));
	ut_asserteq(MANY, status_of(ref)->done);
	ut_assertok(rpmb_read_blocks(ref, 0x1f, MANY, back));
	ut_asserteq(MANY, status_of(ref)->done);
	ut_asserteq_mem(data, back, sizeof(data));
	for (i = 0; i < MANY; i++) {
		ut_assertok(rpmb_read_blocks(ref, 0x1f + i, 1, back));
		ut_asserteq_mem(data + i * RPMB_BLOCK_SIZE, back,
				RPMB_BLOCK_SIZE);
	}

	return 0;
}

static int case_unaligned(struct unit_test_state *uts, struct rpmb_ref ref)
{
	rpmb_conformance_fill(data + 1, 2 * RPMB_BLOCK_SIZE, 3);
	ut_assertok(rpmb_write_blocks(ref, 4, 2, data + 1));
	ut_assertok(rpmb_read_blocks(ref, 4, 2, back + 3));
	ut_asserteq_mem(data + 1, back + 3, 2 * RPMB_BLOCK_SIZE);

	return 0;
}

static int case_unverified(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 verified, unverified;

	ut_assertok(rpmb_get_write_count(ref, &verified));
	ut_assertok(rpmb_get_write_count(with_key(ref, RPMB_KEY_NONE),
					 &unverified));
	ut_asserteq(verified, unverified);
	ut_assertok(rpmb_read_blocks(ref, 0x20, 5, data));
	ut_assertok(rpmb_read_blocks(with_key(ref, RPMB_KEY_NONE), 0x20, 5,
				     back));
	ut_asserteq_mem(data, back, 5 * RPMB_BLOCK_SIZE);

	return 0;
}

static int case_range(struct unit_test_state *uts, struct rpmb_ref ref)
{
	int in_stores = IS_ENABLED(CONFIG_RPMB_ROLLBACK) ? -EROFS : -ERANGE;
	u32 end = rpmb_get_capacity(ref.dev, ref.target) * RPMB_BLOCKS_PER_UNIT;
	u32 before, after;
	int i;
	const struct {
		u32 addr;
		u32 count;
		int err;
		int write_err;
	} rows[] = {
		{ 0, 0, -EINVAL, -EINVAL },
		{ end, 0, -EINVAL, -EINVAL },
		{ end, 1, -ERANGE, -ERANGE },
		{ end - 1, 2, -ERANGE, -ERANGE },
		{ end - 1, U32_MAX, -ERANGE, -ERANGE },
		{ U32_MAX, 1, -ERANGE, -ERANGE },
		/* these would run over the stores */
		{ 0, end + 1, -ERANGE, in_stores },
		{ 1, U32_MAX, -ERANGE, in_stores },
	};

	ut_assertok(rpmb_get_write_count(ref, &before));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_asserteq(rows[i].err,
			    rpmb_read_blocks(ref, rows[i].addr, rows[i].count,
					     back));
		ut_asserteq(rows[i].write_err,
			    rpmb_write_blocks(ref, rows[i].addr, rows[i].count,
					      data));
		ut_assertok(check_status(uts, ref, RPMB_FAULT_PARAM,
					 RPMB_STATE_UNTOUCHED));
	}
	ut_assertok(rpmb_get_write_count(ref, &after));
	ut_asserteq(before, after);

	rpmb_conformance_fill(data, RPMB_BLOCK_SIZE, 4);
	ut_assertok(rpmb_write_blocks(ref, end - 1, 1, data));
	ut_assertok(rpmb_read_blocks(ref, end - 2, 2, back));
	ut_asserteq_mem(data, back + RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);

	return 0;
}

static int selftest_passed, selftest_failed;

static void count_step(const char *what, int err)
{
	if (err)
		selftest_failed++;
	else
		selftest_passed++;
}

static int case_closed(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 before, after;

	ut_assertok(rpmb_get_write_count(ref, &before));
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, rpmb_write_blocks(ref, 0, 1, data));
	ut_assertok(check_status(uts, ref, RPMB_FAULT_PARAM,
				 RPMB_STATE_UNTOUCHED));
	ut_asserteq(-EPERM, rpmb_program_key(ref));
	if (IS_ENABLED(CONFIG_RPMB_SELFTEST))
		ut_asserteq(-EPERM, rpmb_selftest(ref, count_step));
	ut_asserteq(-EPERM, rpmb_key_add(RPMB_CONFORMANCE_EMPTY, data));
	/* What does no harm still works */
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	ut_assertok(rpmb_get_write_count(ref, &after));
	sandbox_rpmb_set_closed(false);
	ut_asserteq(before, after);

	return 0;
}

/* A write request made by hand and signed by another HMAC than ours */
static void make_write(struct rpmb_frame *req, rpmb_keyid_t keyid, u16 addr,
		       u32 counter, u32 seed)
{
	u8 key[RPMB_KEY_SIZE];

	rpmb_frame_init(req, RPMB_REQ_WRITE_DATA);
	rpmb_conformance_fill(req->data, RPMB_BLOCK_SIZE, seed);
	rpmb_put32(&req->write_counter, counter);
	rpmb_put16(&req->addr, addr);
	rpmb_put16(&req->block_count, 1);
	rpmb_conformance_key(keyid, key);
	rpmb_model_hmac(key, (u8 *)req, 1, req->key_mac);
}

/* Send it, and see that it was taken or refused as it should */
static int check_raw_write(struct unit_test_state *uts, struct rpmb_ref ref,
			   const struct rpmb_frame *req, int err)
{
	bool taken = !err;
	struct rpmb_frame resp;
	u32 before, after;

	ut_assertok(rpmb_get_write_count(ref,
					 &before));
	ut_assertok(route(ref, RPMB_FRAMES(req, 1, &resp, 1)));
	ut_asserteq(RPMB_RESP(RPMB_REQ_WRITE_DATA), rpmb_get16(&resp.req_resp));
	ut_asserteq(err, rpmb_result_to_errno(rpmb_get16(&resp.result)));
	ut_assertok(rpmb_get_write_count(ref,
					 &after));
	ut_asserteq(before + taken, after);
	ut_assertok(rpmb_read_blocks(ref,
				     rpmb_get16(&req->addr), 1, back));
	ut_asserteq(taken, !memcmp(back, req->data, RPMB_BLOCK_SIZE));

	return 0;
}

static int case_replay(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req;
	u32 count;

	ut_assertok(rpmb_get_write_count(ref, &count));
	make_write(&req, ref.keyid, 8, count, 5);
	ut_assertok(check_raw_write(uts, ref, &req, 0));
	rpmb_conformance_fill(data, RPMB_BLOCK_SIZE, 6);
	ut_assertok(rpmb_write_blocks(ref, 8, 1, data));
	ut_assertok(check_raw_write(uts, ref, &req, -ESTALE));

	/* A counter of the future will not do either */
	ut_assertok(rpmb_get_write_count(ref, &count));
	make_write(&req, ref.keyid, 8, count + 1, 7);
	ut_assertok(check_raw_write(uts, ref, &req, -ESTALE));

	return 0;
}

static int case_forged(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req;
	u32 count;

	ut_assertok(rpmb_get_write_count(ref, &count));
	make_write(&req, ref.keyid + 1, 8, count, 8);
	ut_assertok(check_raw_write(uts, ref, &req, -EACCES));
	make_write(&req, ref.keyid, 8, count, 9);
	req.data[0] ^= 1;
	ut_assertok(check_raw_write(uts, ref, &req, -EACCES));

	return 0;
}

/* Somebody else wrote meanwhile: the cached counter must not be trusted */
static int case_shared(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req;
	u32 count;

	rpmb_conformance_fill(data, RPMB_BLOCK_SIZE, 10);
	ut_assertok(rpmb_write_blocks(ref, 9, 1, data));
	ut_assertok(rpmb_get_write_count(ref, &count));
	make_write(&req, ref.keyid, 8, count, 11);
	ut_assertok(check_raw_write(uts, ref, &req, 0));
	rpmb_conformance_fill(data, RPMB_BLOCK_SIZE, 12);
	ut_assertok(rpmb_write_blocks(ref, 9, 1, data));
	ut_assertok(rpmb_read_blocks(ref, 9, 1, back));
	ut_asserteq_mem(data, back, RPMB_BLOCK_SIZE);

	return 0;
}

static int case_route_counts(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_frame req, resp;

	rpmb_frame_init(&req, RPMB_REQ_GET_COUNTER);
	ut_asserteq(-EINVAL, route(ref, RPMB_FRAMES(&req, 0, &resp, 1)));
	ut_asserteq(-EINVAL, route(ref, RPMB_FRAMES(&req, 1, &resp, 0)));

	return 0;
}

static int case_selftest(struct unit_test_state *uts, struct rpmb_ref ref)
{
	if (!IS_ENABLED(CONFIG_RPMB_SELFTEST))
		return 0;
	ut_assertok(rpmb_read_blocks(ref, 0, MANY, data));
	selftest_passed = 0;
	selftest_failed = 0;
	ut_assertok(rpmb_selftest(ref, count_step));
	ut_asserteq(0, selftest_failed);
	ut_assert(selftest_passed > 0);
	ut_assertok(rpmb_read_blocks(ref, 0, MANY, back));
	ut_asserteq_mem(data, back, sizeof(data));

	/* With the wrong key it must not pass */
	ut_asserteq(-EBADMSG, rpmb_selftest(with_key(ref, ref.keyid + 1),
					    count_step));

	return 0;
}

static const struct conformance_case conformance_cases[] = {
	{ "without a key nothing works", case_no_key },
	{ "key ids are checked", case_bad_keyid },
	{ "targets are checked", case_bad_target },
	{ "no key travels from a closed board", case_closed_blank },
	{ "a key is programmed and proven", case_program },
	{ "a key is not programmed twice", case_program_again },
	{ "the device refuses a second key", case_program_raw },
	{ "another key reads and writes nothing", case_other_key },
	{ "one block is written, the counter rises by one", case_write_one },
	{ "many blocks are written and read", case_write_many },
	{ "buffers need no alignment", case_unaligned },
	{ "unverified answers are the same", case_unverified },
	{ "addresses and counts are checked", case_range },
	{ "a closed board reads, no more", case_closed },
	{ "a replayed write is refused", case_replay },
	{ "a forged write is refused", case_forged },
	{ "a shared device is read anew", case_shared },
	{ "frames are counted before they are routed", case_route_counts },
	{ "the self test passes and restores", case_selftest },
};

int rpmb_conformance_run(struct unit_test_state *uts, struct udevice *dev,
			 u8 target)
{
	int i;

	ut_assertok(rpmb_conformance_setup(uts));
	for (i = 0; i < ARRAY_SIZE(conformance_cases); i++) {
		const struct conformance_case *c = &conformance_cases[i];
		int ret = c->fn(uts, rpmb_ref(dev, target,
					 RPMB_CONFORMANCE_KEY));

		sandbox_rpmb_set_closed(false);
		if (ret)
			printf("%s:%d: conformance: %s\n", dev->name, target,
			       c->name);
		ut_assertok(ret);
	}

	return 0;
}

static const struct rpmb_odd odd_devices[] = {
	{ "no type without a key", .quirks = RPMB_MODEL_Q_NOKEY_TYPE_0 },
	{ "empty without a key", .quirks = RPMB_MODEL_Q_NOKEY_EMPTY },
	{ "says 5 to a key it stores", .quirks = RPMB_MODEL_Q_KEY_LIES },
	{ "says 1 to a second key", .quirks = RPMB_MODEL_Q_REKEY_GENERAL },
	{ "fails first", .quirks = RPMB_MODEL_Q_FIRST_FAILS },
	{ "fails first, and has no type without a key",
	  .quirks = RPMB_MODEL_Q_FIRST_FAILS | RPMB_MODEL_Q_NOKEY_TYPE_0 },
	{ "refuses in one frame", .quirks = RPMB_MODEL_Q_REFUSE_ONE_FRAME,
	  .max_rd = 2 },
	{ "single blocks", .max_wr = 1, .max_rd = 1 },
	{ "two blocks, and one", .max_wr = 2, .max_rd = 1 },
	{ "one block, and four", .max_wr = 1, .max_rd = 4 },
	{ "loses replies", .fault = RPMB_MODEL_F_LOSE_REPLY,
	  .req = RPMB_REQ_READ_DATA, .skip = 9 },
	{ "zeroes replies", .fault = RPMB_MODEL_F_ZERO_REPLY,
	  .req = RPMB_REQ_READ_DATA, .skip = 9 },
	{ "says at times that it has no key",
	  .fault = RPMB_MODEL_F_SAYS_NO_KEY, .req = RPMB_REQ_READ_DATA,
	  .skip = 9 },
	{ "fails at times", .fault = RPMB_MODEL_F_REFUSE,
	  .req = RPMB_REQ_READ_DATA, .skip = 9 },
};

void rpmb_odd_make(const struct rpmb_odd *odd, struct rpmb_model *m)
{
	m->quirks |= odd->quirks;
	m->first = odd->quirks & RPMB_MODEL_Q_FIRST_FAILS;
	if (odd->max_wr)
		m->max_wr = odd->max_wr;
	if (odd->max_rd)
		m->max_rd = odd->max_rd;
	rpmb_model_arm(m, odd->fault, odd->req, odd->skip, 2);
}

int rpmb_conformance_odd(struct unit_test_state *uts,
			 int (*run)(struct unit_test_state *uts,
				    const struct rpmb_odd *odd))
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(odd_devices); i++) {
		ret = run(uts, &odd_devices[i]);
		if (ret)
			printf("odd: %s\n", odd_devices[i].name);
		ut_assertok(ret);
	}

	return 0;
}
