/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that the linker's --wrap gives to mbedTLS functions, see Makefile
 */

#ifndef _MBEDTLS_WRAP_H
#define _MBEDTLS_WRAP_H

#include <mbedtls/md.h>

int __real_mbedtls_md_setup(mbedtls_md_context_t *ctx,
			    const mbedtls_md_info_t *info, int hmac);
int __wrap_mbedtls_md_setup(mbedtls_md_context_t *ctx,
			    const mbedtls_md_info_t *info, int hmac);
int __real_mbedtls_md_hmac_starts(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len);
int __wrap_mbedtls_md_hmac_starts(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len);
int __real_mbedtls_md_hmac_update(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len);
int __wrap_mbedtls_md_hmac_update(mbedtls_md_context_t *ctx,
				  const unsigned char *buf, size_t len);
int __real_mbedtls_md_hmac_finish(mbedtls_md_context_t *ctx,
				  unsigned char *out);
int __wrap_mbedtls_md_hmac_finish(mbedtls_md_context_t *ctx,
				  unsigned char *out);
void __real_mbedtls_md_free(mbedtls_md_context_t *ctx);
void __wrap_mbedtls_md_free(mbedtls_md_context_t *ctx);

#endif /* _MBEDTLS_WRAP_H */
