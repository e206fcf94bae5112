// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A board with a device: it begins, loses power, and ends
 */

#include <console.h>
#include <dm.h>
#include <rpmb-policy.h>
#include <asm/rpmb.h>
#include <asm/state.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_inject.h"

void inject_save(struct inject_rig *rig, struct inject_image *image)
{
	image->state = rig->model->state;
	memcpy(image->data, rig->model->store.data, sizeof(image->data));
}

static void load(struct inject_rig *rig, const struct inject_image *image)
{
	rig->model->state = image->state;
	memcpy(rig->model->store.data, image->data, sizeof(image->data));
}

/* All that the board knows is lost */
static int forget(struct unit_test_state *uts, struct inject_rig *rig)
{
	ut_assertok(rpmb_conformance_setup(uts));
	sandbox_rpmb_set_closed(rig->closed);
	sandbox_rpmb_policy_reset();
	sandbox_rpmb_node_reset();

	return 0;
}

int inject_reboot(struct unit_test_state *uts, struct inject_rig *rig,
		  const struct inject_image *image)
{
	static struct inject_image now;

	if (!image) {
		inject_save(rig, &now);
		image = &now;
	}
	ut_assertok(rig->bus->unplug(uts, rig));
	ut_assertok(forget(uts, rig));
	ut_assertok(rig->bus->plug(uts, rig));
	ut_asserteq(INJECT_BLOCKS, rig->model->blocks);
	load(rig, image);
	rpmb_model_arm(rig->model, RPMB_MODEL_F_NONE, 0, 0, 1);
	rpmb_tap_arm(rig->tap, NULL);
	rig->model->tap = &rig->tap->hook;
	rig->model->keys_seen = 0;
	rig->lie = NULL;
	rig->from = 0;
	rig->base = 0;
	console_record_reset();

	return 0;
}

int inject_begin(struct unit_test_state *uts, struct inject_rig *rig,
		 const struct inject_bus *bus, struct rpmb_tap *tap)
{
	rig->bus = bus;
	rig->tap = tap;
	state_set_skip_delays(true);
	rpmb_tap_init(tap);
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assertok(bus->plug(uts, rig));
	ut_assertok(rpmb_conformance_set_policy(true, rig->name, 0));
	ut_assertok(forget(uts, rig));
	ut_assertok(rpmb_program_key(inject_ref(rig)));

	return 0;
}

int inject_end(struct unit_test_state *uts, struct inject_rig *rig)
{
	ut_assertok(rig->bus->unplug(uts, rig));
	ut_assertok(rpmb_conformance_set_policy(false, "sandbox0", 0));
	rig->closed = false;
	ut_assertok(forget(uts, rig));

	return 0;
}
