// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of devices whose frames are not JEDEC's: their drivers have verbs of their
 * own, and the gate is in front of these, too
 */

#include <dm.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <rpmb-tee.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <dm/test.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define KEY	RPMB_CONFORMANCE_KEY

static u8 block[RPMB_BLOCK_SIZE];

/* What reached the driver, since it was looked at */
static char reached;

static char what_reached(void)
{
	char what = reached;

	reached = 0;
	return what;
}

static int own_program_key(struct rpmb_ref ref)
{
	reached = 'p';
	return 0;
}

static int own_get_capacity(struct udevice *dev, u8 target)
{
	reached = 'c';
	return 7;
}

static int own_get_write_count(struct rpmb_ref ref, u32 *count)
{
	reached = 'g';
	*count = 5;
	return 0;
}

static int own_write_blocks(struct rpmb_ref ref, u32 addr, u32 count,
			    const void *data)
{
	reached = 'w';
	return 0;
}

static int own_read_blocks(struct rpmb_ref ref, u32 addr, u32 count, void *data)
{
	reached = 'r';
	return 0;
}

static const struct rpmb_verbs own_verbs = {
	.program_key		= own_program_key,
	.get_capacity		= own_get_capacity,
	.get_write_count	= own_get_write_count,
	.write_blocks		= own_write_blocks,
	.read_blocks		= own_read_blocks,
};

static const struct rpmb_verbs no_verbs;

static struct rpmb_ops own_ops;

static int own_probe(struct udevice *dev)
{
	struct rpmb_descr *descr = rpmb_get_descr(dev);

	descr->type = RPMB_TYPE_SANDBOX;
	descr->target[0].capacity = 1;
	descr->target[0].dev_id = (const u8 *)"own";
	descr->target[0].dev_id_len = 3;
	return 0;
}

U_BOOT_DRIVER(rpmb_test_own) = {
	.name	= "rpmb_test_own",
	.id	= UCLASS_RPMB,
	.ops	= &own_ops,
	.probe	= own_probe,
};

static int plug(struct unit_test_state *uts, const struct rpmb_verbs *verbs,
		struct udevice **devp)
{
	own_ops.own = verbs;
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assertok(rpmb_conformance_setup(uts));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_own", "own0", devp));

	return 0;
}

static int dm_test_rpmb_own_verbs(struct unit_test_state *uts)
{
	struct udevice *dev;
	struct rpmb_ref ref;
	u32 count;

	ut_assertok(plug(uts, &own_verbs, &dev));
	ut_assertok(device_probe(dev));
	ref = rpmb_ref(dev, 0, KEY);
	ut_assertok(rpmb_program_key(ref));
	ut_asserteq('p', what_reached());
	ut_asserteq(7, rpmb_get_capacity(dev, 0));
	ut_asserteq('c', what_reached());
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq('g', what_reached());
	ut_asserteq(5, count);
	ut_assertok(rpmb_write_blocks(ref, 0, 1, block));
	ut_asserteq('w', what_reached());
	ut_assertok(rpmb_read_blocks(ref, 0, 1, block));
	ut_asserteq('r', what_reached());

	/* the gate does not ask what the frames look like */
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, true);
	ut_asserteq(-EADDRINUSE, rpmb_program_key(ref));
	ut_asserteq(-EADDRINUSE, rpmb_write_blocks(ref, 0, 1, block));
	rpmb_mark_forget_all();
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, rpmb_program_key(ref));
	ut_asserteq(-EPERM, rpmb_write_blocks(ref, 0, 1, block));
	ut_asserteq(0, what_reached());
	sandbox_rpmb_set_closed(false);

	return 0;
}
DM_TEST(dm_test_rpmb_own_verbs, FLAGS);

static void ignore(const char *what, int err)
{
}

/* What is not there is an error, as is all that is made of frames */
static int dm_test_rpmb_own_none(struct unit_test_state *uts)
{
	struct rpmb_frame req, resp;
	struct udevice *dev;
	struct rpmb_ref ref;
	u64 index;
	u32 count;

	ut_assertok(plug(uts, &no_verbs, &dev));
	ut_assertok(device_probe(dev));
	ref = rpmb_ref(dev, 0, KEY);
	ut_asserteq(-ENOSYS, rpmb_program_key(ref));
	ut_asserteq(1, rpmb_get_capacity(dev, 0));
	ut_asserteq(-ENOSYS, rpmb_get_write_count(ref, &count));
	ut_asserteq(-ENOSYS, rpmb_write_blocks(ref, 0, 1, block));
	ut_asserteq(-ENOSYS, rpmb_read_blocks(ref, 0, 1, block));
	rpmb_frame_init(&req, RPMB_REQ_GET_COUNTER);
	ut_asserteq(-ENOSYS, rpmb_route_frames(dev, 0,
					       RPMB_FRAMES(&req, 1, &resp, 1)));
	ut_asserteq(-ENOSYS, rpmb_index_get(ref, 0x100, &index));
	ut_asserteq(-ENOSYS, rpmb_index_room(dev, 0));
	ut_asserteq(-ENOSYS, rpmb_selftest(ref, ignore));
	if (IS_ENABLED(CONFIG_RPMB_TEE))
		ut_asserteq(-ENOSYS, rpmb_tee_may(ref));

	return 0;
}
DM_TEST(dm_test_rpmb_own_none, FLAGS);

/* Beside such a device another one gets its key: it is not sent frames */
static int dm_test_rpmb_own_beside(struct unit_test_state *uts)
{
	struct udevice *own, *dev;

	ut_assertok(plug(uts, &own_verbs, &own));
	ut_assertok(device_probe(own));
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_asserteq(0, what_reached());

	return 0;
}
DM_TEST(dm_test_rpmb_own_beside, FLAGS);
