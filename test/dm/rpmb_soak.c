// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes of all kinds until the device's write counter is used up
 *
 * Blocks, indexes and records are written at random, through uclass and driver, and
 * at random power is cut or the board reset. After each operation the memory of the
 * model is compared: each block of the operation is the old or the new one, and they
 * are replaced in order; all others are as they were; a success is there, and only
 * a cut is a reason to fail. What is read is what the device has. The counter begins
 * as many writes before its end as are asked for. After the last one all can still
 * be read, and nothing can be written.
 *
 * The whole run takes long; scripts/soak does it. In the environment:
 *
 *   rpmb_soak_writes  writes that the device executes (default: 1000)
 *   rpmb_soak_seed    where the random numbers begin (default: 1)
 */

#include <console.h>
#include <dm.h>
#include <env.h>
#include <malloc.h>
#include <rpmb-store.h>
#include <dm/test.h>
#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_inject.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE | UTF_LIVE_TREE)
#define END	0xffffffff	/* of the counter */
#define INDEXES	CONFIG_RPMB_ROLLBACK_START
#define RECORDS	(INDEXES + RPMB_ROLLBACK_BLOCKS)
#define RAW	0x20		/* blocks from here up to the stores */
#define MOST	34		/* blocks of an operation */
#define LOCS	16		/* indexes: those of the first block */
#define NAMES	3		/* records */

/**
 * struct soak - all of it
 *
 * @rig:	board
 * @seed:	of the random numbers
 * @before:	the device before the operation
 * @first:	first block that the operation replaces
 * @count:	number of these blocks
 * @want:	what they become
 * @back:	what is read
 * @ops:	operations so far
 * @cuts:	of these, those that power was cut in
 * @undone:	of these, those that have changed nothing
 * @resets:	without a cut
 */
struct soak {
	struct inject_rig rig;
	u32 seed;
	struct inject_image before;
	u32 first;
	u32 count;
	u8 want[MOST * RPMB_BLOCK_SIZE];
	u8 back[MOST * RPMB_BLOCK_SIZE];
	u32 ops;
	u32 cuts;
	u32 undone;
	u32 resets;
};

static struct rpmb_tap tap;

static u32 below(struct soak *s, u32 n)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 17;
	s->seed ^= s->seed << 5;
	return s->seed % n;
}

static u8 *old_block(struct soak *s, u32 n)
{
	return s->before.data + n * RPMB_BLOCK_SIZE;
}

static u8 *block(struct soak *s, u32 n)
{
	return s->rig.model->store.data + n * RPMB_BLOCK_SIZE;
}

/* The formats, by doc/develop/rpmb/spec.rst */
static void put_head(u8 *b, u8 kind, u8 number, u8 count)
{
	memset(b, 0, RPMB_BLOCK_SIZE);
	memcpy(b, "UBstored\1", 9);
	b[9] = kind;
	b[10] = number;
	b[11] = count;
}

static u64 index_of(const u8 *b, u32 loc)
{
	u64 index = 0;
	int i;

	for (i = 0; i < 8; i++)
		index = index << 8 | b[32 + 8 * loc + i];
	return index;
}

static bool has_index(const u8 *b, u32 loc)
{
	return b[15 - loc / 8] >> loc % 8 & 1;
}

static int write_raw(struct soak *s)
{
	s->count = below(s, 10) ? 1 + below(s, 4) : MOST;
	s->first = RAW + below(s, INDEXES - RAW - s->count + 1);
	rpmb_conformance_fill(s->want, s->count * RPMB_BLOCK_SIZE, s->seed);
	return rpmb_write_blocks(inject_ref(&s->rig), s->first, s->count,
				 s->want);
}

static int advance(struct soak *s)
{
	u32 loc = below(s, LOCS);
	u64 index;
	int i;

	s->count = 1;
	s->first = INDEXES;
	memcpy(s->want, old_block(s, INDEXES), RPMB_BLOCK_SIZE);
	if (!s->want[0])
		put_head(s->want, 1, 0, LOCS);
	index = index_of(s->want, loc) + 1 + below(s, 1000);
	s->want[15 - loc / 8] |= 1 << loc % 8;
	for (i = 0; i < 8; i++)
		s->want[32 + 8 * loc + i] = index >> (56 - 8 * i);
	return rpmb_index_advance(inject_ref(&s->rig), loc, index);
}

/* The record's block: its own, or the first that has none */
static u32 place(struct soak *s, const char *name, bool *is_there)
{
	u32 n;

	*is_there = true;
	for (n = RECORDS; n < RECORDS + CONFIG_RPMB_RECORD_BLOCKS; n++)
		if (!strcmp((char *)old_block(s, n) + 16, name))
			return n;
	*is_there = false;
	for (n = RECORDS; old_block(s, n)[16];)
		n++;
	return n;
}

static int change_record(struct soak *s)
{
	const char name[] = { 'a' + below(s, NAMES), 0 };
	u32 len = below(s, RPMB_RECORD_DATA_MAX + 1);
	bool is_there;

	s->count = 1;
	s->first = place(s, name, &is_there);
	if (is_there && !below(s, 3)) {
		put_head(s->want, 5, s->first - RECORDS, 0);
		return rpmb_record_delete(inject_ref(&s->rig), name);
	}
	put_head(s->want, 5, s->first - RECORDS, len);
	s->want[16] = *name;
	rpmb_conformance_fill(s->want + 64, len, s->seed);
	return rpmb_record_write(inject_ref(&s->rig), name, s->want + 64, len);
}

static int operation(struct soak *s)
{
	switch (below(s, 4)) {
	case 0:
		return advance(s);
	case 1:
		return change_record(s);
	default:
		return write_raw(s);
	}
}

static bool is_old(struct soak *s, u32 n)
{
	return !memcmp(block(s, n), old_block(s, n), RPMB_BLOCK_SIZE);
}

static bool is_new(struct soak *s, u32 n)
{
	return !memcmp(block(s, n), s->want + (n - s->first) * RPMB_BLOCK_SIZE,
		       RPMB_BLOCK_SIZE);
}

/* How many blocks are new, from the first on? -1: that is not all */
static int count_new(struct soak *s)
{
	u32 n = s->first, end = s->first + s->count;
	int done;

	while (n < end && is_new(s, n))
		n++;
	done = n - s->first;
	while (n < end && is_old(s, n))
		n++;
	return n == end && !memcmp(block(s, 0), old_block(s, 0),
				   s->first * RPMB_BLOCK_SIZE) &&
	       !memcmp(block(s, end), old_block(s, end),
		       (INJECT_BLOCKS - end) * RPMB_BLOCK_SIZE) ? done : -1;
}

static int judge(struct unit_test_state *uts, struct soak *s, int ret)
{
	u32 used = s->rig.model->state.counter - s->before.state.counter;
	int done = count_new(s);

	ut_assert(done >= 0);
	/* more than it has messages, and one that changes nothing: never */
	ut_assert(used <= s->count + 1);
	if (!ret) {
		ut_asserteq(s->count, done);
		ut_assert(!tap.struck && used);
		return 0;
	}
	if (!tap.struck) {
		ut_asserteq(-EOVERFLOW, ret);
		ut_asserteq(END, s->rig.model->state.counter);
		return 0;
	}
	s->cuts++;
	s->undone += !done;

	return 0;
}

/* What the stack says is there is what the device has */
static int look(struct unit_test_state *uts, struct soak *s)
{
	const char name[] = { 'a' + below(s, NAMES), 0 };
	u32 n, count = 1 + below(s, MOST), loc = below(s, LOCS);
	struct rpmb_ref ref = inject_ref(&s->rig);
	bool is_there;
	size_t len;
	u64 index;

	inject_save(&s->rig, &s->before);
	n = below(s, INJECT_BLOCKS - count);
	ut_assertok(rpmb_read_blocks(ref, n, count, s->back));
	ut_asserteq_mem(block(s, n), s->back, count * RPMB_BLOCK_SIZE);
	if (has_index(block(s, INDEXES), loc)) {
		ut_assertok(rpmb_index_get(ref, loc, &index));
		ut_asserteq_64(index_of(block(s, INDEXES), loc), index);
	} else {
		ut_asserteq(-ENODATA, rpmb_index_get(ref, loc, &index));
	}
	n = place(s, name, &is_there);
	ut_asserteq(is_there ? 0 : -ENOENT,
		    rpmb_record_read(ref, name, s->back, sizeof(s->back), &len));
	if (is_there) {
		ut_asserteq(block(s, n)[11], len);
		ut_asserteq_mem(block(s, n) + 64, s->back, len);
	}
	ut_asserteq_mem(s->before.data, block(s, 0), sizeof(s->before.data));

	return 0;
}

/*
 * From a UFS controller that may be writing still the driver keeps its buffer, which
 * a real reset would give back. So it gets an answer before all is forgotten.
 */
static void give_back(struct soak *s)
{
	u32 count;

	if (s->rig.bus != &inject_ufs)
		return;
	rpmb_tap_arm(&tap, NULL);
	(void)rpmb_get_write_count(inject_ref(&s->rig), &count);
}

/* One operation, power cut at any exchange of it or not at all */
static int step(struct unit_test_state *uts, struct soak *s)
{
	const struct rpmb_tap_strike cut[RPMB_TAP_STRIKES] = { {
		.fault = below(s, 2) ? RPMB_TAP_CUT_BEFORE :
				       RPMB_TAP_CUT_AFTER,
		.at = below(s, below(s, 4) ? 4 : 40),
	} };

	inject_save(&s->rig, &s->before);
	rpmb_tap_arm(&tap, below(s, 4) ? NULL : cut);
	s->ops++;
	ut_assertok(judge(uts, s, operation(s)));
	if (!tap.struck && below(s, 40))
		return 0;
	s->resets += !tap.struck;
	if (tap.struck)
		give_back(s);
	ut_assertok(inject_reboot(uts, &s->rig, NULL));

	return look(uts, s);
}

/* All can be read, nothing can be written, and no operation changes that */
static int used_up(struct unit_test_state *uts, struct soak *s)
{
	u32 i, count;

	for (i = 0; i < 20; i++) {
		inject_save(&s->rig, &s->before);
		rpmb_tap_arm(&tap, NULL);
		ut_asserteq(-EOVERFLOW, operation(s));
		ut_asserteq_mem(s->before.data, block(s, 0),
				sizeof(s->before.data));
		ut_assertok(look(uts, s));
		if (i % 4 == 3)
			ut_assertok(inject_reboot(uts, &s->rig, NULL));
	}
	ut_assertok(rpmb_get_write_count(inject_ref(&s->rig), &count));
	ut_asserteq(END, count);

	return 0;
}

static int soak(struct unit_test_state *uts, const struct inject_bus *bus)
{
	u32 writes = env_get_ulong("rpmb_soak_writes", 10, 1000);
	struct soak *s = calloc(1, sizeof(*s));

	ut_assertnonnull(s);
	s->seed = env_get_ulong("rpmb_soak_seed", 10, 1) ?: 1;
	ut_assertok(inject_begin(uts, &s->rig, bus, &tap));
	s->rig.model->state.counter = END - writes;
	ut_assertok(inject_reboot(uts, &s->rig, NULL));
	while (s->rig.model->state.counter != END)
		ut_assertok(step(uts, s));
	ut_assertok(inject_reboot(uts, &s->rig, NULL));
	ut_assertok(used_up(uts, s));
	ut_assertok(inject_end(uts, &s->rig));
	ut_unsilence_console(uts);
	printf("%s: %u writes, %u operations, %u cuts, %u before any change, %u resets\n",
	       bus->name, writes, s->ops, s->cuts, s->undone, s->resets);
	free(s);

	return 0;
}

static int dm_test_rpmb_soak_sandbox(struct unit_test_state *uts)
{
	return soak(uts, &inject_sandbox);
}
DM_TEST(dm_test_rpmb_soak_sandbox, FLAGS);

static int dm_test_rpmb_soak_emmc(struct unit_test_state *uts)
{
	return soak(uts, &inject_emmc);
}
DM_TEST(dm_test_rpmb_soak_emmc, FLAGS);

static int dm_test_rpmb_soak_ufs(struct unit_test_state *uts)
{
	return soak(uts, &inject_ufs);
}
DM_TEST(dm_test_rpmb_soak_ufs, FLAGS);

static int dm_test_rpmb_soak_virtio(struct unit_test_state *uts)
{
	return soak(uts, &inject_virtio);
}
DM_TEST(dm_test_rpmb_soak_virtio, FLAGS);
