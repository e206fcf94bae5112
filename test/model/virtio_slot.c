// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A slot for a virtio RPMB in sandbox
 */

#include <dm.h>
#include <malloc.h>
#include <time.h>
#include <virtio_types.h>
#include <virtio.h>
#include <virtio_ring.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include "virtio_slot.h"

#define BLOCKS_PER_UNIT		512
#define MAX_CHAIN		256
#define RING_ALIGN		4096

/**
 * struct virtio_slot_plat - the slot; outlives the transport's probe
 *
 * @cfg:	as it was bound
 * @model:	the RPMB
 * @front end:	its front end
 * @ring:	the queue, as it was when the driver set it up
 * @running:	@ring is valid
 * @stuck:	a reset is ignored
 * @status:	device status
 * @last_avail:	chains taken
 * @generation:	of the configuration
 * @last:	the chain that was taken last
 * @out:	its frames
 * @in:		reply
 */
struct virtio_slot_plat {
	struct virtio_slot_cfg cfg;
	struct rpmb_model model;
	struct virtio_front front;
	struct vring ring;
	bool running;
	bool stuck;
	u8 status;
	u16 last_avail;
	u32 generation;
	struct {
		u16 head;
		u32 out_cnt;
		u32 in_cnt;
		const u8 *request;
		u8 *in[MAX_CHAIN];
	} last;
	u8 out[MAX_CHAIN * RPMB_MODEL_FRAME];
	u8 in[MAX_CHAIN * RPMB_MODEL_FRAME];
};

struct virtio_front *virtio_slot_front(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	return &plat->front;
}

u8 virtio_slot_status(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	return plat->status;
}

void virtio_slot_stick(struct udevice *dev, bool stuck)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	plat->stuck = stuck;
}

const u8 *virtio_slot_request(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	return plat->last.request;
}

static int virtio_slot_get_config(struct udevice *dev, unsigned int offset,
				  void *buf, unsigned int len)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);
	u8 cfg[VIRTIO_FRONT_CONFIG_SIZE];

	if (offset > sizeof(cfg) || len > sizeof(cfg) - offset)
		return -EINVAL;
	virtio_front_config(&plat->front, cfg);
	memcpy(buf, cfg + offset, len);
	if (plat->cfg.unsettled) {
		plat->cfg.unsettled--;
		plat->generation++;
	}

	return 0;
}

static int virtio_slot_set_config(struct udevice *dev, unsigned int offset,
				  const void *buf, unsigned int len)
{
	return -EPERM;
}

static int virtio_slot_generation(struct udevice *dev, u32 *counter)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	*counter = plat->generation;

	return 0;
}

static int virtio_slot_get_status(struct udevice *dev, u8 *status)
{
	*status = virtio_slot_status(dev);

	return 0;
}

static int virtio_slot_set_status(struct udevice *dev, u8 status)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	plat->status = status;

	return 0;
}

static void delete_queues(struct udevice *dev)
{
	struct virtio_dev_priv *uc_priv = dev_get_uclass_priv(dev);
	struct virtqueue *vq, *next;

	list_for_each_entry_safe(vq, next, &uc_priv->vqs, list)
		vring_del_virtqueue(vq);
}

static int virtio_slot_reset(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	if (plat->stuck)
		return 0;
	plat->status = 0;
	plat->running = false;
	plat->last_avail = 0;
	if (plat->cfg.pci)
		delete_queues(dev);

	return 0;
}

static int virtio_slot_get_features(struct udevice *dev, u64 *features)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	*features = plat->cfg.legacy ? 0 : BIT_ULL(VIRTIO_F_VERSION_1);
	if (plat->cfg.iommu)
		*features |= BIT_ULL(VIRTIO_F_IOMMU_PLATFORM);

	return 0;
}

static int virtio_slot_set_features(struct udevice *dev)
{
	return 0;
}

static int virtio_slot_find_vqs(struct udevice *dev, unsigned int nvqs,
				struct virtqueue *vqs[])
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);

	if (nvqs != 1)
		return -EINVAL;
	vqs[0] = vring_create_virtqueue(0, plat->cfg.queue, RING_ALIGN, dev);
	if (!vqs[0])
		return -ENOMEM;
	plat->ring = vqs[0]->vring;
	plat->running = true;

	return 0;
}

static int virtio_slot_del_vqs(struct udevice *dev)
{
	return -ENOSYS;
}

/* A descriptor holds one frame; what the driver reads comes after the rest */
static void take_frame(struct virtio_slot_plat *plat,
		       const struct vring_desc *desc)
{
	u8 *frame = (u8 *)(uintptr_t)desc->addr;

	if (desc->len != RPMB_MODEL_FRAME ||
	    plat->last.in_cnt + plat->last.out_cnt == MAX_CHAIN)
		return;
	if (desc->flags & VRING_DESC_F_WRITE)
		plat->last.in[plat->last.in_cnt++] = frame;
	else
		memcpy(plat->out + plat->last.out_cnt++ * RPMB_MODEL_FRAME,
		       frame, RPMB_MODEL_FRAME);
}

static void take_chain(struct virtio_slot_plat *plat, u16 head)
{
	const struct vring_desc *desc = &plat->ring.desc[head];
	int i;

	plat->last.head = head;
	plat->last.request = (const u8 *)(uintptr_t)desc->addr;
	plat->last.out_cnt = 0;
	plat->last.in_cnt = 0;
	for (i = 0; i < plat->ring.num; i++) {
		take_frame(plat, desc);
		if (!(desc->flags & VRING_DESC_F_NEXT))
			break;
		desc = &plat->ring.desc[desc->next];
	}
}

static void put_used(struct virtio_slot_plat *plat,
		     const struct virtio_front_answer *answer)
{
	struct vring_used *used = plat->ring.used;
	struct vring_used_elem *elem;

	elem = &used->ring[used->idx % plat->ring.num];
	elem->id = plat->last.head + answer->id;
	elem->len = answer->len;
	used->idx += answer->step;
}

static void answer_chain(struct virtio_slot_plat *plat)
{
	struct virtio_front_answer answer;
	u32 i;

	virtio_front_run(&plat->front, plat->out, plat->last.out_cnt, plat->in,
			 plat->last.in_cnt, &answer);
	for (i = 0; i < plat->last.in_cnt; i++) {
		if (i < answer.len / RPMB_MODEL_FRAME)
			memcpy(plat->last.in[i],
			       plat->in + i * RPMB_MODEL_FRAME,
			       RPMB_MODEL_FRAME);
	}

	if (answer.complete)
		put_used(plat, &answer);
	else	/* let the driver's patience end at once */
		timer_test_add_offset(CONFIG_RPMB_VIRTIO_TIMEOUT_MS + 1);
}

void virtio_slot_complete(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);
	struct virtio_front_answer answer = { .step = 1 };
	u32 i;

	for (i = 0; i < plat->last.in_cnt; i++)
		memset(plat->last.in[i], 0xa5, RPMB_MODEL_FRAME);
	answer.len = plat->last.in_cnt * RPMB_MODEL_FRAME;
	put_used(plat, &answer);
}

static int virtio_slot_notify(struct udevice *dev, struct virtqueue *vq)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);
	struct vring_avail *avail = plat->ring.avail;

	while (plat->running && avail->idx != plat->last_avail) {
		take_chain(plat, avail->ring[plat->last_avail++ %
					     plat->ring.num]);
		answer_chain(plat);
	}

	return 0;
}

static int virtio_slot_probe(struct udevice *dev)
{
	struct virtio_dev_priv *uc_priv = dev_get_uclass_priv(dev);

	uc_priv->device = VIRTIO_ID_RPMB;

	return 0;
}

static const struct dm_virtio_ops virtio_slot_ops = {
	.get_config	= virtio_slot_get_config,
	.set_config	= virtio_slot_set_config,
	.generation	= virtio_slot_generation,
	.get_status	= virtio_slot_get_status,
	.set_status	= virtio_slot_set_status,
	.reset		= virtio_slot_reset,
	.get_features	= virtio_slot_get_features,
	.set_features	= virtio_slot_set_features,
	.find_vqs	= virtio_slot_find_vqs,
	.del_vqs	= virtio_slot_del_vqs,
	.notify		= virtio_slot_notify,
};

U_BOOT_DRIVER(virtio_slot) = {
	.name		= "virtio_slot",
	.id		= UCLASS_VIRTIO,
	.ops		= &virtio_slot_ops,
	.probe		= virtio_slot_probe,
	.plat_auto	= sizeof(struct virtio_slot_plat),
};

static int insert(struct virtio_slot_plat *plat,
		  const struct virtio_slot_cfg *cfg)
{
	struct rpmb_model *m = &plat->model;

	plat->cfg = *cfg;
	m->flavour = RPMB_MODEL_VIRTIO;
	m->blocks = cfg->capacity * BLOCKS_PER_UNIT;
	m->max_wr = cfg->max_wr;
	m->max_rd = cfg->max_rd;
	m->store.data = calloc(m->blocks, RPMB_MODEL_BLOCK);
	if (!m->store.data)
		return -ENOMEM;
	rpmb_model_power_up(m);

	plat->front.model = m;
	plat->front.capacity = cfg->claim ?: cfg->capacity;
	if (cfg->no_capacity)
		plat->front.capacity = 0;

	return 0;
}

int virtio_slot_bind(struct udevice *parent, const struct virtio_slot_cfg *cfg,
		     struct udevice **devp)
{
	int ret;

	ret = device_bind_driver(parent, "virtio_slot", "virtio_slot", devp);
	if (ret)
		return ret;

	return insert(dev_get_plat(*devp), cfg);
}

int virtio_slot_unbind(struct udevice *dev)
{
	struct virtio_slot_plat *plat = dev_get_plat(dev);
	u8 *data = plat->model.store.data;
	int ret;

	ret = device_remove(dev, DM_REMOVE_NORMAL);
	if (!ret)
		ret = device_unbind(dev);
	if (!ret)
		free(data);

	return ret;
}
