// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an operation leaves in memory when it is over: no key, nothing that is
 * as good as one
 */

#include <dm.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <dm/test.h>
#include <linux/compiler.h>
#include <mbedtls/md.h>
#include <rpmb/mac.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"

#define FLAGS		(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define RAM_KEY		RPMB_CONFORMANCE_KEY
#define DERIVED		0x100

/* The heap keeps its own notes at both ends of what is free */
#define NOTES		32

/* HMAC's padded keys, one block each */
#define PADS_SIZE	128

/* How far down the stack is looked at, in bytes; more than is ever wiped */
#define DEPTH		8192

static u8 data[RPMB_BLOCK_SIZE];

static bool is_zero(const void *buf, size_t len)
{
	const u8 *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

/* What was in a block of the heap that has just been freed */
static bool is_freed_zero(const void *block, size_t len)
{
	return is_zero(block + NOTES, len - 2 * NOTES);
}

/* Frames carry keys, data, and signatures that can be played again */
static int dm_test_rpmb_wipe_frames(struct unit_test_state *uts)
{
	static const int results[] = { 0, -EIO };
	struct rpmb_frame *frames;
	struct rpmb_client *cl;
	struct udevice *dev;
	size_t len;
	int i;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	for (i = 0; i < ARRAY_SIZE(results); i++) {
		ut_assertok(rpmb_op_begin(rpmb_ref(dev, 0, RPMB_KEY_NONE), 3, 0,
					  &cl));
		ut_asserteq(4, cl->nframes);
		len = cl->nframes * RPMB_FRAME_SIZE;
		frames = cl->frames;
		memset(frames, 0x5a, len);
		ut_asserteq(results[i], rpmb_op_end(dev, cl, results[i]));
		ut_assert(is_freed_zero(frames, len));
		ut_assertnull(cl->frames);
	}

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_frames, FLAGS);

/**
 * struct used_key - where a provider's key is while it is used
 *
 * @key:	its bytes
 * @mac:	context that it is loaded into
 * @pads:	the context's own memory
 */
struct used_key {
	const u8 *key;
	struct rpmb_mac *mac;
	void *pads;
};

static int use(struct unit_test_state *uts, struct rpmb_port *port,
	       struct used_key *used)
{
	ut_assertok(rpmb_key_get(port, DERIVED));
	used->key = port->key;
	used->mac = port->client.key;
	used->pads = used->mac->hmac.ctx.MBEDTLS_PRIVATE(hmac_ctx);
	ut_assert(!is_zero(used->key, RPMB_KEY_SIZE));
	ut_assert(used->mac->loaded);
	ut_assert(!is_freed_zero(used->pads, PADS_SIZE));

	return 0;
}

static int check_gone(struct unit_test_state *uts, const struct used_key *used)
{
	ut_assert(is_zero(used->key, RPMB_KEY_SIZE));
	ut_assert(is_zero(used->mac, sizeof(*used->mac)));

	return 0;
}

/* A key that can be made again is there while it is used, no longer */
static int dm_test_rpmb_wipe_key(struct unit_test_state *uts)
{
	struct rpmb_port *port;
	struct used_key used;
	struct udevice *dev;
	u8 kcv[RPMB_KCV_SIZE];
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	port = rpmb_get_port(dev, 0);
	ut_assertok(use(uts, port, &used));
	rpmb_key_put(port);
	ut_assertok(check_gone(uts, &used));
	ut_assert(is_freed_zero(used.pads, PADS_SIZE));
	ut_assertnull(port->key);

	ut_asserteq(-ENOKEY,
		    rpmb_get_write_count(rpmb_ref(dev, 0, DERIVED), &count));
	ut_assertok(check_gone(uts, &used));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_assertok(check_gone(uts, &used));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, DERIVED), 0, 1, data));
	ut_assertok(check_gone(uts, &used));
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, DERIVED), kcv));
	ut_assertok(check_gone(uts, &used));

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_key, FLAGS);

/* However early memory runs out: an error, and no key is left behind */
static int dm_test_rpmb_wipe_no_memory(struct unit_test_state *uts)
{
	struct rpmb_port *port;
	struct used_key used;
	struct udevice *dev;
	int allocs, ret;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	port = rpmb_get_port(dev, 0);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_assertok(use(uts, port, &used));
	rpmb_key_put(port);
	for (allocs = 0; allocs < 100; allocs++) {
		malloc_enable_testing(allocs);
		ret = rpmb_get_write_count(rpmb_ref(dev, 0, DERIVED), &count);
		malloc_disable_testing();
		ut_assertok(check_gone(uts, &used));
		if (ret != -ENOMEM)
			break;
	}
	ut_assertok(ret);
	/* the derivation, the key's context, the frames */
	ut_assert(allocs >= 5);

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_no_memory, FLAGS);

/* The words of a key, as it is and as HMAC pads it, in either byte order */
#define KEY_WORDS	(RPMB_KEY_SIZE / sizeof(u32))
static u32 traces[KEY_WORDS * 3 * 2];

static noinline void know_traces(const u8 key[RPMB_KEY_SIZE])
{
	static const u32 pads[] = { 0, 0x36363636, 0x5c5c5c5c };
	u32 word, *trace = traces;
	int i, j;

	for (i = 0; i < KEY_WORDS; i++) {
		memcpy(&word, key + i * sizeof(word), sizeof(word));
		for (j = 0; j < ARRAY_SIZE(pads); j++) {
			*trace++ = word ^ pads[j];
			*trace++ = swab32(word ^ pads[j]);
		}
	}
}

/*
 * Calls nothing, and has next to no frame: what functions have left where it
 * runs is there still
 */
static noinline int count_traces(void)
{
	const u8 *end = __builtin_frame_address(0);
	const u8 *p;
	int found = 0, i;

	for (p = end - DEPTH; p < end; p++)
		for (i = 0; i < ARRAY_SIZE(traces); i++)
			if (READ_ONCE(*(const u32 *)p) == traces[i])
				found++;
	return found;
}

/* As functions do that had a key in their hands, and less deep than a wipe */
static noinline void leave_traces(void)
{
	u32 left[2048 / sizeof(u32)];
	int i;

	for (i = 0; i < ARRAY_SIZE(left); i++)
		WRITE_ONCE(left[i], traces[i % ARRAY_SIZE(traces)]);
}

/* Whatever it was that left them */
static int dm_test_rpmb_wipe_stack_left(struct unit_test_state *uts)
{
	static u8 key[RPMB_KEY_SIZE];
	struct rpmb_port *port;
	struct udevice *dev;
	int left;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	port = rpmb_get_port(dev, 0);
	rpmb_conformance_key(RAM_KEY, key);
	know_traces(key);
	leave_traces();
	left = count_traces();
	ut_assert(left > 256);
	ut_assertok(rpmb_key_get(port, RPMB_KEY_NONE));
	leave_traces();
	rpmb_key_put(port);
	ut_asserteq(0, count_traces());
	leave_traces();
	ut_assertok(rpmb_key_add(RAM_KEY, key));
	ut_asserteq(0, count_traces());
	leave_traces();
	rpmb_key_wipe_all();
	ut_asserteq(0, count_traces());

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_stack_left, FLAGS);

/* Nothing of a key is left on the stack, though it is while it is used */
static int dm_test_rpmb_wipe_stack(struct unit_test_state *uts)
{
	struct rpmb_port *port;
	struct udevice *dev;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	port = rpmb_get_port(dev, 0);
	ut_assertok(rpmb_key_get(port, DERIVED));
	know_traces(port->key);
	rpmb_key_put(port);
	rpmb_wipe_stack();
	ut_asserteq(0, count_traces());

	ut_assertok(rpmb_key_get(port, DERIVED));
	ut_assert(count_traces() > 0);
	rpmb_key_put(port);
	ut_asserteq(0, count_traces());

	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_asserteq(0, count_traces());
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, DERIVED), 0, 1, data));
	ut_asserteq(0, count_traces());
	ut_assertok(rpmb_read_blocks(rpmb_ref(dev, 0, DERIVED), 0, 1, data));
	ut_asserteq(0, count_traces());
	ut_assertok(rpmb_get_write_count(rpmb_ref(dev, 0, DERIVED), &count));
	ut_asserteq(0, count_traces());

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_stack, FLAGS);

/* A RAM slot's key stays in its slot, and is nowhere else */
static int dm_test_rpmb_wipe_stack_ram(struct unit_test_state *uts)
{
	static u8 key[RPMB_KEY_SIZE];
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	rpmb_conformance_key(RAM_KEY, key);
	know_traces(key);
	ut_assertok(rpmb_key_add(RAM_KEY, key));
	ut_asserteq(0, count_traces());
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, RAM_KEY)));
	ut_asserteq(0, count_traces());
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, RAM_KEY), 0, 1, data));
	ut_asserteq(0, count_traces());
	rpmb_key_wipe_all();
	ut_asserteq(0, count_traces());

	return 0;
}
DM_TEST(dm_test_rpmb_wipe_stack_ram, FLAGS);
