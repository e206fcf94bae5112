// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: long random runs against the model, with faults and power cuts
 *
 * Whatever happens, what the client says must agree with what the device
 * holds. RPMB_TEST_SEEDS sets the number of runs.
 */

#include "client_rig.h"
#include "host_test.h"

#define STEPS		120
#define MAX_COUNT	40

static struct client_rig rig;
static u8 before[sizeof(rig.data)];
static u8 buf[MAX_COUNT * RPMB_BLOCK_SIZE];
static u32 step;

static void fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__, "step %u: %s", step, why);
}

/* Faults that an attacker on the bus, or a bad line, can bring about */
static void random_fault(void)
{
	static const u8 faults[] = {
		RPMB_MODEL_F_DROP_REQUEST, RPMB_MODEL_F_COMMIT_THEN_DROP,
		RPMB_MODEL_F_COMMIT_THEN_ERROR, RPMB_MODEL_F_REFUSE,
		RPMB_MODEL_F_LOSE_REPLY, RPMB_MODEL_F_STALE_REPLY,
		RPMB_MODEL_F_BAD_MAC, RPMB_MODEL_F_BAD_NONCE,
		RPMB_MODEL_F_BAD_TYPE, RPMB_MODEL_F_BAD_DATA,
		RPMB_MODEL_F_ZERO_REPLY,
	};

	rpmb_model_arm(&rig.model, faults[pick(sizeof(faults))], pick(6),
		       pick(4), 1 + pick(3));
}

static void random_device(void)
{
	enum rpmb_model_flavour flavour = pick(3);

	client_rig_init_keyed(&rig, flavour);
	rig.model.state.counter = pick(2) ? pick(100) : 0xffffff80 + pick(100);
	rig.link_error = pick(2) ? -ETIMEDOUT : -EIO;
	if (pick(2))
		rig.model.max_wr = 1 + pick(8);
	rig.cl.max_wr = rig.model.max_wr;
	if (!pick(4)) {
		rig.model.max_wr = 32;
		rig.model.quirks |= RPMB_MODEL_Q_WRITE_1_2_32;
		rig.cl.flags |= RPMB_F_WRITE_1_2_32;
	}
	if (!pick(4))
		rig.model.max_wr = 1;
	if (!pick(4))
		rig.model.quirks |= RPMB_MODEL_Q_FIRST_FAILS;
	rig.cl.nframes = 2 + pick(RIG_FRAMES - 1);
}

static bool same(u32 addr, u32 count, const u8 *data)
{
	return !memcmp(client_rig_block(&rig, addr), data,
		       count * RPMB_BLOCK_SIZE);
}

/* Nothing but the blocks asked for may have changed */
static void check_rest(u32 addr, u32 count)
{
	u32 end = (addr + count) * RPMB_BLOCK_SIZE;

	if (memcmp(before, rig.data, addr * RPMB_BLOCK_SIZE) ||
	    memcmp(before + end, rig.data + end, sizeof(before) - end))
		fail("a write went astray");
}

static void random_write(u32 addr, u32 count)
{
	const struct rpmb_status *st = &rig.cl.status;
	int ret;

	host_test_fill(buf, count * RPMB_BLOCK_SIZE);
	memcpy(before, rig.data, sizeof(before));
	ret = rpmb_client_write(&rig.cl, &rig.mac, addr, count, buf);
	check_rest(addr, count);
	if (!same(addr, st->done, buf))
		fail("less is written than was said");
	if (!ret && st->done != count)
		fail("success, but not all is done");
	if (ret && st->state != RPMB_STATE_UNKNOWN &&
	    memcmp(client_rig_block(&rig, addr + st->done),
		   before + (addr + st->done) * RPMB_BLOCK_SIZE,
		   (count - st->done) * RPMB_BLOCK_SIZE))
		fail("more is written than was said");
}

static void random_read(u32 addr, u32 count)
{
	static const u8 zero[sizeof(buf)];

	memset(buf, 0xee, sizeof(buf));
	if (!rpmb_client_read(&rig.cl, &rig.mac, addr, count, buf)) {
		if (!same(addr, count, buf))
			fail("wrong data read");
	} else if (memcmp(buf, zero, count * RPMB_BLOCK_SIZE)) {
		fail("data left of a failed read");
	}
}

static void random_step(void)
{
	u32 count = 1 + pick(MAX_COUNT);
	u32 addr = pick(RIG_BLOCKS - count);
	u32 counter;

	switch (pick(8)) {
	case 0:
		random_fault();
		break;
	case 1:
		client_rig_reboot(&rig);
		break;
	case 2:
		if (!rpmb_client_get_counter(&rig.cl, &rig.mac, &counter) &&
		    counter != rig.model.state.counter)
			fail("wrong counter");
		break;
	case 3:
	case 4:
		random_read(addr, count);
		break;
	default:
		random_write(addr, count);
	}
}

/* When all is well again, everything works */
static void check_recovers(void)
{
	client_rig_reboot(&rig);
	rig.model.state.counter = 5;
	step++;
	random_read(0, MAX_COUNT);
	if (rpmb_client_write(&rig.cl, &rig.mac, 3, MAX_COUNT, buf))
		fail("cannot be written any more");
}

HOST_TEST_RUNS(random_run, 100)
{
	random_device();
	for (step = 0; step < STEPS; step++)
		random_step();
	check_recovers();
}
