// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The comparison of a MAC takes the same time wherever the MACs differ
 *
 * To be run under valgrind. The key is marked as undefined, and so is all that is
 * computed of it. Valgrind complains if a jump or an address depends on that. The
 * verdict alone is public. With an argument the comparison is memcmp(): valgrind
 * must complain.
 */

#include <stdio.h>
#include <valgrind/memcheck.h>
#include <rpmb/mac.h>

static int leaky;

#if RPMB_HMAC_IS_MBEDTLS
int __real_mbedtls_ct_memcmp(const void *a, const void *b, size_t n);
int __wrap_mbedtls_ct_memcmp(const void *a, const void *b, size_t n)
{
	int differ = leaky ? memcmp(a, b, n) : __real_mbedtls_ct_memcmp(a, b, n);

	VALGRIND_MAKE_MEM_DEFINED(&differ, sizeof(differ));
	return differ;
}
#else
int __real_rpmb_hmac_compare(const u8 *one, const u8 *other);
int __wrap_rpmb_hmac_compare(const u8 *one, const u8 *other)
{
	int differ = leaky ? memcmp(one, other, RPMB_HMAC_SIZE) :
			     __real_rpmb_hmac_compare(one, other);

	VALGRIND_MAKE_MEM_DEFINED(&differ, sizeof(differ));
	return differ;
}
#endif

int main(int argc, char **argv)
{
	static struct rpmb_frame frames[2];
	static u8 key[RPMB_KEY_SIZE] = "not a secret, but treated as one";
	struct rpmb_mac mac = {};
	int ret;

	leaky = argc > 1;
	VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof(key));
	ret = rpmb_mac_load(&mac, key);
	if (!ret && rpmb_mac_verify(&mac, frames, 2) != -EBADMSG)
		ret = 1;
	if (!ret)
		ret = rpmb_mac_sign(&mac, frames, 2);
	if (!ret)
		ret = rpmb_mac_verify(&mac, frames, 2);
	rpmb_mac_unload(&mac);
	return ret ? 1 : 0;
}
