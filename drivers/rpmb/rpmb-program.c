// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programming a key, and the checks before it, since it cannot be undone
 *
 * Frames carry no device identity: of two targets with the same key, replies of
 * one pass for those of the other. So a key that one target holds is not
 * programmed into another one.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include <dm/device-internal.h>
#include <rpmb/mac.h>
#include "rpmb-internal.h"

/* Does a target answer to a key that was made for another one? 0: it does */
static int answers_to(struct udevice *dev, u8 target, struct rpmb_mac *mac)
{
	struct rpmb_client *cl;
	u32 count;
	int ret;

	ret = rpmb_op_begin(rpmb_ref(dev, target, RPMB_KEY_NONE), 1, 0, &cl);
	if (ret)
		return ret;
	ret = rpmb_client_get_counter(cl, mac, &count);
	/* the counter was read under a key that will be wiped */
	rpmb_client_forget(cl);
	cl->counter_key = NULL;
	return rpmb_op_end(dev, cl, ret);
}

/*
 * Derived keys differ from target to target. A key that somebody has chosen may
 * be in use on a target that does not answer: then it is refused.
 */
static int judge_answer(int err, bool chosen)
{
	if (!err)
		return -EEXIST;
	if (!chosen || err == -EBADMSG || err == -ENOKEY || err == -EACCES)
		return 0;
	/* no random numbers or no memory: not the other device's fault */
	return err == -ENODEV || err == -ENOMEM ? err : -EREMOTE;
}

static int used_elsewhere(struct rpmb_port *port, bool chosen)
{
	struct rpmb_mac *mac = port->client.key;
	struct udevice *dev;
	struct uclass *uc;
	int ret;
	u8 t;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		/* replies of another kind do not pass for this target's */
		if (!rpmb_has_frames(dev))
			continue;
		/* a device that was not used yet may hold it as well */
		ret = device_probe(dev);
		if (ret && judge_answer(ret, chosen))
			return -EREMOTE;
		for (t = 0; !ret && t < RPMB_MAX_TARGETS; t++) {
			struct rpmb_port *other = rpmb_get_port(dev, t);

			if (!other || other == port)
				continue;
			ret = judge_answer(answers_to(dev, t, mac), chosen);
			if (ret == -ENODEV || ret == -ENOMEM)
				port->client.status = other->client.status;
			if (ret)
				return ret;
		}
	}
	return 0;
}

/*
 * A device that reported a failure may have stored the key, and may use it only
 * after a power cycle. Until then only an authenticated read counts.
 */
static int judge_before(struct rpmb_port *port, rpmb_keyid_t keyid)
{
	u32 count;

	if (!rpmb_mark_get(port->dev, port->target, RPMB_MARK_ATTEMPT))
		return 0;
	if (rpmb_get_write_count(rpmb_ref(port->dev, port->target, keyid),
				 &count))
		return -EBUSY;
	rpmb_mark_set(port->dev, port->target, RPMB_MARK_ATTEMPT, false);
	return -EALREADY;
}

int rpmb_program_check(struct rpmb_ref ref)
{
	struct rpmb_port *port = rpmb_get_port(ref.dev, ref.target);
	int ret;

	if (ref.keyid == RPMB_KEY_NONE)
		return -EINVAL;
	ret = rpmb_port_start(port);
	if (!ret)
		ret = rpmb_gate_program(ref.dev, ref.target);
	if (!ret)
		ret = rpmb_key_check_final(ref.keyid);
	if (!ret)
		ret = judge_before(port, ref.keyid);
	if (ret)
		return ret;

	ret = rpmb_key_get(port, ref.keyid);
	if (ret)
		return ret;
	ret = used_elsewhere(port, ref.keyid <= CONFIG_RPMB_KEY_SLOTS);
	rpmb_key_put(port);
	return ret;
}

static int own_program_key(struct rpmb_ref ref)
{
	const struct rpmb_verbs *own = rpmb_get_ops(ref.dev)->own;
	int ret = rpmb_gate_program(ref.dev, ref.target);

	if (ret) /* LCOV_EXCL_BR_LINE: rpmb_program_check() has asked it */
		return ret;
	return own->program_key ? own->program_key(ref) : -ENOSYS;
}

/* Program without looking at other targets */
static int program(struct rpmb_ref ref)
{
	struct rpmb_client *cl;
	int ret;

	if (!rpmb_has_frames(ref.dev))
		return own_program_key(ref);
	ret = rpmb_gate_program(ref.dev, ref.target);
	ret = rpmb_op_begin(ref, 1, ret, &cl);
	if (ret)
		return ret;
	ret = rpmb_client_program_key(cl, cl->key, rpmb_to_port(cl)->key);
	return rpmb_op_end(ref.dev, cl, ret);
}

int rpmb_program_key(struct rpmb_ref ref)
{
	struct rpmb_port *port;
	int ret;

	ret = rpmb_program_check(ref);
	if (ret)
		return ret;
	ret = program(ref);
	port = rpmb_get_port(ref.dev, ref.target);
	if (ret && port->client.status.state == RPMB_STATE_UNKNOWN)
		rpmb_mark_set(ref.dev, ref.target, RPMB_MARK_ATTEMPT, true);
	return ret;
}
