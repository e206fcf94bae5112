// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Raise the index to that of images which have proved themselves
 *
 * A script decides when; the signed images decide to which value. All images
 * that must still boot are verified here, so that an image that cannot be read,
 * or that is not signed, raises no index.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <image.h>
#include <mapmem.h>
#include <asm/global_data.h>
#include <linux/errno.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include "policy-internal.h"

DECLARE_GLOBAL_DATA_PTR;

static int verify_image(const void *fit, const char *prop, int image,
			void *priv)
{
	if (image < 0 || fit_image_verify(fit, image))
		return 0;
	return rpmb_fit_refuse(RPMB_FIT_OTHER_DATA, NULL);
}

/*
 * Find the configuration that bootm would take. Which one is the default is not
 * signed. If bootm would take none, it is a FIT for SPL, which chooses in
 * another way: name the configuration of such a FIT.
 *
 * If no configuration is for this board, bootm of 2025.01 takes none, and the search
 * returns -1. Since 2025.04 (upstream commit 771f0e9877ef) the search returns the
 * reason, and bootm takes the default configuration unless it is -EINVAL.
 */
static int find_conf(const struct rpmb_fit_conf *slot, bool *for_spl)
{
	int conf;

	*for_spl = false;
	if (slot->conf || !IS_ENABLED(CONFIG_FIT_BEST_MATCH))
		return fit_conf_get_node(slot->fit, slot->conf);
	conf = fit_conf_find_compat(slot->fit, gd_fdt_blob());
	if (conf >= 0)
		return conf;
	*for_spl = conf == -1 || conf == -EINVAL; /* LCOV_EXCL_BR_LINE: 2025.01 has -1 alone */
	return fit_conf_get_node(slot->fit, NULL);
}

/* Get location and index of a verified configuration */
static int get_index(const void *fit, int conf, bool for_spl, u32 *loc,
		     u64 *index)
{
	int ret = rpmb_fit_get_index(fit, conf, loc, index);

	if (ret) /* LCOV_EXCL_BR_LINE: verify_conf() has had them */
		return ret;
	if (for_spl && *loc < RPMB_ROLLBACK_SPL)
		return rpmb_fit_refuse(RPMB_FIT_OTHER_BOARD, NULL);
	return 0;
}

/* Check all that bootm, or SPL, would check */
static int verify_conf(const void *fit, int conf, bool any_location)
{
	int ret;

	if (fit_config_verify(fit, conf))
		return rpmb_fit_refuse(RPMB_FIT_UNSIGNED, NULL);
	ret = rpmb_fit_check_conf(fit, conf, true, any_location);
	return ret ? ret : rpmb_fit_each_image(fit, conf, verify_image, NULL);
}

static int refuse_conf(void)
{
	return rpmb_fit_refuse(RPMB_FIT_NO_CONF, NULL);
}

static int refuse_locations(void)
{
	return rpmb_fit_refuse(RPMB_FIT_LOCATIONS, NULL);
}

/* <conf>#<extra>#<extra>: bootm refuses if one of them is too old */
static int verify_extras(const struct rpmb_fit_conf *slot, bool any_location,
			 u32 loc, u64 *index)
{
	const char *name = slot->conf;
	u64 one;
	u32 there;
	int conf, ret;

	while (name && (name = strchr(name, '#'))) {
		conf = fit_conf_get_node(slot->fit, ++name);
		if (conf < 0)
			return refuse_conf();
		ret = verify_conf(slot->fit, conf, any_location);
		if (!ret)
			ret = get_index(slot->fit, conf, false, &there, &one);
		if (ret)
			return ret;
		if (there != loc)
			return refuse_locations();
		*index = min(*index, one);
	}
	return 0;
}

static int verify_slot(const struct rpmb_fit_conf *slot, bool any_location,
		       u32 *loc, u64 *index)
{
	const void *fit = slot->fit;
	bool for_spl;
	int conf, ret;

	if (fit_check_format(fit, IMAGE_SIZE_INVAL))
		return rpmb_fit_refuse(RPMB_FIT_NOT_LOADED, NULL);
	conf = find_conf(slot, &for_spl);
	if (conf < 0)
		return refuse_conf();
	/* a script's FIT has an index, too, but boots nothing */
	if (!any_location && !fdt_getprop(fit, conf, FIT_KERNEL_PROP, NULL))
		return rpmb_fit_refuse(RPMB_FIT_NO_KERNEL, NULL);
	ret = verify_conf(fit, conf, any_location);
	if (!ret)
		ret = get_index(fit, conf, for_spl, loc, index);
	return ret ? ret : verify_extras(slot, any_location, *loc, index);
}

static bool is_same_fit(const void *slots, int i, int k)
{
	const struct rpmb_fit_conf *confs = slots;

	return confs[i].fit == confs[k].fit;
}

static int check_slots(const struct rpmb_fit_conf *slots, int count)
{
	u32 want;
	int ret;

	ret = rpmb_policy_check_slots(slots, count, is_same_fit, &want);
	if (ret != -EACCES)
		return ret;
	printf("rollback: REFUSED: %d image%s given, and each of %u slot%s must have one of its own\n"
	       "  device: untouched\n"
	       "  advice: load the image of every slot that must still boot, and name all of them\n",
	       count, count == 1 ? " is" : "s are", want, want == 1 ? "" : "s");
	return ret;
}

/* What is wrong with it has been said */
static int refuse_one(const struct rpmb_fit_conf *slot, int err)
{
	printf("  which: the FIT at 0x%llx%s%s\n",
	       (u64)map_to_sysmem(slot->fit), slot->conf ? "#" : "",
	       slot->conf ?: "");
	return err;
}

int rpmb_fit_commit(const struct rpmb_fit_conf *slots, int count,
		    bool any_location, u32 *loc, u64 *index)
{
	u64 lowest = RPMB_INDEX_NONE, one;
	struct rpmb_raise raise;
	u32 where = 0, there;
	int i, ret;

	ret = check_slots(slots, count);
	if (ret)
		return ret;
	for (i = 0; i < count; i++) {
		ret = verify_slot(&slots[i], any_location, &there, &one);
		if (ret)
			return refuse_one(&slots[i], ret);
		if (i && there != where)
			return refuse_one(&slots[i], refuse_locations());
		where = there;
		lowest = min(lowest, one);
	}
	raise.loc = where;
	raise.index = lowest;
	ret = rpmb_policy_commit(&raise, 1);
	if (ret)
		return ret;
	*loc = where;
	*index = lowest;
	return 0;
}
