// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the uclass keeps of a device: its facts, and a port for each target
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include "rpmb-internal.h"

int rpmb_bind(struct udevice *parent, const char *driver, const char *name)
{
	struct udevice *dev;
	int ret;

	ret = device_bind_driver(parent, driver, name, &dev);
	if (ret)
		return ret;
	ret = device_set_name(dev, name);
	/* or it would be found, under a name that is the caller's memory */
	if (ret)
		device_unbind(dev);
	return ret;
}

struct rpmb_descr *rpmb_get_descr(struct udevice *dev)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);

	return &uc_priv->descr;
}

struct rpmb_port *rpmb_get_port(struct udevice *dev, u8 target)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);

	if (target >= RPMB_MAX_TARGETS ||
	    !uc_priv->descr.target[target].capacity)
		return NULL;
	return &uc_priv->port[target];
}

const struct rpmb_status *rpmb_get_status(struct udevice *dev, u8 target)
{
	struct rpmb_port *port = rpmb_get_port(dev, target);

	return port ? &port->client.status : NULL;
}
