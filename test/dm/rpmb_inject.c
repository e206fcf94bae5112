// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every fault at every exchange of every operation, with a reboot after each
 *
 * An operation is run once without a fault: what the device holds then is what it
 * must hold in the end. With a fault each block is the old or the new one, and what
 * is said of it is true. Then everything but the device's memory is lost, and the
 * same again, without a fault, finishes. The judge looks into the memory of the
 * model, not through the stack.
 *
 * These tests take long and are run by scripts/faults. In the environment:
 *
 *   rpmb_faults_step   inject each n-th only (default: 1, all)
 *   rpmb_faults_pairs  pairs of faults at random (default: 0)
 *   rpmb_faults_seed   where these begin (default: 1)
 *   rpmb_faults_show   print what each operation that failed returned
 */

#include <console.h>
#include <dm.h>
#include <env.h>
#include <malloc.h>
#include <vsprintf.h>
#include <rpmb-policy.h>
#include <rpmb-reason.h>
#include <dm/test.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_inject.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE | \
		 UTF_LIVE_TREE | UTF_MANUAL)
#define NEVER	BIT(30)
#define SHOWN	40	/* broken rules that are printed */

/**
 * struct outcome - what came of an operation
 *
 * @ret:	what it returned
 * @st:		status of the target
 * @changes:	requests for changes of the last call
 * @untouched:	it was said that nothing was sent
 * @unchanged:	... that nothing has changed
 * @done:	blocks that are said to be written, besides
 */
struct outcome {
	int ret;
	struct rpmb_status st;
	u32 changes;
	bool untouched;
	bool unchanged;
	u32 done;
};

/**
 * struct injection - what is injected
 *
 * @native:	fault of the transport, or NULL
 * @strike:	faults of the tap; of a native fault the first says where
 * @later:	the second comes after a reboot
 */
struct injection {
	const struct inject_native *native;
	struct rpmb_tap_strike strike[RPMB_TAP_STRIKES];
	bool later;
};

/**
 * struct session - all of one transport
 *
 * @rig:	board
 * @op:		operation under way
 * @keyed:	a device with its key
 * @before:	the device before the operation
 * @after:	... and after it
 * @began:	... as it was when the board was last powered up
 * @tap:	what was recorded before the operation
 * @exchanges:	of an operation without faults
 * @step:	inject each n-th
 * @show:	print outcomes
 * @count:	injections so far, left out ones as well
 * @injected:	injections that struck
 * @survived:	of these, those after which all was well
 * @healed:	of these, those that the operation did not fail from
 */
struct session {
	struct inject_rig rig;
	const struct inject_op *op;
	struct inject_image keyed;
	struct inject_image before;
	struct inject_image after;
	struct inject_image began;
	struct rpmb_tap tap;
	u32 exchanges;
	u32 step;
	bool show;
	u32 count;
	u32 injected;
	u32 survived;
	u32 healed;
};

static struct rpmb_tap tap;

#define say(...) do { \
	ut_unsilence_console(uts); \
	printf(__VA_ARGS__); \
	ut_silence_console(uts); \
	console_record_reset_enable(); \
} while (0)

static void save(struct session *s, struct inject_image *image)
{
	inject_save(&s->rig, image);
}

/* Start with a device in this state, NULL: as it is */
static int reboot(struct unit_test_state *uts, struct session *s,
		  const struct inject_image *image)
{
	s->rig.closed = s->op->closed;
	return inject_reboot(uts, &s->rig, image);
}

/* What the lines on the console claim */
static void listen(struct outcome *o)
{
	static const char blocks[] = "blocks written and proven; the rest: ";
	char line[256], *at;

	while (console_record_readline(line, sizeof(line)) >= 0) {
		if (strstr(line, "untouched, nothing that could change it"))
			o->untouched = true;
		if (strstr(line, "unchanged, proven by") ||
		    strstr(line, "nothing was written"))
			o->unchanged = true;
		at = strstr(line, "  device: 0x");
		if (at && strstr(line, blocks))
			o->done = hextoul(at + 10, NULL);
	}
}

/* A card that does not answer is not there any more for whoever looks for it */
static bool is_there(struct session *s)
{
	struct udevice *dev;
	struct uclass *uc;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc)
		if (dev == s->rig.dev && device_active(dev))
			return true;
	return false;
}

static void run(struct session *s, struct outcome *o)
{
	const struct rpmb_status *st = &o->st;

	memset(o, 0, sizeof(*o));
	save(s, &s->began);
	o->ret = s->op->run(&s->rig);
	if (is_there(s))
		o->st = *rpmb_get_status(s->rig.dev, 0);
	else
		o->st.fault = RPMB_FAULT_LINK;
	o->changes = tap.changes - s->rig.base;
	if (!s->op->own_words && o->ret && is_there(s)) {
		o->untouched = st->state == RPMB_STATE_UNTOUCHED;
		o->unchanged = st->state == RPMB_STATE_UNCHANGED;
		o->done = s->op->is_read ? 0 : st->done;
	}
	listen(o);
}

static bool is_old(struct session *s, u32 n)
{
	return !memcmp(s->rig.model->store.data + n * RPMB_BLOCK_SIZE,
		       s->before.data + n * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);
}

static bool is_new(struct session *s, u32 n)
{
	return !memcmp(s->rig.model->store.data + n * RPMB_BLOCK_SIZE,
		       s->after.data + n * RPMB_BLOCK_SIZE, RPMB_BLOCK_SIZE);
}

/* Each block is the old or the new one, and they are replaced in order */
static const char *judge_blocks(struct session *s)
{
	bool old = false;
	u32 n;

	for (n = 0; n < INJECT_BLOCKS; n++) {
		if (is_old(s, n) && is_new(s, n))
			continue;
		if (!is_old(s, n) && !is_new(s, n))
			return "a block is neither the old nor the new one";
		if (old && is_new(s, n))
			return "a block is new behind an old one";
		old |= is_old(s, n);
	}
	return NULL;
}

static const char *judge_state(struct session *s)
{
	const struct rpmb_model_state *is = &s->rig.model->state;
	const struct rpmb_model_state *was = &s->began.state;

	if (is->key_set != was->key_set && is->key_set != s->after.state.key_set)
		return "the key is lost";
	if (is->key_set && memcmp(is->key, s->after.state.key, sizeof(is->key)))
		return "the key is another";
	if (is->counter < was->counter)
		return "the counter went down";
	if (is->counter - was->counter > s->op->most)
		return "more writes than there is a reason for";
	if (s->rig.model->keys_seen > 1)
		return "the key was sent twice";
	return NULL;
}

/* Behind the blocks that are said to be done: has any changed? */
static bool any_changed(struct session *s, u32 from)
{
	return memcmp(s->rig.model->store.data + from * RPMB_BLOCK_SIZE,
		      s->began.data + from * RPMB_BLOCK_SIZE,
		      (INJECT_BLOCKS - from) * RPMB_BLOCK_SIZE);
}

static bool all_new(struct session *s, u32 from, u32 to)
{
	u32 n;

	for (n = from; n < to; n++)
		if (!is_new(s, n))
			return false;
	return true;
}

/* Is it true what is said of an operation that failed? */
static const char *judge_words(struct session *s, const struct outcome *o)
{
	const struct rpmb_reason *r = rpmb_reason_verb(o->ret, o->st.fault);
	u32 rest = s->rig.from + o->done;

	if (!all_new(s, s->rig.from, rest))
		return "blocks are said to be written";
	if ((o->untouched || o->unchanged) && any_changed(s, rest))
		return "nothing is said to have changed";
	if (o->untouched && o->changes && !o->done)
		return "nothing is said to have been sent";
	if (o->untouched && s->began.state.key_set !=
	    s->rig.model->state.key_set)
		return "the device is said to be untouched, and has a key";
	if (!s->op->own_words && o->st.state == RPMB_STATE_CHANGED &&
	    !all_new(s, 0, INJECT_BLOCKS) && !o->done)
		return "it is said to be done";
	/* boot policy has words of its own for a token that is used up */
	if (!s->op->own_words && !r->err && !r->fault &&
	    o->ret != -EKEYEXPIRED)
		return "there are no words for this error";
	return NULL;
}

static const char *judge(struct session *s, const struct outcome *o)
{
	const char *what = judge_blocks(s);

	if (!what)
		what = judge_state(s);
	if (!what && s->rig.lie)
		what = s->rig.lie;
	if (!what && s->op->is_read && tap.changes)
		what = "a write, where nothing is written";
	if (!what && o->ret)
		what = judge_words(s, o);
	if (!what && !o->ret && !all_new(s, 0, INJECT_BLOCKS))
		what = "a success, and it is not there";
	if (!what && !o->ret &&
	    s->after.state.key_set != s->rig.model->state.key_set)
		what = "a success, and there is no key";
	return what;
}

/* What a fault may be called, as bits of enum rpmb_fault */
static u32 right_words(enum rpmb_tap_fault fault)
{
	switch (fault) {
	case RPMB_TAP_REFUSE:
		/* without a key the refusal is not signed */
		return BIT(RPMB_FAULT_RESULT) | BIT(RPMB_FAULT_MAC);
	case RPMB_TAP_REPLAY:
	case RPMB_TAP_SAYS_NONCE:
		return BIT(RPMB_FAULT_NONCE);
	case RPMB_TAP_OTHER:
	case RPMB_TAP_ZERO:
	case RPMB_TAP_ONES:
	case RPMB_TAP_BIT_TYPE:
	case RPMB_TAP_SAYS_TYPE:
		return BIT(RPMB_FAULT_TYPE);
	case RPMB_TAP_BIT_STUFF:
		return 0;
	case RPMB_TAP_BIT_RESULT:
		/* of an answer to a key, which nobody signs */
		return BIT(RPMB_FAULT_MAC) | BIT(RPMB_FAULT_RESULT);
	case RPMB_TAP_SAYS_COUNTER:
		return BIT(RPMB_FAULT_COUNTER) | BIT(RPMB_FAULT_RESULT);
	case RPMB_TAP_SAYS_ADDRESS:
		return BIT(RPMB_FAULT_ADDRESS);
	case RPMB_TAP_SAYS_COUNT:
		return BIT(RPMB_FAULT_COUNT);
	case RPMB_TAP_SAYS_NO_KEY:
		return BIT(RPMB_FAULT_RESULT);
	default:
		return fault >= RPMB_TAP_BIT_STUFF ? BIT(RPMB_FAULT_MAC) :
						     BIT(RPMB_FAULT_LINK);
	}
}

/* The library gets over a fault that strikes once, but for these */
static bool is_harmless(struct session *s, const struct injection *in)
{
	enum rpmb_tap_fault fault = in->strike[0].fault;

	/* whether a key was stored is a question for the next power-up */
	if (in->strike[0].for_good || s->op->blank)
		return false;
	if (in->native)
		return !s->rig.bus->gives_up;
	/* a device without a key is not asked again, and neither is a liar */
	return fault > RPMB_TAP_CUT_AFTER && fault != RPMB_TAP_SAYS_NO_KEY &&
	       fault != RPMB_TAP_SAYS_COUNTER;
}

/* Of a single fault: was it called by its name, and was it necessary to fail? */
static const char *judge_single(struct session *s, const struct outcome *o,
				const struct injection *in)
{
	u32 words = in->native ? BIT(RPMB_FAULT_LINK) :
				 right_words(in->strike[0].fault);

	if (!o->ret || in->strike[1].fault)
		return NULL;
	if (is_harmless(s, in))
		return "it fails from what strikes once";
	/* a token that is for another counter is no fault of the device */
	if (o->ret != -EKEYEXPIRED && !(words & BIT(o->st.fault)))
		return "the fault has another name";
	return NULL;
}

/* After a reboot, without a fault: it finishes, and a token does so once */
static const char *judge_again(struct session *s, const struct outcome *first,
			       const struct outcome *again)
{
	if (again->ret && again->ret != s->op->again)
		return "it does not work again";
	if (s->op->again == -EKEYEXPIRED && !first->ret && !again->ret)
		return "a token worked twice";
	if (s->op->again == -EKEYEXPIRED && again->ret &&
	    s->rig.model->state.counter == s->before.state.counter)
		return "a token is lost";
	if (!all_new(s, 0, INJECT_BLOCKS))
		return "it is not there in the end";
	return NULL;
}

static const char *name_of(const struct injection *in)
{
	return in->native ? in->native->name :
		rpmb_tap_name(in->strike[0].fault);
}

static void arm(struct session *s, const struct injection *in)
{
	struct rpmb_tap_strike strike[RPMB_TAP_STRIKES];

	memcpy(strike, in->strike, sizeof(strike));
	if (in->later)
		strike[1].fault = RPMB_TAP_PASS;
	if (in->native)
		in->native->arm(&s->rig, in->native, strike[0].at,
				strike[0].for_good);
	rpmb_tap_arm(&tap, strike);
}

static bool has_struck(struct session *s, const struct injection *in)
{
	return tap.struck || (in->native &&
			      in->native->seen(&s->rig) > in->strike[0].at);
}

static int inject(struct unit_test_state *uts, struct session *s,
		  const struct injection *in)
{
	struct outcome first, again;
	const char *what;
	bool struck;

	/* what is recorded belongs to the device's past, not to its future */
	tap = s->tap;
	ut_assertok(reboot(uts, s, &s->before));
	arm(s, in);
	run(s, &first);
	struck = has_struck(s, in);
	what = judge(s, &first);
	if (!what)
		what = judge_single(s, &first, in);
	if (s->show && first.ret)
		say("%s | %s | %s | %u | %u | %d | %d | %d\n", s->rig.bus->name,
		    s->op->name, name_of(in), in->strike[0].at,
		    in->strike[0].for_good, first.ret, first.st.fault,
		    first.st.state);
	if (in->later && !what) {
		ut_assertok(reboot(uts, s, NULL));
		rpmb_tap_arm(&tap, (struct rpmb_tap_strike[]){ in->strike[1], {} });
		run(s, &again);
		if (!again.ret || again.ret != s->op->again)
			what = judge(s, &again);
		if (s->op->again == -EKEYEXPIRED && !first.ret && !again.ret)
			what = "a token worked twice";
		if (first.ret && !again.ret)
			first.ret = 0;
	}
	if (!what) {
		ut_assertok(reboot(uts, s, NULL));
		run(s, &again);
		what = s->rig.lie ? s->rig.lie : judge_again(s, &first, &again);
	}
	/* where nothing struck there is nothing to count, but a rule holds there too */
	if (!struck && !what)
		return 0;
	s->injected++;
	s->survived += !what;
	s->healed += !what && !first.ret;
	if (what && s->injected - s->survived <= SHOWN)
		say("%s: %s: %s, exchange %u%s; then %s, exchange %u%s%s: %s (%d, %d)\n",
		    s->rig.bus->name, s->op->name, name_of(in),
		    in->strike[0].at, in->strike[0].for_good ? " and on" : "",
		    rpmb_tap_name(in->strike[1].fault), in->strike[1].at,
		    in->strike[1].for_good ? " and on" : "",
		    in->later ? " after a reboot" : "", what, first.ret,
		    first.st.state);

	return 0;
}

/* The device before and after an operation that nothing disturbs */
static int prepare(struct unit_test_state *uts, struct session *s,
		   const struct inject_op *op)
{
	static const struct inject_image blank;
	struct outcome o;

	s->op = op;
	rpmb_tap_init(&tap);
	ut_assertok(reboot(uts, s, op->blank ? &blank : &s->keyed));
	if (op->prepare)
		ut_assertok(op->prepare(&s->rig));
	/* there must be something to replay */
	if (!op->blank) {
		u32 count;
		u8 block[RPMB_BLOCK_SIZE];

		ut_assertok(rpmb_get_write_count(inject_ref(&s->rig), &count));
		ut_assertok(rpmb_read_blocks(inject_ref(&s->rig), 0, 1, block));
	}
	save(s, &s->before);
	s->rig.counter = s->before.state.counter;
	ut_assertok(reboot(uts, s, NULL));
	s->tap = tap;
	run(s, &o);
	ut_assertok(o.ret);
	ut_assert(!s->rig.lie);
	s->exchanges = tap.exchanges;
	save(s, &s->after);
	ut_assert(s->after.state.counter - s->before.state.counter <= op->most);

	return 0;
}

/* A single fault, if it is its turn */
static int single(struct unit_test_state *uts, struct session *s,
		  const struct inject_native *native,
		  enum rpmb_tap_fault fault, u32 at, bool for_good)
{
	const struct injection in = {
		.native = native,
		.strike[0] = { .fault = fault, .at = at, .for_good = for_good },
	};

	if (s->count++ % s->step)
		return 0;
	return inject(uts, s, &in);
}

static int all_of_tap(struct unit_test_state *uts, struct session *s)
{
	enum rpmb_tap_fault fault;
	u32 at;

	for (fault = RPMB_TAP_PASS + 1; fault < RPMB_TAP_FAULTS; fault++) {
		for (at = 0; at < s->exchanges; at++) {
			ut_assertok(single(uts, s, NULL, fault, at, false));
			if (fault > RPMB_TAP_CUT_AFTER)
				ut_assertok(single(uts, s, NULL, fault, at,
						   true));
		}
	}

	return 0;
}

/* How many events are there where this fault could strike? */
static int count_events(struct unit_test_state *uts, struct session *s,
			const struct inject_native *n, u32 *events)
{
	struct outcome o;

	tap = s->tap;
	ut_assertok(reboot(uts, s, &s->before));
	n->arm(&s->rig, n, NEVER, false);
	run(s, &o);
	ut_assertok(o.ret);
	*events = n->seen(&s->rig);

	return 0;
}

static int all_of_bus(struct unit_test_state *uts, struct session *s)
{
	const struct inject_native *n;
	u32 at, events;

	for (n = s->rig.bus->natives; n->name; n++) {
		ut_assertok(count_events(uts, s, n, &events));
		for (at = 0; at < events; at++) {
			ut_assertok(single(uts, s, n, RPMB_TAP_PASS, at, false));
			ut_assertok(single(uts, s, n, RPMB_TAP_PASS, at, true));
		}
	}

	return 0;
}

static u32 random_below(u32 *seed, u32 n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % n;
}

static void random_strike(struct session *s, u32 *seed,
			  struct rpmb_tap_strike *strike)
{
	strike->fault = 1 + random_below(seed, RPMB_TAP_FAULTS - 1);
	strike->at = random_below(seed, s->exchanges + 4);
	strike->for_good = !random_below(seed, 4);
}

static int pairs(struct unit_test_state *uts, struct session *s, u32 count,
		 u32 *seed)
{
	const struct inject_native *natives = s->rig.bus->natives;
	u32 known = 0;

	while (natives[known].name)
		known++;
	while (count--) {
		struct injection in = { .later = random_below(seed, 2) };

		random_strike(s, seed, &in.strike[0]);
		random_strike(s, seed, &in.strike[1]);
		if (!random_below(seed, 3)) {
			in.native = &natives[random_below(seed, known)];
			in.strike[0].fault = RPMB_TAP_PASS;
		}
		ut_assertok(inject(uts, s, &in));
	}

	return 0;
}

static int begin(struct unit_test_state *uts, struct session *s,
		 const struct inject_bus *bus)
{
	s->step = env_get_ulong("rpmb_faults_step", 10, 1) ?: 1;
	s->show = env_get("rpmb_faults_show");
	ut_assertok(inject_begin(uts, &s->rig, bus, &tap));
	save(s, &s->keyed);

	return 0;
}

static int every(struct unit_test_state *uts, const struct inject_bus *bus)
{
	u32 count = env_get_ulong("rpmb_faults_pairs", 10, 0);
	u32 seed = env_get_ulong("rpmb_faults_seed", 10, 1);
	struct session *s = calloc(1, sizeof(*s));
	u32 injected, survived, healed;
	int i;

	ut_assertnonnull(s);
	ut_assertok(begin(uts, s, bus));
	for (i = 0; i < inject_op_count; i++) {
		injected = s->injected;
		survived = s->survived;
		healed = s->healed;
		ut_assertok(prepare(uts, s, &inject_ops[i]));
		ut_assertok(all_of_tap(uts, s));
		ut_assertok(all_of_bus(uts, s));
		ut_assertok(pairs(uts, s, count / inject_op_count, &seed));
		say("%s: %s: %u exchanges, %u injected, %u survived, %u at once\n",
		    bus->name, inject_ops[i].name, s->exchanges,
		    s->injected - injected, s->survived - survived,
		    s->healed - healed);
	}
	ut_assertok(inject_end(uts, &s->rig));
	injected = s->injected;
	survived = s->survived;
	free(s);
	say("%s: %u injected, %u survived\n", bus->name, injected, survived);
	ut_asserteq(injected, survived);

	return 0;
}

/**
 * struct find - what this has found, and what is right since then
 *
 * @bus:	transport
 * @op:		operation
 * @native:	fault of the transport; NULL: @fault
 * @fault:	fault of the tap
 * @at:		where, and from there on
 */
struct find {
	const struct inject_bus *bus;
	const char *op;
	const char *native;
	enum rpmb_tap_fault fault;
	u32 at;
};

static const struct find finds[] = {
	/* said to be untouched, after a write that used up a counter value */
	{ &inject_sandbox, "new record", NULL, RPMB_TAP_CUT_BEFORE, 4 },
	{ &inject_ufs, "delete record", NULL, RPMB_TAP_LOSE_REPLY, 4 },
	/* "nothing was written", and the new index was there */
	{ &inject_emmc, "rpmb rollback advance", "no answer to a command",
	  RPMB_TAP_PASS, 18 },
	/* "no key was sent", and it was there, proven */
	{ &inject_emmc, "provision", "no answer to a command",
	  RPMB_TAP_PASS, 31 },
};

static int inject_find(struct unit_test_state *uts, struct session *s,
		       const struct find *f)
{
	const struct inject_native *n = f->native ? f->bus->natives : NULL;
	int i = 0;

	while (strcmp(inject_ops[i].name, f->op))
		i++;
	while (n && strcmp(n->name, f->native))
		n++;
	ut_assertok(begin(uts, s, f->bus));
	ut_assertok(prepare(uts, s, &inject_ops[i]));
	ut_assertok(single(uts, s, n, f->fault, f->at, true));
	ut_assertok(inject_end(uts, &s->rig));

	return 0;
}

static int dm_test_rpmb_inject_found(struct unit_test_state *uts)
{
	struct session *s = calloc(1, sizeof(*s));
	int i;

	ut_assertnonnull(s);
	for (i = 0; i < ARRAY_SIZE(finds); i++)
		ut_assertok(inject_find(uts, s, &finds[i]));
	ut_asserteq(ARRAY_SIZE(finds), s->injected);
	ut_asserteq(s->injected, s->survived);
	free(s);

	return 0;
}
DM_TEST(dm_test_rpmb_inject_found, FLAGS & ~UTF_MANUAL);

static int dm_test_rpmb_inject_sandbox_norun(struct unit_test_state *uts)
{
	return every(uts, &inject_sandbox);
}
DM_TEST(dm_test_rpmb_inject_sandbox_norun, FLAGS);

static int dm_test_rpmb_inject_emmc_norun(struct unit_test_state *uts)
{
	return every(uts, &inject_emmc);
}
DM_TEST(dm_test_rpmb_inject_emmc_norun, FLAGS);

static int dm_test_rpmb_inject_ufs_norun(struct unit_test_state *uts)
{
	return every(uts, &inject_ufs);
}
DM_TEST(dm_test_rpmb_inject_ufs_norun, FLAGS);

static int dm_test_rpmb_inject_virtio_norun(struct unit_test_state *uts)
{
	return every(uts, &inject_virtio);
}
DM_TEST(dm_test_rpmb_inject_virtio_norun, FLAGS);
