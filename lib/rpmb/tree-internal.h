/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A strict reader of device tree blobs, for the parsers of lib/rpmb
 */

#ifndef _RPMB_TREE_INTERNAL_H
#define _RPMB_TREE_INTERNAL_H

#include <rpmb/fdt.h>
#include <rpmb/tree.h>

/** define RPMB_TREE_INDEX - bytes of location and index: three cells */
#define RPMB_TREE_INDEX		12

/** struct rpmb_tree_prop - a property of a node */
struct rpmb_tree_prop {
	const char *name;
	const u8 *data;
	int len;
};

/**
 * struct rpmb_tree_reader - the node that is being read
 *
 * @fdt:	blob, after rpmb_tree_check()
 * @node:	node
 * @seen:	properties that were read: bit per number
 * @fault:	what is wrong, and where
 */
struct rpmb_tree_reader {
	const void *fdt;
	int node;
	u32 seen;
	struct rpmb_tree_fault *fault;
};

/**
 * rpmb_tree_fail() - note what is wrong with the node
 *
 * @r:		reader
 * @prop:	property, NULL if it is about the node
 * @why:	what is wrong
 * @err:	-errno
 * Return: @err
 */
int rpmb_tree_fail(struct rpmb_tree_reader *r, const char *prop,
		   const char *why, int err);

/** rpmb_tree_bad() - note what is wrong with a property; returns -EINVAL */
int rpmb_tree_bad(struct rpmb_tree_reader *r, const struct rpmb_tree_prop *p,
		  const char *why);

/** rpmb_tree_has_text() - is the property's value this string, and no more? */
bool rpmb_tree_has_text(const struct rpmb_tree_prop *p, const char *text);

/** rpmb_tree_cell() - the @n-th cell of a value that is long enough */
u32 rpmb_tree_cell(const void *data, u32 n);

/**
 * rpmb_tree_u32() - the property's value, one cell
 *
 * @p:		property
 * Return: value; 2^32 - 1, which is valid for no property, if it is of another
 *	length
 */
u32 rpmb_tree_u32(const struct rpmb_tree_prop *p);

/**
 * rpmb_tree_index() - the @n-th rollback index of a value that is long enough
 *
 * @data:	triples of location, high and low half
 * @n:		number, from 0
 * @loc:	location
 * @index:	index
 */
void rpmb_tree_index(const void *data, u32 n, u32 *loc, u64 *index);

/** rpmb_tree_read_transport() - into enum rpmb_kdf_transport; 0 or -EINVAL */
int __must_check rpmb_tree_read_transport(struct rpmb_tree_reader *r,
					  const struct rpmb_tree_prop *p,
					  u8 *transport);

/** rpmb_tree_read_target() - below RPMB_TREE_TARGETS; 0 or -EINVAL */
int __must_check rpmb_tree_read_target(struct rpmb_tree_reader *r,
				       const struct rpmb_tree_prop *p,
				       u8 *target);

/** rpmb_tree_read_id() - an identifier of a length that one can have */
int __must_check rpmb_tree_read_id(struct rpmb_tree_reader *r,
				   const struct rpmb_tree_prop *p,
				   const u8 **id, u16 *len);

/**
 * rpmb_tree_check_device() - does the transport have such a target and id?
 *
 * @r:		reader
 * @t:		device; its dev_id may be NULL
 * Return: 0 or -EINVAL; names the properties "target" and "id"
 */
int __must_check rpmb_tree_check_device(struct rpmb_tree_reader *r,
					const struct rpmb_target_id *t);

/**
 * struct rpmb_tree_schema - the properties that a node may have
 *
 * @names:	names of the properties
 * @count:	number of them, at most 32
 * @required:	how many of them, from the first on, must be there
 * @read:	reads property number @read.which
 */
struct rpmb_tree_schema {
	const char * const *names;
	u32 count;
	u32 required;
	int (*read)(struct rpmb_tree_reader *r, void *into, u32 which,
		    const struct rpmb_tree_prop *p);
};

/**
 * rpmb_tree_read() - read all properties of a node
 *
 * None may be there twice or be unknown.
 *
 * @r:		reader
 * @schema:	properties that it may have
 * @into:	handed to the schema's read()
 * Return: 0; -EINVAL; an error of the schema's read()
 */
int __must_check rpmb_tree_read(struct rpmb_tree_reader *r,
				const struct rpmb_tree_schema *schema,
				void *into);

/**
 * rpmb_tree_check() - is this a plain device tree?
 *
 * Afterwards libfdt's functions cannot fail on it.
 *
 * @r:		reader, at the root
 * @size:	bytes of the blob; the tree must fill them
 * Return: 0; -E2BIG too large; -EINVAL
 */
int __must_check rpmb_tree_check(struct rpmb_tree_reader *r, size_t size);

#endif /* _RPMB_TREE_INTERNAL_H */
