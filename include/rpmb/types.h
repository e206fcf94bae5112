/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types, errno and string functions for the freestanding RPMB code
 *
 * lib/rpmb builds in U-Boot and SPL, and on the host for unit tests, fuzzers
 * and proofs. Of its files only this one, rpmb/fdt.h and rpmb/hmac.h include
 * headers of U-Boot, of the C library or of mbedTLS. U-Boot's <stdint.h> is empty,
 * so the types of fixed width are defined here.
 */

#ifndef _RPMB_TYPES_H
#define _RPMB_TYPES_H

#ifdef __UBOOT__

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#ifndef __must_check
#define __must_check	__attribute__((warn_unused_result))
#endif
#ifndef noinline
#define noinline	__attribute__((noinline))
#endif

#endif /* __UBOOT__ */

#endif /* _RPMB_TYPES_H */
