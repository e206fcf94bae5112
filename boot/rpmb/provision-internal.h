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
 * enum rpmb_judged - what has failed
 *
 * @RPMB_JUDGED_KEY:	making the key, or its check value
 * @RPMB_JUDGED_BLANK:	asking the device whether it has a key
 * @RPMB_JUDGED_NOT_SENT: programming, before the key was sent
 * @RPMB_JUDGED_PROGRAM: programming, when it may have been sent
 * @RPMB_JUDGED_PROVE:	proving that the device has the key, also of programming
 * @RPMB_JUDGED_RECORD:	reading or raising indexes
 */
enum rpmb_judged {
	RPMB_JUDGED_KEY,
	RPMB_JUDGED_BLANK,
	RPMB_JUDGED_NOT_SENT,
	RPMB_JUDGED_PROGRAM,
	RPMB_JUDGED_PROVE,
	RPMB_JUDGED_RECORD,
};

/**
 * struct rpmb_verdict - what an error means to a station
 *
 * @result:	word for it, which ends the line's result
 * @say:	the same for people, and what to do
 */
struct rpmb_verdict {
	const char *result;
	const char *say;
};

/** rpmb_verdict_find() - the verdict on an error */
void rpmb_verdict_find(enum rpmb_judged what, int err, struct rpmb_verdict *v);

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
			 const char *step, enum rpmb_judged what, int err);

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
