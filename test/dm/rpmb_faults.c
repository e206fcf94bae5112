// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host must make of devices and buses that fail, or lie: each fault
 * of the model, at each operation
 */

#include <dm.h>
#include <rpmb-key.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/rpmb_model.h"

#define KEY	RPMB_CONFORMANCE_KEY

static u8 data[RPMB_BLOCK_SIZE];
static u8 back[RPMB_BLOCK_SIZE];

/* What a bus calls a frame that was lost, or a reply that is none */
static int link_error(int err)
{
	return err == -EPROTO ? -ETIMEDOUT : err;
}

struct reply_fault {
	enum rpmb_model_fault strike;
	int err;
	enum rpmb_fault fault;
};

/* A reply to a read is believed or not: there is nothing to resolve */
static const struct reply_fault reply_faults[] = {
	{ RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_FAULT_LINK },
	{ RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT, RPMB_FAULT_LINK },
	{ RPMB_MODEL_F_STALE_REPLY, -EPROTO, RPMB_FAULT_NONCE },
	{ RPMB_MODEL_F_BAD_MAC, -EBADMSG, RPMB_FAULT_MAC },
	{ RPMB_MODEL_F_BAD_NONCE, -EPROTO, RPMB_FAULT_NONCE },
	{ RPMB_MODEL_F_BAD_TYPE, -EPROTO, RPMB_FAULT_TYPE },
	{ RPMB_MODEL_F_BAD_DATA, -EBADMSG, RPMB_FAULT_MAC },
	{ RPMB_MODEL_F_ZERO_REPLY, -EPROTO, RPMB_FAULT_TYPE },
	{ RPMB_MODEL_F_SAYS_NO_KEY, -ENOKEY, RPMB_FAULT_RESULT },
};

static int check_fault(struct unit_test_state *uts, struct rpmb_ref ref,
		       const struct reply_fault *row, int err)
{
	const struct rpmb_status *st = status_of(ref);

	if (row->fault == RPMB_FAULT_LINK)
		err = link_error(err);
	ut_asserteq(row->err, err);
	ut_asserteq(row->fault, st->fault);
	ut_asserteq(RPMB_STATE_UNTOUCHED, st->state);

	return 0;
}

static int check_read_fault(struct unit_test_state *uts, struct rpmb_ref ref,
			    struct rpmb_model *m, const struct reply_fault *row)
{
	static const u8 blank[RPMB_BLOCK_SIZE];
	u32 count;
	int err;

	/* what is on record for STALE_REPLY is of the same type */
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	/* once, and once more, is a disturbance; three times is final */
	rpmb_model_arm(m, row->strike, RPMB_REQ_READ_DATA, 0, 2);
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	rpmb_model_arm(m, row->strike, RPMB_REQ_READ_DATA, 0, 3);
	memset(back, 0xa5, sizeof(back));
	err = rpmb_read_blocks(ref, 0, 1, back);
	ut_assertok(check_fault(uts, ref, row, err));
	ut_asserteq_mem(blank, back, sizeof(back));

	ut_assertok(rpmb_get_write_count(ref, &count));
	rpmb_model_arm(m, row->strike, RPMB_REQ_GET_COUNTER, 0, 2);
	ut_assertok(rpmb_get_write_count(ref, &count));
	rpmb_model_arm(m, row->strike, RPMB_REQ_GET_COUNTER, 0, 3);
	err = rpmb_get_write_count(ref, &count);
	ut_assertok(check_fault(uts, ref, row, err));

	return 0;
}

static int faults_of_reads(struct unit_test_state *uts, struct rpmb_ref ref,
			   struct rpmb_model *m)
{
	static const struct reply_fault addr = {
		RPMB_MODEL_F_BAD_ADDRESS, -EPROTO, RPMB_FAULT_ADDRESS
	};
	static const struct reply_fault count = {
		RPMB_MODEL_F_BAD_COUNT, -EPROTO, RPMB_FAULT_COUNT
	};
	int i, err;

	for (i = 0; i < ARRAY_SIZE(reply_faults); i++) {
		err = check_read_fault(uts, ref, m, &reply_faults[i]);
		if (err)
			printf("fault %d\n", reply_faults[i].strike);
		ut_assertok(err);
	}
	rpmb_model_arm(m, addr.strike, RPMB_REQ_READ_DATA, 0, 2);
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	rpmb_model_arm(m, addr.strike, RPMB_REQ_READ_DATA, 0, 3);
	err = rpmb_read_blocks(ref, 0, 1, back);
	ut_assertok(check_fault(uts, ref, &addr, err));
	rpmb_model_arm(m, count.strike, RPMB_REQ_READ_DATA, 0, 2);
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	rpmb_model_arm(m, count.strike, RPMB_REQ_READ_DATA, 0, 3);
	err = rpmb_read_blocks(ref, 0, 1, back);
	ut_assertok(check_fault(uts, ref, &count, err));

	return 0;
}

/* A device that fails once is asked again, one that goes on failing is not */
static int faults_of_device(struct unit_test_state *uts, struct rpmb_ref ref,
			    struct rpmb_model *m)
{
	u32 count;

	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_READ_DATA, 0, 1);
	ut_assertok(rpmb_read_blocks(ref, 0, 1, back));
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_GET_COUNTER, 0, 1);
	ut_assertok(rpmb_get_write_count(ref, &count));

	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_READ_DATA, 0, 99);
	ut_asserteq(-EIO, rpmb_read_blocks(ref, 0, 1, back));
	ut_asserteq(RPMB_RES_READ, status_of(ref)->result);
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);

	return 0;
}

/* Whatever became of the reply: the data are there, and were written once */
static int check_write_fault(struct unit_test_state *uts, struct rpmb_ref ref,
			     struct rpmb_model *m, enum rpmb_model_fault strike)
{
	u32 writes = m->writes;
	u32 counter = m->state.counter;
	u32 asked = m->requests[RPMB_REQ_GET_COUNTER];

	rpmb_conformance_fill(data, sizeof(data), 100 + strike);
	rpmb_model_arm(m, strike, RPMB_REQ_WRITE_DATA, 0, 1);
	ut_assertok(rpmb_write_blocks(ref, 2, 1, data));
	ut_asserteq(RPMB_STATE_CHANGED, status_of(ref)->state);
	ut_asserteq(RPMB_FAULT_NONE, status_of(ref)->fault);
	ut_asserteq(writes + 1, m->writes);
	ut_asserteq(counter + 1, m->state.counter);
	ut_asserteq_mem(data, m->store.data + 2 * RPMB_BLOCK_SIZE,
			sizeof(data));
	/* ... which was proven, and the struck fault is used up */
	ut_assert(m->requests[RPMB_REQ_GET_COUNTER] > asked);
	ut_asserteq(RPMB_MODEL_F_NONE, m->fault);

	return 0;
}

static int faults_of_writes(struct unit_test_state *uts, struct rpmb_ref ref,
			    struct rpmb_model *m)
{
	static const enum rpmb_model_fault strikes[] = {
		RPMB_MODEL_F_DROP_REQUEST, RPMB_MODEL_F_COMMIT_THEN_DROP,
		RPMB_MODEL_F_COMMIT_THEN_ERROR, RPMB_MODEL_F_REFUSE,
		RPMB_MODEL_F_LOSE_REPLY, RPMB_MODEL_F_STALE_REPLY,
		RPMB_MODEL_F_BAD_MAC, RPMB_MODEL_F_BAD_TYPE,
		RPMB_MODEL_F_BAD_ADDRESS, RPMB_MODEL_F_BAD_COUNTER,
		RPMB_MODEL_F_BAD_DATA, RPMB_MODEL_F_ZERO_REPLY,
		RPMB_MODEL_F_SAYS_NO_KEY,
	};
	int i, err;

	for (i = 0; i < ARRAY_SIZE(strikes); i++) {
		err = check_write_fault(uts, ref, m, strikes[i]);
		if (err)
			printf("fault %d\n", strikes[i]);
		ut_assertok(err);
	}

	return 0;
}

/* A device that goes on refusing: an error, and proof that nothing happened */
static int faults_given_up(struct unit_test_state *uts, struct rpmb_ref ref,
			   struct rpmb_model *m)
{
	const struct rpmb_status *st = status_of(ref);
	u32 counter = m->state.counter;

	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_WRITE_DATA, 0, 99);
	ut_asserteq(-EIO, rpmb_write_blocks(ref, 2, 1, data));
	ut_asserteq(RPMB_FAULT_RESULT, st->fault);
	ut_asserteq(RPMB_STATE_UNCHANGED, st->state);
	ut_asserteq(RPMB_RES_WRITE, st->result);
	ut_asserteq(0, st->done);
	ut_asserteq(counter, m->state.counter);

	/* The link is gone for good, in the middle of a write */
	rpmb_model_arm(m, RPMB_MODEL_F_LOSE_REPLY, 0, 1, 99);
	rpmb_key_wipe_all();
	ut_assertok(rpmb_conformance_setup(uts));
	ut_asserteq(-ETIMEDOUT, link_error(rpmb_write_blocks(ref, 2, 1, data)));
	ut_asserteq(RPMB_FAULT_LINK, st->fault);
	ut_asserteq(RPMB_STATE_UNKNOWN, st->state);
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);

	return 0;
}

/*
 * CVE-2020-13799: a signed frame that was held back is played in place of the
 * next write with the same counter. The reply is genuine, the data are not.
 */
static int faults_withheld(struct unit_test_state *uts, struct rpmb_ref ref,
			   struct rpmb_model *m)
{
	struct rpmb_frame held;
	u8 key[RPMB_KEY_SIZE];

	rpmb_frame_init(&held, RPMB_REQ_WRITE_DATA);
	rpmb_put32(&held.write_counter, m->state.counter);
	rpmb_put16(&held.addr, 2);
	rpmb_put16(&held.block_count, 1);
	rpmb_conformance_key(KEY, key);
	rpmb_model_hmac(key, (u8 *)&held, 1, held.key_mac);

	/* As after power-up: the host does not know what it signed before */
	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_model_set_swap(m, (u8 *)&held, 1);
	rpmb_model_arm(m, RPMB_MODEL_F_SWAP_IN, RPMB_REQ_WRITE_DATA, 0, 1);
	rpmb_conformance_fill(data, sizeof(data), 50);
	ut_assertok(rpmb_write_blocks(ref, 2, 1, data));
	ut_asserteq_mem(data, m->store.data + 2 * RPMB_BLOCK_SIZE,
			sizeof(data));

	return 0;
}

/* The last value of the counter can be reached, and read, but not left */
static int faults_exhausted(struct unit_test_state *uts, struct rpmb_ref ref,
			    struct rpmb_model *m)
{
	const struct rpmb_status *st = status_of(ref);
	u32 counter = m->state.counter;
	u32 writes, count;

	m->state.counter = 0xfffffffe;
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq(0xfffffffe, count);
	rpmb_conformance_fill(data, sizeof(data), 60);
	ut_assertok(rpmb_write_blocks(ref, 2, 1, data));
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq(0xffffffff, count);
	ut_assertok(rpmb_read_blocks(ref, 2, 1, back));
	ut_asserteq_mem(data, back, sizeof(back));

	writes = m->requests[RPMB_REQ_WRITE_DATA];
	ut_asserteq(-EOVERFLOW, rpmb_write_blocks(ref, 2, 1, data));
	ut_asserteq(RPMB_STATE_UNTOUCHED, st->state);
	ut_asserteq(writes, m->requests[RPMB_REQ_WRITE_DATA]);
	/* it never goes down again under this key; to go on it is a new one */
	m->state.counter = counter;
	ut_asserteq(-EPROTO, rpmb_get_write_count(ref, &count));
	ut_asserteq(RPMB_FAULT_COUNTER, st->fault);
	ut_assertok(rpmb_conformance_setup(uts));
	ut_assertok(rpmb_get_write_count(ref, &count));

	return 0;
}

/* A device that signs success and keeps what it had is found out */
static int faults_old_data(struct unit_test_state *uts, struct rpmb_ref ref,
			   struct rpmb_model *m)
{
	const struct rpmb_status *st = status_of(ref);

	rpmb_model_arm(m, RPMB_MODEL_F_OLD_DATA, RPMB_REQ_READ_DATA, 0, 99);
	ut_asserteq(-EIO, rpmb_write_blocks_read_back(ref, 2, 1, data));
	ut_asserteq(RPMB_FAULT_READBACK, st->fault);
	ut_asserteq(RPMB_STATE_UNKNOWN, st->state);
	ut_asserteq(0, st->done);
	/* from then on it is not believed, whether one asks or not */
	ut_asserteq(-EIO, rpmb_write_blocks(ref, 2, 1, data));
	ut_asserteq(RPMB_FAULT_READBACK, st->fault);
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_assertok(rpmb_write_blocks_read_back(ref, 2, 1, data));

	return 0;
}

/* Programming: one key frame travels at most, and only proof is believed */
static int check_program(struct unit_test_state *uts, struct rpmb_ref ref,
			 struct rpmb_model *m, enum rpmb_model_fault strike,
			 int err, enum rpmb_state state)
{
	u32 keys = m->keys_seen;

	m->state.key_set = 0;
	rpmb_model_arm(m, strike, RPMB_REQ_PROGRAM_KEY, 0, 1);
	ut_asserteq(link_error(err), link_error(rpmb_program_key(ref)));
	ut_asserteq(state, status_of(ref)->state);
	ut_asserteq(keys + 1, m->keys_seen);
	/* what it failed at is tried again only once it was without power */
	ut_asserteq(state == RPMB_STATE_UNKNOWN,
		    rpmb_mark_get(ref.dev, ref.target, RPMB_MARK_ATTEMPT));
	rpmb_mark_set(ref.dev, ref.target, RPMB_MARK_ATTEMPT, false);

	return 0;
}

static int faults_of_programming(struct unit_test_state *uts,
				 struct rpmb_ref ref, struct rpmb_model *m)
{
	static const struct {
		enum rpmb_model_fault strike;
		int err;
		enum rpmb_state state;
	} rows[] = {
		{ RPMB_MODEL_F_LOSE_REPLY, 0, RPMB_STATE_CHANGED },
		{ RPMB_MODEL_F_COMMIT_THEN_DROP, 0, RPMB_STATE_CHANGED },
		{ RPMB_MODEL_F_COMMIT_THEN_ERROR, 0, RPMB_STATE_CHANGED },
		{ RPMB_MODEL_F_ZERO_REPLY, 0, RPMB_STATE_CHANGED },
		{ RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_STATE_UNKNOWN },
		{ RPMB_MODEL_F_REFUSE, -EIO, RPMB_STATE_UNKNOWN },
		{ RPMB_MODEL_F_NONE, 0, RPMB_STATE_CHANGED },
	};
	int i, err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		err = check_program(uts, ref, m, rows[i].strike, rows[i].err,
				    rows[i].state);
		if (err)
			printf("fault %d\n", rows[i].strike);
		ut_assertok(err);
	}
	/* A result of 1 for a second key says as little as a 5 */
	m->quirks |= RPMB_MODEL_Q_REKEY_GENERAL;
	ut_asserteq(-EALREADY, rpmb_program_key(ref));
	ut_asserteq(-EBADMSG, rpmb_program_key(with_key(ref, KEY + 1)));
	m->quirks &= ~RPMB_MODEL_Q_REKEY_GENERAL;

	m->quirks |= RPMB_MODEL_Q_KEY_LIES;
	ut_assertok(check_program(uts, ref, m, RPMB_MODEL_F_NONE, 0,
				  RPMB_STATE_CHANGED));
	m->quirks &= ~RPMB_MODEL_Q_KEY_LIES;

	return 0;
}

/* The counter is read once, and the first write is read back, no other */
static int faults_none(struct unit_test_state *uts, struct rpmb_ref ref,
		       struct rpmb_model *m)
{
	int i;

	ut_assertok(rpmb_conformance_setup(uts));
	memset(m->requests, 0, sizeof(m->requests));
	for (i = 0; i < 3; i++)
		ut_assertok(rpmb_write_blocks(ref, i, 1, data));
	ut_asserteq(1, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_asserteq(3, m->requests[RPMB_REQ_WRITE_DATA]);
	ut_asserteq(1, m->requests[RPMB_REQ_READ_DATA]);

	return 0;
}

static const struct {
	const char *name;
	int (*fn)(struct unit_test_state *uts, struct rpmb_ref ref,
		  struct rpmb_model *m);
} faults[] = {
	{ "programming", faults_of_programming },
	{ "none", faults_none },
	{ "replies to reads", faults_of_reads },
	{ "device failures", faults_of_device },
	{ "writes", faults_of_writes },
	{ "writes given up", faults_given_up },
	{ "a frame held back", faults_withheld },
	{ "counter exhausted", faults_exhausted },
	{ "old data", faults_old_data },
};

int rpmb_faults_run(struct unit_test_state *uts, struct udevice *dev, u8 target,
		    struct rpmb_model *m)
{
	int i, ret;

	ut_assertok(rpmb_conformance_setup(uts));
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		ret = faults[i].fn(uts, rpmb_ref(dev, target, KEY), m);
		rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
		if (ret)
			printf("%s:%d: faults: %s\n", dev->name, target,
			       faults[i].name);
		ut_assertok(ret);
	}

	return 0;
}
