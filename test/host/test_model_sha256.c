// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model's SHA-256 and HMAC against published vectors and OpenSSL
 */

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#include "../model/rpmb_model_sha256.h"
#include "host_test.h"

static void check_sha256(const void *msg, size_t len, const char *hex)
{
	struct rpmb_model_sha256 c;
	u8 got[32], want[32];

	host_test_unhex(want, hex);
	rpmb_model_sha256_init(&c);
	rpmb_model_sha256_update(&c, msg, len);
	rpmb_model_sha256_final(&c, got);
	CHECK_MEM(got, want, sizeof(want));
}

/* FIPS 180-4 examples, and the empty message */
HOST_TEST(model_sha256_vectors)
{
	static const char two[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	static u8 million[1000000];

	check_sha256("", 0,
		     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_sha256("abc", 3,
		     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_sha256(two, strlen(two),
		     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof(million));
	check_sha256(million, sizeof(million),
		     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void hmac(const void *key, size_t key_len, const void *msg, size_t len,
		 u8 out[32])
{
	struct rpmb_model_hmac_ctx c;

	rpmb_model_hmac_init(&c, key, key_len);
	rpmb_model_hmac_update(&c, msg, len);
	rpmb_model_hmac_final(&c, out);
}

static void check_hmac(const void *key, size_t key_len, const char *msg,
		       size_t len, const char *hex)
{
	u8 got[32], want[32];

	host_test_unhex(want, hex);
	hmac(key, key_len, msg, len, got);
	CHECK_MEM(got, want, sizeof(want));
}

/* RFC 4231, test cases 1 to 4 and 6 */
HOST_TEST(model_hmac_vectors)
{
	static const char long_key_msg[] =
		"Test Using Larger Than Block-Size Key - Hash Key First";
	u8 key[131], msg[50];
	int i;

	memset(key, 0x0b, 20);
	check_hmac(key, 20, "Hi There", 8,
		   "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	check_hmac("Jefe", 4, "what do ya want for nothing?", 28,
		   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 20);
	memset(msg, 0xdd, 50);
	check_hmac(key, 20, (char *)msg, 50,
		   "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	for (i = 0; i < 25; i++)
		key[i] = i + 1;
	memset(msg, 0xcd, 50);
	check_hmac(key, 25, (char *)msg, 50,
		   "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	memset(key, 0xaa, 131);
	check_hmac(key, 131, long_key_msg, strlen(long_key_msg),
		   "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* Every length around the block size, and then some, in uneven pieces */
HOST_TEST(model_sha256_openssl)
{
	struct rpmb_model_sha256 c;
	u8 msg[700], got[32], want[32];
	size_t len, cut;

	for (len = 0; len < sizeof(msg); len++) {
		host_test_fill(msg, len);
		cut = len ? host_test_rand() % len : 0;
		rpmb_model_sha256_init(&c);
		rpmb_model_sha256_update(&c, msg, cut);
		rpmb_model_sha256_update(&c, msg + cut, len - cut);
		rpmb_model_sha256_final(&c, got);
		SHA256(msg, len, want);
		CHECK_MEM(got, want, sizeof(want));
	}
}

HOST_TEST(model_hmac_openssl)
{
	u8 key[100], msg[600], got[32], want[32];
	size_t len, key_len;
	int i;

	for (i = 0; i < 500; i++) {
		key_len = 1 + host_test_rand() % sizeof(key);
		len = host_test_rand() % sizeof(msg);
		host_test_fill(key, key_len);
		host_test_fill(msg, len);
		hmac(key, key_len, msg, len, got);
		HMAC(EVP_sha256(), key, key_len, msg, len, want, NULL);
		CHECK_MEM(got, want, sizeof(want));
	}
}
