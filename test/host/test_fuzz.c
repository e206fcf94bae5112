// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: replies made by somebody who has no key
 *
 * Replies are mutated, cut and pasted from other replies, or invented. The
 * client may fail as it likes, but without a key nobody makes it believe
 * anything that is not so. RPMB_TEST_SEEDS sets the number of runs.
 */

#include "client_rig.h"
#include "host_test.h"

#define ROUNDS		60
#define MAX_COUNT	6
#define OLD_REPLIES	16

static struct client_rig rig;
static struct rpmb_frame old[OLD_REPLIES];
static u32 old_cnt;
static u8 buf[MAX_COUNT * RPMB_BLOCK_SIZE];

static void flip_bits(u8 *p, u32 len)
{
	u32 n = 1 + pick(4);

	while (n--)
		p[pick(len)] ^= 1 << pick(8);
}

/* The fields behind the data, where the decisions are made */
static void spoil_tail(struct rpmb_frame *frame)
{
	u8 *tail = (u8 *)frame + 500;
	u32 at = pick(12);

	tail[at] = pick(4) ? pick(9) : pick(256);
}

static void paste_old(struct rpmb_frame *frame)
{
	u32 from = pick(RPMB_FRAME_SIZE), len = pick(RPMB_FRAME_SIZE - from);

	if (!old_cnt)
		return;
	if (pick(2))
		*frame = old[pick(old_cnt)];
	else
		memcpy((u8 *)frame + from, (u8 *)&old[pick(old_cnt)] + from,
		       len);
}

static void mutate(struct rpmb_frame *resp, u32 count)
{
	struct rpmb_frame *frame = &resp[pick(count)];

	switch (pick(6)) {
	case 0:
		flip_bits((u8 *)resp, count * RPMB_FRAME_SIZE);
		break;
	case 1:
		spoil_tail(frame);
		break;
	case 2:
		paste_old(frame);
		break;
	case 3:
		host_test_fill(frame, sizeof(*frame));
		break;
	case 4:
		memset(frame, pick(2) ? 0 : 0xff, sizeof(*frame));
		break;
	case 5:
		*frame = resp[pick(count)];
		break;
	}
}

static int attack(struct client_rig *r, const struct rpmb_frames *f)
{
	u32 n = pick(4);

	old[old_cnt < OLD_REPLIES ? old_cnt++ : pick(OLD_REPLIES)] =
		*client_rig_last(f);
	while (n--)
		mutate(f->resp, f->resp_cnt);
	return pick(16) ? 0 : -ETIMEDOUT;
}

static bool same(u32 addr, u32 count)
{
	return !memcmp(client_rig_block(&rig, addr), buf,
		       count * RPMB_BLOCK_SIZE);
}

static void fuzz_write(u32 addr, u32 count)
{
	int ret;

	host_test_fill(buf, count * RPMB_BLOCK_SIZE);
	ret = rpmb_client_write(&rig.cl, &rig.mac, addr, count, buf);
	if (!same(addr, rig.cl.status.done))
		FAIL("believed in a write that was not");
	if (!ret && rig.cl.status.done != count)
		FAIL("success, but not all is done");
}

static void fuzz_round(void)
{
	u32 count = 1 + pick(MAX_COUNT);
	u32 addr = pick(RIG_BLOCKS - count);
	u32 counter;

	switch (pick(4)) {
	case 0:
		if (!rpmb_client_get_counter(&rig.cl, &rig.mac, &counter) &&
		    counter != rig.model.state.counter)
			FAIL("believed in a wrong counter");
		break;
	case 1:
		if (!rpmb_client_read(&rig.cl, &rig.mac, addr, count, buf) &&
		    !same(addr, count))
			FAIL("believed in wrong data");
		break;
	default:
		fuzz_write(addr, count);
	}
}

void host_test_set_up(void)
{
	old_cnt = 0;
}

HOST_TEST_RUNS(fuzz_replies, 300)
{
	u32 i;

	client_rig_init_keyed(&rig, pick(3));
	rig.cl.max_wr = pick(3);
	rig.cl.max_rd = pick(3);
	rig.tamper = attack;
	for (i = 0; i < ROUNDS; i++)
		fuzz_round();
}

/* The key goes to a device, or it does not: success is never made up */
HOST_TEST_RUNS(fuzz_key, 300)
{
	int ret;

	client_rig_init(&rig, pick(3));
	rig.tamper = attack;
	ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);
	if ((!ret || ret == -EALREADY) &&
	    memcmp(rig.model.state.key, client_rig_key, RPMB_KEY_SIZE))
		FAIL("believed in a key that is not there");
}
