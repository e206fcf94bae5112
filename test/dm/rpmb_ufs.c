// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the UFS RPMB driver, on a model of the device bound at run time
 */

#include <dm.h>
#include <malloc.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <scsi.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/ufs_host.h"
#include "../model/ufs_sandbox.h"

#define KEY		RPMB_CONFORMANCE_KEY
#define OTHER		RPMB_CONFORMANCE_OTHER

/* Descriptors and what is where in them */
#define DEVICE		0x00
#define UNIT		0x02
#define STRING		0x05
#define GEOMETRY	0x07
#define WLUN		0xc4
#define PRODUCT		2

#define ID	"0ADA-0310-UFS MODEL-" \
		"003000310032003300340035003600370038003900410042" \
		"0000-0102-0626-R"

static u8 data[0x100 * RPMB_BLOCK_SIZE];
static u8 back[0x100 * RPMB_BLOCK_SIZE];

/* A device, and what the driver makes of it */
struct ufs_case {
	struct udevice *ufs;
	struct rpmb_ref ref;
	struct ufs_front *front;
	char name[16];
};

static const struct ufs_sandbox_cfg plain = UFS_SANDBOX_CFG;

static int insert(struct unit_test_state *uts,
		  const struct ufs_sandbox_cfg *cfg, struct ufs_case *c)
{
	ut_assertok(ufs_sandbox_bind(dm_root(), cfg, &c->ufs));
	c->front = ufs_sandbox_front(c->ufs);
	snprintf(c->name, sizeof(c->name), "ufs%d", dev_seq(c->ufs));
	ut_assertok(rpmb_conformance_setup(uts));

	return 0;
}

static int plug(struct unit_test_state *uts, const struct ufs_sandbox_cfg *cfg,
		struct ufs_case *c)
{
	ut_assertok(insert(uts, cfg, c));
	ut_asserteq(2, rpmb_scan());
	c->ref = rpmb_ref(NULL, 0, KEY);
	ut_assertok(rpmb_get_device_by_name(c->name, &c->ref.dev));

	return 0;
}

static int dm_test_rpmb_ufs_scan(struct unit_test_state *uts)
{
	struct ufs_case a, b;
	struct udevice *dev;

	ut_assertok(plug(uts, &plain, &a));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(insert(uts, &plain, &b));
	ut_asserteq(3, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name(b.name, &b.ref.dev));
	ut_assert(a.ref.dev != b.ref.dev);
	ut_asserteq_ptr(a.ufs, dev_get_parent(a.ref.dev));
	ut_asserteq_ptr(b.ufs, dev_get_parent(b.ref.dev));

	/* ufs before sandbox is not promised, ufs0 before ufs1 is */
	ut_assertok(rpmb_get_device(1, &dev));
	ut_asserteq_ptr(a.ref.dev, dev);
	ut_assertok(rpmb_get_device(2, &dev));
	ut_asserteq_ptr(b.ref.dev, dev);

	ut_assertok(ufs_sandbox_unbind(a.ufs));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(ufs_sandbox_unbind(b.ufs));
	ut_asserteq(1, rpmb_scan());

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_scan, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Its link is not brought up for a device of another transport */
static int dm_test_rpmb_ufs_scan_for(struct unit_test_state *uts)
{
	struct ufs_case c;

	ut_assertok(insert(uts, &plain, &c));
	ut_asserteq(1, rpmb_scan_for("mmc0"));
	ut_asserteq(1, rpmb_scan_for("virtio0"));
	ut_asserteq(1, rpmb_scan_for("sandbox0"));
	ut_assert(!device_active(c.ufs));
	ut_asserteq(2, rpmb_scan_for(c.name));
	ut_assert(device_active(c.ufs));

	return ufs_sandbox_unbind(c.ufs);
}
DM_TEST(dm_test_rpmb_ufs_scan_for, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Whoever asks the SCSI layer does not reach the RPMB, on any board */
static int dm_test_rpmb_ufs_owner(struct unit_test_state *uts)
{
	static const struct {
		u8 lun;
		u8 cdb[12];
		u32 len;
		enum dma_data_direction dir;
	} rows[] = {
		{ WLUN, { SCSI_TST_U_RDY }, 0, DMA_NONE },
		{ WLUN, { SCSI_INQUIRY, 0, 0, 0, 36 }, 36, DMA_FROM_DEVICE },
		{ WLUN, { SCSI_WRITE10, 0, 0, 0, 0, 0, 0, 0, 1 }, 512, DMA_TO_DEVICE },
		{ WLUN, { 0xb5, 0xec, 0, 1, 0, 0, 0, 0, 2 }, 512, DMA_TO_DEVICE },
		{ WLUN, { 0xa2, 0xec, 0, 1, 0, 0, 0, 0, 2 }, 512, DMA_FROM_DEVICE },
		{ 0, { 0xb5, 0xec, 0, 1, 0, 0, 0, 0, 2 }, 512, DMA_TO_DEVICE },
		{ 0, { 0xa2, 0xec, 1, 1, 0, 0, 0, 0, 2 }, 512, DMA_FROM_DEVICE },
	};
	static u8 buf[512] __aligned(ARCH_DMA_MINALIGN);
	struct udevice *scsi;
	struct ufs_case c;
	u32 count;
	int i;

	ut_assertok(plug(uts, &plain, &c));
	ut_assertok(rpmb_program_key(c.ref));
	ut_assertok(device_find_first_child_by_uclass(c.ufs, UCLASS_SCSI, &scsi));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scsi_cmd cmd = {
			.lun = rows[i].lun, .cmdlen = 12, .pdata = buf,
			.datalen = rows[i].len, .dma_dir = rows[i].dir,
		};
		u32 sent = c.front->outs + c.front->ins + c.front->attentions;

		memcpy(cmd.cmd, rows[i].cdb, sizeof(rows[i].cdb));
		ut_asserteq(-EACCES, scsi_exec(scsi, &cmd));
		ut_asserteq(sent, c.front->outs + c.front->ins + c.front->attentions);
	}
	/* its own driver does */
	ut_assertok(rpmb_get_write_count(c.ref, &count));

	return ufs_sandbox_unbind(c.ufs);
}
DM_TEST(dm_test_rpmb_ufs_owner, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* No device, no RPMB, an RPMB that is not enabled: nothing is bound */
static int dm_test_rpmb_ufs_not_there(struct unit_test_state *uts)
{
	static const struct ufs_sandbox_cfg rows[] = {
		{ .spec_version = 0x0310, .absent = true, .regions = 1,
		  .units = 1, .rw_frames = 1 },
		{ .spec_version = 0x0310 },
		{ .spec_version = 0x0310, .regions = 1, .units = 1,
		  .rw_frames = 1, .patch = { { UNIT, WLUN, 0x03, 0 } } },
		{ .spec_version = 0x0210, .regions = 1, .units = 1,
		  .rw_frames = 1, .patch = { { UNIT, WLUN, 0x11, 0 } } },
	};
	struct ufs_case c;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(insert(uts, &rows[i], &c));
		ut_asserteq(1, rpmb_scan());
		ut_asserteq(-ENODEV,
			    rpmb_get_device_by_name(c.name, &c.ref.dev));
		ut_asserteq(0, c.front->outs);
		ut_assertok(ufs_sandbox_unbind(c.ufs));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_not_there, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_descr(struct unit_test_state *uts)
{
	struct rpmb_descr *descr;
	struct ufs_case c;
	char id[96];
	int i;

	ut_assertok(plug(uts, &plain, &c));
	descr = rpmb_get_descr(c.ref.dev);
	ut_asserteq(RPMB_TYPE_UFS, descr->type);
	ut_asserteq(RPMB_F_READ_COUNT, descr->flags);
	ut_asserteq(64, descr->max_wr);
	ut_asserteq(64, descr->max_rd);
	for (i = 0; i < 2; i++) {
		ut_asserteq(2, rpmb_get_capacity(c.ref.dev, i));
		snprintf(id, sizeof(id), ID "%d", i);
		ut_asserteq(strlen(id), descr->target[i].dev_id_len);
		ut_asserteq_mem(id, descr->target[i].dev_id, strlen(id));
	}
	ut_asserteq(-EINVAL, rpmb_get_capacity(c.ref.dev, 2));
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_descr, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Sizes and limits as the descriptors say, sense or nonsense */
static int dm_test_rpmb_ufs_sizes(struct unit_test_state *uts)
{
	static const struct {
		struct ufs_sandbox_cfg cfg;
		int size[RPMB_MAX_TARGETS];
		u32 frames;
	} rows[] = {
		{ { .spec_version = 0x0300, .regions = 4, .units = 3,
		    .rw_frames = 255 }, { 3, 3, 3, 3 }, 255 },
		/* a region with a size that is not enabled; 0 always is */
		{ { .spec_version = 0x0300, .regions = 3, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x09, 0x04 } } },
		  { 1, 0, 1, 0 }, 1 },
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x13, 0xff } } },
		  { 0x80, 0, 0, 0 }, 1 },
		/* no region sizes at all: by the number of blocks */
		{ { .spec_version = 0x0300, .regions = 1, .units = 5,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x13, 0 } } },
		  { 5, 0, 0, 0 }, 1 },
		/* up to UFS 2.2 these bytes are something else */
		{ { .spec_version = 0x0220, .regions = 1, .units = 4,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x09, 0xff },
					       { UNIT, WLUN, 0x13, 1 },
					       { UNIT, WLUN, 0x14, 1 } } },
		  { 4, 0, 0, 0 }, 1 },
		{ { .spec_version = 0x0210, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x0e, 1 } } },
		  { 0x80, 0, 0, 0 }, 1 },
		{ { .spec_version = 0x0210, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x0a, 12 } } },
		  { 16, 0, 0, 0 }, 1 },
		/* in a region other than the first; blocks that are too large */
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x13, 0 },
					       { UNIT, WLUN, 0x14, 2 },
					       { UNIT, WLUN, 0x09, 0x02 } } },
		  { 0, 2, 0, 0 }, 1 },
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x13, 0 },
					       { UNIT, WLUN, 0x15, 2 },
					       { UNIT, WLUN, 0x09, 0x04 } } },
		  { 0, 0, 2, 0 }, 1 },
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x13, 0 },
					       { UNIT, WLUN, 0x16, 2 },
					       { UNIT, WLUN, 0x09, 0x08 } } },
		  { 0, 0, 0, 2 }, 1 },
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 1, .patch = { { UNIT, WLUN, 0x0a, 18 } } },
		  { 1, 0, 0, 0 }, 1 },
		/* a device that forgot to say takes one frame */
		{ { .spec_version = 0x0300, .regions = 1, .units = 1,
		    .rw_frames = 8, .patch = { { GEOMETRY, 0, 0x17, 0 } } },
		  { 1, 0, 0, 0 }, 1 },
	};
	struct ufs_case c;
	int i, n, size;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(plug(uts, &rows[i].cfg, &c));
		ut_asserteq(rows[i].frames, rpmb_get_descr(c.ref.dev)->max_wr);
		ut_asserteq(rows[i].frames, rpmb_get_descr(c.ref.dev)->max_rd);
		for (n = 0; n < RPMB_MAX_TARGETS; n++) {
			size = rows[i].size[n];
			ut_asserteq(size ? size : -EINVAL,
				    rpmb_get_capacity(c.ref.dev, n));
		}
		ut_assertok(ufs_sandbox_unbind(c.ufs));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_sizes, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_names(struct unit_test_state *uts)
{
	static const struct {
		struct ufs_sandbox_patch patch;
		const char *id;
		struct ufs_sandbox_patch more;
	} rows[] = {
		/* not printable: blank; the end is the end */
		{ { STRING, PRODUCT, 3, 0x1f }, "0ADA-0310- FS MODEL-0030" },
		{ { STRING, PRODUCT, 3, 0x7f }, "0ADA-0310- FS MODEL-0030" },
		{ { STRING, PRODUCT, 7, 0 }, "0ADA-0310-UF-0030" },
		/* not ASCII: a blank for each byte of UTF-8, in 10 bytes of room */
		{ { STRING, PRODUCT, 2, 0x01 }, "0ADA-0310-  FS MODEL-0030" },
		{ { STRING, PRODUCT, 2, 0x20 }, "0ADA-0310-   FS MODE-0030" },
		{ { STRING, PRODUCT, 16, 0x20 }, "0ADA-0310-UFS MOD   -0030" },
		{ { STRING, PRODUCT, 18, 0x20 }, "0ADA-0310-UFS MODE-0030" },
		/* half of a pair is nothing, in whatever order */
		{ { STRING, PRODUCT, 2, 0xd8 }, "0ADA-0310-FS MODEL-0030" },
		{ { STRING, PRODUCT, 2, 0xdc }, "0ADA-0310-FS MODEL-0030" },
		{ { STRING, PRODUCT, 18, 0xd8 }, "0ADA-0310-UFS MODE-0030" },
		/* both are four bytes */
		{ { STRING, PRODUCT, 2, 0xd8 }, "0ADA-0310-    S MODE-0030",
		  { STRING, PRODUCT, 4, 0xdc } },
		{ { DEVICE, 0, 0x18, 0x01 }, "01DA-0310-UFS MODEL-0030" },
		/* a serial number that is empty, header and all */
		{ { DEVICE, 0, 0x16, 6 }, "0ADA-0310-UFS MODEL--" },
	};
	struct ufs_sandbox_cfg cfg = plain;
	struct rpmb_target_descr *t;
	struct ufs_case c;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		cfg.patch[0] = rows[i].patch;
		cfg.patch[1] = rows[i].more;
		ut_assertok(plug(uts, &cfg, &c));
		t = &rpmb_get_descr(c.ref.dev)->target[1];
		ut_assert(t->dev_id_len > strlen(rows[i].id));
		ut_asserteq_mem(rows[i].id, t->dev_id, strlen(rows[i].id));
		ut_assertok(ufs_sandbox_unbind(c.ufs));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_names, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_advanced(struct unit_test_state *uts)
{
	static const struct ufs_sandbox_cfg cfg = {
		.regions = 1, .units = 1, .rw_frames = 1,
		.spec_version = 0x0400, .advanced = true,
	};
	struct ufs_case c;

	ut_assertok(insert(uts, &cfg, &c));
	ut_asserteq(2, rpmb_scan());
	console_record_reset_enable();
	ut_asserteq(-EOPNOTSUPP, rpmb_get_device_by_name(c.name, &c.ref.dev));
	ut_asserteq(0, c.front->outs);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_advanced, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int run_suite(struct unit_test_state *uts, u32 frames, bool faults)
{
	struct ufs_sandbox_cfg cfg = plain;
	struct ufs_case c;
	int i;

	cfg.rw_frames = frames;
	ut_assertok(plug(uts, &cfg, &c));
	for (i = 0; i < 2; i++) {
		if (faults)
			ut_assertok(rpmb_faults_run(uts, c.ref.dev, i,
						    &c.front->region[i]));
		else
			ut_assertok(rpmb_conformance_run(uts, c.ref.dev, i));
		/* the key is the suite's: no two regions may have it */
		c.front->region[i].state.key_set = 0;
	}
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}

static int dm_test_rpmb_ufs_conformance(struct unit_test_state *uts)
{
	return run_suite(uts, 64, false);
}
DM_TEST(dm_test_rpmb_ufs_conformance, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_conformance_one(struct unit_test_state *uts)
{
	return run_suite(uts, 1, false);
}
DM_TEST(dm_test_rpmb_ufs_conformance_one, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* ... and devices that are small, flaky, or odd */
static int run_odd(struct unit_test_state *uts, const struct rpmb_odd *odd)
{
	struct ufs_sandbox_cfg cfg = plain;
	struct ufs_case c;

	cfg.rw_frames = 64;
	ut_assertok(plug(uts, &cfg, &c));
	rpmb_odd_make(odd, &c.front->region[1]);
	ut_assertok(rpmb_conformance_run(uts, c.ref.dev, 1));

	return ufs_sandbox_unbind(c.ufs);
}

static int dm_test_rpmb_ufs_odd(struct unit_test_state *uts)
{
	return rpmb_conformance_odd(uts, run_odd);
}
DM_TEST(dm_test_rpmb_ufs_odd, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_faults(struct unit_test_state *uts)
{
	return run_suite(uts, 64, true);
}
DM_TEST(dm_test_rpmb_ufs_faults, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Both regions with their keys, and nothing left to be read back */
static int plug_ready(struct unit_test_state *uts, struct ufs_case *c)
{
	ut_assertok(plug(uts, &plain, c));
	ut_assertok(rpmb_program_key(c->ref));
	ut_assertok(rpmb_program_key(rpmb_ref(c->ref.dev, 1, OTHER)));
	ut_assertok(rpmb_write_blocks(c->ref, 0, 1, data));

	return 0;
}

static int dm_test_rpmb_ufs_regions(struct unit_test_state *uts)
{
	struct ufs_case c;
	u32 count;

	ut_assertok(plug_ready(uts, &c));
	ut_asserteq(-EBADMSG,
		    rpmb_get_write_count(with_key(c.ref, OTHER), &count));
	ut_asserteq(-EBADMSG,
		    rpmb_get_write_count(rpmb_ref(c.ref.dev, 1, KEY), &count));
	memset(data, 0x11, sizeof(data));
	ut_assertok(rpmb_write_blocks(c.ref, 3, 2, data));
	memset(data, 0x22, sizeof(data));
	ut_assertok(rpmb_write_blocks(rpmb_ref(c.ref.dev, 1, OTHER), 3, 1,
				      data));

	ut_assertok(rpmb_get_write_count(c.ref, &count));
	ut_asserteq(2, count);
	ut_assertok(rpmb_get_write_count(rpmb_ref(c.ref.dev, 1, OTHER),
					 &count));
	ut_asserteq(1, count);
	ut_assertok(rpmb_read_blocks(c.ref, 3, 2, back));
	ut_asserteq(0x11, back[0]);
	ut_asserteq(0x11, back[RPMB_BLOCK_SIZE]);
	ut_assertok(rpmb_read_blocks(rpmb_ref(c.ref.dev, 1, OTHER), 3, 2,
				     back));
	ut_asserteq(0x22, back[0]);
	ut_asserteq(0, back[RPMB_BLOCK_SIZE]);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_regions, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Three commands for a write message, two for the others, at any length */
static int dm_test_rpmb_ufs_commands(struct unit_test_state *uts)
{
	static const u32 lens[] = { 1, 16, 64 };
	u32 count, outs, ins;
	struct ufs_case c;
	int i;

	ut_assertok(plug_ready(uts, &c));
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		outs = c.front->outs;
		ins = c.front->ins;
		ut_assertok(rpmb_write_blocks(c.ref, 0, lens[i], data));
		ut_asserteq(outs + 2, c.front->outs);
		ut_asserteq(ins + 1, c.front->ins);
		ut_assertok(rpmb_read_blocks(c.ref, 0, lens[i], back));
		ut_asserteq(outs + 3, c.front->outs);
		ut_asserteq(ins + 2, c.front->ins);
	}
	ut_assertok(rpmb_get_write_count(c.ref, &count));
	ut_asserteq(outs + 4, c.front->outs);
	ut_asserteq(ins + 3, c.front->ins);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_commands, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_ufs_room(struct unit_test_state *uts)
{
	struct rpmb_frame *req = (struct rpmb_frame *)data;
	struct rpmb_frame *resp = (struct rpmb_frame *)back;
	struct ufs_case c;

	ut_assertok(plug(uts, &plain, &c));
	rpmb_frame_init(req, RPMB_REQ_READ_DATA);
	ut_assertok(route(c.ref, RPMB_FRAMES(req, 1, resp, 64)));
	ut_asserteq(-EINVAL, route(c.ref, RPMB_FRAMES(req, 1, resp, 65)));
	ut_asserteq(-EINVAL, route(c.ref, RPMB_FRAMES(req, 65, resp, 1)));
	ut_asserteq(-EINVAL, rpmb_route_frames(c.ref.dev, 2,
					       RPMB_FRAMES(req, 1, resp, 1)));
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_room, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Only a unit attention after a reset is a reason to send a command again */
static int dm_test_rpmb_ufs_attention(struct unit_test_state *uts)
{
	static const struct {
		enum ufs_front_fault fault;
		u32 times;
		u32 commands;
		int err;
	} rows[] = {
		{ UFS_FRONT_F_UNIT_ATTENTION, 1, 3, 0 },
		{ UFS_FRONT_F_UNIT_ATTENTION, 3, 5, 0 },
		{ UFS_FRONT_F_UNIT_ATTENTION, 4, 4, -EIO },
		{ UFS_FRONT_F_ATTENTION_REPLY, 1, 3, 0 },
		{ UFS_FRONT_F_ATTENTION_REPLY, 4, 5, -EIO },
		{ UFS_FRONT_F_OTHER_ATTENTION, 1, 1, -EIO },
		{ UFS_FRONT_F_BUSY, 1, 1, -EIO },
		{ UFS_FRONT_F_LINK, 1, 1, -EIO },
		{ UFS_FRONT_F_LINK_REPLY, 1, 2, -EIO },
		{ UFS_FRONT_F_DELAY, 1, 1, -ETIMEDOUT },
		{ UFS_FRONT_F_DELAY_REPLY, 1, 2, -ETIMEDOUT },
	};
	struct rpmb_frame *req = (struct rpmb_frame *)data;
	struct rpmb_frame *resp = (struct rpmb_frame *)back;
	struct ufs_case c;
	u32 before;
	int i;

	ut_assertok(plug_ready(uts, &c));
	rpmb_frame_init(req, RPMB_REQ_GET_COUNTER);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		before = c.front->outs + c.front->ins;
		ufs_front_arm(c.front, rows[i].fault, 0, RPMB_REQ_GET_COUNTER, 0,
			      rows[i].times);
		ut_asserteq(rows[i].err,
			    route(c.ref, RPMB_FRAMES(req, 1, resp, 1)));
		ut_asserteq(rows[i].commands,
			    c.front->outs + c.front->ins - before);
	}
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_attention, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Whatever the bus does to a write: it is done once, and never assumed */
static int dm_test_rpmb_ufs_doubt(struct unit_test_state *uts)
{
	static const struct {
		enum ufs_front_fault fault;
		u32 req;
	} rows[] = {
		{ UFS_FRONT_F_UNIT_ATTENTION, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_UNIT_ATTENTION, RPMB_REQ_RESULT_READ },
		{ UFS_FRONT_F_ATTENTION_REPLY, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_OTHER_ATTENTION, RPMB_REQ_RESULT_READ },
		{ UFS_FRONT_F_LINK, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_LINK_REPLY, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_DELAY, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_DELAY, RPMB_REQ_RESULT_READ },
		{ UFS_FRONT_F_DELAY_REPLY, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_CUT_BEFORE, RPMB_REQ_WRITE_DATA },
		{ UFS_FRONT_F_CUT_BEFORE, RPMB_REQ_RESULT_READ },
		{ UFS_FRONT_F_CUT_AFTER, RPMB_REQ_WRITE_DATA },
	};
	u32 count, before;
	struct ufs_case c;
	int i;

	ut_assertok(plug_ready(uts, &c));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		before = c.front->region[0].writes;
		ufs_front_arm(c.front, rows[i].fault, 0, rows[i].req, 0, 1);
		memset(data, 0x30 + i, RPMB_BLOCK_SIZE);
		ut_assertok(rpmb_write_blocks(c.ref, 9, 1, data));
		ut_asserteq(0, c.front->fault);
		ut_asserteq(before + 1, c.front->region[0].writes);
		ut_assertok(rpmb_read_blocks(c.ref, 9, 1, back));
		ut_asserteq_mem(data, back, RPMB_BLOCK_SIZE);
		ut_assertok(rpmb_get_write_count(c.ref, &count));
		ut_asserteq(before + 1, count);
	}
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_doubt, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A command that is not answered is over all the same: what follows works */
static int dm_test_rpmb_ufs_silence(struct unit_test_state *uts)
{
	struct ufs_case c;
	u32 count;

	ut_assertok(plug_ready(uts, &c));
	memset(data, 0x51, RPMB_BLOCK_SIZE);
	ufs_front_arm(c.front, UFS_FRONT_F_HANG, 0, RPMB_REQ_WRITE_DATA, 0, 1);
	ut_assertok(rpmb_write_blocks(c.ref, 9, 1, data));
	ut_assertok(rpmb_read_blocks(c.ref, 9, 1, back));
	ut_asserteq_mem(data, back, RPMB_BLOCK_SIZE);
	ut_assertok(rpmb_get_write_count(c.ref, &count));
	ut_asserteq(2, count);

	/* whoever never says anything is not believed anything */
	ufs_front_arm(c.front, UFS_FRONT_F_HANG, 0, 0, 0, 100);
	ut_asserteq(-ETIMEDOUT, rpmb_write_blocks(c.ref, 9, 1, data));
	ut_asserteq(RPMB_STATE_UNKNOWN, status_of(c.ref)->state);
	ut_assertok(rpmb_get_write_count(rpmb_ref(c.ref.dev, 1, OTHER),
					 &count));
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_silence, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A controller that does not do what it is told: no command, or a clean one */
static int dm_test_rpmb_ufs_stubborn(struct unit_test_state *uts)
{
	static const struct {
		u32 stubborn;
		bool works;
	} rows[] = {
		{ 0, true },
		{ UFS_HOST_KEEPS_SLOTS, true },
		{ UFS_HOST_STAYS_ON, true },
		{ UFS_HOST_KEEPS_SLOTS | UFS_HOST_STAYS_ON, false },
		{ UFS_HOST_STAYS_OFF, false },
	};
	int i, ret;
	u32 count, outs;
	struct ufs_case c;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ret = rows[i].works ? 0 : -EIO;
		ut_assertok(plug_ready(uts, &c));
		ufs_sandbox_host(c.ufs)->stubborn = rows[i].stubborn;
		ufs_front_arm(c.front, UFS_FRONT_F_HANG, 0, RPMB_REQ_GET_COUNTER,
			      0, 1);
		outs = c.front->outs;
		/* asked again, if the controller lets us */
		ut_asserteq(ret, rpmb_get_write_count(c.ref, &count));
		ut_asserteq(outs + 1 + rows[i].works, c.front->outs);
		ut_asserteq(ret, rpmb_get_write_count(c.ref, &count));
		ut_asserteq(outs + 1 + 2 * rows[i].works, c.front->outs);
		ut_assertok(ufs_sandbox_unbind(c.ufs));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_stubborn, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int read_disk(struct udevice *ufs, u8 *buf)
{
	struct scsi_cmd cmd = {
		.cmd = { SCSI_READ10, [8] = 1 }, .cmdlen = 10, .pdata = buf,
		.datalen = UFS_FRONT_LU_BLOCK, .dma_dir = DMA_FROM_DEVICE,
	};
	struct udevice *scsi;
	int ret;

	ret = device_find_first_child_by_uclass(ufs, UCLASS_SCSI, &scsi);

	return ret ? ret : scsi_exec(scsi, &cmd);
}

/* The answer to an RPMB's command, when it comes late, is not the disk's */
static int dm_test_rpmb_ufs_disk(struct unit_test_state *uts)
{
	static const enum ufs_front_fault faults[] = {
		UFS_FRONT_F_DELAY, UFS_FRONT_F_HANG,
	};
	static u8 disk[UFS_FRONT_LU_BLOCK];
	u8 *got = malloc(sizeof(disk));	/* bus addresses may have 32 bits */
	struct ufs_case c;
	u32 count;
	int i;

	ut_assertnonnull(got);
	ut_assertok(plug_ready(uts, &c));
	c.front->lu = disk;
	c.front->lu_blocks = 1;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		memset(disk, 0x61 + i, sizeof(disk));
		ufs_front_arm(c.front, faults[i], 0, RPMB_REQ_GET_COUNTER, 0, 3);
		ut_asserteq(-ETIMEDOUT, rpmb_get_write_count(c.ref, &count));
		ut_assertok(read_disk(c.ufs, got));
		ut_asserteq_mem(disk, got, sizeof(disk));
		ut_assertok(rpmb_get_write_count(c.ref, &count));
	}
	c.front->lu = NULL;
	free(got);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_disk, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Whoever sends a SCSI command is told how it ended, and why */
static int dm_test_rpmb_ufs_sense(struct unit_test_state *uts)
{
	struct scsi_cmd cmd = {
		.cmd = { 0xc1 }, .cmdlen = 10, .dma_dir = DMA_NONE,
	};
	struct udevice *scsi;
	struct ufs_case c;

	ut_assertok(plug_ready(uts, &c));
	ut_assertok(device_find_first_child_by_uclass(c.ufs, UCLASS_SCSI,
						      &scsi));
	ut_asserteq(-EINVAL, scsi_exec(scsi, &cmd));
	ut_asserteq(0x02, cmd.status);
	ut_asserteq(0x70, cmd.sense_buf[0] & 0x7f);
	ut_asserteq(0x05, cmd.sense_buf[2]);
	/* there is no such unit */
	ut_asserteq(0x25, cmd.sense_buf[12]);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_ufs_sense, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A device that stops to answer what it is asked of itself, at any question */
static int dm_test_rpmb_ufs_deaf(struct unit_test_state *uts)
{
	struct ufs_sandbox_cfg cfg = plain;
	struct ufs_case c;
	int i, ret = -EIO;

	ut_assertok(plug(uts, &plain, &c));
	for (i = 0; ret; i++) {
		ut_assert(i < 30);
		ut_assertok(device_remove(c.ref.dev, DM_REMOVE_NORMAL));
		c.front->deaf = c.front->queries + i;
		ret = device_probe(c.ref.dev);
	}
	ut_assert(i > 5);
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	/* it is not even known whether it has an RPMB */
	ut_assertok(insert(uts, &plain, &c));
	ut_assertok(device_probe(c.ufs));
	c.front->deaf = c.front->queries;
	ut_asserteq(1, rpmb_scan());
	ut_assertok(ufs_sandbox_unbind(c.ufs));

	/* a serial number that is nowhere */
	cfg.patch[0] = (struct ufs_sandbox_patch){ DEVICE, 0, 0x16, 99 };
	ut_assertok(insert(uts, &cfg, &c));
	ut_asserteq(2, rpmb_scan());
	ut_assert(rpmb_get_device_by_name(c.name, &c.ref.dev) < 0);

	return ufs_sandbox_unbind(c.ufs);
}
DM_TEST(dm_test_rpmb_ufs_deaf, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Messages without a request or a reply, and a device without a way to it */
static int dm_test_rpmb_ufs_args(struct unit_test_state *uts)
{
	static struct rpmb_frame req, resp;
	struct udevice *scsi;
	struct rpmb_ops *ops;
	struct ufs_case c;

	ut_assertok(plug(uts, &plain, &c));
	ops = rpmb_get_ops(c.ref.dev);
	rpmb_frame_init(&req, RPMB_REQ_GET_COUNTER);
	ut_asserteq(-EINVAL, ops->route_frames(c.ref.dev, 0,
					       RPMB_FRAMES(&req, 0, &resp, 1)));
	ut_asserteq(-EINVAL, ops->route_frames(c.ref.dev, 0,
					       RPMB_FRAMES(&req, 1, &resp, 0)));
	ut_asserteq(-EINVAL, ops->route_frames(c.ref.dev, 0,
					       RPMB_FRAMES(&req, 65, &resp, 1)));
	ut_asserteq(-EINVAL, ops->route_frames(c.ref.dev, 0,
					       RPMB_FRAMES(&req, 1, &resp, 65)));
	ut_asserteq(0, c.front->outs);
	ut_assertok(device_remove(c.ref.dev, DM_REMOVE_NORMAL));
	ut_assertok(device_find_first_child_by_uclass(c.ufs, UCLASS_SCSI, &scsi));
	ut_assertok(device_remove(scsi, DM_REMOVE_NORMAL));
	ut_assertok(device_unbind(scsi));
	ut_asserteq(-ENODEV, device_probe(c.ref.dev));

	return ufs_sandbox_unbind(c.ufs);
}
DM_TEST(dm_test_rpmb_ufs_args, UTF_SCAN_PDATA | UTF_SCAN_FDT);
