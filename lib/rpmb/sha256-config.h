/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mbedTLS's configuration for its SHA-256 alone, see sha256.c
 */

#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER

/* What it takes from its surroundings is not the C library's */
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define mbedtls_platform_zeroize	rpmb_wipe

/* U-Boot's own mbedTLS has these names */
#define mbedtls_internal_sha256_process	rpmb_sha256_process
#define mbedtls_sha256			rpmb_sha256
#define mbedtls_sha256_clone		rpmb_sha256_clone
#define mbedtls_sha256_finish		rpmb_sha256_finish
#define mbedtls_sha256_free		rpmb_sha256_free
#define mbedtls_sha256_init		rpmb_sha256_init
#define mbedtls_sha256_starts		rpmb_sha256_starts
#define mbedtls_sha256_update		rpmb_sha256_update
