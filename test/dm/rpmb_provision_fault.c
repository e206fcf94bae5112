// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of provisioning: power cuts, faults on the way, and running it again
 */

#include <dm.h>
#include <malloc.h>
#include <rpmb-store.h>
#include <dm/test.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_provision_rig.h"
#include "../../drivers/rpmb/rpmb-internal.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT)

/* "It failed", says the device: whether that is so shows after a power cycle */
static int dm_test_rpmb_provision_failure(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(provision_set_up(uts, &dev, &m));
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_PROGRAM_KEY, 0, 1);
	ut_asserteq(-EIO, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank ok",
	     "program failed-power-cycle");
	ut_asserteq(-EBUSY, provision_run(false));
	ut_asserteq_str("blank refused-power-cycle", provision_told[4]);
	ut_asserteq(1, m->keys_seen);
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(provision_run(false));
	ut_asserteq(2, m->keys_seen);

	/* a result that says 5 although the key was stored is no failure */
	m->state.key_set = 0;
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	rpmb_model_arm(m, RPMB_MODEL_F_COMMIT_THEN_ERROR, RPMB_REQ_PROGRAM_KEY,
		       0, 1);
	ut_assertok(provision_run(false));

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
	provision_run(false);
	*cut = m->fault_times < 1000;
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	sandbox_rpmb_power_cycle(*devp);
	ut_assertok(rpmb_get_device_by_name("sandbox0", devp));
	ut_assertok(provision_run(false));
	ut_asserteq_str("done", provision_last.step);
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

	ut_assertok(provision_set_up(uts, &dev, NULL));
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
	ut_asserteq(t->err, provision_run(false));
	rpmb_model_arm(m, RPMB_MODEL_F_NONE, 0, 0, 1);
	ut_assertok(provision_check_last(uts, t->end, t->knows, 0));
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
	ut_assertok(provision_run(false));
	ut_asserteq_str("done", provision_last.step);
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

	ut_assertok(provision_set_up(uts, &dev, NULL));
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

	ut_assertok(provision_set_up(uts, &dev, &m));
	ut_assertok(provision_run(false));
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EIO, provision_run(false));
	ut_assertok(provision_check_last(uts, "blank refused-device-error", KCV,
					 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_NONCE, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EPROTO, provision_run(false));
	ut_assertok(provision_check_last(uts, "blank refused-device-error", KCV,
					 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_GET_COUNTER, 0, 3);
	ut_asserteq(-EBADMSG, provision_run(false));
	ut_assertok(provision_check_last(uts, "blank refused-other-key", KCV,
					 0));
	rpmb_model_arm(m, RPMB_MODEL_F_BAD_MAC, RPMB_REQ_GET_COUNTER, 1, 3);
	ut_asserteq(-EBADMSG, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove failed-power-cycle");
	ut_assertok(provision_check_last(uts, "prove failed-power-cycle", KCV,
					 0));
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->writes);
	ut_assertok(provision_run(false));
	ut_asserteq_str("done noop", provision_last_told());

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

	ut_assertok(provision_set_up(uts, &dev, &m));
	block = m->store.data +
		(CONFIG_RPMB_ROLLBACK_START + 2) * RPMB_BLOCK_SIZE;
	manifest_any_sandbox(5);
	ut_assertok(provision_run(false));
	/* the byte behind the magic; all that follows may mean anything */
	ut_asserteq(1, block[8]);
	block[8] = 2;
	memset(block + 9, 0xa5, RPMB_BLOCK_SIZE - 9);
	memcpy(before, block, sizeof(before));

	manifest_any_sandbox(6);
	ut_asserteq(-EPROTONOSUPPORT, provision_run(false));
	TOLD("verify ok", "board ok", "match ok", "key ok", "blank noop",
	     "program noop", "prove ok", "record failed-later-format");
	ut_assertok(provision_check_last(uts, "record failed-later-format",
					 COUNTER, 1));
	ut_asserteq_mem(before, block, sizeof(before));
	ut_asserteq(1, m->state.counter);
	ut_asserteq(1, m->keys_seen);

	/* a blank device with such blocks takes its key, and nothing more */
	memset(&m->state, 0, sizeof(m->state));
	sandbox_rpmb_power_cycle(dev);
	ut_asserteq(-EPROTONOSUPPORT, provision_run(false));
	ut_assertok(provision_check_last(uts, "record failed-later-format",
					 COUNTER, 0));
	ut_asserteq_mem(before, block, sizeof(before));
	ut_asserteq(1, m->state.key_set);
	ut_asserteq(0, m->state.counter);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_later, FLAGS);

/* What a TEE uses is left alone, whatever is in the manifest */
static int dm_test_rpmb_provision_tee(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	u32 asked;

	if (!IS_ENABLED(CONFIG_RPMB_TEE))
		return -EAGAIN;
	ut_assertok(provision_set_up(uts, &dev, &m));
	manifest_any_sandbox(5);
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, true);
	asked = m->requests[RPMB_REQ_GET_COUNTER];
	ut_asserteq(-EADDRINUSE, provision_run(false));
	TOLD("verify ok", "board ok", "match refused-tee");
	ut_asserteq(asked, m->requests[RPMB_REQ_GET_COUNTER]);
	ut_asserteq(0, m->keys_seen);
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, false);
	ut_assertok(provision_run(false));

	/* it has its key, and would get an index */
	manifest_any_sandbox(6);
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, true);
	ut_asserteq(-EADDRINUSE, provision_run(false));
	ut_asserteq(1, m->state.counter);
	rpmb_mark_forget_all();

	return 0;
}
DM_TEST(dm_test_rpmb_provision_tee, FLAGS);

/* However early memory runs out: the last line says that it went wrong */
static int dm_test_rpmb_provision_no_memory(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;
	int allocs, ret;

	ut_assertok(provision_set_up(uts, &dev, &m));
	for (allocs = 0; allocs < 200; allocs++) {
		malloc_enable_testing(allocs);
		ret = provision_run(false);
		malloc_disable_testing();
		if (!ret)
			break;
		if (!allocs)
			ut_asserteq_str("match refused-no-memory",
					provision_last_told());
		ut_assert(strstr(provision_last_told(), " refused-") ||
			  strstr(provision_last_told(), " failed-"));
		ut_assert(m->keys_seen <= 1);
	}
	ut_assertok(ret);
	ut_assert(allocs >= 20);
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(1, m->state.counter);

	return 0;
}
DM_TEST(dm_test_rpmb_provision_no_memory, FLAGS);
