// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rollback index of a FIT configuration
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <image.h>
#include <linux/errno.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <rpmb-key.h>
#include <rpmb/rollback.h>
#include "policy-internal.h"

/* SPL's images have other locations than those that U-Boot boots */
#define IN_SPL		IS_ENABLED(CONFIG_XPL_BUILD)
#define OWN_LOCATIONS	(IN_SPL ? RPMB_ROLLBACK_SPL : RPMB_ROLLBACK_FIT)

static int check_proof(int verified)
{
	/* SPL always verifies, and no script can change its control FDT */
	if (!IN_SPL && !verified)
		return rpmb_fit_refuse(RPMB_FIT_NO_VERIFY, NULL);
	if (!IN_SPL && !rpmb_policy_tree_is_same())
		return rpmb_fit_refuse(RPMB_FIT_OTHER_TREE, NULL);
	/* without one fit_config_verify() accepts an unsigned FIT */
	if (!rpmb_policy_tree_requires_key())
		return rpmb_fit_refuse(RPMB_FIT_NO_KEY, NULL);
	return 0;
}

static bool is_among(u32 loc, u32 first)
{
	static_assert(RPMB_ROLLBACK_FIT_COUNT == RPMB_ROLLBACK_SPL_COUNT,
		      "as many for SPL");

	return loc - first < RPMB_ROLLBACK_FIT_COUNT;
}

int rpmb_fit_get_index(const void *fit, int conf, u32 *loc, u64 *index)
{
	const fdt32_t *cell;
	int len;

	*loc = RPMB_ROLLBACK_FIT;
	cell = fdt_getprop(fit, conf, "rollback-location", &len);
	if (cell) {
		*loc = len == sizeof(*cell) ? fdt32_to_cpu(*cell) : 0;
		if (!is_among(*loc, RPMB_ROLLBACK_FIT) &&
		    !is_among(*loc, RPMB_ROLLBACK_SPL))
			return -ERANGE;
	}
	cell = fdt_getprop(fit, conf, "rollback-index", &len);
	if (!cell)
		return -ENODATA;
	if (len != sizeof(*cell) && len != 2 * sizeof(*cell))
		return -EINVAL;
	*index = fdt32_to_cpu(cell[0]);
	if (len == 2 * sizeof(*cell))
		*index = *index << 32 | fdt32_to_cpu(cell[1]);
	return 0;
}

static int check_index(const void *fit, int conf, bool any_location)
{
	u64 index;
	u32 loc;
	int ret;

	ret = rpmb_fit_get_index(fit, conf, &loc, &index);
	if (!any_location && !is_among(loc, OWN_LOCATIONS))
		ret = -ERANGE;
	/* SPL loads each image by itself, then verifies it */
	if (!ret && rpmb_fit_check_images(fit, conf,
					  is_among(loc, RPMB_ROLLBACK_FIT)))
		return -EACCES;
	switch (ret) {
	case 0:
		return rpmb_policy_check(loc, index) ? -EACCES : 0;
	case -ENODATA:
		return rpmb_fit_refuse(RPMB_FIT_NO_INDEX, NULL);
	case -ERANGE:
		return rpmb_fit_refuse(RPMB_FIT_NO_LOCATION, NULL);
	default:
		return rpmb_fit_refuse(RPMB_FIT_NO_NUMBER, NULL);
	}
}

int rpmb_fit_check_conf(const void *fit, int conf, int verified,
			bool any_location)
{
	int ret;

	if (!rpmb_policy_is_on())
		return 0;
	ret = check_proof(verified);
	return ret ? ret : check_index(fit, conf, any_location);
}

#ifdef CONFIG_XPL_BUILD	/* U-Boot looks at the format itself */
int rpmb_fit_check_size(ulong size)
{
	if (!rpmb_policy_is_on() ||
	    (size && size <= CONFIG_SPL_RPMB_FIT_MAX_SIZE))
		return 0;
	return rpmb_fit_refuse(size ? RPMB_FIT_TOO_LARGE : RPMB_FIT_NO_DATA,
			       NULL);
}

int rpmb_fit_check_format(const void *fit)
{
	if (!rpmb_policy_is_on() || !fit_check_format(fit, IMAGE_SIZE_INVAL))
		return 0;
	return rpmb_fit_refuse(RPMB_FIT_NO_FIT, NULL);
}
#endif

bool rpmb_fit_is_strict(void)
{
	return rpmb_policy_is_on();
}

int rpmb_fit_check(const void *fit, int conf, int verified)
{
	int ret = rpmb_fit_check_conf(fit, conf, verified, false);

	if (!ret && rpmb_policy_is_on() && CONFIG_IS_ENABLED(RPMB_PASS_HUK))
		rpmb_ratchet_pass_huk();
	return ret;
}

int rpmb_fit_check_image(const void *fit, const char *image,
			 const char *conf_name, int verify)
{
	int node, conf = -1;

	if (!rpmb_policy_is_on())
		return 0;
	if (conf_name && *conf_name)
		conf = fit_conf_get_node(fit, conf_name);
	node = fit_image_get_node(fit, image);
	if (conf < 0 || !rpmb_fit_has_image(fit, conf, node))
		return rpmb_fit_refuse(RPMB_FIT_BY_NAME, NULL);
	if (verify && fit_config_verify(fit, conf))
		return -EACCES;
	return rpmb_fit_check(fit, conf, verify);
}

int rpmb_fit_check_part(const void *fit, int image, int verify)
{
	int conf, confs = fdt_path_offset(fit, FIT_CONFS_PATH);

	if (!rpmb_policy_is_on())
		return 0;
	fdt_for_each_subnode(conf, fit, confs) {
		if (!rpmb_fit_has_image(fit, conf, image))
			continue;
		if (verify && fit_config_verify(fit, conf))
			return rpmb_fit_refuse(RPMB_FIT_UNSIGNED_PART,
					       fdt_get_name(fit, conf, NULL));
		return rpmb_fit_check_conf(fit, conf, verify, false);
	}
	return rpmb_fit_refuse(RPMB_FIT_NO_PART, NULL);
}
