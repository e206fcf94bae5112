// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB uclass: devices, targets and keys in, the shared client behind
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <memalign.h>
#include <rng.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

/**
 * struct rpmb_port - one target of a device, as its client sees it
 *
 * @dev:	RPMB device
 * @target:	target
 * @key_epoch:	rpmb_key_epoch() that @client is valid under
 * @client:	state of the protocol
 */
struct rpmb_port {
	struct udevice *dev;
	u8 target;
	u32 key_epoch;
	struct rpmb_client client;
};

/**
 * struct rpmb_uc_priv - what the uclass keeps of a device
 *
 * @descr:	facts, stated by the driver
 * @port:	targets
 */
struct rpmb_uc_priv {
	struct rpmb_descr descr;
	struct rpmb_port port[RPMB_MAX_TARGETS];
};

/* No board hook: the board is closed */
__weak bool board_rpmb_is_open(void)
{
	return false;
}

struct rpmb_descr *rpmb_get_descr(struct udevice *dev)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);

	return &uc_priv->descr;
}

static struct rpmb_port *get_port(struct udevice *dev, u8 target)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);

	if (target >= RPMB_MAX_TARGETS ||
	    !uc_priv->descr.target[target].capacity)
		return NULL;
	return &uc_priv->port[target];
}

const struct rpmb_status *rpmb_get_status(struct udevice *dev, u8 target)
{
	struct rpmb_port *port = get_port(dev, target);

	return port ? &port->client.status : NULL;
}

static int link_route(void *priv, const struct rpmb_frame *req, u32 req_cnt,
		      struct rpmb_frame *resp, u32 resp_cnt)
{
	struct rpmb_port *port = priv;
	struct rpmb_ops *ops = rpmb_get_ops(port->dev);

	return ops->route_frames(port->dev, port->target, req, req_cnt, resp,
				 resp_cnt);
}

static int link_nonce(void *priv, u8 *buf, size_t len)
{
	struct udevice *rng;
	int ret;

	ret = uclass_get_device(UCLASS_RNG, 0, &rng);
	if (ret)
		return ret;
	return dm_rng_read(rng, buf, len);
}

static const struct rpmb_link rpmb_uclass_link = {
	.route = link_route,
	.nonce = link_nonce,
};

/* As many frames as help or, where memory is short, as there are */
static int alloc_frames(struct rpmb_client *cl, u32 count)
{
	if (count > CONFIG_RPMB_MAX_FRAMES)
		count = CONFIG_RPMB_MAX_FRAMES;
	for (; count >= 2; count /= 2) {
		cl->nframes = count;
		cl->frames = malloc_cache_aligned(count * RPMB_FRAME_SIZE);
		if (cl->frames)
			return 0;
	}
	return -ENOMEM;
}

static void free_frames(struct rpmb_client *cl)
{
	rpmb_wipe(cl->frames, cl->nframes * RPMB_FRAME_SIZE);
	free(cl->frames);
	cl->frames = NULL;
}

int rpmb_op_begin(struct rpmb_op *op, struct udevice *dev, u8 target,
		  rpmb_keyid_t keyid, u32 blocks)
{
	struct rpmb_port *port = get_port(dev, target);
	struct rpmb_ops *ops = rpmb_get_ops(dev);
	struct rpmb_client *cl;
	int ret;

	if (!port)
		return -EINVAL;
	cl = &port->client;
	op->dev = dev;
	op->cl = cl;
	op->mac = NULL;
	memset(&cl->status, 0, sizeof(cl->status));
	cl->status.fault = RPMB_FAULT_PARAM;
	if (keyid != RPMB_KEY_NONE) {
		ret = rpmb_key_get(keyid, &op->mac, &op->key);
		if (ret)
			return ret;
	}
	if (port->key_epoch != rpmb_key_epoch())
		rpmb_client_forget(cl);
	port->key_epoch = rpmb_key_epoch();

	ret = alloc_frames(cl, blocks < RPMB_MAX_BLOCKS ? blocks + 1 : blocks);
	if (ret || !ops->claim_bus)
		return ret;
	cl->status.fault = RPMB_FAULT_LINK;
	ret = ops->claim_bus(dev);
	if (ret)
		free_frames(cl);
	return ret;
}

int rpmb_op_end(struct rpmb_op *op, int ret)
{
	struct rpmb_ops *ops = rpmb_get_ops(op->dev);
	int err = 0;

	if (ops->release_bus)
		err = ops->release_bus(op->dev);
	free_frames(op->cl);
	return ret ? ret : err;
}

/* An operation by the shared client, named by the request it comes down to */
static int client_verb(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		       u16 req, u32 addr, u32 count, void *data)
{
	struct rpmb_op op;
	int ret;

	ret = rpmb_op_begin(&op, dev, target, keyid, count ? count : 1);
	if (ret)
		return ret;
	if (req == RPMB_REQ_READ_DATA)
		ret = rpmb_client_read(op.cl, op.mac, addr, count, data);
	else if (req == RPMB_REQ_GET_COUNTER)
		ret = rpmb_client_get_counter(op.cl, op.mac, data);
	else if (!op.mac)
		ret = -EINVAL;
	else if (req == RPMB_REQ_WRITE_DATA)
		ret = rpmb_client_write(op.cl, op.mac, addr, count, data);
	else
		ret = rpmb_client_program_key(op.cl, op.mac, op.key);
	return rpmb_op_end(&op, ret);
}

/* The gate, then the driver's own operation or the client's; one for all */
static noinline int verb(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 u16 req, u32 addr, u32 count, void *data)
{
	struct rpmb_ops *ops = rpmb_get_ops(dev);
	bool changes = req == RPMB_REQ_PROGRAM_KEY ||
		       req == RPMB_REQ_WRITE_DATA;

	if (changes && !board_rpmb_is_open())
		return -EPERM;
	if (req == RPMB_REQ_PROGRAM_KEY && ops->program_key)
		return ops->program_key(dev, target, keyid);
	if (req == RPMB_REQ_GET_COUNTER && ops->get_write_count)
		return ops->get_write_count(dev, target, keyid, data);
	if (req == RPMB_REQ_WRITE_DATA && ops->write_blocks)
		return ops->write_blocks(dev, target, keyid, addr, count, data);
	if (req == RPMB_REQ_READ_DATA && ops->read_blocks)
		return ops->read_blocks(dev, target, keyid, addr, count, data);
	return client_verb(dev, target, keyid, req, addr, count, data);
}

int rpmb_program_key(struct udevice *dev, u8 target, rpmb_keyid_t keyid)
{
	return verb(dev, target, keyid, RPMB_REQ_PROGRAM_KEY, 0, 1, NULL);
}

int rpmb_get_capacity(struct udevice *dev, u8 target)
{
	struct rpmb_ops *ops = rpmb_get_ops(dev);

	if (ops->get_capacity)
		return ops->get_capacity(dev, target);
	if (!get_port(dev, target))
		return -EINVAL;
	return rpmb_get_descr(dev)->target[target].capacity;
}

int rpmb_get_write_count(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 u32 *count)
{
	return verb(dev, target, keyid, RPMB_REQ_GET_COUNTER, 0, 1, count);
}

int rpmb_write_blocks(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		      u32 addr, u32 count, const void *data)
{
	return verb(dev, target, keyid, RPMB_REQ_WRITE_DATA, addr, count,
		    (void *)data);
}

int rpmb_read_blocks(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		     u32 addr, u32 count, void *data)
{
	return verb(dev, target, keyid, RPMB_REQ_READ_DATA, addr, count, data);
}

static bool carries_key(const struct rpmb_frame *req, u32 count)
{
	for (; count; count--, req++) {
		if (rpmb_get16(&req->req_resp) == RPMB_REQ_PROGRAM_KEY)
			return true;
	}
	return false;
}

/* The frames travel through aligned work space: TEEs know nothing of DMA */
int rpmb_route_frames(struct udevice *dev, u8 target,
		      const struct rpmb_frame *req, u32 req_cnt,
		      struct rpmb_frame *resp, u32 resp_cnt)
{
	struct rpmb_op op;
	int ret;

	if (!rpmb_get_ops(dev)->route_frames)
		return -ENOSYS;
	if (!req_cnt || req_cnt >= CONFIG_RPMB_MAX_FRAMES ||
	    !resp_cnt || resp_cnt > CONFIG_RPMB_MAX_FRAMES - req_cnt)
		return -EINVAL;
	if (carries_key(req, req_cnt) && !board_rpmb_is_open())
		return -EPERM;

	ret = rpmb_op_begin(&op, dev, target, RPMB_KEY_NONE,
			    req_cnt + resp_cnt - 1);
	if (ret)
		return ret;
	ret = -ENOMEM;
	if (op.cl->nframes == req_cnt + resp_cnt) {
		memcpy(op.cl->frames, req, req_cnt * RPMB_FRAME_SIZE);
		rpmb_client_forget(op.cl);
		ret = rpmb_client_exchange(op.cl, req_cnt, resp_cnt);
	}
	if (!ret)
		memcpy(resp, op.cl->frames + req_cnt,
		       resp_cnt * RPMB_FRAME_SIZE);
	return rpmb_op_end(&op, ret);
}

static int rpmb_post_probe(struct udevice *dev)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);
	struct rpmb_descr *descr = &uc_priv->descr;
	int i;

	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		struct rpmb_port *port = &uc_priv->port[i];

		port->dev = dev;
		port->target = i;
		port->client.link = &rpmb_uclass_link;
		port->client.priv = port;
		port->client.blocks = min_t(u32, descr->target[i].capacity *
					    RPMB_BLOCKS_PER_UNIT,
					    RPMB_MAX_BLOCKS);
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
