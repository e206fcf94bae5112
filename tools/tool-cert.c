// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: signatures and hashes, by OpenSSL
 */

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tool-cert.h"

#define CERT_MAX	0x10000		/* bytes of a certificate's file */

/* The public key is all that a certificate is for here: boards know no others */
static EVP_PKEY *read_pem(const struct tool_file *file)
{
	BIO *bio = BIO_new_mem_buf(file->data, file->len);
	EVP_PKEY *key = NULL;
	X509 *cert;

	cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	if (cert) {
		key = X509_get_pubkey(cert);
	} else if (bio) {
		BIO_reset(bio);
		key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	}
	X509_free(cert);
	BIO_free(bio);
	return key;
}

int tool_cert_open(const char *path, struct tool_cert **cert)
{
	struct tool_file file;
	EVP_PKEY *key;
	int ret;

	ret = tool_read_file(path, CERT_MAX, &file);
	if (ret)
		return ret;
	key = read_pem(&file);
	tool_free_file(&file);
	if (!key)
		return tool_trouble("%s: no certificate and no public key in PEM",
				    path);
	*cert = (struct tool_cert *)key;
	return 0;
}

void tool_cert_close(struct tool_cert *cert)
{
	EVP_PKEY_free((EVP_PKEY *)cert);
}

/* "sha256,rsa2048" must fit the key, as it must on boards */
static bool fits(EVP_PKEY *key, const char *algo)
{
	static const struct {
		const char *name;
		int type;
		int bits;
	} kinds[] = {
		{ "rsa2048", EVP_PKEY_RSA, 2048 },
		{ "rsa3072", EVP_PKEY_RSA, 3072 },
		{ "rsa4096", EVP_PKEY_RSA, 4096 },
		{ "ecdsa256", EVP_PKEY_EC, 256 },
		{ "ecdsa384", EVP_PKEY_EC, 384 },
		{ "secp521r1", EVP_PKEY_EC, 521 },
	};
	const char *kind = strchr(algo, ',');
	size_t i;

	for (i = 0; kind && i < TOOL_COUNT(kinds); i++)
		if (!strcmp(kind + 1, kinds[i].name))
			return EVP_PKEY_get_base_id(key) == kinds[i].type &&
			       EVP_PKEY_get_bits(key) == kinds[i].bits;
	return false;
}

static const EVP_MD *digest_of(const char *algo)
{
	char name[16];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(algo, ","), algo);
	if (strcmp(name, "sha256") && strcmp(name, "sha384") &&
	    strcmp(name, "sha512"))
		return NULL;
	return EVP_get_digestbyname(name);
}

/* U-Boot has two numbers, one behind the other; OpenSSL wants them in DER */
static int make_der(const struct tool_signature *s, u8 **der)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	size_t half = s->len / 2;
	int len = -1;
	BIGNUM *r, *t;

	r = BN_bin2bn(s->value, half, NULL);
	t = BN_bin2bn(s->value + half, half, NULL);
	if (sig && r && t && ECDSA_SIG_set0(sig, r, t)) {
		len = i2d_ECDSA_SIG(sig, der);
	} else {
		BN_free(r);
		BN_free(t);
	}
	ECDSA_SIG_free(sig);
	return len;
}

static bool set_padding(EVP_PKEY_CTX *ctx, const char *padding)
{
	bool pss = padding && !strcmp(padding, "pss");

	if (padding && !pss && strcmp(padding, "pkcs-1.5"))
		return false;
	if (!pss)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
						RSA_PSS_SALTLEN_AUTO) > 0;
}

static bool verify(EVP_MD_CTX *md, EVP_PKEY *key,
		   const struct tool_signature *s)
{
	bool ec = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
	EVP_PKEY_CTX *ctx;
	u8 *der = NULL;
	bool good;
	int i, len;

	if (!EVP_DigestVerifyInit(md, &ctx, digest_of(s->algo), NULL, key) ||
	    (!ec && !set_padding(ctx, s->padding)))
		return false;
	for (i = 0; i < s->count; i++)
		if (!EVP_DigestVerifyUpdate(md, s->region[i].data,
					    s->region[i].len))
			return false;
	if (!ec)
		return EVP_DigestVerifyFinal(md, s->value, s->len) == 1;
	len = make_der(s, &der);
	good = len > 0 && EVP_DigestVerifyFinal(md, der, len) == 1;
	OPENSSL_free(der);
	return good;
}

const char *tool_cert_verify(struct tool_cert *cert,
			     const struct tool_signature *s)
{
	EVP_PKEY *key = (EVP_PKEY *)cert;
	EVP_MD_CTX *md;
	bool good;

	if (!digest_of(s->algo))
		return "its signature has no SHA-256 or better";
	if (!fits(key, s->algo))
		return "it is signed with a key of another kind";
	md = EVP_MD_CTX_new();
	good = md && verify(md, key, s);
	EVP_MD_CTX_free(md);
	return good ? NULL : "it is not signed with this key, or was changed";
}

int tool_cert_digest(const char *algo, const void *data, size_t len,
		     u8 digest[TOOL_DIGEST])
{
	const EVP_MD *md = EVP_get_digestbyname(algo);

	if (!md || EVP_MD_get_size(md) > TOOL_DIGEST ||
	    !EVP_Digest(data, len, digest, NULL, md, NULL))
		return 0;
	return EVP_MD_get_size(md);
}
