// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The order of things at start: what is done before the first script, and when
 * the boot ratchet turns
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <rpmb-key.h>
#include <stdio.h>
#include <rpmb-hooks.h>
#include "policy-internal.h"

/* @last_chance: the keys are going to be wiped, read what needs them */
static void prepare(bool last_chance)
{
	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK_POLICY))
		rpmb_policy_prepare(last_chance);
}

/* On a closed board whatever follows may be an attacker's, scripts first */
void rpmb_before_scripts(void)
{
	bool closed;

	rpmb_start_announce();
	if (IS_ENABLED(CONFIG_RPMB_TEST_KEY))
		printf("WARNING: this U-Boot has the RPMB TEST KEY, which all the world knows: NOT FOR PRODUCTION\n");
	/* first: a token may open the board, or set an index */
	if (IS_ENABLED(CONFIG_RPMB_SERVICE_TOKEN))
		rpmb_token_boot();
	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK_POLICY) &&
	    IS_ENABLED(CONFIG_CMDLINE))
		rpmb_commit_boot();
	/* with CONFIG_RPMB_ROLLBACK_LOCKED all scripts are built in */
	closed = !rpmb_gate_is_open() &&
		!IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED);
	prepare(closed);
	if (closed)
		rpmb_ratchet();
}

void rpmb_ratchet_prompt(void)
{
	if (rpmb_gate_is_open() || rpmb_is_ratcheted())
		return;
	prepare(true);
	rpmb_ratchet();
}
