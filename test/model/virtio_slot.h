/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A slot for a virtio RPMB in sandbox: a transport with the virtio front end of the
 * RPMB model behind it
 *
 * U-Boot's sandbox transport cannot carry a device: its configuration cannot
 * be read and a notification goes nowhere. This one answers when notified.
 * Tests bind it at run time.
 */

#ifndef _VIRTIO_SLOT_H
#define _VIRTIO_SLOT_H

#include <linux/types.h>
#include "virtio_front.h"

struct udevice;

/**
 * struct virtio_slot_cfg - the device and its transport
 *
 * @capacity:	in units of 128 KiB
 * @claim:	capacity that the configuration says, 0 for the true one
 * @no_capacity: the configuration says 0
 * @max_wr:	configuration byte max_wr_cnt
 * @max_rd:	configuration byte max_rd_cnt
 * @queue:	descriptors
 * @legacy:	the device does not offer VERSION_1
 * @iommu:	the device offers IOMMU_PLATFORM, the queue copies every frame
 * @pci:	a reset deletes the queue, as the transport for PCI does
 * @unsettled:	reads of the configuration that find it changed meanwhile
 */
struct virtio_slot_cfg {
	u8 capacity;
	u8 claim;
	bool no_capacity;
	u8 max_wr;
	u8 max_rd;
	u16 queue;
	bool legacy;
	bool iommu;
	bool pci;
	u32 unsettled;
};

/** define VIRTIO_SLOT_CFG - no limits of its own, and a queue as QEMU's */
#define VIRTIO_SLOT_CFG { .capacity = 2, .queue = 64 }

/**
 * virtio_slot_bind() - add a transport with a device to the running sandbox
 *
 * @parent:	parent device, such as dm_root()
 * @cfg:	device and transport, copied
 * @devp:	transport, bound
 * Return: 0; -ENOMEM; or another -errno of driver model
 */
int virtio_slot_bind(struct udevice *parent, const struct virtio_slot_cfg *cfg,
		     struct udevice **devp);

/**
 * virtio_slot_unbind() - take it away again, with all that hangs on it
 *
 * @dev:	transport
 * Return: 0, or -errno of driver model
 */
int virtio_slot_unbind(struct udevice *dev);

/** virtio_slot_front() - the device, to look at and to arm; has the model */
struct virtio_front *virtio_slot_front(struct udevice *dev);

/** virtio_slot_status() - the device status byte */
u8 virtio_slot_status(struct udevice *dev);

/**
 * virtio_slot_stick() - the device does not let go when it is reset
 *
 * @dev:	transport
 * @stuck:	whether it does not
 */
void virtio_slot_stick(struct udevice *dev, bool stuck);

/**
 * virtio_slot_complete() - complete the chain that was taken last, once more
 *
 * What a device does that answers too late, or without being asked. All of
 * the room for the reply is overwritten.
 *
 * @dev:	transport
 */
void virtio_slot_complete(struct udevice *dev);

/**
 * virtio_slot_request() - where the request of the last chain lay
 *
 * The memory is the driver's and may have been freed since.
 *
 * @dev:	transport
 * Return: its first frame
 */
const u8 *virtio_slot_request(struct udevice *dev);

#endif /* _VIRTIO_SLOT_H */
