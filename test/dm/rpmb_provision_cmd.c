// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of 'rpmb provision': the FIT around a manifest, and what the command says
 */

#include <command.h>
#include <console.h>
#include <env.h>
#include <image.h>
#include <malloc.h>
#include <mapmem.h>
#include <rpmb-policy.h>
#include <asm/global_data.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../cmd/rpmb-cmd.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define ADDR	0x10000

/* A FIT for this purpose, as far as it is looked at before it is verified */
static void make_fit(void *fit, int size)
{
	int images, confs, node;

	fdt_create_empty_tree(fit, size);
	fdt_setprop_string(fit, 0, "description", "test");
	fdt_setprop_u32(fit, 0, "timestamp", 1);
	/* nodes are added in front of those that are there */
	confs = fdt_add_subnode(fit, 0, "configurations");
	fdt_setprop_string(fit, confs, "default", "conf");
	node = fdt_add_subnode(fit, confs, "conf");
	fdt_setprop_string(fit, node, RPMB_SIGNED_MANIFEST, "content");
	images = fdt_add_subnode(fit, 0, "images");
	node = fdt_add_subnode(fit, images, "content");
	fdt_setprop_string(fit, node, "type", RPMB_SIGNED_MANIFEST);
	fdt_setprop_u32(fit, node, "data", 0x1234);
	fdt_pack(fit);
}

/* Add a public key for manifests to a control FDT; some bytes of it are no use */
static void add_key(void *tree, const char *name, int junk)
{
	static const u8 x[0x3000];
	int node = fdt_path_offset(tree, "/" FIT_SIG_NODENAME);

	node = fdt_add_subnode(tree, node, name);
	fdt_setprop_string(tree, node, FIT_KEY_REQUIRED, RPMB_SIGNED_MANIFEST);
	fdt_setprop(tree, node, "junk", x, junk);
}

static void make_control(void *tree, int size)
{
	fdt_create_empty_tree(tree, size);
	fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	add_key(tree, "key-factory", 0);
}

#define NO_DEVICE(what) \
	"rpmb-provision: dev=- target=- " what " kcv=- counter=- id=- key=- batch=-"

/* Return: exit status of 'rpmb provision' when there are just so many mallocs */
static int provision(const void *control, char *addr, int allocs)
{
	char *const argv[] = { addr };
	const void *real = gd->fdt_blob;
	int ret;

	console_record_reset();
	gd->fdt_blob = control;
	malloc_enable_testing(allocs);
	ret = do_rpmb_provision(0, ARRAY_SIZE(argv), argv);
	malloc_disable_testing();
	gd->fdt_blob = real;
	return ret;
}

/* That memory is short says nothing against the signature */
static int dm_test_rpmb_provision_verify(struct unit_test_state *uts)
{
	void *fit = map_sysmem(ADDR, 0x1000);
	static u64 control[0x1000];

	ut_assertok(rpmb_conformance_setup(uts));
	make_fit(fit, 0x1000);
	make_control(control, sizeof(control));
	/* for the copy of the FIT, for the keys */
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10000", 0));
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-no-memory"));
	ut_assert_nextline("  out of memory");
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10000", 1));
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-no-memory"));
	ut_assert_nextline("  there is no memory for the keys");
	/* with enough of it, it is the signature, which is not there */
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10000", 1000));
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-signature"));
	ut_asserteq_str("refused-signature", env_get("rpmb_provision"));
	/* what has no room for one key has none for those that follow */
	add_key(control, "key-large", 0x3000);
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10000", 1000));
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-no-memory"));
	ut_assert_nextline("  there is no memory for the keys");
	unmap_sysmem(fit);

	/* no address to read from is no manifest */
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10001", 1000));
	ut_assert_nextlinen("rpmb: address 0x10001 is not a multiple of 0x4");
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-no-manifest"));
	ut_asserteq_str("refused-no-manifest", env_get("rpmb_provision"));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_verify, FLAGS | UTF_CONSOLE);
