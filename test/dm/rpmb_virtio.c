// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the virtio RPMB driver, on a model of the device bound at run time
 */

#include <dm.h>
#include <malloc.h>
#include <time.h>
#include <virtio_types.h>
#include <virtio.h>
#include <virtio_ring.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../../drivers/rpmb/virtio_rpmb.h"
#include "../model/virtio_slot.h"

#define KEY	RPMB_CONFORMANCE_KEY

static u8 data[0x80 * RPMB_BLOCK_SIZE];
static u8 back[0x80 * RPMB_BLOCK_SIZE];

/* A device, and what the driver makes of it */
struct slot {
	struct udevice *bus;
	struct rpmb_ref ref;
	struct virtio_front *front;
	char name[16];
};

static const struct virtio_slot_cfg plain = VIRTIO_SLOT_CFG;

static int insert(struct unit_test_state *uts,
		  const struct virtio_slot_cfg *cfg, struct slot *slot)
{
	ut_assertok(virtio_slot_bind(dm_root(), cfg, &slot->bus));
	slot->front = virtio_slot_front(slot->bus);
	snprintf(slot->name, sizeof(slot->name), "virtio%d",
		 dev_seq(slot->bus));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_conformance_setup(uts));

	return 0;
}

static int plug(struct unit_test_state *uts, const struct virtio_slot_cfg *cfg,
		struct slot *slot)
{
	ut_assertok(insert(uts, cfg, slot));
	slot->ref = rpmb_ref(NULL, 0, KEY);
	ut_assertok(rpmb_get_device_by_name(slot->name, &slot->ref.dev));

	return 0;
}

static int dm_test_rpmb_virtio_scan(struct unit_test_state *uts)
{
	struct rpmb_target_descr *target;
	struct rpmb_descr *descr;
	struct udevice *dev;
	struct slot slot;

	ut_assertok(plug(uts, &plain, &slot));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_get_device(1, &dev));
	ut_asserteq_ptr(slot.ref.dev, dev);

	descr = rpmb_get_descr(slot.ref.dev);
	target = &descr->target[0];
	ut_asserteq(RPMB_TYPE_VIRTIO, descr->type);
	ut_asserteq(2, rpmb_get_capacity(slot.ref.dev, 0));
	ut_asserteq(-EINVAL, rpmb_get_capacity(slot.ref.dev, 1));
	/* configuration and place of the transport stand in for an identity */
	ut_asserteq(strlen("sandbox/virtio_slot"), target->dev_id_len);
	ut_asserteq_mem("sandbox/virtio_slot", target->dev_id,
			target->dev_id_len);
	/* later releases keep ACKNOWLEDGE as well */
	ut_asserteq(VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK |
		    VIRTIO_CONFIG_S_DRIVER_OK, virtio_slot_status(slot.bus) &
		    ~VIRTIO_CONFIG_S_ACKNOWLEDGE);

	ut_assertok(virtio_slot_unbind(slot.bus));
	ut_asserteq(1, rpmb_scan());

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_scan, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* No slot is probed for a device of another transport */
static int dm_test_rpmb_virtio_scan_for(struct unit_test_state *uts)
{
	struct slot slot;

	ut_assertok(virtio_slot_bind(dm_root(), &plain, &slot.bus));
	snprintf(slot.name, sizeof(slot.name), "virtio%d", dev_seq(slot.bus));
	ut_asserteq(1, rpmb_scan_for("mmc0"));
	ut_asserteq(1, rpmb_scan_for("ufs0"));
	ut_asserteq(1, rpmb_scan_for("sandbox0"));
	ut_assert(!device_active(slot.bus));
	ut_asserteq(2, rpmb_scan_for(slot.name));
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_scan_for, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* What the configuration says, and what the queue has room for */
static int dm_test_rpmb_virtio_limits(struct unit_test_state *uts)
{
	static const struct {
		struct virtio_slot_cfg cfg;
		u32 wr;
		u32 rd;
		int capacity;
	} rows[] = {
		{ { .capacity = 1, .queue = 64 }, 62, 63, 1 },
		{ { .capacity = 1, .queue = 64, .max_wr = 1, .max_rd = 1 },
		  1, 1, 1 },
		{ { .capacity = 1, .queue = 64, .max_wr = 62, .max_rd = 63 },
		  62, 63, 1 },
		{ { .capacity = 1, .queue = 64, .max_wr = 63, .max_rd = 64 },
		  62, 63, 1 },
		{ { .capacity = 1, .queue = 4, .max_wr = 255, .max_rd = 255 },
		  2, 3, 1 },
		{ { .capacity = 1, .queue = 32768 },
		  CONFIG_RPMB_MAX_FRAMES - 1, CONFIG_RPMB_MAX_FRAMES, 1 },
		{ { .capacity = 1, .queue = 4, .claim = 0x80 }, 2, 3, 0x80 },
		{ { .capacity = 1, .queue = 4, .claim = 0x81 }, 2, 3, 0x80 },
		{ { .capacity = 1, .queue = 4, .claim = 0xff }, 2, 3, 0x80 },
	};
	struct slot slot;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(plug(uts, &rows[i].cfg, &slot));
		ut_asserteq(rows[i].wr, rpmb_get_descr(slot.ref.dev)->max_wr);
		ut_asserteq(rows[i].rd, rpmb_get_descr(slot.ref.dev)->max_rd);
		ut_asserteq(rows[i].capacity,
			    rpmb_get_capacity(slot.ref.dev, 0));
		ut_assertok(virtio_slot_unbind(slot.bus));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_limits, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* No capacity, no room for a reply, no configuration that stands still */
static int dm_test_rpmb_virtio_unusable(struct unit_test_state *uts)
{
	static const struct {
		struct virtio_slot_cfg cfg;
		int err;
	} rows[] = {
		{ { .capacity = 1, .queue = 64, .no_capacity = true }, -ENXIO },
		{ { .capacity = 1, .queue = 2 }, -EINVAL },
		{ { .capacity = 1, .queue = 2, .pci = true }, -EINVAL },
		{ { .capacity = 1, .queue = 64, .unsettled = 1000 }, -EIO },
		{ { .capacity = 1, .queue = 64, .unsettled = 2 }, 0 },
	};
	struct slot slot;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(insert(uts, &rows[i].cfg, &slot));
		ut_asserteq(rows[i].err,
			    rpmb_get_device_by_name(slot.name, &slot.ref.dev));
		/* what was set up is taken back */
		if (rows[i].err == -EINVAL)
			ut_asserteq(0, virtio_slot_status(slot.bus));
		/* again: what was left behind must not harm */
		ut_asserteq(rows[i].err,
			    rpmb_get_device_by_name(slot.name, &slot.ref.dev));
		ut_assertok(virtio_slot_unbind(slot.bus));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_unusable, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int conformance(struct unit_test_state *uts,
		       const struct virtio_slot_cfg *cfg, u32 front_quirks,
		       u32 model_quirks)
{
	struct slot slot;

	ut_assertok(plug(uts, cfg, &slot));
	slot.front->quirks = front_quirks;
	slot.front->model->quirks = model_quirks;
	ut_assertok(rpmb_conformance_run(uts, slot.ref.dev, 0));

	return virtio_slot_unbind(slot.bus);
}

static int dm_test_rpmb_virtio_conformance(struct unit_test_state *uts)
{
	struct virtio_slot_cfg cfg = plain;

	ut_assertok(conformance(uts, &cfg, 0, 0));
	cfg.legacy = true;
	ut_assertok(conformance(uts, &cfg, 0, 0));
	cfg.legacy = false;
	cfg.pci = true;
	ut_assertok(conformance(uts, &cfg, 0, 0));
	/* the smallest queue there is, and one of QEMU's default size */
	cfg.queue = 4;
	ut_assertok(conformance(uts, &cfg, 0, 0));
	cfg.queue = 128;
	ut_assertok(conformance(uts, &cfg, 0, 0));
	cfg.capacity = 128;
	ut_assertok(conformance(uts, &cfg, 0, 0));

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_conformance, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Peers differ, and the stack must work with them */
static int dm_test_rpmb_virtio_peers(struct unit_test_state *uts)
{
	struct virtio_slot_cfg one = plain;

	one.max_wr = 1;
	one.max_rd = 1;
	ut_assertok(conformance(uts, &one, 0, 0));
	ut_assertok(conformance(uts, &plain, VIRTIO_FRONT_Q_RESULT_COUNT_0, 0));
	ut_assertok(conformance(uts, &plain, VIRTIO_FRONT_Q_NO_RESULT_HANGS, 0));
	ut_assertok(conformance(uts, &plain, 0, RPMB_MODEL_Q_NOKEY_EMPTY));
	ut_assertok(conformance(uts, &plain, 0, RPMB_MODEL_Q_REKEY_GENERAL));
	ut_assertok(conformance(uts, &one, VIRTIO_FRONT_Q_RESULT_COUNT_0 |
				VIRTIO_FRONT_Q_NO_RESULT_HANGS,
				RPMB_MODEL_Q_NOKEY_EMPTY));

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_peers, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int run_odd(struct unit_test_state *uts, const struct rpmb_odd *odd)
{
	struct slot slot;

	ut_assertok(plug(uts, &plain, &slot));
	rpmb_odd_make(odd, slot.front->model);
	ut_assertok(rpmb_conformance_run(uts, slot.ref.dev, 0));

	return virtio_slot_unbind(slot.bus);
}

/* ... and those that are small, flaky, or odd */
static int dm_test_rpmb_virtio_odd(struct unit_test_state *uts)
{
	return rpmb_conformance_odd(uts, run_odd);
}
DM_TEST(dm_test_rpmb_virtio_odd, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Wrong type, wrong MAC, replayed reply, another address, lost frames ... */
static int dm_test_rpmb_virtio_faults(struct unit_test_state *uts)
{
	struct slot slot;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_faults_run(uts, slot.ref.dev, 0, slot.front->model));

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_faults, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int check_chain(struct unit_test_state *uts, struct slot *slot,
		       u32 chains, u32 out, u32 in)
{
	ut_asserteq(chains, slot->front->chains);
	ut_asserteq(out, slot->front->frames_out);
	ut_asserteq(in, slot->front->frames_in);
	slot->front->chains = 0;
	slot->front->frames_out = 0;
	slot->front->frames_in = 0;

	return 0;
}

/* One round trip each: the least there can be */
static int dm_test_rpmb_virtio_chains(struct unit_test_state *uts)
{
	struct slot slot;
	u32 count;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	ut_assertok(check_chain(uts, &slot, 3, 4, 3));
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	ut_assertok(check_chain(uts, &slot, 1, 1, 1));
	/* the first write after power-up is read back */
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 1, data));
	ut_assertok(check_chain(uts, &slot, 2, 3, 2));

	ut_assertok(rpmb_write_blocks(slot.ref, 0, 16, data));
	ut_assertok(check_chain(uts, &slot, 1, 17, 1));
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 62, data));
	ut_assertok(check_chain(uts, &slot, 1, 63, 1));
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 63, data));
	ut_assertok(check_chain(uts, &slot, 2, 65, 2));
	ut_assertok(rpmb_read_blocks(slot.ref, 0, 16, back));
	ut_assertok(check_chain(uts, &slot, 1, 1, 16));
	ut_assertok(rpmb_read_blocks(slot.ref, 0, 63, back));
	ut_assertok(check_chain(uts, &slot, 1, 1, 63));

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_chains, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/*
 * More frames than the queue takes are refused, not truncated. What the queue
 * takes is sent. An answer of one frame may be a refusal of whatever was asked.
 */
static int dm_test_rpmb_virtio_route(struct unit_test_state *uts)
{
	static const struct {
		u16 type;
		u32 out;
		u32 in;
		int err;
	} rows[] = {
		{ RPMB_REQ_GET_COUNTER, 1, 63, 0 },
		{ RPMB_REQ_GET_COUNTER, 1, 64, -EINVAL },
		{ RPMB_REQ_GET_COUNTER, 63, 1, 0 },
		{ RPMB_REQ_GET_COUNTER, 64, 1, -EINVAL },
		{ RPMB_REQ_WRITE_DATA, 62, 1, 0 },
		{ RPMB_REQ_WRITE_DATA, 63, 1, -EINVAL },
		{ RPMB_REQ_WRITE_DATA, 64, 1, -EINVAL },
		{ RPMB_REQ_WRITE_DATA, 1, 62, 0 },
		{ RPMB_REQ_WRITE_DATA, 1, 63, -EINVAL },
		{ RPMB_REQ_GET_COUNTER, 65536, 1, -EINVAL },
		{ RPMB_REQ_GET_COUNTER, 1, 65536, -EINVAL },
		{ RPMB_REQ_WRITE_DATA, 65536, 65536, -EINVAL },
		{ RPMB_REQ_GET_COUNTER, 0, 1, -EINVAL },
		{ RPMB_REQ_GET_COUNTER, 1, 0, -EINVAL },
	};
	/* the driver refuses what would not fit into its buffer, unread */
	struct rpmb_frame *frames = calloc(128, RPMB_FRAME_SIZE);
	struct slot slot;
	int i;

	ut_assertnonnull(frames);
	ut_assertok(plug(uts, &plain, &slot));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rpmb_ops *ops = rpmb_get_ops(slot.ref.dev);

		rpmb_frame_init(frames, rows[i].type);
		slot.front->chains = 0;
		ut_asserteq(rows[i].err,
			    ops->route_frames(slot.ref.dev, 0,
					      RPMB_FRAMES(frames, rows[i].out,
							  frames, rows[i].in)));
		ut_asserteq(rows[i].err != -EINVAL, slot.front->chains);
	}
	free(frames);

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_route, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Nothing reaches a device that was given up, and nobody waits for it */
static int check_given_up(struct unit_test_state *uts, struct slot *slot,
			  int err)
{
	u32 chains = slot->front->chains;
	u32 count = 0x55;

	ut_asserteq(err, rpmb_get_write_count(slot->ref, &count));
	ut_asserteq(0x55, count);
	ut_asserteq(err, rpmb_read_blocks(slot->ref, 0, 1, back));
	ut_asserteq(err, rpmb_write_blocks(slot->ref, 0, 1, data));
	ut_asserteq(chains, slot->front->chains);

	return 0;
}

/* ... until the driver starts anew, as after a reset of the board */
static int check_anew(struct unit_test_state *uts, struct slot *slot)
{
	u32 count;

	ut_assertok(device_remove(slot->ref.dev, DM_REMOVE_NORMAL));
	ut_asserteq(0, virtio_slot_status(slot->bus));
	ut_assertok(device_probe(slot->ref.dev));
	ut_assertok(rpmb_get_write_count(slot->ref, &count));

	return 0;
}

/* A queue that cannot be trusted any more */
static int dm_test_rpmb_virtio_broken(struct unit_test_state *uts)
{
	static const struct {
		enum virtio_front_hostile hostile;
		int err;
	} rows[] = {
		{ VIRTIO_FRONT_H_HANG, -ETIMEDOUT },
		{ VIRTIO_FRONT_H_BAD_ID, -EPROTO },
		{ VIRTIO_FRONT_H_OTHER_ID, -EPROTO },
		{ VIRTIO_FRONT_H_INDEX_JUMP, -EPROTO },
		{ VIRTIO_FRONT_H_INDEX_BACK, -EPROTO },
	};
	struct slot slot;
	u32 count;
	int i;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		virtio_front_arm(slot.front, rows[i].hostile, 0, 0, 1);
		ut_asserteq(rows[i].err,
			    rpmb_get_write_count(slot.ref, &count));
		ut_asserteq(RPMB_FAULT_LINK, status_of(slot.ref)->fault);
		ut_assertok(check_given_up(uts, &slot, rows[i].err));
		ut_assertok(check_anew(uts, &slot));

		virtio_front_arm(slot.front, rows[i].hostile, RPMB_REQ_READ_DATA,
				 0, 1);
		ut_asserteq(rows[i].err, rpmb_read_blocks(slot.ref, 0, 16,
							  back));
		ut_assertok(check_given_up(uts, &slot, rows[i].err));
		ut_assertok(check_anew(uts, &slot));

		virtio_front_arm(slot.front, rows[i].hostile, RPMB_REQ_WRITE_DATA,
				 0, 1);
		ut_assert(rpmb_write_blocks(slot.ref, 0, 16, data));
		ut_asserteq(RPMB_STATE_UNKNOWN, status_of(slot.ref)->state);
		ut_assertok(check_given_up(uts, &slot, rows[i].err));
		ut_assertok(check_anew(uts, &slot));
	}

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_broken, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A reply of another length is none, but the queue is in order */
static int dm_test_rpmb_virtio_length(struct unit_test_state *uts)
{
	static const enum virtio_front_hostile rows[] = {
		VIRTIO_FRONT_H_SHORT_LEN, VIRTIO_FRONT_H_ZERO_LEN,
		VIRTIO_FRONT_H_LONG_LEN,
	};
	struct rpmb_model *m;
	struct slot slot;
	u32 count, writes;
	int i;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	m = slot.front->model;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		virtio_front_arm(slot.front, rows[i], 0, 0, 2);
		ut_assertok(rpmb_get_write_count(slot.ref, &count));
		virtio_front_arm(slot.front, rows[i], 0, 0, 3);
		ut_asserteq(-EPROTO, rpmb_get_write_count(slot.ref, &count));
		virtio_front_arm(slot.front, rows[i], RPMB_REQ_READ_DATA, 0, 6);
		ut_asserteq(-EPROTO, rpmb_read_blocks(slot.ref, 0, 2, back));
		/* a write is resolved: it was done, once */
		writes = m->writes;
		rpmb_conformance_fill(data, 2 * RPMB_BLOCK_SIZE, i);
		virtio_front_arm(slot.front, rows[i], RPMB_REQ_WRITE_DATA, 0, 1);
		ut_assertok(rpmb_write_blocks(slot.ref, 0, 2, data));
		ut_asserteq(writes + 1, m->writes);
		ut_asserteq_mem(data, m->store.data, 2 * RPMB_BLOCK_SIZE);
	}

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_length, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Answers that come when nobody has asked, or does not ask any more */
static int dm_test_rpmb_virtio_unasked(struct unit_test_state *uts)
{
	struct slot slot;
	u32 count, chains;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	chains = slot.front->chains;
	virtio_slot_complete(slot.bus);
	ut_asserteq(-EPROTO, rpmb_get_write_count(slot.ref, &count));
	/* it could have been taken for the answer: nothing was sent */
	ut_asserteq(chains, slot.front->chains);
	ut_assertok(check_given_up(uts, &slot, -EPROTO));
	ut_assertok(check_anew(uts, &slot));

	virtio_front_arm(slot.front, VIRTIO_FRONT_H_HANG, 0, 0, 1);
	ut_asserteq(-ETIMEDOUT, rpmb_read_blocks(slot.ref, 0, 62, back));
	virtio_slot_complete(slot.bus);
	ut_assertok(check_given_up(uts, &slot, -ETIMEDOUT));
	ut_assertok(check_anew(uts, &slot));

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_unasked, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A device that does not let go of its memory keeps it */
static int dm_test_rpmb_virtio_stuck(struct unit_test_state *uts)
{
	struct mallinfo before, after;
	struct slot slot;
	u32 count;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	virtio_front_arm(slot.front, VIRTIO_FRONT_H_HANG, 0, 0, 1);
	ut_asserteq(-ETIMEDOUT, rpmb_read_blocks(slot.ref, 0, 62, back));
	virtio_slot_stick(slot.bus, true);
	before = mallinfo();
	ut_assertok(device_remove(slot.ref.dev, DM_REMOVE_NORMAL));
	after = mallinfo();
	ut_assert(before.uordblks - after.uordblks < 64 * RPMB_FRAME_SIZE);
	virtio_slot_complete(slot.bus);

	virtio_slot_stick(slot.bus, false);
	ut_assertok(device_probe(slot.ref.dev));
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	/* one that does let go gives it back */
	before = mallinfo();
	ut_assertok(device_remove(slot.ref.dev, DM_REMOVE_NORMAL));
	after = mallinfo();
	ut_assert(before.uordblks - after.uordblks >= 64 * RPMB_FRAME_SIZE);

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_stuck, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* What the configuration says later is not listened to */
static int dm_test_rpmb_virtio_config(struct unit_test_state *uts)
{
	struct rpmb_descr *descr;
	struct slot slot;
	u32 reads;

	ut_assertok(plug(uts, &plain, &slot));
	ut_assertok(rpmb_program_key(slot.ref));
	reads = slot.front->config_reads;
	slot.front->quirks |= VIRTIO_FRONT_Q_CONFIG_CHANGES;
	slot.front->model->max_wr = 1;
	slot.front->model->max_rd = 1;
	rpmb_conformance_fill(data, 16 * RPMB_BLOCK_SIZE, 7);
	/* the device refuses what it allowed: it goes block by block */
	ut_assertok(rpmb_write_blocks(slot.ref, 0, 16, data));
	ut_asserteq_mem(data, slot.front->model->store.data,
			16 * RPMB_BLOCK_SIZE);
	ut_assertok(rpmb_read_blocks(slot.ref, 0, 16, back));
	ut_asserteq_mem(data, back, 16 * RPMB_BLOCK_SIZE);
	ut_asserteq(reads, slot.front->config_reads);

	/* read byte by byte while it changes: odd, but never out of bounds */
	ut_assertok(device_remove(slot.ref.dev, DM_REMOVE_NORMAL));
	slot.front->config_reads = 0xfd;
	ut_assertok(device_probe(slot.ref.dev));
	descr = rpmb_get_descr(slot.ref.dev);
	ut_asserteq(0x80, descr->target[0].capacity);
	ut_asserteq(62, descr->max_wr);
	ut_asserteq(63, descr->max_rd);

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_config, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static bool holds_key(const u8 *buf, size_t len)
{
	u8 key[RPMB_KEY_SIZE];

	rpmb_conformance_key(KEY, key);
	for (; len >= sizeof(key); buf++, len--)
		if (!memcmp(buf, key, sizeof(key)))
			return true;

	return false;
}

static int check_wiped(struct unit_test_state *uts,
		       const struct virtio_slot_cfg *cfg)
{
	struct slot slot;

	ut_assertok(plug(uts, cfg, &slot));
	/* the programming request comes last: nothing overwrites it */
	virtio_front_arm(slot.front, VIRTIO_FRONT_H_ZERO_LEN, 0, 1, 9);
	ut_asserteq(-EPROTO, rpmb_program_key(slot.ref));
	ut_asserteq(1, slot.front->model->keys_seen);
	ut_assert(!holds_key(virtio_slot_request(slot.bus), RPMB_FRAME_SIZE));
	/* a frame that hangs is wiped as well: the device may read zeroes */
	slot.front->model->state.key_set = 0;
	rpmb_mark_set(slot.ref.dev, 0, RPMB_MARK_ATTEMPT, false);
	virtio_front_arm(slot.front, VIRTIO_FRONT_H_HANG, RPMB_REQ_PROGRAM_KEY,
			 0, 1);
	ut_assert(rpmb_program_key(slot.ref));
	ut_asserteq(2, slot.front->model->keys_seen);
	ut_assert(!holds_key(virtio_slot_request(slot.bus), RPMB_FRAME_SIZE));

	return virtio_slot_unbind(slot.bus);
}

/* The key does not stay behind where it passed through */
static int dm_test_rpmb_virtio_wipe(struct unit_test_state *uts)
{
	struct virtio_slot_cfg cfg = plain;

	ut_assertok(check_wiped(uts, &cfg));
	if (!IS_ENABLED(CONFIG_BOUNCE_BUFFER))
		return 0;
	cfg.iommu = true;
	ut_assertok(conformance(uts, &cfg, 0, 0));
	ut_assertok(check_wiped(uts, &cfg));

	return 0;
}
DM_TEST(dm_test_rpmb_virtio_wipe, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int fail_get_config(struct udevice *dev, unsigned int offset, void *buf,
			   unsigned int len)
{
	return -EIO;
}

static int fail_generation(struct udevice *dev, u32 *counter)
{
	return -EIO;
}

static int fail_get_status(struct udevice *dev, u8 *status)
{
	return -EIO;
}

static int fail_find_vqs(struct udevice *dev, unsigned int nvqs,
			 struct virtqueue *vqs[])
{
	return -EIO;
}

static int fail_reset(struct udevice *dev)
{
	return -EIO;
}

/* Nobody answers, and little is left of the driver's patience */
static int hesitate(struct udevice *dev, struct virtqueue *vq)
{
	timer_test_add_offset(CONFIG_RPMB_VIRTIO_TIMEOUT_MS - 5);
	return 0;
}

/* A transport whose operations can be exchanged */
static struct dm_virtio_ops odd_ops;
static struct driver odd_driver;
static const struct driver *real_driver;

static void restore_ops(void)
{
	odd_ops = *(const struct dm_virtio_ops *)real_driver->ops;
}

static void wrap(struct udevice *bus)
{
	real_driver = bus->driver;
	odd_driver = *real_driver;
	odd_driver.ops = &odd_ops;
	bus->driver = &odd_driver;
	restore_ops();
}

/* A transport that cannot do something: an error where it matters */
static int dm_test_rpmb_virtio_transport(struct unit_test_state *uts)
{
	struct virtqueue *vq;
	struct slot slot;
	u32 count;

	ut_assertok(insert(uts, &plain, &slot));
	slot.ref = rpmb_ref(NULL, 0, KEY);
	wrap(slot.bus);
	odd_ops.get_config = fail_get_config;
	ut_asserteq(-EIO, rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	restore_ops();
	odd_ops.find_vqs = fail_find_vqs;
	ut_asserteq(-EIO, rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	restore_ops();
	/* one that does not count its changes has none */
	odd_ops.generation = fail_generation;
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	restore_ops();

	/* what cannot be said to be over keeps its memory */
	odd_ops.reset = fail_reset;
	ut_assertok(device_remove(slot.ref.dev, DM_REMOVE_NORMAL));
	restore_ops();
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	odd_ops.get_status = fail_get_status;
	ut_assertok(device_remove(slot.ref.dev, DM_REMOVE_NORMAL));
	restore_ops();
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_assertok(rpmb_program_key(slot.ref));

	/* no descriptor is left */
	vq = *(struct virtqueue **)dev_get_priv(slot.ref.dev);
	count = vq->num_free;
	vq->num_free = 0;
	ut_asserteq(-ENOSPC, rpmb_get_write_count(slot.ref,
						  &(u32){ 0 }));
	vq->num_free = count;
	ut_assertok(rpmb_get_write_count(slot.ref, &count));
	odd_ops.notify = hesitate;
	ut_asserteq(-ETIMEDOUT,
		    rpmb_get_write_count(slot.ref, &count));
	restore_ops();
	slot.bus->driver = real_driver;

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_transport, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* The identifier says where on the board a device is, all of it or nothing */
static int dm_test_rpmb_virtio_place(struct unit_test_state *uts)
{
	char name[VIRTIO_RPMB_ID_LEN + 1];
	struct udevice *pci;
	struct slot slot;

	ut_assertok(insert(uts, &plain, &slot));
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ut_assertok(device_set_name(slot.bus, name));
	ut_asserteq(-ENAMETOOLONG,
		    rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_assertok(virtio_slot_unbind(slot.bus));

	ut_assertok(uclass_first_device_err(UCLASS_PCI, &pci));
	ut_assertok(virtio_slot_bind(pci, &plain, &slot.bus));
	snprintf(slot.name, sizeof(slot.name), "virtio%d", dev_seq(slot.bus));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name(slot.name, &slot.ref.dev));
	ut_asserteq_mem("sandbox/virtio-pci@",
			rpmb_get_descr(slot.ref.dev)->target[0].dev_id, 19);

	return virtio_slot_unbind(slot.bus);
}
DM_TEST(dm_test_rpmb_virtio_place, UTF_SCAN_PDATA | UTF_SCAN_FDT);
