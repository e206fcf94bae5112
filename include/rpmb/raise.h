/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rollback index is raised to
 */

#ifndef _RPMB_RAISE_H
#define _RPMB_RAISE_H

#include <rpmb/types.h>

/**
 * struct rpmb_raise - a rollback index that is to be raised
 *
 * @loc:	its location
 * @index:	new value, up to 2^64 - 2
 */
struct rpmb_raise {
	u32 loc;
	u64 index;
};

#endif /* _RPMB_RAISE_H */
