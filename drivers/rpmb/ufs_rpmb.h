/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _UFS_RPMB_H
#define _UFS_RPMB_H

#include <rpmb.h>
#include "../ufs/ufs.h"

#define UFS_RPMB_WLUN		0xc4	/* also its unit descriptor's index */

/* Room for "MMMM-SSSS-<product>-<serial>-VVVV-DDDD-Rn" */
#define UFS_RPMB_NAME_LEN	(QUERY_DESC_MAX_SIZE / 2)
#define UFS_RPMB_SERIAL_LEN	(QUERY_DESC_MAX_SIZE * 2)
#define UFS_RPMB_ID_LEN		(UFS_RPMB_NAME_LEN + UFS_RPMB_SERIAL_LEN + 32)

/**
 * ufs_rpmb_describe() - fill in the facts of a device, from its descriptors
 *
 * @dev:	RPMB device, a child of the UFS device
 * @id:		identifiers of the regions, which the facts point to
 * Return: 0; -EOPNOTSUPP it is in advanced mode; or -errno of the UFS core
 */
int ufs_rpmb_describe(struct udevice *dev,
		      char id[RPMB_MAX_TARGETS][UFS_RPMB_ID_LEN]);

/**
 * ufs_rpmb_is_there() - has a UFS device an RPMB?
 *
 * @ufs:	UFS device, probed
 * Return: true if its logical unit is enabled and has a size
 */
bool ufs_rpmb_is_there(struct udevice *ufs);

#endif
