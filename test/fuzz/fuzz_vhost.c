// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: messages of a VMM to the virtio process (vhost-user)
 */

#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include "../model/vhost_user.h"
#include "fuzz_socket.h"

#define GUEST	0x40000000ull
#define USER	0x7f0000000000ull

struct message {
	u32 request;
	u32 flags;
	u32 size;
	u8 body[FUZZ_SOCKET_BODY];
};

#define HEADER	offsetof(struct message, body)

static struct vhost_user vu;
static struct virtio_front front;
static struct rpmb_model model;
static u8 blocks[64 * RPMB_MODEL_BLOCK];

static void begin(struct fuzz_input *in)
{
	u8 ring[64];

	memset(&model, 0, sizeof(model));
	model.flavour = RPMB_MODEL_VIRTIO;
	model.blocks = 64;
	model.store.data = blocks;
	rpmb_model_power_up(&model);
	front = (struct virtio_front){ .model = &model, .capacity = 1 };
	fuzz_bytes(in, ring, sizeof(ring));
	fuzz_must(pwrite(fuzz_socket_memory(), ring, sizeof(ring), 0) ==
		  sizeof(ring));
}

static void put64(struct message *m, u32 at, u64 val)
{
	memcpy(m->body + at, &val, sizeof(val));
}

/* Memory and rings where a VMM could have them, within what the input changes */
static u32 put_sensible(struct message *m, struct fuzz_input *in)
{
	switch (m->request) {
	case 5:
		m->body[0] = 1;
		put64(m, 8, GUEST);
		put64(m, 16, FUZZ_SOCKET_MEM >> fuzz_pick(in, 4));
		put64(m, 24, USER);
		put64(m, 32, fuzz_pick(in, 4) * 0x1000);
		return 40;
	case 9:
		put64(m, 8, USER + fuzz_u8(in) * 4);
		put64(m, 16, USER + fuzz_u8(in) * 4);
		put64(m, 24, USER + fuzz_u8(in) * 4);
		return 40;
	case 8:
		m->body[4] = 1 << fuzz_pick(in, 8);
		return 8;
	default:
		fuzz_bytes(in, m->body, 16);
		return 8;
	}
}

static void send_one(struct fuzz_socket *s, struct fuzz_input *in)
{
	u8 how = fuzz_u8(in);
	struct message m = { .request = fuzz_pick(in, 27), .flags = 1 };
	u32 len;

	if (how & 1) {
		len = fuzz_pick(in, how & 2 ? FUZZ_SOCKET_BODY : 64);
		fuzz_bytes(in, m.body, len);
	} else {
		len = put_sensible(&m, in);
	}
	m.size = how & 4 ? fuzz_u16(in) : len;
	fuzz_socket_send(s, in, &m, HEADER + len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct fuzz_socket s;
	u32 n;

	begin(&in);
	fuzz_socket_open(&s);
	vhost_user_open(&vu, s.process, &front);
	for (n = 0; in.left && n < FUZZ_SOCKET_MOST; n++)
		send_one(&s, &in);
	shutdown(s.vmm, SHUT_WR);
	while (!vhost_user_message(&vu))
		if (vu.vring.kick >= 0)
			vhost_user_kick(&vu);
	vhost_user_close(&vu);
	fuzz_socket_close(&s);
	return 0;
}
