/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the rollback policy share
 */

#ifndef _POLICY_INTERNAL_H
#define _POLICY_INTERNAL_H

#include <image.h>
#include <rpmb-policy.h>
#include <linux/libfdt.h>

/**
 * rpmb_service_boot() - carry out the board's service token, if there is one
 *
 * Called before the boot ratchet turns and before the indexes are read.
 */
void rpmb_service_boot(void);

/** rpmb_commit_boot() - commit before the first script, if U-Boot is told to */
void rpmb_commit_boot(void);

/**
 * rpmb_policy_prepare() - before the first script: look at the control tree
 *
 * @last_chance: the keys are going to be wiped: read what needs them
 */
void rpmb_policy_prepare(bool last_chance);

/**
 * struct policy_check - a check that something passed in this boot
 *
 * @loc:	location
 * @is_protected: @stored was read, authenticated; else an open board went on
 *		without
 * @stored:	index that the device holds, 0 if there is none
 * @index:	index that was compared with it; the lowest of several
 */
struct policy_check {
	u32 loc;
	bool is_protected;
	u64 stored;
	u64 index;
};

/**
 * policy_get_check() - get the n-th check
 *
 * @n:		0 for the first
 * Return: check, NULL if there were not so many
 */
const struct policy_check *policy_get_check(int n);

/**
 * policy_report_warn() - an open board boots without protection: be loud
 *
 * @loc:	location
 * @err:	-ENODATA or -ENOKEY
 */
void policy_report_warn(u32 loc, int err);

/**
 * policy_report_old() - an image is older than what the device holds
 *
 * @loc:	location
 * @index:	the image's
 * @stored:	the device's
 */
void policy_report_old(u32 loc, u64 index, u64 stored);

/**
 * rpmb_fit_get_index() - get the index of a FIT configuration
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @loc:	location
 * @index:	index
 * Return: 0; -ENODATA it has none; -EINVAL it is no number; -ERANGE its
 *	location is neither one of U-Boot's nor one of SPL's
 */
int rpmb_fit_get_index(const void *fit, int conf, u32 *loc, u64 *index);

/**
 * policy_fit_check() - may images of a FIT configuration be used?
 *
 * As rpmb_fit_check(), which asks this one.
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @verified:	its signatures have been verified
 * @any_location: U-Boot's locations will do in SPL, and the other way round
 * Return: 0; -EACCES
 */
int policy_fit_check(const void *fit, int conf, int verified,
		     bool any_location);

/**
 * policy_fit_say() - say why a FIT is refused
 *
 * @what:	what is wrong
 * @state:	what is known of the image
 * @advice:	what to do
 * Return: -EACCES
 */
int policy_fit_say(const char *what, const char *state, const char *advice);

/**
 * policy_fit_say_short() - the same in SPL, which has no room for much advice
 *
 * @what:	what is wrong
 * @state:	what is known of the image
 * Return: -EACCES
 */
int policy_fit_say_short(const char *what, const char *state);

/**
 * policy_fit_refuse() - say why a FIT is refused
 *
 * @what:	what is wrong
 * @state:	what is known of the image
 * @advice:	what to do
 * Return: -EACCES
 */
static inline int policy_fit_refuse(const char *what, const char *state,
				    const char *advice)
{
	return IS_ENABLED(CONFIG_XPL_BUILD) ?
		policy_fit_say_short(what, state) :
		policy_fit_say(what, state, advice);
}

/**
 * typedef policy_image_t - called for an image
 *
 * @fit:	FIT
 * @prop:	property of the configuration that names it
 * @image:	its node, negative if no image has that name: many properties mean
 *		none
 * @priv:	caller's
 * Return: 0 to go on
 */
typedef int (*policy_image_t)(const void *fit, const char *prop, int image,
			      void *priv);

/**
 * policy_each_image() - go through the images of a FIT configuration
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @fn:		called for each; more than once for one that is named twice
 * @priv:	handed to @fn
 * Return: 0, or what @fn returned, if that is not 0
 */
int policy_each_image(const void *fit, int conf, policy_image_t fn, void *priv);

/**
 * policy_is_hash() - is a node below an image one of its hashes?
 *
 * @fit:	FIT
 * @node:	node
 * Return: true if U-Boot takes it for one
 */
bool policy_is_hash(const void *fit, int node);

/**
 * policy_fit_check_images() - are the images of a configuration what they must be?
 *
 * They must be there, each with a hash of SHA-256 or better that is checked.
 * Says which is not.
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @inside:	their data must be inside of the FIT; does not count in SPL
 * Return: 0; -EACCES
 */
int policy_fit_check_images(const void *fit, int conf, bool inside);

/**
 * policy_fit_has_image() - is an image part of a configuration?
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @image:	image node
 * Return: true if so
 */
bool policy_fit_has_image(const void *fit, int conf, int image);

/**
 * policy_has_data_outside() - are an image's data outside of the FIT?
 *
 * Where they are is not signed, only what they are.
 *
 * @fit:	FIT
 * @image:	its node
 * Return: true if they are, or if they are inside as well
 */
static inline bool policy_has_data_outside(const void *fit, int image)
{
	return fdt_getprop(fit, image, FIT_DATA_OFFSET_PROP, NULL) ||
		fdt_getprop(fit, image, FIT_DATA_POSITION_PROP, NULL);
}

#endif /* _POLICY_INTERNAL_H */
