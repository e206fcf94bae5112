/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node of the control tree that switches the rollback policy on
 *
 *	rpmb-rollback {
 *		compatible = "u-boot,rpmb-rollback";
 *		rpmb = "mmc0";
 *		target = <0>;
 *		key-id = <0x100>;
 *		slots = <2>;
 *	};
 *
 * It is read in one place, once per boot: see doc/device-tree-bindings/rpmb.
 */

#ifndef _RPMB_NODE_H
#define _RPMB_NODE_H

#include <rpmb.h>

/** define RPMB_MAX_SLOTS - most images that one commit can name */
#define RPMB_MAX_SLOTS	4

/**
 * struct rpmb_policy - what the control tree says
 *
 * @name:	stable name of the RPMB device, as of 'rpmb list'
 * @target:	target
 * @keyid:	key
 * @slots:	images that must be able to boot, see rpmb_fit_commit()
 */
struct rpmb_policy {
	char name[32];
	u8 target;
	rpmb_keyid_t keyid;
	u32 slots;
};

/**
 * rpmb_node_get() - what did the policy's node say at the start?
 *
 * The first call takes a snapshot, and U-Boot makes it before the first script:
 * what becomes of the tree later does not matter. A node of which a property
 * has not the form that the binding asks for is wrong as a whole: what it means
 * is not guessed.
 *
 * @policy:	filled in, with what could be read also on error
 * Return: 0; -ENOENT there is no node; -EINVAL it is wrong, or there are two
 */
int rpmb_node_get(struct rpmb_policy *policy);

/** sandbox_rpmb_node_reset() - for tests: look again, as after a reset */
void sandbox_rpmb_node_reset(void);

#endif /* _RPMB_NODE_H */
