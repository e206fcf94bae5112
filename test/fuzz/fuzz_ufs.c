// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: a guest's registers and requests, into the UFS process
 */

#include <stdlib.h>
#include "../model/ufs_host.h"
#include "fuzz_input.h"

#define SIZE		0x2800
#define UCD		0x400
#define PRDT		0x800
#define DATA		0x1000
#define LU_BLOCKS	2
#define UNITS		1
#define MOST_OPS	24
#define UTRLDBR		0x58
#define UTRLRSR		0x60
#define HCE		0x34
#define UICCMD		0x90

static struct ufs_front front;
static struct ufs_host host;
static struct fuzz_input in;
static u8 regions[UFS_FRONT_REGIONS][UNITS * 512 * RPMB_MODEL_BLOCK];
static u8 lu[LU_BLOCKS * UFS_FRONT_LU_BLOCK];
static u8 *mem;
static u64 time_ms;

static void *dma(void *ctx, u64 addr, u64 len)
{
	return addr <= SIZE && len <= SIZE - addr ? mem + addr : NULL;
}

static u64 now(void *ctx)
{
	return ++time_ms;
}

/* No fault that cuts the power is armed */
static void power_cut(void *ctx)
{
	abort();
}

static void irq(void *ctx, bool level)
{
}

static const struct ufs_host_ops ops = { dma, now, power_cut, irq };

static void begin(u8 how)
{
	u32 i;

	memset(&front, 0, sizeof(front));
	front.regions = how % (UFS_FRONT_REGIONS + 1);
	front.units = UNITS;
	front.rw_frames = 1 + fuzz_pick(&in, 64);
	front.spec_version = how & 0x10 ? 0x0220 : 0x0310;
	front.advanced = how & 0x20;
	front.lu = lu;
	front.lu_blocks = LU_BLOCKS;
	ufs_front_init(&front);
	for (i = 0; i < front.regions; i++) {
		front.region[i].store.data = regions[i];
		front.region[i].state.key_set = how >> 7;
	}
	ufs_front_power_up(&front);
	host = (struct ufs_host){ .front = &front, .ops = &ops,
				  .delay_ms = 4 };
	host.quiet = how & 0x40;
	time_ms = 0;
	ufs_host_reset(&host);
	ufs_host_write(&host, HCE, 1);
	ufs_host_write(&host, UICCMD, 0x16);
	ufs_host_write(&host, UTRLRSR, 1);
	front.attention = 0;
}

/* A SECURITY PROTOCOL command with a frame, likely to be taken */
static void put_frames(u8 *upiu, u8 how)
{
	u32 len = RPMB_MODEL_FRAME * (1 + (how >> 6 & 1));
	bool out = how & 8;

	upiu[0] = 1;
	upiu[1] = out ? 0x20 : 0x40;
	upiu[2] = how & 0x10 ? fuzz_u8(&in) : 0xc4;
	ufs_put_be32(upiu + 12, len);
	upiu[16] = out ? 0xb5 : 0xa2;
	upiu[17] = 0xec;
	upiu[18] = how & 0x20 ? fuzz_u8(&in) : 0;
	upiu[19] = 1;
	ufs_put_be32(upiu + 22, len);
	mem[DATA + 511] = 1 + fuzz_pick(&in, 9);
	fuzz_bytes(&in, mem + DATA + 500, fuzz_pick(&in, 11));
}

/* A transfer request in slot @n and all that it points to */
static void put_request(u32 n, u8 how)
{
	u8 *utrd = mem + n * 32, *upiu = mem + UCD, *prd = mem + PRDT;

	memset(utrd, 0, 32);
	memset(upiu, 0, 32);
	utrd[17] = UCD >> 8;
	utrd[24] = 0x60;
	utrd[26] = 0x80;
	utrd[28] = 2;
	utrd[31] = (PRDT - UCD) / 4 >> 8;
	memset(prd, 0, 32);
	prd[1] = DATA >> 8;
	prd[12] = 0xff;
	prd[13] = 0x01;
	prd[17] = (DATA >> 8) + 2;
	prd[28] = 0xff;
	prd[29] = how & 4 ? fuzz_u8(&in) : 0x0f;
	if (how & 1)
		fuzz_bytes(&in, utrd + 16, 16);
	if (how & 2)
		fuzz_bytes(&in, upiu, 32);
	else
		put_frames(upiu, how);
}

static void arm(void)
{
	static const u8 faults[] = {
		UFS_FRONT_F_NONE, UFS_FRONT_F_DELAY, UFS_FRONT_F_HANG,
		UFS_FRONT_F_BUSY, UFS_FRONT_F_LINK, UFS_FRONT_F_DELAY_REPLY,
		UFS_FRONT_F_HANG_REPLY, UFS_FRONT_F_ATTENTION_REPLY,
		UFS_FRONT_F_LINK_REPLY,
	};

	ufs_front_arm(&front, faults[fuzz_pick(&in, sizeof(faults))],
		      fuzz_pick(&in, 4), fuzz_pick(&in, 6), 0, 1);
}

static void act(u8 what)
{
	u32 n = fuzz_pick(&in, 8), at;

	switch (what % 6) {
	case 0:
	case 1:
		put_request(n, fuzz_u8(&in));
		ufs_host_write(&host, UTRLDBR, 1u << n);
		break;
	case 2:
		at = fuzz_u16(&in) % UFS_HOST_SIZE & ~3u;
		ufs_host_write(&host, at, fuzz_u32(&in));
		ufs_host_read(&host, at);
		break;
	case 3:
		at = fuzz_u16(&in) % (SIZE - 32);
		fuzz_bytes(&in, mem + at, 1 + fuzz_pick(&in, 32));
		break;
	case 4:
		time_ms += fuzz_pick(&in, 10);
		ufs_host_tick(&host);
		break;
	default:
		arm();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 n;

	mem = calloc(1, SIZE);
	in = (struct fuzz_input){ data, size };
	begin(fuzz_u8(&in));
	for (n = 0; in.left && n < MOST_OPS; n++)
		act(fuzz_u8(&in));
	ufs_host_reset(&host);
	free(mem);
	return 0;
}
