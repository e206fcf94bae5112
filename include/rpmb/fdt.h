/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door from the freestanding RPMB code to libfdt
 */

#ifndef _RPMB_FDT_H
#define _RPMB_FDT_H

#include <rpmb/types.h>

#ifdef __UBOOT__
#include <linux/libfdt.h>
#else
#include <libfdt.h>
#endif

#endif /* _RPMB_FDT_H */
