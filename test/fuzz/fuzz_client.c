// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: what a device answers, to the client and to what is stored through it
 *
 * A model answers, and the input says what becomes of the answer on its way.
 * Whoever does that has the key, and then nothing but memory is at stake; or
 * has it not, and then nothing may be believed that is not so.
 */

#include <stdlib.h>
#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include "../host/client_rig.h"
#include "../host/host_test.h"
#include "fuzz_input.h"

#define OLD_REPLIES	8
#define MOST_OPS	8
#define MOST_BLOCKS	5
#define RECORD_BLOCKS	4
#define RECORDS		(RIG_BLOCKS - RECORD_BLOCKS)
#define INDEXES		(RECORDS - RPMB_ROLLBACK_BLOCKS)
#define PLAIN_BLOCKS	(INDEXES - 1)

static struct client_rig rig;
static struct fuzz_input in;
static struct rpmb_frame old[OLD_REPLIES];
static u32 old_cnt;
static bool has_key;
static u8 buf[MOST_BLOCKS * RPMB_BLOCK_SIZE];
static struct rpmb_record_block blocks[RECORD_BLOCKS];

static void change(struct rpmb_frame *resp, u32 count, u8 how)
{
	u32 at;

	switch (how & 7) {
	case 1:
		at = fuzz_u16(&in) % (count * RPMB_FRAME_SIZE - 16);
		fuzz_bytes(&in, (u8 *)resp + at, 1 + fuzz_pick(&in, 16));
		break;
	case 2:
		at = count * RPMB_FRAME_SIZE - 12 + fuzz_pick(&in, 12);
		((u8 *)resp)[at] = fuzz_u8(&in);
		break;
	case 3:
		if (old_cnt)
			resp[count - 1] = old[fuzz_pick(&in, old_cnt)];
		break;
	case 4:
		fuzz_bytes(&in, &resp[fuzz_pick(&in, count)], RPMB_FRAME_SIZE);
		break;
	case 5:
		resp[fuzz_pick(&in, count)] = resp[fuzz_pick(&in, count)];
		break;
	case 6:
		fuzz_bytes(&in, resp[count - 1].data, fuzz_pick(&in, 65));
		break;
	}
	if (has_key && how & 8)
		client_rig_sign(resp, count);
}

static int answer(struct client_rig *r, const struct rpmb_frames *f)
{
	u8 how;

	old[old_cnt < OLD_REPLIES ? old_cnt++ : fuzz_pick(&in, OLD_REPLIES)] =
		*client_rig_last(f);
	do {
		how = fuzz_u8(&in);
		change(f->resp, f->resp_cnt, how);
	} while (how & 0x80);
	return how & 0x40 ? -ETIMEDOUT : 0;
}

static bool is_there(u32 addr, u32 count)
{
	return has_key || !memcmp(client_rig_block(&rig, addr), buf,
				  count * RPMB_BLOCK_SIZE);
}

static void get_counter(void)
{
	u32 counter;

	if (!rpmb_client_get_counter(&rig.cl, &rig.mac, &counter))
		fuzz_must(has_key || counter == rig.model.state.counter);
}

static void read_blocks(void)
{
	u32 count = 1 + fuzz_pick(&in, MOST_BLOCKS);
	u32 addr = fuzz_pick(&in, PLAIN_BLOCKS);
	u8 *data = malloc(count * RPMB_BLOCK_SIZE);
	int ret;

	memset(data, 0xa5, count * RPMB_BLOCK_SIZE);
	ret = rpmb_client_read(&rig.cl, &rig.mac, addr, count, data);
	memcpy(buf, data, count * RPMB_BLOCK_SIZE);
	if (!ret)
		fuzz_must(is_there(addr, count));
	else if (rig.cl.status.fault != RPMB_FAULT_PARAM)
		fuzz_must(rpmb_store_is_zero(data, count * RPMB_BLOCK_SIZE));
	free(data);
}

static void write_blocks(void)
{
	u32 count = 1 + fuzz_pick(&in, MOST_BLOCKS);
	u32 addr = fuzz_pick(&in, PLAIN_BLOCKS - MOST_BLOCKS);
	int ret;

	fuzz_bytes(&in, buf, 8);
	ret = rpmb_client_write(&rig.cl, &rig.mac, addr, count, buf);
	fuzz_must(rig.cl.status.done <= count);
	fuzz_must(is_there(addr, rig.cl.status.done));
	fuzz_must(ret || rig.cl.status.done == count);
}

static void program_key(void)
{
	int ret;

	ret = rpmb_client_program_key(&rig.cl, &rig.mac, client_rig_key);
	if (!ret || ret == -EALREADY)
		fuzz_must(has_key || !memcmp(rig.model.state.key,
					     client_rig_key, RPMB_KEY_SIZE));
}

/* What the device holds at a location; RPMB_ROLLBACK_NONE also if it is not ours */
static u64 truth(u32 loc)
{
	u32 n = loc >= RPMB_ROLLBACK_SPL ? 3 : loc >= RPMB_ROLLBACK_FIT ? 2 : 0;
	u64 index[RPMB_ROLLBACK_PER_BLOCK];
	struct rpmb_rollback_block b;

	if (n)
		loc &= 0xff;
	if (loc >= RPMB_ROLLBACK_PER_BLOCK)
		return RPMB_ROLLBACK_NONE;
	memcpy(&b, client_rig_block(&rig, INDEXES + n), sizeof(b));
	if (rpmb_rollback_list(&b, n, index))
		return RPMB_ROLLBACK_NONE;
	return index[loc];
}

static u32 location(void)
{
	static const u32 locs[] = {
		0, 1, RPMB_ROLLBACK_PER_BLOCK - 1, RPMB_ROLLBACK_FIT,
		RPMB_ROLLBACK_FIT + 1, RPMB_ROLLBACK_SPL, 31, 0x300,
	};

	return locs[fuzz_pick(&in, sizeof(locs) / sizeof(*locs))];
}

static void use_index(u32 what)
{
	struct rpmb_rollback rb = { .at = { &rig.cl, &rig.mac, INDEXES } };
	u32 loc = location();
	u64 before = truth(loc), index = fuzz_u8(&in), got;
	bool knows = before != RPMB_ROLLBACK_NONE && !has_key;

	if (what == 0 && !rpmb_rollback_get(&rb, loc, &got) && knows)
		fuzz_must(got == before);
	else if (what == 1 && !rpmb_rollback_check(&rb, loc, index) && knows)
		fuzz_must(index >= before);
	else if (what == 2 && !rpmb_rollback_advance(&rb, loc, index) && knows)
		fuzz_must(truth(loc) == index);
	if (knows)
		fuzz_must(truth(loc) >= before);
}

/* With authority an index may fall, but only to what was asked for */
static void use_authority(bool burns)
{
	struct rpmb_rollback rb = { .at = { &rig.cl, &rig.mac, INDEXES } };
	u32 loc = location(), counter = rig.model.state.counter - fuzz_pick(&in, 2);
	u64 before = truth(loc), index = fuzz_u8(&in), after;
	int ret;

	ret = burns ? rpmb_rollback_burn(&rb, counter) :
		      rpmb_rollback_reset(&rb, loc, index, counter);
	after = truth(loc);
	if (has_key || before == RPMB_ROLLBACK_NONE)
		return;
	fuzz_must(after == before || (!burns && after == index));
	fuzz_must(ret || burns || after == index);
}

/* What the device holds under a name, NULL: nothing */
static const struct rpmb_record_block *record_of(const char *name)
{
	static struct rpmb_record_block b;
	u32 i;

	for (i = 0; i < RECORD_BLOCKS; i++) {
		memcpy(&b, client_rig_block(&rig, RECORDS + i), sizeof(b));
		if (!strncmp((char *)b.name, name, sizeof(b.name)))
			return &b;
	}
	return NULL;
}

static bool is_record(const char *name, const void *data, size_t len)
{
	const struct rpmb_record_block *b = record_of(name);

	return b && b->head.count == len && !memcmp(b->data, data, len);
}

static void use_record(u32 what)
{
	static const char * const names[] = { "a", "b", "c", "d", "e", "bad name" };
	const char *name = names[fuzz_pick(&in, sizeof(names) / sizeof(*names))];
	struct rpmb_records rs = { { &rig.cl, &rig.mac, RECORDS },
				   RECORD_BLOCKS, blocks };
	size_t size = fuzz_pick(&in, RPMB_RECORD_DATA_MAX + 1), len = 0;
	u8 *data = malloc(size + !size);
	int ret;

	fuzz_bytes(&in, data, size < 8 ? size : 8);
	memset(data + (size < 8 ? size : 8), 0x5a, size < 8 ? 0 : size - 8);
	if (what == 0) {
		ret = rpmb_records_read(&rs, name, data, size, &len);
		fuzz_must(ret || len <= size);
		fuzz_must(ret || has_key || is_record(name, data, len));
	} else if (what == 1) {
		ret = rpmb_records_write(&rs, name, data, size);
		fuzz_must(ret || has_key || is_record(name, data, size));
	} else {
		ret = rpmb_records_delete(&rs, name);
		fuzz_must(ret || has_key || !record_of(name));
	}
	free(data);
}

static void act(u8 what)
{
	switch (what % 13) {
	case 0:
		get_counter();
		break;
	case 1:
		read_blocks();
		break;
	case 2:
		write_blocks();
		break;
	case 3:
		program_key();
		break;
	case 4:
	case 5:
	case 6:
		use_index(what % 13 - 4);
		break;
	case 7:
	case 8:
		use_authority(what % 13 == 8);
		break;
	case 9:
	case 10:
	case 11:
		use_record(what % 13 - 9);
		break;
	case 12:
		client_rig_reboot(&rig);
		break;
	}
}

static void begin(u8 how)
{
	host_test_begin("fuzz_client");
	client_rig_init(&rig, how % 3);
	if (how & 0x10) {
		memcpy(rig.model.state.key, client_rig_key, RPMB_KEY_SIZE);
		rig.model.state.key_set = 1;
		rig.model.state.counter = how & 0x20 ? 0xfffffffc : 0x7fffffff;
	}
	has_key = how & 0x40;
	rig.cl.max_wr = fuzz_pick(&in, 4);
	rig.cl.max_rd = fuzz_pick(&in, 4);
	rig.tamper = answer;
	old_cnt = 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 n;

	in = (struct fuzz_input){ data, size };
	begin(fuzz_u8(&in));
	for (n = 0; in.left && n < MOST_OPS; n++)
		act(fuzz_u8(&in));
	fuzz_must(!host_test_failed());
	return 0;
}
