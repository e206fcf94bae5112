// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programming a key: what is asked before it, since it cannot be undone
 *
 * Frames carry no device identity. Two targets with one key can be played
 * against each other: what one has signed passes for the other's. So a key
 * that a target answers to is programmed into no other one.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <dm/device-internal.h>
#include "rpmb-internal.h"

/* Does a target answer to a key that was made for another one? */
static bool answers_to(struct udevice *dev, u8 target, struct rpmb_mac *mac)
{
	struct rpmb_client *cl;
	u32 count;
	int ret;

	if (rpmb_op_begin(dev, target, RPMB_KEY_NONE, 1, 0, &cl))
		return false;
	ret = rpmb_client_get_counter(cl, mac, &count);
	/* what is remembered of it now is under a key that will be wiped */
	rpmb_client_forget(cl);
	return !rpmb_op_end(dev, cl, ret);
}

static bool used_elsewhere(struct rpmb_port *port)
{
	struct rpmb_mac *mac = port->client.key;
	struct udevice *dev;
	struct uclass *uc;
	u8 t;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) {
		/* one that nobody has used yet may hold it all the same */
		if (device_probe(dev))
			continue;
		for (t = 0; t < RPMB_MAX_TARGETS; t++) {
			if (rpmb_get_port(dev, t) == port)
				continue;
			if (answers_to(dev, t, mac))
				return true;
		}
	}
	return false;
}

/*
 * A device that reported a failure may have stored the key all the same, and
 * shows it only after a power cycle: until then only a proof counts.
 */
static int judge_before(struct rpmb_port *port, rpmb_keyid_t keyid)
{
	u32 count;

	if (!port->unsure)
		return 0;
	if (rpmb_get_write_count(port->dev, port->target, keyid, &count))
		return -EBUSY;
	port->unsure = false;
	return -EALREADY;
}

int rpmb_program_check(struct udevice *dev, u8 target, rpmb_keyid_t keyid)
{
	struct rpmb_port *port = rpmb_get_port(dev, target);
	bool used;
	int ret;

	if (!port || keyid == RPMB_KEY_NONE)
		return -EINVAL;
	port->client.status =
		(struct rpmb_status){ .fault = RPMB_FAULT_PARAM };
	if (!board_rpmb_is_open())
		return -EPERM;
	ret = judge_before(port, keyid);
	if (ret)
		return ret;

	ret = rpmb_key_get(port, keyid);
	if (ret)
		return ret;
	used = used_elsewhere(port);
	rpmb_key_put(port);
	return used ? -EEXIST : 0;
}

int rpmb_program_key(struct udevice *dev, u8 target, rpmb_keyid_t keyid)
{
	struct rpmb_port *port;
	int ret;

	ret = rpmb_program_check(dev, target, keyid);
	if (ret)
		return ret;
	ret = rpmb_op_program_key(dev, target, keyid);
	port = rpmb_get_port(dev, target);
	if (ret)
		port->unsure = port->client.status.state == RPMB_STATE_UNKNOWN;
	return ret;
}
