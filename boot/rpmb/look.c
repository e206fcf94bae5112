// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Check device trees that nobody has verified before they are read
 *
 * U-Boot's own files call these functions before they read such a tree. With
 * the policy off they allow everything.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <image.h>
#include <mapmem.h>
#include <asm/global_data.h>
#include <linux/errno.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <rpmb/look.h>
#include "policy-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#ifdef CONFIG_XPL_BUILD
/* Size of the memory that SPL reads a FIT to: see Kconfig */
static ulong room(const void *tree)
{
	return CONFIG_SPL_RPMB_FIT_MAX_SIZE;
}

static int refuse(const void *fit, ulong size, int err)
{
	return err;
}
#else
/* Bytes of RAM from there on; no limit is known for other memory */
static ulong room(const void *tree)
{
	u64 at = map_to_sysmem(tree), first = gd->ram_base;

	if (at < first || at - first >= gd->ram_size)
		return INT_MAX;
	return min_t(u64, gd->ram_size - (at - first), INT_MAX);
}

/* bootm also asks whether the operating system's tree is a FIT */
static bool is_for_os(const void *fit, ulong size)
{
	u32 steps;

	return !rpmb_look(fit, size, &rpmb_look_os, &steps) &&
	       fdt_path_offset(fit, FIT_IMAGES_PATH) < 0;
}

static int refuse(const void *fit, ulong size, int err)
{
	if (is_for_os(fit, size))
		return err;
	if ((ulong)fit % rpmb_look_fit.align) {
		rpmb_fit_refuse(RPMB_FIT_UNALIGNED, NULL);
		return err;
	}
	rpmb_fit_refuse(err == -E2BIG ? RPMB_FIT_TOO_MUCH : RPMB_FIT_UNSOUND,
			NULL);
	return err;
}
#endif

int rpmb_fit_look(const void *fit, ulong size)
{
	u32 steps;
	int ret;

	/* callers try other formats if there is no tree at all */
	if (!rpmb_policy_is_on() || fdt_magic(fit) != FDT_MAGIC)
		return 0;
	size = min(size, room(fit));
	ret = rpmb_look(fit, size, &rpmb_look_fit, &steps);
	return ret ? refuse(fit, size, ret) : 0;
}

#ifndef CONFIG_XPL_BUILD
int rpmb_fdt_look(const void *fdt, ulong size)
{
	u32 steps;

	if (!rpmb_policy_is_on() ||
	    !rpmb_look(fdt, min(size, room(fdt)), &rpmb_look_os, &steps))
		return 0;
	return rpmb_fit_refuse(RPMB_FIT_UNSOUND_TREE, NULL);
}
#endif
