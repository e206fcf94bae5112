// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transports that faults are injected into, and what their buses do
 */

#include <dm.h>
#include <mmc.h>
#include <asm/rpmb.h>
#include <asm/state.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_inject.h"
#include "../model/emmc_front.h"
#include "../model/ufs_host.h"
#include "../model/ufs_sandbox.h"
#include "../model/virtio_slot.h"

#define CMD23_RELIABLE_WRITE	BIT(31)

static int find(struct unit_test_state *uts, struct inject_rig *rig,
		const char *prefix)
{
	if (rig->host)
		snprintf(rig->name, sizeof(rig->name), "%s%d", prefix,
			 dev_seq(rig->host));
	else
		strlcpy(rig->name, prefix, sizeof(rig->name));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(rig->name, &rig->dev));

	return 0;
}

static int sandbox_plug(struct unit_test_state *uts, struct inject_rig *rig)
{
	rig->host = NULL;
	ut_assertok(find(uts, rig, "sandbox0"));
	rig->model = sandbox_rpmb_model(rig->dev, 0);

	return 0;
}

static int sandbox_unplug(struct unit_test_state *uts, struct inject_rig *rig)
{
	memset(sandbox_rpmb_bus(), 0, sizeof(struct sandbox_rpmb_bus));
	rig->model->tap = NULL;
	sandbox_rpmb_power_cycle(rig->dev);

	return 0;
}

static void sandbox_arm(struct inject_rig *rig, const struct inject_native *n,
			u32 at, bool for_good)
{
	*sandbox_rpmb_bus() = (struct sandbox_rpmb_bus){
		.err = n->arg, .executed = n->arg2,
		.at = at, .for_good = for_good,
	};
}

static u32 sandbox_seen(struct inject_rig *rig)
{
	return sandbox_rpmb_bus()->transfers;
}

static const struct inject_native sandbox_natives[] = {
	{ "busy", sandbox_arm, sandbox_seen, -EBUSY, false },
	{ "bus error", sandbox_arm, sandbox_seen, -EIO, false },
	{ "bus error after it acted", sandbox_arm, sandbox_seen, -EIO, true },
	{ }
};

const struct inject_bus inject_sandbox = {
	"sandbox", sandbox_plug, sandbox_unplug, sandbox_natives,
};

static int emmc_plug(struct unit_test_state *uts, struct inject_rig *rig)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;

	cfg.rpmb_mult = 1;
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &rig->host));
	ut_assertok(device_probe(rig->host));
	ut_assertok(find(uts, rig, "mmc"));
	rig->model = emmc_front_model(rig->host);

	return 0;
}

static int emmc_unplug(struct unit_test_state *uts, struct inject_rig *rig)
{
	static const struct emmc_front_fault none;

	emmc_front_fail(rig->host, &none);
	return emmc_front_unbind(rig->host);
}

static void emmc_arm(struct inject_rig *rig, const struct inject_native *n,
		     u32 at, bool for_good)
{
	const struct emmc_front_fault fault = {
		.cmd = EMMC_FRONT_ANY_CMD, .part = -1, .skip = at,
		.times = for_good ? 1000000 : 1, .err = n->arg,
		.executed = n->arg2,
	};

	emmc_front_log(rig->host)->count = 0;
	emmc_front_fail(rig->host, &fault);
}

static u32 emmc_seen(struct inject_rig *rig)
{
	return emmc_front_log(rig->host)->count;
}

static void emmc_arm_switch(struct inject_rig *rig,
			    const struct inject_native *n, u32 at,
			    bool for_good)
{
	emmc_front_log(rig->host)->count = 0;
	emmc_front_fail_switch(rig->host, at, for_good ? 1000000 : 1);
}

/* The core tells what it switches by the argument: EXT_CSD 179 */
static u32 emmc_switches(struct inject_rig *rig)
{
	struct emmc_front_log *log = emmc_front_log(rig->host);
	u32 i, n = 0;

	for (i = 0; i < log->count && i < EMMC_FRONT_LOG_MAX; i++)
		n += log->cmd[i].idx == MMC_CMD_SWITCH &&
		     (log->cmd[i].arg >> 16 & 0xff) == EXT_CSD_PART_CONF;
	return n;
}

/* Busy after reliable writes: all of them */
static void emmc_arm_busy(struct inject_rig *rig, const struct inject_native *n,
			  u32 at, bool for_good)
{
	const struct emmc_front_busy busy = {
		.ms = for_good ? 1000000 : 9000, .host_ms = n->arg,
		.dat0 = n->arg2,
	};

	emmc_front_log(rig->host)->count = 0;
	if (!at)
		emmc_front_set_busy(rig->host, &busy);
}

/* That strikes once, if there is a reliable write at all */
static u32 emmc_has_written(struct inject_rig *rig)
{
	struct emmc_front_log *log = emmc_front_log(rig->host);
	u32 i;

	for (i = 0; i < log->count && i < EMMC_FRONT_LOG_MAX; i++)
		if (log->cmd[i].idx == MMC_CMD_SET_BLOCK_COUNT &&
		    log->cmd[i].arg & CMD23_RELIABLE_WRITE)
			return 1;
	return 0;
}

static const struct inject_native emmc_natives[] = {
	{ "CRC error of a command", emmc_arm, emmc_seen, -EILSEQ, false },
	{ "CRC error of its answer", emmc_arm, emmc_seen, -EILSEQ, true },
	{ "no answer to a command", emmc_arm, emmc_seen, -ETIMEDOUT, false },
	{ "answer of a command lost", emmc_arm, emmc_seen, -ETIMEDOUT, true },
	{ "switch refused", emmc_arm_switch, emmc_switches },
	{ "busy", emmc_arm_busy, emmc_has_written, 0, false },
	{ "busy, DAT0 low", emmc_arm_busy, emmc_has_written, 0, true },
	{ "busy, the host gives up", emmc_arm_busy, emmc_has_written, 2700, true },
	{ }
};

const struct inject_bus inject_emmc = {
	"emmc", emmc_plug, emmc_unplug, emmc_natives,
};

static int ufs_plug(struct unit_test_state *uts, struct inject_rig *rig)
{
	struct ufs_sandbox_cfg cfg = UFS_SANDBOX_CFG;

	cfg.units = 1;
	ut_assertok(ufs_sandbox_bind(dm_root(), &cfg, &rig->host));
	ut_assertok(find(uts, rig, "ufs"));
	rig->model = &ufs_sandbox_front(rig->host)->region[0];

	return 0;
}

static int ufs_unplug(struct unit_test_state *uts, struct inject_rig *rig)
{
	return ufs_sandbox_unbind(rig->host);
}

static void ufs_arm(struct inject_rig *rig, const struct inject_native *n,
		    u32 at, bool for_good)
{
	struct ufs_front *f = ufs_sandbox_front(rig->host);

	f->outs = 0;
	f->ins = 0;
	ufs_front_arm(f, n->arg, 0, 0, at, for_good ? 1000000 : 1);
}

static u32 ufs_outs(struct inject_rig *rig)
{
	return ufs_sandbox_front(rig->host)->outs;
}

static u32 ufs_ins(struct inject_rig *rig)
{
	return ufs_sandbox_front(rig->host)->ins;
}

static const struct inject_native ufs_natives[] = {
	{ "request answered late", ufs_arm, ufs_outs, UFS_FRONT_F_DELAY },
	{ "request not answered", ufs_arm, ufs_outs, UFS_FRONT_F_HANG },
	{ "unit attention", ufs_arm, ufs_outs, UFS_FRONT_F_UNIT_ATTENTION },
	{ "other attention", ufs_arm, ufs_outs, UFS_FRONT_F_OTHER_ATTENTION },
	{ "busy", ufs_arm, ufs_outs, UFS_FRONT_F_BUSY },
	{ "bus error", ufs_arm, ufs_outs, UFS_FRONT_F_LINK },
	{ "reply late", ufs_arm, ufs_ins, UFS_FRONT_F_DELAY_REPLY },
	{ "no reply", ufs_arm, ufs_ins, UFS_FRONT_F_HANG_REPLY },
	{ "unit attention for a reply", ufs_arm, ufs_ins,
	  UFS_FRONT_F_ATTENTION_REPLY },
	{ "bus error of a reply", ufs_arm, ufs_ins, UFS_FRONT_F_LINK_REPLY },
	{ }
};

const struct inject_bus inject_ufs = {
	"ufs", ufs_plug, ufs_unplug, ufs_natives,
};

static int virtio_plug(struct unit_test_state *uts, struct inject_rig *rig)
{
	static const struct virtio_slot_cfg cfg = { .capacity = 1, .queue = 64 };

	ut_assertok(virtio_slot_bind(dm_root(), &cfg, &rig->host));
	ut_assertok(find(uts, rig, "virtio"));
	rig->model = virtio_slot_front(rig->host)->model;

	return 0;
}

static int virtio_unplug(struct unit_test_state *uts, struct inject_rig *rig)
{
	return virtio_slot_unbind(rig->host);
}

static void virtio_arm(struct inject_rig *rig, const struct inject_native *n,
		       u32 at, bool for_good)
{
	struct virtio_front *front = virtio_slot_front(rig->host);

	front->chains = 0;
	virtio_front_arm(front, n->arg, 0, at, for_good ? 1000000 : 1);
}

static u32 virtio_seen(struct inject_rig *rig)
{
	return virtio_slot_front(rig->host)->chains;
}

static const struct inject_native virtio_natives[] = {
	{ "busy for ever", virtio_arm, virtio_seen, VIRTIO_FRONT_H_HANG },
	{ "short", virtio_arm, virtio_seen, VIRTIO_FRONT_H_SHORT_LEN },
	{ "empty", virtio_arm, virtio_seen, VIRTIO_FRONT_H_ZERO_LEN },
	{ "long", virtio_arm, virtio_seen, VIRTIO_FRONT_H_LONG_LEN },
	{ "bus error: id", virtio_arm, virtio_seen, VIRTIO_FRONT_H_BAD_ID },
	{ "bus error: other id", virtio_arm, virtio_seen,
	  VIRTIO_FRONT_H_OTHER_ID },
	{ "bus error: index ahead", virtio_arm, virtio_seen,
	  VIRTIO_FRONT_H_INDEX_JUMP },
	{ "bus error: index back", virtio_arm, virtio_seen,
	  VIRTIO_FRONT_H_INDEX_BACK },
	{ }
};

const struct inject_bus inject_virtio = {
	"virtio", virtio_plug, virtio_unplug, virtio_natives, true,
};
