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

void host_test_set_up(void)
{
	client_rig_init_keyed(&rig, host_test_case);
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

HOST_TESTS(client_write, RPMB_MODEL_FLAVOURS)
{
	u32 count;

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
}

/* Success, but of another write: ask for the counter, and read back */
HOST_TESTS(client_write_wrong_place, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(write_blocks(7, 2), 0);
	client_rig_exchanges(&rig);
	client_rig_forge(&rig, FORGERY(RPMB_REQ_WRITE_DATA, addr, 0x0123));
	CHECK_EQ(write_blocks(7, 2), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
}

/* Sizes of the write messages on the bus */
static u32 sizes[128];
static u32 size_cnt;

static int note_size(struct client_rig *r, const struct rpmb_frames *f)
{
	if (client_rig_type(f) == RPMB_REQ_WRITE_DATA)
		sizes[size_cnt++] = f->req_cnt;
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

HOST_TEST(client_write_sizes)
{
	client_rig_init_keyed(&rig, UFS);
	check_sizes(0, 100, "64 36 ");
	rig.cl.max_wr = 3;
	check_sizes(1, 7, "3 3 1 ");
	rig.cl.nframes = 3;
	check_sizes(1, 5, "2 2 1 ");
	rig.cl.nframes = 2;
	check_sizes(1, 3, "1 1 1 ");
}

HOST_TEST(client_write_sizes_emmc)
{
	rig.model.quirks = RPMB_MODEL_Q_WRITE_1_2_32;
	rig.cl.flags |= RPMB_F_WRITE_1_2_32;
	check_sizes(32, 67, "32 32 2 1 ");
	check_sizes(1, 4, "1 2 1 ");
	check_sizes(30, 34, "2 32 ");
	rig.cl.max_wr = 31;
	check_sizes(32, 5, "2 2 1 ");
	rig.cl.max_wr = 1;
	check_sizes(32, 3, "1 1 1 ");
}

/* A device that takes less than it seemed: go on with single blocks */
HOST_TESTS(client_write_fallback, RPMB_MODEL_FLAVOURS)
{
	rig.model.max_wr = 1;
	check_sizes(4, 3, "3 1 1 1 ");
	check_sizes(4, 3, "1 1 1 ");
	CHECK_EQ(rig.cl.max_wr, 1);
}

HOST_TESTS(client_write_last_count, RPMB_MODEL_FLAVOURS)
{
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

HOST_TESTS(client_write_ambiguous, RPMB_MODEL_FLAVOURS)
{
	static const enum rpmb_model_fault faults[] = {
		RPMB_MODEL_F_DROP_REQUEST, RPMB_MODEL_F_COMMIT_THEN_DROP,
		RPMB_MODEL_F_COMMIT_THEN_ERROR, RPMB_MODEL_F_REFUSE,
		RPMB_MODEL_F_LOSE_REPLY, RPMB_MODEL_F_STALE_REPLY,
		RPMB_MODEL_F_BAD_MAC, RPMB_MODEL_F_BAD_TYPE,
		RPMB_MODEL_F_BAD_ADDRESS, RPMB_MODEL_F_BAD_COUNTER,
		RPMB_MODEL_F_BAD_DATA, RPMB_MODEL_F_ZERO_REPLY,
	};
	u32 i;

	for (i = 0; i < COUNT(faults); i++)
		survives(faults[i]);
}

/* The same counter is never signed for other bytes while it is being tried */
static struct rpmb_frame first_try;
static u32 tries;

static int note_try(struct client_rig *r, const struct rpmb_frames *f)
{
	if (client_rig_type(f) != RPMB_REQ_WRITE_DATA)
		return 0;
	if (!tries++)
		first_try = *f->req;
	CHECK_MEM(f->req, &first_try, sizeof(first_try));
	return 0;
}

HOST_TEST(client_write_same_bytes)
{
	rig.tamper = note_try;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 0, 2);
	CHECK_EQ(write_blocks(5, 1), 0);
	CHECK_EQ(tries, 3);
	CHECK_EQ(rig.model.writes, 1);
}

/* A device that goes on refusing: its reason comes through */
static void refused(u16 result, int want)
{
	u8 old[RPMB_BLOCK_SIZE];

	client_rig_init_keyed(&rig, UFS);
	memcpy(old, client_rig_block(&rig, 9), sizeof(old));
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 0, 100);
	client_rig_forge(&rig, FORGERY(RPMB_REQ_WRITE_DATA, result, result));
	CHECK_EQ(write_blocks(9, 1), want);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
	CHECK(rig.cl.status.has_result);
	CHECK_EQ(rig.cl.status.result, result);
	CHECK_EQ(rig.cl.counter, 0x7fffffff);
	CHECK_MEM(client_rig_block(&rig, 9), old, sizeof(old));
}

HOST_TEST(client_write_refused)
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
HOST_TEST(client_write_exhausted_later)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1, 2, 3 };

	client_rig_init_keyed(&rig, UFS);
	rig.model.state.counter = 0xfffffffe;
	client_rig_arm(&rig, RPMB_MODEL_F_OLD_DATA, 4);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 5, 1, data), -EOVERFLOW);
	CHECK_EQ(rig.model.writes, 1);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNKNOWN);
}

/* The second of three messages goes on being refused */
HOST_TEST(client_write_refused_later)
{
	client_rig_init_keyed(&rig, UFS);
	rig.cl.max_wr = 1;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_REFUSE, 3, 1, 100);
	CHECK_EQ(write_blocks(9, 3), -EIO);
	CHECK_EQ(rig.cl.status.done, 1);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
}

HOST_TEST(client_write_dead)
{
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
}

HOST_TEST(client_write_keys)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };

	CHECK_EQ(rpmb_client_write(&rig.cl, NULL, 0, 1, data), -EINVAL);
	check_status(RPMB_FAULT_PARAM, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(client_rig_exchanges(&rig), 0);
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	CHECK_EQ(write_blocks(0, 1), -EBADMSG);
	check_status(RPMB_FAULT_MAC, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.requests[3], 0);

	client_rig_init(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), -ENOKEY);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNTOUCHED);

	/* wiped while its counter is still cached */
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	rpmb_mac_unload(&rig.mac);
	CHECK(write_blocks(0, 1) < 0);
	CHECK_EQ(rig.cl.status.state, RPMB_STATE_UNTOUCHED);
	CHECK_EQ(rig.model.requests[3], 1);
}

/* Somebody else with the key, such as a TEE, has written in between */
HOST_TEST(client_write_counter_moved)
{
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

	/* but a lost reply to our own write leaves no doubt behind */
	client_rig_init_keyed(&rig, EMMC);
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_arm(&rig, RPMB_MODEL_F_LOSE_REPLY, 3);
	CHECK_EQ(write_blocks(0, 1), 0);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}

/* A good MAC is not enough: the reply to a write before has one as well */
HOST_TEST(client_write_reply_counter)
{
	static const enum rpmb_model_fault wrong[] = {
		RPMB_MODEL_F_STALE_REPLY, RPMB_MODEL_F_BAD_COUNTER,
	};
	u32 i;

	for (i = 0; i < COUNT(wrong); i++) {
		client_rig_init_keyed(&rig, EMMC);
		CHECK_EQ(write_blocks(0, 1), 0);
		CHECK_EQ(write_blocks(0, 1), 0);
		client_rig_exchanges(&rig);
		client_rig_arm(&rig, wrong[i], 3);
		CHECK_EQ(write_blocks(0, 1), 0);
		/* write, counter, read-back */
		CHECK_EQ(client_rig_exchanges(&rig), 3);
	}
}

/* A counter that goes back cannot be: another device, or a forger with a key */
HOST_TEST(client_write_counter_back)
{
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
}

/* The read-back does not come about */
HOST_TEST(client_write_no_read_back)
{
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
}

static bool lie;

static int other_data(struct client_rig *r, const struct rpmb_frames *f)
{
	u16 type = client_rig_type(f);

	if (!lie || type == RPMB_REQ_GET_COUNTER)
		return 0;
	if (type == RPMB_REQ_WRITE_DATA)
		return -ETIMEDOUT;
	f->resp->data[255] ^= 0x80;
	client_rig_sign(f->resp, f->resp_cnt);
	return 0;
}

/*
 * The counter moves, but the data are not ours: written again under the next
 * counter, which nothing has been signed for. If it goes on, no success.
 */
HOST_TEST(client_write_other_data)
{
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
}

/* Signs success and keeps what it had: no try is believed */
HOST_TESTS(client_write_old_data, RPMB_MODEL_FLAVOURS)
{
	u32 past;

	for (past = 0; past < 2; past++) {
		client_rig_init_keyed(&rig, host_test_case);
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
	}
}

/* Without being told, the first write after power-up finds it out as well */
HOST_TEST(client_write_old_data_first)
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
}

/* A write is executed, then one of another holder of the key; no reply comes */
static int sign_too(struct client_rig *r, const struct rpmb_frames *f)
{
	if (!lie || client_rig_type(f) != RPMB_REQ_WRITE_DATA)
		return 0;
	r->model.state.counter++;
	return -ETIMEDOUT;
}

/* From a sign of somebody else with the key on, all is read back */
HOST_TEST(client_write_other_signer)
{
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
}

/* Told to read back everything, it does, and no longer than it is told */
HOST_TEST(client_write_read_back_all)
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
}

/* A place that is refused, signed, is asked for once, whatever its size */
HOST_TESTS(client_write_place_refused, RPMB_MODEL_FLAVOURS)
{
	rig.model.blocks = 8;
	CHECK_EQ(write_blocks(7, 2), -ERANGE);
	check_status(RPMB_FAULT_RESULT, RPMB_STATE_UNCHANGED);
	CHECK_EQ(rig.model.requests[3], 1);
	CHECK_EQ(write_blocks(8, 1), -ERANGE);
	CHECK_EQ(rig.model.requests[3], 2);
	/* and no reason to think that it takes single blocks only */
	CHECK_EQ(write_blocks(0, 2), 0);
	CHECK_EQ(rig.model.requests[3], 3);
}

/* Told that the device may have changed, it asks and reads back again */
HOST_TEST(client_write_forget)
{
	client_rig_init_keyed(&rig, UFS);
	CHECK_EQ(write_blocks(0, 1), 0);
	rpmb_client_forget(&rig.cl);
	client_rig_exchanges(&rig);
	CHECK_EQ(write_blocks(0, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
}
