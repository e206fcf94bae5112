// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what happens to signed images where something fails that a shell cannot make
 * fail: memory, and an index that somebody else has raised
 *
 * test/sandbox/test_signed.py and test_avb.py make the images, which lie where U-Boot is
 * started, and run these tests one by one.
 */

#include <avb_verify.h>
#include <console.h>
#include <dm.h>
#include <malloc.h>
#include <os.h>
#include <rpmb-key.h>
#include <asm/global_data.h>
#include <dm/device-internal.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <rpmb/rollback.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../model/rpmb_model.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE | UTF_MANUAL)
#define FIT	RPMB_ROLLBACK_FIT
#define MOST	100	/* allocations of a token */
#define VBMETA	0	/* locations of the slots' indexes */
#define SYSTEM	3

/* Has a line been printed since it was last asked? */
static bool was_said(const char *line)
{
	char said[128];
	bool found = false;

	while (console_record_readline(said, sizeof(said)) > 0)
		found |= !strcmp(said, line);
	return found;
}

/* Use a token on a new device, with just so many mallocs */
static int use_token(struct udevice *dev, const void *fit, int size,
		     const void *control, int allocs)
{
	struct rpmb_model *m = sandbox_rpmb_model(dev, 0);
	const void *real = gd->fdt_blob;
	int ret;

	m->state.counter = 0;
	memset(m->store.data, 0, m->blocks * RPMB_BLOCK_SIZE);
	sandbox_rpmb_power_cycle(dev);
	if (device_probe(dev))
		return -ENXIO;
	rpmb_policy_reboot(true);
	console_record_reset();
	gd->fdt_blob = control;
	malloc_enable_testing(allocs);
	ret = rpmb_token_use_fit(fit, size);
	malloc_disable_testing();
	gd->fdt_blob = real;
	return ret;
}

/*
 * Without memory a token is not used, and it is said that there is none. U-Boot itself
 * does not look whether it has any for a hash: so this begins with enough, and ends
 * where there is none for a copy of the token, which is verified by then.
 */
static int dm_test_rpmb_files_token_norun(struct unit_test_state *uts)
{
	int allocs, ret, size, unused, used = 0;
	void *fit, *control;
	struct rpmb_model *m;
	struct udevice *dev;
	bool copy = false;
	u64 index;

	ut_assertok(os_read_file("token.itb", &fit, &size));
	ut_assertok(os_read_file("control.dtb", &control, &unused));
	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	ut_asserteq(-ENOMEM, use_token(dev, fit, size, control, 0));
	ut_assert(was_said("rpmb service: refused: there is no memory for the keys (error -12)"));
	for (allocs = MOST; !copy; allocs--) {
		ut_assert(allocs);
		ret = use_token(dev, fit, size, control, allocs);
		ut_asserteq(ret ? 0 : 1, m->state.counter);
		used += !ret;
		if (ret == -ENOMEM)
			copy = was_said("rpmb service: refused: out of memory (error -12)");
	}
	ut_assert(used);
	ut_assertok(use_token(dev, fit, size, control, MOST));
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, POLICY_KEY), FIT, &index));
	ut_asserteq_64(5, index);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_files_token_norun, FLAGS | UTF_LIVE_TREE);

/**
 * struct behind - an index that is raised after U-Boot has read it
 *
 * @loc:	its location
 * @fault:	what becomes of the device's answers after that, all of them
 * @said:	the location of which it is said
 */
struct behind {
	u32 loc;
	enum rpmb_model_fault fault;
	u32 said;
};

/* Slot _b has 6 at VBMETA and 3 at SYSTEM: one write, which raises both or none */
static int check_behind(struct unit_test_state *uts, const struct behind *row,
			AvbOps *ops, struct udevice *dev, struct rpmb_model *m)
{
	struct rpmb_ref ref = rpmb_ref(dev, 0, POLICY_KEY);
	char *const slot[] = { "_b" };
	u64 index[RPMB_INDEX_BLOCK];
	u32 writes;

	memset(m->store.data, 0, m->blocks * RPMB_BLOCK_SIZE);
	rpmb_policy_reboot(false);
	sandbox_rpmb_avb_reset();
	ut_assertok(rpmb_policy_advance(VBMETA, 5));
	ut_assertok(rpmb_policy_advance(SYSTEM, 2));
	ut_assertok(rpmb_policy_index(VBMETA, index));
	ut_assertok(rpmb_index_advance(ref, row->loc, 7));
	writes = m->writes;
	if (row->fault)
		rpmb_model_arm(m, row->fault, RPMB_REQ_READ_DATA, 1, 99);
	console_record_reset();
	ut_asserteq(-EDOM, rpmb_avb_commit(ops, 1, slot));
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_assert_skip_to_line("avb: REFUSED: index 0x%x is not stored at location 0x%x (error %d)",
			       row->said == VBMETA ? 6 : 3, row->said, -EDOM);
	ut_assert_nextline("  device: sandbox0:0, key 0x100: the device holds a higher one, and it never goes down");
	ut_assert_nextline("  advice: take a higher one; a service token resets the index");
	ut_assert_console_end();
	ut_asserteq(writes, m->writes);
	ut_assert(rpmb_index_get_block(ref, VBMETA, index) > 0);
	ut_asserteq_64(row->loc == VBMETA ? 7 : 5, index[VBMETA]);
	ut_asserteq_64(row->loc == SYSTEM ? 7 : 2, index[SYSTEM]);

	return 0;
}

/* Who else has the key may raise an index: then nothing is stored, and it is said where */
static int dm_test_rpmb_files_avb_norun(struct unit_test_state *uts)
{
	static const struct behind rows[] = {
		{ VBMETA, RPMB_MODEL_F_NONE, VBMETA },
		{ SYSTEM, RPMB_MODEL_F_NONE, SYSTEM },
		/* it cannot be read which one it is */
		{ VBMETA, RPMB_MODEL_F_BAD_MAC, VBMETA },
	};
	struct rpmb_model *m;
	struct udevice *dev;
	AvbOps *ops;
	int i;

	ut_assertok(rpmb_conformance_set_policy(true, "sandbox0", 0));
	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, POLICY_KEY)));
	ops = avb_ops_alloc(1);
	ut_assertnonnull(ops);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ut_assertok(check_behind(uts, &rows[i], ops, dev, m));
	avb_ops_free(ops);
	sandbox_rpmb_avb_reset();
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_files_avb_norun, FLAGS);
