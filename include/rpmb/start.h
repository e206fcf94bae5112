/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May code be started? Nothing that the rollback policy has not let pass
 *
 * U-Boot's own files include this one, mkimage is built from some of them, and
 * builds without RPMB as well: it must need nothing of the stack. All of it is
 * there with every CONFIG_RPMB: a U-Boot that has no check must know that it
 * has none.
 */

#ifndef _RPMB_START_H
#define _RPMB_START_H

#ifndef USE_HOSTCC	/* mkimage starts nothing */
#include <linux/kconfig.h>
#include <linux/types.h>

struct bootm_headers;

#if !defined(CONFIG_XPL_BUILD) && CONFIG_IS_ENABLED(RPMB)
/**
 * rpmb_start_check() - may code be started that came from anywhere?
 *
 * To be asked wherever code gets to run, but for bootm, before anything is
 * copied to its place. Without a node for the policy always yes; with it only
 * if bootm hands over, once, to what it has verified. Says why not.
 *
 * @what:	the command, or another word for what is to be started
 * Return: 0; -EACCES
 */
int rpmb_start_check(const char *what);

/**
 * rpmb_start_check_steps() - may bootm go through these steps at all?
 *
 * To be asked before the first of them: what was checked must not be changed
 * between two commands. Says why not.
 *
 * @states:	BOOTM_STATE_... that are gone through in one go
 * Return: 0; -EACCES
 */
int rpmb_start_check_steps(int states);

/**
 * rpmb_start_check_boot() - may what bootm has found be loaded and started?
 *
 * To be asked before anything is copied to its place. What came from a FIT was
 * checked when it was found; with the policy on nothing may have come from
 * elsewhere. Says why not.
 *
 * @images:	kernel, ramdisk and device tree
 * @states:	BOOTM_STATE_... that are gone through in one go
 * Return: 0; -EACCES
 */
int rpmb_start_check_boot(const struct bootm_headers *images, int states);

/**
 * rpmb_start_check_format() - may an image be used that is no FIT?
 *
 * Images in the old format and Android images have no signature that could be
 * checked here, and are believed when they say where their parts go. Says why
 * not.
 *
 * @img:	image, which may be anything
 * Return: 0; -EACCES
 */
int rpmb_start_check_format(const void *img);

/**
 * rpmb_start_check_script() - may 'source' look at what is there?
 *
 * A script of a FIT is checked afterwards, by rpmb_fit_check(). Says why not.
 *
 * Return: 0; -EACCES this U-Boot has no such check
 */
int rpmb_start_check_script(void);

/**
 * rpmb_start_pass() - bootm hands over to what it has verified
 *
 * @pass:	true: the next rpmb_start_check() says yes; false: none does
 */
void rpmb_start_pass(bool pass);

/** rpmb_start_announce() - at the start: say that this U-Boot has no check */
void rpmb_start_announce(void);

/**
 * rpmb_start_suspend() - start nothing at all for a while
 *
 * @suspend:	true while a command runs that has keys
 */
void rpmb_start_suspend(bool suspend);
#else
static inline int rpmb_start_check(const char *what)
{
	return 0;
}

static inline int rpmb_start_check_steps(int states)
{
	return 0;
}

static inline int rpmb_start_check_boot(const struct bootm_headers *images,
					int states)
{
	return 0;
}

static inline int rpmb_start_check_format(const void *img)
{
	return 0;
}

static inline int rpmb_start_check_script(void)
{
	return 0;
}

static inline void rpmb_start_pass(bool pass)
{
}
#endif

#ifdef CONFIG_XPL_BUILD
#include <linux/libfdt.h>

/**
 * rpmb_start_xpl_refuses() - has this phase a policy, and no check?
 *
 * @fdt:	its control tree
 * Return: true if it must not jump to what it has loaded
 */
static inline bool rpmb_start_xpl_refuses(const void *fdt)
{
	return IS_ENABLED(CONFIG_RPMB) && CONFIG_IS_ENABLED(OF_REAL) &&
	       !CONFIG_IS_ENABLED(RPMB_ROLLBACK_FIT) &&
	       fdt_node_offset_by_compatible(fdt, -1,
					     "u-boot,rpmb-rollback") >= 0;
}
#endif

#endif /* !USE_HOSTCC */
#endif /* _RPMB_START_H */
