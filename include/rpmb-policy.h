/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot policy: what may be booted, and what raises, resets and authorises
 *
 * Rollback policy
 *	The control FDT says where the indexes are, and nothing else does: see
 *	rpmb-store.h. With its node the policy is on. What it decides is in
 *	doc/usage/rpmb/rollback-rules.rst.
 * Android's A/B metadata
 *	struct bootloader_control of include/android_bootloader_message.h, 2048
 *	bytes into the partition that is called misc as a rule. Nobody signs
 *	them: they decide when an index is raised, never to which value.
 * Signed data
 *	A key that signs images must not authorise the programming of keys, and
 *	the other way round. A FIT for a purpose has the purpose for its image
 *	type and for the name of the property in its configuration, and it is
 *	verified with those keys of the control FDT only that are required for
 *	this purpose. To every other verification such keys do not exist.
 *	doc/develop/rpmb/spec.rst has the format.
 * Service tokens: the way back of a board that refuses to boot
 *	A token is a FIT that is signed for this purpose alone, with a key of
 *	its own. It is for one device, at one value of its write counter, and it
 *	authorises one act: an index is set, or the board is open until its next
 *	reset. doc/usage/rpmb/service.rst says how to make and bring one,
 *	doc/develop/rpmb/spec.rst what is in it, doc/develop/rpmb/security.rst
 *	why it works once only.
 */

#ifndef _RPMB_POLICY_H
#define _RPMB_POLICY_H

#include <rpmb-store.h>

struct AvbOps;

/**
 * rpmb_policy_is_on() - is there a node for the policy?
 *
 * U-Boot reads the control FDT once per boot, before the first script. Later
 * changes to it have no effect.
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
 * Goes by its name, never by the order in which devices were found or by the
 * choice of 'rpmb dev'. Looks for devices first.
 *
 * @ref:	the device, probed, with the target and the key of the node
 * Return: 0; -ENOENT there is no node; -EINVAL it is wrong, or the device has no
 *	such target; -ENODEV no such device; -EIO and others: why it could not
 *	be probed. Never an error that means "blank" or "no key"
 */
int rpmb_policy_device(struct rpmb_ref *ref);

/**
 * rpmb_policy_found() - get the device that was found before
 *
 * For a caller that wants the status of an operation: rpmb_policy_device() would
 * not find an eMMC that no longer answers, and its status would be lost.
 *
 * @ref:	the device, probed, with the target and the key of the node
 * Return: as rpmb_policy_device()
 */
int rpmb_policy_found(struct rpmb_ref *ref);

/**
 * rpmb_policy_index() - get an index as it was read in this boot
 *
 * The first call for a block reads all of its indexes, and errors are remembered
 * as well, so the device is read once per boot. The first call for one of
 * Android's indexes reads all indexes and records.
 *
 * @loc:	location, see rpmb_index_get()
 * @index:	the index; set on success only
 * Return: 0; -EADDRNOTAVAIL there is no such location; -ENODATA never set;
 *	-ENOKEY the device says that it has no key; -EKEYREJECTED the key cannot
 *	be had; -EKEYREVOKED the boot ratchet has turned before it was read;
 *	else as rpmb_policy_device() and rpmb_index_get()
 */
int rpmb_policy_index(u32 loc, u64 *index);

/**
 * rpmb_policy_read() - get an index to boot by, or a refusal
 *
 * Where no index was set, an open board gets 0 and a warning. In all other cases
 * without an index this refuses, and prints what was wrong, what state the device
 * is in and what to do.
 *
 * @loc:	location
 * @index:	the index; set on success only
 * Return: 0; else refuse to boot, -errno as rpmb_policy_index()
 */
int __must_check rpmb_policy_read(u32 loc, u64 *index);

/**
 * rpmb_policy_check() - may something with this index be booted?
 *
 * Prints why not.
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
 * Return: -EADDRNOTAVAIL there is no such location; else as
 *	rpmb_policy_device() and rpmb_index_advance()
 */
int __must_check rpmb_policy_advance(u32 loc, u64 index);

/**
 * rpmb_policy_commit() - raise indexes, unless they are known to be these
 *
 * Does not ask the device again if these values were read, authenticated, in this
 * boot, since they never go down. Else one write raises all.
 *
 * @raise:	locations, all of one block, and their new values, which come
 *		from something that was verified
 * @count:	number of them; 0 is a success
 * Return: -EADDRNOTAVAIL there is no such location; else as
 *	rpmb_policy_device() and rpmb_index_advance_all()
 */
int __must_check rpmb_policy_commit(const struct rpmb_raise *raise, int count);

/**
 * rpmb_policy_explain() - print what an error means
 *
 * @who:	first words of the message: whom it concerns
 * @loc:	location
 * @err:	-errno of rpmb_policy_index() or rpmb_policy_check()
 */
void rpmb_policy_explain(const char *who, u32 loc, int err);

/**
 * rpmb_policy_refuse() - print why something is not booted
 *
 * Prints what is wrong, the state of the device and what to do.
 *
 * @loc:	location
 * @err:	-errno of rpmb_policy_index() or rpmb_policy_check()
 */
void rpmb_policy_refuse(u32 loc, int err);

/**
 * rpmb_policy_forget() - read the indexes anew when they are next asked for
 *
 * Does nothing after the boot ratchet has turned, since the indexes could not be
 * read again.
 */
void rpmb_policy_forget(void);

/**
 * rpmb_policy_tree_is_same() - are the control FDT's keys those of the start?
 *
 * U-Boot checks signatures by public keys in gd->fdt_blob. That tree is in RAM,
 * and some commands replace it.
 *
 * Return: true if the tree is as it was before the first script
 */
bool rpmb_policy_tree_is_same(void);

/**
 * struct rpmb_fit_conf - an image that must be able to boot
 *
 * @fit:	FIT, in memory
 * @conf:	name of its configuration, followed by '#' and the name of each
 *		extra one that bootm gets; NULL for the one that bootm would take
 */
struct rpmb_fit_conf {
	const void *fit;
	const char *conf;
};

/**
 * rpmb_fit_commit() - raise the index to that of the images
 *
 * Verifies signatures and hashes of all images, and raises the index to the lowest
 * of theirs, so that each of them can still boot. Prints what is wrong.
 *
 * @slots:	images, all of those that must be able to boot
 * @count:	number of them; at least as many as the control FDT asks for
 * @any_location: take scripts and what SPL loads as well, not only what bootm
 *		boots
 * @loc:	location that was raised; set on success only
 * @index:	its index now; set on success only
 * Return: 0, also if the index was that already; -EACCES refused, and printed why:
 *	an image is wrong, there are too few, one is there twice, or they are for
 *	different locations; else as rpmb_policy_get() and rpmb_policy_advance()
 */
int __must_check rpmb_fit_commit(const struct rpmb_fit_conf *slots, int count,
				 bool any_location, u32 *loc, u64 *index);

/** sandbox_rpmb_policy_reset() - for tests: forget all, as after a reset */
void sandbox_rpmb_policy_reset(void);

#define RPMB_AB_OFFSET	2048	/* bytes from the start of the partition */
#define RPMB_AB_SIZE	32	/* bytes */
#define RPMB_AB_SLOTS	4	/* in Android's A/B metadata: _a to _d */

/**
 * struct rpmb_ab - slots, bit 0 for slot _a
 *
 * @bootable:	slots that any reader of the metadata could boot. AOSP boots a
 *		slot that is marked successful or has tries left, unless its
 *		priority is 0. U-Boot boots a slot that has tries left, whatever
 *		its priority. The slot that was chosen last is about to boot,
 *		perhaps on its last try. Nobody boots a slot that dm-verity has
 *		found corrupted
 * @successful:	those of @bootable that are marked successful: the operating
 *		system has said that it works
 */
struct rpmb_ab {
	u8 bootable;
	u8 successful;
};

/**
 * rpmb_ab_parse() - check and read A/B metadata
 *
 * @buf:	RPMB_AB_SIZE bytes
 * @ab:		filled in on success
 * Return: 0; -EBADMSG damaged or not there (checksum, magic, more slots than
 *	there can be); -EPROTONOSUPPORT of a later version
 */
int rpmb_ab_parse(const void *buf, struct rpmb_ab *ab);

/**
 * rpmb_ab_read() - read A/B metadata from a partition
 *
 * Prints what is wrong. Writes nothing, unlike 'bcb ab_select'.
 *
 * @ifname:	interface, such as "mmc"
 * @part:	device and partition, such as "0#misc" or "0:1"
 * @ab:		filled in on success
 * Return: 0; -ENODEV no such device or partition; -ENOSPC the partition is too
 *	small; -EIO it cannot be read; -ENOMEM; else as rpmb_ab_parse()
 */
int rpmb_ab_read(const char *ifname, const char *part, struct rpmb_ab *ab);

/**
 * rpmb_ab_refuse() - print why the metadata cannot be used
 *
 * @err:	-errno of rpmb_ab_parse() or rpmb_ab_read()
 * Return: @err
 */
int rpmb_ab_refuse(int err);

/**
 * rpmb_ab_may_commit() - has a slot that can boot proved itself?
 *
 * Prints a message if none has.
 *
 * @ab:		metadata
 * Return: true if there is something to commit
 */
bool rpmb_ab_may_commit(const struct rpmb_ab *ab);

/** define RPMB_SIGNED_MANIFEST - purpose of a provisioning manifest */
#define RPMB_SIGNED_MANIFEST	"rpmb-manifest"

/** define RPMB_SIGNED_TOKEN - purpose of a service token */
#define RPMB_SIGNED_TOKEN	"rpmb-token"

/**
 * struct rpmb_signed - what a FIT carries for a purpose
 *
 * @data:	inside the FIT
 * @size:	bytes of @data
 * @why:	what was wrong, in words; set on error
 */
struct rpmb_signed {
	const void *data;
	size_t size;
	const char *why;
};

/**
 * rpmb_signed_open() - verify a FIT and get what it carries for a purpose
 *
 * Its default configuration must be signed by all keys of the purpose, and the
 * signature must cover the configuration, the image and its hash.
 *
 * @fit:	the FIT, 8-byte aligned
 * @size:	bytes that are there
 * @purpose:	what it must have been signed for
 * @s:		the data, or what was wrong
 * Return: 0; -ENOKEY the control FDT has no key for the purpose; -EINVAL no
 *	FIT, or not for this purpose; -EACCES not signed as it must be;
 *	-EBADMSG the data are not those that were signed; -ENOMEM
 */
int rpmb_signed_open(const void *fit, size_t size, const char *purpose,
		     struct rpmb_signed *s);

/**
 * rpmb_token_use_fit() - verify a token and carry it out
 *
 * Works on closed boards and on open ones, until the boot ratchet turns. Prints
 * what was done, or why not.
 *
 * @fit:	the token, 8-byte aligned
 * @size:	bytes that are there; the FIT may have fewer
 * Return: 0 done, and the token is used up; -EINVAL no FIT, or not for this
 *	purpose; -ENOKEY the control FDT has no key for tokens; -EACCES,
 *	-EBADMSG not signed as it must be; -ENOMEM; else as
 *	rpmb_token_use()
 */
int rpmb_token_use_fit(const void *fit, size_t size);

/**
 * rpmb_token_use() - carry out a token that the caller has verified
 *
 * @token:	the device tree blob in it, 8-byte aligned
 * @size:	bytes of it
 * Return: 0 done, and the token is used up; -EKEYREVOKED the boot ratchet has
 *	turned; -EINVAL, -E2BIG, -EOPNOTSUPP not a token, or no such location;
 *	-ENOENT the control FDT names no RPMB; -EXDEV it is for another device;
 *	-EKEYEXPIRED it is used up, or not for now; else as
 *	rpmb_policy_device(), rpmb_get_write_count(), rpmb_index_reset() and
 *	rpmb_rma_open()
 */
int rpmb_token_use(const void *token, size_t size);

/**
 * rpmb_avb_set_unlocked() - change the lock state
 *
 * @unlocked:	new state
 * Return: 0; -EPERM to be unlocked, but the board is closed; -EINVAL the
 *	control FDT has no node, or a wrong one; -EKEYREVOKED the boot ratchet
 *	has turned; else as rpmb_policy_device() and rpmb_record_write()
 */
int rpmb_avb_set_unlocked(bool unlocked);

/**
 * rpmb_avb_commit() - raise the indexes to what verified slots hold
 *
 * Verifies every slot as if the device were locked. Then advances each location to
 * the lowest index that any of these slots has there, so that all of them can
 * still be booted. Prints what is wrong.
 *
 * @ops:	operations
 * @count:	slots; at least as many as the control FDT asks for
 * @suffixes:	their suffixes, such as "_a"
 * Return: 0; -EINVAL too few slots, one twice, or the control FDT has no node
 *	or a wrong one; -EBADMSG a slot was not verified; -EKEYREVOKED the boot
 *	ratchet has turned; else as rpmb_policy_advance()
 */
int rpmb_avb_commit(struct AvbOps *ops, int count, char *const suffixes[]);

/**
 * rpmb_avb_commit_ab() - commit the slots that Android's A/B metadata let boot
 *
 * Does as rpmb_avb_commit() for all slots that may be booted, once one of them is
 * marked successful. Prints what is wrong, or that there is nothing to commit.
 *
 * @ops:	operations, which read the metadata, too
 * @partition:	where they are, "misc" as a rule
 * Return: 0; 1 no slot is marked successful yet: there was nothing to do; -EIO,
 *	-EBADMSG, -EPROTONOSUPPORT no metadata, see rpmb_ab_parse(); -ENOSYS not
 *	built in (CONFIG_RPMB_ROLLBACK_AB); else as rpmb_avb_commit()
 */
int rpmb_avb_commit_ab(struct AvbOps *ops, const char *partition);

/** sandbox_rpmb_avb_reset() - for tests: forget all, as after a reset */
void sandbox_rpmb_avb_reset(void);

#endif /* _RPMB_POLICY_H */
