// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the uclass keeps of a device: its facts, and a port for each target
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include "rpmb-internal.h"

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
