// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what else can go wrong: a provider or a device that cannot be had, a node
 * that lacks something, an argument that is none, a buffer that changes
 */

#include <dm.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <rpmb-tee.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/ofnode.h>
#include <dm/root.h>
#include <dm/test.h>
#include <asm/global_data.h>
#include <rpmb-hooks.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#define FLAGS		(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define KEY		RPMB_CONFORMANCE_KEY
#define DERIVED		0x100
#define FUSE		0x300

static int get_sandbox(struct unit_test_state *uts, struct udevice **devp)
{
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));

	return rpmb_conformance_sandbox(uts, devp);
}

/* A device that cannot be probed, or that does something while it is claimed */
static int probe_error;
static struct rpmb_frame *changed;

static int odd_probe(struct udevice *dev)
{
	struct rpmb_descr *descr = rpmb_get_descr(dev);

	descr->type = RPMB_TYPE_SANDBOX;
	descr->target[0].capacity = 1;
	descr->target[0].dev_id = (const u8 *)"odd";
	descr->target[0].dev_id_len = 3;
	return probe_error;
}

static int odd_claim(struct udevice *dev)
{
	if (changed)
		rpmb_put16(&changed->req_resp, RPMB_REQ_PROGRAM_KEY);
	return 0;
}

static int odd_route(struct udevice *dev, u8 target,
		     const struct rpmb_frames *frames)
{
	return -EIO;
}

static const struct rpmb_ops odd_ops = {
	.claim_bus	= odd_claim,
	.route_frames	= odd_route,
};

U_BOOT_DRIVER(rpmb_test_odd) = {
	.name	= "rpmb_test_odd",
	.id	= UCLASS_RPMB,
	.ops	= &odd_ops,
	.probe	= odd_probe,
};

static int plug(struct unit_test_state *uts, const char *name, int err,
		struct udevice **devp)
{
	probe_error = err;
	changed = NULL;
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_odd", name, devp));

	return 0;
}

/* What cannot be asked may hold a key that was chosen, but none that is derived */
static int dm_test_rpmb_errors_elsewhere(struct unit_test_state *uts)
{
	struct udevice *dev, *odd;

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(plug(uts, "odd0", -EIO, &odd));
	ut_asserteq(-EREMOTE, rpmb_program_check(rpmb_ref(dev, 0, KEY)));
	ut_assertok(rpmb_program_check(rpmb_ref(dev, 0, DERIVED)));
	/* one that is there, and does not answer */
	probe_error = 0;
	ut_asserteq(-EREMOTE, rpmb_program_check(rpmb_ref(dev, 0, KEY)));
	ut_assertok(rpmb_program_check(rpmb_ref(dev, 0, DERIVED)));
	ut_assertok(device_remove(odd, DM_REMOVE_NORMAL));
	ut_assertok(device_unbind(odd));
	/* its answer would not help */
	ut_assertok(plug(uts, "odd0", -EACCES, &odd));
	ut_assertok(rpmb_program_check(rpmb_ref(dev, 0, KEY)));

	return 0;
}
DM_TEST(dm_test_rpmb_errors_elsewhere, FLAGS);

/* A request that becomes another one on its way is not sent */
static int dm_test_rpmb_errors_changes(struct unit_test_state *uts)
{
	struct rpmb_frame req, resp;
	struct udevice *dev, *odd;

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(plug(uts, "odd0", 0, &odd));
	ut_assertok(device_probe(odd));
	rpmb_frame_init(&req, RPMB_REQ_GET_COUNTER);
	ut_asserteq(-EIO, rpmb_route_frames(odd, 0,
					    RPMB_FRAMES(&req, 1, &resp, 1)));
	changed = &req;
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, rpmb_route_frames(odd, 0,
					      RPMB_FRAMES(&req, 1, &resp, 1)));
	sandbox_rpmb_set_closed(false);
	changed = NULL;

	return 0;
}
DM_TEST(dm_test_rpmb_errors_changes, FLAGS);

/* Names without numbers, and with: each has one place */
static int dm_test_rpmb_errors_names(struct unit_test_state *uts)
{
	static const char *const names[] = { "a", "a2", "a10", "ab", "b" };
	struct udevice *dev, *odd;
	int i;

	ut_assertok(get_sandbox(uts, &dev));
	for (i = ARRAY_SIZE(names); i--;)
		ut_assertok(plug(uts, names[i], 0, &odd));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ut_assertok(rpmb_get_device(i, &odd));
		ut_asserteq_str(names[i], odd->name);
	}
	ut_assertok(rpmb_get_device(i, &odd));
	ut_asserteq_ptr(dev, odd);

	return 0;
}
DM_TEST(dm_test_rpmb_errors_names, FLAGS);

static void ignore(const char *what, int err)
{
}

/* Targets, counts and locations that there are not */
static int dm_test_rpmb_errors_args(struct unit_test_state *uts)
{
	static u8 blocks[RPMB_STORES_BLOCKS][256];
	struct rpmb_frame req[2], resp;
	u64 index[RPMB_INDEX_BLOCK];
	struct rpmb_client *cl;
	struct udevice *dev;
	struct rpmb_ref ref;
	u8 kcv[RPMB_KCV_SIZE];
	u32 all;

	ut_assertok(get_sandbox(uts, &dev));
	ref = rpmb_ref(dev, 0, KEY);
	rpmb_frame_init(&req[0], RPMB_REQ_GET_COUNTER);
	ut_asserteq(-EINVAL,
		    rpmb_route_frames(dev, 0,
				      RPMB_FRAMES(req, CONFIG_RPMB_MAX_FRAMES,
						  &resp, 1)));
	ut_asserteq(-EINVAL,
		    rpmb_route_frames(dev, 0,
				      RPMB_FRAMES(req, 1, &resp,
						  CONFIG_RPMB_MAX_FRAMES)));
	ut_asserteq(-EINVAL, rpmb_index_room(dev, RPMB_MAX_TARGETS));
	ut_asserteq(-EINVAL, rpmb_key_check_value(rpmb_ref(dev, 3, KEY), kcv));
	ut_asserteq(-EINVAL, rpmb_selftest(rpmb_ref(dev, 0, RPMB_KEY_NONE),
					   ignore));
	ut_assert(rpmb_index_get_block(ref, 0x7fff, index) < 0);
	ut_assert(rpmb_stores_indexes(blocks, 0x7fff, index) < 0);

	/* a device that has become too small for the stores */
	cl = &rpmb_get_port(dev, 0)->client;
	all = cl->blocks;
	cl->blocks = CONFIG_RPMB_ROLLBACK_START;
	ut_asserteq(-ERANGE, rpmb_index_room(dev, 0));
	ut_asserteq(-ERANGE, rpmb_stores_read(ref, blocks));
	ut_asserteq(-ERANGE, rpmb_index_get_block(ref, 0x100, index));
	cl->blocks = all;

	return 0;
}
DM_TEST(dm_test_rpmb_errors_args, FLAGS);

/* A key is for one operation at a time, and a target too */
static int dm_test_rpmb_errors_held(struct unit_test_state *uts)
{
	struct rpmb_port *port, *other;
	struct udevice *dev;
	u8 kcv[RPMB_KCV_SIZE];

	ut_assertok(get_sandbox(uts, &dev));
	port = rpmb_get_port(dev, 0);
	other = rpmb_get_port(dev, 1);
	ut_assertok(rpmb_key_get(port, DERIVED));
	ut_asserteq(-EBUSY, rpmb_key_get(other, DERIVED));
	ut_asserteq(-EDEADLK, rpmb_key_get(port, DERIVED));
	ut_asserteq(-EDEADLK, rpmb_key_check_value(rpmb_ref(dev, 0, KEY), kcv));
	ut_assertok(rpmb_key_get(other, KEY));
	rpmb_key_put(other);
	rpmb_key_put(port);
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, DERIVED), kcv));
	ut_assert(!rpmb_is_any_held());

	return 0;
}
DM_TEST(dm_test_rpmb_errors_held, FLAGS);

/* Without a unique key no key is made of it, by any provider */
static int dm_test_rpmb_errors_huk(struct unit_test_state *uts)
{
	static const struct {
		int len;
		int err;
	} rows[] = {
		{ -ENOSYS, -ENOSYS }, { -EIO, -EIO },
		{ RPMB_HUK_MIN - 1, -EMSGSIZE }, { RPMB_HUK_MAX + 1, -EMSGSIZE },
	};
	u8 huk[RPMB_HUK_MAX + 1], kcv[RPMB_KEY_SIZE], id[RPMB_TEE_ID_SIZE];
	struct rpmb_target_id t = {
		.transport = RPMB_KDF_EMMC, .dev_id = huk, .dev_id_len = 15,
	};
	struct udevice *dev, *provider;
	int i;

	ut_assertok(get_sandbox(uts, &dev));
	rpmb_conformance_fill(huk, sizeof(huk), 9);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sandbox_rpmb_set_huk(huk, rows[i].len, SANDBOX_RPMB_LOCKS);
		ut_asserteq(rows[i].err,
			    rpmb_key_check_value(rpmb_ref(dev, 0, DERIVED), kcv));
	}
	t.dev_id_len = RPMB_TEE_ID_SIZE;
	ut_assertok(uclass_get_device_by_name(UCLASS_RPMB_KEY, "key-provider@2",
					      &provider));
	sandbox_rpmb_set_huk(huk, -ENOSYS, SANDBOX_RPMB_LOCKS);
	ut_asserteq(-ENOSYS, rpmb_key_get_ops(provider)->get(provider, 0, &t, kcv));
	t.dev_id_len--;
	sandbox_rpmb_set_huk(NULL, 0, SANDBOX_RPMB_LOCKS);
	/* a secret that is locked */
	ut_assertok(rpmb_huk_misc_lock());
	ut_asserteq(-EACCES, rpmb_key_check_value(rpmb_ref(dev, 0, FUSE), kcv));
	/* identifiers that no OP-TEE has */
	ut_asserteq(-EINVAL, rpmb_tee_id(&t, id));
	t.transport = RPMB_KDF_UFS;
	ut_assertok(rpmb_tee_id(&t, id));
	t.dev_id = NULL;
	ut_asserteq(-EIO, rpmb_tee_id(&t, id));

	return 0;
}
DM_TEST(dm_test_rpmb_errors_huk, FLAGS);

/**
 * struct secret - what reading a secret and locking it comes to
 *
 * @before:	its length or -errno, first
 * @after:	... and when it was locked
 * @byte:	what is in it then
 * @odd:	its last byte is another one
 * @lock:	what locking it returns
 * @ret:	what all of it comes to
 */
struct secret {
	int before;
	int after;
	u8 byte;
	bool odd;
	int lock;
	int ret;
};

static int secret_reads;

static int get_secret(void *ctx, u8 secret[RPMB_HUK_MAX])
{
	const struct secret *s = ctx;

	if (!secret_reads++)
		return s->before;
	if (s->after > 0) {
		memset(secret, s->byte, s->after);
		secret[s->after - 1] ^= s->odd;
	}
	return s->after;
}

static int lock_secret(void *ctx)
{
	return ((const struct secret *)ctx)->lock;
}

/* Locked is what cannot be read any more, or reads as nothing but 0 or 1 */
static int dm_test_rpmb_errors_lock(struct unit_test_state *uts)
{
	static struct secret rows[] = {
		{ 32, -EACCES },
		{ 32, 32, 0 },
		{ 32, 32, 0xff },
		{ 32, 32, 0xfe, .ret = -EACCES },
		{ 32, 32, 0, true, .ret = -EACCES },
		{ 32, 1, 0, .ret = -EACCES },
		{ 32, 0, 0, .ret = -EACCES },
		{ 32, 32, 0, .lock = -EIO, .ret = -EIO },
		{ -EIO, 32, 0, .ret = -EIO },
		{ -ENOSYS, 32, 1 },
		{ -EACCES, 32, 1 },
		{ -EACCES, 32, 1, .lock = -EIO, .ret = -EIO },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		secret_reads = 0;
		ut_asserteq(rows[i].ret, rpmb_lock_secret(get_secret, lock_secret,
							  &rows[i]));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_errors_lock, FLAGS);

/* A provider that cannot be probed has not locked its secret */
static int stuck_probe(struct udevice *dev)
{
	return -EIO;
}

static int never_lock(struct udevice *dev)
{
	return -EACCES;
}

static const struct rpmb_key_ops stuck_ops = {
	.name	= "stuck",
	.lock	= never_lock,
};

U_BOOT_DRIVER(rpmb_test_stuck) = {
	.name	= "rpmb_test_stuck",
	.id	= UCLASS_RPMB_KEY,
	.ops	= &stuck_ops,
	.probe	= stuck_probe,
};

U_BOOT_DRIVER(rpmb_test_open) = {
	.name	= "rpmb_test_open",
	.id	= UCLASS_RPMB_KEY,
	.ops	= &stuck_ops,
};

static int dm_test_rpmb_errors_provider(struct unit_test_state *uts)
{
	struct udevice *dev;
	u8 key[RPMB_KEY_SIZE];
	int ret;

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(rpmb_key_lock_all());
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_stuck", "stuck",
				       &dev));
	ut_asserteq(-EIO, rpmb_key_lock_all());
	/* the first error is told */
	ut_assertok(device_bind_driver(dm_root(), "rpmb_test_open", "open",
				       &dev));
	ut_asserteq(-EIO, rpmb_key_lock_all());

	rpmb_conformance_key(KEY, key);
	malloc_enable_testing(0);
	ret = rpmb_key_add(KEY, key);
	malloc_disable_testing();
	ut_asserteq(-ENOMEM, ret);
	ut_assertnull(rpmb_key_provider(KEY));

	return 0;
}
DM_TEST(dm_test_rpmb_errors_provider, FLAGS);

/* Before relocation there is nothing that the ratchet could turn */
static int dm_test_rpmb_errors_early(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(get_sandbox(uts, &dev));
	gd->flags &= ~GD_FLG_RELOC;
	rpmb_ratchet();
	gd->flags |= GD_FLG_RELOC;
	ut_assert(!rpmb_is_ratcheted());

	return 0;
}
DM_TEST(dm_test_rpmb_errors_early, FLAGS);

static int write_cell(ofnode node, const char *prop, u32 val)
{
	static fdt32_t cell;

	cell = cpu_to_fdt32(val);
	return ofnode_write_prop(node, prop, &cell, sizeof(cell), true);
}

/* The node of the unique key: what it lacks, and where it leads nowhere */
static int dm_test_rpmb_errors_node(struct unit_test_state *uts)
{
	static const char *const props[] = { "misc", "size", "offset" };
	ofnode node = ofnode_path("/rpmb-huk");
	u8 huk[RPMB_HUK_MAX];
	fdt32_t kept;
	int i;

	ut_asserteq(0x20, rpmb_huk_misc_get(huk));
	for (i = 0; i < ARRAY_SIZE(props); i++) {
		kept = *(fdt32_t *)ofnode_get_property(node, props[i], NULL);
		ut_assertok(ofnode_write_prop(node, props[i], "", 0, true));
		ut_asserteq(-EINVAL, rpmb_huk_misc_get(huk));
		ut_assertok(write_cell(node, props[i], fdt32_to_cpu(kept)));
	}
	ut_assertok(write_cell(node, "size", RPMB_HUK_MAX + 1));
	ut_asserteq(-EINVAL, rpmb_huk_misc_get(huk));
	ut_assertok(write_cell(node, "size", 0x20));
	ut_asserteq(0x20, rpmb_huk_misc_get(huk));

	/* a phandle of nobody's */
	kept = *(fdt32_t *)ofnode_get_property(node, "misc", NULL);
	ut_assertok(write_cell(node, "misc", 0x7fffffff));
	ut_assert(rpmb_huk_misc_get(huk) < 0);
	ut_assert(rpmb_huk_misc_lock() < 0);
	ut_assertok(write_cell(node, "misc", fdt32_to_cpu(kept)));
	/* no way to lock it is no error: it is read again */
	ut_assertok(ofnode_write_prop(node, "lock-value", "", 0, true));
	ut_assertok(rpmb_huk_misc_lock());
	ut_assertok(write_cell(node, "lock-value", 0x10c4ed));
	ut_assertok(ofnode_write_prop(node, "lock-offset", "", 0, true));
	ut_assertok(rpmb_huk_misc_lock());
	ut_assertok(write_cell(node, "lock-offset", 0x80));

	ut_assertok(ofnode_write_string(node, "compatible", "u-boot,rpmb-hux"));
	ut_asserteq(-ENOSYS, rpmb_huk_misc_get(huk));
	ut_assertok(rpmb_huk_misc_lock());
	ut_assertok(ofnode_write_string(node, "compatible", "u-boot,rpmb-huk"));

	return 0;
}
DM_TEST(dm_test_rpmb_errors_node, FLAGS | UTF_LIVE_TREE);

/* What a TEE is told of a device without limits, and beside one that fails */
static int dm_test_rpmb_errors_tee(struct unit_test_state *uts)
{
	struct udevice *dev, *odd;
	struct rpmb_tee_facts facts;
	struct rpmb_ref ref;
	u32 pos = 0, found = 0;

	ut_assertok(get_sandbox(uts, &dev));
	ut_assertok(plug(uts, "odd0", -EIO, &odd));
	while (!rpmb_tee_next(&pos, &ref)) {
		ut_asserteq_ptr(dev, ref.dev);
		found++;
	}
	ut_asserteq(2, found);
	rpmb_get_descr(dev)->max_wr = 0;
	rpmb_get_descr(dev)->type = RPMB_TYPE_UFS;
	ut_assertok(rpmb_tee_describe(rpmb_ref(dev, 0, RPMB_KEY_NONE), &facts));
	ut_asserteq(U8_MAX, facts.rel_wr);
	rpmb_get_descr(dev)->type = RPMB_TYPE_SANDBOX;

	return 0;
}
DM_TEST(dm_test_rpmb_errors_tee, FLAGS);

/* The node of boot policy counts as long as it is okay, in both spellings */
static int dm_test_rpmb_errors_status(struct unit_test_state *uts)
{
	static const struct {
		const char *status;
		int len;
		int ret;
	} rows[] = {
		{ "okay", 5, 0 }, { "ok", 3, 0 }, { "okay\0x", 7, -EINVAL },
		{ "okay", 4, -EINVAL }, { "o", 2, -EINVAL },
	};
	struct rpmb_policy p;
	int i, ret;

	ut_assertok(rpmb_conformance_set_policy(true, "sandbox0", 0));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ut_assertok(ofnode_write_prop(rpmb_conformance_node(), "status",
					      rows[i].status, rows[i].len, true));
		sandbox_rpmb_node_reset();
		ret = rpmb_node_get(&p);
		/* other tests have the same tree */
		ut_assertok(ofnode_write_string(rpmb_conformance_node(),
						"status", "ok"));
		ut_asserteq(rows[i].ret, ret);
	}
	ut_assertok(rpmb_conformance_set_policy(false, "sandbox0", 0));
	sandbox_rpmb_node_reset();

	return 0;
}
DM_TEST(dm_test_rpmb_errors_status, FLAGS | UTF_LIVE_TREE);
