// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: rollback indexes, rule by rule
 */

#include <rpmb/rollback.h>

#include "host_test.h"
#include "store_rig.h"

#define NONE	0x5a5a5a5a5a5a5a5aULL	/* what *index is before */

static struct client_rig rig;
static struct rpmb_rollback rb;

/* As doc/develop/rpmb/spec.rst has it, not as the code makes it */
static const u8 golden[RPMB_BLOCK_SIZE] = {
	'U', 'B', 's', 't', 'o', 'r', 'e', 'd',
	1,			/* version */
	3,			/* kind: FIT */
	2,			/* block of the store */
	28,			/* indexes */
	0x08, 0x00, 0x00, 0x05,	/* set: 0, 2 and 27 */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* 0 */
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
	/* 1, 2: not set, and set to 0 */
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	/* 27 */
	[248] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
};

void host_test_set_up(void)
{
	store_rig_start(&rig, host_test_case % RPMB_MODEL_FLAVOURS,
			RPMB_ROLLBACK_BLOCKS);
	rb = (struct rpmb_rollback){ .at = { &rig.cl, &rig.mac, STORE_FIRST } };
}

/* All that can be asked of a location says the same */
static void check_get(u32 loc, int want, u64 value)
{
	u64 index = NONE;

	CHECK_EQ(rpmb_rollback_get(&rb, loc, &index), want);
	CHECK_EQ(index, want ? NONE : value);
	CHECK_EQ(rpmb_rollback_check(&rb, loc, value), want);
	CHECK_EQ(rpmb_rollback_check(&rb, loc, ~0ULL), want);
	if (value)
		CHECK_EQ(rpmb_rollback_check(&rb, loc, value - 1),
			 want ?: -EDOM);
}

HOST_TESTS(rollback_blank, RPMB_MODEL_FLAVOURS)
{
	check_get(0, -ENODATA, 0);
	check_get(0x1f, -ENODATA, 1);
	check_get(0x100, -ENODATA, 1);
	check_get(0x21b, -ENODATA, 1);
	CHECK_EQ(rig.model.requests[3], 0);

	/* the first advance fills it; set to 0 is not blank */
	CHECK_EQ(rpmb_rollback_advance(&rb, 5, 0), 0);
	CHECK_EQ(rig.model.writes, 1);
	check_get(5, 0, 0);
	check_get(4, -ENODATA, 0);
	check_get(6, -ENODATA, 1);
	check_get(0x10, -ENODATA, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 4, 7), 0);
	check_get(4, 0, 7);
	check_get(5, 0, 0);
}

HOST_TEST(rollback_locations)
{
	static const u32 bad[] = {
		0x20, 0xff, 0x11c, 0x1ff, 0x21c, 0x10000, 0x80000000, ~0u,
	};
	u32 i;

	for (i = 0; i < COUNT(bad); i++) {
		check_get(bad[i], -EINVAL, 1);
		CHECK_EQ(rpmb_rollback_advance(&rb, bad[i], 1), -EINVAL);
	}
	CHECK_EQ(rig.exchanges, 0);
}

/* Each of the 88 has a place of its own, and nothing else is written to */
HOST_TESTS(rollback_all_locations, RPMB_MODEL_FLAVOURS)
{
	static const struct {
		u32 first, count;
	} ranges[] = { { 0, 32 }, { 0x100, 28 }, { 0x200, 28 } };
	u8 before[RPMB_BLOCK_SIZE], after[RPMB_BLOCK_SIZE];
	u32 i, j;

	memcpy(before, client_rig_block(&rig, STORE_FIRST - 1), 256);
	memcpy(after, client_rig_block(&rig, STORE_FIRST + 4), 256);
	for (i = 0; i < 3; i++)
		for (j = 0; j < ranges[i].count; j++)
			CHECK_EQ(rpmb_rollback_advance(&rb, ranges[i].first + j,
						       ranges[i].first + j + 1),
				 0);
	CHECK_EQ(rig.model.writes, 88);
	for (i = 0; i < 3; i++)
		for (j = 0; j < ranges[i].count; j++)
			check_get(ranges[i].first + j, 0,
				  ranges[i].first + j + 1);
	CHECK_MEM(client_rig_block(&rig, STORE_FIRST - 1), before, 256);
	CHECK_MEM(client_rig_block(&rig, STORE_FIRST + 4), after, 256);
}

HOST_TESTS(rollback_golden, RPMB_MODEL_FLAVOURS)
{
	u8 *block = store_rig_block(&rig, 2);

	memcpy(block, golden, sizeof(golden));
	check_get(0x100, 0, 0x0123456789abcdefULL);
	check_get(0x101, -ENODATA, 0);
	check_get(0x102, 0, 0);
	check_get(0x11b, 0, 0xfffffffffffffffeULL);

	/* and the code makes the same of it, in any order */
	memset(block, 0, sizeof(golden));
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x11b, RPMB_ROLLBACK_MAX), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x102, 0), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x100, 0x0123456789abcdefULL), 0);
	CHECK_MEM(block, golden, sizeof(golden));
}

/* The heads of all four, by hand */
HOST_TEST(rollback_golden_heads)
{
	static const u8 heads[4][16] = {
		{ 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, 1, 0, 16,
		  0, 0, 0x80, 0 },
		{ 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, 2, 1, 16,
		  0, 0, 0x80, 0 },
		{ 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, 3, 2, 28,
		  0x08, 0, 0, 0 },
		{ 'U', 'B', 's', 't', 'o', 'r', 'e', 'd', 1, 4, 3, 28,
		  0x08, 0, 0, 0 },
	};
	static const u32 locs[4] = { 0x0f, 0x1f, 0x11b, 0x21b };
	u32 i;

	for (i = 0; i < 4; i++) {
		CHECK_EQ(rpmb_rollback_advance(&rb, locs[i], 3), 0);
		CHECK_MEM(store_rig_block(&rig, i), heads[i], 16);
	}
}

HOST_TESTS(rollback_advance, RPMB_MODEL_FLAVOURS)
{
	u8 old[RPMB_BLOCK_SIZE];

	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 5), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x102, 9), 0);
	memcpy(old, store_rig_block(&rig, 2), sizeof(old));
	rig.model.writes = 0;

	/* the same, or less: no write */
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 5), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 4), -EDOM);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0), -EDOM);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, ~0ULL), -EINVAL);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x103, ~0ULL), -EINVAL);
	CHECK_EQ(rig.model.requests[3], 2);
	CHECK_MEM(store_rig_block(&rig, 2), old, sizeof(old));

	/* more: one write; both halves of the number count */
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0x100000000ULL), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0xffffffff), -EDOM);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0x1ffffffffULL), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, RPMB_ROLLBACK_MAX), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, RPMB_ROLLBACK_MAX), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0x1ffffffffULL), -EDOM);
	CHECK_EQ(rig.model.writes, 3);
	CHECK_EQ(rig.model.requests[3], 5);
	check_get(0x102, 0, 9);
}

/* What it costs: and no advance without a read-back */
HOST_TESTS(rollback_exchanges, RPMB_MODEL_FLAVOURS)
{
	u64 index;

	CHECK_EQ(rpmb_rollback_get(&rb, 3, &index), -ENODATA);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	/* counter, read, write, read-back */
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 1), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 4);
	/* the counter is known: read, write, read-back */
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 2), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 3);
	CHECK_EQ(rig.model.requests[4], 1 + 2 * 2);
	CHECK_EQ(rpmb_rollback_get(&rb, 3, &index), 0);
	CHECK_EQ(rpmb_rollback_check(&rb, 3, 2), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 2);
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 2), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}

/* A block that is not as it must be: refused, never blank, never written */
static void refused(u32 at, u8 value, int want)
{
	u8 *block = store_rig_block(&rig, 2);
	u32 requests = rig.model.requests[3];
	u8 bad[RPMB_BLOCK_SIZE];

	memcpy(bad, golden, sizeof(bad));
	bad[at] = value;
	memcpy(block, bad, sizeof(bad));
	check_get(0x100, want, 5);
	check_get(0x101, want, 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x100, RPMB_ROLLBACK_MAX), want);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 0), want);
	CHECK_EQ(rig.model.requests[3], requests);
	CHECK_MEM(block, bad, sizeof(bad));
}

HOST_TESTS(rollback_refusals, RPMB_MODEL_FLAVOURS)
{
	u32 i;

	for (i = 0; i < 8; i++)
		refused(i, golden[i] ^ 0x20, -EUCLEAN);
	refused(0, 0, -EUCLEAN);
	refused(8, 2, -EPROTONOSUPPORT);
	refused(8, 0xff, -EPROTONOSUPPORT);
	refused(8, 0, -EUCLEAN);
	for (i = 0; i < 256; i++) {
		if (i != 3)
			refused(9, i, -EUCLEAN);
		if (i != 2)
			refused(10, i, -EUCLEAN);
		if (i != 28)
			refused(11, i, -EUCLEAN);
	}
	/* set, but there is no such index; set bits 31 to 28 */
	refused(12, 0x18, -EUCLEAN);
	refused(12, 0x88, -EUCLEAN);
	for (i = 16; i < 32; i++)
		refused(i, 1, -EUCLEAN);
	/* not set, but not zero; in each of its bytes */
	for (i = 40; i < 48; i++)
		refused(i, 1, -EUCLEAN);
	/* not set any more, but with a value */
	refused(15, 0x04, -EUCLEAN);
	refused(12, 0x00, -EUCLEAN);
	/* 2^64 - 1 */
	refused(255, 0xff, -EUCLEAN);
}

/* AVB's blocks have fewer indexes, so more of them must be zero */
HOST_TEST(rollback_refusals_avb)
{
	u8 *block;

	block = store_rig_block(&rig, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x1f, 3), 0);
	block[13] = 1;
	check_get(0x1f, -EUCLEAN, 3);
	block[13] = 0;
	block[32 + 16 * 8 + 7] = 1;
	check_get(0x1f, -EUCLEAN, 3);
	block[32 + 16 * 8 + 7] = 0;
	check_get(0x1f, 0, 3);
}

/* Blank is a block of zeroes; with one bit set anywhere it is garbage */
HOST_TEST(rollback_almost_blank)
{
	u8 *block;
	u32 i;

	block = store_rig_block(&rig, 2);
	for (i = 0; i < RPMB_BLOCK_SIZE; i++) {
		block[i] = 0x80;
		check_get(0x11b, -EUCLEAN, 1);
		CHECK_EQ(rpmb_rollback_advance(&rb, 0x11b, 1), -EUCLEAN);
		block[i] = 0;
	}
	CHECK_EQ(rig.model.requests[3], 0);
	check_get(0x11b, -ENODATA, 1);
}

/* A later version is free to change all that follows its number */
HOST_TEST(rollback_future)
{
	u8 *block;

	block = store_rig_block(&rig, 0);
	host_test_fill(block, RPMB_BLOCK_SIZE);
	memcpy(block, golden, 8);
	block[8] = 7;
	check_get(1, -EPROTONOSUPPORT, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 1), -EPROTONOSUPPORT);
	CHECK_EQ(rig.model.requests[3], 0);
}

/* A store that has been moved by a block is not taken for another's */
HOST_TEST(rollback_moved)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 0, 3), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x10, 3), 0);
	rb.at.first++;
	check_get(0, -EUCLEAN, 1);
	rb.at.first -= 2;
	check_get(0x10, -EUCLEAN, 1);
}

/* One block of a store is bad: the others are used as before */
HOST_TEST(rollback_one_bad)
{
	host_test_fill(store_rig_block(&rig, 1), RPMB_BLOCK_SIZE);
	check_get(0x10, -EUCLEAN, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0xf, 3), 0);
	check_get(0xf, 0, 3);
	check_get(0x10, -EUCLEAN, 1);
}

/* All of one block by one write; none if one of them would go down */
HOST_TESTS(rollback_together, RPMB_MODEL_FLAVOURS)
{
	struct rpmb_raise raise[] = {
		{ 0x101, 5 }, { 0x11b, 0 }, { 0x100, RPMB_ROLLBACK_MAX },
	};
	u32 writes = rig.model.writes, i;

	CHECK_EQ(rpmb_rollback_advance_all(&rb, raise, 3), 0);
	CHECK_EQ(rig.model.writes, writes + 1);
	for (i = 0; i < 3; i++)
		check_get(raise[i].loc, 0, raise[i].index);
	check_get(0x102, -ENODATA, 1);
	CHECK_EQ(rpmb_rollback_advance_all(&rb, raise, 3), 0);
	raise[1].index = 9;
	raise[0].index = 4;
	CHECK_EQ(rpmb_rollback_advance_all(&rb, raise, 3), -EDOM);
	CHECK_EQ(rig.model.writes, writes + 1);
	check_get(0x11b, 0, 0);
	/* a location twice: the second is not lower than the first */
	raise[0].index = 6;
	raise[2] = raise[0];
	CHECK_EQ(rpmb_rollback_advance_all(&rb, raise, 3), 0);
	raise[0].index = 8;
	raise[2].index = 7;
	CHECK_EQ(rpmb_rollback_advance_all(&rb, raise, 3), -EDOM);
	check_get(0x101, 0, 6);
	check_get(0x11b, 0, 9);
}

HOST_TEST(rollback_together_bad)
{
	static const struct rpmb_raise bad[][2] = {
		{ { 0x100, 1 }, { 0x200, 1 } }, { { 0xf, 1 }, { 0x10, 1 } },
		{ { 0x100, 1 }, { 0x11c, 1 } }, { { 0x20, 1 }, { 0x20, 1 } },
		{ { 0x100, 1 }, { 0x101, ~0ULL } },
	};
	u32 i;

	for (i = 0; i < COUNT(bad); i++)
		CHECK_EQ(rpmb_rollback_advance_all(&rb, bad[i], 2), -EINVAL);
	CHECK_EQ(rpmb_rollback_advance_all(&rb, *bad, 0), -EINVAL);
	CHECK_EQ(rig.exchanges, 0);
}

/* What a block holds, without a device */
HOST_TEST(rollback_list)
{
	u64 index[RPMB_ROLLBACK_PER_BLOCK];
	struct rpmb_rollback_block b = { 0 };
	int i;

	CHECK_EQ(rpmb_rollback_number(0), 0);
	CHECK_EQ(rpmb_rollback_number(0x10), 1);
	CHECK_EQ(rpmb_rollback_number(0x100), 2);
	CHECK_EQ(rpmb_rollback_number(0x200), 3);
	for (i = 1; i < 0x300; i++)
		if (i != 0x10 && i != 0x100 && i != 0x200)
			CHECK_EQ(rpmb_rollback_number(i), -EINVAL);
	CHECK_EQ(rpmb_rollback_number(~0u), -EINVAL);
	CHECK_EQ(rpmb_rollback_list(&b, 1, index), 16);
	CHECK_EQ(rpmb_rollback_list(&b, 2, index), 28);
	for (i = 0; i < 28; i++)
		CHECK_EQ(index[i], ~0ULL);
	memcpy(&b, golden, sizeof(b));
	CHECK_EQ(rpmb_rollback_list(&b, 2, index), 28);
	CHECK_EQ(index[0], 0x0123456789abcdefULL);
	CHECK_EQ(index[1], ~0ULL);
	CHECK_EQ(index[2], 0);
	CHECK_EQ(index[27], RPMB_ROLLBACK_MAX);
	CHECK_EQ(rpmb_rollback_list(&b, 3, index), -EUCLEAN);
	b.head.version++;
	CHECK_EQ(rpmb_rollback_list(&b, 2, index), -EPROTONOSUPPORT);
}

static void refuse_all(int want)
{
	u32 requests = rig.model.requests[3];

	check_get(2, want, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 9), want);
	CHECK_EQ(rig.model.requests[3], requests);
}

HOST_TESTS(rollback_keys_and_range, RPMB_MODEL_FLAVOURS)
{
	static const u32 outside[] = {
		RIG_BLOCKS - 3, RIG_BLOCKS, 0x10000, 0xffffffff, 0xfffffffd,
	};
	u32 i;

	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 8), 0);
	client_rig_exchanges(&rig);
	for (i = 0; i < COUNT(outside); i++) {
		rb.at.first = outside[i];
		refuse_all(-ERANGE);
	}
	rb.at.first = STORE_FIRST;
	rb.at.key = NULL;
	refuse_all(-EINVAL);
	CHECK_EQ(client_rig_exchanges(&rig), 0);

	rb.at.key = &rig.mac;
	store_rig_keys(&rig, refuse_all);
	check_get(2, 0, 8);
	/* the last place where it fits */
	memset(client_rig_block(&rig, RIG_BLOCKS - 4), 0, 4 * RPMB_BLOCK_SIZE);
	rb.at.first = RIG_BLOCKS - 4;
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x21b, 4), 0);
	check_get(0x21b, 0, 4);
}

HOST_TEST(rollback_no_rng)
{
	u64 index = NONE;

	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 8), 0);
	rig.nonce_fails = rig.nonces + 1;
	CHECK_EQ(rpmb_rollback_get(&rb, 2, &index), -ENODEV);
	CHECK_EQ(index, NONE);
	/* none for the read-back: no success */
	rig.nonce_fails = rig.nonces + 2;
	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 9), -ENODEV);
	check_get(2, 0, 9);
}

/* A bus whose errors happen to have a meaning here */
HOST_TEST(rollback_bus_errors)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 8), 0);
	store_rig_bus_errors(&rig, refuse_all);
}

/* ... and while it is advanced */
HOST_TESTS(rollback_change_bus_errors, STORE_BUS_ERRORS)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 8), 0);
	store_rig_bus_error(&rig);
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 9), -EIO);
	CHECK_EQ(rig.fail_from, 0);
}

static void forged_get(int want)
{
	u64 index = NONE;

	CHECK_EQ(rpmb_rollback_get(&rb, 0x200, &index), want);
	CHECK_EQ(rpmb_rollback_check(&rb, 0x200, 8), want);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x200, 9), want);
	CHECK_EQ(index, NONE);
	CHECK_EQ(rig.model.writes, 1);
}

/* Forged and spoilt answers to the read: an error, never an index or a blank */
HOST_TESTS(rollback_forged, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x200, 8), 0);
	store_rig_forge(&rig, forged_get);
	check_get(0x200, 0, 8);
}

/* Nothing can be raised any more, but still be read */
HOST_TESTS(rollback_exhausted, RPMB_MODEL_FLAVOURS)
{
	rig.model.state.counter = 0xfffffffe;
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 9), -EOVERFLOW);
	check_get(1, 0, 8);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK_EQ(rig.model.writes, 1);
}

/* Somebody else with the key writes: nothing that he wrote is lost */
static struct rpmb_frame foreign;
static u32 foreign_times;
static u8 foreign_index;

/* Just before a write of ours arrives he raises 0x103, or 0x101 */
static int write_first(struct client_rig *r, const struct rpmb_frames *f)
{
	u8 *block = (u8 *)&foreign + RPMB_MAC_START;

	/* after a read of ours, that is */
	if (client_rig_type(f) != RPMB_REQ_READ_DATA || !foreign_times)
		return 0;
	foreign_times--;
	rpmb_frame_fill(&foreign, RPMB_REQ_WRITE_DATA, STORE_FIRST + 2, 1);
	memcpy(block, store_rig_block(r, 2), RPMB_BLOCK_SIZE);
	block[15] |= 1 << foreign_index;
	block[39 + 8 * foreign_index]++;
	rpmb_put32(&foreign.write_counter, r->model.state.counter);
	client_rig_sign(&foreign, 1);
	CHECK_EQ(rpmb_model_put(&r->model, (u8 *)&foreign, 1, true), 0);
	return 0;
}

static void foreign_writes(u32 times, u8 index)
{
	foreign_times = times;
	foreign_index = index;
	rig.tamper = write_first;
}

HOST_TESTS(rollback_other_writer, RPMB_MODEL_FLAVOURS)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 5), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x103, 5), 0);
	foreign_writes(1, 3);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 9), 0);
	check_get(0x101, 0, 9);
	check_get(0x103, 0, 6);
	foreign_writes(3, 3);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 10), 0);
	check_get(0x101, 0, 10);
	check_get(0x103, 0, 9);
	/* he goes on and on: given up, and told so */
	foreign_writes(100, 3);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 11), -EAGAIN);
	foreign_writes(0, 3);
	check_get(0x101, 0, 10);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 11), 0);
	/* he was faster: the same value is fine, a higher one is the truth */
	foreign_writes(1, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 12), 0);
	check_get(0x101, 0, 12);
	foreign_writes(2, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 13), 0);
	check_get(0x101, 0, 14);
	store_rig_block(&rig, 2)[39 + 8] = 20;
	foreign_writes(1, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 20), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x101, 20), -EDOM);
	check_get(0x101, 0, 21);
}

/* The client goes on as usual afterwards: any write may be sent again */
HOST_TEST(rollback_client_after)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1, 2, 3 };

	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK(!rig.cl.this_counter_only);
	CHECK(rig.cl.counter_unused);
	client_rig_exchanges(&rig);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 5, 1, data), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
}
