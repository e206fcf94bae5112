// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's memory and its virtqueue (OASIS VIRTIO 1.3 section 2.7)
 *
 * Little-endian as VERSION_1 has it. Hosts of other endianness are not served.
 */

#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>

#include "fd_socket.h"
#include "vhost_vring.h"

#define DESC_F_NEXT		1
#define DESC_F_WRITE		2
#define DESC_F_INDIRECT		4
#define AVAIL_F_NO_INTERRUPT	1

struct vhost_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

struct vhost_avail {
	u16 flags;
	u16 idx;
	u16 ring[];
};

struct vhost_used_elem {
	u32 id;
	u32 len;
};

struct vhost_used {
	u16 flags;
	u16 idx;
	struct vhost_used_elem ring[];
};

/* Room for the reply, a piece of the driver's memory */
struct vhost_piece {
	u8 *ptr;
	u32 len;
};

/* A chain, taken apart: bytes the driver wrote, and where the reply goes */
struct vhost_chain {
	u32 head;
	size_t out_len;
	size_t in_len;
	u32 pieces;
	struct vhost_piece in[VHOST_MAX_QUEUE];
};

void vhost_vring_init(struct vhost_vring *vr)
{
	memset(vr, 0, sizeof(*vr));
	vr->kick = -1;
	vr->call = -1;
}

void vhost_vring_unmap(struct vhost_vring *vr)
{
	struct vhost_region *r;

	while (vr->regions) {
		r = &vr->region[--vr->regions];
		munmap(r->map, r->offset + r->size);
	}
}

int vhost_vring_map(struct vhost_vring *vr, const struct vhost_region *r,
		    int fd)
{
	struct vhost_region *new = &vr->region[vr->regions];

	if (vr->regions == VHOST_MAX_REGIONS)
		return -1;
	*new = *r;
	new->ptr = fd_socket_map(fd, r->offset, r->size, &new->map);
	if (!new->ptr)
		return -1;
	vr->regions++;

	return 0;
}

/* Where @len bytes lie that the guest calls @addr; NULL if it has none there */
static void *at(const struct vhost_vring *vr, u64 addr, u64 len, bool user)
{
	const struct vhost_region *r;
	u64 start, into;
	u32 i;

	for (i = 0; i < vr->regions; i++) {
		r = &vr->region[i];
		start = user ? r->user : r->guest;
		into = addr - start;
		if (addr >= start && into < r->size && len <= r->size - into)
			return r->ptr + into;
	}

	return NULL;
}

/* A part of the ring, where it is aligned as section 2.7 demands */
static void *part(const struct vhost_vring *vr, u64 addr, u64 len, u32 align)
{
	u8 *ptr = at(vr, addr, len, true);

	return (uintptr_t)ptr % align ? NULL : ptr;
}

static int take_room(struct vhost_chain *c, u8 *ptr, u32 len)
{
	if (len > VHOST_MAX_BYTES - c->in_len)
		return -1;
	c->in[c->pieces++] = (struct vhost_piece){ ptr, len };
	c->in_len += len;

	return 0;
}

/* What the driver reads comes after all that it has written */
static int take_desc(struct vhost_vring *vr, const struct virtio_front *front,
		     const struct vhost_desc *d, struct vhost_chain *c)
{
	u8 *ptr = at(vr, d->addr, d->len, false);

	if (!ptr || d->flags & DESC_F_INDIRECT ||
	    (front->strict && d->len != RPMB_MODEL_FRAME))
		return -1;
	if (d->flags & DESC_F_WRITE)
		return take_room(c, ptr, d->len);
	if (c->pieces || d->len > VHOST_MAX_BYTES - c->out_len)
		return -1;
	memcpy(vr->out + c->out_len, ptr, d->len);
	c->out_len += d->len;

	return 0;
}

/* Frames may lie over the descriptors as they like, but are whole in the end */
static int take_chain(struct vhost_vring *vr, const struct virtio_front *front,
		      struct vhost_chain *c)
{
	const struct vhost_desc *table = part(vr, vr->desc,
					      vr->num * sizeof(*table), 16);
	struct vhost_desc d = { .flags = DESC_F_NEXT, .next = c->head };
	u32 i;

	for (i = 0; table && i < vr->num && d.flags & DESC_F_NEXT; i++) {
		if (d.next >= vr->num)
			return -1;
		d = table[d.next];
		if (take_desc(vr, front, &d, c))
			return -1;
	}

	return d.flags & DESC_F_NEXT || c->out_len % RPMB_MODEL_FRAME ? -1 : 0;
}

static void give_reply(const struct vhost_vring *vr,
		       const struct vhost_chain *c, size_t len)
{
	const u8 *from = vr->in;
	u32 i, n;

	for (i = 0; i < c->pieces && len; i++) {
		n = len < c->in[i].len ? len : c->in[i].len;
		memcpy(c->in[i].ptr, from, n);
		from += n;
		len -= n;
	}
}

static void put_used(struct vhost_vring *vr, u32 head,
		     const struct virtio_front_answer *a)
{
	struct vhost_used *used = part(vr, vr->used, sizeof(*used) +
				       vr->num * sizeof(used->ring[0]), 4);
	struct vhost_used_elem *elem;

	if (!used)
		return;
	elem = &used->ring[used->idx % vr->num];
	elem->id = head + a->id;
	elem->len = a->len;
	__atomic_store_n(&used->idx, used->idx + a->step, __ATOMIC_RELEASE);
}

static void interrupt(struct vhost_vring *vr, const struct vhost_avail *avail)
{
	if (vr->call < 0 || avail->flags & AVAIL_F_NO_INTERRUPT)
		return;
	if (!fd_socket_signal(vr->call))
		fd_socket_close(&vr->call);
}

static void run_chain(struct vhost_vring *vr, struct virtio_front *front,
		      u32 head)
{
	static struct vhost_chain c;
	struct virtio_front_answer answer = { .complete = true, .step = 1 };
	u32 room, frames;

	c = (struct vhost_chain){ .head = head };
	if (take_chain(vr, front, &c)) {
		fprintf(stderr, "malformed chain at %u\n", head);
		put_used(vr, head, &answer);
		return;
	}
	room = c.in_len / RPMB_MODEL_FRAME;
	virtio_front_run(front, vr->out, c.out_len / RPMB_MODEL_FRAME, vr->in,
			 room, &answer);

	frames = answer.len / RPMB_MODEL_FRAME;
	give_reply(vr, &c, (size_t)(frames < room ? frames : room) *
		   RPMB_MODEL_FRAME);
	if (answer.complete)
		put_used(vr, head, &answer);
}

/* Chains that are there; a driver cannot have made more than there is room */
static u16 count_offered(struct vhost_vring *vr,
			 const struct vhost_avail *avail)
{
	u16 n = __atomic_load_n(&avail->idx, __ATOMIC_ACQUIRE) - vr->last_avail;

	if (n <= vr->num)
		return n;
	fprintf(stderr, "%u chains in a queue of %u\n", n, vr->num);
	vr->broken = true;

	return 0;
}

void vhost_vring_run(struct vhost_vring *vr, struct virtio_front *front)
{
	struct vhost_avail *avail;
	u16 n, head;

	if (!vr->enabled || vr->broken || !vr->num)
		return;
	avail = part(vr, vr->avail, sizeof(*avail) +
		     vr->num * sizeof(avail->ring[0]), 2);
	if (!avail)
		return;

	for (n = count_offered(vr, avail); n; n--) {
		head = avail->ring[vr->last_avail++ % vr->num];
		run_chain(vr, front, head);
		interrupt(vr, avail);
	}
}
