// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decide whether code may be started: if there is a policy, only what it let
 * pass
 *
 * This file is part of every U-Boot with RPMB. If there is a policy, and U-Boot
 * was built without the check, it starts nothing.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <android_image.h>
#include <image.h>
#include <stdio.h>
#include <linux/errno.h>
#include <rpmb-hooks.h>
#include "policy-internal.h"

/* bootm has verified all of it, and hands over */
static bool passed;
/* The keys are still there, and a command may read data from the disk */
static bool suspended;

static bool policy_is_on(void)
{
	struct rpmb_policy p;

	return rpmb_node_get(&p) != -ENOENT ||
	       IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED);
}

/* The first option that this U-Boot would need to check a FIT */
static const char *missing_option(void)
{
	if (!IS_ENABLED(CONFIG_RPMB_ROLLBACK))
		return "CONFIG_RPMB_ROLLBACK";
	if (!IS_ENABLED(CONFIG_RPMB_ROLLBACK_FIT))
		return "CONFIG_RPMB_ROLLBACK_FIT";
	return NULL;
}

static int refuse(const char *what, const char *state, const char *advice)
{
	printf("\nrollback: REFUSED: %s\n  image: %s; device: not asked\n  advice: %s\n",
	       what, state, advice);
	return -EACCES;
}

/* Check what forbids to start anything, even a signed FIT */
static int check_all(void)
{
	if (suspended && IS_ENABLED(CONFIG_RPMB_ROLLBACK_POLICY))
		return refuse("nothing is started before the commit is over",
			      "not looked at",
			      "take it out of CONFIG_RPMB_ROLLBACK_COMMIT_CMD");
	if (!missing_option())
		return 0;
	printf("\nrollback: REFUSED: this U-Boot has no rollback check: %s is off\n"
	       "  image: not looked at; device: not asked\n"
	       "  advice: build U-Boot with it, see doc/usage/rpmb/rollback.rst; or take the policy's node out of the control FDT\n",
	       missing_option());
	return -EACCES;
}

int rpmb_start_check(const char *what)
{
	int ret;

	if (!policy_is_on())
		return 0;
	ret = check_all();
	if (missing_option() || ret)
		return ret;
	if (passed) {
		passed = false;
		return 0;
	}
	printf("\nrollback: REFUSED: '%s' starts what no signature covers\n"
	       "  image: not verified, of unknown age; device: not asked\n"
	       "  advice: put it into a signed FIT and use bootm <addr>#<conf>\n",
	       what);
	return -EACCES;
}

/* Steps that only find images, and change none */
#define LOOKING	(BOOTM_STATE_START | BOOTM_STATE_PRE_LOAD | \
		 BOOTM_STATE_FINDOS | BOOTM_STATE_FINDOTHER)

int rpmb_start_check_steps(int states)
{
	int ret;

	if (!policy_is_on())
		return 0;
	ret = check_all();
	if (missing_option() || ret || states & BOOTM_STATE_START ||
	    !(states & ~LOOKING))
		return ret;
	return refuse("this U-Boot does not boot step by step",
		      "perhaps not the one that was verified",
		      "use bootm <addr>#<conf>");
}

int rpmb_start_check_boot(const struct bootm_headers *images, int states)
{
	int ret;

	if (!policy_is_on() || !(states & ~LOOKING))
		return 0;
	ret = check_all();
	if (ret)
		return ret;
	if (!images->fit_hdr_os)
		return refuse("what is to be booted is not from a FIT",
			      "not verified", "use bootm <addr>#<conf>");
	if (images->rd_start != images->rd_end && !images->fit_hdr_rd)
		return refuse("the ramdisk is not from a FIT", "not verified",
			      "put it into the signed configuration");
	if (images->ft_len && !images->fit_hdr_fdt)
		return refuse("the device tree is not from a FIT",
			      "not verified",
			      "put it into the signed configuration");
	return 0;
}

int rpmb_start_check_format(const void *img)
{
	bool is_old = image_get_magic(img) == IH_MAGIC;
	int ret;

	if ((!is_old && memcmp(img, ANDR_BOOT_MAGIC, ANDR_BOOT_MAGIC_SIZE) &&
	     memcmp(img, VENDOR_BOOT_MAGIC, ANDR_VENDOR_BOOT_MAGIC_SIZE)) ||
	    !policy_is_on())
		return 0;
	ret = check_all();
	if (ret)
		return ret;
	return refuse(is_old ? "an image in the old format has no signature" :
			       "an Android image has no signature of a FIT",
		      "not verified", "put its parts into a signed FIT");
}

int rpmb_start_check_script(void)
{
	return policy_is_on() ? check_all() : 0;
}

void rpmb_start_pass(bool pass)
{
	passed = pass;
}

void rpmb_start_suspend(bool suspend)
{
	suspended = suspend;
}

void rpmb_start_announce(void)
{
	static const char bar[] =
		"*************************************************************";

	if (!policy_is_on() || !missing_option())
		return;
	printf("\n%s\n* THIS U-BOOT STARTS NOTHING: %s is off\n"
	       "* The control FDT has a rollback policy that nothing here checks.\n"
	       "* See doc/usage/rpmb/rollback.rst.\n%s\n",
	       bar, missing_option(), bar);
}
