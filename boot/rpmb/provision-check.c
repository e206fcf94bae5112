// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: what can be refused
 *
 * All of it is refused here, for all devices, before any of them is changed.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <dm/device-internal.h>
#include "provision-internal.h"

int rpmb_provision_check_board(struct provision *p)
{
	if (!rpmb_gate_is_open()) {
		rpmb_provision_tell(p, NULL, RPMB_STEP_BOARD, RPMB_REFUSED_CLOSED,
				    *rpmb_gate_why_closed() ?
				    "this board is closed, for want of a hook board_rpmb_is_open(): no key may travel on its buses" :
				    "this board is closed: no key may travel on its buses");
		return -EPERM;
	}
	if (rpmb_is_ratcheted()) {
		rpmb_provision_tell(p, NULL, RPMB_STEP_BOARD, RPMB_REFUSED_RATCHET,
				    "the boot ratchet has turned: reset, then provision first");
		return -EKEYREVOKED;
	}
	rpmb_provision_tell(p, NULL, RPMB_STEP_BOARD, RPMB_RESULT_OK, NULL);
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
		rpmb_provision_tell(p, job, RPMB_STEP_MATCH, RPMB_REFUSED_TEE,
				    "a TEE uses this device: reset, and provision before the TEE is asked for anything");
	else
		rpmb_provision_tell(p, job, RPMB_STEP_MATCH, RPMB_RESULT_OK, NULL);
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
	rpmb_provision_tell(p, job, RPMB_STEP_MATCH,
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
	rpmb_provision_tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_POLICY_KEY,
			    "the rollback policy in the control FDT has another key id for this device: nothing would boot");
	return -EKEYREJECTED;
}

static int check_key(struct provision *p, struct job *job)
{
	int ret;

	ret = rpmb_key_check_final(job->want.key_id);
	if (!ret)
		ret = rpmb_key_check_value(rpmb_provision_ref(job), job->kcv);
	if (ret)
		return rpmb_provision_judge(p, job, RPMB_STEP_KEY, RPMB_JUDGED_KEY, ret);
	job->has_kcv = true;
	if (job->want.check_value &&
	    memcmp(job->want.check_value, job->kcv, RPMB_KCV_SIZE)) {
		rpmb_provision_tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_CHECK_VALUE,
				    "this board makes another key than the manifest expects: another board, or another unique key");
		return -EKEYREJECTED;
	}
	rpmb_provision_tell(p, job, RPMB_STEP_KEY, RPMB_RESULT_OK, NULL);
	return 0;
}

int rpmb_provision_counter(struct job *job)
{
	int ret;

	ret = rpmb_get_write_count(rpmb_provision_ref(job), &job->counter);
	job->has_counter = !ret;
	return ret;
}

/* "No key" is not signed: a hint. That the device holds the key is proven */
static int check_blank(struct provision *p, struct job *job)
{
	const struct rpmb_status *st;
	int ret;

	ret = rpmb_provision_counter(job);
	st = rpmb_get_status(job->dev, job->want.target);
	if (!ret) {
		job->holds_key = true;
		rpmb_provision_tell(p, job, RPMB_STEP_BLANK, RPMB_RESULT_NOOP,
				    "the device holds this key already, proven by an authenticated counter read");
		return 0;
	}
	/* a failure that is not signed says nothing about the key */
	if (ret == -EBADMSG && st->has_result)
		ret = -EIO;
	if (ret == -ENOKEY)
		ret = rpmb_program_check(rpmb_provision_ref(job));
	if (ret && st->fault == RPMB_FAULT_RNG)
		ret = -EUNATCH;
	if (!ret) {
		rpmb_provision_tell(p, job, RPMB_STEP_BLANK, RPMB_RESULT_OK, NULL);
		return 0;
	}
	return rpmb_provision_judge(p, job, RPMB_STEP_BLANK, RPMB_JUDGED_BLANK, ret);
}

/* Of two targets with the same key, replies of one pass for the other's */
static int check_twice(struct provision *p, struct job *job)
{
	struct job *other;

	for (other = p->jobs; other < job; other++) {
		if (memcmp(other->kcv, job->kcv, RPMB_KCV_SIZE))
			continue;
		rpmb_provision_tell(p, job, RPMB_STEP_KEY, RPMB_REFUSED_KEY_TWICE,
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
		rpmb_provision_tell(p, job, RPMB_STEP_RECORD, RPMB_REFUSED_NO_ROOM,
				    "the device has no room for rollback indexes, see CONFIG_RPMB_ROLLBACK_START");
	return ret;
}

int rpmb_provision_check_devices(struct provision *p)
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
