// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model's faults: that each does what it says, when it is told to
 */

#include "host_test.h"
#include "model_rig.h"

static struct model_rig rig;

void host_test_set_up(void)
{
	rig_init_keyed(&rig, RPMB_MODEL_EMMC);
}

static bool is_signed(u32 count)
{
	return host_frame_signed(rig_key, rig.raw, count);
}

static void arm(enum rpmb_model_fault fault, u16 req)
{
	rpmb_model_arm(&rig.model, fault, req, 0, 1);
}

static u8 stored(u32 block)
{
	return rig.data[block * RPMB_MODEL_BLOCK];
}

HOST_TEST(model_fault_drop_request)
{
	rig_write(&rig, 1, 1, 0x10);
	arm(RPMB_MODEL_F_DROP_REQUEST, 3);
	CHECK_EQ(rig_write(&rig, 1, 1, 0x20), -1);
	CHECK_EQ(stored(1), 0x10);
	CHECK_EQ(rig.model.state.counter, 78);
	CHECK_EQ(rig_write(&rig, 1, 1, 0x20), 0);
	CHECK_EQ(stored(1), 0x20);
}

HOST_TEST(model_fault_commit_then_drop)
{
	arm(RPMB_MODEL_F_COMMIT_THEN_DROP, 3);
	CHECK_EQ(rig_write(&rig, 1, 1, 0x20), -1);
	CHECK_EQ(stored(1), 0x20);
	CHECK_EQ(rig.model.state.counter, 78);

	rig_init(&rig, RPMB_MODEL_EMMC);
	arm(RPMB_MODEL_F_COMMIT_THEN_DROP, 1);
	CHECK_EQ(rig_program(&rig, rig_key), -1);
	CHECK_EQ(rig_counter(&rig, 1), 0);
}

HOST_TEST(model_fault_commit_then_error)
{
	rig_init_keyed(&rig, RPMB_MODEL_UFS);
	arm(RPMB_MODEL_F_COMMIT_THEN_ERROR, 3);
	CHECK_EQ(rig_write(&rig, 1, 1, 0x20), 5);
	CHECK(is_signed(1));
	CHECK_EQ(rig.reply.counter, 78);
	CHECK_EQ(stored(1), 0x20);
	arm(RPMB_MODEL_F_COMMIT_THEN_ERROR, 2);
	CHECK_EQ(rig_counter(&rig, 1), 1);
	CHECK(is_signed(1));
}

HOST_TEST(model_fault_refuse)
{
	u8 before;

	rig_init_keyed(&rig, RPMB_MODEL_VIRTIO);
	before = stored(1);
	arm(RPMB_MODEL_F_REFUSE, 3);
	CHECK_EQ(rig_write(&rig, 1, 1, before + 1), 5);
	CHECK(is_signed(1));
	CHECK_EQ(rig.reply.counter, 77);
	CHECK_EQ(stored(1), before);
	arm(RPMB_MODEL_F_REFUSE, 4);
	CHECK_EQ(rig_read(&rig, 1, 2, 1), 6);
	CHECK(is_signed(2));
	rig_init(&rig, RPMB_MODEL_VIRTIO);
	arm(RPMB_MODEL_F_REFUSE, 1);
	CHECK_EQ(rig_program(&rig, rig_key), 5);
	CHECK_EQ(rig.model.state.key_set, 0);
}

HOST_TEST(model_fault_swap_in)
{
	static u8 held[RPMB_MODEL_FRAME];

	rig_make_write(&rig, 3, 1, 77, 0x99);
	memcpy(held, rig.req, sizeof(held));
	rpmb_model_set_swap(&rig.model, held, 1);
	arm(RPMB_MODEL_F_SWAP_IN, 3);
	CHECK_EQ(rig_write(&rig, 3, 1, 0x11), 0);
	CHECK(is_signed(1));
	CHECK_EQ(rig.reply.counter, 78);
	CHECK_EQ(stored(3), 0x99);
}

HOST_TEST(model_fault_lose_reply)
{
	arm(RPMB_MODEL_F_LOSE_REPLY, 3);
	CHECK_EQ(rig_write(&rig, 1, 1, 0x20), -1);
	CHECK_EQ(stored(1), 0x20);
	arm(RPMB_MODEL_F_LOSE_REPLY, 2);
	CHECK_EQ(rig_counter(&rig, 1), -1);
	CHECK_EQ(rig_counter(&rig, 1), 0);
}

HOST_TEST(model_fault_stale_reply)
{
	static u8 old[RPMB_MODEL_FRAME];

	rig_write(&rig, 1, 1, 0x20);
	memcpy(old, rig.raw, sizeof(old));
	arm(RPMB_MODEL_F_STALE_REPLY, 3);
	rig_write(&rig, 1, 1, 0x21);
	CHECK_MEM(rig.raw, old, sizeof(old));
	CHECK_EQ(stored(1), 0x21);
	/* of another command */
	arm(RPMB_MODEL_F_STALE_REPLY, 2);
	rig_counter(&rig, 1);
	CHECK_MEM(rig.raw, old, sizeof(old));
	/* in all frames of a read, and even after a power cut */
	rpmb_model_power_up(&rig.model);
	arm(RPMB_MODEL_F_STALE_REPLY, 4);
	rig_read(&rig, 1, 2, 1);
	CHECK_MEM(rig.raw + RPMB_MODEL_FRAME, old, sizeof(old));
}

/* What one fault does to the reply of one request */
static struct host_frame struck(enum rpmb_model_fault fault, u16 req,
				bool right_mac)
{
	u32 count = req == 4 ? 2 : 1;

	rig_init_keyed(&rig, RPMB_MODEL_UFS);
	arm(fault, req);
	if (req == 2)
		rig_counter(&rig, 0x5a);
	else if (req == 3)
		rig_write(&rig, 0x33, 1, 0x20);
	else
		rig_read(&rig, 0x44, 2, 0x5a);
	CHECK_EQ(is_signed(count), right_mac);
	return rig.reply;
}

HOST_TEST(model_fault_bad_fields)
{
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_NONCE, 2, true).nonce[0], 0x5b);
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_NONCE, 4, true).nonce[0], 0x5b);
	CHECK(struck(RPMB_MODEL_F_BAD_TYPE, 2, true).type != 0x200);
	CHECK(struck(RPMB_MODEL_F_BAD_TYPE, 3, true).type != 0x300);
	CHECK(struck(RPMB_MODEL_F_BAD_TYPE, 4, true).type != 0x400);
	CHECK(struck(RPMB_MODEL_F_BAD_ADDRESS, 3, true).addr != 0x33);
	CHECK(struck(RPMB_MODEL_F_BAD_ADDRESS, 4, true).addr != 0x44);
	CHECK(struck(RPMB_MODEL_F_BAD_COUNT, 4, true).count > 2);
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_COUNTER, 2, true).counter, 78);
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_COUNTER, 3, true).counter, 79);
}

HOST_TEST(model_fault_bad_mac)
{
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_MAC, 2, false).result, 0);
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_MAC, 3, false).result, 0);
	CHECK_EQ(struck(RPMB_MODEL_F_BAD_MAC, 4, false).result, 0);
}

HOST_TEST(model_fault_bad_data)
{
	struck(RPMB_MODEL_F_BAD_DATA, 4, false);
	CHECK_EQ(rig.raw[228], stored(0x44) ^ 1);
	CHECK_EQ(struck(RPMB_MODEL_F_OLD_DATA, 4, true).data[0],
		 stored(0x45) ^ 1);
}

HOST_TEST(model_fault_zero_reply)
{
	static const u8 zero[2 * RPMB_MODEL_FRAME];

	struck(RPMB_MODEL_F_ZERO_REPLY, 4, false);
	CHECK_MEM(rig.raw, zero, sizeof(zero));
	struck(RPMB_MODEL_F_ZERO_REPLY, 3, false);
	CHECK_MEM(rig.raw, zero, RPMB_MODEL_FRAME);
}

/* Which of the requests it strikes at, and how often */
HOST_TEST(model_fault_aim)
{
	int i, hits = 0;

	rpmb_model_arm(&rig.model, RPMB_MODEL_F_LOSE_REPLY, 2, 2, 3);
	for (i = 0; i < 8; i++) {
		CHECK_EQ(rig_read(&rig, 0, 1, 1), 0);
		CHECK_EQ(rig_write(&rig, 0, 1, 1), 0);
		CHECK_EQ(rig_counter(&rig, 1), i >= 2 && i < 5 ? -1 : 0);
	}

	/* any request, but a result read is no request of its own */
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_DROP_REQUEST, 0, 2, 1);
	CHECK_EQ(rig_write(&rig, 0, 1, 1), 0);
	CHECK_EQ(rig_counter(&rig, 1), 0);
	CHECK_EQ(rig_read(&rig, 0, 1, 1), -1);

	/* unless it is named */
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_DROP_REQUEST, 5, 1, 1);
	for (i = 0; i < 3; i++)
		hits += rig_write(&rig, 0, 1, 1) == -1;
	CHECK_EQ(hits, 1);
}

/* A fault that waits for a reply does not outlive a power cut */
HOST_TEST(model_fault_power_up)
{
	arm(RPMB_MODEL_F_LOSE_REPLY, 2);
	rig_counter(&rig, 1);
	arm(RPMB_MODEL_F_LOSE_REPLY, 2);
	rpmb_model_put(&rig.model, rig.req, 1, true);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(rpmb_model_get(&rig.model, rig.raw, 1), 0);
	/* and the request is forgotten with it */
	CHECK_EQ(rig.raw[510], 0);
	CHECK_EQ(rig.raw[509], 1);
}
