// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB over virtio: what the device's configuration says of it
 *
 * OASIS VIRTIO 1.2 section 5.12.4.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <log.h>
#include <pci.h>
#include <virtio.h>
#include <vsprintf.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"
#include "virtio_rpmb.h"

/* The text allows 16 MiB, as much as an address of 16 bits reaches */
#define VIRTIO_RPMB_MAX_CAPACITY	0x80

/* Reading the configuration again while the device changes it */
#define VIRTIO_RPMB_CONFIG_TRIES	8

/* A byte at a time: transports take 1, 2, 4 or 8, and legacy ones swap */
static int virtio_rpmb_read_bytes(struct udevice *dev,
				  struct virtio_rpmb_config *cfg)
{
	u8 *byte = (u8 *)cfg;
	int i, ret;

	for (i = 0; i < sizeof(*cfg); i++) {
		ret = virtio_get_config(dev, i, byte + i, 1);
		if (ret)
			return ret;
	}

	return 0;
}

int virtio_rpmb_read_config(struct udevice *dev, struct virtio_rpmb_config *cfg)
{
	u32 before, after;
	int tries, ret;

	for (tries = 0; tries < VIRTIO_RPMB_CONFIG_TRIES; tries++) {
		if (virtio_generation(dev, &before))
			before = 0;
		ret = virtio_rpmb_read_bytes(dev, cfg);
		if (ret)
			return ret;
		if (virtio_generation(dev, &after))
			after = 0;
		if (before == after)
			return 0;
	}
	log_err("%s: configuration does not stand still\n", dev->name);

	return -EIO;
}

/* Most blocks per message: what the device allows and the queue has room for */
static u32 virtio_rpmb_limit(u8 allowed, u32 room)
{
	return allowed ? min_t(u32, allowed, room) : room;
}

/*
 * Virtio knows no device identity. What stands in for it is the name of the
 * configuration and the place of the transport on the board, so that keys
 * derived for two devices differ and their frames cannot be played against
 * each other. It says nothing about which storage the host has plugged in
 * there, and a device that moves to another place needs its key from a
 * provider that does not derive it. An identifier that was cut short could be
 * that of two devices.
 */
static int virtio_rpmb_set_id(struct udevice *dev,
			      char id[VIRTIO_RPMB_ID_LEN])
{
	struct udevice *bus = dev_get_parent(dev);
	int len;

	if (CONFIG_IS_ENABLED(PCI) && device_is_on_pci_bus(bus)) {
		pci_dev_t bdf = dm_pci_get_bdf(bus);

		len = snprintf(id, VIRTIO_RPMB_ID_LEN,
			       "%s/virtio-pci@%02x:%02x.%x",
			       CONFIG_RPMB_VIRTIO_NAME, PCI_BUS(bdf),
			       PCI_DEV(bdf), PCI_FUNC(bdf));
	} else {
		len = snprintf(id, VIRTIO_RPMB_ID_LEN, "%s/%s",
			       CONFIG_RPMB_VIRTIO_NAME, bus->name);
	}
	return len < VIRTIO_RPMB_ID_LEN ? 0 : -ENAMETOOLONG;
}

int virtio_rpmb_describe(struct udevice *dev, struct virtio_rpmb_config *cfg,
			 u32 queue, char id[VIRTIO_RPMB_ID_LEN])
{
	struct rpmb_descr *descr = rpmb_get_descr(dev);
	int ret;

	if (cfg->capacity > VIRTIO_RPMB_MAX_CAPACITY) {
		log_warning("%s: capacity 0x%x is more than can be addressed, using 0x%x\n",
			    dev->name, cfg->capacity,
			    VIRTIO_RPMB_MAX_CAPACITY);
		cfg->capacity = VIRTIO_RPMB_MAX_CAPACITY;
	}

	ret = virtio_rpmb_set_id(dev, id);
	if (ret)
		return ret;
	descr->type = RPMB_TYPE_VIRTIO;
	descr->flags = RPMB_F_READ_COUNT | RPMB_F_COUNT_ONE;
	descr->max_rd = virtio_rpmb_limit(cfg->max_rd_cnt, queue - 1);
	/* what is written in one message is read back in one */
	descr->max_wr = min(virtio_rpmb_limit(cfg->max_wr_cnt, queue - 2),
			    descr->max_rd);
	descr->target[0].capacity = cfg->capacity;
	descr->target[0].dev_id = (const u8 *)id;
	descr->target[0].dev_id_len = strlen(id);
	return 0;
}
