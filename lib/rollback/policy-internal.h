/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the rollback policy share
 */

#ifndef _POLICY_INTERNAL_H
#define _POLICY_INTERNAL_H

#include <rpmb-rollback.h>

/* The hook of the boot ratchet, see drivers/rpmb/rpmb-internal.h */
void rpmb_policy_prepare(bool last_chance);

/**
 * policy_report_warn() - an open board boots without protection: be loud
 *
 * @loc:	location
 * @err:	-ENODATA or -ENOKEY
 */
void policy_report_warn(u32 loc, int err);

/**
 * policy_report_old() - an image is older than what the device holds
 *
 * @loc:	location
 * @index:	the image's
 * @stored:	the device's
 */
void policy_report_old(u32 loc, u64 index, u64 stored);

/**
 * rpmb_fit_get_index() - get the index of a FIT configuration
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @loc:	location
 * @index:	index
 * Return: 0; -ENODATA it has none; -EINVAL it is no number; -ERANGE its
 *	location is none for a FIT
 */
int rpmb_fit_get_index(const void *fit, int conf, u32 *loc, u64 *index);

#endif /* _POLICY_INTERNAL_H */
