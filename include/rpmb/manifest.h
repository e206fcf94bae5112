/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Provisioning manifests: which device gets which key
 *
 * A device tree blob, the content of a signed image; doc/develop/rpmb/spec.rst
 * has the format. The parser refuses everything that it does not know, since the
 * person who signed the manifest relies on all of it.
 */

#ifndef _RPMB_MANIFEST_H
#define _RPMB_MANIFEST_H

#include <rpmb/tree.h>

#define RPMB_MANIFEST_VERSION	1
#define RPMB_MANIFEST_MAX	RPMB_TREE_MAX	/* bytes in a manifest */
#define RPMB_MANIFEST_DEVICES	32	/* devices in a manifest */
#define RPMB_MANIFEST_BATCH	32	/* characters in a batch's name */
#define RPMB_MANIFEST_INDEXES	64	/* rollback indexes of a device */

/**
 * struct rpmb_manifest - an open manifest
 *
 * @fdt:	the blob
 * @batch:	name of the batch: letters, digits, '.', '_', '-'
 * @devices:	number of devices
 */
struct rpmb_manifest {
	const void *fdt;
	const char *batch;
	u32 devices;
};

/**
 * struct rpmb_manifest_device - what a manifest says of a device
 *
 * Pointers point into the blob.
 *
 * @name:	name of its node
 * @transport:	enum rpmb_kdf_transport
 * @target:	target number
 * @id:		identifier of the device; NULL: any device will do
 * @id_len:	bytes in @id
 * @key_id:	the key it gets
 * @check_value: that key's check value, RPMB_KCV_SIZE bytes; NULL if @id is
 * @indexes:	what to set rollback indexes to, for rpmb_manifest_index()
 * @nindexes:	number of them
 */
struct rpmb_manifest_device {
	const char *name;
	u8 transport;
	u8 target;
	const u8 *id;
	u16 id_len;
	u32 key_id;
	const u8 *check_value;
	const void *indexes;
	u32 nindexes;
};

/**
 * rpmb_manifest_open() - check a manifest from end to end
 *
 * @m:		manifest; refers to @blob, which must stay
 * @blob:	the device tree, 8-byte aligned
 * @size:	bytes in @blob; it must fill them
 * @fault:	set on error: what is wrong, and where
 * Return: 0; -E2BIG too large, or too many devices; -EEXIST two devices are
 *	the same, or would share a key; -EOPNOTSUPP of another version; -EINVAL
 *	no device tree, or anything else is wrong
 */
int __must_check rpmb_manifest_open(struct rpmb_manifest *m, const void *blob,
				    size_t size,
				    struct rpmb_tree_fault *fault);

/**
 * rpmb_manifest_device() - get a device of an open manifest
 *
 * @m:		manifest
 * @n:		number of the device, from 0, in the order of the manifest
 * @dev:	what the manifest says of it
 * Return: 0; -ENOENT no such device
 */
int __must_check rpmb_manifest_device(const struct rpmb_manifest *m, u32 n,
				      struct rpmb_manifest_device *dev);

/**
 * rpmb_manifest_match() - find what an open manifest says of a device
 *
 * Takes the entry that has its identifier, or else the entry for any device. In an
 * eMMC's CID product revision and CRC do not count, as in its key.
 *
 * @m:		manifest
 * @t:		device: transport, target and identifier
 * @dev:	what the manifest says of it
 * Return: 0; -ENOENT nothing
 */
int __must_check rpmb_manifest_match(const struct rpmb_manifest *m,
				     const struct rpmb_target_id *t,
				     struct rpmb_manifest_device *dev);

/**
 * rpmb_manifest_index() - get a rollback index of a device
 *
 * @dev:	device
 * @n:		number of the index, below @dev->nindexes
 * @loc:	its location
 * @index:	its value; never 2^64 - 1
 */
void rpmb_manifest_index(const struct rpmb_manifest_device *dev, u32 n,
			 u32 *loc, u64 *index);

#endif /* _RPMB_MANIFEST_H */
