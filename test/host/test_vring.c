// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The virtio device's queue and front end, with a driver that does as it likes
 */

#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include "host_test.h"
#include "../model/fd_socket.h"
#include "../model/vhost_vring.h"

#define QUEUE		16
#define SIZE		0x10000
#define GUEST		0x40000000ull
#define USER		0x7f0000000000ull
#define AVAIL		0x1000
#define USED		0x2000
#define OUT		0x4000
#define IN		0x8000

#define NEXT		1
#define WRITE		2
#define INDIRECT	4

#define AT_MAC		196
#define AT_DATA		228
#define AT_NONCE	484
#define AT_COUNTER	500
#define AT_COUNT	506
#define AT_RESULT	508
#define AT_TYPE		510
#define FRAME		RPMB_MODEL_FRAME

struct desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

static struct vhost_vring vr;
static struct virtio_front front;
static struct rpmb_model model;
static u8 data[512 * RPMB_MODEL_BLOCK];
static u8 *mem;
static int file;
static int next_desc;

static void plug_in(void)
{
	struct vhost_region r = { .guest = GUEST, .user = USER, .size = SIZE };

	memset(&model, 0, sizeof(model));
	model.flavour = RPMB_MODEL_VIRTIO;
	model.blocks = 512;
	model.store.data = data;
	model.state.key_set = 1;
	memset(model.state.key, 0x5a, sizeof(model.state.key));
	rpmb_model_power_up(&model);
	front = (struct virtio_front){ .model = &model, .capacity = 1 };

	file = memfd_create("guest", 0);
	CHECK(!ftruncate(file, SIZE));
	mem = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	CHECK(mem != MAP_FAILED);
	vhost_vring_init(&vr);
	CHECK(!vhost_vring_map(&vr, &r, file));
	vr.num = QUEUE;
	vr.desc = USER;
	vr.avail = USER + AVAIL;
	vr.used = USER + USED;
	vr.enabled = true;
	next_desc = 0;
}

static void pull_out(void)
{
	vhost_vring_unmap(&vr);
	munmap(mem, SIZE);
	close(file);
}

void host_test_set_up(void)
{
	if (mem)
		pull_out();
	plug_in();
}

static struct desc *desc(int n)
{
	return (struct desc *)mem + n;
}

/* One more descriptor, behind the one before */
static void add(u64 addr, u32 len, u16 flags)
{
	*desc(next_desc) = (struct desc){ addr, len, flags, 0 };
	if (next_desc) {
		desc(next_desc - 1)->flags |= NEXT;
		desc(next_desc - 1)->next = next_desc;
	}
	next_desc++;
}

static u16 *avail_idx(void)
{
	return (u16 *)(mem + AVAIL + 2);
}

static u16 used_idx(void)
{
	return *(u16 *)(mem + USED + 2);
}

/* Let the device have the chain at 0. Returns bytes it has written */
static u32 run(void)
{
	u16 used = used_idx();

	*(u16 *)(mem + AVAIL + 4 + *avail_idx() % QUEUE * 2) = 0;
	++*avail_idx();
	vhost_vring_run(&vr, &front);
	CHECK_EQ(used_idx(), used + 1);
	next_desc = 0;

	return *(u32 *)(mem + USED + 4 + used % QUEUE * 8 + 4);
}

/* Let it have so many bytes at OUT, and so much room at IN */
static u32 ask(u32 out, u32 in)
{
	add(GUEST + OUT, out, 0);
	add(GUEST + IN, in, WRITE);
	return run();
}

static u8 *frame(u32 at, u32 n, u32 type, u32 count)
{
	u8 *f = mem + at + n * FRAME;

	memset(f, 0, FRAME);
	memset(f + AT_NONCE, 0x77, 16);
	f[AT_COUNT + 1] = count;
	f[AT_TYPE + 1] = type;

	return f;
}

static bool is_signed(const u8 *frames, u32 count)
{
	u8 mac[32];

	rpmb_model_hmac(model.state.key, frames, count, mac);

	return !memcmp(mac, frames + (count - 1) * FRAME + AT_MAC, 32);
}

static u32 result(const u8 *f)
{
	return f[AT_RESULT] << 8 | f[AT_RESULT + 1];
}

/* A write of two blocks and its result read, signed, at OUT */
static void fill_write(void)
{
	frame(OUT, 0, 3, 2);
	memset(frame(OUT, 1, 3, 2) + AT_DATA, 0x42, RPMB_MODEL_BLOCK);
	rpmb_model_hmac(model.state.key, mem + OUT, 2, mem + OUT + FRAME +
			AT_MAC);
	frame(OUT, 2, 5, 1);
}

HOST_TEST(vring_packed)
{
	fill_write();
	CHECK_EQ(ask(3 * FRAME, FRAME), FRAME);
	CHECK_EQ(result(mem + IN), 0);
	CHECK(is_signed(mem + IN, 1));
	CHECK_EQ(data[RPMB_MODEL_BLOCK], 0x42);
	CHECK_EQ(model.writes, 1);
}

HOST_TEST(vring_scattered)
{
	frame(OUT, 0, 2, 1);
	add(GUEST + OUT, 1, 0);
	add(GUEST + OUT + 1, 500, 0);
	add(GUEST + OUT + 501, 11, 0);
	add(GUEST + IN, 100, WRITE);
	add(GUEST + IN + 100, 0, WRITE);
	add(GUEST + IN + 100, 412, WRITE);
	CHECK_EQ(run(), FRAME);
	CHECK_EQ(mem[IN + AT_TYPE], 2);
	CHECK(is_signed(mem + IN, 1));
}

HOST_TEST(vring_strict)
{
	front.strict = true;
	fill_write();
	CHECK_EQ(ask(3 * FRAME, FRAME), 0);
	CHECK_EQ(model.writes, 0);
	fill_write();
	add(GUEST + OUT, FRAME, 0);
	add(GUEST + OUT + FRAME, FRAME, 0);
	add(GUEST + OUT + 2 * FRAME, FRAME, 0);
	add(GUEST + IN, FRAME, WRITE);
	CHECK_EQ(run(), FRAME);
	CHECK_EQ(model.writes, 1);
}

/* A request of one frame, in so many bytes and with so much room for the answer */
HOST_TEST(vring_rooms)
{
	static const struct {
		u8 type, count;		/* of the request */
		u32 out, in;
		u32 frames;		/* of the answer */
		u32 result;
	} rows[] = {
		{ 2, 1, FRAME + 1, FRAME, 0, 0 },	/* a byte too many */
		{ 2, 1, FRAME, 4 * FRAME, 1, 0 },
		{ 4, 2, FRAME, 4 * FRAME + 1, 2, 0 },
		{ 4, 4, FRAME, 2 * FRAME, 2, 1 },	/* for half of it */
	};
	u32 i, n;

	for (i = 0; i < COUNT(rows); i++) {
		frame(OUT, 0, rows[i].type, rows[i].count);
		CHECK_EQ(ask(rows[i].out, rows[i].in), rows[i].frames * FRAME);
		CHECK_EQ(model.requests[2], i > 0);
		for (n = 0; n < rows[i].frames; n++)
			CHECK_EQ(result(mem + IN + n * FRAME), rows[i].result);
		CHECK(!n || is_signed(mem + IN, n));
		CHECK(!n || mem[IN + AT_NONCE] == 0x77);
	}
}

/* "not yet programmed" comes before all that could be wrong with a request */
HOST_TEST(vring_no_key_first)
{
	static const u8 types[] = { 2, 3, 4 };
	u32 i, key;

	for (key = 0; key <= 1; key++)
		for (i = 0; i < sizeof(types); i++) {
			model.state.key_set = key;
			frame(OUT, 0, types[i], 0);
			frame(OUT, 1, 5, 1);
			CHECK_EQ(ask((types[i] == 3 ? 2 : 1) * FRAME, FRAME),
				 FRAME);
			CHECK_EQ(mem[IN + AT_TYPE], types[i]);
			CHECK_EQ(result(mem + IN), key ? 1 : 7);
		}
}

HOST_TEST(vring_key_result)
{
	model.state.key_set = 0;
	memset(frame(OUT, 0, 1, 1) + AT_MAC, 0x33, 32);
	frame(OUT, 1, 5, 1);
	CHECK_EQ(ask(2 * FRAME, FRAME), FRAME);
	CHECK_EQ(result(mem + IN), 0);
	CHECK_EQ(model.state.key[0], 0x33);
	CHECK(is_signed(mem + IN, 1));
}

HOST_TEST(vring_loop)
{
	frame(OUT, 0, 2, 1);
	add(GUEST + OUT, FRAME, 0);
	add(GUEST + IN, FRAME, WRITE);
	desc(1)->flags |= NEXT;
	desc(1)->next = 1;
	CHECK_EQ(run(), 0);
	desc(0)->next = QUEUE;
	CHECK_EQ(run(), 0);
	CHECK_EQ(model.requests[2], 0);
}

HOST_TEST(vring_wrong_descriptors)
{
	static const struct desc rows[] = {
		{ 0, FRAME, 0, 0 },
		{ GUEST + SIZE - 1, FRAME, 0, 0 },
		{ 0ull - FRAME, 2 * FRAME, 0, 0 },
		{ GUEST + OUT, 0xffffffff, 0, 0 },
		{ GUEST + OUT, FRAME, INDIRECT, 0 },
	};
	u32 i;

	for (i = 0; i < COUNT(rows); i++) {
		add(rows[i].addr, rows[i].len, rows[i].flags);
		add(GUEST + IN, FRAME, WRITE);
		CHECK_EQ(run(), 0);
	}
	frame(OUT, 0, 2, 1);
	add(GUEST + OUT, FRAME, 0);
	add(GUEST + IN, FRAME, WRITE);
	add(GUEST + OUT, FRAME, 0);	/* the driver's after the device's */
	CHECK_EQ(run(), 0);
	CHECK_EQ(model.requests[2], 0);
}

HOST_TEST(vring_runaway)
{
	frame(OUT, 0, 2, 1);
	add(GUEST + OUT, FRAME, 0);
	add(GUEST + IN, FRAME, WRITE);
	*avail_idx() += QUEUE + 1;
	vhost_vring_run(&vr, &front);
	CHECK_EQ(used_idx(), 0);
	CHECK_EQ(model.requests[2], 0);
	CHECK(vr.broken);
	*avail_idx() = 1;
	vhost_vring_run(&vr, &front);
	CHECK_EQ(used_idx(), 0);
}

HOST_TEST(vring_misaligned)
{
	*avail_idx() = 1;
	vr.avail++;
	vhost_vring_run(&vr, &front);
	vr.avail--;
	vr.used++;
	vr.desc += 8;
	vhost_vring_run(&vr, &front);
	CHECK_EQ(used_idx(), 0);
	CHECK_EQ(model.requests[2], 0);
}

HOST_TEST(vring_regions)
{
	static const struct vhost_region rows[] = {
		{ .size = SIZE + 1 },
		{ .size = SIZE, .offset = 1 },
		{ .size = SIZE, .offset = 0ull - SIZE },
		{ .size = 0, .offset = 0x100 },
	};
	u32 i;

	for (i = 0; i < COUNT(rows); i++)
		CHECK_EQ(vhost_vring_map(&vr, &rows[i], file), -1);
	CHECK_EQ(vr.regions, 1);
}

HOST_TEST(vring_signal)
{
	int fds[2], i;

	CHECK(!pipe(fds));
	for (i = 0; i < 0x20000 && fd_socket_signal(fds[1]); i++)
		;
	CHECK(i > 0 && i < 0x20000);	/* full, and nobody waited */
	close(fds[0]);
	CHECK(!fd_socket_signal(fds[1]));	/* nor died */
	CHECK(!fd_socket_signal(-1));
	close(fds[1]);
}
