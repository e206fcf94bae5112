// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: messages of a VMM to the UFS process (vfio-user)
 */

#include <stdlib.h>
#include <sys/socket.h>
#include "../model/vfio_ufs.h"
#include "fuzz_socket.h"

struct message {
	u16 id;
	u16 command;
	u32 size;
	u32 flags;
	u32 error;
	u8 body[FUZZ_SOCKET_BODY];
};

#define HEADER	offsetof(struct message, body)

static struct ufs_front front;
static struct ufs_host host;
static struct vfio_user vu;
static u8 blocks[512 * RPMB_MODEL_BLOCK];
static u64 time_ms;

static u64 now(void *ctx)
{
	return ++time_ms;
}

static void power_cut(void *ctx)
{
	abort();
}

static const struct ufs_host_ops host_ops = {
	vfio_ufs_dma, now, power_cut, vfio_ufs_irq
};

static void begin(void)
{
	memset(&front, 0, sizeof(front));
	front.regions = 1;
	front.units = 1;
	front.rw_frames = 64;
	front.spec_version = 0x0310;
	ufs_front_init(&front);
	front.region[0].store.data = blocks;
	ufs_front_power_up(&front);
	host = (struct ufs_host){ .front = &front };
	memset(&vu, 0, sizeof(vu));
	vfio_ufs_connect(&vu, &host, &host_ops);
}

/* Words of a body that are numbers of regions, or addresses, are small */
static void send_one(struct fuzz_socket *s, struct fuzz_input *in)
{
	u8 how = fuzz_u8(in);
	struct message m = { .command = fuzz_pick(in, 15) };
	u32 i, len = how & 1 ? fuzz_pick(in, FUZZ_SOCKET_BODY) :
			       4 * (how >> 4);

	m.size = how & 2 ? fuzz_u32(in) : HEADER + len;
	m.flags = how & 4 ? fuzz_u8(in) : 0;
	if (how & 8) {
		for (i = 0; i < len && i < 64; i += 4)
			m.body[i] = fuzz_u8(in);
		m.body[17] = fuzz_u8(in);
	} else {
		fuzz_bytes(in, m.body, len);
	}
	fuzz_socket_send(s, in, &m, HEADER + len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct fuzz_socket s;
	u32 n;

	begin();
	fuzz_socket_open(&s);
	vfio_user_open(&vu, s.process);
	for (n = 0; in.left && n < FUZZ_SOCKET_MOST; n++)
		send_one(&s, &in);
	shutdown(s.vmm, SHUT_WR);
	while (!vfio_user_message(&vu))
		ufs_host_tick(&host);
	vfio_user_close(&vu);
	ufs_host_reset(&host);
	fuzz_socket_close(&s);
	return 0;
}
