// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB frames made by hand
 */

#include <string.h>

#include "host_frame.h"

#define FRAME	512

static void put(u8 *p, u32 val, int bytes)
{
	while (bytes--) {
		p[bytes] = val;
		val >>= 8;
	}
}

static u32 get(const u8 *p, int bytes)
{
	u32 val = 0;

	while (bytes--)
		val = val << 8 | *p++;
	return val;
}

void host_frame_put(u8 raw[512], const struct host_frame *f)
{
	memset(raw, 0, FRAME);
	memcpy(raw + 196, f->mac, 32);
	memcpy(raw + 228, f->data, 256);
	memcpy(raw + 484, f->nonce, 16);
	put(raw + 500, f->counter, 4);
	put(raw + 504, f->addr, 2);
	put(raw + 506, f->count, 2);
	put(raw + 508, f->result, 2);
	put(raw + 510, f->type, 2);
}

void host_frame_get(struct host_frame *f, const u8 raw[512])
{
	memcpy(f->mac, raw + 196, 32);
	memcpy(f->data, raw + 228, 256);
	memcpy(f->nonce, raw + 484, 16);
	f->counter = get(raw + 500, 4);
	f->addr = get(raw + 504, 2);
	f->count = get(raw + 506, 2);
	f->result = get(raw + 508, 2);
	f->type = get(raw + 510, 2);
}

int host_frame_signed(const u8 key[32], const u8 *frames,
		      size_t count)
{
	u8 mac[32];

	host_frame_mac(key, frames, count, mac);
	return !memcmp(mac, frames + (count - 1) * FRAME + 196, 32);
}
