/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mbedTLS as U-Boot configures it for HMAC-SHA256, and nothing else of it
 */

#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
