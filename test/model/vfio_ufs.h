/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The UFS host controller as the PCI device of a vfio-user connection
 */

#ifndef _VFIO_UFS_H
#define _VFIO_UFS_H

#include "ufs_host.h"
#include "vfio_user.h"

/** vfio_ufs_dma() - for ufs_host_ops.dma, see there */
void *vfio_ufs_dma(void *ctx, u64 addr, u64 len);

/** vfio_ufs_irq() - for ufs_host_ops.irq, see there */
void vfio_ufs_irq(void *ctx, bool level);

/**
 * vfio_ufs_connect() - let the two call each other
 *
 * @vu:		connection, all zero; vfio_user_open() comes next
 * @host:	host controller
 * @ops:	what it calls, with vfio_ufs_dma() and vfio_ufs_irq(); @vu is
 *		their context
 */
void vfio_ufs_connect(struct vfio_user *vu, struct ufs_host *host,
		      const struct ufs_host_ops *ops);

#endif /* _VFIO_UFS_H */
