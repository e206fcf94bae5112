// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The UFS host controller as the PCI device of a vfio-user connection
 *
 * It has the identifiers of QEMU's own UFS host controller.
 */

#include "vfio_ufs.h"

#define PCI_VENDOR_REDHAT	0x1b36
#define PCI_DEVICE_UFS		0x0013
#define PCI_CLASS_UFSHCI	0x010901

void *vfio_ufs_dma(void *ctx, u64 addr, u64 len)
{
	return vfio_user_dma(ctx, addr, len);
}

void vfio_ufs_irq(void *ctx, bool level)
{
	vfio_user_set_irq(ctx, level);
}

static u32 bar_read(void *ctx, u32 at)
{
	return ufs_host_read(ctx, at);
}

static void bar_write(void *ctx, u32 at, u32 val)
{
	ufs_host_write(ctx, at, val);
}

static void bar_reset(void *ctx)
{
	ufs_host_reset(ctx);
}

void vfio_ufs_connect(struct vfio_user *vu, struct ufs_host *host,
		      const struct ufs_host_ops *ops)
{
	static const struct vfio_user_ops bar = { bar_read, bar_write, bar_reset };

	host->ops = ops;
	host->ctx = vu;
	vu->fd = -1;
	vu->irq = -1;
	vu->ops = &bar;
	vu->ctx = host;
	vu->bar_size = UFS_HOST_SIZE;
	vfio_user_set_id(vu, PCI_VENDOR_REDHAT, PCI_DEVICE_UFS,
			 PCI_CLASS_UFSHCI);
}
