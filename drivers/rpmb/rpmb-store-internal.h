/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the stores share: where the stores are, and how to use them
 */

#ifndef _RPMB_STORE_INTERNAL_H
#define _RPMB_STORE_INTERNAL_H

#include <rpmb-store.h>
#include <rpmb/rollback.h>

#define RPMB_INDEXES_FIRST	CONFIG_RPMB_ROLLBACK_START
#define RPMB_RECORDS_FIRST	(RPMB_INDEXES_FIRST + RPMB_ROLLBACK_BLOCKS)
#define RPMB_STORE_END		(RPMB_RECORDS_FIRST + CONFIG_RPMB_RECORD_BLOCKS)

/**
 * rpmb_stores_begin() - get at the stores of a target
 *
 * @ref:	device, target and key
 * @blocks:	most blocks that are read at once
 * @change:	something will be written: rpmb_gate_change() is asked
 * @st:		its client and key are set
 * Return: 0, then rpmb_stores_end() must follow; -ENOSYS the device has no JEDEC
 *	frames; else as rpmb_op_begin(), but never -ENODATA or -ENOENT
 */
int rpmb_stores_begin(struct rpmb_ref ref, u32 blocks, bool change,
		      struct rpmb_store *st);

/**
 * rpmb_stores_end() - done with the stores of a target
 *
 * @dev:	RPMB device
 * @st:		from rpmb_stores_begin()
 * @ret:	what came of it
 * Return: @ret, or why the device could not be released if @ret is 0
 */
int rpmb_stores_end(struct udevice *dev, const struct rpmb_store *st, int ret);

#endif /* _RPMB_STORE_INTERNAL_H */
