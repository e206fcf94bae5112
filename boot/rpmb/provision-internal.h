/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of factory provisioning share
 */

#ifndef _RPMB_PROVISION_INTERNAL_H
#define _RPMB_PROVISION_INTERNAL_H

#include <rpmb.h>
#include <rpmb/line.h>

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

#endif /* _RPMB_PROVISION_INTERNAL_H */
