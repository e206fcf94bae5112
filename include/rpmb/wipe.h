/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Overwriting secrets
 */

#ifndef _RPMB_WIPE_H
#define _RPMB_WIPE_H

#include <rpmb/types.h>

/**
 * rpmb_wipe() - overwrite a secret; the compiler cannot leave it out
 *
 * @buf:	buffer
 * @len:	bytes
 */
void rpmb_wipe(void *buf, size_t len);

/**
 * rpmb_wipe_stack() - overwrite the 4 KiB of stack below the caller
 *
 * What MAC and hash functions leave there is as secret as the key. This needs as
 * much stack. The compiler can neither inline it nor leave it out.
 */
void rpmb_wipe_stack(void);

#endif /* _RPMB_WIPE_H */
