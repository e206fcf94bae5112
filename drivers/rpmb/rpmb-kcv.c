// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Check values: compare keys without showing them
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include "rpmb-internal.h"

int rpmb_key_check_value(struct rpmb_ref ref, u8 kcv[RPMB_KCV_SIZE])
{
	struct rpmb_port *port = rpmb_get_port(ref.dev, ref.target);
	int ret;

	if (!port || ref.keyid == RPMB_KEY_NONE)
		return -EINVAL;
	ret = rpmb_key_get(port, ref.keyid);
	if (ret)
		return ret;
	ret = rpmb_kdf_check_value(port->key, kcv);
	rpmb_key_put(port);
	return ret;
}
