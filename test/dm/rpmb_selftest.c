// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the self test: what it finds out of a device that lies, and what it says
 * where the device is not at fault
 */

#include <dm.h>
#include <rpmb-key.h>
#include <dm/test.h>
#include <rpmb/frame.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/rpmb_model.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define KEY	RPMB_CONFORMANCE_KEY
#define STEPS	12
#define BYTES	(4 * RPMB_BLOCK_SIZE)	/* that the self test works on */

/**
 * struct liar - a device that lies, by what stands in front of it
 *
 * @tap:	its place on the bus
 * @counter:	its next reply about the counter has another one
 * @accepts:	it says that it has executed a write that it has refused
 * @counts:	it counts a write that it says it has refused
 */
struct liar {
	struct rpmb_model_tap tap;
	bool counter;
	bool accepts;
	bool counts;
};

static int liar_put(struct rpmb_model_tap *tap, struct rpmb_model *m,
		    const u8 *frames, u32 count, bool reliable)
{
	return rpmb_model_take(m, frames, count, reliable);
}

static int liar_get(struct rpmb_model_tap *tap, struct rpmb_model *m,
		    u8 *frames, u32 count)
{
	struct liar *liar = container_of(tap, struct liar, tap);
	struct rpmb_frame *reply = (void *)frames;
	int ret = rpmb_model_answer(m, frames, count);
	u16 type = rpmb_get16(&reply->req_resp);

	if (!ret && liar->counter &&
	    type == RPMB_RESP(RPMB_REQ_GET_COUNTER)) {
		rpmb_put32(&reply->write_counter, m->state.counter + 1);
		liar->counter = false;
	}
	if (!ret && type == RPMB_RESP(RPMB_REQ_WRITE_DATA) &&
	    rpmb_get16(&reply->result)) {
		m->state.counter += liar->counts;
		if (liar->accepts)
			rpmb_put16(&reply->result, RPMB_RES_OK);
	}
	return ret;
}

/* What was reported: a letter for each step, and the status after the first failure */
static char steps[STEPS + 1];
static struct rpmb_status first;
static struct rpmb_ref ref;
static bool random_fails;

static void note(const char *what, int err)
{
	int n = strlen(steps);

	if (err && !strchr(steps, 'f'))
		first = *rpmb_get_status(ref.dev, ref.target);
	if (n < STEPS)
		steps[n] = err ? 'f' : 'p';
	/* the source fails for one step, the third */
	rpmb_nonces.stuck = random_fails && n == 1;
}

static int setup(struct unit_test_state *uts, struct rpmb_model **mp)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ref = rpmb_ref(dev, 0, KEY);
	ut_assertok(rpmb_program_key(ref));
	*mp = sandbox_rpmb_model(dev, 0);
	rpmb_conformance_fill((*mp)->store.data, BYTES, 7);
	memset(steps, 0, sizeof(steps));
	memset(&first, 0, sizeof(first));
	random_fails = false;

	return 0;
}

/* Just these steps pass and fail, and the blocks hold what they did */
static int check_steps(struct unit_test_state *uts, struct rpmb_model *m,
		       int err, const char *want)
{
	u8 before[BYTES];

	memcpy(before, m->store.data, sizeof(before));
	ut_asserteq(err, rpmb_selftest(ref, note));
	ut_asserteq_str(want, steps);
	ut_asserteq_mem(before, m->store.data, sizeof(before));

	return 0;
}

static int dm_test_rpmb_selftest_lies(struct unit_test_state *uts)
{
	static const struct {
		struct liar liar;
		const char *steps;
		enum rpmb_state state;
		bool writes;
	} rows[] = {
		{ { .counter = false }, "pppppppppppp", RPMB_STATE_CHANGED, true },
		/* what is not signed differs from what is: nothing is written */
		{ { .counter = true }, "f", RPMB_STATE_UNTOUCHED },
		/* a replay, forged MAC and data, a counter of the future */
		{ { .accepts = true }, "ppppppffffpp", RPMB_STATE_CHANGED, true },
		{ { .counts = true }, "ppppppffffpp", RPMB_STATE_CHANGED, true },
	};
	struct rpmb_model *m;
	struct liar liar;
	u32 writes;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(setup(uts, &m));
		liar = rows[i].liar;
		liar.tap.put = liar_put;
		liar.tap.get = liar_get;
		m->tap = &liar.tap;
		writes = m->writes;
		ut_assertok(check_steps(uts, m, i ? -EPROTO : 0, rows[i].steps));
		ut_asserteq(rows[i].writes, m->writes > writes);
		ut_asserteq(rows[i].state,
			    rpmb_get_status(ref.dev, ref.target)->state);
		m->tap = NULL;
		m->state.key_set = 0;
	}

	return 0;
}
DM_TEST(dm_test_rpmb_selftest_lies, FLAGS);

/* No random numbers for what is written: that is said, and not of the device */
static int dm_test_rpmb_selftest_random(struct unit_test_state *uts)
{
	struct rpmb_model *m;

	ut_assertok(setup(uts, &m));
	random_fails = true;
	ut_assertok(check_steps(uts, m, -EIO, "ppfffffffffp"));
	ut_asserteq(RPMB_FAULT_RNG, first.fault);
	ut_asserteq(RPMB_STATE_UNTOUCHED, first.state);
	ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(ref.dev, ref.target)->fault);

	return 0;
}
DM_TEST(dm_test_rpmb_selftest_random, FLAGS);
