/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The uclass is not here: policy-internal.h of the fuzzers does without it */

#include <rpmb/types.h>

/* The system's linux/kernel.h has none */
#define max(a, b)	((a) > (b) ? (a) : (b))
