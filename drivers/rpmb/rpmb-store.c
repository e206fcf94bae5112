// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Common to indexes and records: open and close the stores of a target
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include "rpmb-internal.h"
#include "rpmb-store-internal.h"

int rpmb_stores_begin(struct rpmb_ref ref, u32 blocks, bool change,
		      struct rpmb_store *st)
{
	int ret;

	if (!rpmb_has_frames(ref.dev))
		return -ENOSYS;
	ret = change ? rpmb_gate_change(ref.dev, ref.target) : 0;
	ret = rpmb_op_begin(ref, blocks, ret, &st->cl);
	if (ret)
		return rpmb_store_error(ret);
	st->key = st->cl->key;
	return 0;
}

int rpmb_stores_end(struct udevice *dev, const struct rpmb_store *st, int ret)
{
	int err = rpmb_op_end(dev, st->cl, ret);

	return ret ? ret : rpmb_store_error(err);
}

int rpmb_index_room(struct udevice *dev, u8 target)
{
	struct rpmb_port *port = rpmb_get_port(dev, target);

	if (!rpmb_has_frames(dev))
		return -ENOSYS;
	if (!port)
		return -EINVAL;
	return port->client.blocks < RPMB_STORE_END ? -ERANGE : 0;
}
