// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tests of provisioning share
 */

#include <dm.h>
#include <linux/libfdt.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_provision_rig.h"

/* Check value of key 0x100 of sandbox's target 0, see rpmb_keys.c */
const u8 provision_sandbox_kcv[RPMB_KCV_SIZE] =
	"\x1a\x12\x20\xf9\xe4\x6d\xc8\xeb";

u64 manifest[512];

/* What was reported: steps and results, and the last line whole */
char provision_told[LINES][48];
int provision_lines;
struct rpmb_provision_line provision_last;
static u8 last_kcv[RPMB_KCV_SIZE];

static void note(const struct rpmb_provision_line *line)
{
	if (provision_lines < LINES)
		snprintf(provision_told[provision_lines++],
			 sizeof(provision_told[0]), "%s %s", line->step,
			 line->result);
	provision_last = *line;
	if (!line->kcv)
		return;
	/* what a line points to lives no longer than the manifest's run */
	memcpy(last_kcv, line->kcv, sizeof(last_kcv));
	provision_last.kcv = last_kcv;
}

int provision_run(bool dry_run)
{
	provision_lines = 0;
	return rpmb_provision(manifest, fdt_totalsize(manifest), dry_run, note);
}

const char *provision_last_told(void)
{
	return provision_told[provision_lines - 1];
}

int provision_check_told(struct unit_test_state *uts, const char *const *want,
			 int count)
{
	int i;

	for (i = 0; i < count && i < provision_lines; i++)
		ut_asserteq_str(want[i], provision_told[i]);
	ut_asserteq(count, provision_lines);

	return 0;
}

int provision_check_last(struct unit_test_state *uts, const char *step_result,
			 enum knows knows, u32 counter)
{
	ut_asserteq_str(step_result, provision_last_told());
	ut_asserteq_str("sandbox0", provision_last.dev);
	ut_asserteq(0, provision_last.target);
	if (knows >= KCV)
		ut_asserteq_mem(provision_sandbox_kcv, provision_last.kcv,
				RPMB_KCV_SIZE);
	else
		ut_assertnull(provision_last.kcv);
	ut_asserteq(knows == COUNTER, provision_last.has_counter);
	if (knows == COUNTER)
		ut_asserteq(counter, provision_last.counter);
	ut_asserteq(13, provision_last.id_len);
	ut_asserteq_mem("sandbox-rpmb0", provision_last.id, 13);
	ut_asserteq(DERIVED, provision_last.keyid);
	ut_asserteq_str("test-7", provision_last.batch);
	ut_assertnonnull(provision_last.say);

	return 0;
}

/* A manifest without devices */
void manifest_begin(void)
{
	fdt_create_empty_tree(manifest, sizeof(manifest));
	fdt_setprop_string(manifest, 0, "compatible", "u-boot,rpmb-manifest");
	fdt_setprop_u32(manifest, 0, "version", 1);
	fdt_setprop_string(manifest, 0, "batch", "test-7");
}

int manifest_add(const char *name, const char *transport, u32 target,
		 const void *id, int len, const u8 *kcv, u32 keyid)
{
	int node = fdt_add_subnode(manifest, 0, name);

	fdt_setprop_string(manifest, node, "transport", transport);
	fdt_setprop_u32(manifest, node, "target", target);
	if (id)
		fdt_setprop(manifest, node, "id", id, len);
	else
		fdt_setprop_empty(manifest, node, "any");
	if (kcv)
		fdt_setprop(manifest, node, "check-value", kcv, RPMB_KCV_SIZE);
	fdt_setprop_u32(manifest, node, "key-id", keyid);
	return node;
}

void manifest_index(int node, u32 loc, u64 index)
{
	fdt32_t cells[3] = {
		cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
		cpu_to_fdt32(index),
	};

	fdt_appendprop(manifest, node, "rollback-indexes", cells, sizeof(cells));
}

void manifest_any_sandbox(u64 index)
{
	int node;

	manifest_begin();
	node = manifest_add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED);
	manifest_index(node, LOC, index);
	fdt_pack(manifest);
}

void manifest_sandbox(u32 keyid)
{
	manifest_begin();
	manifest_add("device-1", "sandbox", 0, NULL, 0, NULL, keyid);
	fdt_pack(manifest);
}

int provision_set_up(struct unit_test_state *uts, struct udevice **devp,
		     struct rpmb_model **mp)
{
	ut_assertok(rpmb_conformance_sandbox(uts, devp));
	if (mp)
		*mp = sandbox_rpmb_model(*devp, 0);
	manifest_any_sandbox(5);

	return 0;
}
