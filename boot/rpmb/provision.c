// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: what a signed manifest says is done to the devices
 *
 * What is refused is refused before anything is changed, on any device. What
 * is believed was proven by an authenticated read; a result code of a device
 * never counts.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <rpmb-provision.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include <rpmb/manifest.h>

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

/* Tell a decision about a device, or about all if @job is NULL */
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
		/* it was not found: who was looked for? */
		line.dev = job->want.name;
		line.id = job->want.id;
		line.id_len = job->want.id_len;
	}
	p->report(&line);
}

/**
 * struct verdict - what an error means to a station
 *
 * @err:	error, 0 for any other
 * @result:	word for it
 * @say:	the same for people, and what to do
 */
struct verdict {
	int err;
	const char *result;
	const char *say;
};

/* Ends with the row for all other errors */
static const struct verdict *judge(const struct verdict *v, int err)
{
	while (v->err && v->err != err)
		v++;
	return v;
}

static int check_board(struct provision *p)
{
	if (!rpmb_gate_is_open()) {
		tell(p, NULL, "board", "refused-closed",
		     "this board is closed: no key may travel on its buses");
		return -EPERM;
	}
	if (rpmb_is_ratcheted()) {
		tell(p, NULL, "board", "refused-ratchet",
		     "the boot ratchet has turned: reset, then provision first");
		return -EKEYREVOKED;
	}
	tell(p, NULL, "board", "ok", NULL);
	return 0;
}

/* Which entry of the manifest is about this target of this device? */
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

/* The identifier decides, never the order: two that fit are one too many */
static int match(struct provision *p, struct job *job)
{
	struct udevice *dev;
	struct uclass *uc;
	int count = 0;

	uclass_id_foreach_dev(UCLASS_RPMB, dev, uc) {
		if (device_probe(dev) || !is_about(p, job, dev))
			continue;
		job->dev = dev;
		job->descr = &rpmb_get_descr(dev)->target[job->want.target];
		count++;
	}
	if (count == 1) {
		tell(p, job, "match", "ok", NULL);
		return 0;
	}
	job->dev = NULL;
	tell(p, job, "match", count ? "refused-ambiguous" : "refused-not-found",
	     count ? "more than one device fits; the manifest must name it by its id" :
	     "no device of this board fits; 'rpmb list' shows what is there");
	return -ENODEV;
}

#define AGAIN "switch power off and on, then run the same manifest again"
#define NO_PROOF "the device does not prove the key: " AGAIN

static const struct verdict key_verdicts[] = {
	{ -EKEYREJECTED, "refused-weak-secret",
	  "the secret behind the key is blank, patterned or published" },
	{ -ENOKEY, "refused-no-key", "the key slot is empty" },
	{ -EKEYEXPIRED, "refused-not-final",
	  "the unique key will be another one once this board is closed" },
	{ -ENOSYS, "refused-no-unique-key", "the board has no unique key" },
	{ -EACCES, "refused-no-unique-key", "the unique key is locked" },
	{ -EINVAL, "refused-no-provider", "nobody provides this key id" },
	{ 0, "refused-no-key", "the key cannot be had" },
};

static int check_key(struct provision *p, struct job *job)
{
	const struct verdict *v;
	int ret;

	ret = rpmb_key_check_final(job->want.key_id);
	if (!ret)
		ret = rpmb_key_check_value(ref_of(job), job->kcv);
	if (ret) {
		v = judge(key_verdicts, ret);
		tell(p, job, "key", v->result, v->say);
		return ret;
	}
	job->has_kcv = true;
	if (job->want.check_value &&
	    memcmp(job->want.check_value, job->kcv, RPMB_KCV_SIZE)) {
		tell(p, job, "key", "refused-check-value",
		     "this board makes another key than the manifest expects: another board, or another unique key");
		return -EKEYREJECTED;
	}
	tell(p, job, "key", "ok", NULL);
	return 0;
}

static int read_counter(struct job *job)
{
	int ret;

	ret = rpmb_get_write_count(ref_of(job), &job->counter);
	job->has_counter = !ret;
	return ret;
}

static const struct verdict blank_verdicts[] = {
	{ -EEXIST, "refused-key-in-use",
	  "another target answers to this key; each needs one of its own" },
	{ -EREMOTE, "refused-key-in-doubt",
	  "another device that does not answer may hold this key" },
	{ -EBUSY, "refused-power-cycle",
	  "an attempt has failed since power-up: " AGAIN },
	{ -EBADMSG, "refused-other-key",
	  "the device holds another key, or its reply was forged; it was left alone" },
	{ -ETIMEDOUT, "refused-no-answer", "the device did not answer" },
	{ -EUNATCH, "refused-no-random",
	  "there are no random numbers, so the device was not asked; see 'rng list'" },
	{ 0, "refused-device-error",
	  "the device says neither that it is blank nor that it has the key" },
};

/* "No key" is a hint that nobody can sign; a key that is there is proven */
static int check_blank(struct provision *p, struct job *job)
{
	const struct rpmb_status *st;
	const struct verdict *v;
	int ret;

	ret = read_counter(job);
	st = rpmb_get_status(job->dev, job->want.target);
	if (!ret) {
		job->holds_key = true;
		tell(p, job, "blank", "noop",
		     "the device holds this key already, proven by an authenticated counter read");
		return 0;
	}
	/* a failure that nobody signed tells nothing of a key */
	if (ret == -EBADMSG && st->has_result)
		ret = -EIO;
	if (ret == -ENOKEY)
		ret = rpmb_program_check(ref_of(job));
	if (ret && st->fault == RPMB_FAULT_RNG)
		ret = -EUNATCH;
	if (!ret) {
		tell(p, job, "blank", "ok", NULL);
		return 0;
	}
	v = judge(blank_verdicts, ret);
	tell(p, job, "blank", v->result, v->say);
	return ret;
}

/* What one of two targets with one key has signed passes for the other's */
static int check_twice(struct provision *p, struct job *job)
{
	struct job *other;

	for (other = p->jobs; other < job; other++) {
		if (memcmp(other->kcv, job->kcv, RPMB_KCV_SIZE))
			continue;
		tell(p, job, "key", "refused-key-twice",
		     "an earlier device of the manifest gets the same key; each needs one of its own");
		return -EEXIST;
	}
	return 0;
}

/* A key is not burnt where the indexes that belong to it have no place */
static int check_room(struct provision *p, struct job *job)
{
	int ret;

	if (!job->want.nindexes)
		return 0;
	ret = rpmb_index_room(job->dev, job->want.target);
	if (ret)
		tell(p, job, "record", "refused-no-room",
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
		if (!ret)
			ret = match(p, job);
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

/* Whether the device has the key is in doubt only if it was sent to it */
static const struct verdict program_verdicts[] = {
	{ -EBADMSG, "failed-power-cycle", NO_PROOF },
	{ 0, "failed-power-cycle",
	  "programming failed, or so the device says: " AGAIN },
};

static const struct verdict program_not_sent = {
	0, "refused-not-sent",
	"something has changed since it was checked, and no key was sent; run the same manifest again",
};

static int program(struct provision *p, struct job *job)
{
	const struct verdict *v = &program_not_sent;
	const struct rpmb_status *st;
	int ret;

	if (job->holds_key) {
		tell(p, job, "program", "noop", NULL);
		return 0;
	}
	ret = rpmb_program_key(ref_of(job));
	if (ret && ret != -EALREADY) {
		st = rpmb_get_status(job->dev, job->want.target);
		if (st->state == RPMB_STATE_UNKNOWN)
			v = judge(program_verdicts, ret);
		tell(p, job, "program", v->result, v->say);
		return ret;
	}
	job->changed = true;
	tell(p, job, "program", "ok", NULL);
	return 0;
}

static int prove(struct provision *p, struct job *job)
{
	int ret = read_counter(job);

	tell(p, job, "prove", ret ? "failed-power-cycle" : "ok",
	     ret ? NO_PROOF : NULL);
	return ret;
}

/* Raise it or fill it in, never lower it. Return: 1 done, 0 nothing to do */
static int raise(struct job *job, u32 loc, u64 index)
{
	u64 stored;
	int ret;

	ret = rpmb_index_get(ref_of(job), loc, &stored);
	if (!ret && stored >= index)
		return 0;
	if (ret && ret != -ENODATA)
		return ret;
	/* a write, executed or not: the counter that was read is an old one */
	job->has_counter = false;
	ret = rpmb_index_advance(ref_of(job), loc, index);
	return ret ? ret : 1;
}

static const struct verdict record_verdicts[] = {
	{ -EPROTONOSUPPORT, "failed-later-format",
	  "the device has indexes of a later version; they were left alone" },
	{ -EUCLEAN, "failed-other-data",
	  "the device has other data where the indexes belong; they were left alone" },
	{ 0, "failed-write",
	  "the indexes could not be read or written, or not all of them; run the same manifest again" },
};

static int raise_all(struct job *job, bool *changed)
{
	u64 index;
	u32 loc;
	int i, ret;

	for (i = 0; i < job->want.nindexes; i++) {
		rpmb_manifest_index(&job->want, i, &loc, &index);
		ret = raise(job, loc, index);
		if (ret < 0)
			return ret;
		*changed |= ret;
	}
	return 0;
}

static int record(struct provision *p, struct job *job)
{
	const struct verdict *v;
	bool changed = false;
	int ret;

	ret = raise_all(job, &changed);
	job->changed |= changed;
	if (!ret && changed)
		ret = read_counter(job);
	if (ret) {
		v = judge(record_verdicts, ret);
		tell(p, job, "record", v->result, v->say);
		return ret;
	}
	tell(p, job, "record", changed ? "ok" : "noop", NULL);
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
		tell(p, job, "done", job->changed ? "ok" : "noop", NULL);
	}
	tell(p, NULL, "done", changed ? "ok" : "noop", NULL);
	return 0;
}

static int open_manifest(struct provision *p, const void *manifest, size_t size)
{
	struct rpmb_tree_fault fault;
	int ret;

	ret = rpmb_manifest_open(&p->m, manifest, size, &fault);
	if (!ret) {
		tell(p, NULL, "verify", "ok", NULL);
		return 0;
	}
	p->m.batch = NULL;
	printf("rpmb provision: node '%s'%s%s: %s\n", fault.node,
	       fault.prop ? ", property " : "", fault.prop ?: "", fault.why);
	tell(p, NULL, "verify", "refused-manifest",
	     "the manifest is signed, but cannot be understood");
	return -EINVAL;
}

static int run(struct provision *p, bool dry_run)
{
	int ret;

	ret = check_board(p);
	if (ret)
		return ret;
	/* what was found and cannot be set up might fit as well */
	ret = rpmb_scan();
	if (ret < 0) {
		tell(p, NULL, "match", "refused-scan",
		     "not all devices could be looked for; see 'rpmb list'");
		return ret;
	}
	p->jobs = calloc(p->m.devices, sizeof(*p->jobs));
	if (!p->jobs) {
		tell(p, NULL, "match", "refused-no-memory", "out of memory");
		return -ENOMEM;
	}
	ret = check_all(p);
	if (!ret && dry_run)
		tell(p, NULL, "done", "dry-run", NULL);
	else if (!ret)
		ret = change_all(p);
	free(p->jobs);
	return ret;
}

int rpmb_provision(const void *manifest, size_t size, bool dry_run,
		   rpmb_provision_report_t report)
{
	struct provision p = { .report = report };
	int ret;

	ret = open_manifest(&p, manifest, size);
	return ret ? ret : run(&p, dry_run);
}
