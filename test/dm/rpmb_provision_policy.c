// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of provisioning a device that boot policy goes by: what it has stored counts
 * at once, and not from the next reset on
 */

#include <dm.h>
#include <dm/test.h>
#include <rpmb-store.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
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
