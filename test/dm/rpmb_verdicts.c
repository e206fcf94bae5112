// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of verdicts of boot policy that a board rarely comes to: a device that fails
 * in a way of its own, no memory, more than there is room for
 */

#include <avb_verify.h>
#include <console.h>
#include <dm.h>
#include <image.h>
#include <malloc.h>
#include <mapmem.h>
#include <rpmb-key.h>
#include <asm/global_data.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../../boot/rpmb/avb-internal.h"
#include "../../boot/rpmb/policy-internal.h"
#include "../model/emmc_front.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define FIT	RPMB_ROLLBACK_FIT
#define NAME	"verdict0"	/* as long as sandbox0 */

static int probe_error;

static int verdict_probe(struct udevice *dev)
{
	return probe_error;
}

static int verdict_route(struct udevice *dev, u8 target,
			 const struct rpmb_frames *frames)
{
	return -EIO;
}

static const struct rpmb_ops verdict_ops = {
	.route_frames	= verdict_route,
};

U_BOOT_DRIVER(rpmb_test_verdict) = {
	.name	= "rpmb_test_verdict",
	.id	= UCLASS_RPMB,
	.ops	= &verdict_ops,
	.probe	= verdict_probe,
};

/* What a driver says of itself is not taken for what the RPMB says */
static int dm_test_rpmb_verdicts_device(struct unit_test_state *uts)
{
	static const int own[] = { -ENODATA, -ENOENT, -ENOKEY, -EDOM };
	struct rpmb_model *m;
	struct rpmb_ref ref;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_conformance_set_policy(true, NAME, 0));
	rpmb_policy_reboot(false);
	ut_asserteq(-ENODEV, rpmb_policy_device(&ref));
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_verdict", NAME,
				       &dev));
	for (i = 0; i < ARRAY_SIZE(own); i++) {
		probe_error = own[i];
		ut_asserteq(-EIO, rpmb_policy_device(&ref));
	}
	probe_error = -EPROTO;
	ut_asserteq(-EPROTO, rpmb_policy_device(&ref));
	/* it is there, and has no such target */
	probe_error = 0;
	ut_asserteq(-EINVAL, rpmb_policy_device(&ref));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_device, FLAGS);

/* A device may be on the bus where the search has failed */
static int dm_test_rpmb_verdicts_search(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct udevice *dev, *mmc;
	struct rpmb_model *m;
	struct rpmb_ref ref;
	int ret;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_conformance_set_policy(true, "mmc9", 0));
	rpmb_policy_reboot(false);
	ut_asserteq(-ENODEV, rpmb_policy_device(&ref));
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(device_probe(mmc));
	ut_assertok(mmc_init(mmc_get_mmc_dev(mmc)));
	malloc_enable_testing(0);
	ret = rpmb_policy_device(&ref);
	malloc_disable_testing();
	ut_asserteq(-ENOMEM, ret);
	ut_assertok(emmc_front_unbind(mmc));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_search, FLAGS);

/* What never reached the device is told from what it has answered */
static int dm_test_rpmb_verdicts_not_asked(struct unit_test_state *uts)
{
	static const struct {
		int err;
		int want;
	} rows[] = {
		{ 0, 0 }, { 7, 7 }, { -EINVAL, -EINVAL }, { -ERANGE, -ERANGE },
		{ -ENOMEM, -ENOMEM }, { -EKEYREVOKED, -EKEYREVOKED },
		{ -EADDRINUSE, -EADDRINUSE }, { -ENOKEY, -EKEYREJECTED },
		{ -ENOSYS, -EKEYREJECTED },
	};
	struct rpmb_status *st;
	struct rpmb_model *m;
	struct udevice *dev;
	struct rpmb_ref ref;
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ref = rpmb_ref(dev, 0, POLICY_KEY);
	st = &rpmb_get_port(dev, 0)->client.status;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		st->fault = RPMB_FAULT_PARAM;
		ut_asserteq(rows[i].want, rpmb_policy_not_asked(ref, rows[i].err));
		st->fault = RPMB_FAULT_LINK;
		ut_asserteq(rows[i].err, rpmb_policy_not_asked(ref, rows[i].err));
		st->fault = RPMB_FAULT_RNG;
		ut_asserteq(rows[i].err < 0 ? -EUNATCH : rows[i].err,
			    rpmb_policy_not_asked(ref, rows[i].err));
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_not_asked, FLAGS);

/* More locations than the operating system is told of are checked all the same */
static int dm_test_rpmb_verdicts_many(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT + 9, 3));
	for (i = 0; i < 9; i++)
		ut_assertok(rpmb_policy_check(FIT + i, 3));
	ut_assertnonnull(rpmb_policy_get_passed(7));
	ut_assertnull(rpmb_policy_get_passed(8));
	ut_asserteq(-EDOM, rpmb_policy_check(FIT + 9, 2));
	ut_assertok(rpmb_policy_check(FIT + 9, 3));
	ut_assertnull(rpmb_policy_get_passed(8));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_many, FLAGS);

/* Without memory there is no index, no lock state and no slot that is good */
static int dm_test_rpmb_verdicts_memory(struct unit_test_state *uts)
{
	u64 index, all[RPMB_AVB_LOCATIONS];
	char name[RPMB_AVB_NAME_BYTES];
	struct rpmb_model *m;
	struct udevice *dev;
	AvbIOResult res;
	const char *why;
	bool unlocked;
	AvbOps *ops;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	sandbox_rpmb_avb_reset();
	ops = avb_ops_alloc(0);
	ut_assertnonnull(ops);
	malloc_enable_testing(0);
	res = ops->read_rollback_index(ops, 0, &index);
	malloc_disable_testing();
	ut_asserteq(AVB_IO_RESULT_ERROR_OOM, res);
	ut_asserteq_64(U64_MAX, index);
	rpmb_policy_reboot(false);
	sandbox_rpmb_avb_reset();
	malloc_enable_testing(0);
	res = ops->read_is_device_unlocked(ops, &unlocked);
	why = rpmb_avb_slot_lower(ops, "_a", NULL, all, name);
	malloc_disable_testing();
	ut_asserteq(AVB_IO_RESULT_ERROR_OOM, res);
	ut_asserteq(false, unlocked);
	ut_asserteq_str("no memory", why);
	avb_ops_free(ops);
	sandbox_rpmb_avb_reset();
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_memory, FLAGS);

/* An error that is remembered is forgotten when an index is stored after all */
static int dm_test_rpmb_verdicts_recover(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	rpmb_policy_reboot(false);
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_READ_DATA, 0, 3);
	ut_asserteq(-EBADMSG, rpmb_policy_check(FIT, 3));
	ut_asserteq(-EBADMSG, rpmb_policy_check(FIT, 3));
	ut_assertok(rpmb_policy_advance(FIT, 4));
	ut_asserteq(-EDOM, rpmb_policy_check(FIT, 3));
	ut_assertok(rpmb_policy_check(FIT, 4));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_recover, FLAGS);

/* A commit is no commit once the keys are gone, even if nothing is to be written */
static int dm_test_rpmb_verdicts_commit(struct unit_test_state *uts)
{
	struct rpmb_raise raise = { .loc = FIT, .index = 3 };
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;
	u32 loc;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(rpmb_policy_advance(FIT, 3));
	ut_assertok(rpmb_policy_commit(&raise, 1));
	ut_asserteq(-EACCES, rpmb_fit_commit(NULL, 0, false, &loc, &index));
	ut_asserteq(true, rpmb_fit_is_strict());
	rpmb_policy_reboot(true);
	ut_assertok(rpmb_policy_check(FIT, 3));
	rpmb_ratchet_prompt();
	ut_asserteq(true, rpmb_is_ratcheted());
	rpmb_ratchet_prompt();
	ut_asserteq(-EKEYREVOKED, rpmb_policy_commit(&raise, 1));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_commit, FLAGS);

/* Where RAM ends a tree ends as well; outside of RAM no limit is known */
static int dm_test_rpmb_verdicts_room(struct unit_test_state *uts)
{
	static const struct {
		ulong base, size;
		bool fits;
	} rows[] = {
		{ 0x100000, 0x100000, true },	/* the tree is below */
		{ 0, 0x1000, true },		/* it is above */
		{ 0x1000, 0x1000, true },	/* it is all of RAM */
		{ 0, 0x1fff, false },		/* a byte of it is above */
		{ 0x800, 0x17ff, false },
	};
	u8 *fdt = map_sysmem(0x1000, 0x1000);
	phys_addr_t base = gd->ram_base;
	phys_size_t size = gd->ram_size;
	struct rpmb_model *m;
	struct udevice *dev;
	int i, ret;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_assertok(fdt_create_empty_tree(fdt, 0x1000));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		gd->ram_base = rows[i].base;
		gd->ram_size = rows[i].size;
		ret = rpmb_fit_look(fdt, 0x1000);
		gd->ram_base = base;
		gd->ram_size = size;
		ut_asserteq(rows[i].fits, !ret);
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_room, FLAGS);

/* A FIT with an image that a configuration names, and one that none does */
static int make_fit(struct unit_test_state *uts, void *fit, int size,
		    const char *image)
{
	int node;

	ut_assertok(fdt_create_empty_tree(fit, size));
	node = fdt_add_subnode(fit, 0, "images");
	ut_assert(fdt_add_subnode(fit, node, "part") > 0);
	node = fdt_path_offset(fit, "/images");
	ut_assert(fdt_add_subnode(fit, node, "stray") > 0);
	node = fdt_add_subnode(fit, 0, "configurations");
	ut_assert(fdt_add_subnode(fit, node, "other") > 0);
	node = fdt_path_offset(fit, "/configurations");
	node = fdt_add_subnode(fit, node, "conf");
	ut_assertok(fdt_setprop_string(fit, node, "loadables", "part"));

	return fdt_path_offset(fit, image);
}

/* A key is required for configurations, and this one has no signature */
static int check_unsigned(struct unit_test_state *uts, const void *fit, int part)
{
	const void *control = gd->fdt_blob;
	static u8 tree[0x200] __aligned(8);
	int node, ret, named;

	ut_assertok(fdt_create_empty_tree(tree, sizeof(tree)));
	node = fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	node = fdt_add_subnode(tree, node, "key-test");
	ut_assertok(fdt_setprop_string(tree, node, FIT_KEY_REQUIRED, "conf"));
	gd->fdt_blob = tree;
	ret = rpmb_fit_check_part(fit, part, 1);
	named = rpmb_fit_check_image(fit, "part", "conf", 1);
	gd->fdt_blob = control;
	ut_asserteq(-EACCES, ret);
	ut_asserteq(-EACCES, named);
	ut_assert_skip_to_linen("rollback: REFUSED: the configuration is not signed as it must be");
	ut_assert_nextline("  image: conf; device: not asked");

	return 0;
}

/* bootm was asked for an image by its name: then for one of a configuration */
static int check_named(struct unit_test_state *uts, const void *fit)
{
	static const struct {
		const char *image;
		const char *conf;
		int verify;
		const char *why;
	} rows[] = {
		{ "part", NULL, 1, "an image was asked for by its name" },
		{ "part", "", 1, "an image was asked for by its name" },
		{ "part", "nobody", 1, "an image was asked for by its name" },
		{ "part", "other", 1, "an image was asked for by its name" },
		{ "nobody", "conf", 1, "an image was asked for by its name" },
		{ "part", "conf", 0, "signatures are not checked" },
		{ "part", "conf", 1, "no key is required" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		console_record_reset();
		ut_asserteq(-EACCES,
			    rpmb_fit_check_image(fit, rows[i].image,
						 rows[i].conf, rows[i].verify));
		ut_assert_skip_to_linen("rollback: REFUSED: %s", rows[i].why);
	}

	return 0;
}

/* What is taken out of a FIT by name: of a configuration that is checked, or not */
static int dm_test_rpmb_verdicts_part(struct unit_test_state *uts)
{
	static u8 fit[0x400] __aligned(8);
	struct rpmb_model *m;
	struct udevice *dev;
	int part, stray;

	part = make_fit(uts, fit, sizeof(fit), "/images/part");
	stray = fdt_path_offset(fit, "/images/stray");
	ut_assert(part > 0 && stray > 0);
	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_asserteq(-EACCES, rpmb_fit_check_part(fit, stray, 1));
	ut_assert_skip_to_linen("rollback: REFUSED: an image is part of no");
	ut_asserteq(-EACCES, rpmb_fit_check_part(fit, part, 0));
	ut_assert_skip_to_linen("rollback: REFUSED: signatures are not checked");
	/* the control FDT of these tests requires no key */
	ut_asserteq(-EACCES, rpmb_fit_check_part(fit, part, 1));
	ut_assert_skip_to_linen("rollback: REFUSED: no key is required");
	ut_assertok(check_named(uts, fit));
	ut_assertok(check_unsigned(uts, fit, part));
	rpmb_policy_teardown();
	if (!rpmb_policy_is_on())
		ut_assertok(rpmb_fit_check_part(fit, stray, 1));

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_part, FLAGS | UTF_LIVE_TREE);

/* While a commit runs nothing is handed over to, not even what else would be */
static int check_suspended(struct unit_test_state *uts, void *img)
{
	struct bootm_headers images = { .fit_hdr_os = img };
	int boot, format;

	ut_assertok(rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO));
	console_record_reset();
	rpmb_start_suspend(true);
	boot = rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO);
	memcpy(img, "ANDROID!", 8);
	format = rpmb_start_check_format(img);
	rpmb_start_suspend(false);
	ut_asserteq(-EACCES, boot);
	ut_asserteq(-EACCES, format);
	ut_assert_skip_to_linen("rollback: REFUSED: nothing is started before the commit is over");
	ut_assert_skip_to_linen("rollback: REFUSED: nothing is started before the commit is over");

	return 0;
}

/* What may be handed over to, by where it comes from, and by its first bytes */
static int dm_test_rpmb_verdicts_start(struct unit_test_state *uts)
{
	static const struct {
		const char *magic;
		int ret;
	} rows[] = {
		{ "ANDROID!", -EACCES }, { "VNDRBOOT", -EACCES },
		{ "\x27\x05\x19\x56....", -EACCES }, { "whatever", 0 },
	};
	struct bootm_headers images = { 0 };
	struct rpmb_model *m;
	struct udevice *dev;
	u8 img[64] = { 0 };
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memcpy(img, rows[i].magic, 8);
		ut_asserteq(rows[i].ret, rpmb_start_check_format(img));
	}
	ut_asserteq(-EACCES, rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO));
	images.fit_hdr_os = img;
	ut_assertok(rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO));
	images.rd_end = 1;
	ut_asserteq(-EACCES, rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO));
	images.fit_hdr_rd = img;
	images.ft_len = 1;
	ut_asserteq(-EACCES, rpmb_start_check_boot(&images, BOOTM_STATE_OS_GO));
	ut_assertok(rpmb_start_check_boot(&images, BOOTM_STATE_FINDOS));
	ut_assertok(rpmb_start_check_steps(BOOTM_STATE_FINDOS));
	ut_asserteq(-EACCES, rpmb_start_check_steps(BOOTM_STATE_OS_GO));
	ut_assertok(check_suspended(uts, img));
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_verdicts_start, FLAGS);
