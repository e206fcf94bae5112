// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: a guest's queue, as the virtio process finds it in the guest's memory
 */

#include <stdlib.h>
#include "../model/vhost_vring.h"
#include "fuzz_input.h"

#define SIZE		0x3000
#define HALF		0x1800
#define GUEST		0x40000000ull
#define USER		0x7f0000000000ull
#define AVAIL		0x400
#define USED		0x600
#define MOST_RUNS	4
#define BLOCKS		64

static struct vhost_vring vr;
static struct virtio_front front;
static struct rpmb_model model;
static u8 blocks[BLOCKS * RPMB_MODEL_BLOCK];
static struct fuzz_input in;
static u8 *mem;

static void plug_in(u8 how)
{
	memset(&model, 0, sizeof(model));
	model.flavour = RPMB_MODEL_VIRTIO;
	model.blocks = BLOCKS;
	model.store.data = blocks;
	model.state.key_set = how & 1;
	rpmb_model_power_up(&model);
	front = (struct virtio_front){ .model = &model, .capacity = 1,
				       .strict = how & 2 };
	front.quirks = how >> 2 & 7;
	if (how & 0x20)
		virtio_front_arm(&front, fuzz_pick(&in, 9), fuzz_pick(&in, 6), 0,
				 2);
}

/* Two pieces of memory that are no neighbours, so that their ends are seen */
static void map(u8 *low, u8 *high)
{
	memset(&vr, 0, offsetof(struct vhost_vring, out));
	vr.kick = -1;
	vr.call = -1;
	vr.regions = 2;
	vr.region[0] = (struct vhost_region){
		.guest = GUEST, .user = USER, .size = HALF, .ptr = low };
	vr.region[1] = (struct vhost_region){
		.guest = GUEST + HALF, .user = USER + HALF, .size = HALF,
		.ptr = high };
}

static void set_up(u8 how)
{
	vr.num = how & 1 ? 1 + fuzz_pick(&in, VHOST_MAX_QUEUE) : 16;
	vr.desc = USER + (how & 2 ? fuzz_u64(&in) : 0);
	vr.avail = USER + (how & 4 ? fuzz_u64(&in) : AVAIL);
	vr.used = USER + (how & 8 ? fuzz_u64(&in) : USED);
	vr.enabled = true;
}

/* A descriptor whose address and length are likely to be good */
static void put_desc(u32 n)
{
	u8 how = fuzz_u8(&in);
	u64 addr = GUEST + (how & 1 ? fuzz_u64(&in) :
			    0x800 + 512 * fuzz_pick(&in, 20));
	u32 len = how & 2 ? fuzz_u32(&in) : 512 * (how >> 5);
	u16 flags = how & 4 ? fuzz_u16(&in) : how >> 3 & 3;
	u16 next = how & 4 ? fuzz_u16(&in) : n + 1;

	memcpy(mem + n * 16, &addr, 8);
	memcpy(mem + n * 16 + 8, &len, 4);
	memcpy(mem + n * 16 + 12, &flags, 2);
	memcpy(mem + n * 16 + 14, &next, 2);
}

static void poke(void)
{
	u32 n = 1 + fuzz_pick(&in, 6), i;
	u16 idx;

	for (i = 0; i < n; i++)
		put_desc(i);
	memcpy(&idx, mem + AVAIL + 2, 2);
	idx += fuzz_pick(&in, 20);
	memcpy(mem + AVAIL + 2, &idx, 2);
	fuzz_bytes(&in, mem + AVAIL + 4, fuzz_pick(&in, 5));
	/* frames; the type stands at the end */
	for (i = 0; i < 3; i++) {
		mem[0x800 + i * 512 + 511] = fuzz_u8(&in) & 7;
		fuzz_bytes(&in, mem + 0x800 + i * 512 + 500,
			   fuzz_pick(&in, 11));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *high = malloc(HALF);
	u32 n;

	mem = calloc(1, HALF);
	in = (struct fuzz_input){ data, size };
	plug_in(fuzz_u8(&in));
	map(mem, high);
	fuzz_bytes(&in, high, 64);
	set_up(fuzz_u8(&in));
	for (n = 0; in.left && n < MOST_RUNS; n++) {
		poke();
		vhost_vring_run(&vr, &front);
	}
	free(mem);
	free(high);
	return 0;
}
