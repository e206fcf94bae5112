/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RPMB for a TEE: which targets it may have, what it knows them by, its frames
 *
 * A TEE signs its frames itself. It takes the first target that answers to its
 * key, keeps that target's write counter in its own memory, and may give up its
 * storage until the next reset if somebody else writes there. So a target is
 * either boot policy's or a TEE's, and nobody else writes to a target that a TEE
 * has begun to use, until the next reset.
 */

#ifndef _RPMB_TEE_H
#define _RPMB_TEE_H

#include <rpmb.h>

struct rpmb_target_id;

/** define RPMB_TEE_ID_SIZE - bytes that a TEE knows a target by */
#define RPMB_TEE_ID_SIZE	16

/**
 * struct rpmb_tee_facts - what a TEE is told of a target
 *
 * @type:	kind of device
 * @capacity:	in units of 128 KiB, 1 to 128
 * @rel_wr:	half of the most blocks that a write of a TEE may have, at least 1,
 *		at most 255, as REL_WR_SEC_C in an eMMC's EXT_CSD
 * @id:		what OP-TEE derives its key from, see rpmb_tee_id()
 */
struct rpmb_tee_facts {
	enum rpmb_type type;
	u8 capacity;
	u8 rel_wr;
	u8 id[RPMB_TEE_ID_SIZE];
};

/**
 * rpmb_tee_id() - the 16 bytes that OP-TEE knows a target by
 *
 * For an eMMC the CID as it is; for others BLAKE2b of the identifier.
 *
 * @t:		transport, region and identifier
 * @id:		the 16 bytes
 * Return: 0; -EOPNOTSUPP OP-TEE does not know this transport; -EINVAL the CID
 *	has another length; -EIO
 */
int rpmb_tee_id(const struct rpmb_target_id *t, u8 id[RPMB_TEE_ID_SIZE]);

/**
 * rpmb_tee_next() - find the next target that a TEE may have
 *
 * Goes by the order of rpmb_scan(), and by the numbers of a device's regions.
 * Leaves out targets that rpmb_tee_may() refuses, and devices that cannot be
 * probed.
 *
 * @pos:	where to go on: 0 to begin; set to the one behind what was found
 * @ref:	set to device and target
 * Return: 0; -ENODEV there are no more
 */
int rpmb_tee_next(u32 *pos, struct rpmb_ref *ref);

/**
 * rpmb_tee_may() - may a TEE have this target?
 *
 * Prints why not, once.
 *
 * @ref:	device, probed, and target
 * Return: 0; -EINVAL no such target; -ENOSYS the device has no JEDEC frames;
 *	-EROFS boot policy keeps its indexes there, or the policy's node is
 *	wrong; -EOPNOTSUPP no TEE knows this transport
 */
int rpmb_tee_may(struct rpmb_ref ref);

/**
 * rpmb_tee_describe() - what a TEE is told of a target
 *
 * @ref:	device, probed, and target
 * @facts:	set on success
 * Return: 0; else as rpmb_tee_may()
 */
int rpmb_tee_describe(struct rpmb_ref ref, struct rpmb_tee_facts *facts);

/**
 * rpmb_tee_route() - move frames of a TEE
 *
 * The target is the TEE's once the device has answered a request to read or write
 * blocks: nobody else writes to it until the next reset, also if the device is
 * removed and found again.
 *
 * @ref:	device, probed, and target
 * @frames:	as rpmb_route_frames()
 * Return: 0; -EDEADLK the TEE was asked in the middle of an operation on this
 *	target; else as rpmb_tee_may() and rpmb_route_frames()
 */
int rpmb_tee_route(struct rpmb_ref ref, const struct rpmb_frames *frames);

#endif /* _RPMB_TEE_H */
