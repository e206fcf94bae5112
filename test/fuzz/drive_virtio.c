// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer of the drivers: a virtio device's configuration, and its used ring
 *
 * The queue is U-Boot's own (drivers/virtio/virtio_ring.c). When the device is
 * notified it writes into all that it can reach.
 */

#include "../../drivers/rpmb/virtio_rpmb.c"
#include "fuzz_drivers.h"

static struct virtio_dev_priv bus;

int virtio_get_config(struct udevice *dev, unsigned int offset, void *buf,
		      unsigned int len)
{
	u8 how = fuzz_u8(&fuzz_in);

	fuzz_bytes(&fuzz_in, buf, len);
	return how == 0xff ? -EIO : 0;
}

int virtio_generation(struct udevice *dev, u32 *counter)
{
	u8 how = fuzz_u8(&fuzz_in);

	*counter = how & 1;
	return how == 0xff ? -EIO : 0;
}

int virtio_get_status(struct udevice *dev, u8 *status)
{
	*status = 0;
	return 0;
}

int virtio_reset(struct udevice *dev)
{
	return 0;
}

void virtio_driver_features_init(struct virtio_dev_priv *priv,
				 const u32 *feature, u32 count,
				 const u32 *legacy, u32 legacy_count)
{
}

/* Transports refuse a queue of no power of two, and one of none */
int virtio_find_vqs(struct udevice *dev, unsigned int count,
		    struct virtqueue *vqs[])
{
	vqs[0] = vring_create_virtqueue(0, 1 << fuzz_pick(&fuzz_in, 9), 4096,
					dev);
	return vqs[0] ? 0 : -ENOMEM;
}

static u16 word(u16 likely)
{
	u8 how = fuzz_u8(&fuzz_in);

	return how & 0x80 ? fuzz_u16(&fuzz_in) : likely + (how & 7) - (how >> 3 & 7);
}

/* What a device does that is up to no good, or to some */
int virtio_notify(struct udevice *dev, struct virtqueue *vq)
{
	struct virtio_rpmb_priv *priv = fuzz_priv;
	struct vring *ring = &vq->vring;
	struct vring_used_elem *e;
	u32 n, frame;

	e = &ring->used->ring[vq->last_used_idx & (ring->num - 1)];
	e->id = word(ring->avail->ring[(vq->avail_idx_shadow - 1) &
				       (ring->num - 1)]);
	e->len = word(RPMB_FRAME_SIZE * fuzz_pick(&fuzz_in, 5));
	ring->used->flags = word(0);
	ring->used->idx = word(vq->last_used_idx + 1);
	for (n = fuzz_pick(&fuzz_in, 4); n; n--) {
		frame = fuzz_pick(&fuzz_in, priv->size);
		fuzz_bytes(&fuzz_in, &priv->frames[frame], 16);
	}
	for (n = fuzz_pick(&fuzz_in, 4); n; n--)
		fuzz_bytes(&fuzz_in, &ring->desc[fuzz_pick(&fuzz_in, ring->num)],
			   sizeof(*ring->desc));
	return 0;
}

enum uclass_id device_get_uclass_id(const struct udevice *dev)
{
	return UCLASS_MISC;
}

pci_dev_t dm_pci_get_bdf(const struct udevice *dev)
{
	return 0;
}

void fuzz_virtio(void)
{
	struct virtio_rpmb_priv *priv = calloc(1, sizeof(*priv));
	u32 n;

	fuzz_priv = priv;
	fuzz_parent_priv = &bus;
	fuzz_dev.parent = &fuzz_dev;
	INIT_LIST_HEAD(&bus.vqs);
	bus.features = 1ULL << VIRTIO_F_VERSION_1;
	bus.vdev = &fuzz_dev;
	if (!virtio_rpmb_probe(&fuzz_dev)) {
		fuzz_check_descr(1);
		fuzz_must(fuzz_descr.target[0].capacity <= 0x80);
		for (n = 0; fuzz_in.left && n < FUZZ_EXCHANGES; n++)
			fuzz_exchange(&virtio_rpmb_ops, 0);
		virtio_rpmb_remove(&fuzz_dev);
	}
	free(priv);
}
