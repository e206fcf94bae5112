// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The MAC of a message where there is no OpenSSL: by the model, whose HMAC is
 * held against OpenSSL's where there is one
 */

#include "../model/rpmb_model.h"
#include "host_frame.h"

void host_frame_mac(const u8 key[32], const u8 *frames, size_t count,
		    u8 mac[32])
{
	rpmb_model_hmac(key, frames, count, mac);
}
