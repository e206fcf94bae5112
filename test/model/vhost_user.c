// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vhost-user, the back end's side
 */

#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

#include "fd_socket.h"
#include "vhost_user.h"

enum vhost_user_request {
	GET_FEATURES		= 1,
	SET_FEATURES		= 2,
	SET_OWNER		= 3,
	RESET_OWNER		= 4,
	SET_MEM_TABLE		= 5,
	SET_VRING_NUM		= 8,
	SET_VRING_ADDR		= 9,
	SET_VRING_BASE		= 10,
	GET_VRING_BASE		= 11,
	SET_VRING_KICK		= 12,
	SET_VRING_CALL		= 13,
	SET_VRING_ERR		= 14,
	GET_PROTOCOL_FEATURES	= 15,
	SET_PROTOCOL_FEATURES	= 16,
	SET_VRING_ENABLE	= 18,
	GET_CONFIG		= 24,
	SET_CONFIG		= 25,
};

#define F_PROTOCOL_FEATURES	(1ULL << 30)
#define F_VERSION_1		(1ULL << 32)
#define PROTOCOL_F_CONFIG	(1ULL << 9)
#define FLAG_VERSION		1
#define FLAG_REPLY		4
#define VRING_NOFD		0x100
#define MAX_CONFIG		256

struct vring_state {
	u32 index;
	u32 num;
};

struct vring_addr {
	u32 index;
	u32 flags;
	u64 desc;
	u64 used;
	u64 avail;
	u64 log;
};

struct mem_table {
	u32 count;
	u32 padding;
	struct {
		u64 guest;
		u64 size;
		u64 user;
		u64 offset;
	} region[VHOST_MAX_REGIONS];
};

struct config {
	u32 offset;
	u32 size;
	u32 flags;
	u8 data[MAX_CONFIG];
};

struct header {
	u32 request;
	u32 flags;
	u32 size;
};

struct message {
	struct header h;
	union {
		u64 u64;
		struct vring_state state;
		struct vring_addr addr;
		struct mem_table mem;
		struct config config;
	} p;
	struct fd_socket_fds fds;
};

/* Rings start enabled, unless the VMM knows how to enable them */
static void set_enabled(struct vhost_user *vu, bool enabled)
{
	vu->vring.enabled = enabled || !(vu->features & F_PROTOCOL_FEATURES);
}

static void set_features(struct vhost_user *vu, u64 features)
{
	bool fresh = (features ^ vu->features) & F_PROTOCOL_FEATURES;

	vu->features = features;
	set_enabled(vu, !fresh && vu->vring.enabled);
}

void vhost_user_open(struct vhost_user *vu, int fd, struct virtio_front *front)
{
	vu->fd = fd;
	vu->front = front;
	vhost_vring_init(&vu->vring);
	set_features(vu, 0);
}

void vhost_user_close(struct vhost_user *vu)
{
	vhost_vring_unmap(&vu->vring);
	fd_socket_close(&vu->vring.kick);
	fd_socket_close(&vu->vring.call);
	fd_socket_close(&vu->fd);
}

static int receive(struct vhost_user *vu, struct message *m)
{
	memset(m, 0, sizeof(*m));
	if (fd_socket_receive(vu->fd, &m->h, sizeof(m->h), &m->fds) ||
	    m->h.size > sizeof(m->p))
		return -1;
	if (m->h.size && recv(vu->fd, &m->p, m->h.size, MSG_WAITALL) !=
	    (ssize_t)m->h.size)
		return -1;

	return 0;
}

static int answer(struct vhost_user *vu, struct message *m, u32 size)
{
	struct iovec iov[] = { { &m->h, sizeof(m->h) }, { &m->p, size } };
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = 2 };

	m->h.flags = FLAG_VERSION | FLAG_REPLY;
	m->h.size = size;

	return sendmsg(vu->fd, &mh, MSG_NOSIGNAL) ==
	       (ssize_t)(sizeof(m->h) + size) ? 0 : -1;
}

static int answer_u64(struct vhost_user *vu, struct message *m, u64 val)
{
	m->p.u64 = val;

	return answer(vu, m, sizeof(m->p.u64));
}

static int set_mem_table(struct vhost_user *vu, struct message *m)
{
	struct mem_table *t = &m->p.mem;
	struct vhost_region r = {};
	u32 i;

	vhost_vring_unmap(&vu->vring);
	if (t->count > VHOST_MAX_REGIONS || t->count != (u32)m->fds.count)
		return -1;
	for (i = 0; i < t->count; i++) {
		r.guest = t->region[i].guest;
		r.user = t->region[i].user;
		r.size = t->region[i].size;
		r.offset = t->region[i].offset;
		if (vhost_vring_map(&vu->vring, &r, m->fds.fd[i]))
			return -1;
	}

	return 0;
}

static int set_num(struct vhost_user *vu, const struct message *m)
{
	u32 num = m->p.state.num;

	if (!num || num > VHOST_MAX_QUEUE || num & (num - 1))
		return -1;
	vu->vring.num = num;

	return 0;
}

static int set_addr(struct vhost_user *vu, const struct message *m)
{
	vu->vring.desc = m->p.addr.desc;
	vu->vring.avail = m->p.addr.avail;
	vu->vring.used = m->p.addr.used;

	return 0;
}

/* A new event replaces the old one; none may come at all */
static int set_event(struct message *m, int *event)
{
	fd_socket_close(event);
	if (!(m->p.u64 & VRING_NOFD) && m->fds.count) {
		*event = m->fds.fd[0];
		m->fds.fd[0] = -1;
	}

	return 0;
}

/* The queue stops: whatever was not answered by now never will be */
static int get_base(struct vhost_user *vu, struct message *m)
{
	fd_socket_close(&vu->vring.kick);
	set_enabled(vu, false);
	m->p.state.num = vu->vring.last_avail;

	return answer(vu, m, sizeof(m->p.state));
}

static int get_config(struct vhost_user *vu, struct message *m)
{
	struct config *c = &m->p.config;
	u8 cfg[MAX_CONFIG] = {};
	u32 size = c->size;

	if (size > MAX_CONFIG || c->offset > MAX_CONFIG - size)
		return -1;
	virtio_front_config(vu->front, cfg);
	memcpy(c->data, cfg + c->offset, size);

	return answer(vu, m, offsetof(struct config, data) + size);
}

static int handle_vring(struct vhost_user *vu, struct message *m)
{
	struct vhost_vring *vr = &vu->vring;

	switch (m->h.request) {
	case SET_VRING_NUM:
		return set_num(vu, m);
	case SET_VRING_ADDR:
		return set_addr(vu, m);
	case SET_VRING_BASE:
		vr->last_avail = m->p.state.num;
		vr->broken = false;
		return 0;
	case GET_VRING_BASE:
		return get_base(vu, m);
	case SET_VRING_KICK:
		return set_event(m, &vr->kick);
	case SET_VRING_CALL:
		return set_event(m, &vr->call);
	case SET_VRING_ENABLE:
		set_enabled(vu, m->p.state.num);
		return 0;
	default:
		fprintf(stderr, "message %u is not known\n", m->h.request);
		return 0;
	}
}

static int handle(struct vhost_user *vu, struct message *m)
{
	switch (m->h.request) {
	case GET_FEATURES:
		return answer_u64(vu, m, F_PROTOCOL_FEATURES | F_VERSION_1);
	case GET_PROTOCOL_FEATURES:
		return answer_u64(vu, m, PROTOCOL_F_CONFIG);
	case GET_CONFIG:
		return get_config(vu, m);
	case SET_MEM_TABLE:
		return set_mem_table(vu, m);
	case SET_FEATURES:
		set_features(vu, m->p.u64);
		return 0;
	case SET_PROTOCOL_FEATURES:
	case SET_OWNER:
	case RESET_OWNER:
	case SET_VRING_ERR:
	case SET_CONFIG:	/* the configuration is read-only */
		return 0;
	default:
		return handle_vring(vu, m);
	}
}

int vhost_user_message(struct vhost_user *vu)
{
	struct message m;
	int ret;

	ret = receive(vu, &m);
	if (!ret)
		ret = handle(vu, &m);
	fd_socket_close_all(&m.fds);

	/* a queue that is switched on may hold chains already */
	if (!ret && vu->vring.kick >= 0)
		vhost_vring_run(&vu->vring, vu->front);

	return ret;
}

/* What cannot be read like an event will never be one */
void vhost_user_kick(struct vhost_user *vu)
{
	u64 events;

	if (read(vu->vring.kick, &events, sizeof(events)) != sizeof(events)) {
		fd_socket_close(&vu->vring.kick);
		return;
	}
	vhost_vring_run(&vu->vring, vu->front);
}
