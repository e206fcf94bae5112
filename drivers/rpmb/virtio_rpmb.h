/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _VIRTIO_RPMB_H
#define _VIRTIO_RPMB_H

#include <linux/types.h>

struct udevice;

/* Room for the name of the configuration and the place on the board */
#define VIRTIO_RPMB_ID_LEN	128

/**
 * struct virtio_rpmb_config - device configuration
 *
 * @capacity:	in units of 128 KiB
 * @max_wr_cnt:	most blocks per write request, 0 for no limit
 * @max_rd_cnt:	most blocks per read request, 0 for no limit
 */
struct virtio_rpmb_config {
	u8 capacity;
	u8 max_wr_cnt;
	u8 max_rd_cnt;
};

/**
 * virtio_rpmb_read_config() - read the configuration, all of one moment
 *
 * @dev:	RPMB device
 * @cfg:	the configuration
 * Return: 0; -EIO it does not stand still; or -errno of the transport
 */
int virtio_rpmb_read_config(struct udevice *dev, struct virtio_rpmb_config *cfg);

/**
 * virtio_rpmb_describe() - fill in the facts of a device
 *
 * @dev:	RPMB device
 * @cfg:	its configuration; a capacity beyond 0x80 becomes 0x80
 * @queue:	descriptors of the queue that are used, one for each frame
 * @id:		its identifier, which the facts point to
 * Return: 0; -ENAMETOOLONG the identifier has no room
 */
int virtio_rpmb_describe(struct udevice *dev, struct virtio_rpmb_config *cfg,
			 u32 queue, char id[VIRTIO_RPMB_ID_LEN]);

#endif
