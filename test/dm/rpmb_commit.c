// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the commit before the first script: whatever becomes of its commands, the
 * environment is what it was, and U-Boot goes on
 *
 * The commands are those of configs/rpmb_sandbox_defconfig. The first of them fails if
 * there is a word at FAILS, the last would change a variable.
 */

#include <console.h>
#include <dm.h>
#include <env.h>
#include <image.h>
#include <malloc.h>
#include <mapmem.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_policy.h"
#include "../../boot/rpmb/policy-internal.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define FAILS	0x7f00000
#define NAME	"rpmb_commit_test"

/* Run the commands; what they did to the environment is gone */
static int commit(struct unit_test_state *uts, int allocs)
{
	ulong addr = image_load_addr;

	console_record_reset();
	malloc_enable_testing(allocs);
	rpmb_commit_boot();
	malloc_disable_testing();
	ut_asserteq(addr, image_load_addr);
	ut_asserteq_str("before", env_get(NAME));
	ut_assertok(rpmb_start_check_script());

	return 0;
}

static int check_failed(struct unit_test_state *uts, int err)
{
	ut_assert_nextline("rollback: CONFIG_RPMB_ROLLBACK_COMMIT_CMD failed (%d)",
			   err);
	ut_assert_nextlinen("  device: ");
	ut_assert_nextlinen("  advice: ");
	ut_assert_console_end();

	return 0;
}

static int dm_test_rpmb_commit_boot(struct unit_test_state *uts)
{
	u32 *fails = map_sysmem(FAILS, sizeof(*fails));
	struct rpmb_model *m;
	struct udevice *dev;
	int allocs;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(env_set(NAME, "before"));
	image_load_addr++;
	*fails = 0;
	ut_assertok(commit(uts, INT_MAX));
	ut_assert_console_end();
	*fails = 1;
	ut_assertok(commit(uts, INT_MAX));
	ut_assertok(check_failed(uts, 1));
	*fails = 0;
	/* for a copy of the commands, for the environment; commands have others */
	for (allocs = 0; allocs < 2; allocs++) {
		ut_assertok(commit(uts, allocs));
		ut_assertok(check_failed(uts, -ENOMEM));
	}
	/* without a policy there is nothing to commit */
	rpmb_policy_teardown();
	*fails = 1;
	ut_assertok(commit(uts, INT_MAX));
	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED))
		ut_assertok(check_failed(uts, 1));
	ut_assert_console_end();
	*fails = 0;
	image_load_addr--;
	ut_assertok(env_set(NAME, NULL));

	return 0;
}
DM_TEST(dm_test_rpmb_commit_boot, FLAGS);
