// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: writes, and what the client makes of replies that prove nothing
 */

#include <stdio.h>

#include "client_rig.h"
#include "host_test.h"

#define EMMC	RPMB_MODEL_EMMC
#define UFS	RPMB_MODEL_UFS
#define VIRTIO	RPMB_MODEL_VIRTIO

static struct client_rig rig;
static u8 room[128 * RPMB_BLOCK_SIZE];
static u8 *data = room;

static void each_flavour(void (*run)(enum rpmb_model_flavour flavour))
{
	run(EMMC);
	run(UFS);
	run(VIRTIO);
}

static bool on_device(u32 addr, u32 count)
{
	return !memcmp(client_rig_block(&rig, addr), data,
		       count * RPMB_BLOCK_SIZE);
}

/* Write fresh random data; what the client says must be true */
static int write_blocks(u32 addr, u32 count)
{
	int ret;

	/* up to the end of the room, for the sanitizer to see who goes on */
	data = room + sizeof(room) - count * RPMB_BLOCK_SIZE;
	host_test_fill(data, count * RPMB_BLOCK_SIZE);
	ret = rpmb_client_write(&rig.cl, &rig.mac, addr, count, data);
	CHECK(on_device(addr, rig.cl.status.done));
	if (!ret) {
		CHECK_EQ(rig.cl.status.done, count);
		CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
		CHECK_EQ(rig.cl.counter, rig.model.state.counter);
	}
	return ret;
}

static void check_status(enum rpmb_fault fault, enum rpmb_state state)
{
	CHECK_EQ(rig.cl.status.fault, fault);
	CHECK_EQ(rig.cl.status.state, state);
}

static void plain(enum rpmb_model_flavour flavour)
{
	u32 count;

	client_rig_init_keyed(&rig, flavour);
	/* after power-up: counter, write, read-back; then writes alone */
	CHECK_EQ(write_blocks(7, 3), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	CHECK_EQ(write_blocks(7, 3), 0);
	CHECK_EQ(write_blocks(300, 64), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	CHECK_EQ(rig.model.writes, 3);
	CHECK_EQ(rig.model.state.counter, 0x80000002);
	/* a counter read in between raises no doubt */
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	CHECK_EQ(count, 0x80000002);
	CHECK_EQ(write_blocks(7, 3), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	client_rig_done(&rig);
}

static void test_plain(void)
{
	each_flavour(plain);
}

static int write_elsewhere(struct client_rig *r, const struct rpmb_frame *req,
			   u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) != RPMB_REQ_WRITE_DATA)
		return 0;
	rpmb_put16(&resp->addr, 0x0123);
	client_rig_sign(resp, 1);
	return 0;
}

/* Success, but of another write: ask for the counter, and read back */
static void wrong_place(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	CHECK_EQ(write_blocks(7, 2), 0);
	client_rig_exchanges(&rig);
	rig.tamper = write_elsewhere;
	CHECK_EQ(write_blocks(7, 2), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	client_rig_done(&rig);
}

static void test_wrong_place(void)
{
	each_flavour(wrong_place);
}

/* Sizes of the write messages on the bus */
static u32 sizes[128];
static u32 size_cnt;

static int note_size(struct client_rig *r, const struct rpmb_frame *req,
		     u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) == RPMB_REQ_WRITE_DATA)
		sizes[size_cnt++] = req_cnt;
	return 0;
}

static void check_sizes(u32 addr, u32 count, const char *want)
{
	char got[256];
	u32 i, len = 0;

	size_cnt = 0;
	rig.tamper = note_size;
	CHECK_EQ(write_blocks(addr, count), 0);
	for (i = 0; i < size_cnt; i++)
		len += snprintf(got + len, sizeof(got) - len, "%u ", sizes[i]);
	if (strcmp(got, want))
		host_test_fail(__FILE__, __LINE__, "%u blocks at %u: %s, not %s",
			       count, addr, got, want);
}

static void test_sizes(void)
{
	client_rig_init_keyed(&rig, UFS);
	check_sizes(0, 100, "64 36 ");
	rig.cl.max_wr = 3;
	check_sizes(1, 7, "3 3 1 ");
	rig.cl.nframes = 3;
	check_sizes(1, 5, "2 2 1 ");
	rig.cl.nframes = 2;
	check_sizes(1, 3, "1 1 1 ");
	client_rig_done(&rig);
}

static void test_sizes_emmc(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.model.quirks = RPMB_MODEL_Q_WRITE_1_2_32;
	rig.cl.flags |= RPMB_F_WRITE_1_2_32;
	check_sizes(32, 67, "32 32 2 1 ");
	check_sizes(1, 4, "1 2 1 ");
	check_sizes(30, 34, "2 32 ");
	rig.cl.max_wr = 31;
	check_sizes(32, 5, "2 2 1 ");
	rig.cl.max_wr = 1;
	check_sizes(32, 3, "1 1 1 ");
	client_rig_done(&rig);
}

/* A device that takes less than it seemed: go on with single blocks */
static void fallback(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	rig.model.max_wr = 1;
	check_sizes(4, 3, "3 1 1 1 ");
	check_sizes(4, 3, "1 1 1 ");
	CHECK_EQ(rig.cl.max_wr, 1);
	client_rig_done(&rig);
}

static void test_fallback(void)
{
	each_flavour(fallback);
}

static void last_count(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	rig.model.state.counter = 0xfffffffe;
	CHECK_EQ(write_blocks(3, 1), 0);
	CHECK_EQ(rig.model.state.counter, 0xffffffff);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(3, 1), -EOVERFLOW);
	check_status(RPMB_FAULT_COUNTER, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.cl.status.done, 0);
	CHECK_EQ(rig.model.requests[3], 1);

	/* it runs out on the way */
	client_rig_reboot(&rig);
	rig.model.state.counter = 0xfffffffd;
	rig.cl.max_wr = 2;
	CHECK_EQ(write_blocks(8, 6), -EOVERFLOW);
	CHECK_EQ(rig.cl.status.done, 4);
	check_status(RPMB_FAULT_COUNTER, RPMB_STATE_UNTOUCHED);
	client_rig_done(&rig);
}

static void test_last_count(void)
{
	each_flavour(last_count);
}

/* One faulty write: done all the same, and executed just once */
static void survives(enum rpmb_model_fault fault)
{
	u32 writes;

	CHECK_EQ(write_blocks(5, 1), 0);
	writes = rig.model.writes;
	client_rig_arm(&rig, fault, 3);
	CHECK_EQ(write_blocks(6, 1), 0);
	CHECK_EQ(rig.model.fault, RPMB_MODEL_F_NONE);
	CHECK_EQ(rig.model.writes, writes + 1);
	/* as the first write after power-up, too */
	client_rig_reboot(&rig);
	client_rig_arm(&rig, fault, 3);
	CHECK_EQ(write_blocks(6, 1), 0);
	CHECK_EQ(rig.model.writes, writes + 2);
	/* of several blocks, which may then be sent one by one */
	client_rig_arm(&rig, fault, 3);
	CHECK_EQ(write_blocks(6, 5), 0);
}

static void ambiguous(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	survives(RPMB_MODEL_F_DROP_REQUEST);
	survives(RPMB_MODEL_F_COMMIT_THEN_DROP);
	survives(RPMB_MODEL_F_COMMIT_THEN_ERROR);
	survives(RPMB_MODEL_F_REFUSE);
	survives(RPMB_MODEL_F_LOSE_REPLY);
	survives(RPMB_MODEL_F_STALE_REPLY);
	survives(RPMB_MODEL_F_BAD_MAC);
	survives(RPMB_MODEL_F_BAD_TYPE);
	survives(RPMB_MODEL_F_BAD_ADDRESS);
	survives(RPMB_MODEL_F_BAD_COUNTER);
	survives(RPMB_MODEL_F_BAD_DATA);
	survives(RPMB_MODEL_F_ZERO_REPLY);
	client_rig_done(&rig);
}

static void test_ambiguous(void)
{
	each_flavour(ambiguous);
}

/* The same counter is never signed for other bytes while it is being tried */
static struct rpmb_frame first_try;
static u32 tries;

static int note_try(struct client_rig *r, const struct rpmb_frame *req,
		    u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) != RPMB_REQ_WRITE_DATA)
		return 0;
	if (!tries++)
		first_try = *req;
	CHECK_MEM(req, &first_try, sizeof(first_try));
	return 0;
}

static void test_same_bytes(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.tamper = note_try;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 0, 2);
	CHECK_EQ(write_blocks(5, 1), 0);
	CHECK_EQ(tries, 3);
	CHECK_EQ(rig.model.writes, 1);
	client_rig_done(&rig);
}

static u16 forced_result;

static int force_result(struct client_rig *r, const struct rpmb_frame *req,
			u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rpmb_get16(&req->req_resp) != RPMB_REQ_WRITE_DATA)
		return 0;
	rpmb_put16(&resp->result, forced_result);
	client_rig_sign(resp, resp_cnt);
	return 0;
}

/* A device that goes on refusing: its reason comes through */
static void refused(u16 result, int want)
{
	u8 old[RPMB_BLOCK_SIZE];

	client_rig_init_keyed(&rig, UFS);
	memcpy(old, client_rig_block(&rig, 9), sizeof(old));
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 0, 100);
	rig.tamper = force_result;
	forced_result = result;
	CHECK_EQ(write_blocks(9, 1), want);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
	CHECK(rig.cl.status.has_result);
	CHECK_EQ(rig.cl.status.result, result);
	CHECK_EQ(rig.cl.counter, 0x7fffffff);
	CHECK_MEM(client_rig_block(&rig, 9), old, sizeof(old));
	client_rig_done(&rig);
}

static void test_refused(void)
{
	refused(1, -EIO);
	refused(2, -EACCES);
	refused(3, -ESTALE);
	refused(4, -ERANGE);
	refused(5, -EIO);
	refused(6, -EIO);
	refused(7, -ENOKEY);
	refused(0x80, -EOVERFLOW);
	refused(0x85, -EIO);
	refused(9, -EPROTO);
}

/* A second try that cannot be made does not undo what the first one did */
static void test_exhausted_later(void)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1, 2, 3 };

	client_rig_init_keyed(&rig, UFS);
	rig.model.state.counter = 0xfffffffe;
	client_rig_arm(&rig, RPMB_MODEL_F_OLD_DATA, 4);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 5, 1, data), -EOVERFLOW);
	CHECK_EQ(rig.model.writes, 1);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
	client_rig_done(&rig);
}

/* The second of three messages goes on being refused */
static void test_refused_later(void)
{
	client_rig_init_keyed(&rig, UFS);
	rig.cl.max_wr = 1;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 1, 100);
	CHECK_EQ(write_blocks(9, 3), -EIO);
	CHECK_EQ(rig.cl.status.done, 1);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
	client_rig_done(&rig);
}

static void test_dead(void)
{
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(9, 1), 0);
	rig.dead = true;
	CHECK_EQ(write_blocks(9, 1), -ETIMEDOUT);
	check_status(RPMB_FAULT_LINK, RPMB_STATE_UNKNOWN);
	CHECK_EQ(rig.cl.status.done, 0);
	/* the cached counter is gone with it */
	rig.dead = false;
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(9, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	/* dead from the start */
	client_rig_reboot(&rig);
	rig.dead = true;
	CHECK_EQ(write_blocks(9, 1), -ETIMEDOUT);
	check_status(RPMB_FAULT_LINK, RPMB_STATE_UNTOUCHED);
	client_rig_done(&rig);
}

static void test_keys(void)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };

	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(rpmb_client_write(&rig.cl, NULL, 0, 1, data), -EINVAL);
	check_status(RPMB_FAULT_PARAM, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(client_rig_exchanges(&rig), 0);
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	CHECK_EQ(write_blocks(0, 1), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.requests[3], 0);
	client_rig_done(&rig);

	client_rig_init(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), -ENOKEY);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNTOUCHED);
	client_rig_done(&rig);

	/* wiped while its counter is still cached */
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	rpmb_mac_unload(&rig.mac);
	CHECK(write_blocks(0, 1) < 0);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.requests[3], 1);
}

/* Somebody else with the key, such as a TEE, has written in between */
static void test_counter_moved(void)
{
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_exchanges(&rig);
	rig.model.state.counter += 3;
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(rig.model.writes, 2);
	/*
	 * Write, counter, read-back; and the second write is read back as well,
	 * for whoever it was may have signed more.
	 */
	CHECK_EQ(client_rig_exchanges(&rig), 5);
	rig.model.state.counter += 1;
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_done(&rig);

	/* but a lost reply to our own write leaves no doubt behind */
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_LOSE_REPLY, 3);
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	client_rig_done(&rig);
}

/* A good MAC is not enough: the reply to a write before has one as well */
static void test_reply_counter(void)
{
	static const enum rpmb_model_fault wrong[] = {
		RPMB_MODEL_F_STALE_REPLY, RPMB_MODEL_F_BAD_COUNTER,
	};
	u32 i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		client_rig_init_keyed(&rig, EMMC);
		CHECK_EQ(write_blocks(0, 1), 0);
		CHECK_EQ(write_blocks(0, 1), 0);
		client_rig_exchanges(&rig);
		client_rig_arm(&rig, wrong[i], 3);
		CHECK_EQ(write_blocks(0, 1), 0);
		/* write, counter, read-back */
		CHECK_EQ(client_rig_exchanges(&rig), 3);
		client_rig_done(&rig);
	}
}

/* A counter that goes back cannot be: another device, or a forger with a key */
static void test_counter_back(void)
{
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	rig.model.state.counter -= 1;
	CHECK_EQ(write_blocks(0, 1), -EPROTO);
	check_status(RPMB_FAULT_COUNTER, RPMB_STATE_UNKNOWN);
	/* nothing is sent to such a device until power-up */
	rig.model.requests[3] = 0;
	CHECK_EQ(write_blocks(0, 1), -EPROTO);
	check_status(RPMB_FAULT_COUNTER, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.requests[3], 0);
	client_rig_reboot(&rig);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	client_rig_done(&rig);
}

/* The read-back does not come about */
static void test_no_read_back(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_BAD_MAC, 4, 0, 3);
	CHECK_EQ(write_blocks(0, 1), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNKNOWN);
	client_rig_reboot(&rig);
	rig.nonce_fails = rig.nonces + 2;
	CHECK_EQ(write_blocks(0, 1), -ENODEV);
	check_status(RPMB_FAULT_RNG, RPMB_STATE_UNKNOWN);
	/* nor the counter that would tell */
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_REFUSE, 3);
	rig.nonce_fails = rig.nonces + 1;
	CHECK_EQ(write_blocks(0, 1), -ENODEV);
	check_status(RPMB_FAULT_RNG, RPMB_STATE_UNKNOWN);
	client_rig_done(&rig);
}

static bool lie;

static int other_data(struct client_rig *r, const struct rpmb_frame *req,
		      u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	u16 type = rpmb_get16(&req->req_resp);

	if (!lie || type == RPMB_REQ_GET_COUNTER)
		return 0;
	if (type == RPMB_REQ_WRITE_DATA)
		return -ETIMEDOUT;
	resp->data[255] ^= 0x80;
	client_rig_sign(resp, resp_cnt);
	return 0;
}

/*
 * The counter moves, but the data are not ours: written again under the next
 * counter, which nothing has been signed for. If it goes on, no success.
 */
static void test_other_data(void)
{
	client_rig_init_keyed(&rig, EMMC);
	client_rig_arm(&rig, RPMB_MODEL_F_OLD_DATA, 4);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(rig.model.writes, 2);

	rig.tamper = other_data;
	lie = true;
	CHECK_EQ(write_blocks(0, 1), -EIO);
	check_status(RPMB_FAULT_READBACK, RPMB_STATE_UNKNOWN);
	CHECK_EQ(rig.cl.status.done, 0);
	CHECK_EQ(rig.model.writes, 5);
	lie = false;
	client_rig_done(&rig);
}

/* Signs success and keeps what it had: no try is believed */
static void old_data(enum rpmb_model_flavour flavour)
{
	u32 past;

	for (past = 0; past < 2; past++) {
		client_rig_init_keyed(&rig, flavour);
		/* first after power-up, and with a counter nobody signed for */
		if (past)
			CHECK_EQ(write_blocks(1, 1), 0);
		rpmb_model_arm(&rig.model, RPMB_MODEL_F_OLD_DATA, 4, 0, 100);
		rig.cl.read_back = true;
		CHECK_EQ(write_blocks(0, 2), -EIO);
		check_status(RPMB_FAULT_READBACK, RPMB_STATE_UNKNOWN);
		CHECK_EQ(rig.cl.status.done, 0);
		CHECK_EQ(rig.model.requests[3], past + 3);
		CHECK_EQ(rig.model.requests[4], 3 + past);
		client_rig_done(&rig);
	}
}

static void test_old_data(void)
{
	each_flavour(old_data);
}

/* Without being told, the first write after power-up finds it out as well */
static void test_old_data_first(void)
{
	client_rig_init_keyed(&rig, UFS);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_OLD_DATA, 4, 0, 100);
	CHECK_EQ(write_blocks(0, 1), -EIO);
	check_status(RPMB_FAULT_READBACK, RPMB_STATE_UNKNOWN);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_NONE, 0, 0, 1);
	/* from then on nothing is believed that is not read back */
	rig.cl.max_wr = 1;
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 4), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 8);
	CHECK_EQ(write_blocks(0, 4), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 8);
	client_rig_done(&rig);
}

/* A write is executed, then one of another holder of the key; no reply comes */
static int sign_too(struct client_rig *r, const struct rpmb_frame *req,
		    u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (!lie || rpmb_get16(&req->req_resp) != RPMB_REQ_WRITE_DATA)
		return 0;
	r->model.state.counter++;
	return -ETIMEDOUT;
}

/* From a sign of somebody else with the key on, all is read back */
static void test_other_signer(void)
{
	client_rig_init_keyed(&rig, EMMC);
	rig.cl.max_wr = 1;
	CHECK_EQ(write_blocks(0, 1), 0);
	rig.tamper = sign_too;
	lie = true;
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_CHANGED);
	lie = false;
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 4), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 8);
	client_rig_done(&rig);
}

/* Told to read back everything, it does, and no longer than it is told */
static void test_read_back_all(void)
{
	client_rig_init_keyed(&rig, VIRTIO);
	rig.cl.max_wr = 2;
	CHECK_EQ(write_blocks(0, 2), 0);
	client_rig_exchanges(&rig);
	rig.cl.read_back = true;
	CHECK_EQ(write_blocks(0, 6), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 6);
	rig.cl.read_back = false;
	CHECK_EQ(write_blocks(0, 6), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	client_rig_done(&rig);
}

/* A place that is refused, signed, is asked for once, whatever its size */
static void place_refused(enum rpmb_model_flavour flavour)
{
	client_rig_init_keyed(&rig, flavour);
	rig.model.blocks = 8;
	CHECK_EQ(write_blocks(7, 2), -ERANGE);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
	CHECK_EQ(rig.model.requests[3], 1);
	CHECK_EQ(write_blocks(8, 1), -ERANGE);
	CHECK_EQ(rig.model.requests[3], 2);
	/* and no reason to think that it takes single blocks only */
	CHECK_EQ(write_blocks(0, 2), 0);
	CHECK_EQ(rig.model.requests[3], 3);
	client_rig_done(&rig);
}

static void test_place_refused(void)
{
	each_flavour(place_refused);
}

/* Told that the device may have changed, it asks and reads back again */
static void test_forget(void)
{
	client_rig_init_keyed(&rig, UFS);
	CHECK_EQ(write_blocks(0, 1), 0);
	rpmb_client_forget(&rig.cl);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	client_rig_done(&rig);
}

static const struct host_test tests[] = {
	{ "client_write", test_plain },
	{ "client_write_wrong_place", test_wrong_place },
	{ "client_write_sizes", test_sizes },
	{ "client_write_sizes_emmc", test_sizes_emmc },
	{ "client_write_fallback", test_fallback },
	{ "client_write_last_count", test_last_count },
	{ "client_write_ambiguous", test_ambiguous },
	{ "client_write_same_bytes", test_same_bytes },
	{ "client_write_refused", test_refused },
	{ "client_write_refused_later", test_refused_later },
	{ "client_write_exhausted_later", test_exhausted_later },
	{ "client_write_dead", test_dead },
	{ "client_write_keys", test_keys },
	{ "client_write_counter_moved", test_counter_moved },
	{ "client_write_reply_counter", test_reply_counter },
	{ "client_write_counter_back", test_counter_back },
	{ "client_write_no_read_back", test_no_read_back },
	{ "client_write_other_data", test_other_data },
	{ "client_write_old_data", test_old_data },
	{ "client_write_old_data_first", test_old_data_first },
	{ "client_write_other_signer", test_other_signer },
	{ "client_write_read_back_all", test_read_back_all },
	{ "client_write_place_refused", test_place_refused },
	{ "client_write_forget", test_forget },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
