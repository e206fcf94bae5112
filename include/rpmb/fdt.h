/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libfdt for the freestanding RPMB code: U-Boot's header, or the host's
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
