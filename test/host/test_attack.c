// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb against an attacker: histories of operations, each exchange of them
 * attacked
 *
 * Short histories are tried with each move at each exchange, and with each two at
 * each two (RPMB_ATTACK_MOVES=2). Long ones are random; RPMB_ATTACK_HISTORIES sets
 * how many, RPMB_ATTACK_FIRST the seed of the first.
 */

#include <stdio.h>
#include <stdlib.h>

#include "attack.h"
#include "host_test.h"

#define LOC		3	/* the index that is moved */
#define RANDOM_OPS	10
#define MAX_MOVES	2
#define RECORD_SIZE	16

static const char *const rules[RULES] = {
	[RULE_COUNTER] = "counter",
	[RULE_READ] = "read",
	[RULE_WRITE] = "write",
	[RULE_REPLAY] = "replay",
	[RULE_INDEX] = "index",
	[RULE_CHECK] = "check",
	[RULE_TORN] = "torn",
	[RULE_RECORD] = "record",
	[RULE_TOKEN] = "token",
	[RULE_KEY] = "key",
};

/* The moves of a short history: at which exchange, from 0, and what */
static struct {
	u32 at;
	struct attack_act act;
} plan[MAX_MOVES];
static u32 planned, seed;
static unsigned long long histories, exchanges;
static struct attack_seat *seat;
static u32 last_token, token_successes;

/* Report history and operation */
static void broken(enum attack_rule rule)
{
	u32 i;

	host_test_fail(__FILE__, __LINE__,
		       "rule %s: flavour %u, seed %u, operation %u, exchange %u",
		       rules[rule], seat->model.flavour, seed, world.op,
		       world.exchanges);
	for (i = 0; i < planned; i++)
		host_test_fail(__FILE__, __LINE__, "  move %u(%u) at %u",
			       plan[i].act.move, plan[i].act.arg, plan[i].at);
}

static struct attack_act choose_planned(void)
{
	u32 i;

	for (i = 0; i < planned; i++)
		if (plan[i].at == world.exchanges - 1)
			return plan[i].act;
	return (struct attack_act) { MOVE_PASS, 0 };
}

static struct attack_act choose_random(void)
{
	u32 r = host_test_rand();

	if (r & 1)
		return (struct attack_act) { MOVE_PASS, 0 };
	return (struct attack_act) { (r >> 8) % MOVES, r >> 16 };
}

static u8 *block(u32 n)
{
	return seat->data + n * RPMB_BLOCK_SIZE;
}

/* After a success nothing that was signed can be executed */
static void check_spent(void)
{
	if (seat->writes && seat->highest_signed > seat->model.state.counter)
		broken(RULE_REPLAY);
}

static void do_counter(void)
{
	u32 count;

	attack_begin(seat);
	if (!rpmb_client_get_counter(&seat->cl, &seat->mac, &count) &&
	    (count < seat->counter_before || count > seat->model.state.counter))
		broken(RULE_COUNTER);
}

static void do_write(u32 at, u32 count)
{
	u8 buf[4 * RPMB_BLOCK_SIZE];
	u32 done;
	int ret;

	attack_begin(seat);
	memset(buf, world.op, sizeof(buf));
	ret = rpmb_client_write(&seat->cl, &seat->mac, AT_RAW + at, count, buf);
	done = seat->cl.status.done;
	if (memcmp(block(AT_RAW + at), buf, done * RPMB_BLOCK_SIZE) ||
	    (!ret && done != count))
		broken(RULE_WRITE);
	if (!ret)
		check_spent();
}

static void do_read(u32 at, u32 count)
{
	u8 buf[4 * RPMB_BLOCK_SIZE];
	u32 i;

	attack_begin(seat);
	if (rpmb_client_read(&seat->cl, &seat->mac, AT_RAW + at, count, buf))
		return;
	for (i = 0; i < count; i++)
		if (!attack_was(AT_RAW + at + i, buf + i * RPMB_BLOCK_SIZE))
			broken(RULE_READ);
}

/* The lowest and the highest that the index was during the operation */
static void extremes(long long *low, long long *high)
{
	long long index = attack_index(block(AT_INDEXES), LOC);
	u32 i;

	*low = index;
	*high = index;
	for (i = 0; i < world.was_count; i++) {
		if (world.was_at[i])
			continue;
		index = attack_index(world.was[i], LOC);
		if (index < *low)
			*low = index;
		if (index > *high)
			*high = index;
	}
}

/*
 * If there was nothing to write, the index was there when it was read: a reset
 * with a token that was held back can be executed after that
 */
static void do_advance(u64 to)
{
	long long now, low, high;

	attack_begin(seat);
	if (rpmb_rollback_advance(&seat->rb, LOC, to))
		return;
	now = attack_index(block(AT_INDEXES), LOC);
	extremes(&low, &high);
	if (seat->writes ? now != (long long)to : high < (long long)to)
		broken(RULE_WRITE);
	check_spent();
}

static void do_check(u64 index)
{
	long long low, high;

	attack_begin(seat);
	if (rpmb_rollback_check(&seat->rb, LOC, index))
		return;
	extremes(&low, &high);
	if ((long long)index < low)
		broken(RULE_CHECK);
}

static void do_record(void)
{
	u8 data[RECORD_SIZE];

	attack_begin(seat);
	memset(data, world.op, sizeof(data));
	if (rpmb_records_write(&seat->rs, "name", data, sizeof(data)))
		return;
	if (memcmp(block(AT_RECORDS) + offsetof(struct rpmb_record_block, data),
		   data, sizeof(data)))
		broken(RULE_WRITE);
	check_spent();
	world.last_record = world.op;
}

static void do_record_delete(void)
{
	attack_begin(seat);
	world.last_delete = world.op;
	if (rpmb_records_delete(&seat->rs, "name"))
		return;
	if (block(AT_RECORDS)[offsetof(struct rpmb_record_block, name)])
		broken(RULE_WRITE);
	check_spent();
	world.last_record = world.op;
}

static void do_record_read(void)
{
	u8 want[RPMB_BLOCK_SIZE], data[RECORD_SIZE];
	struct rpmb_record_block *b = (void *)want;
	size_t len;

	attack_begin(seat);
	if (rpmb_records_read(&seat->rs, "name", data, sizeof(data), &len))
		return;
	rpmb_store_head_init(b, RPMB_STORE_RECORD, 0, len);
	strcpy((char *)b->name, "name");
	memcpy(b->data, data, len);
	if (!attack_was(AT_RECORDS, want))
		broken(RULE_READ);
}

/* A token for the counter as it is, or the last one once more */
static void do_token(bool again, bool burn, u64 to)
{
	int ret;

	if (!world.tokens_given || (!again && world.tokens_given < 16)) {
		last_token = seat->model.state.counter;
		world.tokens[world.tokens_given++] = last_token;
		token_successes = 0;
	}
	attack_begin(seat);
	ret = burn ? rpmb_rollback_burn(&seat->rb, last_token) :
		     rpmb_rollback_reset(&seat->rb, LOC, to, last_token);
	if (ret)
		return;
	if (++token_successes > 1)
		broken(RULE_TOKEN);
	if (!burn && attack_index(block(AT_INDEXES), LOC) != (long long)to)
		broken(RULE_WRITE);
	check_spent();
}

/* A success means that this very key is in it, whoever answered */
static void do_program(void)
{
	int ret;

	attack_begin(seat);
	ret = rpmb_client_program_key(&seat->cl, &seat->mac, seat->key);
	if ((!ret || ret == -EALREADY) &&
	    (!seat->model.state.key_set ||
	     memcmp(seat->model.state.key, seat->key, RPMB_KEY_SIZE)))
		broken(RULE_KEY);
}

static void unkey(void)
{
	seat->model.state.key_set = 0;
	seat->model.state.counter = 0;
	memset(seat->model.state.key, 0, RPMB_KEY_SIZE);
}

/* Short histories, one each: what is done, in this order */
static void short_advance(void)
{
	do_advance(5);
	do_advance(7);
	do_check(6);
}

static void short_reboot(void)
{
	do_advance(5);
	attack_reboot();
	do_advance(7);
	do_check(6);
	do_counter();
}

static void short_record(void)
{
	do_record();
	attack_reboot();
	do_record();
	do_record_read();
}

static void short_delete(void)
{
	do_record();
	do_record_delete();
	attack_reboot();
	do_record();
}

static void short_write(void)
{
	do_write(0, 2);
	attack_reboot();
	do_write(1, 2);
	do_write(1, 2);
	do_read(0, 3);
}

static void short_given_up(void)
{
	do_write(0, 1);
	world.hold = true;
	do_write(0, 1);
	world.hold = false;
	do_write(0, 1);
	do_read(0, 1);
}

static void short_token(void)
{
	do_advance(9);
	do_token(false, false, 3);
	attack_reboot();
	do_token(true, false, 3);
	do_check(2);
}

static void short_burn(void)
{
	do_token(false, true, 0);
	attack_reboot();
	do_token(true, true, 0);
	do_advance(4);
}

/* A reset that is held back, and advances with nothing to write and with */
static void short_token_held(void)
{
	do_advance(9);
	world.hold = true;
	do_token(false, false, 3);
	world.hold = false;
	do_advance(9);
	do_advance(11);
}

static void short_program(void)
{
	unkey();
	do_program();
	attack_reboot();
	do_program();
	do_advance(4);
}

static void (*const short_histories[])(void) = {
	short_advance, short_reboot, short_record, short_delete, short_write,
	short_given_up, short_token, short_burn, short_token_held,
	short_program,
};

/* Run one as planned. Return: exchanges that it took */
static u32 run_planned(enum rpmb_model_flavour flavour, u32 which)
{
	u32 taken;

	attack_start(flavour);
	world.choose = choose_planned;
	world.broken = broken;
	seat = &world.seats[0];
	short_histories[which]();
	taken = world.exchanges;
	histories++;
	exchanges += taken;
	return taken;
}

/* Arguments that a move is tried with: fields to flip, frames to choose from */
static u32 arguments(u32 move)
{
	switch (move) {
	case MOVE_FLIP_REQUEST:
	case MOVE_FLIP_REPLY:
		return 11;
	case MOVE_OLD_REPLY:
	case MOVE_OLD_INSTEAD:
		return 6;
	case MOVE_SWAP:
	case MOVE_PLAY_BEFORE:
	case MOVE_PLAY_AFTER:
		return 3;
	case MOVE_OTHER_SEAT:
		return 2;
	}
	return 1;
}

/* Each move at each exchange from @from on, and each more after it */
static void each_plan(enum rpmb_model_flavour flavour, u32 which, u32 from,
		      u32 moves)
{
	u32 i, arg, taken = run_planned(flavour, which);
	u32 mine = planned;

	if (!moves || host_test_failed())
		return;
	planned++;
	for (; from < taken; from++) {
		for (i = MOVE_PASS + 1; i < MOVES; i++) {
			for (arg = 0; arg < arguments(i); arg++) {
				plan[mine].at = from;
				plan[mine].act = (struct attack_act) { i, arg };
				each_plan(flavour, which, from + 1, moves - 1);
			}
		}
	}
	planned--;
}

static u32 setting(const char *name, u32 otherwise)
{
	const char *env = getenv(name);

	return env ? strtoul(env, NULL, 0) : otherwise;
}

static void report(const char *what)
{
	printf("%s: %llu histories, %llu exchanges\n", what, histories,
	       exchanges);
	histories = 0;
	exchanges = 0;
}

HOST_TEST(attack_exhaustive)
{
	u32 i, flavour, moves = setting("RPMB_ATTACK_MOVES", 1);

	for (flavour = 0; flavour < RPMB_MODEL_FLAVOURS; flavour++)
		for (i = 0; i < COUNT(short_histories); i++)
			each_plan(flavour, i, 0, moves);
	report("each move, alone or in pairs");
}

static void random_op(void)
{
	u32 r = host_test_rand(), at = r >> 8 & 3, count = 1 + (r >> 10 & 3);

	switch (r % 13) {
	case 0:
		return do_counter();
	case 1:
		return do_write(at, count);
	case 2:
		return do_read(at, count);
	case 3:
	case 4:
		return do_advance(r >> 12 & 7);
	case 5:
		return do_check(r >> 12 & 7);
	case 6:
	case 7:
		return do_record();
	case 8:
		return do_record_delete();
	case 9:
		return do_record_read();
	case 10:
		return do_token(r >> 12 & 1, r >> 13 & 1, r >> 14 & 7);
	case 11:
		return do_program();
	default:
		attack_reboot();
	}
}

static void random_history(void)
{
	u32 op;

	host_test_seed(seed);
	attack_start(host_test_rand() % 3);
	world.choose = choose_random;
	world.broken = broken;
	seat = &world.seats[host_test_rand() % SEATS];
	if (!(host_test_rand() % 8))
		unkey();
	for (op = 0; op < RANDOM_OPS; op++) {
		if (world.dead)
			attack_reboot();
		random_op();
	}
	exchanges += world.exchanges;
	histories++;
}

HOST_TEST(attack_random)
{
	u32 last, first = setting("RPMB_ATTACK_FIRST", 1);

	planned = 0;
	last = first + setting("RPMB_ATTACK_HISTORIES", 3000);
	for (seed = first; seed < last && !host_test_failed(); seed++)
		random_history();
	report("random");
}
