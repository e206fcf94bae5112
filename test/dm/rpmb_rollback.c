// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the rollback indexes and the named records: the same on all devices
 */

#include <dm.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/ofnode.h>
#include <dm/root.h>
#include <dm/test.h>
#include <dm/uclass-internal.h>
#include <linux/kernel.h>
#include <rpmb-hooks.h>
#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"
#include "../model/rpmb_model.h"
#include "../model/ufs_sandbox.h"
#include "../model/virtio_slot.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define KEY	RPMB_CONFORMANCE_KEY
#define OTHER	RPMB_CONFORMANCE_OTHER
#define FIT	RPMB_ROLLBACK_FIT
#define FIRST	CONFIG_RPMB_ROLLBACK_START
#define END	(FIRST + RPMB_ROLLBACK_BLOCKS + CONFIG_RPMB_RECORD_BLOCKS)

static u8 data[4 * RPMB_BLOCK_SIZE];
static u8 back[4 * RPMB_BLOCK_SIZE];

/* All operations with one key, none of which may succeed */
static int check_refused(struct unit_test_state *uts, struct rpmb_ref ref,
			 int err)
{
	u64 index = 0x55;
	size_t len;

	ut_asserteq(err, rpmb_index_get(ref, FIT, &index));
	ut_asserteq_64(0x55, index);
	ut_asserteq(err, rpmb_index_check(ref, FIT, 1));
	ut_asserteq(err, rpmb_index_advance(ref, FIT, 1));
	ut_asserteq(err, rpmb_record_read(ref, "a", back, sizeof(back), &len));
	ut_asserteq(err, rpmb_record_write(ref, "a", data, 1));
	ut_asserteq(err, rpmb_record_delete(ref, "a"));

	return 0;
}

static int case_no_key(struct unit_test_state *uts, struct rpmb_ref ref)
{
	ut_assertok(check_refused(uts, ref, -ENOKEY));
	ut_asserteq(RPMB_FAULT_RESULT, status_of(ref)->fault);
	ut_assertok(check_refused(uts, with_key(ref, RPMB_CONFORMANCE_EMPTY),
				  -ENOKEY));
	ut_asserteq(RPMB_FAULT_PARAM, status_of(ref)->fault);

	return rpmb_program_key(ref);
}

/* Nothing may be taken on trust */
static int case_bad_arguments(struct unit_test_state *uts, struct rpmb_ref ref)
{
	static const u32 locs[] = {
		0x20, 0xff, 0x11c, 0x1ff, 0x21c, 0x10100, U32_MAX,
	};
	u64 index;
	int i;

	ut_assertok(check_refused(uts, with_key(ref, 0), -EINVAL));
	ut_assertok(check_refused(uts, with_key(ref, RPMB_KEY_NONE), -EINVAL));
	ut_assertok(check_refused(uts, rpmb_ref(ref.dev, RPMB_MAX_TARGETS, KEY),
				  -EINVAL));
	ut_assertok(check_refused(uts, with_key(ref, ref.keyid + 1), -EBADMSG));
	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		ut_asserteq(-EINVAL, rpmb_index_get(ref, locs[i], &index));
		ut_asserteq(-EINVAL, rpmb_index_check(ref, locs[i], 0));
		ut_asserteq(-EINVAL, rpmb_index_advance(ref, locs[i], 0));
	}
	ut_asserteq(-EINVAL, rpmb_index_advance(ref, FIT, U64_MAX));
	ut_asserteq(-EINVAL, rpmb_record_write(ref, "", data, 1));
	ut_asserteq(-EINVAL, rpmb_record_write(ref, "a b", data, 1));
	ut_asserteq(-EINVAL, rpmb_record_write(ref, "a", data,
					       RPMB_RECORD_DATA_MAX + 1));

	return 0;
}

static int case_never_set(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 count;
	size_t len;
	u64 index = 0x55;

	ut_asserteq(-ENODATA, rpmb_index_get(ref, FIT, &index));
	ut_asserteq_64(0x55, index);
	ut_asserteq(-ENODATA, rpmb_index_check(ref, FIT, 0));
	ut_asserteq(-ENOENT, rpmb_record_read(ref, "a", back, sizeof(back),
					      &len));
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq(0, count);

	return 0;
}

/* Up it goes, and an index that is there already costs no write */
static int case_index(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u32 before, after;
	u64 index;

	ut_assertok(rpmb_get_write_count(ref, &before));
	ut_assertok(rpmb_index_advance(ref, FIT, 7));
	ut_assertok(rpmb_index_advance(ref, FIT, 7));
	ut_asserteq(-EDOM, rpmb_index_advance(ref, FIT, 6));
	ut_assertok(rpmb_get_write_count(ref, &after));
	ut_asserteq(before + 1, after);
	ut_assertok(rpmb_index_get(ref, FIT, &index));
	ut_asserteq_64(7, index);
	ut_asserteq(-EDOM, rpmb_index_check(ref, FIT, 6));
	ut_assertok(rpmb_index_check(ref, FIT, 7));
	ut_assertok(rpmb_index_check(ref, FIT, 8));
	ut_asserteq(-ENODATA, rpmb_index_get(ref, FIT + 1, &index));

	/* 0 is a value, and 2^64 - 2 is the last one */
	ut_assertok(rpmb_index_advance(ref, 0, 0));
	ut_assertok(rpmb_index_get(ref, 0, &index));
	ut_asserteq_64(0, index);
	ut_assertok(rpmb_index_advance(ref, 0x1f, U64_MAX - 1));
	ut_assertok(rpmb_index_get(ref, 0x1f, &index));
	ut_asserteq_64(U64_MAX - 1, index);
	ut_assertok(rpmb_index_advance(ref, 0x21b, 1));

	return 0;
}

/* Indexes of a block are raised together, by one write, or none of them */
static int case_indexes(struct unit_test_state *uts, struct rpmb_ref ref)
{
	struct rpmb_raise raise[] = {
		{ FIT + 3, 3 }, { FIT + 4, 0 }, { FIT + 27, U64_MAX - 1 },
	};
	u32 before, after;
	u64 index;

	ut_assertok(rpmb_get_write_count(ref, &before));
	ut_assertok(rpmb_index_advance_all(ref, raise, 3));
	ut_assertok(rpmb_index_advance_all(ref, raise, 3));
	raise[0].index = 9;
	raise[2].index--;
	ut_asserteq(-EDOM, rpmb_index_advance_all(ref, raise, 3));
	ut_assertok(rpmb_get_write_count(ref, &after));
	ut_asserteq(before + 1, after);
	ut_assertok(rpmb_index_get(ref, FIT + 3, &index));
	ut_asserteq_64(3, index);
	ut_assertok(rpmb_index_get(ref, FIT + 4, &index));
	ut_asserteq_64(0, index);
	ut_assertok(rpmb_index_get(ref, FIT + 27, &index));
	ut_asserteq_64(U64_MAX - 1, index);
	raise[2].loc = 0x200;
	ut_asserteq(-EINVAL, rpmb_index_advance_all(ref, raise, 3));
	ut_asserteq(-EINVAL, rpmb_index_advance_all(ref, raise, 0));

	return 0;
}

static int case_record(struct unit_test_state *uts, struct rpmb_ref ref)
{
	char name[] = "record.00";
	size_t len;
	int i;

	rpmb_conformance_fill(data, sizeof(data), 1);
	ut_assertok(rpmb_record_write(ref, "a", data, 192));
	ut_asserteq(-ENOBUFS, rpmb_record_read(ref, "a", back, 191, &len));
	ut_asserteq(192, len);
	ut_assertok(rpmb_record_read(ref, "a", back, 192, &len));
	ut_asserteq(192, len);
	ut_asserteq_mem(data, back, 192);
	ut_assertok(rpmb_record_write(ref, "a", data + 1, 3));
	ut_assertok(rpmb_record_read(ref, "a", back, 192, &len));
	ut_asserteq(3, len);
	ut_asserteq_mem(data + 1, back, 3);

	/* as many as there are blocks, and not one more */
	for (i = 1; i < CONFIG_RPMB_RECORD_BLOCKS; i++) {
		name[8] = '0' + i;
		ut_assertok(rpmb_record_write(ref, name, &i, 1));
	}
	ut_asserteq(-ENOSPC, rpmb_record_write(ref, "b", data, 1));
	ut_assertok(rpmb_record_delete(ref, "a"));
	ut_asserteq(-ENOENT, rpmb_record_delete(ref, "a"));
	ut_assertok(rpmb_record_write(ref, "b", data, 1));

	return 0;
}

static int check_raw(struct unit_test_state *uts, struct rpmb_ref ref, u32 addr,
		     u32 count)
{
	struct rpmb_frame req[2], resp;
	u32 before, after, i;

	ut_assertok(rpmb_get_write_count(ref, &before));
	ut_asserteq(-EROFS, rpmb_write_blocks(ref, addr, count, data));
	ut_asserteq(RPMB_FAULT_PARAM, status_of(ref)->fault);
	ut_asserteq(RPMB_STATE_UNTOUCHED, status_of(ref)->state);
	/* each count alone, and behind a frame that does no harm */
	rpmb_frame_init(&req[0], RPMB_REQ_WRITE_DATA);
	rpmb_frame_init(&req[1], RPMB_REQ_WRITE_DATA);
	rpmb_put16(&req[1].addr, addr);
	rpmb_put16(&req[1].block_count, count);
	ut_asserteq(-EROFS, route(ref, RPMB_FRAMES(req + 1, 1, &resp, 1)));
	ut_asserteq(-EROFS, route(ref, RPMB_FRAMES(req, 2, &resp, 1)));
	for (i = 0; i < 2; i++) {
		rpmb_frame_init(&req[i], RPMB_REQ_WRITE_DATA);
		rpmb_put16(&req[i].addr, addr);
	}
	if (count <= 2)
		ut_asserteq(-EROFS, route(ref, RPMB_FRAMES(req, 2, &resp, 1)));
	ut_assertok(rpmb_get_write_count(ref, &after));
	ut_asserteq(before, after);

	return 0;
}

/* The raw verbs may look, but not touch; next door they may */
static int case_raw(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u64 index;

	ut_assertok(check_raw(uts, ref, FIRST, 1));
	ut_assertok(check_raw(uts, ref, FIRST - 1, 2));
	ut_assertok(check_raw(uts, ref, FIRST + 2, 1));
	ut_assertok(check_raw(uts, ref, END - 1, 1));
	ut_assertok(check_raw(uts, ref, END - 1, 2));
	ut_assertok(check_raw(uts, ref, FIRST - 1, END));
	ut_assertok(rpmb_write_blocks(ref, FIRST - 2, 2, data));
	ut_assertok(rpmb_write_blocks(ref, END, 2, data));
	ut_assertok(rpmb_read_blocks(ref, FIRST + 2, 1, back));
	ut_asserteq_mem(RPMB_STORE_MAGIC, back, RPMB_STORE_MAGIC_SIZE);
	ut_assertok(rpmb_index_get(ref, FIT, &index));
	ut_asserteq_64(7, index);

	return 0;
}

/* What boot policy does works on closed boards, and stops with the ratchet */
static int case_closed(struct unit_test_state *uts, struct rpmb_ref ref)
{
	u64 index;
	size_t len;

	sandbox_rpmb_set_closed(true);
	ut_assertok(rpmb_index_get(ref, FIT, &index));
	ut_assertok(rpmb_index_advance(ref, FIT, index + 1));
	ut_assertok(rpmb_index_check(ref, FIT, index + 1));
	ut_assertok(rpmb_record_write(ref, "b", data, 2));
	ut_assertok(rpmb_record_read(ref, "b", back, 2, &len));
	ut_assertok(rpmb_record_delete(ref, "b"));
	ut_assertok(check_raw(uts, ref, FIRST, 1));
	sandbox_rpmb_set_closed(false);
	rpmb_ratchet();
	ut_assertok(check_refused(uts, ref, -EKEYREVOKED));

	return 0;
}

static const struct conformance_case store_cases[] = {
	{ "without a key nothing works", case_no_key },
	{ "arguments are checked", case_bad_arguments },
	{ "what was never set is not 0", case_never_set },
	{ "an index goes up only", case_index },
	{ "indexes go up together", case_indexes },
	{ "records come and go", case_record },
	{ "raw verbs keep out", case_raw },
	{ "a closed board may, the ratchet stops it", case_closed },
};

static int run_cases(struct unit_test_state *uts, struct rpmb_ref ref)
{
	int i;

	ut_assertok(rpmb_conformance_setup(uts));
	for (i = 0; i < ARRAY_SIZE(store_cases); i++) {
		int ret = store_cases[i].fn(uts, ref);

		sandbox_rpmb_set_closed(false);
		if (ret)
			printf("%s:%d: store: %s (%d)\n", ref.dev->name,
			       ref.target, store_cases[i].name, ret);
		ut_assertok(ret);
	}
	sandbox_rpmb_unratchet();

	return 0;
}

static int dm_test_rpmb_store_sandbox(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	ut_assertok(run_cases(uts, rpmb_ref(dev, 0, KEY)));
	sandbox_rpmb_model(dev, 0)->state.key_set = 0;
	ut_assertok(run_cases(uts, rpmb_ref(dev, 1, KEY)));

	return 0;
}
DM_TEST(dm_test_rpmb_store_sandbox, FLAGS);

static int dm_test_rpmb_store_emmc(struct unit_test_state *uts)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct udevice *mmc, *dev;
	char name[12];
	int i;

	/* eMMC 5.1 as it should be, and one like QEMU's */
	for (i = 0; i < 2; i++) {
		ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
		ut_assertok(device_probe(mmc));
		snprintf(name, sizeof(name), "mmc%d", dev_seq(mmc));
		ut_assert(rpmb_scan() > 0);
		ut_assertok(rpmb_get_device_by_name(name, &dev));
		ut_assertok(run_cases(uts, rpmb_ref(dev, 0, KEY)));
		ut_assertok(emmc_front_unbind(mmc));
		cfg.rev = 5;
		cfg.wr_rel_param = 0;
		cfg.rpmb_mult = 1;
	}

	return 0;
}
DM_TEST(dm_test_rpmb_store_emmc, FLAGS);

static int dm_test_rpmb_store_ufs(struct unit_test_state *uts)
{
	static const struct ufs_sandbox_cfg cfg = UFS_SANDBOX_CFG;
	struct udevice *ufs, *dev;
	char name[16];

	ut_assertok(ufs_sandbox_bind(dm_root(), &cfg, &ufs));
	snprintf(name, sizeof(name), "ufs%d", dev_seq(ufs));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, &dev));
	ut_assertok(run_cases(uts, rpmb_ref(dev, 0, KEY)));
	ufs_sandbox_front(ufs)->region[0].state.key_set = 0;
	ut_assertok(run_cases(uts, rpmb_ref(dev, 1, KEY)));
	ut_assertok(ufs_sandbox_unbind(ufs));

	return 0;
}
DM_TEST(dm_test_rpmb_store_ufs, FLAGS);

static int dm_test_rpmb_store_virtio(struct unit_test_state *uts)
{
	static const struct virtio_slot_cfg cfg = VIRTIO_SLOT_CFG;
	struct udevice *bus, *dev;
	char name[16];

	ut_assertok(virtio_slot_bind(dm_root(), &cfg, &bus));
	snprintf(name, sizeof(name), "virtio%d", dev_seq(bus));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, &dev));
	ut_assertok(run_cases(uts, rpmb_ref(dev, 0, KEY)));
	ut_assertok(virtio_slot_unbind(bus));

	return 0;
}
DM_TEST(dm_test_rpmb_store_virtio, FLAGS);

static int get_sandbox(struct unit_test_state *uts, struct udevice **devp,
		       struct rpmb_model **mp)
{
	ut_assertok(rpmb_conformance_sandbox(uts, devp));
	ut_assertok(rpmb_program_key(rpmb_ref(*devp, 0, KEY)));
	*mp = sandbox_rpmb_model(*devp, 0);

	return 0;
}

/* What a device says, or does not say: never an index, never a record */
static int dm_test_rpmb_store_faults(struct unit_test_state *uts)
{
	static const struct {
		enum rpmb_model_fault fault;
		int err;
	} rows[] = {
		{ RPMB_MODEL_F_DROP_REQUEST, -ETIMEDOUT },
		{ RPMB_MODEL_F_LOSE_REPLY, -ETIMEDOUT },
		{ RPMB_MODEL_F_STALE_REPLY, -EPROTO },
		{ RPMB_MODEL_F_BAD_MAC, -EBADMSG },
		{ RPMB_MODEL_F_BAD_NONCE, -EPROTO },
		{ RPMB_MODEL_F_BAD_TYPE, -EPROTO },
		{ RPMB_MODEL_F_BAD_ADDRESS, -EPROTO },
		{ RPMB_MODEL_F_BAD_DATA, -EBADMSG },
		{ RPMB_MODEL_F_ZERO_REPLY, -EPROTO },
		{ RPMB_MODEL_F_REFUSE, -EIO },
	};
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index = 0x55;
	int i;

	ut_assertok(get_sandbox(uts, &dev, &m));
	ut_assertok(rpmb_index_advance(rpmb_ref(dev, 0, KEY), FIT, 7));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		rpmb_model_arm(m, rows[i].fault, RPMB_REQ_READ_DATA, 0, 9);
		ut_asserteq(rows[i].err,
			    rpmb_index_get(rpmb_ref(dev, 0, KEY), FIT, &index));
		ut_asserteq_64(0x55, index);
		ut_asserteq(rows[i].err,
			    rpmb_index_check(rpmb_ref(dev, 0, KEY), FIT, 7));
		ut_asserteq(rows[i].err,
			    rpmb_index_advance(rpmb_ref(dev, 0, KEY), FIT, 8));
		rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	}
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, KEY), FIT, &index));
	ut_asserteq_64(7, index);

	/* the last write of all has been done */
	m->state.counter = U32_MAX;
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	ut_asserteq(-EOVERFLOW,
		    rpmb_index_advance(rpmb_ref(dev, 0, KEY), FIT, 8));
	ut_asserteq(-EOVERFLOW,
		    rpmb_record_write(rpmb_ref(dev, 0, KEY), "a", data, 1));
	ut_assertok(rpmb_index_check(rpmb_ref(dev, 0, KEY), FIT, 7));

	return 0;
}
DM_TEST(dm_test_rpmb_store_faults, FLAGS);

/* A format of the future, and what is no format at all */
static int dm_test_rpmb_store_format(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u8 *block, *record;
	size_t len;
	u64 index;

	ut_assertok(get_sandbox(uts, &dev, &m));
	ut_assertok(rpmb_index_advance(rpmb_ref(dev, 0, KEY), FIT, 7));
	ut_assertok(rpmb_record_write(rpmb_ref(dev, 0, KEY), "a", data, 1));
	block = m->store.data + (FIRST + 2) * RPMB_BLOCK_SIZE;
	record = m->store.data + (FIRST + 4) * RPMB_BLOCK_SIZE;
	block[8]++;
	record[8]++;
	ut_asserteq(-EPROTONOSUPPORT,
		    rpmb_index_get(rpmb_ref(dev, 0, KEY), FIT, &index));
	ut_asserteq(-EPROTONOSUPPORT,
		    rpmb_index_advance(rpmb_ref(dev, 0, KEY), FIT, 8));
	ut_asserteq(-EPROTONOSUPPORT,
		    rpmb_record_read(rpmb_ref(dev, 0, KEY), "a", back, 1, &len));
	block[0]++;
	record[0]++;
	ut_asserteq(-EUCLEAN,
		    rpmb_index_get(rpmb_ref(dev, 0, KEY), FIT, &index));
	ut_asserteq(-EUCLEAN, rpmb_index_check(rpmb_ref(dev, 0, KEY), FIT, 8));
	ut_asserteq(-EUCLEAN,
		    rpmb_record_write(rpmb_ref(dev, 0, KEY), "a", data, 1));

	return 0;
}
DM_TEST(dm_test_rpmb_store_format, FLAGS);

static int odd_claim(struct udevice *dev)
{
	return -ENODATA;
}

static struct rpmb_ops odd_ops;

static int odd_probe(struct udevice *dev)
{
	rpmb_get_descr(dev)->target[0].capacity = 1;

	return 0;
}

/* A driver that moves no frames and has no verbs, or not all of them */
U_BOOT_DRIVER(rpmb_odd) = {
	.name	= "rpmb_odd",
	.id	= UCLASS_RPMB,
	.ops	= &odd_ops,
	.probe	= odd_probe,
};

static int odd_route(struct udevice *dev, u8 target,
		     const struct rpmb_frames *frames)
{
	return -ENODATA;
}

static int dm_test_rpmb_store_odd(struct unit_test_state *uts)
{
	static const struct rpmb_verbs no_verbs;
	struct udevice *dev;

	ut_assertok(rpmb_conformance_setup(uts));
	memset(&odd_ops, 0, sizeof(odd_ops));
	ut_assertok(device_bind_driver(dm_root(), "rpmb_odd", "odd0", &dev));
	ut_asserteq(-ENOSYS, device_probe(dev));
	odd_ops.own = &no_verbs;
	ut_assertok(device_probe(dev));
	ut_assertok(check_refused(uts, rpmb_ref(dev, 0, KEY), -ENOSYS));
	/* no error of a bus means that nothing was stored */
	odd_ops.route_frames = odd_route;
	ut_assertok(check_refused(uts, rpmb_ref(dev, 0, KEY), -EIO));
	odd_ops.claim_bus = odd_claim;
	ut_assertok(check_refused(uts, rpmb_ref(dev, 0, KEY), -EIO));
	memset(&odd_ops, 0, sizeof(odd_ops));
	ut_assertok(device_remove(dev, DM_REMOVE_NORMAL));
	ut_assertok(device_unbind(dev));

	return 0;
}
DM_TEST(dm_test_rpmb_store_odd, FLAGS);
