// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of provisioning: what is decided, in which order, and what is left alone
 *
 * Signatures are tested on QEMU, where mkimage has made them.
 */

#include <console.h>
#include <dm.h>
#include <malloc.h>
#include <mmc.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "rpmb_provision_rig.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)

static int plug_emmc(struct unit_test_state *uts, u32 serial,
		     struct udevice **mmcp, struct udevice **devp)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	char name[16];

	cfg.cid[2] += serial;
	ut_assertok(emmc_front_bind(dm_root(), &cfg, mmcp));
	ut_assertok(device_probe(*mmcp));
	snprintf(name, sizeof(name), "mmc%d", dev_seq(*mmcp));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, devp));

	return 0;
}

/* A blank board: looked at, provisioned, and then there is nothing to do */
static int dm_test_rpmb_provision_life(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(provision_run(true));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "done dry-run");
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);

	ut_assertok(provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program ok", "prove ok", "record ok", "done ok", "done ok");
	ut_asserteq(1, m->keys_seen);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);

	ut_assertok(provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove ok", "record noop", "done noop",
	     "done noop");
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->writes);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_life, FLAGS);

/* A dry run says what a run would do, and changes nothing */
static int dm_test_rpmb_provision_dry(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 writes;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(provision_run(true));
	ut_asserteq_str("a key would be programmed", provision_last.say);
	ut_asserteq(0, m->keys_seen);

	ut_assertok(provision_run(false));
	writes = m->writes;
	ut_assertok(provision_run(true));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "done dry-run");
	ut_asserteq_str("nothing would be done: each device holds its key and its indexes already",
			provision_last.say);
	manifest_any_sandbox(6);
	ut_assertok(provision_run(true));
	ut_asserteq_str("done dry-run", provision_last_told());
	ut_asserteq_str("indexes would be raised; each device holds its key already",
			provision_last.say);
	/* what a run would fail at is found, too */
	m->store.data[(CONFIG_RPMB_ROLLBACK_START + 2) * RPMB_BLOCK_SIZE] ^= 1;
	ut_asserteq(-EUCLEAN, provision_run(true));
	ut_asserteq_str("record failed-other-data", provision_last_told());
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(writes, m->writes);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_dry, FLAGS);

/* A line says who, with which key, and where its counter is */
static int dm_test_rpmb_provision_line(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	manifest_begin();
	manifest_add("device-1", "sandbox", 0, "sandbox-rpmb0", 13,
		     provision_sandbox_kcv, DERIVED);
	fdt_pack(manifest);
	ut_assertok(provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program ok", "prove ok", "record noop", "done ok", "done ok");

	/* stop at the device's own last line: refuse a second device */
	manifest_begin();
	manifest_add("device-1", "sandbox", 0, "sandbox-rpmb0", 13,
		     (u8 *)"otherkcv", DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-EKEYREJECTED, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key refused-check-value");
	ut_assertok(provision_check_last(uts, "key refused-check-value", KCV,
					 0));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_line, FLAGS);

/* Indexes are raised or filled in, never lowered */
static int dm_test_rpmb_provision_index(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(provision_run(false));
	manifest_any_sandbox(3);
	ut_assertok(provision_run(false));
	ut_asserteq_str("record noop", provision_told[7]);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);
	manifest_any_sandbox(0x700000000);
	ut_assertok(provision_run(false));
	ut_asserteq_str("record ok", provision_told[7]);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(0x700000000, index);
	/* what is there and not ours is left alone */
	m->store.data[CONFIG_RPMB_ROLLBACK_START * RPMB_BLOCK_SIZE +
		      2 * RPMB_BLOCK_SIZE] ^= 1;
	ut_asserteq(-EUCLEAN, provision_run(false));
	ut_asserteq_str("record failed-other-data", provision_told[7]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_index, FLAGS);

/* What shares a block is raised by one write, and what is higher stays */
static int dm_test_rpmb_provision_indexes(struct unit_test_state *uts)
{
	static const struct rpmb_raise want[] = {
		{ 0x100, 5 }, { 0x200, 7 }, { 0x11b, U64_MAX - 1 }, { 0xf, 0 },
		{ 0x10, 1 }, { 0x101, 6 }, { 0, 3 }, { 0x21b, 2 },
	};
	struct rpmb_model *m;
	struct udevice *dev;
	int i, node;
	u64 index;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(provision_run(false));
	ut_assertok(rpmb_index_advance(rpmb_ref(dev, 0, DERIVED), 0x101, 9));
	manifest_begin();
	node = manifest_add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED);
	for (i = 0; i < ARRAY_SIZE(want); i++)
		manifest_index(node, want[i].loc, want[i].index);
	fdt_pack(manifest);
	m->writes = 0;
	ut_assertok(provision_run(false));
	ut_asserteq_str("record ok", provision_told[7]);
	ut_asserteq(4, m->writes);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED),
					   want[i].loc, &index));
		ut_asserteq_64(want[i].loc == 0x101 ? 9 : want[i].index, index);
	}
	ut_assertok(provision_run(false));
	ut_asserteq_str("record noop", provision_told[7]);
	ut_asserteq(4, m->writes);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_indexes, FLAGS);

static int dm_test_rpmb_provision_other_key(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, RPMB_CONFORMANCE_OTHER)));
	manifest_any_sandbox(5);
	ut_asserteq(-EBADMSG, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-other-key");
	/* nor is it taken for another failure if the first try has one */
	m->quirks = RPMB_MODEL_Q_FIRST_FAILS;
	m->first = true;
	ut_asserteq(-EBADMSG, provision_run(false));
	ut_asserteq_str("blank refused-other-key", provision_last_told());
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_other_key, FLAGS);

/* A closed board, and one whose ratchet has turned: not a frame on the wire */
static int dm_test_rpmb_provision_closed(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(provision_set_up(uts, &dev, &m));
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, provision_run(false));
	TOLD("verify ok", "board refused-closed");
	ut_asserteq_str("this board is closed: no key may travel on its buses",
			provision_last.say);
	ut_asserteq(-EPERM, provision_run(true));
	sandbox_rpmb_set_hook(false);
	ut_asserteq(-EPERM, provision_run(true));
	sandbox_rpmb_set_hook(true);
	TOLD("verify ok", "board refused-closed");
	ut_asserteq_str("this board is closed, for want of a hook board_rpmb_is_open(): no key may travel on its buses",
			provision_last.say);
	sandbox_rpmb_set_closed(false);
	rpmb_ratchet();
	ut_asserteq(-EKEYREVOKED, provision_run(false));
	TOLD("verify ok", "board refused-ratchet");
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);
	sandbox_rpmb_unratchet();

	return 0;
}
DM_TEST(dm_test_rpmb_provision_closed, FLAGS);

static int dm_test_rpmb_provision_manifest(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	fdt_setprop_string(manifest, 0, "version", "2");
	ut_asserteq(-EINVAL, provision_run(false));
	TOLD("verify refused-manifest");
	ut_assertnull(provision_last.batch);

	/* the board makes no key for it */
	manifest_sandbox(0x600);
	ut_asserteq(-EINVAL, provision_run(false));
	ut_asserteq_str("key refused-no-provider", provision_told[3]);
	sandbox_rpmb_set_huk(NULL, -ENOSYS, SANDBOX_RPMB_LOCKS);
	manifest_any_sandbox(5);
	ut_asserteq(-ENOSYS, provision_run(false));
	ut_asserteq_str("key refused-no-unique-key", provision_told[3]);
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_manifest, FLAGS);

/* Two eMMCs in one order, then in the other: the identifier decides */
static int check_order(struct unit_test_state *uts, u32 first, u32 second)
{
	u8 kcv[RPMB_KCV_SIZE], id[16];
	struct udevice *mmc[2], *dev[2];
	struct rpmb_descr *descr;
	int right = first == 1 ? 0 : 1;

	ut_assertok(rpmb_conformance_setup(uts));
	ut_assertok(plug_emmc(uts, first, &mmc[0], &dev[0]));
	ut_assertok(plug_emmc(uts, second, &mmc[1], &dev[1]));
	descr = rpmb_get_descr(dev[right]);
	memcpy(id, descr->target[0].dev_id, sizeof(id));
	/* a firmware update changes the revision, and it is the same device */
	id[9] ^= 0x11;
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev[right], 0, DERIVED),
					 kcv));

	manifest_begin();
	manifest_add("device-1", "emmc", 0, NULL, 0, NULL, DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-ENODEV, provision_run(false));
	TOLD("verify ok", "board ok", "match refused-ambiguous");

	manifest_begin();
	manifest_add("device-1", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(manifest);
	ut_assertok(provision_run(false));
	ut_asserteq(1, emmc_front_model(mmc[right])->keys_seen);
	ut_asserteq(0, emmc_front_model(mmc[!right])->keys_seen);

	/* a device that is not there, beside one that is */
	id[10] ^= 0x80;
	manifest_begin();
	manifest_add("device-1", "emmc", 0, NULL, 0, NULL, DERIVED);
	manifest_add("device-2", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-ENODEV, provision_run(false));
	ut_asserteq(0, emmc_front_model(mmc[!right])->keys_seen);
	manifest_begin();
	manifest_add("device-2", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-ENODEV, provision_run(false));
	TOLD("verify ok", "board ok", "match refused-not-found");
	ut_asserteq_str("device-2", provision_last.dev);
	ut_assertok(emmc_front_unbind(mmc[0]));
	ut_assertok(emmc_front_unbind(mmc[1]));

	return 0;
}

static int dm_test_rpmb_provision_order(struct unit_test_state *uts)
{
	ut_assertok(check_order(uts, 1, 2));
	ut_assertok(check_order(uts, 2, 1));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_order, FLAGS);

/* One of two devices is refused: the other one is left alone as well */
static int dm_test_rpmb_provision_all_or_none(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, RPMB_CONFORMANCE_OTHER)));
	manifest_begin();
	manifest_add("device-2", "sandbox", 1, NULL, 0, NULL, DERIVED);
	manifest_add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-EBADMSG, provision_run(false));
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);
	/* ... and both are done if both can be */
	sandbox_rpmb_model(dev, 1)->state.key_set = 0;
	ut_assertok(provision_run(false));
	ut_asserteq(1, sandbox_rpmb_model(dev, 0)->keys_seen);
	ut_asserteq(1, sandbox_rpmb_model(dev, 0)->state.key_set);
	ut_asserteq(1, sandbox_rpmb_model(dev, 1)->state.key_set);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_all_or_none, FLAGS);

/* One key in a RAM slot, two devices: only the first can have it */
static int dm_test_rpmb_provision_ram_key(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, RPMB_CONFORMANCE_KEY)));
	manifest_sandbox(RPMB_CONFORMANCE_KEY);
	ut_asserteq(-EEXIST, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-key-in-use");
	ut_asserteq(-EEXIST, provision_run(true));
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_ram_key, FLAGS);

/* No key, or one that nobody should have: not a frame on the wire */
static int dm_test_rpmb_provision_no_key(struct unit_test_state *uts)
{
	static const struct {
		int len;
		int err;
		const char *end;
	} rows[] = {
		{ 32, -EKEYREJECTED, "key refused-weak-secret" },
		{ -ENOSYS, -ENOSYS, "key refused-no-unique-key" },
		{ -EACCES, -EACCES, "key refused-no-unique-key" },
		{ 8, -EMSGSIZE, "key refused-no-key" },
		{ -EIO, -EIO, "key refused-no-key" },
	};
	static const u8 blank[RPMB_HUK_MAX];
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(provision_set_up(uts, &dev, &m));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sandbox_rpmb_set_huk(blank, rows[i].len, SANDBOX_RPMB_LOCKS);
		ut_asserteq(rows[i].err, provision_run(false));
		ut_assertok(provision_check_last(uts, rows[i].end, NO_KCV, 0));
	}
	manifest_sandbox(RPMB_CONFORMANCE_EMPTY);
	ut_asserteq(-ENOKEY, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key refused-no-key");
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_no_key, FLAGS);

/* No random numbers: the device was not asked, and is not what is wrong */
static int dm_test_rpmb_provision_no_random(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int ret;

	ut_assertok(provision_set_up(uts, &dev, &m));
	rpmb_nonces.stuck = true;
	ret = provision_run(false);
	rpmb_nonces.stuck = false;
	ut_asserteq(-EUNATCH, ret);
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-no-random");
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_no_random, FLAGS);

static int dm_test_rpmb_provision_not_final(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int ret;

	ut_assertok(provision_set_up(uts, &dev, &m));
	sandbox_rpmb_set_huk_final(false);
	ret = provision_run(false);
	sandbox_rpmb_set_huk_final(true);
	ut_asserteq(-EKEYEXPIRED, ret);
	TOLD("verify ok", "board ok", "match ok", "key refused-not-final");
	ut_asserteq(0, m->keys_seen);
	ut_assertok(provision_run(false));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_not_final, FLAGS);

/* One key for two: seen in the manifest, or feared of who does not answer */
static int dm_test_rpmb_provision_twice(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	m = sandbox_rpmb_model(dev, 1);
	/* a manifest with one key id for two is refused: hide it in another */
	rpmb_conformance_key(RPMB_CONFORMANCE_KEY, key);
	ut_assertok(rpmb_key_add(RPMB_CONFORMANCE_EMPTY, key));
	manifest_begin();
	/* nodes are added in front of those that are there */
	manifest_add("device-2", "sandbox", 1, NULL, 0, NULL,
		     RPMB_CONFORMANCE_EMPTY);
	manifest_add("device-1", "sandbox", 0, NULL, 0, NULL,
		     RPMB_CONFORMANCE_KEY);
	fdt_pack(manifest);
	ut_asserteq(-EEXIST, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "match ok", "key ok", "key refused-key-twice");
	ut_asserteq(1, provision_last.target);
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);

	manifest_sandbox(RPMB_CONFORMANCE_KEY);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_GET_COUNTER, 0,
		       6);
	ut_asserteq(-EREMOTE, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-key-in-doubt");
	ut_asserteq(0, provision_last.target);
	ut_asserteq(-EREMOTE, provision_run(true));
	/* nobody else can have a derived key */
	manifest_any_sandbox(5);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_GET_COUNTER, 0,
		       100);
	ut_assertok(provision_run(false));
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(1, sandbox_rpmb_model(dev, 0)->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_twice, FLAGS);

/* No room for the indexes: no key is burnt; without indexes it may be */
static int dm_test_rpmb_provision_room(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 *blocks;

	ut_assertok(provision_set_up(uts, &dev, &m));
	blocks = &rpmb_get_port(dev, 0)->client.blocks;
	/* the last block of the records is where the device ends */
	*blocks = CONFIG_RPMB_ROLLBACK_START + 4 + CONFIG_RPMB_RECORD_BLOCKS - 1;
	manifest_any_sandbox(5);
	ut_asserteq(-ERANGE, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "record refused-no-room");
	ut_assertok(provision_check_last(uts, "record refused-no-room", KCV,
					 0));
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_asserteq(0, m->keys_seen);

	++*blocks;
	ut_assertok(provision_run(true));
	--*blocks;
	manifest_sandbox(DERIVED);
	ut_assertok(provision_run(false));
	ut_asserteq(1, m->state.key_set);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_room, FLAGS);

/* A device that could not be looked at might be the one that is meant */
static int dm_test_rpmb_provision_scan(struct unit_test_state *uts)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct udevice *dev, *mmc;
	struct rpmb_model *m;
	int i, ret;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(device_probe(mmc));
	ut_assertok(mmc_init(mmc_get_mmc_dev(mmc)));
	/* it was found, and there is no memory for its driver */
	malloc_enable_testing(0);
	ret = provision_run(false);
	malloc_disable_testing();
	ut_asserteq(-ENOMEM, ret);
	TOLD("verify ok", "board ok", "match refused-scan");
	ut_assertnull(provision_last.dev);
	ut_assertnull(provision_last.id);
	ut_assertnull(provision_last.kcv);
	ut_asserteq_str("test-7", provision_last.batch);
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);
	ut_asserteq(0, emmc_front_model(mmc)->keys_seen);

	ut_assertok(provision_run(false));
	ut_assertok(emmc_front_unbind(mmc));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_scan, FLAGS);

static int broken_probe(struct udevice *dev)
{
	return -EIO;
}

static const struct rpmb_ops broken_ops;

U_BOOT_DRIVER(rpmb_test_broken) = {
	.name	= "rpmb_test_broken",
	.id	= UCLASS_RPMB,
	.ops	= &broken_ops,
	.probe	= broken_probe,
};

/* What cannot be set up, or has no such target, is not what a manifest is about */
static int dm_test_rpmb_provision_unfit(struct unit_test_state *uts)
{
	struct udevice *dev, *broken;
	struct rpmb_model *m;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_broken", "broken0",
				       &broken));
	manifest_begin();
	manifest_add("device-1", "sandbox", 3, NULL, 0, NULL, DERIVED);
	fdt_pack(manifest);
	ut_asserteq(-ENODEV, provision_run(false));
	TOLD("verify ok", "board ok", "match refused-not-found");
	ut_asserteq_str("device-1", provision_last.dev);
	ut_asserteq(3, provision_last.target);
	ut_asserteq(0, m->keys_seen);
	manifest_any_sandbox(5);
	ut_assertok(provision_run(false));
	ut_asserteq_str("done ok", provision_last_told());
	ut_asserteq(1, m->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_unfit, FLAGS);

/* "No key" is not signed. The key that the device proves then is not sent again */
static int dm_test_rpmb_provision_had_it(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	sandbox_rpmb_power_cycle(dev);
	rpmb_model_arm(m, RPMB_MODEL_F_SAYS_NO_KEY, RPMB_REQ_GET_COUNTER, 0, 1);
	ut_assertok(provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program ok", "prove ok", "record ok", "done ok", "done ok");
	ut_asserteq(1, m->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_had_it, FLAGS);

/* Which node of a manifest is not understood, and which property, if it is one */
static int dm_test_rpmb_provision_not_understood(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, NULL));
	console_record_reset();
	ut_assertok(fdt_open_into(manifest, manifest, sizeof(manifest)));
	ut_assertok(fdt_setprop_u32(manifest, fdt_path_offset(manifest, "/device-1"),
				    "target", 9));
	ut_asserteq(-EINVAL, provision_run(false));
	ut_assert_nextlinen("rpmb provision: node 'device-1', property target: ");
	TOLD("verify refused-manifest");
	ut_assert(fdt_add_subnode(manifest, 0, "else") > 0);
	ut_asserteq(-EINVAL, provision_run(false));
	ut_assert_nextline("rpmb provision: node 'else': not known");
	TOLD("verify refused-manifest");
	ut_assertnull(provision_last.dev);
	ut_asserteq_str("the manifest is signed, but cannot be understood",
			provision_last.say);
	ut_assert_console_end();

	return 0;
}
DM_TEST(dm_test_rpmb_provision_not_understood, FLAGS | UTF_CONSOLE);
