// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: carry out a signed manifest
 *
 * Whatever can be refused is refused before any device is changed. Only an
 * authenticated read proves what a device has done, never its result code.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <rpmb-policy.h>
#include <rpmb-provision.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include <rpmb/manifest.h>
#include "provision-internal.h"

/**
 * struct job - a device of the manifest, and what is known of it
 *
 * @want:	what the manifest says
 * @dev:	the device
 * @descr:	its facts
 * @kcv:	check value of its key
 * @holds_key:	it holds the key, proven
 * @changed:	something was done to it
 * @has_counter: @counter is known
 * @counter:	its write counter
 */
struct job {
	struct rpmb_manifest_device want;
	struct udevice *dev;
	const struct rpmb_target_descr *descr;
	u8 kcv[RPMB_KCV_SIZE];
	bool has_kcv;
	bool holds_key;
	bool changed;
	bool has_counter;
	u32 counter;
};

/**
 * struct provision - a manifest under way
 *
 * @m:		manifest
 * @jobs:	one for each device of it
 * @report:	who is told
 */
struct provision {
	struct rpmb_manifest m;
	struct job *jobs;
	rpmb_provision_report_t report;
};

static struct rpmb_ref ref_of(const struct job *job)
{
	return rpmb_ref(job->dev, job->want.target, job->want.key_id);
}

/* Report a decision about a device, or about all if @job is NULL */
static void tell(struct provision *p, const struct job *job, const char *step,
		 const char *result, const char *say)
{
	struct rpmb_provision_line line = {
		.step = step,
		.result = result,
		.say = say,
		.batch = p->m.batch,
	};

	if (job) {
		line.target = job->want.target;
		line.keyid = job->want.key_id;
		line.kcv = job->has_kcv ? job->kcv : NULL;
		line.has_counter = job->has_counter;
		line.counter = job->counter;
	}
	if (job && job->dev) {
		line.dev = job->dev->name;
		line.id = job->descr->dev_id;
		line.id_len = job->descr->dev_id_len;
	} else if (job) {
		/* it was not found: report what the manifest says */
		line.dev = job->want.name;
		line.id = job->want.id;
		line.id_len = job->want.id_len;
	}
	p->report(&line);
}

static int judge(struct provision *p, const struct job *job, const char *step,
		 const struct rpmb_verdict *v, int err)
{
	tell(p, job, step, v->result, v->say);
	return err;
}

static int check_board(struct provision *p)
{
	if (!rpmb_gate_is_open()) {
		tell(p, NULL, RPMB_STEP_BOARD, RPMB_REFUSED_CLOSED,
		     *rpmb_gate_why_closed() ?
		     "this board is closed, for want of a hook board_rpmb_is_open(): no key may travel on its buses" :
		     "this board is closed: no key may travel on its buses");
		return -EPERM;
	}
	if (rpmb_is_ratcheted()) {
		tell(p, NULL, RPMB_STEP_BOARD, RPMB_REFUSED_RATCHET,
		     "the boot ratchet has turned: reset, then provision first");
		return -EKEYREVOKED;
	}
	tell(p, NULL, RPMB_STEP_BOARD, RPMB_RESULT_OK, NULL);
	return 0;
}

/* Return: true if this entry of the manifest is about this device */
static bool is_about(struct provision *p, const struct job *job,
		     struct udevice *dev)
{
	const struct rpmb_descr *descr = rpmb_get_descr(dev);
	struct rpmb_manifest_device found;
	struct rpmb_target_id t;

	if (!descr->target[job->want.target].capacity)
		return false;
	rpmb_get_target_id(dev, job->want.target, &t);
	return !rpmb_manifest_match(&p->m, &t, &found) &&
		found.name == job->want.name;
}

/* A TEE would fail at its next write, so the device is left alone */
static int check_tee(struct provision *p, const struct job *job)
{
	int ret = rpmb_gate_change(job->dev, job->want.target);

	if (ret)
		tell(p, job, RPMB_STEP_MATCH, RPMB_REFUSED_TEE,
		     "a TEE uses this device: reset, and provision before the TEE is asked for anything");
	else
		tell(p, job, RPMB_STEP_MATCH, RPMB_RESULT_OK, NULL);
	return ret;
}

/* The identifier decides, never the order. If two devices fit, refuse */
static int match(struct provision *p, struct job *job)
{
	struct udevice *dev;
	struct uclass *uc;
	int count = 0;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) { /* LCOV_EXCL_BR_LINE: the class is there */
		if (device_probe(dev) || !is_about(p, job, dev))
			continue;
		job->dev = dev;
		job->descr = &rpmb_get_descr(dev)->target[job->want.target];
		count++;
	}
	if (count == 1)
		return check_tee(p, job);
	job->dev = NULL;
	tell(p, job, RPMB_STEP_MATCH,
	     count ? RPMB_REFUSED_AMBIGUOUS : RPMB_REFUSED_NOT_FOUND,
	     count ? "more than one device fits; the manifest must name it by its id" :
	     "no device of this board fits; 'rpmb list' shows what is there");
	return -ENODEV;
}

/* With another key than the policy asks for the board would never boot */
static int check_policy(struct provision *p, const struct job *job)
{
	struct rpmb_policy policy;

	if (rpmb_node_get(&policy) || strcmp(policy.name, job->dev->name) ||
	    policy.target != job->want.target ||
	    policy.keyid == job->want.key_id)
		return 0;
	tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_POLICY_KEY,
	     "the rollback policy of this U-Boot's control FDT has another key id for this device: with this key nothing would boot");
	return -EKEYREJECTED;
}

static int check_key(struct provision *p, struct job *job)
{
	int ret;

	ret = rpmb_key_check_final(job->want.key_id);
	if (!ret)
		ret = rpmb_key_check_value(ref_of(job), job->kcv);
	if (ret)
		return judge(p, job, RPMB_STEP_KEY, rpmb_verdict_key(ret), ret);
	job->has_kcv = true;
	if (job->want.check_value &&
	    memcmp(job->want.check_value, job->kcv, RPMB_KCV_SIZE)) {
		tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_CHECK_VALUE,
		     "this board makes another key than the manifest expects: another board, or another unique key");
		return -EKEYREJECTED;
	}
	tell(p, job, RPMB_STEP_KEY, RPMB_RESULT_OK, NULL);
	return 0;
}

static int read_counter(struct job *job)
{
	int ret;

	ret = rpmb_get_write_count(ref_of(job), &job->counter);
	job->has_counter = !ret;
	return ret;
}

/* "No key" is not signed: a hint. That the device holds the key is proven */
static int check_blank(struct provision *p, struct job *job)
{
	const struct rpmb_status *st;
	int ret;

	ret = read_counter(job);
	st = rpmb_get_status(job->dev, job->want.target);
	if (!ret) {
		job->holds_key = true;
		tell(p, job, RPMB_STEP_BLANK, RPMB_RESULT_NOOP,
		     "the device holds this key already, proven by an authenticated counter read");
		return 0;
	}
	/* a failure that is not signed says nothing about the key */
	if (ret == -EBADMSG && st->has_result)
		ret = -EIO;
	if (ret == -ENOKEY)
		ret = rpmb_program_check(ref_of(job));
	if (ret && st->fault == RPMB_FAULT_RNG)
		ret = -EUNATCH;
	if (!ret) {
		tell(p, job, RPMB_STEP_BLANK, RPMB_RESULT_OK, NULL);
		return 0;
	}
	return judge(p, job, RPMB_STEP_BLANK, rpmb_verdict_blank(ret), ret);
}

/* Of two targets with the same key, replies of one pass for the other's */
static int check_twice(struct provision *p, struct job *job)
{
	struct job *other;

	for (other = p->jobs; other < job; other++) {
		if (memcmp(other->kcv, job->kcv, RPMB_KCV_SIZE))
			continue;
		tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_KEY_TWICE,
		     "an earlier device of the manifest gets the same key; each needs one of its own");
		return -EEXIST;
	}
	return 0;
}

/* Program no key if the device has no room for its indexes */
static int check_room(struct provision *p, struct job *job)
{
	int ret;

	if (!job->want.nindexes)
		return 0;
	ret = rpmb_index_room(job->dev, job->want.target);
	if (ret)
		tell(p, job, RPMB_STEP_RECORD, RPMB_REFUSED_NO_ROOM,
		     "the device has no room for rollback indexes, see CONFIG_RPMB_ROLLBACK_START");
	return ret;
}

/* Everything that can be refused is refused here, for all devices */
static int check_all(struct provision *p)
{
	int i, ret;

	for (i = 0; i < p->m.devices; i++) {
		struct job *job = &p->jobs[i];

		ret = rpmb_manifest_device(&p->m, i, &job->want);
		if (!ret) /* LCOV_EXCL_BR_LINE: the manifest was looked through when opened */
			ret = match(p, job);
		if (!ret)
			ret = check_policy(p, job);
		if (!ret)
			ret = check_key(p, job);
		if (!ret)
			ret = check_twice(p, job);
		if (!ret)
			ret = check_room(p, job);
		if (!ret)
			ret = check_blank(p, job);
		if (ret)
			return ret;
	}
	return 0;
}

static int program(struct provision *p, struct job *job)
{
	const struct rpmb_status *st;
	int ret;

	if (job->holds_key) {
		tell(p, job, RPMB_STEP_PROGRAM, RPMB_RESULT_NOOP, NULL);
		return 0;
	}
	ret = rpmb_program_key(ref_of(job));
	if (ret && ret != -EALREADY) {
		st = rpmb_get_status(job->dev, job->want.target);
		return judge(p, job, RPMB_STEP_PROGRAM,
			     rpmb_verdict_program(ret, st->state), ret);
	}
	job->changed = true;
	tell(p, job, RPMB_STEP_PROGRAM, RPMB_RESULT_OK, NULL);
	return 0;
}

static int prove(struct provision *p, struct job *job)
{
	int ret = read_counter(job);

	if (ret)
		return judge(p, job, RPMB_STEP_PROVE, rpmb_verdict_prove(ret),
			     ret);
	tell(p, job, RPMB_STEP_PROVE, RPMB_RESULT_OK, NULL);
	return 0;
}

/* What a manifest wants of a block of indexes, where it is more than is stored */
static int collect(const struct job *job, u32 first, struct rpmb_raise *raise)
{
	u64 stored[RPMB_INDEX_BLOCK], index;
	int i, ret = 0, count = 0;
	u32 loc;

	for (i = 0; i < job->want.nindexes; i++) {
		rpmb_manifest_index(&job->want, i, &loc, &index);
		if (!rpmb_index_in_block(loc, first))
			continue;
		/* asked once, and only if the manifest wants something of it */
		if (!ret)
			ret = rpmb_index_get_block(ref_of(job), first, stored);
		if (ret < 0)
			return ret;
		if (stored[loc - first] == RPMB_INDEX_NONE ||
		    stored[loc - first] < index)
			raise[count++] = (struct rpmb_raise){ loc, index };
	}
	return count;
}

/* Raise or fill in, never lower. Return: 1 done, 0 nothing to do */
static int raise_block(struct job *job, u32 first)
{
	struct rpmb_raise raise[RPMB_INDEX_BLOCK];
	int ret, count;

	count = collect(job, first, raise);
	if (count <= 0)
		return count;
	/* the write moves the counter, so the value is no longer known */
	job->has_counter = false;
	ret = rpmb_index_advance_all(ref_of(job), raise, count);
	return ret ? ret : 1;
}

/* Location that each block of indexes begins with */
static const u16 index_blocks[] = { 0x000, 0x010, 0x100, 0x200 };

static int raise_all(struct job *job, bool *changed)
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(index_blocks); i++) {
		ret = raise_block(job, index_blocks[i]);
		if (ret < 0)
			return ret;
		*changed |= ret;
	}
	return 0;
}

static int record(struct provision *p, struct job *job)
{
	bool changed = false;
	int ret;

	ret = raise_all(job, &changed);
	job->changed |= changed;
	if (!ret && changed)
		ret = read_counter(job);
	if (ret)
		return judge(p, job, RPMB_STEP_RECORD, rpmb_verdict_record(ret),
			     ret);
	tell(p, job, RPMB_STEP_RECORD, changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
	return 0;
}

static int change_all(struct provision *p)
{
	bool changed = false;
	int i, ret;

	for (i = 0; i < p->m.devices; i++) {
		struct job *job = &p->jobs[i];

		ret = program(p, job);
		if (!ret)
			ret = prove(p, job);
		if (!ret)
			ret = record(p, job);
		if (ret)
			return ret;
		changed |= job->changed;
		tell(p, job, RPMB_STEP_DONE, job->changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
	}
	tell(p, NULL, RPMB_STEP_DONE, changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
	return 0;
}

static int open_manifest(struct provision *p, const void *manifest, size_t size)
{
	struct rpmb_tree_fault fault;
	int ret;

	ret = rpmb_manifest_open(&p->m, manifest, size, &fault);
	if (!ret) {
		tell(p, NULL, RPMB_STEP_VERIFY, RPMB_RESULT_OK, NULL);
		return 0;
	}
	p->m.batch = NULL;
	printf("rpmb provision: node '%s'%s%s: %s\n", fault.node,
	       fault.prop ? ", property " : "", fault.prop ?: "", fault.why);
	tell(p, NULL, RPMB_STEP_VERIFY, RPMB_REFUSED_MANIFEST,
	     "the manifest is signed, but cannot be understood");
	return -EINVAL;
}

/* Return: above 0 an index would be raised, 0 none would; -errno */
static int would_raise(const struct job *job)
{
	struct rpmb_raise raise[RPMB_INDEX_BLOCK];
	int i, count = 0;

	for (i = 0; i < ARRAY_SIZE(index_blocks) && !count; i++)
		count = collect(job, index_blocks[i], raise);
	return count;
}

/* Say what a run would do. Without the key there are no indexes to look at */
static int foretell(struct provision *p)
{
	bool program = false, raise = false;
	struct job *job;
	int ret;

	for (job = p->jobs; job < p->jobs + p->m.devices; job++) {
		ret = job->holds_key ? would_raise(job) : 0;
		if (ret < 0)
			return judge(p, job, RPMB_STEP_RECORD,
				     rpmb_verdict_record(ret), ret);
		program |= !job->holds_key;
		raise |= ret;
	}
	tell(p, NULL, RPMB_STEP_DONE, RPMB_RESULT_DRY_RUN,
	     program ? "a key would be programmed" :
	     raise ? "no key would be programmed, each device holds its own already; indexes would be raised" :
	     "nothing would be done: each device holds its key and its indexes already");
	return 0;
}

static int run(struct provision *p, bool dry_run)
{
	int ret;

	ret = check_board(p);
	if (ret)
		return ret;
	/* a device that could not be looked for might fit as well */
	ret = rpmb_scan();
	if (ret < 0) {
		tell(p, NULL, RPMB_STEP_MATCH, RPMB_REFUSED_SCAN,
		     "not all devices could be looked for; see 'rpmb list'");
		return ret;
	}
	p->jobs = calloc(p->m.devices, sizeof(*p->jobs));
	if (!p->jobs) {
		tell(p, NULL, RPMB_STEP_MATCH, RPMB_REFUSED_NO_MEMORY, "out of memory");
		return -ENOMEM;
	}
	ret = check_all(p);
	if (!ret)
		ret = dry_run ? foretell(p) : change_all(p);
	free(p->jobs);
	return ret;
}

int rpmb_provision(const void *manifest, size_t size, bool dry_run,
		   rpmb_provision_report_t report)
{
	struct provision p = { .report = report };
	int ret;

	ret = open_manifest(&p, manifest, size);
	if (ret)
		return ret;
	ret = run(&p, dry_run);
	/* boot policy may have read the old ones, or that there are none */
	if (IS_ENABLED(CONFIG_RPMB_ROLLBACK_POLICY) && !dry_run)
		rpmb_policy_forget();
	return ret;
}
