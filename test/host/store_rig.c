// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tests of the stores share
 */

#include "host_test.h"
#include "store_rig.h"

struct store_case store_case;
static struct rpmb_frame held[RIG_FRAMES];
static u32 held_cnt;
static u32 play_at;
static void (*watcher)(void);

void store_rig_fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__, "at %u, way %u, %u: %s",
		       store_case.at, store_case.how, store_case.more, why);
}

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
	CHECK(rig->seen_cnt);
	CHECK(hold != STORE_HOLD_LINK || rig->dead);
	held_cnt = rig->seen_cnt;
	memcpy(held, rig->seen, held_cnt * RPMB_FRAME_SIZE);
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

	for (i = 0; i < COUNT(cases); i++) {
		rpmb_model_arm(&rig->model, cases[i].fault, 4, 0, 100);
		check(cases[i].want);
	}
	rig->model.fault = RPMB_MODEL_F_NONE;
}

void store_rig_bus_errors(struct client_rig *rig, void (*check)(int want))
{
	static const struct {
		int bus, want;
	} cases[] = {
		{ -ENOENT, -EIO }, { -ENODATA, -EIO },
		{ -EREMOTEIO, -EREMOTEIO },
	};
	u32 i;

	for (i = 0; i < COUNT(cases); i++) {
		client_rig_fail_from(rig, RPMB_REQ_READ_DATA, cases[i].bus);
		check(cases[i].want);
	}
}

void store_rig_keys(struct client_rig *rig, void (*check)(int want))
{
	static const u8 other[RPMB_KEY_SIZE] = { 7 };

	client_rig_reboot(rig);
	CHECK_EQ(rpmb_mac_load(&rig->mac, other), 0);
	check(-EBADMSG);
	rpmb_mac_unload(&rig->mac);
	check(-EINVAL);
	CHECK_EQ(rpmb_mac_load(&rig->mac, client_rig_key), 0);
	rig->model.state.key_set = 0;
	check(-ENOKEY);
	rig->model.state.key_set = 1;
	rig->dead = true;
	check(-ETIMEDOUT);
	rig->dead = false;
}

void store_rig_bus_error(struct client_rig *rig)
{
	rpmb_client_forget(&rig->cl);
	client_rig_fail_from(rig, 2 + host_test_case / 2 % 3,
			     host_test_case % 2 ? -ENODATA : -ENOENT);
}

static int play(struct client_rig *rig, const struct rpmb_frames *f)
{
	if (rig->exchanges == play_at)
		CHECK_EQ(rpmb_model_put(&rig->model, (u8 *)held, held_cnt, true),
			 0);
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
	rpmb_model_set_swap(&rig->model, (u8 *)held, held_cnt);
	rpmb_model_arm(&rig->model, RPMB_MODEL_F_SWAP_IN, 3, skip, 1);
	play_at = 0;
	watcher = watch;
	rig->tamper = play;
}

static bool cut_one(const struct store_drill *drill, u32 step, enum rig_cut cut)
{
	bool over;
	int ret;

	store_case = (struct store_case){ step, cut, 0 };
	drill->start();
	drill->rig->cut = cut;
	drill->rig->cut_step = step;
	ret = drill->act();
	over = !drill->rig->dead;
	if (over != !ret)
		store_rig_fail("success without power, or none with it");
	client_rig_reboot(drill->rig);
	drill->again();
	return !over;
}

void store_drill_cuts(const struct store_drill *drill, u32 steps)
{
	u32 cut, step;

	for (cut = RIG_CUT_BEFORE; cut < RIG_CUTS; cut++) {
		for (step = 1; cut_one(drill, step, cut);)
			step++;
		if (steps && step != steps + 1)
			store_rig_fail("not that many steps");
	}
}

/* Of fault_one(): client_rig_each_fault() hands nothing on */
static const struct store_drill *drilled;

static bool fault_one(enum rpmb_model_fault fault, u32 skip, u32 times)
{
	bool struck;

	if (drilled->not_twice && times == 2)
		return false;
	store_case = (struct store_case){ skip, fault, times };
	drilled->start();
	client_rig_strike(drilled->rig, fault, skip, times);
	drilled->act();
	struck = client_rig_struck(drilled->rig, times);
	drilled->again();
	return struck;
}

void store_drill_faults(const struct store_drill *drill)
{
	drilled = drill;
	client_rig_each_fault(fault_one);
}

void store_drill_replays(const struct store_drill *drill, void (*record)(void),
			 u32 replies, u32 exchanges)
{
	u32 i;

	for (i = 0; i < replies * exchanges; i++) {
		store_case = (struct store_case){
			1 + i % exchanges, 1 + i / exchanges, 0
		};
		drill->start();
		client_rig_record(drill->rig, drill->watch);
		record();
		client_rig_replay(drill->rig, store_case.how, store_case.at);
		drill->act();
		client_rig_replay(drill->rig, 0, 0);
		drill->again();
	}
}

void store_drill_played(const struct store_played *played)
{
	u32 i, hold;

	for (hold = 0; hold < STORE_HOLDS; hold++)
		for (i = 0; i < played->swaps + played->plays; i++) {
			store_case.at = i;
			store_case.how = hold;
			played->hold(hold);
			if (i < played->swaps)
				store_rig_swap(played->rig, i, played->watch);
			else
				store_rig_play(played->rig, i - played->swaps,
					       played->watch);
			played->check();
		}
}
