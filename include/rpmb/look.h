/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check a device tree that nobody has verified, before libfdt reads it
 *
 * libfdt trusts the tree that it reads. Some lengths make it loop for ever, and
 * a tree can be made such that nested searches take minutes. rpmb_look() reads
 * a tree once from end to end, in a bounded number of steps. A tree that it
 * refuses must not be read by anything else. doc/develop/rpmb/spec.rst has the
 * rules.
 */

#ifndef _RPMB_LOOK_H
#define _RPMB_LOOK_H

#include <rpmb/types.h>

/**
 * struct rpmb_look_limits - how much there may be in a tree
 *
 * @nodes:	nodes, the root among them
 * @tags:	tags of its structure: starts and ends of nodes, properties, NOPs
 * @depth:	nodes in a path, the root among them
 * @leaves:	nodes below one node at depth 3, such as hashes and signatures
 * @values:	bytes of all values but those of properties named "data". A
 *		signature is checked over so many
 * @name:	bytes in the name of a node or property, without the NUL
 * @strings:	bytes of the names of properties, all together
 * @reserved:	entries of the list of reserved memory
 * @align:	alignment of the tree in memory, in bytes
 * @plain:	no NOPs, and names of nodes without blanks, slashes and unit
 *		addresses
 */
struct rpmb_look_limits {
	u32 nodes;
	u32 tags;
	u32 depth;
	u32 leaves;
	u32 values;
	u32 name;
	u32 strings;
	u32 reserved;
	u8 align;
	bool plain;
};

/** define RPMB_LOOK_HEADER - bytes of a header; less is no tree */
#define RPMB_LOOK_HEADER	40

/** rpmb_look_fit - limits of a FIT: some hundred images and configurations */
extern const struct rpmb_look_limits rpmb_look_fit;

/** rpmb_look_os - limits of a device tree for an operating system */
extern const struct rpmb_look_limits rpmb_look_os;

/** rpmb_look_data - limits of a manifest or token */
extern const struct rpmb_look_limits rpmb_look_data;

/**
 * rpmb_look_most_steps() - get the most steps that a look can take
 *
 * @max:	limits
 * Return: number of steps: a byte of a name, an entry and a tag are one each
 */
static inline u32 rpmb_look_most_steps(const struct rpmb_look_limits *max)
{
	return max->reserved + 1 + max->strings + max->tags +
		(max->nodes + 1) * (max->name + 1);
}

/**
 * rpmb_look() - can this tree be read without harm?
 *
 * Reads nothing beyond @size bytes, and no byte twice. If it returns 0, each
 * name ends inside its block, each value is inside the tree, and all readers
 * see the same nodes at the same depths.
 *
 * @fdt:	what may be a tree
 * @size:	bytes that are there
 * @max:	how much may be in it
 * @steps:	set to the number of steps that it took
 * Return: 0; -EINVAL no tree, or not a sound one; -E2BIG more than @max
 */
int __must_check rpmb_look(const void *fdt, size_t size,
			   const struct rpmb_look_limits *max, u32 *steps);

#endif /* _RPMB_LOOK_H */
