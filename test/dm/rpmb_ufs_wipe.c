// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what the UFS RPMB driver leaves in the memory that devices read
 *
 * The driver is built here once more, under other names: SCSI commands are
 * played, and so are caches, which show what a controller could see.
 */

/* That of the functions, which are included below */
#define LOG_CATEGORY UCLASS_RPMB

#include <cpu_func.h>
#include <dm/device.h>
#include <dm/test.h>
#include <rpmb/frame.h>
#include <scsi.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"

static int bus_exec(struct udevice *dev, struct scsi_cmd *cmd);
static void bus_flush(void);

#define scsi_exec			bus_exec
#define flush_dcache_range(from, to)	((void)(from), bus_flush())
#define ufs_rpmb_scan			played_rpmb_scan
int played_rpmb_scan(void);
#undef U_BOOT_DRIVER
#define U_BOOT_DRIVER(name)		static const struct driver played_##name
#include "../../drivers/rpmb/ufs_rpmb.c"

#define FRAMES		2
#define SIZE		(FRAMES * RPMB_FRAME_SIZE)

/* The heap keeps its own notes at both ends of what is free */
#define NOTES		32

/**
 * struct bus - a way to a device
 *
 * @err:	what becomes of commands
 * @status:	SCSI status
 * @gives:	a command that asks for data gets so many bytes
 * @seen:	data that a command had
 * @torn:	at some time a request had its type, but not its key any more
 */
static struct bus {
	int err;
	u8 status;
	u32 gives;
	u8 seen[SIZE];
	bool torn;
	struct udevice dev, scsi, ufs;
	struct ufs_hba hba;
	struct ufs_rpmb_priv priv;
} bus;

static struct rpmb_frame request[FRAMES];
static struct rpmb_frame back[FRAMES];

static int bus_exec(struct udevice *dev, struct scsi_cmd *cmd)
{
	if (cmd->dma_dir == DMA_FROM_DEVICE)
		memset(cmd->pdata, 0x77, bus.gives);
	else if (cmd->dma_dir == DMA_TO_DEVICE)
		memcpy(bus.seen, cmd->pdata, cmd->datalen);
	cmd->status = bus.status;
	/* the core refuses a command that is not said to be the driver's */
	if (bus.hba.rpmb_cmd != cmd)
		return -EACCES;

	return bus.err;
}

/* What the controller can see from now on: no request that lacks its key */
static void bus_flush(void)
{
	const struct rpmb_frame *frame = (struct rpmb_frame *)bus.priv.buf;

	if (rpmb_get16(&frame->req_resp) == RPMB_REQ_PROGRAM_KEY &&
	    memcmp(frame->key_mac, request->key_mac, RPMB_KEY_SIZE))
		bus.torn = true;
}

static int power_up(struct unit_test_state *uts)
{
	memset(&bus, 0, sizeof(bus));
	bus.dev.priv_ = &bus.priv;
	bus.priv.scsi = &bus.scsi;
	bus.scsi.parent = &bus.ufs;
	bus.ufs.uclass_priv_ = &bus.hba;
	bus.priv.size = SIZE;
	bus.priv.buf = malloc_cache_aligned(SIZE);
	ut_assertnonnull(bus.priv.buf);
	memset(bus.priv.buf, 0x99, SIZE);

	rpmb_frame_init(request, RPMB_REQ_PROGRAM_KEY);
	rpmb_conformance_key(RPMB_CONFORMANCE_KEY, request->key_mac);
	rpmb_conformance_fill(request[1].data, RPMB_BLOCK_SIZE, 3);

	return 0;
}

static bool is_zero(const u8 *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/* Whatever becomes of a command: its data do not stay where devices read */
static int dm_test_rpmb_ufs_wipe_sent(struct unit_test_state *uts)
{
	static const struct {
		int given;
		u8 status;
		int err;
	} rows[] = {
		{ 0, 0, 0 },
		{ -EINVAL, 0x02, -EIO },
		{ -EIO, 0, -EIO },
		{ -ETIMEDOUT, 0, -ETIMEDOUT },
	};
	int i, frames;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (frames = 1; frames <= FRAMES; frames++) {
			ut_assertok(power_up(uts));
			bus.err = rows[i].given;
			bus.status = rows[i].status;
			len = frames * RPMB_FRAME_SIZE;
			ut_asserteq(rows[i].err,
				    send(&bus.priv, 0, request, frames));
			ut_asserteq_mem(request, bus.seen, len);
			ut_assert(is_zero(bus.priv.buf, len));
			ut_asserteq(false, bus.torn);
			bus.priv.lost = false;
			ut_assertok(ufs_rpmb_remove(&bus.dev));
		}
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_wipe_sent, 0);

/* What a device does not fill reads as zero, not as what was there before */
static int dm_test_rpmb_ufs_wipe_received(struct unit_test_state *uts)
{
	const u8 *got = (const u8 *)back;

	ut_assertok(power_up(uts));
	bus.gives = SIZE;
	ut_assertok(receive(&bus.priv, 0, back, FRAMES));
	ut_asserteq(0x77, got[0]);
	ut_asserteq(0x77, got[SIZE - 1]);
	bus.gives = 1;
	ut_assertok(receive(&bus.priv, 0, back, FRAMES));
	ut_asserteq(0x77, got[0]);
	ut_assert(is_zero(got + 1, SIZE - 1));
	ut_assertok(ufs_rpmb_remove(&bus.dev));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_wipe_received, 0);

/* The buffer is wiped in the end, and not given away while it may be used */
static int dm_test_rpmb_ufs_wipe_closed(struct unit_test_state *uts)
{
	u8 *buf;

	ut_assertok(power_up(uts));
	buf = bus.priv.buf;
	ut_assertok(ufs_rpmb_remove(&bus.dev));
	ut_assert(is_zero(buf + NOTES, SIZE - 2 * NOTES));

	ut_assertok(power_up(uts));
	buf = bus.priv.buf;
	bus.err = -ETIMEDOUT;
	ut_asserteq(-ETIMEDOUT, send(&bus.priv, 0, request, FRAMES));
	memset(buf, 0x99, SIZE);
	ut_assertok(ufs_rpmb_remove(&bus.dev));
	ut_assert(is_zero(buf, SIZE));
	/* it is still ours: the heap would have written its notes into it */
	free(buf);
	ut_assert(!is_zero(buf, SIZE));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_wipe_closed, 0);

/* What a controller may be reading still does not change under its eyes */
static int dm_test_rpmb_ufs_wipe_lost(struct unit_test_state *uts)
{
	ut_assertok(power_up(uts));
	bus.err = -ETIMEDOUT;
	ut_asserteq(-ETIMEDOUT, send(&bus.priv, 0, request, FRAMES));
	memset(bus.priv.buf, 0x99, SIZE);
	memset(bus.seen, '\0', SIZE);
	bus.err = -EBUSY;
	ut_asserteq(-EIO, send(&bus.priv, 0, request, FRAMES));
	ut_asserteq(-EIO, receive(&bus.priv, 0, back, FRAMES));
	ut_assert(is_zero(bus.seen, SIZE));
	ut_asserteq(0x99, bus.priv.buf[0]);
	ut_asserteq(0x99, bus.priv.buf[SIZE - 1]);

	bus.err = 0;
	ut_assertok(send(&bus.priv, 0, request, FRAMES));
	ut_asserteq_mem(request, bus.seen, SIZE);
	ut_assertok(ufs_rpmb_remove(&bus.dev));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_wipe_lost, 0);
