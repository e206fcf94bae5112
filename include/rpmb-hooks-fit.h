/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What U-Boot's FIT code asks the rollback policy
 *
 * Part of rpmb-hooks.h, and included by it alone.
 */

#ifndef _RPMB_HOOKS_FIT_H
#define _RPMB_HOOKS_FIT_H

#ifndef USE_HOSTCC
#include <linux/kconfig.h>
#include <linux/types.h>
#endif

struct bootm_headers;

#if !defined(USE_HOSTCC) && CONFIG_IS_ENABLED(RPMB_ROLLBACK_FIT)
/**
 * rpmb_fit_check_size() - may so much be read before it is verified?
 *
 * For SPL, which reads as many bytes as a FIT says, before anything is verified.
 * Prints why not.
 *
 * @size:	bytes of a FIT, or of an image outside of it
 * Return: 0, also if the policy is off; -EACCES none at all, or more than
 *	CONFIG_SPL_RPMB_FIT_MAX_SIZE
 */
int rpmb_fit_check_size(ulong size);

/**
 * rpmb_fit_check_format() - is it a FIT that can be looked at without harm?
 *
 * For SPL, which has no such check of its own. Prints why not.
 *
 * @fit:	FIT, not verified yet
 * Return: 0, also if the policy is off; -EACCES
 */
int rpmb_fit_check_format(const void *fit);

/**
 * rpmb_fit_look() - can this FIT be read without harm?
 *
 * To be called before anything is looked for in a FIT that nobody has verified.
 * Always yes if the policy is off. U-Boot prints why not.
 *
 * @fit:	FIT, or anything else
 * @size:	bytes that are there, IMAGE_SIZE_INVAL if nobody knows
 * Return: 0, also if it is no tree at all; -EINVAL, -E2BIG see rpmb_look()
 */
int rpmb_fit_look(const void *fit, unsigned long size);

#ifdef CONFIG_XPL_BUILD	/* it takes trees only out of verified FITs */
static inline int rpmb_fdt_look(const void *fdt, unsigned long size)
{
	return 0;
}
#else
/**
 * rpmb_fdt_look() - as rpmb_fit_look(), for a tree that is no FIT
 *
 * For the tree of an operating system, and for overlays.
 *
 * @fdt:	tree
 * @size:	bytes that are there, IMAGE_SIZE_INVAL if nobody knows
 * Return: 0; -EACCES
 */
int rpmb_fdt_look(const void *fdt, unsigned long size);
#endif

/**
 * rpmb_fit_is_strict() - does U-Boot stop where an image cannot be used?
 *
 * Return: true if the policy is on
 */
bool rpmb_fit_is_strict(void);

/**
 * rpmb_fit_check() - may images of a configuration be used?
 *
 * To be called when its signatures have been verified. Always yes if the
 * policy is off; else only if a required key has signed it and its index is
 * not lower than what the RPMB holds. Prints why not.
 *
 * @fit:	FIT
 * @conf:	its configuration node
 * @verified:	fit_config_verify() has been asked, and said yes
 * Return: 0; -EACCES
 */
int rpmb_fit_check(const void *fit, int conf, int verified);

/**
 * rpmb_fit_check_image() - may an image be used that was asked for by name?
 *
 * Only as part of a configuration, which this function verifies.
 *
 * @fit:	FIT
 * @image:	name of the image
 * @conf_name:	name of the configuration; NULL or "" if nobody knows
 * @verify:	signatures and hashes are checked
 * Return: 0; -EACCES
 */
int rpmb_fit_check_image(const void *fit, const char *image,
			 const char *conf_name, int verify);

/**
 * rpmb_fit_check_part() - may an image be used outside of bootm?
 *
 * Only as part of a configuration: this function verifies the first one that names
 * it. Prints why not.
 *
 * @fit:	FIT
 * @image:	image node
 * @verify:	signatures and hashes are checked
 * Return: 0, also if the policy is off; -EACCES
 */
int rpmb_fit_check_part(const void *fit, int image, int verify);

/**
 * rpmb_fit_note() - note that an image was loaded, or that a board does without it
 *
 * rpmb_fit_check_loaded() and, in SPL, rpmb_fit_check_whole() look whether an
 * image is missing.
 *
 * @fit:	FIT
 * @image:	image node
 * @first:	it is the first one, the kernel: forget those before
 */
void rpmb_fit_note(const void *fit, int image, bool first);

/**
 * rpmb_fit_check_loaded() - was no image left out that bootm should have
 * loaded?
 *
 * Called before the kernel is copied to its place. Each image of its configuration
 * and of each extra one must have been loaded since the kernel was. Prints which
 * was not.
 *
 * @images:	with the kernel's FIT and configurations
 * Return: 0, also if the policy is off; -EACCES
 */
int rpmb_fit_check_loaded(const struct bootm_headers *images);

/**
 * rpmb_fit_check_whole() - was no image of a configuration left out?
 *
 * SPL calls this when it has loaded all that it wanted. Prints which one was.
 *
 * @fit:	FIT
 * @conf:	configuration node
 * Return: 0, also if the policy is off; -EACCES
 */
int rpmb_fit_check_whole(const void *fit, int conf);

/**
 * rpmb_fit_refuse_overlay() - an overlay could not be loaded: stop there?
 *
 * @name:	of the overlay, or of its configuration
 * Return: 0 if the policy is off; -EACCES
 */
int rpmb_fit_refuse_overlay(const char *name);
#else
static inline int rpmb_fit_check_size(ulong size)
{
	return 0;
}

static inline int rpmb_fit_check_format(const void *fit)
{
	return 0;
}

static inline bool rpmb_fit_is_strict(void)
{
	return false;
}

static inline int rpmb_fit_look(const void *fit, unsigned long size)
{
	return 0;
}

static inline int rpmb_fit_check_part(const void *fit, int image, int verify)
{
	return 0;
}

static inline int rpmb_fdt_look(const void *fdt, unsigned long size)
{
	return 0;
}

static inline void rpmb_fit_note(const void *fit, int image, bool first)
{
}

static inline int rpmb_fit_check_loaded(const struct bootm_headers *images)
{
	return 0;
}

static inline int rpmb_fit_check_whole(const void *fit, int conf)
{
	return 0;
}

static inline int rpmb_fit_refuse_overlay(const char *name)
{
	return 0;
}

static inline int rpmb_fit_check(const void *fit, int conf, int verified)
{
	return 0;
}

static inline int rpmb_fit_check_image(const void *fit, const char *image,
				       const char *conf_name, int verify)
{
	return 0;
}
#endif

#if !defined(USE_HOSTCC) && CONFIG_IS_ENABLED(RPMB_FIT_COVER)
/**
 * rpmb_fit_check_cover() - does a signature cover all that it must?
 *
 * The list of signed nodes is in the signature node, which is not signed. So it
 * must be the list that follows from the configuration.
 *
 * @fit:	FIT
 * @sig:	signature node
 * @conf:	configuration node
 * @nodes:	paths of the nodes that the signature is checked over
 * @count:	number of them
 * Return: NULL, or what is wrong
 */
char *rpmb_fit_check_cover(const void *fit, int sig, int conf,
			   char *const nodes[], int count);
#else
static inline char *rpmb_fit_check_cover(const void *fit, int sig, int conf,
					 char *const nodes[], int count)
{
	return NULL;
}
#endif

#endif /* _RPMB_HOOKS_FIT_H */
