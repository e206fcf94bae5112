/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every fault at every exchange of every operation, with a reboot after each
 *
 * What is injected comes from the tap in front of the device model, which all
 * transports share, and from the bus of each transport.
 */

#ifndef _RPMB_INJECT_H
#define _RPMB_INJECT_H

#include <rpmb.h>
#include "../model/rpmb_tap.h"

struct unit_test_state;
struct udevice;

#define INJECT_KEY	0x100	/* derived */
#define INJECT_BLOCKS	0x200	/* the smallest RPMB there is */

/**
 * struct inject_image - all that a device keeps
 *
 * @state:	key and counter
 * @data:	blocks
 */
struct inject_image {
	struct rpmb_model_state state;
	u8 data[INJECT_BLOCKS * RPMB_BLOCK_SIZE];
};

/**
 * struct inject_rig - a board with a device
 *
 * @bus:	transport
 * @host:	host controller or slot
 * @dev:	RPMB device
 * @model:	its device side
 * @name:	of @dev
 * @tap:	on the bus
 * @from:	first block that the last call of the uclass is about
 * @base:	requests for changes before that call
 * @lie:	what was believed, or said, and is not so; NULL: nothing
 * @counter:	that a token is for
 * @closed:	the board is closed from the next reboot on
 */
struct inject_rig {
	const struct inject_bus *bus;
	struct udevice *host;
	struct udevice *dev;
	struct rpmb_model *model;
	char name[16];
	struct rpmb_tap *tap;
	u32 from;
	u32 base;
	const char *lie;
	u32 counter;
	bool closed;
};

/**
 * struct inject_native - a fault of a transport of its own
 *
 * @name:	for people
 * @arm:	have it strike at event @at, or from there on
 * @seen:	events so far
 * @arg:	for @arm
 * @arg2:	for @arm
 */
struct inject_native {
	const char *name;
	void (*arm)(struct inject_rig *rig, const struct inject_native *n,
		    u32 at, bool for_good);
	u32 (*seen)(struct inject_rig *rig);
	int arg;
	int arg2;
};

/**
 * struct inject_bus - a transport
 *
 * @name:	as manifests call it
 * @plug:	have a device, and find it; fills in the rig
 * @unplug:	take it away
 * @natives:	faults of its own; ends with one without name
 * @gives_up:	after one of them the driver gives the device up until it is reset
 */
struct inject_bus {
	const char *name;
	int (*plug)(struct unit_test_state *uts, struct inject_rig *rig);
	int (*unplug)(struct unit_test_state *uts, struct inject_rig *rig);
	const struct inject_native *natives;
	bool gives_up;
};

/**
 * struct inject_op - an operation
 *
 * @name:	for people
 * @blank:	it begins with a device without key
 * @closed:	it is for a closed board
 * @most:	most writes that it may need, with all that is done again
 * @prepare:	what comes before, without a fault; NULL: nothing
 * @run:	does it. Return: what it returned
 * @again:	what it returns when it was done already
 * @is_read:	it changes nothing
 * @own_words:	what it says of itself is not struct rpmb_status
 */
struct inject_op {
	const char *name;
	bool blank;
	bool closed;
	u32 most;
	int (*prepare)(struct inject_rig *rig);
	int (*run)(struct inject_rig *rig);
	int again;
	bool is_read;
	bool own_words;
};

extern const struct inject_bus inject_sandbox, inject_emmc, inject_ufs,
	inject_virtio;
extern const struct inject_op inject_ops[];
extern const int inject_op_count;

/**
 * inject_begin() - a board with a device that has its key, and boot policy for it
 *
 * @uts:	test state
 * @rig:	rig
 * @bus:	transport
 * @tap:	for this rig alone
 * Return: 0, or CMD_RET_FAILURE
 */
int inject_begin(struct unit_test_state *uts, struct inject_rig *rig,
		 const struct inject_bus *bus, struct rpmb_tap *tap);

/** inject_end() - the device and boot policy's node are gone */
int inject_end(struct unit_test_state *uts, struct inject_rig *rig);

/** inject_save() - all that the device keeps */
void inject_save(struct inject_rig *rig, struct inject_image *image);

/**
 * inject_reboot() - all that the board knows is lost, nothing is armed
 *
 * @uts:	test state
 * @rig:	rig
 * @image:	what the device holds; NULL: as it is
 * Return: 0, or CMD_RET_FAILURE
 */
int inject_reboot(struct unit_test_state *uts, struct inject_rig *rig,
		  const struct inject_image *image);

/** inject_ref() - the rig's target, with its key */
static inline struct rpmb_ref inject_ref(struct inject_rig *rig)
{
	return rpmb_ref(rig->dev, 0, INJECT_KEY);
}

/** inject_lie() - remember that something was believed that is not so */
static inline int inject_lie(struct inject_rig *rig, const char *what)
{
	rig->lie = what;
	return 0;
}

/** inject_verb() - a call of the uclass comes, about blocks from this one on */
static inline void inject_verb(struct inject_rig *rig, u32 from)
{
	rig->from = from;
	rig->base = rig->tap->changes;
}

#endif /* _RPMB_INJECT_H */
