/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's memory and its virtqueue, as a vhost-user back end sees them
 *
 * Every address and index comes from the guest and is checked before use.
 */

#ifndef _VHOST_VRING_H
#define _VHOST_VRING_H

#include "virtio_front.h"

#define VHOST_MAX_REGIONS	8
#define VHOST_MAX_QUEUE		1024
#define VHOST_MAX_BYTES		(VHOST_MAX_QUEUE * RPMB_MODEL_FRAME)

/**
 * struct vhost_region - a piece of guest memory, mapped here
 *
 * @guest:	its guest-physical address
 * @user:	its address in the VMM, which vring addresses are in
 * @size:	bytes
 * @offset:	bytes into the mapping
 * @map:	the mapping, @offset + @size bytes
 * @ptr:	@offset bytes into it
 */
struct vhost_region {
	u64 guest;
	u64 user;
	u64 size;
	u64 offset;
	void *map;
	u8 *ptr;
};

/**
 * struct vhost_vring - the queue
 *
 * @region:	guest memory
 * @regions:	number of them
 * @num:	descriptors
 * @desc:	addresses in the VMM of the three parts
 * @avail:	see @desc
 * @used:	see @desc
 * @last_avail:	chains taken so far
 * @kick:	event that chains are there, -1 if none
 * @call:	event towards the guest, -1 if none
 * @enabled:	the queue may be processed
 * @broken:	the driver broke the rules of the ring: nothing is taken from
 *		it until it is set up anew
 * @out:	frames of the chain under way
 * @in:		frames of the reply under way
 */
struct vhost_vring {
	struct vhost_region region[VHOST_MAX_REGIONS];
	u32 regions;
	u32 num;
	u64 desc;
	u64 avail;
	u64 used;
	u16 last_avail;
	int kick;
	int call;
	bool enabled;
	bool broken;
	u8 out[VHOST_MAX_BYTES];
	u8 in[VHOST_MAX_BYTES];
};

/**
 * vhost_vring_init() - no memory, no queue
 *
 * @vr:		queue
 */
void vhost_vring_init(struct vhost_vring *vr);

/**
 * vhost_vring_unmap() - forget the guest's memory
 *
 * @vr:		queue
 */
void vhost_vring_unmap(struct vhost_vring *vr);

/**
 * vhost_vring_map() - map a piece of guest memory
 *
 * @vr:		queue
 * @r:		its addresses and size
 * @fd:		its file
 * Return: 0, or -1
 */
int vhost_vring_map(struct vhost_vring *vr, const struct vhost_region *r,
		    int fd);

/**
 * vhost_vring_run() - answer all chains that are there
 *
 * Those that come meanwhile are left to the kick that they come with.
 *
 * @vr:		queue
 * @front end:	who answers
 */
void vhost_vring_run(struct vhost_vring *vr, struct virtio_front *front);

#endif /* _VHOST_VRING_H */
