// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS face of the RPMB model in the sandbox
 *
 * The functions of drivers/rpmb/ufs_utp.h are here once more, on the face: a
 * late or missing answer is a time-out, a power cut is one too and takes the
 * device's volatile state with it.
 */

#include <dm.h>
#include <malloc.h>
#include <dm/device-internal.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include "../../drivers/rpmb/ufs_utp.h"
#include "ufs_sandbox.h"

#define STATUS_GOOD		0x00
#define STATUS_CHECK_CONDITION	0x02
#define KEY_UNIT_ATTENTION	0x06
#define ASC_RESET		0x29
#define READ_DESC		0x01
#define NO_INDEX		0xfc
#define NO_IDN			0xfd

/**
 * struct ufs_sandbox - the device
 *
 * @cfg:	as given to ufs_sandbox_bind()
 * @face:	what it does
 * @hung:	a command was never answered: nothing is, any more
 */
struct ufs_sandbox {
	struct ufs_sandbox_cfg cfg;
	struct ufs_face face;
	bool hung;
};

static struct ufs_sandbox *of(struct ufs_utp *utp)
{
	return (struct ufs_sandbox *)utp->hba;
}

static int judge(const struct ufs_face_cmd *c)
{
	if (c->status == STATUS_GOOD)
		return 0;
	if (c->status == STATUS_CHECK_CONDITION &&
	    c->sense[2] == KEY_UNIT_ATTENTION && c->sense[12] == ASC_RESET)
		return -EAGAIN;
	return -EIO;
}

static int run(struct ufs_sandbox *sb, struct ufs_face_cmd *c)
{
	enum ufs_face_fate fate;

	if (sb->hung)
		return -ETIMEDOUT;
	fate = ufs_face_scsi(&sb->face, c);
	switch (fate) {
	case UFS_FACE_ANSWERED:
		return judge(c);
	case UFS_FACE_LINK_ERROR:
		return -EIO;
	case UFS_FACE_POWER_CUT:
		ufs_face_power_up(&sb->face);
		return -ETIMEDOUT;
	case UFS_FACE_SILENT:
		sb->hung = true;
		return -ETIMEDOUT;
	default:
		return -ETIMEDOUT;
	}
}

int ufs_utp_send(struct ufs_utp *utp, u8 lun, const u8 cdb[UFS_UTP_CDB_SIZE],
		 const void *data, u32 len)
{
	struct ufs_face_cmd c = {
		.lun = lun, .cdb = cdb, .out = true, .data = utp->buf,
		.len = len,
	};

	if (!len || len > utp->size)
		return -EINVAL;
	memcpy(utp->buf, data, len);

	return run(of(utp), &c);
}

int ufs_utp_receive(struct ufs_utp *utp, u8 lun,
		    const u8 cdb[UFS_UTP_CDB_SIZE], void *data, u32 len)
{
	struct ufs_face_cmd c = {
		.lun = lun, .cdb = cdb, .data = utp->buf, .len = len,
	};
	int ret;

	if (!len || len > utp->size)
		return -EINVAL;
	memset(utp->buf, '\0', len);
	ret = run(of(utp), &c);
	if (!ret)
		memcpy(data, utp->buf, len);

	return ret;
}

static void patch(const struct ufs_sandbox_cfg *cfg, u8 idn, u8 index, u8 *desc)
{
	const struct ufs_sandbox_patch *p;

	for (p = cfg->patch; p < cfg->patch + UFS_SANDBOX_PATCHES; p++)
		if (p->at && p->idn == idn && p->index == index)
			desc[p->at] = p->val;
}

int ufs_utp_read_desc(struct ufs_utp *utp, u8 idn, u8 index,
		      u8 desc[UFS_UTP_DESC_SIZE])
{
	struct ufs_face_query q = {
		.opcode = READ_DESC, .idn = idn, .index = index,
		.len = UFS_UTP_DESC_SIZE,
	};
	struct ufs_sandbox *sb = of(utp);
	u8 response;

	if (sb->hung)
		return -ETIMEDOUT;
	response = ufs_face_query(&sb->face, &q);
	if (response == NO_INDEX || response == NO_IDN)
		return -ENOENT;
	if (response)
		return -EIO;
	memset(desc, '\0', UFS_UTP_DESC_SIZE);
	memcpy(desc, q.desc, q.len);
	patch(&sb->cfg, idn, index, desc);

	return 0;
}

int ufs_utp_open(struct ufs_utp *utp, struct udevice *ufs, u32 size)
{
	utp->hba = dev_get_plat(ufs);
	utp->size = size;
	utp->buf = size ? malloc(size) : NULL;

	return size && !utp->buf ? -ENOMEM : 0;
}

void ufs_utp_close(struct ufs_utp *utp)
{
	free(utp->buf);
	utp->buf = NULL;
}

/* U-Boot's UFS core, the owner of the uclass, does not build for sandbox */
UCLASS_DRIVER(ufs) = {
	.id	= UCLASS_UFS,
	.name	= "ufs",
};

static int ufs_sandbox_probe(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);

	return sb->cfg.absent ? -ENXIO : 0;
}

U_BOOT_DRIVER(sandbox_ufs_rpmb) = {
	.name	= "sandbox_ufs_rpmb",
	.id	= UCLASS_UFS,
	.probe	= ufs_sandbox_probe,
};

static void free_sandbox(struct ufs_sandbox *sb)
{
	u32 i;

	for (i = 0; i < UFS_FACE_REGIONS; i++)
		free(sb->face.region[i].store.data);
	free(sb);
}

static int init_face(struct ufs_sandbox *sb)
{
	struct ufs_face *f = &sb->face;
	u32 i;

	f->regions = sb->cfg.regions;
	f->units = sb->cfg.units;
	f->rw_frames = sb->cfg.rw_frames;
	f->spec_version = sb->cfg.spec_version;
	f->advanced = sb->cfg.advanced;
	ufs_face_init(f);
	for (i = 0; i < f->regions; i++) {
		f->region[i].store.data = calloc(f->region[i].blocks,
						 RPMB_MODEL_BLOCK);
		if (!f->region[i].store.data)
			return -ENOMEM;
	}
	ufs_face_power_up(f);

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
	ret = init_face(sb);
	if (!ret)
		ret = device_bind(parent, DM_DRIVER_GET(sandbox_ufs_rpmb),
				  "sandbox_ufs_rpmb", sb, ofnode_null(), devp);
	if (ret)
		free_sandbox(sb);

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

struct ufs_face *ufs_sandbox_face(struct udevice *dev)
{
	struct ufs_sandbox *sb = dev_get_plat(dev);

	return &sb->face;
}
