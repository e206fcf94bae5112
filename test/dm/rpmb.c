// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the RPMB uclass, on sandbox's device
 */

#include <dm.h>
#include <dm/device-internal.h>
#include <dm/test.h>
#include <rng.h>
#include <rpmb-key.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/rpmb_model.h"

#define KEY	RPMB_CONFORMANCE_KEY

static int dm_test_rpmb_scan(struct unit_test_state *uts)
{
	struct udevice *dev, *again;

	ut_asserteq(1, rpmb_scan());
	ut_assertok(rpmb_get_device(0, &dev));
	ut_asserteq_str("sandbox0", dev->name);
	ut_asserteq(1, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name("sandbox0", &again));
	ut_asserteq_ptr(dev, again);
	ut_asserteq(-ENODEV, rpmb_get_device(1, &dev));
	ut_asserteq(-ENODEV, rpmb_get_device(-1, &dev));
	ut_asserteq(-ENODEV, rpmb_get_device_by_name("sandbox1", &dev));
	ut_asserteq(-ENODEV, rpmb_get_device_by_name("sandbox", &dev));

	return 0;
}
DM_TEST(dm_test_rpmb_scan, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_descr(struct unit_test_state *uts)
{
	struct rpmb_descr *descr;
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	descr = rpmb_get_descr(dev);
	ut_asserteq(RPMB_TYPE_SANDBOX, descr->type);
	ut_asserteq(1, rpmb_get_capacity(dev, 0));
	ut_asserteq(2, rpmb_get_capacity(dev, 1));
	ut_asserteq(0, descr->target[2].capacity);
	/* Keys are derived from it: no two targets may share it */
	ut_assert(descr->target[0].dev_id_len > 0);
	ut_asserteq(descr->target[0].dev_id_len, descr->target[1].dev_id_len);
	ut_assert(memcmp(descr->target[0].dev_id, descr->target[1].dev_id,
			 descr->target[0].dev_id_len));

	return 0;
}
DM_TEST(dm_test_rpmb_descr, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_conformance(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));

	return rpmb_conformance_run(uts, dev, 0);
}
DM_TEST(dm_test_rpmb_conformance, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* A device fresh from the factory, each time */
static int run_odd(struct unit_test_state *uts, const struct rpmb_odd *odd)
{
	struct rpmb_model *m, plain;
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	plain = *m;
	rpmb_odd_make(odd, m);
	ut_assertok(rpmb_conformance_run(uts, dev, 0));
	memset(m->store.data, 0, m->blocks * RPMB_BLOCK_SIZE);
	*m = plain;
	ut_assertok(device_remove(dev, DM_REMOVE_NORMAL));

	return 0;
}

static int dm_test_rpmb_conformance_odd(struct unit_test_state *uts)
{
	return rpmb_conformance_odd(uts, run_odd);
}
DM_TEST(dm_test_rpmb_conformance_odd, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_conformance_target(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_assertok(rpmb_conformance_run(uts, dev, 1));
	/* A target of its own: the other one has not seen a thing */
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->state.key_set);

	return 0;
}
DM_TEST(dm_test_rpmb_conformance_target, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_faults(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));

	return rpmb_faults_run(uts, dev, 0, sandbox_rpmb_model(dev, 0));
}
DM_TEST(dm_test_rpmb_faults, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Requests of others: those on the list, and in a message of one type only */
static int dm_test_rpmb_foreign_types(struct unit_test_state *uts)
{
	struct rpmb_frame req[3], resp;
	struct rpmb_model *m;
	struct udevice *dev;
	u32 type, i;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	for (type = 0; type <= U16_MAX; type++) {
		rpmb_frame_init(&req[0], type);
		if (type < RPMB_REQ_PROGRAM_KEY || type > RPMB_REQ_RESULT_READ)
			ut_asserteq(-EBADRQC,
				    rpmb_route_frames(dev, 0,
						      RPMB_FRAMES(req, 1, &resp, 1)));
	}
	for (i = 0; i < 9; i++) {
		rpmb_frame_init(&req[0], RPMB_REQ_READ_DATA);
		rpmb_frame_init(&req[1], RPMB_REQ_READ_DATA);
		rpmb_frame_init(&req[2], RPMB_REQ_READ_DATA);
		rpmb_put16(&req[i % 3].req_resp, i / 3);
		ut_asserteq(i > 2 || i % 3 ? -EINVAL : -EBADRQC,
			    rpmb_route_frames(dev, 0,
					      RPMB_FRAMES(req, 3, &resp, 1)));
	}
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);

	/* ... and what a driver says that its device has besides */
	rpmb_frame_init(&req[0], 8);
	rpmb_get_descr(dev)->more_requests = BIT(8);
	ut_assert(rpmb_route_frames(dev, 0,
				    RPMB_FRAMES(req, 1, &resp, 1)) != -EBADRQC);
	rpmb_frame_init(&req[0], 9);
	ut_asserteq(-EBADRQC, rpmb_route_frames(dev, 0,
						RPMB_FRAMES(req, 1, &resp, 1)));
	rpmb_frame_init(&req[0], 8 + 32);
	ut_asserteq(-EBADRQC, rpmb_route_frames(dev, 0,
						RPMB_FRAMES(req, 1, &resp, 1)));
	rpmb_get_descr(dev)->more_requests = 0;

	return 0;
}
DM_TEST(dm_test_rpmb_foreign_types, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* On a closed board neither key nor data leave the uclass */
static int dm_test_rpmb_gate(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE], data[RPMB_BLOCK_SIZE] = { 0 };
	struct rpmb_frame req, resp;
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	rpmb_frame_init(&req, RPMB_REQ_PROGRAM_KEY);
	sandbox_rpmb_set_closed(true);
	ut_asserteq(-EPERM, rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_asserteq(-EPERM,
		    rpmb_write_blocks(rpmb_ref(dev, 0, KEY), 0, 1, data));
	ut_asserteq(-EPERM, rpmb_route_frames(dev, 0,
					      RPMB_FRAMES(&req, 1, &resp, 1)));
	/* ... not behind another frame either */
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);
	rpmb_conformance_key(KEY, key);
	ut_asserteq(-EPERM, rpmb_key_add(3, key));
	ut_assertnull(rpmb_key_provider(3));

	sandbox_rpmb_set_closed(false);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_asserteq(1, m->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_gate, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_keys(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE];
	struct udevice *dev;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	rpmb_conformance_key(KEY, key);
	ut_asserteq_str("ram", rpmb_key_provider(KEY));
	ut_assertnull(rpmb_key_provider(0));
	ut_assertnull(rpmb_key_provider(RPMB_CONFORMANCE_EMPTY));
	ut_assertnull(rpmb_key_provider(RPMB_KEY_NONE));
	ut_asserteq(-EINVAL, rpmb_key_add(0, key));
	ut_asserteq(-EINVAL, rpmb_key_add(CONFIG_RPMB_KEY_SLOTS + 1, key));
	ut_asserteq(-EINVAL, rpmb_key_add(0x100, key));
	ut_asserteq(-EINVAL, rpmb_key_add(RPMB_KEY_NONE, key));
	ut_assertok(rpmb_key_add(CONFIG_RPMB_KEY_SLOTS, key));

	/* Blank or patterned: a key that was never made */
	memset(key, 0, sizeof(key));
	ut_asserteq(-EKEYREJECTED, rpmb_key_add(KEY, key));
	memset(key, 0xff, sizeof(key));
	ut_asserteq(-EKEYREJECTED, rpmb_key_add(KEY, key));
	ut_assertnonnull(rpmb_key_provider(KEY));

	/* A slot with another key is another key, cached counter or not */
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_assertok(rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));
	rpmb_conformance_key(RPMB_CONFORMANCE_OTHER, key);
	ut_assertok(rpmb_key_add(KEY, key));
	ut_asserteq(-EBADMSG,
		    rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));
	ut_asserteq(-EBADMSG,
		    rpmb_write_blocks(rpmb_ref(dev, 0, KEY), 0, 1, dev));

	rpmb_key_wipe_all();
	ut_assertnull(rpmb_key_provider(KEY));
	ut_asserteq(-ENOKEY,
		    rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));

	return 0;
}
DM_TEST(dm_test_rpmb_keys, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* No random numbers, no requests: a guessable nonce is worse than none */
static int dm_test_rpmb_no_rng(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_RNG));
	ut_asserteq(-ENODEV,
		    rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));
	ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(dev, 0)->fault);
	ut_asserteq(-ENODEV, rpmb_get_write_count(rpmb_ref(dev, 0,
							   RPMB_KEY_NONE),
						  &count));
	ut_asserteq(-ENODEV,
		    rpmb_read_blocks(rpmb_ref(dev, 0, KEY), 0, 1, data));
	ut_asserteq(-ENODEV,
		    rpmb_write_blocks(rpmb_ref(dev, 0, KEY), 0, 1, data));
	ut_asserteq(-ENODEV, rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(dev, 0)->fault);
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_asserteq(0, m->keys_seen);

	return 0;
}
DM_TEST(dm_test_rpmb_no_rng, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int rng_answer;

/* As drivers do whose source has failed: done, but not a byte delivered */
static int stuck_rng_read(struct udevice *dev, void *data, size_t len)
{
	return rng_answer;
}

static const struct dm_rng_ops stuck_rng_ops = {
	.read = stuck_rng_read,
};

U_BOOT_DRIVER(rpmb_stuck_rng) = {
	.name	= "rpmb_stuck_rng",
	.id	= UCLASS_RNG,
	.ops	= &stuck_rng_ops,
};

static u8 rng_period;
static u32 rng_steps;

/* Good numbers, that come again after some steps */
static int periodic_rng_read(struct udevice *dev, void *data, size_t len)
{
	/* a start of its own, then round and round */
	u32 step = rng_steps++, seed = step < 3 ? step : 3 + step % rng_period;

	rpmb_conformance_fill(data, len, 1000 + seed);
	return 0;
}

static const struct dm_rng_ops periodic_rng_ops = {
	.read = periodic_rng_read,
};

U_BOOT_DRIVER(rpmb_periodic_rng) = {
	.name	= "rpmb_periodic_rng",
	.id	= UCLASS_RNG,
	.ops	= &periodic_rng_ops,
};

/* A source that repeats itself is noticed, and never believed again */
static int dm_test_rpmb_periodic_rng(struct unit_test_state *uts)
{
	struct rpmb_nonces kept = rpmb_nonces;
	struct udevice *dev, *rng;
	u32 count, n;
	int err;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_RNG));
	ut_assertok(device_bind_driver(dm_root(), "rpmb_periodic_rng",
				       "periodic", &rng));
	for (rng_period = 1; rng_period <= 40; rng_period++) {
		memset(&rpmb_nonces, 0, sizeof(rpmb_nonces));
		rng_steps = 0;
		for (n = 0, err = 0; !err && n < 200; n++)
			err = rpmb_get_write_count(rpmb_ref(dev, 0, KEY),
						   &count);
		ut_asserteq(-EIO, err);
		ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(dev, 0)->fault);
		ut_assert(n <= 4 + 3 * rng_period);
		ut_asserteq(-EIO, rpmb_get_write_count(rpmb_ref(dev, 0, KEY),
						       &count));
	}
	/* one that is stuck from the start is not used even once */
	memset(&rpmb_nonces, 0, sizeof(rpmb_nonces));
	rng_period = 1;
	rng_steps = 3;
	sandbox_rpmb_model(dev, 0)->requests[RPMB_REQ_GET_COUNTER] = 0;
	ut_asserteq(-EIO, rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));
	ut_asserteq(0, sandbox_rpmb_model(dev, 0)->requests[RPMB_REQ_GET_COUNTER]);
	rpmb_nonces = kept;

	return 0;
}
DM_TEST(dm_test_rpmb_periodic_rng, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* Whatever is asked for at once, as much is remembered as there is room for */
static int dm_test_rpmb_nonce_room(struct unit_test_state *uts)
{
	struct rpmb_nonces kept = rpmb_nonces;
	struct rpmb_client *cl;
	struct udevice *dev;
	u8 buf[0x400];
	int i;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	cl = &rpmb_get_port(dev, 0)->client;
	for (i = 0; i < 16; i++) {
		rpmb_nonces.count = i;
		ut_assertok(cl->link->nonce(cl->priv, buf, sizeof(buf)));
		ut_assert(rpmb_nonces.count <= i + 2);
		ut_assert(!rpmb_nonces.stuck);
	}
	rpmb_nonces = kept;

	return 0;
}
DM_TEST(dm_test_rpmb_nonce_room, UTF_SCAN_PDATA | UTF_SCAN_FDT);

static int dm_test_rpmb_stuck_rng(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev, *rng;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_RNG));
	ut_assertok(device_bind_driver(dm_root(), "rpmb_stuck_rng", "stuck",
				       &rng));
	for (rng_answer = 0; rng_answer <= 16; rng_answer += 16) {
		ut_asserteq(-EIO, rpmb_get_write_count(rpmb_ref(dev, 0, KEY),
						       &count));
		ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(dev, 0)->fault);
	}
	/* one that says that it has failed */
	rng_answer = -ETIMEDOUT;
	ut_asserteq(-ETIMEDOUT,
		    rpmb_get_write_count(rpmb_ref(dev, 0, KEY), &count));
	ut_asserteq(RPMB_FAULT_RNG, rpmb_get_status(dev, 0)->fault);
	ut_asserteq(0, m->requests[RPMB_REQ_GET_COUNTER]);

	return 0;
}
DM_TEST(dm_test_rpmb_stuck_rng, UTF_SCAN_PDATA | UTF_SCAN_FDT);

/* After a reset nothing that was cached may be used */
static int dm_test_rpmb_power_cycle(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE] = { 1 }, back[RPMB_BLOCK_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	/* ... on a device that fails the first request, blank or not */
	m->quirks |= RPMB_MODEL_Q_FIRST_FAILS;
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, KEY)));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, KEY), 0, 1, data));

	sandbox_rpmb_power_cycle(dev);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	/* somebody else wrote meanwhile */
	m->state.counter += 5;
	data[0]++;
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, KEY), 0, 1, data));
	ut_assertok(rpmb_read_blocks(rpmb_ref(dev, 0, KEY), 0, 1, back));
	ut_asserteq_mem(data, back, sizeof(back));
	ut_asserteq(7, m->state.counter);

	return 0;
}
DM_TEST(dm_test_rpmb_power_cycle, UTF_SCAN_PDATA | UTF_SCAN_FDT);
