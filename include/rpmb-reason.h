/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What errors mean to a person: what was wrong, what to do
 */

#ifndef _RPMB_REASON_H
#define _RPMB_REASON_H

#include <rpmb.h>

/**
 * struct rpmb_reason - what an error means to a person
 *
 * There is one of them, which the next call of any function below overwrites.
 *
 * @err:	errno, 0 for any
 * @fault:	fault, RPMB_FAULT_NONE for any
 * @what:	what was wrong
 * @state:	what is known of the device; NULL if its status tells
 * @advice:	what to do, NULL if there is nothing to say
 */
struct rpmb_reason {
	int err;
	enum rpmb_fault fault;
	const char *what;
	const char *state;
	const char *advice;
};

/**
 * rpmb_reason_verb() - what an error of an operation of the uclass means
 *
 * @err:	what the operation returned
 * @fault:	fault of rpmb_get_status()
 * Return: the reason; there is always one
 */
const struct rpmb_reason *rpmb_reason_verb(int err, enum rpmb_fault fault);

/**
 * rpmb_reason_stored() - why an index or record cannot be had, or is too low
 *
 * @err:	-errno of rpmb_policy_index(), rpmb_policy_check() or
 *		rpmb_record_read_all()
 * Return: the reason; there is always one
 */
const struct rpmb_reason *rpmb_reason_stored(int err);

/**
 * rpmb_reason_written() - why an index or record is not stored
 *
 * @err:	-errno of rpmb_policy_advance() or rpmb_record_write(); -EPERM the
 *		board is closed, -E2BIG the index is none
 * Return: the reason; there is always one
 */
const struct rpmb_reason *rpmb_reason_written(int err);

/**
 * rpmb_reason_ab() - why Android's A/B metadata cannot be used
 *
 * @err:	-errno of rpmb_ab_parse() or rpmb_ab_read()
 * Return: the reason; there is always one
 */
const struct rpmb_reason *rpmb_reason_ab(int err);

#endif /* _RPMB_REASON_H */
