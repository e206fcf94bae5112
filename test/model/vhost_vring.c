// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's memory and its virtqueue (OASIS VIRTIO 1.3 section 2.7)
 *
 * Little-endian as VERSION_1 has it. Hosts of other endianness are not served.
 */

#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>

#include "vhost_vring.h"

#define DESC_F_NEXT		1
#define DESC_F_WRITE		2
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

/* A chain, taken apart: what the driver wrote and where the reply goes */
struct vhost_chain {
	u32 head;
	u32 out_cnt;
	u32 in_cnt;
	u8 *in[VHOST_MAX_QUEUE];
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
	new->map = mmap(NULL, r->offset + r->size, PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (new->map == MAP_FAILED)
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
			return r->map + r->offset + into;
	}

	return NULL;
}

/* A descriptor holds one frame, no more and no less */
static int take_desc(struct vhost_vring *vr, const struct vhost_desc *d,
		     struct vhost_chain *c)
{
	u8 *frame = at(vr, d->addr, RPMB_MODEL_FRAME, false);

	if (!frame || d->len != RPMB_MODEL_FRAME)
		return -1;
	if (d->flags & DESC_F_WRITE) {
		c->in[c->in_cnt++] = frame;
		return 0;
	}
	if (c->in_cnt)
		return -1;
	memcpy(vr->out + (size_t)c->out_cnt++ * RPMB_MODEL_FRAME, frame,
	       RPMB_MODEL_FRAME);

	return 0;
}

static int take_chain(struct vhost_vring *vr, struct vhost_chain *c)
{
	const struct vhost_desc *table = at(vr, vr->desc,
					    vr->num * sizeof(*table), true);
	struct vhost_desc d = { .flags = DESC_F_NEXT, .next = c->head };
	u32 i;

	for (i = 0; table && i < vr->num && d.flags & DESC_F_NEXT; i++) {
		if (d.next >= vr->num)
			return -1;
		d = table[d.next];
		if (take_desc(vr, &d, c))
			return -1;
	}

	return d.flags & DESC_F_NEXT ? -1 : 0;
}

static void put_used(struct vhost_vring *vr, u32 head,
		     const struct virtio_face_answer *a)
{
	struct vhost_used *used = at(vr, vr->used, sizeof(*used) +
				     vr->num * sizeof(used->ring[0]), true);
	struct vhost_used_elem *elem;

	if (!used)
		return;
	elem = &used->ring[used->idx % vr->num];
	elem->id = head + a->id;
	elem->len = a->len;
	__atomic_store_n(&used->idx, used->idx + a->step, __ATOMIC_RELEASE);
}

static void interrupt(const struct vhost_vring *vr,
		      const struct vhost_avail *avail)
{
	u64 one = 1;

	if (vr->call < 0 || avail->flags & AVAIL_F_NO_INTERRUPT)
		return;
	if (write(vr->call, &one, sizeof(one)) != sizeof(one))
		perror("call");
}

static void run_chain(struct vhost_vring *vr, struct virtio_face *face,
		      u32 head)
{
	struct virtio_face_answer answer = { .complete = true, .step = 1 };
	struct vhost_chain c = { .head = head };
	u32 i;

	if (take_chain(vr, &c))
		fprintf(stderr, "malformed chain at %u\n", head);
	else
		virtio_face_run(face, vr->out, c.out_cnt, vr->in, c.in_cnt,
				&answer);

	for (i = 0; i < c.in_cnt && i < answer.len / RPMB_MODEL_FRAME; i++)
		memcpy(c.in[i], vr->in + (size_t)i * RPMB_MODEL_FRAME,
		       RPMB_MODEL_FRAME);
	if (answer.complete)
		put_used(vr, head, &answer);
}

void vhost_vring_run(struct vhost_vring *vr, struct virtio_face *face)
{
	struct vhost_avail *avail;
	u16 head;

	if (!vr->enabled || !vr->num)
		return;
	avail = at(vr, vr->avail, sizeof(*avail) +
		   vr->num * sizeof(avail->ring[0]), true);
	if (!avail)
		return;

	while (__atomic_load_n(&avail->idx, __ATOMIC_ACQUIRE) !=
	       vr->last_avail) {
		head = avail->ring[vr->last_avail++ % vr->num];
		run_chain(vr, face, head);
		interrupt(vr, avail);
	}
}
