// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: carry out a signed manifest
 *
 * Whatever can be refused is refused before any device is changed, in
 * provision-check.c. Only an authenticated read proves what a device has done,
 * never its result code.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb-policy.h>
#include <rpmb-store.h>
#include "provision-internal.h"

/*
 * Only if the key was sent is it in doubt whether the device has it. It may even be
 * proven: then the bus has failed after that
 */
static enum rpmb_judged what_failed(const struct job *job, int err)
{
	const struct rpmb_status *st = rpmb_get_status(job->dev, job->want.target);

	if (st->state == RPMB_STATE_UNTOUCHED)
		return RPMB_JUDGED_NOT_SENT;
	return err == -EBADMSG ? RPMB_JUDGED_PROVE : RPMB_JUDGED_PROGRAM;
}

static int program(struct provision *p, struct job *job)
{
	int ret;

	if (job->holds_key) {
		rpmb_provision_tell(p, job, RPMB_STEP_PROGRAM, RPMB_RESULT_NOOP, NULL);
		return 0;
	}
	ret = rpmb_program_key(rpmb_provision_ref(job));
	if (ret && ret != -EALREADY)
		return rpmb_provision_judge(p, job, RPMB_STEP_PROGRAM,
					    what_failed(job, ret), ret);
	job->changed = true;
	rpmb_provision_tell(p, job, RPMB_STEP_PROGRAM, RPMB_RESULT_OK, NULL);
	return 0;
}

static int prove(struct provision *p, struct job *job)
{
	int ret = rpmb_provision_counter(job);

	if (ret)
		return rpmb_provision_judge(p, job, RPMB_STEP_PROVE,
					    RPMB_JUDGED_PROVE, ret);
	rpmb_provision_tell(p, job, RPMB_STEP_PROVE, RPMB_RESULT_OK, NULL);
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
			ret = rpmb_index_get_block(rpmb_provision_ref(job), first, stored);
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
	ret = rpmb_index_advance_all(rpmb_provision_ref(job), raise, count);
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
		ret = rpmb_provision_counter(job);
	if (ret)
		return rpmb_provision_judge(p, job, RPMB_STEP_RECORD,
					    RPMB_JUDGED_RECORD, ret);
	rpmb_provision_tell(p, job, RPMB_STEP_RECORD,
			    changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
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
		rpmb_provision_tell(p, job, RPMB_STEP_DONE,
				    job->changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
	}
	rpmb_provision_tell(p, NULL, RPMB_STEP_DONE,
			    changed ? RPMB_RESULT_OK : RPMB_RESULT_NOOP, NULL);
	return 0;
}

static int open_manifest(struct provision *p, const void *manifest, size_t size)
{
	struct rpmb_tree_fault fault;
	int ret;

	ret = rpmb_manifest_open(&p->m, manifest, size, &fault);
	if (!ret) {
		rpmb_provision_tell(p, NULL, RPMB_STEP_VERIFY, RPMB_RESULT_OK, NULL);
		return 0;
	}
	p->m.batch = NULL;
	printf("rpmb provision: node '%s'%s%s: %s\n", fault.node,
	       fault.prop ? ", property " : "", fault.prop ?: "", fault.why);
	rpmb_provision_tell(p, NULL, RPMB_STEP_VERIFY, RPMB_REFUSED_MANIFEST,
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
			return rpmb_provision_judge(p, job, RPMB_STEP_RECORD,
						    RPMB_JUDGED_RECORD, ret);
		program |= !job->holds_key;
		raise |= ret;
	}
	rpmb_provision_tell(p, NULL, RPMB_STEP_DONE, RPMB_RESULT_DRY_RUN,
			    program ? "a key would be programmed" :
			    raise ? "indexes would be raised; each device holds its key already" :
			    "nothing would be done: each device holds its key and its indexes already");
	return 0;
}

static int run(struct provision *p, bool dry_run)
{
	int ret;

	ret = rpmb_provision_check_board(p);
	if (ret)
		return ret;
	/* a device that could not be looked for might fit as well */
	ret = rpmb_scan();
	if (ret < 0) {
		rpmb_provision_tell(p, NULL, RPMB_STEP_MATCH, RPMB_REFUSED_SCAN,
				    "not all devices could be looked for; see 'rpmb list'");
		return ret;
	}
	p->jobs = calloc(p->m.devices, sizeof(*p->jobs));
	if (!p->jobs) {
		rpmb_provision_tell(p, NULL, RPMB_STEP_MATCH, RPMB_REFUSED_NO_MEMORY,
				    "out of memory");
		return -ENOMEM;
	}
	ret = rpmb_provision_check_devices(p);
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
