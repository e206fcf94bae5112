// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: programming the key, once, to the right device, and proven
 */

#include "client_rig.h"
#include "host_test.h"

static struct client_rig rig;

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

static void plain(enum rpmb_model_flavour flavour)
{
	u32 count;

	client_rig_init(&rig, flavour);
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
	client_rig_done(&rig);
}

static void test_plain(void)
{
	plain(RPMB_MODEL_EMMC);
	plain(RPMB_MODEL_UFS);
	plain(RPMB_MODEL_VIRTIO);
}

static void test_other_key(void)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	rig.model.state.key[0] ^= 1;
	CHECK_EQ(program(), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.keys_seen, 0);
	client_rig_done(&rig);
}

/* Unless a device says that it has no key, none is sent */
static void not_sent(enum rpmb_model_fault fault, u32 times, int want)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	rpmb_model_arm(&rig.model, fault, 2, 0, times);
	CHECK_EQ(program(), want);
	CHECK_EQ(rig.model.keys_seen, 0);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	client_rig_done(&rig);
}

static void test_not_sent(void)
{
	not_sent(RPMB_MODEL_F_LOSE_REPLY, 3, -ETIMEDOUT);
	not_sent(RPMB_MODEL_F_ZERO_REPLY, 3, -EPROTO);
	not_sent(RPMB_MODEL_F_BAD_TYPE, 3, -EPROTO);
}

/*
 * The first request after power-up fails, and a blank device cannot sign that:
 * it is asked again, and the key is sent once it says that it has none.
 */
static void test_first_fails(void)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	rig.model.quirks = RPMB_MODEL_Q_FIRST_FAILS | RPMB_MODEL_Q_KEY_LIES;
	CHECK_EQ(program(), 0);
	CHECK_EQ(rig.model.requests[RPMB_REQ_GET_COUNTER], 3);
	CHECK_EQ(rig.model.keys_seen, 1);
	CHECK(holds_key());
	client_rig_done(&rig);
}

/* Programmed, although the reply is bad or lost */
static void programmed(enum rpmb_model_fault fault)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	client_rig_arm(&rig, fault, 1);
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	check_wiped();
	client_rig_done(&rig);
}

static void test_programmed_anyway(void)
{
	programmed(RPMB_MODEL_F_COMMIT_THEN_DROP);
	programmed(RPMB_MODEL_F_COMMIT_THEN_ERROR);
	programmed(RPMB_MODEL_F_LOSE_REPLY);
	programmed(RPMB_MODEL_F_ZERO_REPLY);
	programmed(RPMB_MODEL_F_BAD_TYPE);
	programmed(RPMB_MODEL_F_STALE_REPLY);
}

static void test_key_lies(void)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	rig.model.quirks = RPMB_MODEL_Q_KEY_LIES;
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	client_rig_done(&rig);
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
	client_rig_done(&rig);
}

static void test_not_programmed(void)
{
	not_programmed(RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT, RPMB_FAULT_LINK);
	not_programmed(RPMB_MODEL_F_REFUSE, -EIO, RPMB_FAULT_RESULT);
}

static int says_done(struct client_rig *r, const struct rpmb_frame *req,
		     u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) == RPMB_REQ_PROGRAM_KEY)
		rpmb_put16(&resp->result, 0);
	return 0;
}

/* A clean result alone proves nothing */
static void test_no_proof(void)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	client_rig_arm(&rig, RPMB_MODEL_F_REFUSE, 1);
	rig.tamper = says_done;
	CHECK_EQ(program(), -ENOKEY);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
	client_rig_done(&rig);

	/* the proof is forged */
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 2, 1, 3);
	CHECK_EQ(program(), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNKNOWN);
	client_rig_done(&rig);
}

/* "No key in the context" must not be taken for "no key on the device" */
static void test_unloaded(void)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	rpmb_mac_unload(&rig.mac);
	CHECK_EQ(program(), -EINVAL);
	CHECK_EQ(rig.model.keys_seen, 0);
	client_rig_done(&rig);
}

/* Trusty's blank device gives no type */
static void test_type_0(void)
{
	client_rig_init(&rig, RPMB_MODEL_VIRTIO);
	rig.model.quirks = RPMB_MODEL_Q_NOKEY_TYPE_0;
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.model.keys_seen, 1);
	client_rig_done(&rig);
}

static int says_no_key(struct client_rig *r, const struct rpmb_frame *req,
		       u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) == RPMB_REQ_GET_COUNTER &&
	    !r->model.keys_seen)
		rpmb_put16(&resp->result, 7);
	return 0;
}

/*
 * A liar between makes us believe that the device is blank: the device refuses,
 * the proof tells that it holds this very key, and nothing was harmed.
 */
static void test_lured(void)
{
	client_rig_init_keyed(&rig, RPMB_MODEL_EMMC);
	rig.tamper = says_no_key;
	CHECK_EQ(program(), 0);
	CHECK(holds_key());
	CHECK_EQ(rig.model.state.counter, 0x7fffffff);
	client_rig_done(&rig);
}

/* Without a key to check a proof with, none is sent */
static void test_no_mac(void)
{
	client_rig_init(&rig, RPMB_MODEL_EMMC);
	CHECK_EQ(rpmb_client_program_key(&rig.cl, NULL, client_rig_key),
		 -EINVAL);
	check_status(RPMB_FAULT_PARAM, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(client_rig_exchanges(&rig), 0);
	client_rig_done(&rig);
}

static const struct host_test tests[] = {
	{ "client_key", test_plain },
	{ "client_key_other", test_other_key },
	{ "client_key_not_sent", test_not_sent },
	{ "client_key_first_fails", test_first_fails },
	{ "client_key_programmed_anyway", test_programmed_anyway },
	{ "client_key_lies", test_key_lies },
	{ "client_key_not_programmed", test_not_programmed },
	{ "client_key_no_proof", test_no_proof },
	{ "client_key_unloaded", test_unloaded },
	{ "client_key_type_0", test_type_0 },
	{ "client_key_lured", test_lured },
	{ "client_key_no_mac", test_no_mac },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
