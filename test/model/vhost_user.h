/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vhost-user, the back end's side: one connection, one queue
 *
 * The messages that a VMM needs for a generic device; no more are offered.
 */

#ifndef _VHOST_USER_H
#define _VHOST_USER_H

#include "vhost_vring.h"

/**
 * struct vhost_user - one connection
 *
 * @fd:		socket, -1 if there is none
 * @front end:	the device
 * @features:	what was negotiated
 * @vring:	its queue
 */
struct vhost_user {
	int fd;
	struct virtio_front *front;
	u64 features;
	struct vhost_vring vring;
};

/**
 * vhost_user_open() - a VMM has connected
 *
 * @vu:		connection
 * @fd:		its socket
 * @front end:	the device
 */
void vhost_user_open(struct vhost_user *vu, int fd, struct virtio_front *front);

/**
 * vhost_user_message() - take one message and answer it
 *
 * @vu:		connection
 * Return: 0; -1 the VMM is gone or makes no sense
 */
int vhost_user_message(struct vhost_user *vu);

/**
 * vhost_user_kick() - the guest says that there are chains
 *
 * @vu:		connection
 */
void vhost_user_kick(struct vhost_user *vu);

/**
 * vhost_user_close() - end a connection
 *
 * @vu:		connection
 */
void vhost_user_close(struct vhost_user *vu);

#endif /* _VHOST_USER_H */
