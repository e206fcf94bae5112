// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio-user, the server's side
 *
 * QEMU docs/interop/vfio-user.rst. All integers are in host order.
 */

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "fd_socket.h"
#include "vfio_user.h"

enum vfio_user_command {
	VERSION			= 1,
	DMA_MAP			= 2,
	DMA_UNMAP		= 3,
	DEVICE_GET_INFO		= 4,
	DEVICE_GET_REGION_INFO	= 5,
	DEVICE_GET_IRQ_INFO	= 7,
	DEVICE_SET_IRQS		= 8,
	REGION_READ		= 9,
	REGION_WRITE		= 10,
	DEVICE_RESET		= 13,
};

#define FLAG_REPLY		0x01
#define FLAG_NO_REPLY		0x10
#define FLAG_ERROR		0x20
#define ERROR_INVAL		22

#define INFO_RESET		(1 << 0)
#define INFO_PCI		(1 << 1)
#define REGIONS			9
#define REGION_BAR0		0
#define REGION_CONFIG		7
#define IRQS			3
#define IRQ_INTX		0
#define IRQ_EVENTFD		(1 << 0)
#define IRQ_MASKABLE		(1 << 1)
#define IRQ_AUTOMASKED		(1 << 2)
#define IRQ_SET_MASK		(1 << 3)
#define IRQ_SET_UNMASK		(1 << 4)
#define IRQ_SET_TRIGGER		(1 << 5)
#define REGION_READ_WRITE	3
#define MAP_WRITE		(1 << 1)
#define UNMAP_ALL		(1 << 1)

#define PCI_VENDOR		0x00
#define PCI_DEVICE		0x02
#define PCI_COMMAND		0x04
#define PCI_CLASS		0x09
#define PCI_SUBSYSTEM_VENDOR	0x2c
#define PCI_SUBSYSTEM		0x2e
#define PCI_INTERRUPT_PIN	0x3d

/* Room for everything but the transfer of a whole configuration space */
#define MAX_BODY		4096

struct header {
	u16 id;
	u16 command;
	u32 size;
	u32 flags;
	u32 error;
};

struct message {
	struct header h;
	u8 body[MAX_BODY];
	u32 len;
	struct fd_socket_fds fds;
};

struct dma_map {
	u32 argsz;
	u32 flags;
	u64 offset;
	u64 addr;
	u64 size;
};

struct dma_unmap {
	u32 argsz;
	u32 flags;
	u64 addr;
	u64 size;
};

struct device_info {
	u32 argsz;
	u32 flags;
	u32 regions;
	u32 irqs;
};

struct region_info {
	u32 argsz;
	u32 flags;
	u32 index;
	u32 cap_offset;
	u64 size;
	u64 offset;
};

struct irq_info {
	u32 argsz;
	u32 flags;
	u32 index;
	u32 count;
};

struct irq_set {
	u32 argsz;
	u32 flags;
	u32 index;
	u32 start;
	u32 count;
};

struct region_io {
	u64 offset;
	u32 region;
	u32 count;
	u8 data[];
};

static const char capabilities[] =
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":2048}}";

static void put_le(u8 *p, u32 val, int bytes)
{
	for (; bytes; bytes--, val >>= 8)
		*p++ = val;
}

void vfio_user_set_id(struct vfio_user *vu, u16 vendor, u16 device,
		      u32 class_code)
{
	memset(vu->config, 0, sizeof(vu->config));
	put_le(vu->config + PCI_VENDOR, vendor, 2);
	put_le(vu->config + PCI_DEVICE, device, 2);
	put_le(vu->config + PCI_CLASS, class_code, 3);
	put_le(vu->config + PCI_SUBSYSTEM_VENDOR, vendor, 2);
	put_le(vu->config + PCI_SUBSYSTEM, device, 2);
	vu->config[PCI_INTERRUPT_PIN] = 1;
}

void *vfio_user_dma(const struct vfio_user *vu, u64 addr, u64 len)
{
	const struct vfio_user_mem *m;

	for (m = vu->mem; m < vu->mem + VFIO_USER_MEMS; m++)
		if (m->ptr && addr >= m->addr && len <= m->len &&
		    addr - m->addr <= m->len - len)
			return m->ptr + (addr - m->addr);

	return NULL;
}

static void forget(struct vfio_user_mem *m)
{
	if (m->ptr)
		munmap(m->map, m->ptr - (u8 *)m->map + m->len);
	memset(m, 0, sizeof(*m));
}

static void forget_all(struct vfio_user *vu)
{
	int i;

	for (i = 0; i < VFIO_USER_MEMS; i++)
		forget(&vu->mem[i]);
}

/* The VMM is told once, then again when it has seen to it and unmasks */
static void signal_irq(struct vfio_user *vu)
{
	if (!vu->level || vu->masked || vu->irq < 0)
		return;
	vu->masked = true;
	if (!fd_socket_signal(vu->irq))
		fd_socket_close(&vu->irq);
}

void vfio_user_set_irq(struct vfio_user *vu, bool level)
{
	vu->level = level;
	signal_irq(vu);
}

void vfio_user_open(struct vfio_user *vu, int fd)
{
	vu->fd = fd;
	vu->irq = -1;
	vu->masked = false;
	vu->ops->reset(vu->ctx);
}

void vfio_user_close(struct vfio_user *vu)
{
	forget_all(vu);
	fd_socket_close(&vu->irq);
	fd_socket_close(&vu->fd);
}

static int receive(struct vfio_user *vu, struct message *m)
{
	if (fd_socket_receive(vu->fd, &m->h, sizeof(m->h), &m->fds))
		return -1;
	if (m->h.size < sizeof(m->h) || m->h.size - sizeof(m->h) > MAX_BODY)
		return -1;
	m->len = m->h.size - sizeof(m->h);
	memset(m->body, 0, sizeof(m->body));
	if (m->len && recv(vu->fd, m->body, m->len, MSG_WAITALL) != m->len)
		return -1;

	return 0;
}

static int send_reply(struct vfio_user *vu, struct message *m, int ret)
{
	if (m->h.flags & FLAG_NO_REPLY)
		return 0;
	m->h.flags = FLAG_REPLY;
	m->h.error = 0;
	if (ret) {
		m->h.flags |= FLAG_ERROR;
		m->h.error = ERROR_INVAL;
		m->len = 0;
	}
	m->h.size = sizeof(m->h) + m->len;

	return send(vu->fd, &m->h, m->h.size, MSG_NOSIGNAL) == m->h.size ? 0
									  : -1;
}

/* The version comes first in the body, minor after major */
static int reply_version(struct message *m)
{
	memcpy(m->body + 4, capabilities, sizeof(capabilities));
	m->len = 4 + sizeof(capabilities);

	return 0;
}

static struct vfio_user_mem *free_mem(struct vfio_user *vu)
{
	struct vfio_user_mem *m;

	for (m = vu->mem; m < vu->mem + VFIO_USER_MEMS; m++)
		if (!m->len)
			return m;

	return NULL;
}

/* Memory without a descriptor or read-only, such as flash, is out of reach */
static int map(struct vfio_user *vu, struct message *m)
{
	const struct dma_map *d = (const struct dma_map *)m->body;
	struct vfio_user_mem *mem = free_mem(vu);
	struct vfio_user_mem new = { .addr = d->addr, .len = d->size };

	m->len = 0;
	if (!mem)
		return -1;
	if (m->fds.count && d->flags & MAP_WRITE) {
		new.ptr = fd_socket_map(m->fds.fd[0], d->offset, d->size,
					&new.map);
		if (!new.ptr)
			return -1;
	}
	*mem = new;

	return 0;
}

static int unmap(struct vfio_user *vu, struct message *m)
{
	const struct dma_unmap *d = (const struct dma_unmap *)m->body;
	int i;

	m->len = sizeof(*d);
	if (d->flags & UNMAP_ALL) {
		forget_all(vu);
		return 0;
	}
	for (i = 0; i < VFIO_USER_MEMS; i++)
		if (vu->mem[i].len && vu->mem[i].addr == d->addr &&
		    vu->mem[i].len == d->size)
			forget(&vu->mem[i]);

	return 0;
}

static int reply_device_info(struct message *m)
{
	struct device_info *d = (struct device_info *)m->body;

	d->argsz = sizeof(*d);
	d->flags = INFO_RESET | INFO_PCI;
	d->regions = REGIONS;
	d->irqs = IRQS;
	m->len = sizeof(*d);

	return 0;
}

static u64 region_size(const struct vfio_user *vu, u32 index)
{
	if (index == REGION_BAR0)
		return vu->bar_size;
	return index == REGION_CONFIG ? VFIO_USER_CONFIG : 0;
}

static int reply_region_info(struct vfio_user *vu, struct message *m)
{
	struct region_info *r = (struct region_info *)m->body;

	if (r->index >= REGIONS)
		return -1;
	r->argsz = sizeof(*r);
	r->size = region_size(vu, r->index);
	r->flags = r->size ? REGION_READ_WRITE : 0;
	r->cap_offset = 0;
	r->offset = 0;
	m->len = sizeof(*r);

	return 0;
}

static int reply_irq_info(struct message *m)
{
	struct irq_info *i = (struct irq_info *)m->body;

	if (i->index >= IRQS)
		return -1;
	i->argsz = sizeof(*i);
	i->count = i->index == IRQ_INTX ? 1 : 0;
	i->flags = i->count ? IRQ_EVENTFD | IRQ_MASKABLE | IRQ_AUTOMASKED : 0;
	m->len = sizeof(*i);

	return 0;
}

/* A trigger without an event takes the old one away */
static void set_trigger(struct vfio_user *vu, struct message *m)
{
	fd_socket_close(&vu->irq);
	vu->masked = false;
	if (m->fds.count) {
		vu->irq = m->fds.fd[0];
		m->fds.fd[0] = -1;
	}
}

static int set_irqs(struct vfio_user *vu, struct message *m)
{
	const struct irq_set *s = (const struct irq_set *)m->body;

	m->len = 0;
	if (s->index >= IRQS)
		return -1;
	if (s->index != IRQ_INTX)
		return 0;
	if (s->flags & IRQ_SET_TRIGGER)
		set_trigger(vu, m);
	else if (s->flags & IRQ_SET_MASK)
		vu->masked = true;
	else if (s->flags & IRQ_SET_UNMASK)
		vu->masked = false;
	signal_irq(vu);

	return 0;
}

static bool region_io_ok(const struct vfio_user *vu, const struct region_io *io)
{
	u64 size = region_size(vu, io->region);

	if (io->count > size || io->offset > size - io->count ||
	    io->count > MAX_BODY - sizeof(*io))
		return false;
	return io->region != REGION_BAR0 ||
	       (io->count == 4 && io->offset % 4 == 0);
}

static int region_read(struct vfio_user *vu, struct message *m)
{
	struct region_io *io = (struct region_io *)m->body;
	u32 val;

	if (!region_io_ok(vu, io))
		return -1;
	if (io->region == REGION_CONFIG) {
		memcpy(io->data, vu->config + io->offset, io->count);
	} else {
		val = vu->ops->read(vu->ctx, io->offset);
		memcpy(io->data, &val, sizeof(val));
	}
	m->len = sizeof(*io) + io->count;

	return 0;
}

/* Of the configuration space only the command register can be written */
static int region_write(struct vfio_user *vu, struct message *m)
{
	struct region_io *io = (struct region_io *)m->body;
	u32 val;

	m->len = sizeof(*io);
	if (!region_io_ok(vu, io))
		return -1;
	if (io->region == REGION_BAR0) {
		memcpy(&val, io->data, sizeof(val));
		vu->ops->write(vu->ctx, io->offset, val);
	} else if (io->offset == PCI_COMMAND && io->count >= 2) {
		memcpy(vu->config + PCI_COMMAND, io->data, 2);
	}

	return 0;
}

static int handle(struct vfio_user *vu, struct message *m)
{
	switch (m->h.command) {
	case VERSION:
		return reply_version(m);
	case DMA_MAP:
		return map(vu, m);
	case DMA_UNMAP:
		return unmap(vu, m);
	case DEVICE_GET_INFO:
		return reply_device_info(m);
	case DEVICE_GET_REGION_INFO:
		return reply_region_info(vu, m);
	case DEVICE_GET_IRQ_INFO:
		return reply_irq_info(m);
	case REGION_READ:
		return region_read(vu, m);
	case REGION_WRITE:
		return region_write(vu, m);
	case DEVICE_SET_IRQS:
		return set_irqs(vu, m);
	case DEVICE_RESET:
		vu->ops->reset(vu->ctx);
		m->len = 0;
		return 0;
	default:
		return -1;
	}
}

int vfio_user_message(struct vfio_user *vu)
{
	static struct message m;
	int ret;

	ret = receive(vu, &m);
	if (!ret)
		ret = send_reply(vu, &m, handle(vu, &m));
	fd_socket_close_all(&m.fds);

	return ret;
}
