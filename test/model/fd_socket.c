// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unix sockets on which messages come with file descriptors
 */

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "fd_socket.h"

int fd_socket_listen(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n = snprintf(sa.sun_path, sizeof(sa.sun_path), "%s.new", path);

	if (fd < 0 || n < 0 || (size_t)n >= sizeof(sa.sun_path)) {
		fprintf(stderr, "%s: no such socket possible\n", path);
		return -1;
	}
	unlink(sa.sun_path);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) || listen(fd, 1) ||
	    rename(sa.sun_path, path)) {
		perror(path);
		close(fd);
		return -1;
	}

	return fd;
}

static void take_fds(struct msghdr *mh, struct fd_socket_fds *fds)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		fds->count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds->fd, CMSG_DATA(c), fds->count * sizeof(int));
	}
}

int fd_socket_receive(int sock, void *header, size_t len,
		      struct fd_socket_fds *fds)
{
	union {
		char buf[CMSG_SPACE(FD_SOCKET_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { header, len };
	struct msghdr mh = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	ssize_t got;

	fds->count = 0;
	got = recvmsg(sock, &mh, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	if (got < 0)
		return -1;
	/* they are ours, also those of half a header */
	take_fds(&mh, fds);
	if (got == (ssize_t)len)
		return 0;
	fd_socket_close_all(fds);

	return -1;
}

u8 *fd_socket_map(int fd, u64 offset, u64 size, void **map)
{
	struct stat st;
	u64 end;

	if (!size || __builtin_add_overflow(offset, size, &end) ||
	    fstat(fd, &st) || st.st_size < 0 || end > (u64)st.st_size)
		return NULL;
	*map = mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (*map == MAP_FAILED)
		return NULL;

	return (u8 *)*map + offset;
}

bool fd_socket_signal(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	u64 one = 1;

	return poll(&p, 1, 0) == 1 && p.revents == POLLOUT &&
	       write(fd, &one, sizeof(one)) == sizeof(one);
}

void fd_socket_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void fd_socket_close_all(struct fd_socket_fds *fds)
{
	while (fds->count)
		fd_socket_close(&fds->fd[--fds->count]);
}
