// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * However early memory runs out: an error that says so, nothing is held or left
 * behind, and with memory the same thing works
 */

#include <dm.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <dm/test.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/emmc_front.h"
#include "../model/ufs_sandbox.h"
#include "../model/virtio_slot.h"

#define FLAGS		(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define DERIVED		0x100
#define MOST		200	/* allocations of one operation */

/* What an operation works on */
static struct rpmb_ref ref;
static char name[16];

static void ignore(const char *what, int err)
{
}

static int op_selftest(void)
{
	return rpmb_selftest(ref, ignore);
}

static int op_advance(void)
{
	return rpmb_index_advance(ref, 0x100, 5);
}

static int op_index(void)
{
	u64 index;

	return rpmb_index_get(ref, 0x100, &index);
}

static int op_block(void)
{
	u64 index[RPMB_INDEX_BLOCK];
	int ret = rpmb_index_get_block(ref, 0x100, index);

	return ret > 0 ? 0 : ret;
}

static int op_check(void)
{
	return rpmb_index_check(ref, 0x100, 5);
}

static int op_reset(void)
{
	u32 count;
	int ret = rpmb_get_write_count(ref, &count);

	return ret ? ret : rpmb_index_reset(ref, 0x100, 1, count);
}

static int op_stores(void)
{
	static u8 blocks[RPMB_STORES_BLOCKS][256];

	return rpmb_stores_read(ref, blocks);
}

static int op_record_write(void)
{
	return rpmb_record_write(ref, "a", "b", 1);
}

static int op_record_read(void)
{
	char buf[4];
	size_t len;

	return rpmb_record_read(ref, "a", buf, sizeof(buf), &len);
}

static int op_record_delete(void)
{
	return rpmb_record_delete(ref, "a");
}

static int op_check_value(void)
{
	u8 kcv[RPMB_KCV_SIZE];

	return rpmb_key_check_value(ref, kcv);
}

static int op_program_check(void)
{
	return rpmb_program_check(rpmb_ref(ref.dev, 1, RPMB_CONFORMANCE_KEY));
}

static int op_bind(void)
{
	struct udevice *dev;
	int ret = device_bind_driver(dm_root(), "sandbox_rpmb", "another", &dev);

	return ret ? ret : device_unbind(dev);
}

static int op_frames(void)
{
	struct rpmb_frame req, resp;

	rpmb_frame_init(&req, RPMB_REQ_GET_COUNTER);
	return rpmb_route_frames(ref.dev, 0, RPMB_FRAMES(&req, 1, &resp, 1));
}

static int op_find(void)
{
	struct udevice *dev;
	int ret = rpmb_scan();

	return ret < 0 ? ret : rpmb_get_device_by_name(name, &dev);
}

/**
 * enum kind - what an operation does
 *
 * @READS:	it reads
 * @WRITES:	the model wants memory for that, too, and refuses without
 * @FINDS:	it looks for devices, or binds one: those that cannot be set up are not there, and
 *		driver model keeps what it has made of others
 */
enum kind { READS, WRITES, FINDS };

/**
 * struct op - an operation
 *
 * @name:	of it
 * @run:	does it; 0 or -errno
 * @kind:	of it
 */
struct op {
	const char *name;
	int (*run)(void);
	enum kind kind;
};

static int check_op(struct unit_test_state *uts, const struct op *op)
{
	int allocs, ret = -ENOMEM;
	struct mallinfo before;

	for (allocs = 0; ret; allocs++) {
		ut_assert(allocs < MOST);
		before = mallinfo();
		malloc_enable_testing(allocs);
		ret = op->run();
		malloc_disable_testing();
		if (!ret)
			break;
		ut_assert(!rpmb_is_any_held());
		if (op->kind == FINDS)
			continue;
		ut_assert(ret == -ENOMEM || op->kind == WRITES);
		ut_asserteq(before.uordblks, mallinfo().uordblks);
	}
	ut_assert(allocs);

	return 0;
}

static int check_ops(struct unit_test_state *uts, const struct op *op, int count)
{
	for (; count--; op++) {
		int ret = check_op(uts, op);

		if (ret)
			printf("without memory: %s\n", op->name);
		ut_assertok(ret);
	}

	return 0;
}

/* Of a device that is there */
static int dm_test_rpmb_memory_ops(struct unit_test_state *uts)
{
	static const struct op ops[] = {
		{ "selftest", op_selftest, WRITES },
		{ "advance", op_advance, WRITES },
		{ "index", op_index }, { "block", op_block },
		{ "check", op_check }, { "reset", op_reset, WRITES },
		{ "stores", op_stores }, { "write a record", op_record_write, WRITES },
		{ "read a record", op_record_read },
		{ "delete a record", op_record_delete, WRITES },
		{ "check value", op_check_value }, { "frames", op_frames },
		{ "program check", op_program_check }, { "bind", op_bind, FINDS },
	};

	ut_assertok(rpmb_conformance_sandbox(uts, &ref.dev));
	ref = rpmb_ref(ref.dev, 0, DERIVED);
	ut_assertok(rpmb_program_key(ref));

	return check_ops(uts, ops, ARRAY_SIZE(ops));
}
DM_TEST(dm_test_rpmb_memory_ops, FLAGS);

static const struct op find = { "find", op_find, FINDS };

static int dm_test_rpmb_memory_sandbox(struct unit_test_state *uts)
{
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	strcpy(name, "sandbox0");

	return check_op(uts, &find);
}
DM_TEST(dm_test_rpmb_memory_sandbox, FLAGS);

/* Looking for the device of a slot, and probing it */
static int check_find(struct unit_test_state *uts, struct udevice *host,
		      const char *prefix)
{
	ut_assertok(device_probe(host));
	snprintf(name, sizeof(name), "%s%d", prefix, dev_seq(host));

	return check_op(uts, &find);
}

static int dm_test_rpmb_memory_emmc(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct udevice *mmc;

	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(check_find(uts, mmc, "mmc"));

	return emmc_front_unbind(mmc);
}
DM_TEST(dm_test_rpmb_memory_emmc, FLAGS);

static int dm_test_rpmb_memory_ufs(struct unit_test_state *uts)
{
	static const struct ufs_sandbox_cfg cfg = UFS_SANDBOX_CFG;
	struct udevice *ufs;

	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(ufs_sandbox_bind(dm_root(), &cfg, &ufs));
	ut_assertok(check_find(uts, ufs, "ufs"));

	return ufs_sandbox_unbind(ufs);
}
DM_TEST(dm_test_rpmb_memory_ufs, FLAGS);

static int dm_test_rpmb_memory_virtio(struct unit_test_state *uts)
{
	static const struct virtio_slot_cfg cfg = VIRTIO_SLOT_CFG;
	struct udevice *bus;

	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(virtio_slot_bind(dm_root(), &cfg, &bus));
	ut_assertok(check_find(uts, bus, "virtio"));

	return virtio_slot_unbind(bus);
}
DM_TEST(dm_test_rpmb_memory_virtio, FLAGS);
