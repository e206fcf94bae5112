// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: programming the key, once, to the right device, and proven
 */

#include "client_rig.h"
#include "host_test.h"

static struct client_rig rig;

void host_test_set_up(void)
{
	client_rig_init(&rig, host_test_case);
}

static int program(void)
{
	return rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);
}

static bool holds_key(void)
{
	return rig.model.state.key_set &&
	       !memcmp(rig.model.state.key, client_rig_key, RPMB_KEY_SIZE);
}

static void check_status(enum rpmb_fault fault, enum rpmb_state state)
{
	CHECK_EQ(rig.cl.status.fault, fault);
	CHECK_EQ(rig.cl.status.state, state);
}

/* The key is nowhere left in the client's work space */
static void check_wiped(void)
{
	const u8 *p = (u8 *)rig.frames;
	u32 i;

	for (i = 0; i + RPMB_KEY_SIZE <= sizeof(rig.frames); i++)
		CHECK(memcmp(p + i, client_rig_key, RPMB_KEY_SIZE));
}

void __real_rpmb_frame_fill(struct rpmb_frame *frame, enum rpmb_request req,
			    u16 addr, u16 count);
void __wrap_rpmb_frame_fill(struct rpmb_frame *frame, enum rpmb_request req,
			    u16 addr, u16 count);

/* ... and not by chance, because the next request comes to lie over it */
void __wrap_rpmb_frame_fill(struct rpmb_frame *frame, enum rpmb_request req,
			    u16 addr, u16 count)
{
	check_wiped();
	__real_rpmb_frame_fill(frame, req, addr, count);
}

HOST_TESTS(client_key, RPMB_MODEL_FLAVOURS)
{
	u32 count;

	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	check_wiped();
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	CHECK_EQ(count, 0);

	/* again: the device proves that it has it, and the key stays here */
	CHECK_EQ(program(), -EALREADY);
	CHECK_EQ(rig.model.keys_seen, 1);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
}

HOST_TEST(client_key_other)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	rig.model.state.key[0] ^= 1;
	CHECK_EQ(program(), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.keys_seen, 0);
}

/* Unless a device says that it has no key, none is sent */
HOST_TEST(client_key_not_sent)
{
	static const struct {
		enum rpmb_model_fault fault;
		int want;
	} rows[] = {
		{ RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT },
		{ RPMB_MODEL_F_ZERO_REPLY, -EPROTO },
		{ RPMB_MODEL_F_BAD_TYPE, -EPROTO },
	};
	u32 i;

	for (i = 0; i < COUNT(rows); i++) {
		rpmb_model_arm(&rig.model, rows[i].fault, 2, 0, 3);
		CHECK_EQ(program(), rows[i].want);
		CHECK_EQ(rig.model.keys_seen, 0);
		CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	}
}

/*
 * The first request after power-up fails, and a blank device cannot sign that:
 * it is asked again, and the key is sent once it says that it has none.
 */
HOST_TEST(client_key_first_fails)
{
	rig.model.quirks = RPMB_MODEL_Q_FIRST_FAILS | RPMB_MODEL_Q_KEY_LIES;
	CHECK_EQ(program(), 0);
	CHECK_EQ(rig.model.requests[RPMB_REQ_GET_COUNTER], 3);
	CHECK_EQ(rig.model.keys_seen, 1);
	CHECK(holds_key());
}

/* Programmed, although the reply is bad or lost */
HOST_TEST(client_key_programmed_anyway)
{
	static const enum rpmb_model_fault faults[] = {
		RPMB_MODEL_F_COMMIT_THEN_DROP, RPMB_MODEL_F_COMMIT_THEN_ERROR,
		RPMB_MODEL_F_LOSE_REPLY, RPMB_MODEL_F_ZERO_REPLY,
		RPMB_MODEL_F_BAD_TYPE, RPMB_MODEL_F_STALE_REPLY,
	};
	u32 i;

	for (i = 0; i < COUNT(faults); i++) {
		client_rig_init(&rig, RPMB_MODEL_EMMC);
		client_rig_arm(&rig, faults[i], 1);
		CHECK_EQ(program(), 0);
		CHECK(holds_key());
		CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
		check_wiped();
	}
}

HOST_TEST(client_key_lies)
{
	rig.model.quirks = RPMB_MODEL_Q_KEY_LIES;
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
}

/* Not programmed, and said so, for the reason that the device gave */
static void not_programmed(enum rpmb_model_fault fault, int want,
			   enum rpmb_fault why)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	client_rig_arm(&rig, fault, 1);
	CHECK_EQ(program(), want);
	CHECK(!rig.model.state.key_set);
	check_status(why, RPMB_STATE_UNKNOWN);
	check_wiped();
}

HOST_TEST(client_key_not_programmed)
{
	not_programmed(RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_FAULT_LINK);
	not_programmed(RPMB_MODEL_F_REFUSE, -EIO, RPMB_FAULT_RESULT);
}

/* A clean result alone proves nothing */
HOST_TEST(client_key_no_proof)
{
	client_rig_arm(&rig, RPMB_MODEL_F_REFUSE, 1);
	client_rig_forge(&rig, UNSIGNED_FORGERY(RPMB_REQ_PROGRAM_KEY, result, 0));
	CHECK_EQ(program(), -ENOKEY);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);

	/* the proof is forged */
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 2, 1, 3);
	CHECK_EQ(program(), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNKNOWN);
}

/* "No key in the context" must not be taken for "no key on the device" */
HOST_TEST(client_key_unloaded)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	rpmb_mac_unload(&rig.mac);
	CHECK_EQ(program(), -EINVAL);
	CHECK_EQ(rig.model.keys_seen, 0);
}

/* Trusty's blank device gives no type */
HOST_TEST(client_key_type_0)
{
	client_rig_init(&rig, RPMB_MODEL_VIRTIO);
	rig.model.quirks = RPMB_MODEL_Q_NOKEY_TYPE_0;
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.model.keys_seen, 1);
}

/*
 * A liar between makes us believe that the device is blank: the device refuses,
 * the proof tells that it holds this very key, and nothing was harmed.
 */
HOST_TEST(client_key_lured)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	client_rig_arm(&rig, RPMB_MODEL_F_SAYS_NO_KEY, RPMB_REQ_GET_COUNTER);
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.model.state.counter, 0x7fffffff);
}

/* Without a key to check a proof with, none is sent */
HOST_TEST(client_key_no_mac)
{
	CHECK_EQ(rpmb_client_program_key(&rig.cl, NULL, client_rig_key),
		 -EINVAL);
	check_status(RPMB_FAULT_PARAM, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(client_rig_exchanges(&rig), 0);
}
