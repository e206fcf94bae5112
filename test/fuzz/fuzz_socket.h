/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages with file descriptors, as a VMM sends them to one of our processes
 */

#ifndef _FUZZ_SOCKET_H
#define _FUZZ_SOCKET_H

#include "fuzz_input.h"

#define FUZZ_SOCKET_MEM		0x8000	/* bytes of the guest's memory */
#define FUZZ_SOCKET_MOST	16	/* messages in an input */
#define FUZZ_SOCKET_BODY	1024	/* most bytes behind a header */

/**
 * struct fuzz_socket - a connection
 *
 * @vmm:	the end that the input speaks at
 * @process:	the other one
 * @open:	descriptors that were open before
 */
struct fuzz_socket {
	int vmm;
	int process;
	int open;
};

/** fuzz_socket_open() - connect; notes how many descriptors are open */
void fuzz_socket_open(struct fuzz_socket *s);

/**
 * fuzz_socket_send() - send a message
 *
 * @s:		connection
 * @in:		says which descriptors come with it, and whether it is cut short
 * @message:	header and body
 * @len:	bytes of them
 */
void fuzz_socket_send(struct fuzz_socket *s, struct fuzz_input *in,
		      const void *message, size_t len);

/** fuzz_socket_close() - after the process has closed its end: is all closed? */
void fuzz_socket_close(struct fuzz_socket *s);

/** fuzz_socket_memory() - the guest's memory, a memfd that stays */
int fuzz_socket_memory(void);

#endif
