// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device that the rollback policy goes by, and what its errors mean
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include "policy-internal.h"

/* These errors have a meaning here: never pass a driver's on */
static int device_error(int err)
{
	return err == -ENODATA || err == -ENOENT || err == -ENOKEY ||
	       err == -EDOM ? -EIO : err;
}

static int find_device(struct rpmb_ref *ref, bool scan)
{
	struct rpmb_policy p;
	int ret, scanned;

	ret = rpmb_policy_get(&p);
	if (ret)
		return ret;
	scanned = scan ? rpmb_scan_for(p.name) : 0;
	ret = rpmb_get_device_by_name(p.name, &ref->dev);
	/* the device may be on a bus where the search has failed */
	if (ret == -ENODEV && scanned < 0)
		ret = scanned;
	if (ret)
		return device_error(ret);
	ref->target = p.target;
	ref->keyid = p.keyid;
	return rpmb_get_status(ref->dev, ref->target) ? 0 : -EINVAL;
}

int rpmb_policy_device(struct rpmb_ref *ref)
{
	return find_device(ref, true);
}

int rpmb_policy_found(struct rpmb_ref *ref)
{
	return find_device(ref, false);
}

int rpmb_policy_not_asked(struct rpmb_ref ref, int ret)
{
	enum rpmb_fault fault = rpmb_get_status(ref.dev, ref.target)->fault;

	if (ret >= 0)
		return ret;
	if (fault == RPMB_FAULT_RNG)
		return -EUNATCH;
	if (fault != RPMB_FAULT_PARAM)
		return ret;
	/* SPL only has room for what would be taken for "no key", and for no unique key */
	if (IS_ENABLED(CONFIG_XPL_BUILD))
		return ret == -ENOKEY || ret == -ENOSYS ? -EKEYREJECTED : ret;
	if (ret == -EINVAL || ret == -ERANGE || ret == -ENOMEM ||
	    ret == -EKEYREVOKED || ret == -EADDRINUSE)
		return ret;
	return -EKEYREJECTED;
}
