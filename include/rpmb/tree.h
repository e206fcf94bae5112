/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device tree blobs that are read strictly, and how they name devices
 *
 * Manifests (rpmb/manifest.h) and service tokens (rpmb/token.h) have this in
 * common: the names of the transports, and what is said of a blob that was
 * refused.
 */

#ifndef _RPMB_TREE_H
#define _RPMB_TREE_H

#include <rpmb/kdf.h>

#define RPMB_TREE_MAX		0x10000	/* bytes in a blob */
#define RPMB_TREE_TARGETS	4	/* targets of UFS, sandbox; others: 1 */
#define RPMB_TREE_ID		512	/* bytes in an identifier */

/**
 * struct rpmb_tree_fault - why a blob was refused
 *
 * @node:	name of the node, "/" for the root
 * @prop:	name of the property, NULL if it is about the node
 * @why:	what is wrong, some words of English
 *
 * The names point into the blob. They are terminated, but can be anything else
 * until somebody has verified the blob.
 */
struct rpmb_tree_fault {
	const char *node;
	const char *prop;
	const char *why;
};

/**
 * rpmb_tree_transport() - a transport's name in blobs
 *
 * @transport:	enum rpmb_kdf_transport
 * Return: name, NULL for none of them
 */
const char *rpmb_tree_transport(u8 transport);

#endif /* _RPMB_TREE_H */
