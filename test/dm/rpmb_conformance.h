/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every RPMB device must do, whatever its bus
 */

#ifndef _RPMB_CONFORMANCE_H
#define _RPMB_CONFORMANCE_H

#include <rpmb.h>
#include <dm/ofnode_decl.h>
#include <dm/uclass-id.h>
#include "../model/rpmb_model.h"

struct unit_test_state;

/* What rpmb_route_frames() takes: request, its number, reply, its number */
#define RPMB_FRAMES(...)	(&(const struct rpmb_frames){ __VA_ARGS__ })

/* Key ids that rpmb_conformance_setup() leaves behind */
#define RPMB_CONFORMANCE_KEY	1	/* the device's */
#define RPMB_CONFORMANCE_OTHER	2	/* another one */
#define RPMB_CONFORMANCE_EMPTY	3	/* a slot without key */

/**
 * struct conformance_case - one thing that a device must do
 *
 * @name:	the thing, for people
 * @fn:		does it; another key is in the slot behind that of @fn.ref
 */
struct conformance_case {
	const char *name;
	int (*fn)(struct unit_test_state *uts, struct rpmb_ref ref);
};

/* The same target with another key */
static inline struct rpmb_ref with_key(struct rpmb_ref ref, rpmb_keyid_t keyid)
{
	return rpmb_ref(ref.dev, ref.target, keyid);
}

/* Details of the last operation on a target */
static inline const struct rpmb_status *status_of(struct rpmb_ref ref)
{
	return rpmb_get_status(ref.dev, ref.target);
}

/* Frames of somebody else, for a target */
static inline int route(struct rpmb_ref ref, const struct rpmb_frames *frames)
{
	return rpmb_route_frames(ref.dev, ref.target, frames);
}

/**
 * rpmb_conformance_setup() - open board, two keys in their slots, no others
 *
 * @uts:	test state
 * Return: 0, or CMD_RET_FAILURE
 */
int rpmb_conformance_setup(struct unit_test_state *uts);

/**
 * rpmb_conformance_sandbox() - get sandbox's device, after that set-up
 *
 * @uts:	test state
 * @devp:	device, probed
 * Return: 0, or CMD_RET_FAILURE
 */
int rpmb_conformance_sandbox(struct unit_test_state *uts,
			     struct udevice **devp);

/**
 * rpmb_conformance_unbind() - take all devices of a kind away
 *
 * Of sandbox's MMC devices one prints an error whenever it is looked for, unless
 * its file is there. The next test has them again.
 *
 * @uts:	test state
 * @id:		kind
 * Return: 0, or CMD_RET_FAILURE
 */
int rpmb_conformance_unbind(struct unit_test_state *uts, enum uclass_id id);

/**
 * rpmb_conformance_node() - get the node of boot policy in the control FDT
 *
 * Return: node
 */
ofnode rpmb_conformance_node(void);

/**
 * rpmb_conformance_set_policy() - write what the node of boot policy says
 *
 * What was read of the node before stays in use until the next reset of the
 * board, or sandbox_rpmb_node_reset().
 *
 * @on:		false for a node that is none of ours
 * @name:	device; in a flat tree as long as the name that is there, since the
 *		nodes behind it must not move
 * @target:	target
 * Return: 0 or -errno
 */
int rpmb_conformance_set_policy(bool on, const char *name, u32 target);

/**
 * rpmb_conformance_key() - bytes of a test key
 *
 * @keyid:	RPMB_CONFORMANCE_KEY or RPMB_CONFORMANCE_OTHER
 * @key:	32 bytes
 */
void rpmb_conformance_key(rpmb_keyid_t keyid, u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_conformance_fill() - make data that look random, the same each time
 *
 * @buf:	buffer
 * @len:	bytes
 * @seed:	other data for each seed
 */
void rpmb_conformance_fill(u8 *buf, size_t len, u32 seed);

/**
 * rpmb_conformance_run() - run all cases, in order
 *
 * @uts:	test state
 * @dev:	probed RPMB device, fresh from the factory
 * @target:	target
 * Return: 0, or CMD_RET_FAILURE; the failing case is printed
 */
int rpmb_conformance_run(struct unit_test_state *uts, struct udevice *dev,
			 u8 target);

/**
 * struct rpmb_odd - a device that is not quite as the book has it
 *
 * @name:	what is odd
 * @quirks:	of the model
 * @max_wr:	blocks that a write message can have, 0: as many as it says
 * @max_rd:	the same of a read
 * @fault:	strikes twice in a row
 * @req:	... at requests of this type
 * @skip:	... after so many of them
 */
struct rpmb_odd {
	const char *name;
	u32 quirks;
	u32 max_wr;
	u32 max_rd;
	enum rpmb_model_fault fault;
	u16 req;
	u32 skip;
};

/**
 * rpmb_conformance_odd() - run all cases on devices that are small, flaky, odd
 *
 * @uts:	test state
 * @run:	runs them on a new device, with its model passed to
 *		rpmb_odd_make() first
 * Return: 0, or CMD_RET_FAILURE; the odd one is printed
 */
int rpmb_conformance_odd(struct unit_test_state *uts,
			 int (*run)(struct unit_test_state *uts,
				    const struct rpmb_odd *odd));

/**
 * rpmb_odd_make() - make a model odd, just powered up
 *
 * @odd:	how
 * @m:		model
 */
void rpmb_odd_make(const struct rpmb_odd *odd, struct rpmb_model *m);

/**
 * rpmb_faults_run() - run all faults of a device and its bus, in order
 *
 * @uts:	test state
 * @dev:	probed RPMB device, fresh from the factory
 * @target:	target
 * @m:		its model
 * Return: 0, or CMD_RET_FAILURE; the failing fault is printed
 */
int rpmb_faults_run(struct unit_test_state *uts, struct udevice *dev,
		    u8 target, struct rpmb_model *m);

#endif /* _RPMB_CONFORMANCE_H */
