// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: requests into the model's engine
 *
 * Nothing but a request that is signed may change what a device holds that has
 * a key.
 */

#include <stdlib.h>
#include "../model/rpmb_model_frame.h"
#include "fuzz_input.h"

#define FRAME		RPMB_MODEL_FRAME
#define MOST_FRAMES	40
#define MOST_OPS	12

static const u8 key[32] = { 0x5a, 1, 2, 3 };
static struct fuzz_input in;
static struct rpmb_model model;
static u8 swap[2 * FRAME];

static void fill_frame(u8 *f, u8 how, u32 count)
{
	memset(f, 0, FRAME);
	if (how & 1) {
		fuzz_bytes(&in, f + AT_MAC, 48);
		fuzz_bytes(&in, f + AT_NONCE, FRAME - AT_NONCE);
		return;
	}
	fuzz_bytes(&in, f + AT_DATA, 4);
	put32(f, AT_COUNTER, model.state.counter - (how >> 7));
	put16(f, AT_ADDR, fuzz_pick(&in, 64));
	put16(f, AT_COUNT, count);
	put16(f, AT_TYPE, how & 2 ? T_WRITE : fuzz_pick(&in, 10));
}

/* Return: whether the device may take it */
static bool put(u8 how)
{
	u32 i, count = fuzz_pick(&in, how & 4 ? MOST_FRAMES : 4);
	u8 *req = malloc(count * FRAME + !count);
	bool is_signed = how & 8 && count;

	for (i = 0; i < count; i++)
		fill_frame(req + i * FRAME, how, count);
	if (is_signed)
		rpmb_model_hmac(key, req, count,
				req + (count - 1) * FRAME + AT_MAC);
	rpmb_model_put(&model, req, count, how & 0x10);
	free(req);
	return is_signed;
}

static void get(void)
{
	u32 count = fuzz_pick(&in, MOST_FRAMES);
	u8 *resp = malloc(count * FRAME + !count);

	rpmb_model_get(&model, resp, count);
	free(resp);
}

static void arm(void)
{
	u32 fault = fuzz_pick(&in, RPMB_MODEL_F_SAYS_NO_KEY + 1);

	rpmb_model_arm(&model, fault, fuzz_pick(&in, 8), fuzz_pick(&in, 2),
		       1 + fuzz_pick(&in, 2));
}

static bool act(u8 how)
{
	switch (how >> 5 & 3) {
	case 0:
	case 1:
		return put(how);
	case 2:
		get();
		return false;
	default:
		if (how & 1)
			arm();
		else
			rpmb_model_power_up(&model);
		return false;
	}
}

static void begin(u8 how)
{
	memset(&model, 0, sizeof(model));
	model.flavour = how % 3;
	model.blocks = 1 + fuzz_pick(&in, 64);
	model.max_wr = fuzz_pick(&in, 3);
	model.max_rd = fuzz_pick(&in, 3);
	model.quirks = fuzz_u8(&in);
	model.state.key_set = !!(how & 0x80);
	memcpy(model.state.key, key, sizeof(key));
	model.state.counter = how & 0x40 ? 0xfffffffe : 7;
	model.store.data = calloc(model.blocks, RPMB_MODEL_BLOCK);
	rpmb_model_set_swap(&model, swap, 1 + (how >> 4 & 1));
	rpmb_model_power_up(&model);
}

static void check(u8 how)
{
	struct rpmb_model_state before = model.state;
	u32 size = model.blocks * RPMB_MODEL_BLOCK;
	u8 *data = malloc(size);

	memcpy(data, model.store.data, size);
	if (!act(how) && before.key_set) {
		fuzz_must(!memcmp(&before, &model.state, sizeof(before)));
		fuzz_must(!memcmp(data, model.store.data, size));
	}
	free(data);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 n;

	in = (struct fuzz_input){ data, size };
	begin(fuzz_u8(&in));
	for (n = 0; in.left && n < MOST_OPS; n++)
		check(fuzz_u8(&in));
	free(model.store.data);
	return 0;
}
