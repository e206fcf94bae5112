/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpmb-tool: signatures and hashes, by OpenSSL
 */

#ifndef _TOOL_CERT_H
#define _TOOL_CERT_H

#include "tool.h"

/** struct tool_cert - a certificate's public key */
struct tool_cert;

/** struct tool_region - bytes that are signed */
struct tool_region {
	const u8 *data;
	size_t len;
};

/**
 * struct tool_signature - a signature as a FIT has it
 *
 * @algo:	such as "sha256,rsa2048"
 * @padding:	that of RSA; NULL: PKCS #1 1.5
 * @value:	the signature
 * @len:	bytes of it
 * @region:	what is signed, in order
 * @count:	number of regions
 */
struct tool_signature {
	const char *algo;
	const char *padding;
	const u8 *value;
	size_t len;
	const struct tool_region *region;
	int count;
};

/** tool_cert_open() - read a certificate or public key, in PEM */
int tool_cert_open(const char *path, struct tool_cert **cert);

/** tool_cert_close() - forget it */
void tool_cert_close(struct tool_cert *cert);

/** tool_cert_verify() - Return: NULL, or what is wrong with the signature */
const char *tool_cert_verify(struct tool_cert *cert,
			     const struct tool_signature *s);

#define TOOL_DIGEST	64	/* bytes of the longest one */

/** tool_cert_digest() - Return: bytes of a digest, 0 if its name is not known */
int tool_cert_digest(const char *algo, const void *data, size_t len,
		     u8 digest[TOOL_DIGEST]);

#endif /* _TOOL_CERT_H */
