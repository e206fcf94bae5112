// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model: requests from somebody who has no key, or no manners
 *
 * Nothing but a rightly signed write may change what it holds. RPMB_TEST_SEEDS
 * sets the number of runs.
 */

#include "host_test.h"
#include "model_rig.h"

#define ROUNDS	80

static struct model_rig rig;
static u8 before[sizeof(rig.data)];

/* Right requests and random ones; a write is signed, but then spoilt */
static u32 make_request(void)
{
	u32 count = 1 + pick(4);
	u32 at;

	switch (pick(4)) {
	case 0:
		host_test_fill(rig.req, sizeof(rig.req));
		rig.req[510] = 0;
		rig.req[511] = pick(10);
		return pick(RIG_FRAMES + 1);
	case 1:
		rig_make_read(&rig, pick(2 * RIG_BLOCKS), pick(70), 1);
		return 1;
	default:
		rig_make_write(&rig, pick(2 * RIG_BLOCKS), count,
			       rig.model.state.counter, 1);
		at = 228 + pick(RPMB_MODEL_FRAME - 228);
		rig.req[pick(count) * RPMB_MODEL_FRAME + at] ^= 1 << pick(8);
		return count;
	}
}

static void fuzz_round(void)
{
	u32 count = make_request();
	u32 want = pick(RIG_FRAMES + 1);

	if (rpmb_model_put(&rig.model, rig.req, count, pick(2)))
		return;
	if (pick(2)) {
		memset(rig.req, 0, RPMB_MODEL_FRAME);
		rig.req[511] = 5;
		rig.req[507] = pick(2);
		rpmb_model_put(&rig.model, rig.req, 1, pick(2));
	}
	rpmb_model_get(&rig.model, rig.raw, want);
	if (!pick(10))
		rpmb_model_get(&rig.model, rig.raw, want);
}

HOST_TEST_RUNS(model_fuzz, 100)
{
	struct rpmb_model_state state;
	u32 i;

	rig_init_keyed(&rig, pick(3));
	rig.model.max_rd = pick(2) * 8;
	memcpy(before, rig.data, sizeof(before));
	state = rig.model.state;
	for (i = 0; i < ROUNDS; i++) {
		rpmb_model_arm(&rig.model, pick(18), pick(7), 0, 1);
		if (rig.model.fault == RPMB_MODEL_F_SWAP_IN)
			rig.model.fault = RPMB_MODEL_F_NONE;
		fuzz_round();
	}
	CHECK_MEM(rig.data, before, sizeof(before));
	CHECK_MEM(&rig.model.state, &state, sizeof(state));
}
