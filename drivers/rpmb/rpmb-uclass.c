// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB uclass: operations on targets, by the client of lib/rpmb
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <memalign.h>
#include <rng.h>
#include <linux/kernel.h>
#include <rpmb/wipe.h>
#include "rpmb-internal.h"

static int link_route(void *priv, const struct rpmb_frames *frames)
{
	struct rpmb_port *port = priv;
	struct rpmb_ops *ops = rpmb_get_ops(port->dev);

	return ops->route_frames(port->dev, port->target, frames);
}

struct rpmb_nonces rpmb_nonces;

/*
 * If a nonce came twice, an old answer would pass for a new one. One earlier
 * nonce is kept for comparison, and replaced after 1, 2, 4, 8 ... more, which
 * detects a source that repeats itself with any period. The first nonce is only
 * compared with the second, never used.
 */
static int link_nonce(void *priv, u8 *buf, size_t len)
{
	struct rpmb_nonces *n = &rpmb_nonces;
	struct udevice *rng;
	int ret;

	ret = uclass_first_device_err(UCLASS_RNG, &rng);
	if (ret)
		return ret;
	do {
		/* some return a count, and some 0 without having filled it */
		ret = dm_rng_read(rng, buf, len);
		if (ret < 0)
			return ret;
		if (ret || rpmb_kdf_is_weak(buf, len))
			return -EIO;
		n->stuck |= !memcmp(buf, n->kept, sizeof(n->kept));
		if (n->stuck)
			return -EIO;
		if (!(n->count & (n->count + 1)))
			memcpy(n->kept, buf, sizeof(n->kept));
	} while (!n->count++);
	return 0;
}

static const struct rpmb_link rpmb_uclass_link = {
	.route = link_route,
	.nonce = link_nonce,
};

int rpmb_op_begin(struct rpmb_ref ref, u32 blocks, int gate,
		  struct rpmb_client **clp)
{
	struct rpmb_port *port = rpmb_get_port(ref.dev, ref.target);
	struct rpmb_client *cl = &port->client;
	struct rpmb_ops *ops;
	int ret;

	ret = rpmb_port_start(port);
	if (!ret)
		ret = gate ? gate : rpmb_key_get(port, ref.keyid);
	if (ret)
		return ret;

	cl->nframes = min_t(u32, blocks, CONFIG_RPMB_MAX_FRAMES - 1) + 1;
	cl->frames = malloc_cache_aligned(cl->nframes * RPMB_FRAME_SIZE);
	if (!cl->frames) {
		ret = -ENOMEM;
		goto put_key;
	}
	*clp = cl;
	ops = rpmb_get_ops(ref.dev);
	ret = ops->claim_bus ? ops->claim_bus(ref.dev) : 0;
	if (!ret)
		return 0;
	cl->status.fault = RPMB_FAULT_LINK;
	free(cl->frames);
put_key:
	rpmb_key_put(port);
	return ret;
}

int rpmb_op_end(struct udevice *dev, struct rpmb_client *cl, int ret)
{
	struct rpmb_ops *ops = rpmb_get_ops(dev);
	int err = 0;

	if (ops->release_bus)
		err = ops->release_bus(dev);
	rpmb_wipe(cl->frames, cl->nframes * RPMB_FRAME_SIZE);
	free(cl->frames);
	cl->frames = NULL;
	rpmb_key_put(rpmb_to_port(cl));
	if (ret)
		return ret;
	/* failures of earlier tries do not count */
	cl->status.fault = err ? RPMB_FAULT_LINK : RPMB_FAULT_NONE;
	return err;
}

/*
 * The verbs of a driver whose device does not speak JEDEC's frames, else NULL
 */
static const struct rpmb_verbs *own_verbs(struct udevice *dev)
{
	return rpmb_has_frames(dev) ? NULL : rpmb_get_ops(dev)->own;
}

int rpmb_get_capacity(struct udevice *dev, u8 target)
{
	struct rpmb_port *port = rpmb_get_port(dev, target);
	struct rpmb_ops *ops = rpmb_get_ops(dev);

	if (CONFIG_IS_ENABLED(RPMB_OWN_VERBS) && ops->own &&
	    ops->own->get_capacity)
		return ops->own->get_capacity(dev, target);
	return port ? port->client.blocks / RPMB_BLOCKS_PER_UNIT : -EINVAL;
}

int rpmb_get_write_count(struct rpmb_ref ref, u32 *count)
{
	const struct rpmb_verbs *own = own_verbs(ref.dev);
	struct rpmb_client *cl;
	int ret;

	if (own)
		return own->get_write_count ?
			own->get_write_count(ref, count) : -ENOSYS;
	ret = rpmb_op_begin(ref, 1, 0, &cl);
	if (ret)
		return ret;
	ret = rpmb_client_get_counter(cl, cl->key, count);
	return rpmb_op_end(ref.dev, cl, ret);
}

static noinline int write_blocks(struct rpmb_ref ref, u32 addr, u32 count,
				 const void *data, bool read_back)
{
	int gate = rpmb_gate_write(ref.dev, ref.target, addr, count);
	const struct rpmb_verbs *own = own_verbs(ref.dev);
	struct rpmb_client *cl;
	int ret;

	if (own && gate)
		return gate;
	if (own)
		return own->write_blocks ?
			own->write_blocks(ref, addr, count, data) : -ENOSYS;
	ret = rpmb_op_begin(ref, count, gate, &cl);
	if (ret)
		return ret;
	cl->read_back = read_back;
	ret = rpmb_client_write(cl, cl->key, addr, count, data);
	return rpmb_op_end(ref.dev, cl, ret);
}

int rpmb_write_blocks(struct rpmb_ref ref, u32 addr, u32 count,
		      const void *data)
{
	return write_blocks(ref, addr, count, data, false);
}

int rpmb_write_blocks_read_back(struct rpmb_ref ref, u32 addr, u32 count,
				const void *data)
{
	return write_blocks(ref, addr, count, data, true);
}

int rpmb_read_blocks(struct rpmb_ref ref, u32 addr, u32 count, void *data)
{
	const struct rpmb_verbs *own = own_verbs(ref.dev);
	struct rpmb_client *cl;
	int ret;

	if (own)
		return own->read_blocks ?
			own->read_blocks(ref, addr, count, data) : -ENOSYS;
	ret = rpmb_op_begin(ref, count, 0, &cl);
	if (ret)
		return ret;
	ret = rpmb_client_read(cl, cl->key, addr, count, data);
	return rpmb_op_end(ref.dev, cl, ret);
}

/*
 * The frames are copied to aligned work space, since the caller's need not be
 */
int rpmb_route_frames(struct udevice *dev, u8 target,
		      const struct rpmb_frames *frames)
{
	u32 req_cnt = frames->req_cnt, resp_cnt = frames->resp_cnt;
	struct rpmb_client *cl;
	int ret;

	if (!rpmb_has_frames(dev))
		return -ENOSYS;
	if (!req_cnt || req_cnt >= CONFIG_RPMB_MAX_FRAMES ||
	    !resp_cnt || resp_cnt > CONFIG_RPMB_MAX_FRAMES - req_cnt)
		return -EINVAL;

	ret = rpmb_gate_frames(dev, target, frames->req, req_cnt);
	ret = rpmb_op_begin(rpmb_ref(dev, target, RPMB_KEY_NONE),
			    req_cnt + resp_cnt - 1, ret, &cl);
	if (ret)
		return ret;
	memcpy(cl->frames, frames->req, req_cnt * RPMB_FRAME_SIZE);
	/* the caller's memory may have changed since the first check */
	ret = rpmb_gate_frames(dev, target, cl->frames, req_cnt);
	if (ret)
		return rpmb_op_end(dev, cl, ret);
	rpmb_client_forget(cl);
	cl->status.state = RPMB_STATE_UNKNOWN;
	ret = rpmb_client_exchange(cl, req_cnt, resp_cnt);
	if (!ret)
		memcpy(frames->resp, cl->frames + req_cnt,
		       resp_cnt * RPMB_FRAME_SIZE);
	return rpmb_op_end(dev, cl, ret);
}

static int rpmb_post_probe(struct udevice *dev)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);
	struct rpmb_descr *descr = &uc_priv->descr;
	int i;

	if (!rpmb_get_ops(dev)->route_frames && !own_verbs(dev))
		return -ENOSYS;
	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		struct rpmb_port *port = &uc_priv->port[i];

		port->dev = dev;
		port->target = i;
		port->client.link = &rpmb_uclass_link;
		port->client.priv = port;
		port->client.blocks = RPMB_BLOCKS_PER_UNIT *
			min_t(u32, descr->target[i].capacity, RPMB_MAX_UNITS);
		port->client.max_wr = descr->max_wr;
		port->client.max_rd = descr->max_rd;
		port->client.flags = descr->flags;
	}
	return 0;
}

UCLASS_DRIVER(rpmb) = {
	.id		= UCLASS_RPMB,
	.name		= "rpmb",
	.post_probe	= rpmb_post_probe,
	.per_device_auto = sizeof(struct rpmb_uc_priv),
};
