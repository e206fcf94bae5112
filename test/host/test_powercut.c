// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: power cuts and spoilt replies, at every step of every operation
 *
 * After each of them a message is on the device as a whole or not at all, what
 * the client says agrees with what the device holds, and the operation can be
 * done again.
 */

#include "client_rig.h"
#include "host_test.h"

#define ADDR	10
#define BLOCKS	5

static struct client_rig rig;
static u8 old[BLOCKS * RPMB_BLOCK_SIZE];
static u8 new[BLOCKS * RPMB_BLOCK_SIZE];
static u32 counter;

/* A case of the matrix, for messages */
static const char *what;
static u32 at, max_wr, how;

static void fail(const char *why)
{
	host_test_fail(__FILE__, __LINE__,
		       "%s, flavour %d, %u blocks a message, step %u, case %u: %s",
		       what, rig.model.flavour, max_wr, at, how, why);
}

/* A client that has, or has not, written since power-up */
static void start(enum rpmb_model_flavour flavour, bool fresh)
{
	client_rig_init_keyed(&rig, flavour);
	rig.cl.max_wr = max_wr;
	if (!fresh)
		CHECK_EQ(rpmb_client_write(&rig.cl, &rig.mac, 0, 1, new), 0);
	memcpy(old, client_rig_block(&rig, ADDR), sizeof(old));
	host_test_fill(new, sizeof(new));
	counter = rig.model.state.counter;
	rig.step = 0;
	rig.exchanges = 0;
}

static int write_new(void)
{
	return rpmb_client_write(&rig.cl, &rig.mac, ADDR, BLOCKS, new);
}

static bool block_is(u32 i, const u8 *data)
{
	return !memcmp(client_rig_block(&rig, ADDR + i),
		       data + i * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);
}

/* How many blocks are new; each of the others must be old */
static u32 count_new(void)
{
	u32 i, n = 0;

	while (n < BLOCKS && block_is(n, new))
		n++;
	for (i = n; i < BLOCKS; i++)
		if (!block_is(i, old))
			fail("a block is neither old nor new");
	return n;
}

/* One block after a fallback, else a whole message */
static u32 unit(void)
{
	return rig.cl.max_wr ? rig.cl.max_wr : 1;
}

static void check_truth(int ret)
{
	const struct rpmb_status *st = &rig.cl.status;
	u32 n = count_new();

	if (!ret && (n != BLOCKS || st->done != BLOCKS))
		fail("success, but not all is written");
	if (n < st->done)
		fail("less is written than was said");
	if (ret && st->state != RPMB_STATE_UNKNOWN && n != st->done)
		fail("more is written than was said");
	if (n != BLOCKS && n % unit())
		fail("a message is torn");
	if (st->state == RPMB_STATE_UNKNOWN && !ret)
		fail("success, and yet unknown");
}

static void check_again(void)
{
	u8 back[BLOCKS * RPMB_BLOCK_SIZE];

	if (rpmb_client_read(&rig.cl, &rig.mac, ADDR, BLOCKS, back) ||
	    memcmp(back, client_rig_block(&rig, ADDR), sizeof(back)))
		fail("cannot be read back");
	if (write_new() || count_new() != BLOCKS)
		fail("cannot be written again");
}

/* Cut at one step; false if the operation was over before it */
static bool cut_write(enum rpmb_model_flavour flavour, bool fresh, u32 step,
		      enum rig_cut cut)
{
	u32 n;
	int ret;

	at = step;
	how = cut;
	start(flavour, fresh);
	rig.cut = cut;
	rig.cut_step = step;
	ret = write_new();
	check_truth(ret);
	if (rig.dead && !ret)
		fail("success without power");
	n = count_new();
	/* each message that is on the device has taken one count */
	if (rig.model.state.counter != counter +
	    (max_wr ? (n + max_wr - 1) / max_wr : !!n))
		fail("counter and data disagree");
	if (!rig.dead) {
		client_rig_done(&rig);
		return false;
	}
	client_rig_reboot(&rig);
	check_again();
	client_rig_done(&rig);
	return true;
}

static void cut_writes(enum rpmb_model_flavour flavour, bool fresh)
{
	u32 cut, step;

	for (max_wr = 0; max_wr <= BLOCKS; max_wr++)
		for (cut = RIG_CUT_BEFORE; cut < RIG_CUTS; cut++)
			for (step = 1; cut_write(flavour, fresh, step, cut);)
				step++;
}

static void each_flavour(void (*run)(enum rpmb_model_flavour flavour,
				     bool fresh))
{
	u32 flavour;

	for (flavour = RPMB_MODEL_EMMC; flavour <= RPMB_MODEL_VIRTIO;
	     flavour++) {
		run(flavour, true);
		run(flavour, false);
	}
}

static void test_cut_write(void)
{
	what = "cut";
	each_flavour(cut_writes);
}

/* What test_fault_write() starts with */
static enum rpmb_model_flavour start_flavour;
static bool start_fresh;

static bool fault_write(enum rpmb_model_fault fault, u32 skip, u32 times)
{
	bool struck;
	int ret;

	at = skip;
	how = fault;
	start(start_flavour, start_fresh);
	client_rig_strike(&rig, fault, skip, times);
	ret = write_new();
	check_truth(ret);
	struck = client_rig_struck(&rig, times);
	check_again();
	client_rig_done(&rig);
	return struck;
}

static void fault_writes(enum rpmb_model_flavour flavour, bool fresh)
{
	start_flavour = flavour;
	start_fresh = fresh;
	for (max_wr = 0; max_wr <= 2; max_wr++)
		client_rig_each_fault(fault_write);
}

static void test_fault_write(void)
{
	what = "fault";
	each_flavour(fault_writes);
}

/* Each reply that was on the bus before, in place of each one that comes */
static void replay_write(enum rpmb_model_flavour flavour, u32 from, u32 when)
{
	int ret;

	at = when;
	how = from;
	start(flavour, false);
	client_rig_record(&rig, NULL);
	/* the same write, so that all but counter and nonce are as they were */
	CHECK_EQ(write_new(), 0);
	memcpy(old, client_rig_block(&rig, ADDR), sizeof(old));
	host_test_fill(new, sizeof(new));
	rpmb_client_forget(&rig.cl);
	client_rig_replay(&rig, from, when);
	ret = write_new();
	check_truth(ret);
	client_rig_replay(&rig, 0, 0);
	check_again();
	client_rig_done(&rig);
}

static void replays(enum rpmb_model_flavour flavour, bool fresh)
{
	u32 from, when;

	for (max_wr = 0; max_wr <= 2; max_wr++)
		for (from = 1; from <= 7; from++)
			for (when = 1; when <= 8; when++)
				replay_write(flavour, from, when);
}

static void test_replay(void)
{
	what = "replay";
	each_flavour(replays);
}

/*
 * CVE-2020-13799: a signed frame is held back, and the writer is told that it
 * did not get through. Its successor for the same counter is swapped for it.
 */
static struct rpmb_frame held[BLOCKS];
static u32 held_cnt;

enum hold {
	HOLD_REBOOT,		/* power is lost after it */
	HOLD_LINK_DOWN,		/* nothing gets through for a while */
	HOLD_FIRST,		/* writes alone do not get through: the first */
	HOLD_LAST,		/* or the last of those tried is kept */
	HOLDS,
};

static void hold_back(enum rpmb_model_flavour flavour, enum hold hold,
		      u32 addr, u32 count)
{
	u8 lost[BLOCKS * RPMB_BLOCK_SIZE];

	max_wr = 0;
	start(flavour, false);
	host_test_fill(lost, sizeof(lost));
	rig.dead = hold == HOLD_REBOOT || hold == HOLD_LINK_DOWN;
	rig.seen_first = hold == HOLD_FIRST;
	rig.seen_cnt = 0;
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_DROP_REQUEST, 3, 0, 100);
	if (!rpmb_client_write(&rig.cl, &rig.mac, addr, count, lost))
		fail("success without a device");
	if (!rig.dead && rig.cl.status.state != RPMB_STATE_UNCHANGED)
		fail("it is proven that nothing was written");
	rig.dead = false;
	memcpy(held, rig.seen, rig.seen_cnt * sizeof(*held));
	held_cnt = rig.seen_cnt;
	if (hold == HOLD_REBOOT)
		client_rig_reboot(&rig);
}

static int write_swapped(u32 skip)
{
	rpmb_model_set_swap(&rig.model, (u8 *)held, held_cnt);
	rpmb_model_arm(&rig.model, RPMB_MODEL_F_SWAP_IN, 3, skip, 1);
	return write_new();
}

static void swapped(enum rpmb_model_flavour flavour, enum hold hold, u32 addr,
		    u32 count, u32 skip)
{
	at = addr;
	how = skip;
	hold_back(flavour, hold, addr, count);
	max_wr = 2;
	rig.cl.max_wr = max_wr;
	if (write_swapped(skip))
		fail("not written");
	if (memcmp(client_rig_block(&rig, ADDR), new, sizeof(new)))
		fail("the held-back frame has won");
	client_rig_done(&rig);
}

static void held_back(enum rpmb_model_flavour flavour, enum hold hold)
{
	u32 count, skip;

	for (count = 1; count <= BLOCKS; count++) {
		for (skip = 0; skip < 3; skip++) {
			swapped(flavour, hold, ADDR, count, skip);
			swapped(flavour, hold, ADDR + 1, count, skip);
			swapped(flavour, hold, ADDR - 1, count, skip);
		}
	}
}

static void test_held_back(void)
{
	u32 flavour, hold;

	what = "held back";
	for (flavour = 0; flavour <= RPMB_MODEL_VIRTIO; flavour++)
		for (hold = HOLD_REBOOT; hold < HOLDS; hold++)
			held_back(flavour, hold);
}

/* The attack is real: without the read-back it succeeds */
static void test_held_back_control(void)
{
	u32 count;

	hold_back(RPMB_MODEL_EMMC, HOLD_REBOOT, ADDR, BLOCKS);
	CHECK_EQ(rpmb_client_get_counter(&rig.cl, &rig.mac, &count), 0);
	rig.cl.counter_unused = true;
	CHECK_EQ(write_swapped(0), 0);
	CHECK(memcmp(client_rig_block(&rig, ADDR), new, sizeof(new)));
	client_rig_done(&rig);
}

/* Programming the key, cut at every step, and done again */
static bool cut_key(enum rpmb_model_flavour flavour, u32 step,
		    enum rig_cut cut)
{
	bool over;
	int ret;

	at = step;
	how = cut;
	client_rig_init(&rig, flavour);
	rig.cut = cut;
	rig.cut_step = step;
	ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);
	over = !rig.dead;
	if (over != !ret)
		fail("success without power, or none with it");
	if (rig.cl.status.state == RPMB_STATE_UNTOUCHED && rig.model.keys_seen)
		fail("untouched, but the key has left");
	client_rig_reboot(&rig);
	ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);
	if (ret && ret != -EALREADY)
		fail("cannot be done again");
	if (memcmp(rig.model.state.key, client_rig_key, RPMB_KEY_SIZE))
		fail("another key");
	client_rig_done(&rig);
	return !over;
}

static void test_cut_key(void)
{
	u32 flavour, cut, step;

	what = "key";
	for (flavour = 0; flavour <= RPMB_MODEL_VIRTIO; flavour++)
		for (cut = RIG_CUT_BEFORE; cut < RIG_CUTS; cut++)
			for (step = 1; cut_key(flavour, step, cut);)
				step++;
}

static const struct host_test tests[] = {
	{ "powercut_write", test_cut_write },
	{ "powercut_fault", test_fault_write },
	{ "powercut_replay", test_replay },
	{ "powercut_held_back", test_held_back },
	{ "powercut_held_back_control", test_held_back_control },
	{ "powercut_key", test_cut_key },
};

int main(int argc, char **argv)
{
	return host_test_main(tests, sizeof(tests) / sizeof(*tests), argc,
			      argv);
}
