/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operating system is told of the rollback check
 *
 * U-Boot's own files include this one: it must need nothing of the stack.
 */

#ifndef _RPMB_HANDOVER_H
#define _RPMB_HANDOVER_H

#include <linux/kconfig.h>

#if CONFIG_IS_ENABLED(RPMB_ROLLBACK_POLICY)
/**
 * rpmb_handover() - describe the rollback check below /chosen
 *
 * See doc/ROLLBACK.md. Nothing is added if the policy is off; if there is no
 * room the operating system is booted all the same.
 *
 * @fdt:	device tree
 * @chosen:	its node /chosen
 */
void rpmb_handover(void *fdt, int chosen);
#else
static inline void rpmb_handover(void *fdt, int chosen)
{
}
#endif

#endif /* _RPMB_HANDOVER_H */
