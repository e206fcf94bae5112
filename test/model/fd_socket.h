/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unix sockets on which messages come with file descriptors
 */

#ifndef _FD_SOCKET_H
#define _FD_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "rpmb_model_sha256.h"

/** define FD_SOCKET_MAX - most descriptors that come with a message */
#define FD_SOCKET_MAX	8

/**
 * struct fd_socket_fds - what came with a message
 *
 * @fd:		descriptors; -1 where one was taken out
 * @count:	how many
 */
struct fd_socket_fds {
	int fd[FD_SOCKET_MAX];
	int count;
};

/**
 * fd_socket_listen() - listen on a unix socket
 *
 * The socket appears under its name when connections are taken, not before.
 *
 * @path:	name
 * Return: socket; -1 and a message on stderr
 */
int fd_socket_listen(const char *path);

/**
 * fd_socket_receive() - take the header of a message
 *
 * @sock:	connection
 * @header:	where it goes
 * @len:	bytes of it
 * @fds:	result: what came with it, to be closed in either case
 * Return: 0; -1 the peer is gone
 */
int fd_socket_receive(int sock, void *header, size_t len,
		      struct fd_socket_fds *fds);

/**
 * fd_socket_map() - map a piece of a peer's memory
 *
 * A file that is too short is refused: its end would be a bus error later.
 *
 * @fd:		file of the memory
 * @offset:	where the piece begins, any
 * @size:	bytes of it
 * @map:	result: the mapping, from the beginning of the file on
 * Return: memory; NULL if it is not all there
 */
u8 *fd_socket_map(int fd, u64 offset, u64 size, void **map);

/**
 * fd_socket_signal() - signal an event of the peer's
 *
 * Never waits, whatever the peer calls an event.
 *
 * @fd:		event
 * Return: whether it was taken
 */
bool fd_socket_signal(int fd);

/**
 * fd_socket_close() - close a descriptor, if it is one
 *
 * @fd:		descriptor, -1 then
 */
void fd_socket_close(int *fd);

/**
 * fd_socket_close_all() - close what came with a message
 *
 * @fds:	descriptors
 */
void fd_socket_close_all(struct fd_socket_fds *fds);

#endif /* _FD_SOCKET_H */
