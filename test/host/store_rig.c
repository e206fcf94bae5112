// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tests of the stores share
 */

#include "host_test.h"
#include "store_rig.h"

static struct rpmb_frame held;
static u32 play_at;
static void (*watcher)(void);

void store_rig_start(struct client_rig *rig, enum rpmb_model_flavour flavour,
		     u32 blocks)
{
	client_rig_init_keyed(rig, flavour);
	memset(store_rig_block(rig, 0), 0, blocks * RPMB_BLOCK_SIZE);
}

u8 *store_rig_block(struct client_rig *rig, u32 number)
{
	return client_rig_block(rig, STORE_FIRST + number);
}

void store_rig_hold(struct client_rig *rig, enum store_hold hold,
		    u32 exchanges)
{
	rig->seen_cnt = 0;
	rig->seen_first = hold == STORE_HOLD_FIRST;
	if (hold == STORE_HOLD_LINK) {
		/* a request and a reply each, and the write's request */
		rig->cut = RIG_CUT_BEFORE;
		rig->cut_step = rig->step + 2 * exchanges + 1;
	} else {
		rpmb_model_arm(&rig->model, RPMB_MODEL_F_DROP_REQUEST, 3, 0,
			       100);
	}
}

void store_rig_held(struct client_rig *rig, enum store_hold hold)
{
	CHECK_EQ(rig->seen_cnt, 1);
	CHECK(hold != STORE_HOLD_LINK || rig->dead);
	held = rig->seen[0];
	rig->seen_first = false;
	rig->dead = false;
	rig->cut = RIG_CUT_NONE;
	rig->model.fault = RPMB_MODEL_F_NONE;
	if (hold == STORE_HOLD_REBOOT)
		client_rig_reboot(rig);
}

void store_rig_forge(struct client_rig *rig, void (*check)(int want))
{
	static const struct {
		enum rpmb_model_fault fault;
		int want;
	} cases[] = {
		{ RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT },
		{ RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT },
		{ RPMB_MODEL_F_REFUSE, -EIO },
		{ RPMB_MODEL_F_STALE_REPLY, -EPROTO },
		{ RPMB_MODEL_F_BAD_MAC, -EBADMSG },
		{ RPMB_MODEL_F_BAD_NONCE, -EPROTO },
		{ RPMB_MODEL_F_BAD_TYPE, -EPROTO },
		{ RPMB_MODEL_F_BAD_ADDRESS, -EPROTO },
		{ RPMB_MODEL_F_BAD_DATA, -EBADMSG },
		{ RPMB_MODEL_F_ZERO_REPLY, -EPROTO },
	};
	u32 i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rpmb_model_arm(&rig->model, cases[i].fault, 4, 0, 100);
		check(cases[i].want);
	}
	rig->model.fault = RPMB_MODEL_F_NONE;
}

static int play(struct client_rig *rig, const struct rpmb_frame *req,
		u32 req_cnt, struct rpmb_frame *resp, u32 resp_cnt)
{
	if (rig->exchanges == play_at)
		CHECK_EQ(rpmb_model_put(&rig->model, (u8 *)&held, 1, true), 0);
	if (watcher)
		watcher();
	return 0;
}

void store_rig_play(struct client_rig *rig, u32 after, void (*watch)(void))
{
	play_at = rig->exchanges + after;
	watcher = watch;
	rig->tamper = play;
}

void store_rig_swap(struct client_rig *rig, u32 skip, void (*watch)(void))
{
	rpmb_model_set_swap(&rig->model, (u8 *)&held, 1);
	rpmb_model_arm(&rig->model, RPMB_MODEL_F_SWAP_IN, 3, skip, 1);
	play_at = 0;
	watcher = watch;
	rig->tamper = play;
}

static bool cut_one(const struct store_drill *drill, u32 step, enum rig_cut cut)
{
	bool over;
	int ret;

	drill->start(step, cut, 0);
	drill->rig->cut = cut;
	drill->rig->cut_step = step;
	ret = drill->act();
	over = !drill->rig->dead;
	if (over != !ret)
		drill->fail("success without power, or none with it");
	client_rig_reboot(drill->rig);
	drill->again();
	client_rig_done(drill->rig);
	return !over;
}

void store_drill_cuts(const struct store_drill *drill, u32 steps)
{
	u32 cut, step;

	for (cut = RIG_CUT_BEFORE; cut < RIG_CUTS; cut++) {
		for (step = 1; cut_one(drill, step, cut);)
			step++;
		if (step != steps + 1)
			drill->fail("not that many steps");
	}
}

/* Of fault_one(): client_rig_each_fault() hands nothing on */
static const struct store_drill *drilled;

static bool fault_one(enum rpmb_model_fault fault, u32 skip, u32 times)
{
	bool struck;

	if (drilled->not_twice && times == 2)
		return false;
	drilled->start(skip, fault, times);
	client_rig_strike(drilled->rig, fault, skip, times);
	drilled->act();
	struck = client_rig_struck(drilled->rig, times);
	drilled->again();
	client_rig_done(drilled->rig);
	return struck;
}

void store_drill_faults(const struct store_drill *drill)
{
	drilled = drill;
	client_rig_each_fault(fault_one);
}
