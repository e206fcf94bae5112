// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB over virtio: device id 28 (OASIS VIRTIO 1.2 section 5.12)
 *
 * A request, the result-read frame where one is due and room for the reply
 * travel as one chain of descriptors, a frame each. The device behind the
 * queue is not trusted: it is given memory of the driver's own and no other,
 * which stays allocated when it hangs, and a reply is copied out of its reach
 * before anybody looks at it. What it says about the queue is checked once
 * more; a device that breaks the queue or the time limit is given up.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <bouncebuf.h>
#include <cpu_func.h>
#include <dm.h>
#include <log.h>
#include <malloc.h>
#include <time.h>
#include <virtio_types.h>
#include <virtio.h>
#include <virtio_ring.h>
#include <asm/cache.h>
#include <dm/device-internal.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <u-boot/schedule.h>
#include <rpmb/wipe.h>
#include "rpmb-internal.h"
#include "virtio_rpmb.h"

/* A request, the result-read frame and a reply */
#define VIRTIO_RPMB_MIN_QUEUE		3

/* How long a device that is given back may take to reset */
#define VIRTIO_RPMB_RESET_MS		100

/**
 * struct virtio_rpmb_priv - one device
 *
 * @vq:		the request queue. Must stay first: the PCI transport's reset
 *		takes the first word of this structure for its own when it
 *		deletes a queue, and what it then writes falls harmlessly into
 *		the queue that is about to be freed
 * @frames:	memory the device may reach, a frame for each descriptor
 * @sg:		@frames, one by one
 * @sgs:	@sg, one by one
 * @size:	descriptors of the queue that are used
 * @failed:	why the device was given up, -errno; 0 if it was not
 * @dev_id:	name of the configuration and place on the board
 */
struct virtio_rpmb_priv {
	struct virtqueue *vq;
	struct rpmb_frame *frames;
	struct virtio_sg *sg;
	struct virtio_sg **sgs;
	u32 size;
	int failed;
	char dev_id[VIRTIO_RPMB_ID_LEN];
};

/*
 * From here to its reset nothing is read from the device or sent to it, not even
 * a status: if its back end has died, the VMM may hang on any access.
 */
static int virtio_rpmb_give_up(struct udevice *dev, const char *why, int err)
{
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);

	priv->failed = err;
	log_err("%s: %s; the device is given up until the next reset\n",
		dev->name, why);

	return err;
}

/* Completions that the driver has not looked at yet, as the device says */
static u16 virtio_rpmb_pending(const struct virtqueue *vq)
{
	u16 used = virtio16_to_cpu(vq->vdev, READ_ONCE(vq->vring.used->idx));

	/* virtio_rmb() is empty, but the device may be on another processor */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);

	return used - vq->last_used_idx;
}

/* @start is when the request went out */
static int virtio_rpmb_wait(struct udevice *dev, ulong start)
{
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);
	u16 pending;

	do {
		pending = virtio_rpmb_pending(priv->vq);
		if (pending == 1)
			return 0;
		if (pending)
			return virtio_rpmb_give_up(dev, "used index jumped",
						   -EPROTO);
		schedule();
	} while (get_timer(start) <= CONFIG_RPMB_VIRTIO_TIMEOUT_MS);

	return virtio_rpmb_give_up(dev, "no answer in time", -ETIMEDOUT);
}

/*
 * A device that has not answered may still be reading the request. If the key
 * were wiped before the type, it could program a key of zeroes, for good.
 */
static void virtio_rpmb_wipe(struct rpmb_frame *frames, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		rpmb_put16(&frames[i].req_resp, 0);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	rpmb_wipe(frames, count * sizeof(*frames));
}

/*
 * Behind an IOMMU the queue copies each frame to pages of its own and frees
 * them as they are. A programming request would leave its key there.
 */
static void virtio_rpmb_wipe_bounced(struct virtqueue *vq, uint desc, u32 count)
{
	if (!IS_ENABLED(CONFIG_BOUNCE_BUFFER) || !vq->vring.bouncebufs)
		return;

	for (; count; count--) {
		struct bounce_buffer *bb = &vq->vring.bouncebufs[desc];
		ulong start = (ulong)bb->bounce_buffer;

		virtio_rpmb_wipe(bb->bounce_buffer,
				 bb->len / sizeof(struct rpmb_frame));
		flush_dcache_range(start, start + bb->len_aligned);
		desc = vq->vring_desc_shadow[desc].next;
	}
}

/* One chain: @out frames to the device, then room for @in frames from it */
static int virtio_rpmb_exchange(struct udevice *dev, u32 out, u32 in)
{
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);
	struct virtqueue *vq = priv->vq;
	ulong start = get_timer(0);
	uint head = vq->free_head;
	uint len = 0;
	int ret;

	if (virtio_rpmb_pending(vq))
		return virtio_rpmb_give_up(dev, "answer without a request",
					   -EPROTO);

	ret = virtqueue_add(vq, priv->sgs, out, in);
	if (ret)
		return ret;
	virtqueue_kick(vq);

	ret = virtio_rpmb_wait(dev, start);
	virtio_rpmb_wipe_bounced(vq, head, out);
	if (ret)
		return ret;

	/* Only this chain is out there: any other id is refused by the queue */
	if (!virtqueue_get_buf(vq, &len))
		return virtio_rpmb_give_up(dev, "used id is not the request's",
					   -EPROTO);
	if (len != in * RPMB_FRAME_SIZE && len != RPMB_FRAME_SIZE) {
		log_err("%s: the reply has %u of %u bytes\n", dev->name, len,
			in * RPMB_FRAME_SIZE);
		return -EPROTO;
	}
	/* some refuse in one frame, whatever was asked for: clear the rest */
	memset(&priv->frames[out] + len / RPMB_FRAME_SIZE, 0,
	       in * RPMB_FRAME_SIZE - len);

	return 0;
}

/* Returns the number of frames that go to the device */
static u32 virtio_rpmb_load(struct virtio_rpmb_priv *priv,
			    const struct rpmb_frame *req, u32 req_cnt)
{
	struct rpmb_frame *result = &priv->frames[req_cnt];

	memcpy(priv->frames, req, req_cnt * sizeof(*req));
	if (!rpmb_frame_needs_result_read(req))
		return req_cnt;

	rpmb_frame_init(result, RPMB_REQ_RESULT_READ);
	rpmb_put16(&result->block_count, 1);

	return req_cnt + 1;
}

static int virtio_rpmb_route_frames(struct udevice *dev, u8 target,
				    const struct rpmb_frames *frames)
{
	u32 req_cnt = frames->req_cnt, resp_cnt = frames->resp_cnt;
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);
	u32 room = priv->size;
	u32 out;
	int ret;

	if (priv->failed) {
		log_err("%s: was given up, not used any more\n", dev->name);
		return priv->failed;
	}

	if (!req_cnt || !resp_cnt || req_cnt >= room)
		return -EINVAL;
	room -= req_cnt + rpmb_frame_needs_result_read(frames->req);
	if (resp_cnt > room)
		return -EINVAL;

	out = virtio_rpmb_load(priv, frames->req, req_cnt);
	ret = virtio_rpmb_exchange(dev, out, resp_cnt);
	if (!ret)
		memcpy(frames->resp, priv->frames + out,
		       resp_cnt * RPMB_FRAME_SIZE);
	virtio_rpmb_wipe(priv->frames, out + resp_cnt);

	return ret;
}

static int virtio_rpmb_alloc(struct virtio_rpmb_priv *priv)
{
	u32 i;

	priv->frames = memalign(ARCH_DMA_MINALIGN,
				priv->size * sizeof(*priv->frames));
	priv->sg = calloc(priv->size, sizeof(*priv->sg));
	priv->sgs = calloc(priv->size, sizeof(*priv->sgs));
	if (!priv->frames || !priv->sg || !priv->sgs)
		return -ENOMEM;

	memset(priv->frames, '\0', priv->size * sizeof(*priv->frames));
	for (i = 0; i < priv->size; i++) {
		priv->sg[i].addr = &priv->frames[i];
		priv->sg[i].length = sizeof(priv->frames[i]);
		priv->sgs[i] = &priv->sg[i];
	}

	return 0;
}

static bool virtio_rpmb_has_reset(struct udevice *dev)
{
	ulong start = get_timer(0);
	u8 status;

	do {
		if (virtio_get_status(dev, &status))
			return false;
		if (!status)
			return true;
	} while (get_timer(start) <= VIRTIO_RPMB_RESET_MS);

	return false;
}

/* Memory is given back only when the device says that it has let go of it */
static int virtio_rpmb_remove(struct udevice *dev)
{
	struct virtio_dev_priv *bus_priv = dev_get_uclass_priv(dev->parent);
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);
	int ret;

	ret = virtio_reset(dev);
	if (ret || !virtio_rpmb_has_reset(dev)) {
		log_err("%s: does not reset, its memory is not reused\n",
			dev->name);
		return 0;
	}

	/* Of the transports, only modern PCI has deleted the queue by now */
	if (!list_empty(&bus_priv->vqs))
		vring_del_virtqueue(priv->vq);
	free(priv->frames);
	free(priv->sg);
	free(priv->sgs);

	return 0;
}

static int virtio_rpmb_start(struct udevice *dev)
{
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);

	/* a queue may be larger than any exchange, which has a result read */
	priv->size = min_t(u32, virtqueue_get_vring_size(priv->vq),
			   CONFIG_RPMB_MAX_FRAMES + 1);
	if (priv->size < VIRTIO_RPMB_MIN_QUEUE) {
		log_err("%s: a queue of %u is too small\n", dev->name,
			priv->size);
		return -EINVAL;
	}

	return virtio_rpmb_alloc(priv);
}

static int virtio_rpmb_probe(struct udevice *dev)
{
	struct virtio_rpmb_priv *priv = dev_get_priv(dev);
	struct virtio_rpmb_config cfg = {};
	int ret;

	ret = virtio_rpmb_read_config(dev, &cfg);
	if (ret)
		return ret;
	if (!cfg.capacity) {
		log_err("%s: has no capacity\n", dev->name);
		return -ENXIO;
	}

	ret = virtio_find_vqs(dev, 1, &priv->vq);
	if (ret)
		return ret;
	ret = virtio_rpmb_start(dev);
	if (ret) {
		virtio_rpmb_remove(dev);
		return ret;
	}
	ret = virtio_rpmb_describe(dev, &cfg, priv->size, priv->dev_id);
	if (ret)
		virtio_rpmb_remove(dev);
	return ret;
}

static int virtio_rpmb_bind(struct udevice *dev)
{
	struct virtio_dev_priv *bus_priv = dev_get_uclass_priv(dev->parent);

	/* The text defines no feature bits */
	virtio_driver_features_init(bus_priv, NULL, 0, NULL, 0);

	return 0;
}

static const struct rpmb_ops virtio_rpmb_ops = {
	.route_frames = virtio_rpmb_route_frames,
};

U_BOOT_DRIVER(virtio_rpmb) = {
	.name		= VIRTIO_RPMB_DRV_NAME,
	.id		= UCLASS_RPMB,
	.ops		= &virtio_rpmb_ops,
	.bind		= virtio_rpmb_bind,
	.probe		= virtio_rpmb_probe,
	.remove		= virtio_rpmb_remove,
	.priv_auto	= sizeof(struct virtio_rpmb_priv),
	.flags		= DM_FLAG_ACTIVE_DMA,
};

/*
 * The number is the transport's, as bound in device-tree order or given by an
 * alias: a device keeps its name whatever else is plugged in. Probing a
 * transport binds its device; one that cannot be probed offers none.
 */
int virtio_rpmb_scan(void)
{
	struct udevice *bus, *dev;
	struct uclass *uc;
	char name[20];
	int ret;

	uclass_id_foreach_dev(UCLASS_VIRTIO, bus, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		if (device_probe(bus))
			continue;
		device_find_first_child_by_uclass(bus, UCLASS_RPMB, &dev);
		snprintf(name, sizeof(name), "virtio%d", dev_seq(bus));
		if (!dev || !strcmp(dev->name, name))
			continue;
		ret = device_set_name(dev, name);
		if (ret)
			return ret;
	}

	return 0;
}
