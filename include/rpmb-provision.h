/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Factory provisioning: do to the devices what a signed manifest says
 */

#ifndef _RPMB_PROVISION_H
#define _RPMB_PROVISION_H

#include <rpmb.h>

/**
 * struct rpmb_provision_line - a decision, for a station to read
 *
 * @dev:	name of the device, NULL if it is not about one
 * @target:	target, if there is a device
 * @step:	RPMB_STEP_..., see rpmb/line.h
 * @result:	RPMB_RESULT_...
 * @kcv:	check value of the key, NULL if there is none yet
 * @has_counter: @counter is known
 * @counter:	write counter, authenticated
 * @id:		identifier of the device, NULL if it is not about one
 * @id_len:	bytes in @id
 * @keyid:	key, if there is a device
 * @batch:	name of the batch, NULL as long as nothing is verified
 * @say:	the same for people, and what to do; NULL if there is nothing to say
 */
struct rpmb_provision_line {
	const char *dev;
	u8 target;
	const char *step;
	const char *result;
	const u8 *kcv;
	bool has_counter;
	u32 counter;
	const u8 *id;
	u16 id_len;
	rpmb_keyid_t keyid;
	const char *batch;
	const char *say;
};

/**
 * typedef rpmb_provision_report_t - called for each decision, in order
 *
 * @line:	the decision
 */
typedef void (*rpmb_provision_report_t)(const struct rpmb_provision_line *line);

/**
 * rpmb_provision() - do what a manifest says
 *
 * Changes nothing on any device unless all devices of the manifest were found by
 * their identifiers, have a key, and are blank or hold this very key. It is safe
 * to call this again after power was cut at any step.
 *
 * @manifest:	manifest, verified by the caller; 8-byte aligned
 * @size:	bytes of it
 * @dry_run:	stop before anything is changed
 * @report:	called for each decision
 * Return: 0 all is as the manifest says, or would be; -EINVAL the manifest is
 *	not well-formed; -EPERM the board is closed; -EKEYREVOKED the boot
 *	ratchet has turned; -ENODEV a device was not found, or more than one;
 *	-EKEYREJECTED a check value is another, or the policy asks for another
 *	key; -EBADMSG a device holds another key; -EBUSY power must be switched
 *	off and on first; else the error of the step that failed
 */
int rpmb_provision(const void *manifest, size_t size, bool dry_run,
		   rpmb_provision_report_t report);

#endif /* _RPMB_PROVISION_H */
