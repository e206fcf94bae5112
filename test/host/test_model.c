// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model's rules: what an RPMB answers to right and to wrong requests
 */

#include "host_test.h"
#include "model_rig.h"

#define EMMC	RPMB_MODEL_EMMC
#define UFS	RPMB_MODEL_UFS
#define VIRTIO	RPMB_MODEL_VIRTIO

/* Offsets in a frame, for tests that spoil one */
#define AT_MAC		196
#define AT_COUNTER	500
#define AT_ADDR		504
#define AT_COUNT	506

static struct model_rig rig;

void host_test_set_up(void)
{
	rig_init_keyed(&rig, host_test_case);
}

static bool is_virtio(void)
{
	return rig.model.flavour == VIRTIO;
}

static void check_signed(u32 count)
{
	CHECK(host_frame_signed(rig_key, rig.raw, count));
}

static void check_unsigned(void)
{
	static const u8 zero[32];

	CHECK_MEM(rig.reply.mac, zero, sizeof(zero));
}

/* Requests to an RPMB that has no key */
HOST_TESTS(model_no_key, RPMB_MODEL_FLAVOURS)
{
	rig_init(&rig, host_test_case);
	CHECK_EQ(rig_counter(&rig, 0x5a), 7);
	CHECK_EQ(rig.reply.type, 0x200);
	CHECK_EQ(rig.reply.nonce[15], 0x5a);
	check_unsigned();
	CHECK_EQ(rig_read(&rig, 0, 3, 0x5b), 7);
	CHECK_EQ(rig.reply.type, 0x400);
	check_unsigned();
	CHECK_EQ(rig_write(&rig, 0, 1, 1), 7);
	CHECK_EQ(rig.reply.type, 0x300);
	check_unsigned();
	CHECK_EQ(rig.model.writes, 0);

	rig.model.quirks = RPMB_MODEL_Q_NOKEY_EMPTY;
	CHECK_EQ(rig_counter(&rig, 0x5a), 7);
	CHECK_EQ(rig.reply.nonce[15], 0);
}

static void check_key_result(void)
{
	if (is_virtio())
		check_signed(1);
	else
		check_unsigned();
}

HOST_TESTS(model_key_once, RPMB_MODEL_FLAVOURS)
{
	u8 other[32] = { 1 };

	rig_init(&rig, host_test_case);
	CHECK_EQ(rig_program(&rig, rig_key), 0);
	CHECK_EQ(rig.reply.type, 0x100);
	check_key_result();
	CHECK_EQ(rig_counter(&rig, 1), 0);
	check_signed(1);

	CHECK_EQ(rig_program(&rig, other), 5);
	check_key_result();
	rig.model.quirks = RPMB_MODEL_Q_REKEY_GENERAL;
	CHECK_EQ(rig_program(&rig, other), 1);
	CHECK_MEM(rig.model.state.key, rig_key, 32);
	CHECK_EQ(rig.model.keys_seen, 3);
}

HOST_TEST(model_key_refused)
{
	rig_init(&rig, EMMC);
	rig_program(&rig, rig_key);	/* leaves its frame in req */
	rig_init(&rig, EMMC);
	rig.req[511] = 1;
	CHECK_EQ(rig_send(&rig, 1, true, false, 1), 1);
	CHECK_EQ(rig_send(&rig, 2, true, true, 1), 1);
	CHECK_EQ(rig.model.state.key_set, 0);

	rig_init(&rig, VIRTIO);
	rig.req[511] = 1;
	CHECK_EQ(rig_send(&rig, 1, true, true, 1), 1);
	CHECK_EQ(rig.model.state.key_set, 0);
}

HOST_TEST(model_key_lies)
{
	rig_init(&rig, EMMC);
	rig.model.quirks = RPMB_MODEL_Q_KEY_LIES;
	CHECK_EQ(rig_program(&rig, rig_key), 5);
	CHECK_EQ(rig_counter(&rig, 1), 0);
	check_signed(1);
}

HOST_TESTS(model_counter, RPMB_MODEL_FLAVOURS)
{
	rig.model.state.counter = 0x80000001;
	CHECK_EQ(rig_counter(&rig, 0xa5), 0);
	CHECK_EQ(rig.reply.type, 0x200);
	CHECK_EQ(rig.reply.counter, 0x80000001);
	CHECK_EQ(rig.reply.count, is_virtio());
	CHECK_EQ(rig.reply.nonce[0], 0xa5);
	CHECK_EQ(rig.reply.nonce[15], 0xa5);
	check_signed(1);

	/* virtio wants a count of 1 */
	rig_counter(&rig, 0);
	rig.req[AT_COUNT + 1] = 2;
	CHECK_EQ(rig_send(&rig, 1, false, true, 1), is_virtio());
	/* two frames are no counter request */
	rig_counter(&rig, 0);
	CHECK_EQ(rig_send(&rig, 2, false, true, 1), 1);
	CHECK_EQ(rig.reply.type, 0);
}

HOST_TESTS(model_write, RPMB_MODEL_FLAVOURS)
{
	u8 want[RPMB_MODEL_BLOCK];

	CHECK_EQ(rig_write(&rig, 0x101, 3, 0x40), 0);
	CHECK_EQ(rig.reply.type, 0x300);
	CHECK_EQ(rig.reply.counter, 78);
	CHECK_EQ(rig.reply.addr, 0x101);
	CHECK_EQ(rig.reply.count, is_virtio());
	check_signed(1);
	CHECK_EQ(rig.model.state.counter, 78);
	CHECK_EQ(rig.model.writes, 1);
	memset(want, 0x42, sizeof(want));
	CHECK_MEM(rig.data + 0x103 * RPMB_MODEL_BLOCK, want, sizeof(want));
}

/* What is wrong with a write, one bit per check */
enum {
	BAD_EXPIRED	= 1,
	BAD_ADDRESS	= 2,
	BAD_COUNT	= 4,
	BAD_MAC		= 8,
	BAD_COUNTER	= 16,
	BAD_RELIABLE	= 32,
	BAD_LINK_LAST	= 64,
};

static int spoiled_write(int bad)
{
	rig_init_keyed(&rig, host_test_case);
	if (bad & BAD_EXPIRED)
		rig.model.state.counter = 0xffffffff;
	rig_make_write(&rig, bad & BAD_ADDRESS ? RIG_BLOCKS - 1 : 4, 2,
		       rig.model.state.counter + !!(bad & BAD_COUNTER), 1);
	if (bad & BAD_COUNT)
		rig.req[AT_COUNT + 1] = 3;
	rig_sign(&rig, 2);
	if (bad & BAD_MAC)
		rig.req[RPMB_MODEL_FRAME + AT_MAC] ^= 1;
	return rig_send(&rig, 2, true, !(bad & BAD_RELIABLE), 1);
}

/* What is looked at first, by flavour, and the result if it is wrong */
static const struct {
	u8 bad, result;
} order[RPMB_MODEL_FLAVOURS][5] = {
	{ { BAD_COUNT, 1 }, { BAD_EXPIRED, 5 }, { BAD_ADDRESS, 4 },
	  { BAD_MAC, 2 }, { BAD_COUNTER, 3 } },
	{ { BAD_EXPIRED, 5 }, { BAD_ADDRESS, 4 }, { BAD_COUNT, 1 },
	  { BAD_MAC, 2 }, { BAD_COUNTER, 3 } },
	{ { BAD_COUNT, 1 }, { BAD_EXPIRED, 0x80 }, { BAD_ADDRESS, 4 },
	  { BAD_MAC, 2 }, { BAD_COUNTER, 3 } },
};

/* Whatever else is wrong, the result is that of the earliest check */
HOST_TESTS(model_write_order, RPMB_MODEL_FLAVOURS)
{
	int i, later, bad, rest = 0, expired = is_virtio() ? 0 : 0x80;

	for (i = COUNT(*order) - 1; i >= 0; i--) {
		for (later = 0; later < BAD_LINK_LAST; later++) {
			if (later & ~rest)
				continue;
			bad = order[host_test_case][i].bad | later;
			CHECK_EQ(spoiled_write(bad),
				 order[host_test_case][i].result |
				 (bad & BAD_EXPIRED ? expired : 0));
			CHECK_EQ(rig.model.writes, 0);
			check_signed(1);
		}
		rest |= order[host_test_case][i].bad;
	}
	CHECK_EQ(spoiled_write(0), 0);
}

HOST_TEST(model_write_reliable)
{
	CHECK_EQ(spoiled_write(BAD_RELIABLE), 1);
	CHECK_EQ(spoiled_write(BAD_RELIABLE | BAD_MAC), 1);
}

HOST_TESTS(model_write_limits, RPMB_MODEL_FLAVOURS)
{
	rig.model.max_wr = 4;
	CHECK_EQ(rig_write(&rig, 0, 4, 0), 0);
	CHECK_EQ(rig_write(&rig, 0, 5, 0), 1);
	/* the last block, and past it */
	CHECK_EQ(rig_write(&rig, RIG_BLOCKS - 1, 1, 0), 0);
	CHECK_EQ(rig_write(&rig, RIG_BLOCKS, 1, 0), 4);
	/* frames that do not agree, rightly signed */
	rig_make_write(&rig, 0, 3, rig.model.state.counter, 0);
	rig.req[2 * RPMB_MODEL_FRAME + AT_ADDR + 1] ^= 1;
	rig_sign(&rig, 3);
	CHECK_EQ(rig_send(&rig, 3, true, true, 1), 1);
}

HOST_TEST(model_write_1_2_32)
{
	static const u8 good[] = { 1, 2, 32 }, bad[] = { 3, 4, 16, 31, 33, 64 };
	u32 i;

	rig.model.quirks = RPMB_MODEL_Q_WRITE_1_2_32;
	for (i = 0; i < sizeof(good); i++)
		CHECK_EQ(rig_write(&rig, 0, good[i], 0), 0);
	for (i = 0; i < sizeof(bad); i++)
		CHECK_EQ(rig_write(&rig, 0, bad[i], 0), 1);
}

/* The counter's last step, and what is left after it */
HOST_TESTS(model_expired, RPMB_MODEL_FLAVOURS)
{
	int bit = is_virtio() ? 0 : 0x80;

	rig.model.state.counter = 0xfffffffe;
	CHECK_EQ(rig_counter(&rig, 1), 0);
	CHECK_EQ(rig_write(&rig, 0, 1, 1), bit);
	CHECK_EQ(rig.reply.counter, 0xffffffff);
	check_signed(1);
	CHECK_EQ(rig_counter(&rig, 1), bit);
	check_signed(1);
	CHECK_EQ(rig_read(&rig, 0, 1, 1), bit);
	CHECK_EQ(rig_write(&rig, 0, 1, 1), bit ? 0x85 : 0x80);
	CHECK_EQ(rig.model.writes, 1);
}

HOST_TESTS(model_read, RPMB_MODEL_FLAVOURS)
{
	struct host_frame f;
	u32 i;

	CHECK_EQ(rig_read(&rig, 0x1f0, 16, 0x77), 0);
	check_signed(16);
	for (i = 0; i < 16; i++) {
		host_frame_get(&f, rig.raw + i * RPMB_MODEL_FRAME);
		CHECK_EQ(f.type, 0x400);
		CHECK_EQ(f.result, 0);
		CHECK_EQ(f.addr, 0x1f0);
		CHECK_EQ(f.count, 16);
		CHECK_EQ(f.nonce[7], 0x77);
		CHECK_MEM(f.data, rig.data + (0x1f0 + i) * RPMB_MODEL_BLOCK,
			  RPMB_MODEL_BLOCK);
	}
	/* an old nonce makes no fresh reply */
	CHECK_EQ(rig_read(&rig, 0x1f0, 16, 0x78), 0);
	CHECK_EQ(rig.reply.nonce[7], 0x78);
}

HOST_TESTS(model_read_refused, RPMB_MODEL_FLAVOURS)
{
	static const u8 zero[RPMB_MODEL_BLOCK];

	rig.model.max_rd = 8;
	CHECK_EQ(rig_read(&rig, 0, 8, 1), 0);
	CHECK_EQ(rig_read(&rig, 0, 9, 1), 1);
	check_signed(9);
	CHECK_MEM(rig.reply.data, zero, sizeof(zero));
	CHECK_EQ(rig_read(&rig, RIG_BLOCKS - 1, 1, 1), 0);
	CHECK_EQ(rig_read(&rig, RIG_BLOCKS - 1, 2, 1), 4);
	CHECK_EQ(rig_read(&rig, RIG_BLOCKS, 1, 1), 4);
	/* which check comes first */
	CHECK_EQ(rig_read(&rig, RIG_BLOCKS, 9, 1), is_virtio() ? 1 : 4);
}

/* Whose count is it? */
HOST_TEST(model_read_count)
{
	rig_make_read(&rig, 0, 0, 1);
	rig.req[AT_COUNT + 1] = 9;
	CHECK_EQ(rig_send(&rig, 1, false, true, 2), 0);
	CHECK_EQ(rig.reply.count, 2);

	rig_init_keyed(&rig, UFS);
	rig_make_read(&rig, 0, 2, 1);
	rig_send(&rig, 1, false, true, 3);
	check_signed(2);
	CHECK_EQ(rig.reply.type, 0);
	rig_make_read(&rig, 0, 0, 1);
	CHECK_EQ(rig_send(&rig, 1, false, true, 1), 1);
	/* room for less than was asked for */
	rig_make_read(&rig, 0, 3, 1);
	CHECK_EQ(rig_send(&rig, 1, false, true, 2), 0);
	check_signed(2);

	rig_init_keyed(&rig, VIRTIO);
	rig_make_read(&rig, 0, 0, 1);
	CHECK_EQ(rig_send(&rig, 1, false, true, 1), 1);
	rig_make_read(&rig, 0, 3, 1);
	CHECK_EQ(rig_send(&rig, 1, false, true, 2), 1);
	check_signed(2);
}

/* Send only a result read, with one byte of its frame set */
static int odd_result_read(u32 at, u8 val)
{
	struct host_frame f = { .type = 5 };

	host_frame_put(rig.req, &f);
	rig.req[at] = val;
	return rig_send(&rig, 1, false, false, 1);
}

HOST_TESTS(model_result_read, RPMB_MODEL_FLAVOURS)
{
	/* nothing was asked for */
	CHECK_EQ(odd_result_read(AT_COUNT + 1, is_virtio()), 1);
	check_unsigned();
	rig_write(&rig, 0, 1, 1);
	/* the register keeps the result until the next change or power-down */
	CHECK_EQ(odd_result_read(AT_COUNT + 1, is_virtio()), 0);
	CHECK_EQ(rig.reply.type, 0x300);
	CHECK_EQ(odd_result_read(AT_COUNT + 1, 2), 1);
	CHECK_EQ(odd_result_read(AT_COUNT + 1, 1), rig.model.flavour == EMMC);
	if (!is_virtio())
		CHECK_EQ(odd_result_read(0, 1), 1);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(odd_result_read(AT_COUNT + 1, is_virtio()), 1);
}

/* A change is not answered without a result read */
HOST_TEST(model_missing_result_read)
{
	rig_make_write(&rig, 0, 1, 77, 1);
	rig_send(&rig, 1, false, true, 1);
	CHECK_EQ(rig.reply.type, 0);
	CHECK_EQ(rpmb_model_get(&rig.model, rig.raw, 1), 0);
	CHECK_EQ(rig.raw[510], 0);
}

HOST_TESTS(model_other_types, RPMB_MODEL_FLAVOURS)
{
	struct host_frame f = { .type = 6, .count = 1 };

	host_frame_put(rig.req, &f);
	CHECK_EQ(rig_send(&rig, 1, true, true, 1), 1);
	CHECK_EQ(rig.reply.type, 0x600);
	for (f.type = 7; f.type < 10; f.type++) {
		host_frame_put(rig.req, &f);
		CHECK_EQ(rig_send(&rig, 1, false, true, 1), 1);
		CHECK_EQ(rig.reply.type, f.type << 8);
	}
	f.type = 0;
	host_frame_put(rig.req, &f);
	CHECK_EQ(rig_send(&rig, 1, false, true, 1), 1);
	CHECK_EQ(rig.model.requests[7], 1);
	CHECK_EQ(rig.model.requests[0], 3);
}

HOST_TEST(model_first_fails)
{
	rig.model.quirks = RPMB_MODEL_Q_FIRST_FAILS;
	CHECK_EQ(rig_counter(&rig, 1), 1);
	CHECK_EQ(rig_counter(&rig, 1), 0);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(rig_write(&rig, 0, 1, 1), 1);
	CHECK_EQ(rig.model.writes, 0);
	CHECK_EQ(rig_write(&rig, 0, 1, 1), 0);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(rig_read(&rig, 0, 1, 1), 1);
	CHECK_EQ(rig_read(&rig, 0, 1, 1), 0);
}

HOST_TEST(model_power_up)
{
	CHECK_EQ(rig_write(&rig, 9, 1, 0x33), 0);
	rpmb_model_power_up(&rig.model);
	CHECK_EQ(rig_read(&rig, 9, 1, 1), 0);
	CHECK_EQ(rig.reply.data[0], 0x33);
	CHECK_EQ(rig_counter(&rig, 1), 0);
	CHECK_EQ(rig.reply.counter, 78);
}

/* A store that notes what it was told, and fails when asked to */
static struct {
	u32 calls, addr, count, counter;
	u8 key_set, byte;
	int ret;
} stored;

static int note_commit(void *ctx, const struct rpmb_model *m, u32 addr,
		       u32 count)
{
	CHECK(ctx == &stored);
	stored.calls++;
	stored.addr = addr;
	stored.count = count;
	stored.counter = m->state.counter;
	stored.key_set = m->state.key_set;
	stored.byte = m->store.data[addr * RPMB_MODEL_BLOCK];
	return stored.ret;
}

HOST_TESTS(model_commit, RPMB_MODEL_FLAVOURS)
{
	static u8 before[sizeof(rig.data)];

	rig_init(&rig, host_test_case);
	memset(&stored, 0, sizeof(stored));
	rig.model.store.commit = note_commit;
	rig.model.store.ctx = &stored;

	stored.ret = -1;
	CHECK_EQ(rig_program(&rig, rig_key), 5);
	CHECK_EQ(rig.model.state.key_set, 0);
	stored.ret = 0;
	CHECK_EQ(rig_program(&rig, rig_key), 0);
	CHECK_EQ(stored.key_set, 1);
	CHECK_EQ(stored.count, 0);

	CHECK_EQ(rig_write(&rig, 5, 3, 0x21), 0);
	CHECK_EQ(stored.addr, 5);
	CHECK_EQ(stored.count, 3);
	CHECK_EQ(stored.counter, 1);
	CHECK_EQ(stored.byte, 0x21);

	memcpy(before, rig.data, sizeof(before));
	stored.ret = -1;
	CHECK_EQ(rig_write(&rig, 6, 3, 0x99), 5);
	CHECK_EQ(rig.reply.counter, 1);
	check_signed(1);
	CHECK_MEM(rig.data, before, sizeof(before));
	CHECK_EQ(rig.model.state.counter, 1);
	CHECK_EQ(rig.model.writes, 1);
	CHECK_EQ(stored.calls, 4);
}
