// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A UFS host controller and device with RPMB in the sandbox
 *
 * U-Boot's UFS core is built here, with other accessors to registers: those of
 * the host controller of test/model. Time goes by while the core waits.
 */

#define LOG_CATEGORY UCLASS_UFS

#include <malloc.h>
#include <scsi.h>
#include <time.h>
#include <ufs.h>
#include <dm/device-internal.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include "../../drivers/ufs/ufs.h"
#include "ufs_host.h"
#include "ufs_sandbox.h"

static u32 model_read(struct ufs_hba *hba, u32 reg);
static void model_write(struct ufs_hba *hba, u32 val, u32 reg);

#undef ufshcd_readl
#undef ufshcd_writel
#define ufshcd_readl(hba, reg)		model_read(hba, reg)
#define ufshcd_writel(hba, val, reg)	model_write(hba, val, reg)
#ifndef wmb
#define wmb()	barrier()	/* registers are functions here */
#endif
#ifndef mb
#define mb()	barrier()	/* the same */
#endif
#if __has_include("../../drivers/ufs/ufs.c")
#include "../../drivers/ufs/ufs.c"
#undef _DM_H_	/* one source must not include it twice: these are two */
#endif
#include "../../drivers/ufs/ufs-uclass.c"

#define DOORBELL		REG_UTP_TRANSFER_REQ_DOOR_BELL

/* UPIUs */
#define UPIU_QUERY_RESPONSE	0x36
#define READ_DESC		0x01
#define AT_OPCODE		12
#define AT_IDN			13
#define AT_INDEX		14
#define AT_DESC			32

/**
 * struct ufs_sandbox - the controller and the device
 *
 * @cfg:	as given to ufs_sandbox_bind()
 * @front end:	the device
 * @host:	the controller
 */
struct ufs_sandbox {
	struct ufs_sandbox_cfg cfg;
	struct ufs_front front;
	struct ufs_host host;
};

static struct ufs_sandbox *of(struct ufs_hba *hba)
{
	return dev_get_plat(hba->dev);
}

/* Nobody wants to wait for an answer that is late, or never comes */
static u32 model_read(struct ufs_hba *hba, u32 reg)
{
	struct ufs_host *h = &of(hba)->host;

	ufs_host_tick(h);
	if (ufs_host_read(h, DOORBELL))
		timer_test_add_offset(1000);

	return ufs_host_read(h, reg);
}

static void patch(struct ufs_hba *hba)
{
	const struct ufs_sandbox_cfg *cfg = &of(hba)->cfg;
	const struct ufs_sandbox_patch *p;
	u8 *rsp = (u8 *)hba->ucd_rsp_ptr;

	if (rsp[0] != UPIU_QUERY_RESPONSE || rsp[AT_OPCODE] != READ_DESC)
		return;
	for (p = cfg->patch; p < cfg->patch + UFS_SANDBOX_PATCHES; p++)
		if (p->at && p->idn == rsp[AT_IDN] && p->index == rsp[AT_INDEX])
			rsp[AT_DESC + p->at] = p->val;
}

static void model_write(struct ufs_hba *hba, u32 val, u32 reg)
{
	ufs_host_write(&of(hba)->host, reg, val);
	if (reg == DOORBELL)
		patch(hba);
}

static void *dma(void *ctx, u64 addr, u64 len)
{
	return (void *)(uintptr_t)addr;
}

static u64 now(void *ctx)
{
	return 1 + get_timer(0);
}

/* The command in the core's only slot is never answered */
static void power_cut(void *ctx)
{
	struct ufs_sandbox *sb = ctx;

	ufs_front_power_up(&sb->front);
	sb->host.slot[0].due = 0;
}

static const struct ufs_host_ops host_ops = {
	.dma = dma, .now = now, .power_cut = power_cut,
};

static int bind_scsi(struct udevice *dev)
{
	struct udevice *scsi;

	/* In later releases the uclass has done it */
	if (!device_find_first_child_by_uclass(dev, UCLASS_SCSI, &scsi))
		return 0;
	return device_bind_driver(dev, "ufs_scsi", "ufs_scsi", &scsi);
}

static int ufs_sandbox_probe(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);

	return sb->cfg.absent ? -ENXIO : ufshcd_probe(dev, NULL);
}

/* The core keeps its descriptors for ever, and there is no end of devices here */
static int ufs_sandbox_remove(struct udevice *dev)
{
	struct ufs_hba *hba = dev_get_uclass_priv(dev);

	free(hba->utrdl);
	free(hba->ucdl);
	return 0;
}

U_BOOT_DRIVER(sandbox_ufs_rpmb) = {
	.name	= "sandbox_ufs_rpmb",
	.id	= UCLASS_UFS,
	.probe	= ufs_sandbox_probe,
	.remove	= ufs_sandbox_remove,
};

static void free_sandbox(struct ufs_sandbox *sb)
{
	u32 i;

	for (i = 0; i < UFS_FRONT_REGIONS; i++)
		free(sb->front.region[i].store.data);
	free(sb);
}

static int init_front(struct ufs_sandbox *sb)
{
	struct ufs_front *f = &sb->front;
	u32 i;

	f->regions = sb->cfg.regions;
	f->units = sb->cfg.units;
	f->rw_frames = sb->cfg.rw_frames;
	f->spec_version = sb->cfg.spec_version;
	f->advanced = sb->cfg.advanced;
	ufs_front_init(f);
	for (i = 0; i < f->regions; i++) {
		f->region[i].store.data = calloc(f->region[i].blocks,
						 RPMB_MODEL_BLOCK);
		if (!f->region[i].store.data)
			return -ENOMEM;
	}
	ufs_front_power_up(f);

	sb->host.front = f;
	sb->host.ops = &host_ops;
	sb->host.ctx = sb;
	sb->host.quiet = true;
	sb->host.delay_ms = CONFIG_RPMB_UFS_TIMEOUT_MS + 1000;
	ufs_host_reset(&sb->host);

	return 0;
}

int ufs_sandbox_bind(struct udevice *parent, const struct ufs_sandbox_cfg *cfg,
		     struct udevice **devp)
{
	struct ufs_sandbox *sb = calloc(1, sizeof(*sb));
	int ret;

	if (!sb)
		return -ENOMEM;
	sb->cfg = *cfg;
	ret = init_front(sb);
	if (!ret)
		ret = device_bind(parent, DM_DRIVER_GET(sandbox_ufs_rpmb),
				  "sandbox_ufs_rpmb", sb, ofnode_null(), devp);
	if (ret) {
		free_sandbox(sb);
		return ret;
	}
	ret = bind_scsi(*devp);

	return ret;
}

int ufs_sandbox_unbind(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);
	int ret;

	ret = device_remove(dev, DM_REMOVE_NORMAL);
	if (!ret)
		ret = device_unbind(dev);
	if (!ret)
		free_sandbox(sb);

	return ret;
}

struct ufs_front *ufs_sandbox_front(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);

	return &sb->front;
}

struct ufs_host *ufs_sandbox_host(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);

	return &sb->host;
}
