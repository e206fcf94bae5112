/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What errors mean to a person: what was wrong, what to do
 */

#ifndef _RPMB_REASON_H
#define _RPMB_REASON_H

#include <rpmb.h>

/**
 * enum rpmb_fit_reason - why a FIT is refused, before its index is looked at
 *
 * SPL has those up to %RPMB_FIT_LAST_IN_SPL, too. With
 * CONFIG_SPL_RPMB_SHORT_MESSAGES it prints their numbers, and people look them up
 * in the documents of their release. So a reason must keep its number.
 *
 * @RPMB_FIT_NO_KEY:	the control FDT requires no key for configurations
 * @RPMB_FIT_NO_INDEX:	the configuration has no index
 * @RPMB_FIT_NO_LOCATION: there is no such location, or it is not for this phase
 * @RPMB_FIT_NO_NUMBER:	its index is no number
 * @RPMB_FIT_TOO_LARGE:	larger than CONFIG_SPL_RPMB_FIT_MAX_SIZE
 * @RPMB_FIT_NO_DATA:	an image without data
 * @RPMB_FIT_NO_FIT:	SPL finds no FIT
 * @RPMB_FIT_LEFT_OUT:	an image was not loaded
 * @RPMB_FIT_WEAK_HASH:	an image without a strong hash
 * @RPMB_FIT_TOO_MANY:	more images than SPL takes
 * @RPMB_FIT_LAST_IN_SPL: the last one that SPL has
 * @RPMB_FIT_NO_VERIFY:	U-Boot was told not to verify signatures
 * @RPMB_FIT_OTHER_TREE: the control FDT was changed since the start
 * @RPMB_FIT_BY_NAME:	an image was asked for, not a configuration
 * @RPMB_FIT_NO_IMAGE:	the configuration names an image that is not there
 * @RPMB_FIT_OUTSIDE:	an image's data are outside of the FIT
 * @RPMB_FIT_CONF_LEFT_OUT: no image of a configuration was loaded
 * @RPMB_FIT_NO_OVERLAY: an overlay cannot be loaded
 * @RPMB_FIT_UNSIGNED_PART: the configuration of an image is not signed
 * @RPMB_FIT_NO_PART:	an image is part of no configuration
 * @RPMB_FIT_UNALIGNED:	the FIT is not at a multiple of 8
 * @RPMB_FIT_TOO_MUCH:	there is more in it than a FIT may have
 * @RPMB_FIT_UNSOUND:	its blocks are damaged
 * @RPMB_FIT_UNSOUND_TREE: a device tree that is no FIT is damaged or huge
 * @RPMB_FIT_OTHER_DATA: commit: data of an image are not those that were signed
 * @RPMB_FIT_OTHER_BOARD: commit: no configuration is for this board
 * @RPMB_FIT_UNSIGNED:	commit: the configuration is not signed
 * @RPMB_FIT_NO_CONF:	commit: there is no such configuration
 * @RPMB_FIT_LOCATIONS:	commit: the images have different locations
 * @RPMB_FIT_NOT_LOADED: commit: there is no FIT in memory
 * @RPMB_FIT_NO_KERNEL:	commit: the configuration has no kernel
 */
enum rpmb_fit_reason {
	RPMB_FIT_NO_KEY		= 1,
	RPMB_FIT_NO_INDEX	= 2,
	RPMB_FIT_NO_LOCATION	= 3,
	RPMB_FIT_NO_NUMBER	= 4,
	RPMB_FIT_TOO_LARGE	= 5,
	RPMB_FIT_NO_DATA	= 6,
	RPMB_FIT_NO_FIT		= 7,
	RPMB_FIT_LEFT_OUT	= 8,
	RPMB_FIT_WEAK_HASH	= 9,
	RPMB_FIT_TOO_MANY	= 10,
	RPMB_FIT_LAST_IN_SPL	= 99,
	RPMB_FIT_NO_VERIFY,
	RPMB_FIT_OTHER_TREE,
	RPMB_FIT_BY_NAME,
	RPMB_FIT_NO_IMAGE,
	RPMB_FIT_OUTSIDE,
	RPMB_FIT_CONF_LEFT_OUT,
	RPMB_FIT_NO_OVERLAY,
	RPMB_FIT_UNSIGNED_PART,
	RPMB_FIT_NO_PART,
	RPMB_FIT_UNALIGNED,
	RPMB_FIT_TOO_MUCH,
	RPMB_FIT_UNSOUND,
	RPMB_FIT_UNSOUND_TREE,
	RPMB_FIT_OTHER_DATA,
	RPMB_FIT_OTHER_BOARD,
	RPMB_FIT_UNSIGNED,
	RPMB_FIT_NO_CONF,
	RPMB_FIT_LOCATIONS,
	RPMB_FIT_NOT_LOADED,
	RPMB_FIT_NO_KERNEL,
};

/**
 * struct rpmb_reason - what an error means to a person
 *
 * The functions below share one of them: the next call overwrites it.
 *
 * @err:	errno, 0 for any; of a FIT enum rpmb_fit_reason
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
 * rpmb_reason_fit() - why a FIT is refused
 *
 * @reason:	why; in SPL one of those that SPL has
 * Return: the reason. Its @state is NULL if the name of an image or of a
 *	configuration is to be printed instead
 */
const struct rpmb_reason *rpmb_reason_fit(enum rpmb_fit_reason reason);

/**
 * rpmb_reason_written() - why an index or record is not stored
 *
 * @err:	-errno of rpmb_policy_advance() or rpmb_record_write(); -EPERM the
 *		board is closed, -E2BIG 2^64 - 1 is no index
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
