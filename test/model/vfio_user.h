/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio-user, the server's side: one connection, one PCI device with one BAR
 *
 * The messages QEMU's vfio-user-pci sends to a device with one interrupt, INTx.
 * The guest's memory must be shared (a memfd): it is mapped, not asked for.
 */

#ifndef _VFIO_USER_H
#define _VFIO_USER_H

#include <stdbool.h>

#include "rpmb_model_sha256.h"

/** define VFIO_USER_MEMS - most pieces of guest memory */
#define VFIO_USER_MEMS		64

/** define VFIO_USER_CONFIG - bytes of PCI configuration space */
#define VFIO_USER_CONFIG	256

/**
 * struct vfio_user_mem - a piece of guest memory
 *
 * @addr:	guest address
 * @len:	bytes, 0: entry not used
 * @ptr:	where it is mapped, NULL if it is not
 * @map:	the mapping, which ends with it
 */
struct vfio_user_mem {
	u64 addr;
	u64 len;
	u8 *ptr;
	void *map;
};

/** struct vfio_user_ops - the device */
struct vfio_user_ops {
	/** @read: read 4 bytes of BAR 0 */
	u32 (*read)(void *ctx, u32 at);
	/** @write: write 4 bytes of BAR 0 */
	void (*write)(void *ctx, u32 at, u32 val);
	/** @reset: the machine was reset, or another one has connected */
	void (*reset)(void *ctx);
};

/**
 * struct vfio_user - one connection
 *
 * @fd:		socket, -1 if there is none
 * @ops:	the device
 * @ctx:	handed to @ops
 * @bar_size:	bytes of BAR 0, a power of two
 * @config:	PCI configuration space
 * @mem:	guest memory
 * @irq:	event that stands for INTx, -1 if there is none
 * @level:	INTx is asserted
 * @masked:	the VMM has not seen to the last event yet
 */
struct vfio_user {
	int fd;
	const struct vfio_user_ops *ops;
	void *ctx;
	u32 bar_size;
	u8 config[VFIO_USER_CONFIG];
	struct vfio_user_mem mem[VFIO_USER_MEMS];
	int irq;
	bool level;
	bool masked;
};

/**
 * vfio_user_set_id() - fill in the PCI configuration space
 *
 * @vu:		connection
 * @vendor:	vendor id
 * @device:	device id
 * @class_code:	24 bits
 */
void vfio_user_set_id(struct vfio_user *vu, u16 vendor, u16 device,
		      u32 class_code);

/**
 * vfio_user_open() - a VMM has connected
 *
 * @vu:		connection, set up
 * @fd:		its socket
 */
void vfio_user_open(struct vfio_user *vu, int fd);

/**
 * vfio_user_message() - take one message and answer it
 *
 * @vu:		connection
 * Return: 0; -1 the VMM is gone or makes no sense
 */
int vfio_user_message(struct vfio_user *vu);

/**
 * vfio_user_dma() - guest memory
 *
 * @vu:		connection
 * @addr:	guest address
 * @len:	bytes
 * Return: memory; NULL if not all of it is there in one piece
 */
void *vfio_user_dma(const struct vfio_user *vu, u64 addr, u64 len);

/**
 * vfio_user_set_irq() - assert INTx, or do not
 *
 * @vu:		connection
 * @level:	whether
 */
void vfio_user_set_irq(struct vfio_user *vu, bool level);

/**
 * vfio_user_close() - end a connection
 *
 * @vu:		connection
 */
void vfio_user_close(struct vfio_user *vu);

#endif /* _VFIO_USER_H */
