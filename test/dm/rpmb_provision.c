// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of provisioning: what is decided, in which order, and what is left alone
 *
 * Signatures are tested on QEMU, where mkimage has made them.
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include <env.h>
#include <image.h>
#include <malloc.h>
#include <mapmem.h>
#include <mmc.h>
#include <rpmb-key.h>
#include <rpmb-provision.h>
#include <rpmb-policy.h>
#include <asm/global_data.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"
#include "../model/rpmb_model.h"
#include "../../cmd/rpmb-cmd.h"
#include "../../drivers/rpmb/rpmb-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define DERIVED	0x100
#define LOC	0x100
#define LINES	32
#define ADDR	0x10000

/* Check value of key 0x100 of sandbox's target 0, see rpmb_keys.c */
static const u8 sandbox_kcv[RPMB_KCV_SIZE] =
	"\x1a\x12\x20\xf9\xe4\x6d\xc8\xeb";

static u64 blob[512];

/* What was reported: steps and results, and the last line whole */
static char told[LINES][48];
static int lines;
static struct rpmb_provision_line last;
static u8 last_kcv[RPMB_KCV_SIZE];

static void note(const struct rpmb_provision_line *line)
{
	if (lines < LINES)
		snprintf(told[lines++], sizeof(told[0]), "%s %s", line->step,
			 line->result);
	last = *line;
	if (!line->kcv)
		return;
	/* what a line points to lives no longer than the manifest's run */
	memcpy(last_kcv, line->kcv, sizeof(last_kcv));
	last.kcv = last_kcv;
}

static int run(bool dry_run)
{
	lines = 0;
	return rpmb_provision(blob, fdt_totalsize(blob), dry_run, note);
}

/* The run told just this */
static int check_told(struct unit_test_state *uts, const char *const *want,
		      int count)
{
	int i;

	for (i = 0; i < count && i < lines; i++)
		ut_asserteq_str(want[i], told[i]);
	ut_asserteq(count, lines);

	return 0;
}

#define TOLD(...) do { \
	static const char *const want[] = { __VA_ARGS__ }; \
	ut_assertok(check_told(uts, want, ARRAY_SIZE(want))); \
} while (0)

/* What a line about sandbox's target 0 says besides its step and result */
enum knows {
	NO_KCV,		/* there is no key yet */
	KCV,		/* ... its check value, and no counter */
	COUNTER,	/* ... and the counter */
};

static int check_last(struct unit_test_state *uts, const char *step_result,
		      enum knows knows, u32 counter)
{
	ut_asserteq_str(step_result, told[lines - 1]);
	ut_asserteq_str("sandbox0", last.dev);
	ut_asserteq(0, last.target);
	if (knows >= KCV)
		ut_asserteq_mem(sandbox_kcv, last.kcv, RPMB_KCV_SIZE);
	else
		ut_assertnull(last.kcv);
	ut_asserteq(knows == COUNTER, last.has_counter);
	if (knows == COUNTER)
		ut_asserteq(counter, last.counter);
	ut_asserteq(13, last.id_len);
	ut_asserteq_mem("sandbox-rpmb0", last.id, 13);
	ut_asserteq(DERIVED, last.keyid);
	ut_asserteq_str("test-7", last.batch);
	ut_assertnonnull(last.say);

	return 0;
}

/* A manifest without devices */
static void begin(void)
{
	fdt_create_empty_tree(blob, sizeof(blob));
	fdt_setprop_string(blob, 0, "compatible", "u-boot,rpmb-manifest");
	fdt_setprop_u32(blob, 0, "version", 1);
	fdt_setprop_string(blob, 0, "batch", "test-7");
}

static int add(const char *name, const char *transport, u32 target,
	       const void *id, int len, const u8 *kcv, u32 keyid)
{
	int node = fdt_add_subnode(blob, 0, name);

	fdt_setprop_string(blob, node, "transport", transport);
	fdt_setprop_u32(blob, node, "target", target);
	if (id)
		fdt_setprop(blob, node, "id", id, len);
	else
		fdt_setprop_empty(blob, node, "any");
	if (kcv)
		fdt_setprop(blob, node, "check-value", kcv, RPMB_KCV_SIZE);
	fdt_setprop_u32(blob, node, "key-id", keyid);
	return node;
}

static void set_index(int node, u32 loc, u64 index)
{
	fdt32_t cells[3] = {
		cpu_to_fdt32(loc), cpu_to_fdt32(index >> 32),
		cpu_to_fdt32(index),
	};

	fdt_setprop(blob, node, "rollback-indexes", cells, sizeof(cells));
}

static void any_sandbox(u64 index)
{
	begin();
	set_index(add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED), LOC, index);
	fdt_pack(blob);
}

static int get_sandbox(struct unit_test_state *uts, struct udevice **devp)
{
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name("sandbox0", devp));
	ut_assertok(rpmb_conformance_setup(uts));

	return 0;
}

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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	ut_assertok(run(true));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "done dry-run");
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);

	ut_assertok(run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program ok", "prove ok", "record ok", "done ok", "done ok");
	ut_asserteq(1, m->keys_seen);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);

	ut_assertok(run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove ok", "record noop", "done noop",
	     "done noop");
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->writes);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_life, FLAGS);

/* A line says who, with which key, and where its counter is */
static int dm_test_rpmb_provision_line(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	begin();
	add("device-1", "sandbox", 0, "sandbox-rpmb0", 13, sandbox_kcv, DERIVED);
	fdt_pack(blob);
	ut_assertok(run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program ok", "prove ok", "record noop", "done ok", "done ok");

	/* stop at the device's own last line: refuse a second device */
	begin();
	add("device-1", "sandbox", 0, "sandbox-rpmb0", 13, (u8 *)"otherkcv", DERIVED);
	fdt_pack(blob);
	ut_asserteq(-EKEYREJECTED, run(false));
	TOLD("verify ok", "board ok", "match ok", "key refused-check-value");
	ut_assertok(check_last(uts, "key refused-check-value", KCV, 0));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_line, FLAGS);

/* Indexes are raised or filled in, never lowered */
static int dm_test_rpmb_provision_index(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	ut_assertok(run(false));
	any_sandbox(3);
	ut_assertok(run(false));
	ut_asserteq_str("record noop", told[7]);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);
	any_sandbox(0x700000000);
	ut_assertok(run(false));
	ut_asserteq_str("record ok", told[7]);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(0x700000000, index);
	/* what is there and not ours is left alone */
	m->store.data[CONFIG_RPMB_ROLLBACK_START * RPMB_BLOCK_SIZE +
		      2 * RPMB_BLOCK_SIZE] ^= 1;
	ut_asserteq(-EUCLEAN, run(false));
	ut_asserteq_str("record failed-other-data", told[7]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_index, FLAGS);

static int dm_test_rpmb_provision_other_key(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, RPMB_CONFORMANCE_OTHER)));
	any_sandbox(5);
	ut_asserteq(-EBADMSG, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-other-key");
	/* nor is it taken for another failure if the first try has one */
	m->quirks = RPMB_MODEL_Q_FIRST_FAILS;
	m->first = true;
	ut_asserteq(-EBADMSG, run(false));
	ut_asserteq_str("blank refused-other-key", told[lines - 1]);
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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, run(false));
	TOLD("verify ok", "board refused-closed");
	ut_asserteq(-EPERM, run(true));
	sandbox_rpmb_set_closed(false);
	rpmb_ratchet();
	ut_asserteq(-EKEYREVOKED, run(false));
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

	ut_assertok(get_sandbox(uts, &dev));
	any_sandbox(5);
	fdt_setprop_string(blob, 0, "version", "2");
	ut_asserteq(-EINVAL, run(false));
	TOLD("verify refused-manifest");
	ut_assertnull(last.batch);

	/* the board makes no key for it */
	begin();
	add("device-1", "sandbox", 0, NULL, 0, NULL, 0x600);
	fdt_pack(blob);
	ut_asserteq(-EINVAL, run(false));
	ut_asserteq_str("key refused-no-provider", told[3]);
	sandbox_rpmb_set_huk(NULL, -ENOSYS, SANDBOX_RPMB_LOCKS);
	any_sandbox(5);
	ut_asserteq(-ENOSYS, run(false));
	ut_asserteq_str("key refused-no-unique-key", told[3]);
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

	begin();
	add("device-1", "emmc", 0, NULL, 0, NULL, DERIVED);
	fdt_pack(blob);
	ut_asserteq(-ENODEV, run(false));
	TOLD("verify ok", "board ok", "match refused-ambiguous");

	begin();
	add("device-1", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(blob);
	ut_assertok(run(false));
	ut_asserteq(1, emmc_front_model(mmc[right])->keys_seen);
	ut_asserteq(0, emmc_front_model(mmc[!right])->keys_seen);

	/* a device that is not there, beside one that is */
	id[10] ^= 0x80;
	begin();
	add("device-1", "emmc", 0, NULL, 0, NULL, DERIVED);
	add("device-2", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(blob);
	ut_asserteq(-ENODEV, run(false));
	ut_asserteq(0, emmc_front_model(mmc[!right])->keys_seen);
	begin();
	add("device-2", "emmc", 0, id, sizeof(id), kcv, DERIVED);
	fdt_pack(blob);
	ut_asserteq(-ENODEV, run(false));
	TOLD("verify ok", "board ok", "match refused-not-found");
	ut_asserteq_str("device-2", last.dev);
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

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, RPMB_CONFORMANCE_OTHER)));
	begin();
	add("device-2", "sandbox", 1, NULL, 0, NULL, DERIVED);
	add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED);
	fdt_pack(blob);
	ut_asserteq(-EBADMSG, run(false));
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);
	/* ... and both are done if both can be */
	sandbox_rpmb_model(dev, 1)->state.key_set = 0;
	ut_assertok(run(false));
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

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, RPMB_CONFORMANCE_KEY)));
	begin();
	add("device-1", "sandbox", 0, NULL, 0, NULL, RPMB_CONFORMANCE_KEY);
	fdt_pack(blob);
	ut_asserteq(-EEXIST, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-key-in-use");
	ut_asserteq(-EEXIST, run(true));
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_ram_key, FLAGS);

/* "It failed", says the device: whether that is so shows after a power cycle */
static int dm_test_rpmb_provision_failure(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_PROGRAM_KEY, 0, 1);
	ut_asserteq(-EIO, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program failed-power-cycle");
	ut_asserteq(-EBUSY, run(false));
	ut_asserteq_str("blank refused-power-cycle", told[4]);
	ut_asserteq(1, m->keys_seen);
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(run(false));
	ut_asserteq(2, m->keys_seen);

	/* a result that says 5 although the key was stored is no failure */
	m->state.key_set = 0;
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	rpmb_model_arm(m, RPMB_MODEL_F_COMMIT_THEN_ERROR, RPMB_REQ_PROGRAM_KEY,
		       0, 1);
	ut_assertok(run(false));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_failure, FLAGS);

/* Cut the power at the n-th request, run again: it finishes. Was it cut? */
static int check_cut(struct unit_test_state *uts, struct udevice **devp,
		     enum rpmb_model_fault fault, int n, bool *cut)
{
	struct rpmb_model *m = sandbox_rpmb_model(*devp, 0);
	u64 index;

	memset(&m->state, 0, sizeof(m->state));
	memset(m->store.data, 0, m->blocks * RPMB_BLOCK_SIZE);
	sandbox_rpmb_power_cycle(*devp);
	/* after the cut nothing gets through any more */
	rpmb_model_arm(m, fault, 0, n, 1000);
	run(false);
	*cut = m->fault_times < 1000;
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	sandbox_rpmb_power_cycle(*devp);
	ut_assertok(rpmb_get_device_by_name("sandbox0", devp));
	ut_assertok(run(false));
	ut_asserteq_str("done", last.step);
	ut_assertok(rpmb_index_get(rpmb_ref(*devp, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);
	ut_asserteq(1, m->state.counter);

	return 0;
}

static int dm_test_rpmb_provision_cut(struct unit_test_state *uts)
{
	static const enum rpmb_model_fault faults[] = {
		RPMB_MODEL_F_DROP_REQUEST, RPMB_MODEL_F_COMMIT_THEN_DROP,
		RPMB_MODEL_F_LOSE_REPLY,
	};
	struct udevice *dev;
	bool cut;
	int i, n;

	ut_assertok(get_sandbox(uts, &dev));
	any_sandbox(5);
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		cut = true;
		for (n = 0; cut; n++) {
			ut_assertok(check_cut(uts, &dev, faults[i], n, &cut));
			ut_assert(n < 100);
		}
		/* counter, key, counter, read, write: there was something to cut */
		ut_assert(n > 5);
	}

	return 0;
}
DM_TEST(dm_test_rpmb_provision_cut, FLAGS);

/**
 * struct trouble - a fault on the way, and what becomes of a blank device
 *
 * Counter reads are, in this order: is it blank, the same before the key is
 * sent, the key's proof, step prove, and after an index was written.
 *
 * @fault:	what goes wrong
 * @req:	at which requests
 * @skip:	how many of these pass first
 * @times:	how often it strikes
 * @err:	what provisioning returns
 * @end:	the last line's step and result
 * @knows:	what the line knows
 * @keys:	keys that were sent, and are programmed
 * @writes:	writes that were executed, of the index
 */
struct trouble {
	enum rpmb_model_fault fault;
	u16 req;
	u32 skip;
	u32 times;
	int err;
	const char *end;
	enum knows knows;
	u32 keys;
	u32 writes;
};

#define AT_COUNTER(n)	RPMB_REQ_GET_COUNTER, (n) - 1

static const struct trouble troubles[] = {
	{ RPMB_MODEL_F_DROP_REQUEST, AT_COUNTER(1), 3, -ETIMEDOUT,
	  "blank refused-no-answer", KCV, 0, 0 },
	{ RPMB_MODEL_F_LOSE_REPLY, AT_COUNTER(1), 3, -ETIMEDOUT,
	  "blank refused-no-answer", KCV, 0, 0 },
	{ RPMB_MODEL_F_BAD_TYPE, AT_COUNTER(1), 3, -EPROTO,
	  "blank refused-device-error", KCV, 0, 0 },
	{ RPMB_MODEL_F_REFUSE, AT_COUNTER(1), 3, -EIO,
	  "blank refused-device-error", KCV, 0, 0 },
	{ RPMB_MODEL_F_BAD_TYPE, AT_COUNTER(2), 3, -EPROTO,
	  "program refused-not-sent", KCV, 0, 0 },
	{ RPMB_MODEL_F_DROP_REQUEST, AT_COUNTER(2), 3, -ETIMEDOUT,
	  "program refused-not-sent", KCV, 0, 0 },
	{ RPMB_MODEL_F_BAD_MAC, AT_COUNTER(3), 3, -EBADMSG,
	  "program failed-power-cycle", KCV, 1, 0 },
	{ RPMB_MODEL_F_LOSE_REPLY, AT_COUNTER(3), 3, -ETIMEDOUT,
	  "program failed-power-cycle", KCV, 1, 0 },
	{ RPMB_MODEL_F_BAD_MAC, AT_COUNTER(4), 3, -EBADMSG,
	  "prove failed-power-cycle", KCV, 1, 0 },
	{ RPMB_MODEL_F_DROP_REQUEST, AT_COUNTER(4), 3, -ETIMEDOUT,
	  "prove failed-power-cycle", KCV, 1, 0 },
	{ RPMB_MODEL_F_BAD_MAC, RPMB_REQ_READ_DATA, 0, 3, -EBADMSG,
	  "record failed-write", COUNTER, 1, 0 },
	{ RPMB_MODEL_F_REFUSE, RPMB_REQ_WRITE_DATA, 0, 100, -EIO,
	  "record failed-write", KCV, 1, 0 },
	{ RPMB_MODEL_F_DROP_REQUEST, AT_COUNTER(5), 3, -ETIMEDOUT,
	  "record failed-write", KCV, 1, 1 },
};

static int check_trouble(struct unit_test_state *uts, const struct trouble *t)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u64 index;

	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	m = sandbox_rpmb_model(dev, 0);
	memset(&m->state, 0, sizeof(m->state));
	memset(m->store.data, 0, m->blocks * RPMB_BLOCK_SIZE);
	m->keys_seen = 0;
	m->writes = 0;
	rpmb_model_arm(m, t->fault, t->req, t->skip, t->times);
	ut_asserteq(t->err, run(false));
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_assertok(check_last(uts, t->end, t->knows, 0));
	ut_asserteq(t->keys, m->keys_seen);
	ut_asserteq(t->keys, m->state.key_set);
	ut_asserteq(t->writes, m->writes);
	ut_asserteq(t->writes, m->state.counter);
	if (t->keys) {
		ut_asserteq(t->writes ? 0 : -ENODATA,
			    rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC,
					   &index));
	}

	/* the same manifest again finishes: one key, one write, all in all */
	ut_assertok(run(false));
	ut_asserteq_str("done", last.step);
	ut_assertok(rpmb_index_get(rpmb_ref(dev, 0, DERIVED), LOC, &index));
	ut_asserteq_64(5, index);
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->state.counter);
	sandbox_rpmb_power_cycle(dev);

	return 0;
}

/* A word for everything that a device can do wrong, and it tells the truth */
static int dm_test_rpmb_provision_trouble(struct unit_test_state *uts)
{
	struct udevice *dev;
	int i, ret;

	ut_assertok(get_sandbox(uts, &dev));
	any_sandbox(5);
	for (i = 0; i < ARRAY_SIZE(troubles); i++) {
		ret = check_trouble(uts, &troubles[i]);
		if (ret)
			printf("trouble %d: %s\n", i, troubles[i].end);
		ut_assertok(ret);
	}

	return 0;
}
DM_TEST(dm_test_rpmb_provision_trouble, FLAGS);

/* A device that has its key is not believed either, and not changed */
static int dm_test_rpmb_provision_again(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	ut_assertok(run(false));
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EIO, run(false));
	ut_assertok(check_last(uts, "blank refused-device-error", KCV, 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_NONCE, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EPROTO, run(false));
	ut_assertok(check_last(uts, "blank refused-device-error", KCV, 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EBADMSG, run(false));
	ut_assertok(check_last(uts, "blank refused-other-key", KCV, 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_GET_COUNTER, 1, 3);
	ut_asserteq(-EBADMSG, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove failed-power-cycle");
	ut_assertok(check_last(uts, "prove failed-power-cycle", KCV, 0));
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->writes);
	ut_assertok(run(false));
	ut_asserteq_str("done noop", told[lines - 1]);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_again, FLAGS);

/* Blocks that a later release has written are its own business */
static int dm_test_rpmb_provision_later(struct unit_test_state *uts)
{
	static u8 before[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;
	u8 *block;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	block = m->store.data +
		(CONFIG_RPMB_ROLLBACK_START + 2) * RPMB_BLOCK_SIZE;
	any_sandbox(5);
	ut_assertok(run(false));
	/* the byte behind the magic; all that follows may mean anything */
	ut_asserteq(1, block[8]);
	block[8] = 2;
	memset(block + 9, 0xa5, RPMB_BLOCK_SIZE - 9);
	memcpy(before, block, sizeof(before));

	any_sandbox(6);
	ut_asserteq(-EPROTONOSUPPORT, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove ok", "record failed-later-format");
	ut_assertok(check_last(uts, "record failed-later-format", COUNTER, 1));
	ut_asserteq_mem(before, block, sizeof(before));
	ut_asserteq(1, m->state.counter);
	ut_asserteq(1, m->keys_seen);

	/* a blank device with such blocks takes its key, and nothing more */
	memset(&m->state, 0, sizeof(m->state));
	sandbox_rpmb_power_cycle(dev);
	ut_asserteq(-EPROTONOSUPPORT, run(false));
	ut_assertok(check_last(uts, "record failed-later-format", COUNTER, 0));
	ut_asserteq_mem(before, block, sizeof(before));
	ut_asserteq(1, m->state.key_set);
	ut_asserteq(0, m->state.counter);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_later, FLAGS);

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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sandbox_rpmb_set_huk(blank, rows[i].len, SANDBOX_RPMB_LOCKS);
		ut_asserteq(rows[i].err, run(false));
		ut_assertok(check_last(uts, rows[i].end, NO_KCV, 0));
	}
	begin();
	add("device-1", "sandbox", 0, NULL, 0, NULL, RPMB_CONFORMANCE_EMPTY);
	fdt_pack(blob);
	ut_asserteq(-ENOKEY, run(false));
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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	rpmb_nonces.stuck = true;
	ret = run(false);
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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	sandbox_rpmb_set_huk_final(false);
	ret = run(false);
	sandbox_rpmb_set_huk_final(true);
	ut_asserteq(-EKEYEXPIRED, ret);
	TOLD("verify ok", "board ok", "match ok", "key refused-not-final");
	ut_asserteq(0, m->keys_seen);
	ut_assertok(run(false));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_not_final, FLAGS);

/* One key for two: seen in the manifest, or feared of who does not answer */
static int dm_test_rpmb_provision_twice(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 1);
	/* a manifest with one key id for two is refused: hide it in another */
	rpmb_conformance_key(RPMB_CONFORMANCE_KEY, key);
	ut_assertok(rpmb_key_add(RPMB_CONFORMANCE_EMPTY, key));
	begin();
	/* nodes are added in front of those that are there */
	add("device-2", "sandbox", 1, NULL, 0, NULL, RPMB_CONFORMANCE_EMPTY);
	add("device-1", "sandbox", 0, NULL, 0, NULL, RPMB_CONFORMANCE_KEY);
	fdt_pack(blob);
	ut_asserteq(-EEXIST, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "match ok", "key ok", "key refused-key-twice");
	ut_asserteq(1, last.target);
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(0, m[-1].keys_seen);

	begin();
	add("device-1", "sandbox", 0, NULL, 0, NULL, RPMB_CONFORMANCE_KEY);
	fdt_pack(blob);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_GET_COUNTER, 0,
		       6);
	ut_asserteq(-EREMOTE, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "blank refused-key-in-doubt");
	ut_asserteq(0, last.target);
	ut_asserteq(-EREMOTE, run(true));
	/* nobody else can have a derived key */
	any_sandbox(5);
	rpmb_model_arm(m, RPMB_MODEL_F_DROP_REQUEST, RPMB_REQ_GET_COUNTER, 0,
		       100);
	ut_assertok(run(false));
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(1, m[-1].keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_twice, FLAGS);

/* No room for the indexes: no key is burnt; without indexes it may be */
static int dm_test_rpmb_provision_room(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 *blocks;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	blocks = &rpmb_get_port(dev, 0)->client.blocks;
	/* the last block of the records is where the device ends */
	*blocks = CONFIG_RPMB_ROLLBACK_START + 4 + CONFIG_RPMB_RECORD_BLOCKS - 1;
	any_sandbox(5);
	ut_asserteq(-ERANGE, run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok",
	     "record refused-no-room");
	ut_assertok(check_last(uts, "record refused-no-room", KCV, 0));
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_asserteq(0, m->keys_seen);

	++*blocks;
	ut_assertok(run(true));
	--*blocks;
	begin();
	add("device-1", "sandbox", 0, NULL, 0, NULL, DERIVED);
	fdt_pack(blob);
	ut_assertok(run(false));
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

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(device_probe(mmc));
	ut_assertok(mmc_init(mmc_get_mmc_dev(mmc)));
	/* it was found, and there is no memory for its driver */
	malloc_enable_testing(0);
	ret = run(false);
	malloc_disable_testing();
	ut_asserteq(-ENOMEM, ret);
	TOLD("verify ok", "board ok", "match refused-scan");
	ut_assertnull(last.dev);
	ut_assertnull(last.id);
	ut_assertnull(last.kcv);
	ut_asserteq_str("test-7", last.batch);
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);
	ut_asserteq(0, emmc_front_model(mmc)->keys_seen);

	ut_assertok(run(false));
	ut_assertok(emmc_front_unbind(mmc));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_scan, FLAGS);

/* However early memory runs out: the last line says that it went wrong */
static int dm_test_rpmb_provision_no_memory(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int allocs, ret;

	ut_assertok(get_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	any_sandbox(5);
	for (allocs = 0; allocs < 200; allocs++) {
		malloc_enable_testing(allocs);
		ret = run(false);
		malloc_disable_testing();
		if (!ret)
			break;
		if (!allocs)
			ut_asserteq_str("match refused-no-memory",
					told[lines - 1]);
		ut_assert(strstr(told[lines - 1], " refused-") ||
			  strstr(told[lines - 1], " failed-"));
		ut_assert(m->keys_seen <= 1);
	}
	ut_assertok(ret);
	ut_assert(allocs >= 20);
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->state.counter);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_no_memory, FLAGS);

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

/* A control FDT with a public key for manifests */
static void make_control(void *tree, int size)
{
	int node;

	fdt_create_empty_tree(tree, size);
	node = fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	node = fdt_add_subnode(tree, node, "key-factory");
	fdt_setprop_string(tree, node, FIT_KEY_REQUIRED, RPMB_SIGNED_MANIFEST);
}

#define NO_DEVICE(what) \
	"rpmb-provision: dev=- target=- " what " kcv=- counter=- id=- key=- batch=-"

/* Return: exit status of 'rpmb provision' when there are just so many mallocs */
static int provision(const void *control, char *addr, int allocs)
{
	char *const argv[] = { "provision", addr };
	const void *real = gd->fdt_blob;
	int ret;

	console_record_reset();
	gd->fdt_blob = control;
	malloc_enable_testing(allocs);
	ret = do_rpmb_provision(NULL, 0, ARRAY_SIZE(argv), argv);
	malloc_disable_testing();
	gd->fdt_blob = real;
	return ret;
}

/* That memory is short says nothing against the signature */
static int dm_test_rpmb_provision_verify(struct unit_test_state *uts)
{
	void *fit = map_sysmem(ADDR, 0x1000);
	static u64 control[512];

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
	unmap_sysmem(fit);

	/* no address to read from is no manifest */
	ut_asserteq(CMD_RET_FAILURE, provision(control, "10001", 1000));
	ut_assert_nextlinen("rpmb: address 10001 is not a multiple of 4");
	ut_assert_nextline(NO_DEVICE("step=verify result=refused-no-manifest"));
	ut_asserteq_str("refused-no-manifest", env_get("rpmb_provision"));

	return 0;
}
DM_TEST(dm_test_rpmb_provision_verify, FLAGS | UTF_CONSOLE);
