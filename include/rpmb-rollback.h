/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rollback policy: may something with this index be booted?
 *
 * The control device tree says where the indexes are, and nothing else does: see
 * rpmb-node.h. With its node the policy is on. What it decides is in
 * doc/ROLLBACK.md.
 */

#ifndef _RPMB_ROLLBACK_POLICY_H
#define _RPMB_ROLLBACK_POLICY_H

#include <rpmb-node.h>

/**
 * rpmb_policy_is_on() - is there a node for the policy?
 *
 * The control tree is looked at once per boot, before the first script: what
 * becomes of it later does not matter.
 *
 * Return: true if the policy is on, also if its node is wrong, or if there must
 *	be one (CONFIG_RPMB_ROLLBACK_LOCKED)
 */
bool rpmb_policy_is_on(void);

/**
 * rpmb_policy_get() - what does the node say?
 *
 * @policy:	filled in, with what could be read also on error
 * Return: 0; -ENOENT there is no node; -EINVAL it is wrong
 */
int rpmb_policy_get(struct rpmb_policy *policy);

/**
 * rpmb_policy_device() - get the device that the node names
 *
 * By its name, never by the order in which devices were found or by a choice
 * of 'rpmb dev'. Looks for devices first.
 *
 * @policy:	filled in
 * @devp:	probed device
 * Return: 0; -ENOENT there is no node; -EINVAL it is wrong, or the device has no
 *	such target; -ENODEV no such device; -EIO and others: why it could not
 *	be probed. Never an error that means "blank" or "no key"
 */
int rpmb_policy_device(struct rpmb_policy *policy, struct udevice **devp);

/**
 * rpmb_policy_index() - get an index as it was read in this boot
 *
 * All indexes of a block are read when one of them is asked for first, and
 * errors are remembered as well: one device read per boot.
 *
 * @loc:	location, see rpmb_index_get()
 * @index:	the index; set on success only
 * Return: 0; -ENODATA never set; -ENOKEY the device says that it has no key;
 *	-EKEYREJECTED the key cannot be had; -EKEYREVOKED the boot ratchet has
 *	turned before it was read; else as rpmb_policy_device() and
 *	rpmb_index_get()
 */
int rpmb_policy_index(u32 loc, u64 *index);

/**
 * rpmb_policy_read() - get an index to boot by, or a refusal
 *
 * Where there is no index, an open board gets 0 and a warning. All else that is
 * not an index is refused, with a message: what was wrong, what state the
 * device is in, what to do.
 *
 * @loc:	location
 * @index:	the index; set on success only
 * Return: 0; else refuse to boot, -errno as rpmb_policy_index()
 */
int __must_check rpmb_policy_read(u32 loc, u64 *index);

/**
 * rpmb_policy_check() - may something with this index be booted?
 *
 * Says why not.
 *
 * @loc:	location
 * @index:	what the image says
 * Return: 0 boot it; else refuse: -EDOM the index is lower than what the
 *	device holds; -E2BIG it is 2^64 - 1, which is none; else as
 *	rpmb_policy_read()
 */
int __must_check rpmb_policy_check(u32 loc, u64 index);

/**
 * rpmb_policy_advance() - raise an index
 *
 * @loc:	location
 * @index:	new value
 * Return: as rpmb_policy_device() and rpmb_index_advance()
 */
int __must_check rpmb_policy_advance(u32 loc, u64 index);

/**
 * rpmb_policy_commit() - raise an index, unless it is known to be this one
 *
 * As rpmb_policy_advance(). The device is not asked again if this value was
 * read, authenticated, in this boot: it never goes down.
 *
 * @loc:	location
 * @index:	new value, of something that was verified
 * Return: as rpmb_policy_advance()
 */
int __must_check rpmb_policy_commit(u32 loc, u64 index);

/**
 * rpmb_policy_explain() - say what an error means, for somebody else
 *
 * @who:	first words of the message
 * @loc:	location
 * @err:	-errno of rpmb_policy_index() or rpmb_policy_check()
 */
void rpmb_policy_explain(const char *who, u32 loc, int err);

/**
 * rpmb_policy_refuse() - say why something is not booted
 *
 * What is wrong, the state of the device, what to do.
 *
 * @loc:	location
 * @err:	-errno of rpmb_policy_index() or rpmb_policy_check()
 */
void rpmb_policy_refuse(u32 loc, int err);

/**
 * rpmb_policy_forget() - read the indexes anew when they are next asked for
 *
 * After the boot ratchet has turned what was read is kept: it could not be
 * read again.
 */
void rpmb_policy_forget(void);

/**
 * rpmb_policy_tree_is_same() - are the control tree's keys those of the start?
 *
 * Signatures are checked by public keys in gd->fdt_blob, which some commands
 * replace, and which is in RAM.
 *
 * Return: true if the tree is as it was before the first script
 */
bool rpmb_policy_tree_is_same(void);

/**
 * struct rpmb_fit_slot - an image that must be able to boot
 *
 * @fit:	FIT, in memory
 * @conf:	name of its configuration, NULL for the one that bootm would take; with
 *		'#' and the name of each extra one that bootm gets behind it
 */
struct rpmb_fit_slot {
	const void *fit;
	const char *conf;
};

/**
 * rpmb_fit_commit() - raise the index to that of the images
 *
 * All of them are verified, signatures and hashes, and the index is raised to
 * the lowest one: whichever boots next, boots. Says what is wrong.
 *
 * @slots:	images, all of those that must be able to boot
 * @count:	number of them; at least as many as the control tree asks for
 * @any_location: scripts and what SPL loads will do as well, not only what
 *		bootm boots
 * @loc:	location that was raised; set on success only
 * @index:	its index now; set on success only
 * Return: 0, also if the index was that already; -EACCES refused, and said why: an
 *	image, too few images, one twice, or for different locations; else as
 *	rpmb_policy_get() and rpmb_policy_advance()
 */
int __must_check rpmb_fit_commit(const struct rpmb_fit_slot *slots, int count,
				 bool any_location, u32 *loc, u64 *index);

/** sandbox_rpmb_policy_reset() - for tests: forget all, as after a reset */
void sandbox_rpmb_policy_reset(void);

#endif /* _RPMB_ROLLBACK_POLICY_H */
