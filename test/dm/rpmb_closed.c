// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of all that says that the board is closed: a board without a hook, which
 * nobody has closed, is told from one that is
 *
 * Three more are elsewhere: a closed board that stops where its ratchet turns
 * (rpmb_ratchet.c), a manifest (rpmb_provision.c) and 'mmc rpmb' (rpmb_mmc.c).
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include <mapmem.h>
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

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define WANT	", for want of a hook board_rpmb_is_open()"

static int run(const char *cmd)
{
	return run_command(cmd, 0);
}

static int resize(const char *cmd)
{
	return !rpmb_may_resize();
}

static int add_key(const char *cmd)
{
	rpmb_conformance_fill(map_sysmem(0x10000, RPMB_KEY_SIZE),
			      RPMB_KEY_SIZE, 1);
	return run(cmd);
}

static int unlock(const char *cmd)
{
	return !!rpmb_avb_set_unlocked(true);
}

static int check_index(const char *cmd)
{
	return !!rpmb_policy_check(RPMB_ROLLBACK_FIT, 1);
}

/**
 * struct row - something that is refused on a closed board
 *
 * @act:	does it
 * @cmd:	for @act
 * @said:	what is said of a closed board, up to where the want of a hook
 *		has its place
 * @line:	what is said of a board without a hook, if that is another line
 */
static const struct row {
	int (*act)(const char *cmd);
	const char *cmd;
	const char *said;
	const char *line;
} rows[] = {
	{ run, "rpmb get-info", "board:  closed", NULL },
	{ add_key, "rpmb key add 3 10000", "rpmb key add: the board is closed",
	  NULL },
	{ run, "rpmb rollback advance 100 1",
	  "rpmb rollback advance: the board is closed", NULL },
	{ resize, NULL, "rpmb: this board is closed", NULL },
	{ unlock, NULL, "  device: sandbox0:0, key 0x100: this board is closed",
	  NULL },
	{ run, "rpmb write-blocks 1 10000 0 1",
	  "rpmb write-blocks sandbox0:0: the board is closed",
	  "  board: closed" },
	{ run, "rpmb program-key -y 1",
	  "rpmb program-key sandbox0:0: the board is closed",
	  "  board: closed" },
	{ run, "rpmb selftest 1",
	  "rpmb selftest sandbox0:0: the board is closed",
	  "  board: closed" },
	{ check_index, NULL, "rollback: REFUSED: no rollback index has ever",
	  "  board: closed" },
};

/* Do it. Return: 0 if all is said that must be, and no more of a hook */
static int check_row(struct unit_test_state *uts, const struct row *r, bool hook)
{
	char want[120];
	bool said = false, why = false;

	snprintf(want, sizeof(want), "%s%s", r->line ?: r->said, WANT);
	console_record_reset();
	ut_asserteq(strncmp(r->said, "board:", 6) ? 1 : 0, r->act(r->cmd));
	while (console_record_readline(uts->actual_str,
				       sizeof(uts->actual_str)) >= 0) {
		said |= !strncmp(uts->actual_str, r->said, strlen(r->said));
		why |= !strncmp(uts->actual_str, want, strlen(want));
		ut_assert(!hook || !strstr(uts->actual_str, WANT));
	}
	ut_assertf(said, "%s\n", r->said);
	ut_assertf(why == !hook, "%s\n", want);

	return 0;
}

static int dm_test_rpmb_closed_words(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int i, hook;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(run_command("rpmb dev sandbox0:0", 0));
	for (hook = 1; hook >= 0; hook--) {
		rpmb_policy_reboot(true);
		sandbox_rpmb_set_hook(hook);
		for (i = 0; i < ARRAY_SIZE(rows); i++)
			ut_assertok(check_row(uts, &rows[i], hook));
	}
	sandbox_rpmb_set_hook(true);
	/* an open board says nothing of the kind */
	rpmb_policy_reboot(false);
	console_record_reset();
	ut_assert(rpmb_may_resize());
	ut_assert_console_end();
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_closed_words, FLAGS);
