/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of factory provisioning share
 */

#ifndef _RPMB_PROVISION_INTERNAL_H
#define _RPMB_PROVISION_INTERNAL_H

#include <rpmb-provision.h>
#include <rpmb.h>
#include <rpmb/line.h>
#include <rpmb/manifest.h>

/**
 * struct rpmb_verdict - what an error means to a station
 *
 * @err:	error, 0 for any other
 * @result:	word for it, which ends the line's result
 * @say:	the same for people, and what to do
 */
struct rpmb_verdict {
	int err;
	const char *result;
	const char *say;
};

/* What an error means in a step of provisioning */
const struct rpmb_verdict *rpmb_verdict_key(int err);
const struct rpmb_verdict *rpmb_verdict_blank(int err);
const struct rpmb_verdict *rpmb_verdict_prove(int err);
const struct rpmb_verdict *rpmb_verdict_record(int err);

/** rpmb_verdict_program() - the same; @state tells whether the key was sent */
const struct rpmb_verdict *rpmb_verdict_program(int err, enum rpmb_state state);

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

static inline struct rpmb_ref rpmb_provision_ref(const struct job *job)
{
	return rpmb_ref(job->dev, job->want.target, job->want.key_id);
}

/** rpmb_provision_tell() - report a decision about a device, or all if @job is NULL */
void rpmb_provision_tell(struct provision *p, const struct job *job,
			 const char *step, const char *result, const char *say);

/** rpmb_provision_judge() - report what an error means. Return: @err */
int rpmb_provision_judge(struct provision *p, const struct job *job,
			 const char *step, const struct rpmb_verdict *v, int err);

/** rpmb_provision_counter() - read a device's counter, proven. Return: 0 or -errno */
int rpmb_provision_counter(struct job *job);

/**
 * rpmb_provision_check_board() - may this board be provisioned now?
 *
 * Return: 0; -EPERM it is closed; -EKEYREVOKED the boot ratchet has turned
 */
int rpmb_provision_check_board(struct provision *p);

/**
 * rpmb_provision_check_devices() - find the devices, and refuse what can be refused
 *
 * Changes no device.
 *
 * Return: 0, and each job has its device; else why not, as rpmb_provision()
 */
int rpmb_provision_check_devices(struct provision *p);

#endif /* _RPMB_PROVISION_INTERNAL_H */
