// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages with file descriptors, as a VMM sends them to one of our processes
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "../model/fd_socket.h"
#include "fuzz_socket.h"

/* One more than a process takes */
#define MOST_FDS	(FD_SOCKET_MAX + 1)
#define MOST_OPEN	64

int fuzz_socket_memory(void)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("guest", 0);
		fuzz_must(fd >= 0 && !ftruncate(fd, FUZZ_SOCKET_MEM));
	}
	return fd;
}

/* Nothing waits for it: it counts from a million on */
static int event(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = eventfd(1000000, EFD_NONBLOCK);
	return fd;
}

/* New descriptors get the lowest numbers, so one that is left is among these */
static int count_open(void)
{
	int fd, count = 0;

	for (fd = 0; fd < MOST_OPEN; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

void fuzz_socket_open(struct fuzz_socket *s)
{
	int pair[2];

	fuzz_socket_memory();
	event();
	s->open = count_open();
	fuzz_must(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	s->vmm = pair[0];
	s->process = pair[1];
	fcntl(s->vmm, F_SETFL, O_NONBLOCK);
}

void fuzz_socket_send(struct fuzz_socket *s, struct fuzz_input *in,
		      const void *message, size_t len)
{
	union {
		char buf[CMSG_SPACE(MOST_FDS * sizeof(int))];
		struct cmsghdr align;
	} control = {};
	u8 how = fuzz_u8(in);
	u32 i, count = how & 1 ? 1 + (how >> 1) % MOST_FDS : 0;
	struct iovec iov = { (void *)message,
			     how & 0x80 ? fuzz_pick(in, len) + 1 : len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[MOST_FDS];
	struct cmsghdr *c;

	for (i = 0; i < count; i++)
		fds[i] = how & 0x10 ? event() : fuzz_socket_memory();
	if (count) {
		mh.msg_control = control.buf;
		mh.msg_controllen = CMSG_SPACE(count * sizeof(int));
		c = CMSG_FIRSTHDR(&mh);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	}
	/* what the socket has no room for is not sent */
	sendmsg(s->vmm, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void fuzz_socket_close(struct fuzz_socket *s)
{
	close(s->vmm);
	fuzz_must(count_open() == s->open);
}
