// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of provisioning a device that boot policy goes by: it gets the key that policy
 * asks for, and what is stored counts at once, not from the next reset on
 */

#include <dm.h>
#include <dm/test.h>
#include <rpmb-store.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "rpmb_provision_rig.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)

static int dm_test_rpmb_provision_policy(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	m->state.key_set = 0;
	sandbox_rpmb_power_cycle(dev);
	/* nothing is protected yet, and this board is open */
	ut_assertok(rpmb_policy_check(LOC, 4));
	ut_asserteq(-ENOKEY, rpmb_policy_index(LOC, &index));
	manifest_any_sandbox(5);
	/* to look does not change what is known */
	ut_assertok(provision_run(true));
	ut_asserteq(-ENOKEY, rpmb_policy_index(LOC, &index));
	ut_assertok(provision_run(false));
	ut_asserteq(-EDOM, rpmb_policy_check(LOC, 4));
	ut_assertok(rpmb_policy_check(LOC, 5));
	manifest_any_sandbox(6);
	ut_assertok(provision_run(false));
	ut_asserteq(-EDOM, rpmb_policy_check(LOC, 5));
	ut_assertok(rpmb_policy_check(LOC, 6));

	/* also where it has come to a bad end: the index may be stored */
	manifest_any_sandbox(7);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_GET_COUNTER, 2, 99);
	ut_asserteq(-ETIMEDOUT, provision_run(false));
	ut_asserteq_str("record failed-write", provision_last_told());
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_asserteq(-EDOM, rpmb_policy_check(LOC, 6));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_provision_policy, FLAGS);

/* What is programmed is what this board's boot policy will ask for */
static int dm_test_rpmb_provision_policy_key(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	ofnode node = rpmb_conformance_node();

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(rpmb_conformance_set_policy(true, dev->name, 0));
	ut_assertok(ofnode_write_u32(node, "key-id", DERIVED + 1));
	sandbox_rpmb_node_reset();
	ut_asserteq(-EKEYREJECTED, provision_run(true));
	ut_asserteq(-EKEYREJECTED, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key refused-policy-key");
	ut_asserteq(0, m->keys_seen);

	/* the policy of another target, or with this key, is none of its business */
	ut_assertok(rpmb_conformance_set_policy(true, dev->name, 1));
	sandbox_rpmb_node_reset();
	ut_assertok(provision_run(true));
	ut_assertok(rpmb_conformance_set_policy(true, "sandbox1", 0));
	sandbox_rpmb_node_reset();
	ut_assertok(provision_run(true));
	ut_assertok(rpmb_conformance_set_policy(true, dev->name, 0));
	ut_assertok(ofnode_write_u32(node, "key-id", DERIVED));
	sandbox_rpmb_node_reset();
	ut_assertok(provision_run(false));
	ut_asserteq(1, m->keys_seen);
	ut_assertok(rpmb_conformance_set_policy(false, dev->name, 0));
	sandbox_rpmb_node_reset();

	return 0;
}
DM_TEST(dm_test_rpmb_provision_policy_key, FLAGS);
