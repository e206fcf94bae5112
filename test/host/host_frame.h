/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RPMB frames made by hand, with OpenSSL's HMAC
 *
 * A third opinion: neither the code of lib/rpmb nor that of the model.
 */

#ifndef _HOST_FRAME_H
#define _HOST_FRAME_H

#include <stddef.h>
#include <rpmb/types.h>

/** struct host_frame - what the fields of a frame say */
struct host_frame {
	u16 type;
	u16 result;
	u16 count;
	u16 addr;
	u32 counter;
	u8 nonce[16];
	u8 data[256];
	u8 mac[32];
};

void host_frame_put(u8 raw[512], const struct host_frame *f);
void host_frame_get(struct host_frame *f, const u8 raw[512]);

/** host_frame_mac() - HMAC-SHA256 over bytes 228 to 511 of each frame */
void host_frame_mac(const u8 key[32], const u8 *frames, size_t count,
		    u8 mac[32]);

/** host_frame_signed() - is the MAC in the last frame right? */
int host_frame_signed(const u8 key[32], const u8 *frames,
		      size_t count);

#endif /* _HOST_FRAME_H */
