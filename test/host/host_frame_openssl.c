// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The MAC of a message, by OpenSSL
 */

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "host_frame.h"

#define FRAME	512
#define SIGNED	284

void host_frame_mac(const u8 key[32], const u8 *frames, size_t count,
		    u8 mac[32])
{
	u8 *msg = malloc(count * SIGNED);
	unsigned int len = 32;
	size_t i;

	for (i = 0; i < count; i++)
		memcpy(msg + i * SIGNED, frames + i * FRAME + 228, SIGNED);
	if (!HMAC(EVP_sha256(), key, 32, msg, count * SIGNED, mac, &len))
		abort();
	free(msg);
}
