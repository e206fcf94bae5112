/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtio front end of the RPMB model: what a device does with one chain
 *
 * Knows no queue. Whoever owns the queue (the vhost-user daemon, the transport
 * of the sandbox tests) takes a chain's frames, asks virtio_front_run(), and
 * puts the answer into the used ring as it stands: peers' quirks and hostile
 * answers are made here, once for both.
 */

#ifndef _VIRTIO_FRONT_H
#define _VIRTIO_FRONT_H

#include "rpmb_model.h"

/** enum virtio_front_quirk - how peers differ */
enum virtio_front_quirk {
	/* the reply to a result read says block count 0 */
	VIRTIO_FRONT_Q_RESULT_COUNT_0	= 1 << 0,
	/* a request that lacks its result read is never completed */
	VIRTIO_FRONT_Q_NO_RESULT_HANGS	= 1 << 1,
	/* the configuration is another one each time it is read */
	VIRTIO_FRONT_Q_CONFIG_CHANGES	= 1 << 2,
};

/** enum virtio_front_hostile - what is wrong with an answer, once armed */
enum virtio_front_hostile {
	VIRTIO_FRONT_H_NONE,
	VIRTIO_FRONT_H_HANG,		/* executed, never completed */
	VIRTIO_FRONT_H_SHORT_LEN,	/* one byte less than was written */
	VIRTIO_FRONT_H_ZERO_LEN,		/* nothing written, completed */
	VIRTIO_FRONT_H_LONG_LEN,		/* more than there was room for */
	VIRTIO_FRONT_H_BAD_ID,		/* an id outside of the queue */
	VIRTIO_FRONT_H_OTHER_ID,		/* a descriptor that heads no chain */
	VIRTIO_FRONT_H_INDEX_JUMP,	/* the used index runs ahead */
	VIRTIO_FRONT_H_INDEX_BACK,	/* the used index goes back */
};

/** define VIRTIO_FRONT_CONFIG_SIZE - bytes of device configuration */
#define VIRTIO_FRONT_CONFIG_SIZE	3

/**
 * struct virtio_front - the front end of one model
 *
 * @model:	the engine
 * @capacity:	configuration byte 0, in units of 128 KiB
 * @quirks:	see enum virtio_front_quirk
 * @strict:	whoever owns the queue takes one frame per descriptor only,
 *		as VIRTIO 1.3 section 5.12.6 asks of a driver
 * @hostile:	armed, see enum virtio_front_hostile
 * @hostile_req: message type it strikes at, 0 for any
 * @hostile_skip: chains of this type to answer properly first
 * @hostile_times: how often it strikes
 * @chains:	chains taken
 * @frames_out:	frames that came from the driver
 * @frames_in:	frames it had room for
 * @config_reads: times the configuration was read
 */
struct virtio_front {
	struct rpmb_model *model;
	u8 capacity;
	u32 quirks;
	bool strict;
	enum virtio_front_hostile hostile;
	u32 hostile_req;
	u32 hostile_skip;
	u32 hostile_times;
	u32 chains;
	u32 frames_out;
	u32 frames_in;
	u32 config_reads;
};

/**
 * struct virtio_front_answer - what goes into the used ring
 *
 * @complete:	there is an answer
 * @id:		to be added to the chain's head
 * @len:	bytes written, as the driver is told
 * @step:	to be added to the used index
 */
struct virtio_front_answer {
	bool complete;
	u32 id;
	u32 len;
	u16 step;
};

/**
 * virtio_front_run() - answer one chain
 *
 * @front end:	front end
 * @out:	frames from the driver
 * @out_cnt:	number of them
 * @in:		room for the reply
 * @in_cnt:	frames it has room for
 * @answer:	what to put into the used ring
 */
void virtio_front_run(struct virtio_front *front, const u8 *out, u32 out_cnt,
		      u8 *in, u32 in_cnt, struct virtio_front_answer *answer);

/**
 * virtio_front_arm() - arm a hostile answer
 *
 * @front end:	front end
 * @hostile:	what goes wrong
 * @req:	at which message type, 0 for any
 * @skip:	how many of these to answer properly first
 * @times:	how often it strikes, at least 1
 */
void virtio_front_arm(struct virtio_front *front, enum virtio_front_hostile hostile,
		      u32 req, u32 skip, u32 times);

/**
 * virtio_front_config() - read the device configuration
 *
 * @front end:	front end
 * @cfg:	the bytes
 */
void virtio_front_config(struct virtio_front *front,
			 u8 cfg[VIRTIO_FRONT_CONFIG_SIZE]);

#endif /* _VIRTIO_FRONT_H */
