// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The operations that faults are injected into
 */

#include <command.h>
#include <dm.h>
#include <mapmem.h>
#include <rpmb-policy.h>
#include <linux/libfdt.h>
#include <rpmb/rollback.h>
#include "rpmb_conformance.h"
#include "rpmb_inject.h"
#include "rpmb_provision_rig.h"

#define FIT	RPMB_ROLLBACK_FIT
#define STORED	0x700000007ULL
#define RAW	0x20		/* where an eMMC takes 32 blocks at once */
#define MANY	35
#define RAM	0x10000

static u8 data[MANY * RPMB_BLOCK_SIZE];
static u8 back[MANY * RPMB_BLOCK_SIZE];
static u64 token[128];

static int write(struct inject_rig *rig, u32 addr, u32 count, bool read_back)
{
	inject_verb(rig, addr);
	rpmb_conformance_fill(data, count * RPMB_BLOCK_SIZE, addr);
	return read_back ? rpmb_write_blocks_read_back(inject_ref(rig), addr,
						       count, data) :
		rpmb_write_blocks(inject_ref(rig), addr, count, data);
}

static int write_1(struct inject_rig *rig)
{
	return write(rig, RAW, 1, false);
}

static int write_3(struct inject_rig *rig)
{
	return write(rig, RAW, 3, false);
}

static int write_35(struct inject_rig *rig)
{
	return write(rig, RAW, MANY, false);
}

static int write_3_read_back(struct inject_rig *rig)
{
	return write(rig, RAW, 3, true);
}

/* The second one is not read back, unless something was wrong */
static int write_twice(struct inject_rig *rig)
{
	int ret = write(rig, RAW, 1, false);

	return ret ? ret : write(rig, RAW + 2, 2, false);
}

static int write_by_command(struct inject_rig *rig)
{
	u8 *ram = map_sysmem(RAM, 3 * RPMB_BLOCK_SIZE);

	inject_verb(rig, RAW);
	rpmb_conformance_fill(ram, 3 * RPMB_BLOCK_SIZE, RAW);
	unmap_sysmem(ram);
	if (run_commandf("rpmb dev %s:0", rig->name))
		return -ENODEV;
	return run_commandf("rpmb write-blocks %x %x %x 3", INJECT_KEY, RAM,
			    RAW) ? -EIO : 0;
}

static int program(struct inject_rig *rig)
{
	int ret = rpmb_program_key(inject_ref(rig));

	if ((!ret || ret == -EALREADY) && !rig->model->state.key_set)
		return inject_lie(rig, "the device has no key");
	return ret;
}

static int get_counter(struct inject_rig *rig)
{
	u32 count;
	int ret = rpmb_get_write_count(inject_ref(rig), &count);

	/* what a device signs of itself is so */
	if (!ret && count != rig->model->state.counter &&
	    rig->tap->strike[0].fault != RPMB_TAP_SAYS_COUNTER &&
	    rig->tap->strike[1].fault != RPMB_TAP_SAYS_COUNTER)
		return inject_lie(rig, "a counter that the device has not");
	return ret;
}

static int read(struct inject_rig *rig, u32 count)
{
	int ret = rpmb_read_blocks(inject_ref(rig), RAW, count, back);

	if (!ret && memcmp(back, rig->model->store.data +
			   RAW * RPMB_BLOCK_SIZE, count * RPMB_BLOCK_SIZE))
		return inject_lie(rig, "data that the device has not");
	return ret;
}

static int read_1(struct inject_rig *rig)
{
	return read(rig, 1);
}

static int read_35(struct inject_rig *rig)
{
	return read(rig, MANY);
}

static int set_index(struct inject_rig *rig)
{
	return rpmb_index_advance(inject_ref(rig), FIT, STORED);
}

static int advance(struct inject_rig *rig)
{
	return rpmb_index_advance(inject_ref(rig), FIT, STORED + 1);
}

static int advance_all(struct inject_rig *rig)
{
	static const struct rpmb_raise raise[] = {
		{ .loc = FIT, .index = STORED + 1 },
		{ .loc = FIT + 1, .index = 1 },
		{ .loc = FIT + 27, .index = RPMB_ROLLBACK_MAX },
	};

	return rpmb_index_advance_all(inject_ref(rig), raise,
				      ARRAY_SIZE(raise));
}

static int advance_by_command(struct inject_rig *rig)
{
	return run_commandf("rpmb rollback advance %x %llx", FIT,
			    STORED + 1) ? -EIO : 0;
}

static int write_record(struct inject_rig *rig)
{
	return rpmb_record_write(inject_ref(rig), "first", "one", 3);
}

static int add_record(struct inject_rig *rig)
{
	return rpmb_record_write(inject_ref(rig), "second", "two", 3);
}

static int change_record(struct inject_rig *rig)
{
	return rpmb_record_write(inject_ref(rig), "first", "three", 5);
}

static int delete_record(struct inject_rig *rig)
{
	return rpmb_record_delete(inject_ref(rig), "first");
}

static int read_record(struct inject_rig *rig)
{
	size_t len;
	int ret = rpmb_record_read(inject_ref(rig), "first", back, 16, &len);

	if (ret == -ENOENT)
		return inject_lie(rig, "there is no such record");
	if (!ret && (len != 3 || memcmp(back, "one", 3)))
		return inject_lie(rig, "a record that the device has not");
	return ret;
}

/* What boot policy says of something with an index */
static int check(struct inject_rig *rig, u64 index)
{
	int ret = rpmb_policy_check(FIT, index);

	if (ret == -ENODATA)
		inject_lie(rig, "no index was ever stored");
	if (ret == -EDOM && index >= STORED)
		inject_lie(rig, "the image is older");
	if (!ret && index < STORED)
		inject_lie(rig, "the image is new enough");
	return ret;
}

static int check_equal(struct inject_rig *rig)
{
	return check(rig, STORED);
}

static int check_lower(struct inject_rig *rig)
{
	int ret = check(rig, STORED - 1);

	return ret == -EDOM ? 0 : ret;
}

static int commit(struct inject_rig *rig)
{
	struct rpmb_raise raise = { .loc = FIT, .index = STORED + 1 };

	/* it is tried even if this fails: it must not do harm */
	(void)check(rig, STORED + 1);
	return rpmb_policy_commit(&raise, 1);
}

static int commit_after_check(struct inject_rig *rig)
{
	struct rpmb_raise raise = { .loc = FIT, .index = STORED + 1 };
	int ret = check(rig, STORED + 1);

	return ret ? ret : rpmb_policy_commit(&raise, 1);
}

static void begin_token(struct inject_rig *rig)
{
	const struct rpmb_target_descr *t = &rpmb_get_descr(rig->dev)->target[0];

	fdt_create_empty_tree(token, sizeof(token));
	fdt_setprop_string(token, 0, "compatible", "u-boot,rpmb-token");
	fdt_setprop_u32(token, 0, "version", 1);
	fdt_setprop_string(token, 0, "transport", rig->bus->name);
	fdt_setprop_u32(token, 0, "target", 0);
	fdt_setprop(token, 0, "id", t->dev_id, t->dev_id_len);
	fdt_setprop_u32(token, 0, "write-counter", rig->counter);
}

static int use_token(void)
{
	fdt_pack(token);
	return rpmb_token_use(token, fdt_totalsize(token));
}

static int reset_index(struct inject_rig *rig)
{
	const fdt32_t cells[] = { cpu_to_fdt32(FIT), 0, cpu_to_fdt32(5) };

	begin_token(rig);
	fdt_setprop(token, 0, "reset-index", cells, sizeof(cells));
	return use_token();
}

static int open_board(struct inject_rig *rig)
{
	int ret;

	begin_token(rig);
	fdt_setprop_empty(token, 0, "rma");
	ret = use_token();
	if (rpmb_gate_is_open() != !ret)
		inject_lie(rig, "the board is open, or closed");
	if (!ret && rig->model->state.counter == rig->counter)
		inject_lie(rig, "the token is used up");
	return ret;
}

/* A verdict for stations is true as well */
static void check_verdict(struct inject_rig *rig, u32 keys)
{
	const char *told = provision_last_told();

	if (strstr(told, "refused-") && rig->model->keys_seen != keys)
		inject_lie(rig, "refused, and no key was sent");
	if (strstr(told, "failed-write") && !rig->model->state.key_set)
		inject_lie(rig, "the key is proven");
	if (!strncmp(told, "done", 4) && !rig->model->state.key_set)
		inject_lie(rig, "done");
}

static int provision(struct inject_rig *rig)
{
	u32 keys = rig->model->keys_seen;
	int node, ret;

	manifest_begin();
	node = manifest_add("device-1", rig->bus->name, 0, NULL, 0, NULL,
			    INJECT_KEY);
	manifest_index(node, LOC, 5);
	fdt_pack(manifest);
	ret = provision_run(false);
	check_verdict(rig, keys);
	return ret;
}

const struct inject_op inject_ops[] = {
	{ "program key", .blank = true, .run = program, .again = -EALREADY },
	{ "counter", .run = get_counter, .is_read = true },
	{ "read 1 block", .prepare = write_35, .run = read_1, .is_read = true },
	{ "read 35 blocks", .prepare = write_35, .run = read_35,
	  .is_read = true },
	{ "write 1 block", .most = 1, .run = write_1 },
	{ "write 3 blocks", .most = 3, .run = write_3 },
	{ "write 35 blocks", .most = MANY, .run = write_35 },
	{ "write, read back", .most = 3, .run = write_3_read_back },
	{ "write twice", .most = 3, .run = write_twice },
	{ "rpmb write-blocks", .most = 3, .run = write_by_command,
	  .own_words = true },
	{ "set index", .most = 1, .run = set_index },
	{ "advance", .most = 1, .prepare = set_index, .run = advance },
	{ "advance 3 indexes", .most = 1, .prepare = set_index,
	  .run = advance_all },
	{ "rpmb rollback advance", .most = 1, .prepare = set_index,
	  .run = advance_by_command, .own_words = true },
	{ "new record", .most = 2, .run = write_record },
	{ "one more record", .most = 2, .prepare = write_record,
	  .run = add_record },
	{ "change record", .most = 2, .prepare = write_record,
	  .run = change_record },
	{ "delete record", .most = 2, .prepare = write_record,
	  .run = delete_record, .again = -ENOENT },
	{ "read record", .prepare = write_record, .run = read_record,
	  .is_read = true },
	{ "boot check", .closed = true, .prepare = set_index,
	  .run = check_equal, .is_read = true },
	{ "boot check, too old", .closed = true, .prepare = set_index,
	  .run = check_lower, .is_read = true },
	{ "commit", .closed = true, .most = 1, .prepare = set_index,
	  .run = commit_after_check },
	{ "commit regardless", .closed = true, .most = 1,
	  .prepare = set_index, .run = commit },
	{ "token: index", .closed = true, .most = 1, .prepare = set_index,
	  .run = reset_index, .again = -EKEYEXPIRED },
	{ "token: open", .closed = true, .most = 1, .prepare = set_index,
	  .run = open_board, .again = -EKEYEXPIRED },
	{ "provision", .blank = true, .most = 1, .run = provision,
	  .own_words = true },
};

const int inject_op_count = ARRAY_SIZE(inject_ops);
