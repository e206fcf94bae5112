// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of when the boot ratchet turns: before the first script, or where all
 * scripts are built in, before the prompt. Both builds run them.
 */

#include <dm.h>
#include <rpmb-key.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../model/rpmb_model.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define LOCKED	IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED)
#define FIT	RPMB_ROLLBACK_FIT
#define STORED	3

/* On an open board neither turns it: the prompt keeps its powers */
static int dm_test_rpmb_ratchet_open(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	rpmb_before_scripts();
	ut_asserteq(false, rpmb_is_ratcheted());
	ut_assertok(rpmb_policy_advance(FIT, STORED));
	rpmb_ratchet_prompt();
	ut_asserteq(false, rpmb_is_ratcheted());
	ut_assertok(rpmb_policy_advance(FIT, STORED + 1));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_open, FLAGS);

/* The ratchet has turned, and what was read before is all that there is */
static int check_turned(struct unit_test_state *uts, struct rpmb_model *m,
			u64 index)
{
	u32 reads = m->requests[RPMB_REQ_READ_DATA];

	ut_asserteq(true, rpmb_is_ratcheted());
	ut_assertok(rpmb_policy_check(FIT, index));
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, index - 1));
	ut_asserteq(-EKEYREVOKED, rpmb_policy_advance(FIT, index + 1));
	ut_asserteq(reads, m->requests[RPMB_REQ_READ_DATA]);

	return 0;
}

/*
 * Scripts that may be anybody's find no key. Those that are U-Boot's own may
 * commit; who sits at the prompt may not.
 */
static int dm_test_rpmb_ratchet_closed(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index = STORED;
	int commit;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, index));
	/* a script that uses no index leaves it to the prompt to read it */
	for (commit = 0; commit < 2; commit++) {
		rpmb_policy_reboot(true);
		rpmb_before_scripts();
		ut_asserteq(!LOCKED, rpmb_is_ratcheted());
		if (!LOCKED)
			ut_assertok(check_turned(uts, m, index));
		else if (commit)
			ut_assertok(rpmb_policy_advance(FIT, ++index));
		rpmb_ratchet_prompt();
		ut_assertok(check_turned(uts, m, index));
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_closed, FLAGS);

/*
 * A closed board whose unique key cannot be locked stops where the ratchet
 * turns. This ends sandbox, so scripts/ut judges what it has said by then.
 */
static int stop(struct unit_test_state *uts, bool hook)
{
	u8 huk[RPMB_HUK_MAX];

	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_conformance_fill(huk, sizeof(huk), 6);
	sandbox_rpmb_set_huk(huk, 32, SANDBOX_RPMB_LOCK_LIES);
	sandbox_rpmb_set_closed(true);
	sandbox_rpmb_set_hook(hook);
	rpmb_before_scripts();
	printf("scripts run\n");
	rpmb_ratchet_prompt();
	printf("a prompt comes\n");

	return 0;
}

static int dm_test_rpmb_ratchet_stops_norun(struct unit_test_state *uts)
{
	return stop(uts, true);
}
DM_TEST(dm_test_rpmb_ratchet_stops_norun, FLAGS | UTF_MANUAL);

/* The same on a board that is closed because nobody has said anything else */
static int dm_test_rpmb_ratchet_hookless_norun(struct unit_test_state *uts)
{
	return stop(uts, false);
}
DM_TEST(dm_test_rpmb_ratchet_hookless_norun, FLAGS | UTF_MANUAL);
