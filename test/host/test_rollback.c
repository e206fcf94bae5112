// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: rollback indexes, rule by rule
 */

#include <rpmb/rollback.h>

#include "host_test.h"
#include "store_rig.h"

#define EMMC	RPMB_MODEL_EMMC
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

static void start(enum rpmb_model_flavour flavour)
{
	store_rig_start(&rig, flavour, RPMB_ROLLBACK_BLOCKS);
	memset(&rb, 0, sizeof(rb));
	rb.at.cl = &rig.cl;
	rb.at.key = &rig.mac;
	rb.at.first = STORE_FIRST;
}

static void each_flavour(void (*run)(void))
{
	u32 flavour;

	for (flavour = RPMB_MODEL_EMMC; flavour <= RPMB_MODEL_VIRTIO;
	     flavour++) {
		start(flavour);
		run();
		client_rig_done(&rig);
	}
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

static void blank(void)
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

static void test_blank(void)
{
	each_flavour(blank);
}

static void test_locations(void)
{
	static const u32 bad[] = {
		0x20, 0xff, 0x11c, 0x1ff, 0x21c, 0x10000, 0x80000000, ~0u,
	};
	u32 i;

	start(EMMC);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		check_get(bad[i], -EINVAL, 1);
		CHECK_EQ(rpmb_rollback_advance(&rb, bad[i], 1), -EINVAL);
	}
	CHECK_EQ(rig.exchanges, 0);
	client_rig_done(&rig);
}

/* Each of the 88 has a place of its own, and nothing else is written to */
static void all_locations(void)
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

static void test_all_locations(void)
{
	each_flavour(all_locations);
}

static void golden_block(void)
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

static void test_golden(void)
{
	each_flavour(golden_block);
}

/* The heads of all four, by hand */
static void test_golden_heads(void)
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

	start(EMMC);
	for (i = 0; i < 4; i++) {
		CHECK_EQ(rpmb_rollback_advance(&rb, locs[i], 3), 0);
		CHECK_MEM(store_rig_block(&rig, i), heads[i], 16);
	}
	client_rig_done(&rig);
}

static void advance(void)
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

static void test_advance(void)
{
	each_flavour(advance);
}

/* What it costs: and no advance without a read-back */
static void exchanges(void)
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

static void test_exchanges(void)
{
	each_flavour(exchanges);
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

static void refusals(void)
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

static void test_refusals(void)
{
	each_flavour(refusals);
}

/* AVB's blocks have fewer indexes, so more of them must be zero */
static void test_refusals_avb(void)
{
	u8 *block;

	start(EMMC);
	block = store_rig_block(&rig, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x1f, 3), 0);
	block[13] = 1;
	check_get(0x1f, -EUCLEAN, 3);
	block[13] = 0;
	block[32 + 16 * 8 + 7] = 1;
	check_get(0x1f, -EUCLEAN, 3);
	block[32 + 16 * 8 + 7] = 0;
	check_get(0x1f, 0, 3);
	client_rig_done(&rig);
}

/* Blank is a block of zeroes; with one bit set anywhere it is garbage */
static void test_almost_blank(void)
{
	u8 *block;
	u32 i;

	start(EMMC);
	block = store_rig_block(&rig, 2);
	for (i = 0; i < RPMB_BLOCK_SIZE; i++) {
		block[i] = 0x80;
		check_get(0x11b, -EUCLEAN, 1);
		CHECK_EQ(rpmb_rollback_advance(&rb, 0x11b, 1), -EUCLEAN);
		block[i] = 0;
	}
	CHECK_EQ(rig.model.requests[3], 0);
	check_get(0x11b, -ENODATA, 1);
	client_rig_done(&rig);
}

/* A later version is free to change all that follows its number */
static void test_future(void)
{
	u8 *block;

	start(EMMC);
	block = store_rig_block(&rig, 0);
	host_test_fill(block, RPMB_BLOCK_SIZE);
	memcpy(block, golden, 8);
	block[8] = 7;
	check_get(1, -EPROTONOSUPPORT, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 1), -EPROTONOSUPPORT);
	CHECK_EQ(rig.model.requests[3], 0);
	client_rig_done(&rig);
}

/* A store that has been moved by a block is not taken for another's */
static void test_moved(void)
{
	start(EMMC);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0, 3), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x10, 3), 0);
	rb.at.first++;
	check_get(0, -EUCLEAN, 1);
	rb.at.first -= 2;
	check_get(0x10, -EUCLEAN, 1);
	client_rig_done(&rig);
}

/* One block of a store is bad: the others are used as before */
static void test_one_bad(void)
{
	start(EMMC);
	host_test_fill(store_rig_block(&rig, 1), RPMB_BLOCK_SIZE);
	check_get(0x10, -EUCLEAN, 1);
	CHECK_EQ(rpmb_rollback_advance(&rb, 0xf, 3), 0);
	check_get(0xf, 0, 3);
	check_get(0x10, -EUCLEAN, 1);
	client_rig_done(&rig);
}

/* All of one block by one write; none if one of them would go down */
static void together(void)
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

static void test_together(void)
{
	each_flavour(together);
}

static void test_together_bad(void)
{
	static const struct rpmb_raise bad[][2] = {
		{ { 0x100, 1 }, { 0x200, 1 } }, { { 0xf, 1 }, { 0x10, 1 } },
		{ { 0x100, 1 }, { 0x11c, 1 } }, { { 0x20, 1 }, { 0x20, 1 } },
		{ { 0x100, 1 }, { 0x101, ~0ULL } },
	};
	u32 i;

	start(EMMC);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_EQ(rpmb_rollback_advance_all(&rb, bad[i], 2), -EINVAL);
	CHECK_EQ(rpmb_rollback_advance_all(&rb, *bad, 0), -EINVAL);
	CHECK_EQ(rig.exchanges, 0);
	client_rig_done(&rig);
}

/* What a block holds, without a device */
static void test_list(void)
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

static void keys_and_range(void)
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };
	static const u32 outside[] = {
		RIG_BLOCKS - 3, RIG_BLOCKS, 0x10000, 0xffffffff, 0xfffffffd,
	};
	u32 i;

	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 8), 0);
	client_rig_exchanges(&rig);
	for (i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		rb.at.first = outside[i];
		refuse_all(-ERANGE);
	}
	rb.at.first = STORE_FIRST;
	rb.at.key = NULL;
	refuse_all(-EINVAL);
	CHECK_EQ(client_rig_exchanges(&rig), 0);

	rb.at.key = &rig.mac;
	client_rig_reboot(&rig);
	CHECK_EQ(rpmb_mac_load(&rig.mac, other), 0);
	refuse_all(-EBADMSG);
	rpmb_mac_unload(&rig.mac);
	refuse_all(-EINVAL);
	CHECK_EQ(rpmb_mac_load(&rig.mac, client_rig_key), 0);
	rig.model.state.key_set = 0;
	refuse_all(-ENOKEY);
	rig.model.state.key_set = 1;
	rig.dead = true;
	refuse_all(-ETIMEDOUT);
	rig.dead = false;
	check_get(2, 0, 8);
	/* the last place where it fits */
	memset(client_rig_block(&rig, RIG_BLOCKS - 4), 0, 4 * RPMB_BLOCK_SIZE);
	rb.at.first = RIG_BLOCKS - 4;
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x21b, 4), 0);
	check_get(0x21b, 0, 4);
}

static void test_keys_and_range(void)
{
	each_flavour(keys_and_range);
}

static void test_no_rng(void)
{
	u64 index = NONE;

	start(EMMC);
	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 8), 0);
	rig.nonce_fails = rig.nonces + 1;
	CHECK_EQ(rpmb_rollback_get(&rb, 2, &index), -ENODEV);
	CHECK_EQ(index, NONE);
	/* none for the read-back: no success */
	rig.nonce_fails = rig.nonces + 2;
	CHECK_EQ(rpmb_rollback_advance(&rb, 2, 9), -ENODEV);
	check_get(2, 0, 9);
	client_rig_done(&rig);
}

/* A bus whose errors happen to have a meaning here */
static int bus_error;

static int fail_reads(struct client_rig *r, const struct rpmb_frame *req,
		      u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	return req->req_resp.b[1] == 4 ? bus_error : 0;
}

static void test_bus_errors(void)
{
	start(EMMC);
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 8), 0);
	rig.tamper = fail_reads;
	bus_error = -ENODATA;
	refuse_all(-EIO);
	bus_error = -ENOENT;
	refuse_all(-EIO);
	bus_error = -EREMOTEIO;
	refuse_all(-EREMOTEIO);
	client_rig_done(&rig);
}

/* ... nor that there was none to change */
static void change_fails(int (*change)(void), u32 req, int err)
{
	start(EMMC);
	CHECK_EQ(rpmb_rollback_advance(&rb, 3, 8), 0);
	rpmb_client_forget(&rig.cl);
	client_rig_fail_from(&rig, req, err);
	CHECK_EQ(change(), -EIO);
	CHECK_EQ(rig.fail_from, 0);
	client_rig_done(&rig);
}

static int change(void)
{
	return rpmb_rollback_advance(&rb, 3, 9);
}

static void test_change_bus_errors(void)
{
	u32 req;

	for (req = 2; req <= 4; req++) {
		change_fails(change, req, -ENOENT);
		change_fails(change, req, -ENODATA);
	}
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
static void forged(void)
{
	CHECK_EQ(rpmb_rollback_advance(&rb, 0x200, 8), 0);
	store_rig_forge(&rig, forged_get);
	check_get(0x200, 0, 8);
}

static void test_forged(void)
{
	each_flavour(forged);
}

/* Nothing can be raised any more, but still be read */
static void exhausted(void)
{
	rig.model.state.counter = 0xfffffffe;
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 9), -EOVERFLOW);
	check_get(1, 0, 8);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK_EQ(rig.model.writes, 1);
}

static void test_exhausted(void)
{
	each_flavour(exhausted);
}

/* Somebody else with the key writes: nothing that he wrote is lost */
static struct rpmb_frame foreign;
static u32 foreign_times;
static u8 foreign_index;

/* Just before a write of ours arrives he raises 0x103, or 0x101 */
static int write_first(struct client_rig *r, const struct rpmb_frame *req,
		       u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	u8 *block = (u8 *)&foreign + RPMB_MAC_START;

	/* after a read of ours, that is */
	if (req->req_resp.b[1] != 4 || !foreign_times)
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

static void other_writer(void)
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

static void test_other_writer(void)
{
	each_flavour(other_writer);
}

/* The client goes on as usual afterwards: any write may be sent again */
static void test_client_after(void)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1, 2, 3 };

	start(EMMC);
	CHECK_EQ(rpmb_rollback_advance(&rb, 1, 8), 0);
	CHECK(!rig.cl.this_counter_only);
	CHECK(rig.cl.counter_unused);
	client_rig_exchanges(&rig);
	CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 5, 1, data), 0);
	CHECK_EQ(client_rig_exchanges(&rig), 1);
	client_rig_done(&rig);
}

static const struct host_test tests[] = {
	{ "rollback_blank", test_blank },
	{ "rollback_locations", test_locations },
	{ "rollback_all_locations", test_all_locations },
	{ "rollback_golden", test_golden },
	{ "rollback_golden_heads", test_golden_heads },
	{ "rollback_advance", test_advance },
	{ "rollback_exchanges", test_exchanges },
	{ "rollback_refusals", test_refusals },
	{ "rollback_refusals_avb", test_refusals_avb },
	{ "rollback_almost_blank", test_almost_blank },
	{ "rollback_future", test_future },
	{ "rollback_moved", test_moved },
	{ "rollback_one_bad", test_one_bad },
	{ "rollback_together", test_together },
	{ "rollback_together_bad", test_together_bad },
	{ "rollback_list", test_list },
	{ "rollback_keys_and_range", test_keys_and_range },
	{ "rollback_no_rng", test_no_rng },
	{ "rollback_bus_errors", test_bus_errors },
	{ "rollback_change_bus_errors", test_change_bus_errors },
	{ "rollback_forged", test_forged },
	{ "rollback_exhausted", test_exhausted },
	{ "rollback_other_writer", test_other_writer },
	{ "rollback_client_after", test_client_after },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
