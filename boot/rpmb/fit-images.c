// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks of the images of a FIT configuration, and that none is left out
 *
 * A signature covers an image by its hash: so the hash must be a strong one,
 * and must be checked. All images of a signed configuration must be used: an
 * overlay that disables something must not be skipped because one bit of it has
 * flipped.
 */

#include <image.h>
#include <rpmb-hooks.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/libfdt.h>
#include <linux/string.h>
#include "policy-internal.h"

#define IN_SPL		IS_ENABLED(CONFIG_XPL_BUILD)
/*
 * Used in one boot: with more nothing starts. U-Boot takes no signature of so many;
 * some boards give SPL 1 KiB for all of its variables.
 */
#define MOST_IMAGES	(IN_SPL ? 16 : 64)

/* Images of one FIT that were loaded since its kernel was */
static const void *used_fit;
static int used[MOST_IMAGES];
static int used_count;

/*
 * Properties that name images which bootm uses; scripts are used by 'source'.
 * SPL uses other ones, and a configuration for SPL must have no more.
 */
static bool names_used(const char *prop)
{
	return rpmb_fit_is_listed(prop, IN_SPL ?
		FIT_FDT_PROP "\0" FIT_LOADABLE_PROP "\0" FIT_FIRMWARE_PROP "\0"
		FIT_FPGA_PROP "\0" :
		FIT_KERNEL_PROP "\0" FIT_FDT_PROP "\0" FIT_RAMDISK_PROP "\0"
		FIT_LOADABLE_PROP "\0" FIT_FPGA_PROP "\0" FIT_SETUP_PROP "\0");
}

static int check_image(const void *fit, const char *prop, int image,
		       void *inside)
{
	const char *name;

	if (image < 0)
		return names_used(prop) ?
			rpmb_fit_refuse(IN_SPL ? RPMB_FIT_LEFT_OUT :
					RPMB_FIT_NO_IMAGE, prop) : 0;
	name = fdt_get_name(fit, image, NULL);
	if (!rpmb_fit_has_strong_hash(fit, image))
		return rpmb_fit_refuse(RPMB_FIT_WEAK_HASH, name);
	/* it could be overwritten between check and use */
	if (!IN_SPL && inside && rpmb_fit_has_data_outside(fit, image))
		return rpmb_fit_refuse(RPMB_FIT_OUTSIDE, name);
	return 0;
}

int rpmb_fit_check_images(const void *fit, int conf, bool inside)
{
	if (IN_SPL)
		used_count = 0;
	return rpmb_fit_each_image(fit, conf, check_image,
				   inside ? (void *)fit : NULL);
}

void rpmb_fit_note(const void *fit, int image, bool first)
{
	if (first)
		used_count = 0;
	if (!used_count)
		used_fit = fit;
	if ((IN_SPL || fit == used_fit) && used_count < MOST_IMAGES)
		used[used_count++] = image;
}

static int check_used(const void *fit, const char *prop, int image, void *priv)
{
	int i;

	if (image < 0 || (!IN_SPL && !names_used(prop)))
		return 0;
	for (i = 0; i < used_count; i++)
		if (used[i] == image)
			return 0;
	return rpmb_fit_refuse(IN_SPL && used_count == MOST_IMAGES ?
			       RPMB_FIT_TOO_MANY : RPMB_FIT_LEFT_OUT,
			       fdt_get_name(fit, image, NULL));
}

int rpmb_fit_check_whole(const void *fit, int conf) /* LCOV_EXCL_LINE: SPL alone calls it */
{
	return rpmb_policy_is_on() ?
		rpmb_fit_each_image(fit, conf, check_used, NULL) : 0;
}

int rpmb_fit_check_loaded(const struct bootm_headers *images)
{
	const char *confs = images->fit_uname_cfg;
	const void *fit = images->fit_hdr_os;
	int conf, ret = 0;

	if (!rpmb_policy_is_on() || !fit)
		return 0;
	/* <conf>#<extra>#<extra>, of which this finds the first */
	while (!ret && confs) {
		conf = fit_conf_get_node(fit, confs);
		if (conf < 0 || fit != used_fit)
			return rpmb_fit_refuse(RPMB_FIT_CONF_LEFT_OUT, confs);
		ret = rpmb_fit_each_image(fit, conf, check_used, NULL);
		confs = strchr(confs, '#');
		if (confs)
			confs++;
	}
	return ret;
}

int rpmb_fit_refuse_overlay(const char *name)
{
	if (!rpmb_policy_is_on())
		return 0;
	return rpmb_fit_refuse(RPMB_FIT_NO_OVERLAY, name ?: "?");
}

static int is_image(const void *fit, const char *prop, int image, void *wanted)
{
	return image >= 0 && image == *(int *)wanted;
}

bool rpmb_fit_has_image(const void *fit, int conf, int image)
{
	return image >= 0 && rpmb_fit_each_image(fit, conf, is_image, &image);
}
