// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What errors mean to a person: the one place for such words
 *
 * The same number means one thing where an operation was asked for, and another
 * where boot policy looks for what is stored: a table for each. Provisioning
 * has verdicts for stations, see provision-verdict.c.
 */

#include <linux/errno.h>
#include <rpmb-reason.h>

/* The first row that fits; a table ends with one that fits all */
static const struct rpmb_reason *find(const struct rpmb_reason *r, int err,
				      enum rpmb_fault fault)
{
	while ((r->err && r->err != err) || (r->fault && r->fault != fault))
		r++;
	return r;
}

/* SPL has no room for them, and no commands either */
#define DO(text)	(IS_ENABLED(CONFIG_XPL_BUILD) ? \
			 "see doc/usage/rpmb/rollback.rst" : (text))

static const struct rpmb_reason stored[] = {
	{ -ENODATA, RPMB_FAULT_NONE,
	  "no rollback index has ever been stored",
	  "it answers, signed with our key: there is nothing at this location",
	  DO("store one: 'rpmb rollback commit'; on an open board 'rpmb rollback advance'") },
	{ -ENOKEY, RPMB_FAULT_NONE,
	  "the RPMB says that it has no key",
	  "new, or exchanged, or somebody answers in its place: this answer cannot be signed",
	  DO("program the key on an open board, see 'rpmb program-key'; then store an index") },
	{ -EDOM, RPMB_FAULT_NONE,
	  "the image is older than what has been booted before",
	  "in order, the index is signed with our key",
	  DO("boot an image with this index or a higher one") },
	{ -E2BIG, RPMB_FAULT_NONE,
	  "the image's index is 2^64 - 1, which is none",
	  "in order, the index is signed with our key",
	  DO("give the image a lower index: nothing could follow this one") },
	{ -EBADMSG, RPMB_FAULT_NONE,
	  "the answer is not signed with our key",
	  "another device, or another key in it; or the answer was forged",
	  DO("put the device of this board back; if it is there, somebody is on the bus") },
	{ -EPROTO, RPMB_FAULT_NONE,
	  "the answer belongs to another question",
	  "not known: an old answer was played again, or somebody else uses the RPMB",
	  DO("reset; if it stays like this, somebody is on the bus") },
	{ -ENODEV, RPMB_FAULT_NONE,
	  "the RPMB is not there",
	  "missing, dead, or under another name",
	  DO("see 'rpmb list'; the control FDT says which one it must be") },
	{ -ENXIO, RPMB_FAULT_NONE,
	  "the RPMB went away or was exchanged",
	  "another one than at the start, or none",
	  DO("put the device back that belongs to this board, and reset") },
	{ -ETIMEDOUT, RPMB_FAULT_NONE,
	  "the RPMB did not answer in time",
	  "not known, nothing was written",
	  DO("switch power off and on") },
	{ -EPROTONOSUPPORT, RPMB_FAULT_NONE,
	  "it was stored by a later U-Boot than this one",
	  "in order, in a format that is not known here",
	  DO("install the U-Boot that wrote it, or a later one") },
	{ -EUCLEAN, RPMB_FAULT_NONE,
	  "what is stored there is nothing of ours",
	  "it answers, signed with our key: somebody else has written to this place",
	  DO("find out who uses this RPMB as well; a service token resets the index") },
	{ -EKEYREVOKED, RPMB_FAULT_NONE,
	  "it was not read before the keys were wiped",
	  "not asked, the boot ratchet has turned",
	  DO("reset") },
	{ -EKEYREJECTED, RPMB_FAULT_NONE,
	  "the key that the control FDT names cannot be had",
	  "not asked",
	  DO("see 'rpmb key list': an empty slot, or no unique key, or a weak one") },
#ifndef CONFIG_XPL_BUILD	/* SPL has no room to tell these apart */
	{ -EUNATCH, RPMB_FAULT_NONE,
	  "there are no random numbers, an old answer would pass for a new one",
	  "not asked",
	  DO("see 'rng list': the board needs an rng device, and it must deliver") },
	{ -ERANGE, RPMB_FAULT_NONE,
	  "the RPMB is too small for rollback indexes",
	  "it has not enough blocks",
	  DO("see 'rpmb get-info', and CONFIG_RPMB_ROLLBACK_START") },
#endif
	{ -EINVAL, RPMB_FAULT_NONE,
	  "the control FDT asks for what is not there",
	  "not asked",
	  DO("correct the node \"u-boot,rpmb-rollback\" (rpmb, target, key-id), or the location") },
	{ -ENOENT, RPMB_FAULT_NONE,
	  "the control FDT names no RPMB",
	  "not asked",
	  DO("add the node \"u-boot,rpmb-rollback\"") },
	{ 0, RPMB_FAULT_NONE,
	  "what is stored there cannot be read",
	  "not known, nothing was written",
	  DO("switch power off and on; see 'rpmb list'") },
};

const struct rpmb_reason *rpmb_reason_stored(int err)
{
	return find(stored, err, RPMB_FAULT_NONE);
}

#ifndef CONFIG_XPL_BUILD
static const struct rpmb_reason written[] = {
	{ -EPERM, RPMB_FAULT_NONE,
	  "this board is closed", NULL,
	  "it stays locked, and indexes come from 'avb commit'" },
	{ -E2BIG, RPMB_FAULT_NONE,
	  "this is no index: nothing could follow it", NULL,
	  "take a lower one" },
	{ -EDOM, RPMB_FAULT_NONE,
	  "the device holds a higher one, and it never goes down", NULL,
	  "take a higher one; a service token resets the index" },
	{ -EKEYREVOKED, RPMB_FAULT_NONE,
	  "the keys have been wiped, on a closed board before the first script",
	  NULL,
	  "reset; CONFIG_RPMB_ROLLBACK_COMMIT_CMD commits before that" },
	{ -ENOSPC, RPMB_FAULT_NONE,
	  "there is no room for one more record", NULL,
	  "see CONFIG_RPMB_RECORD_BLOCKS" },
	{ 0 }
};

const struct rpmb_reason *rpmb_reason_written(int err)
{
	const struct rpmb_reason *r = find(written, err, RPMB_FAULT_NONE);

	return r->err ? r : rpmb_reason_stored(err);
}

static const struct rpmb_reason verbs[] = {
	{ -EALREADY, RPMB_FAULT_NONE,
	  "the device already holds this key (proven by an authenticated counter read)" },
	{ -EEXIST, RPMB_FAULT_NONE,
	  "another target answers to this key (proven): two of them could be played against each other",
	  NULL,
	  "use a key of its own for each device and region" },
	{ -EREMOTE, RPMB_FAULT_NONE,
	  "another device may hold this key, and does not answer", NULL,
	  "see 'rpmb list'; a derived key is another for each device" },
	{ -EBUSY, RPMB_FAULT_NONE,
	  "an attempt to program a key has failed, and the device has had power since",
	  NULL,
	  "switch power off and on, then try again: the same key is recognised if it is there" },
	{ -EKEYREVOKED, RPMB_FAULT_NONE,
	  "the boot ratchet has turned: there are no keys until the next reset",
	  NULL,
	  "on a closed board CONFIG_RPMB_ROLLBACK_COMMIT_CMD commits before that" },
	{ -EKEYREJECTED, RPMB_FAULT_NONE,
	  "the key, or what it is made from, is blank, patterned or published: no secret" },
	{ -EKEYEXPIRED, RPMB_FAULT_PARAM,
	  "the key is made from a unique key that will be another one once this board is closed",
	  NULL,
	  "bring the board into the state in which its unique key is final, then program the key" },
	/* without the device: the key could not be had */
	{ -ENOSYS, RPMB_FAULT_PARAM,
	  "the board has no unique key" },
	{ -EACCES, RPMB_FAULT_PARAM,
	  "the unique key is locked" },
	{ -EMSGSIZE, RPMB_FAULT_PARAM,
	  "the unique key does not have 0x10 to 0x40 bytes" },
	{ -EOPNOTSUPP, RPMB_FAULT_PARAM,
	  "the provider has no keys for this transport" },
	{ -EPERM, RPMB_FAULT_NONE,
	  "the board is closed: keys, raw writes and the self test are refused" },
	{ -EROFS, RPMB_FAULT_NONE,
	  "some of these blocks hold rollback indexes or named records, which are not written raw",
	  NULL,
	  "choose other blocks; 'rpmb rollback' advances an index" },
	{ -EADDRINUSE, RPMB_FAULT_NONE,
	  "a TEE uses this RPMB, and would fail at its next write if somebody else wrote",
	  NULL,
	  "reset, and write before the TEE is asked for anything" },
	{ -EOVERFLOW, RPMB_FAULT_NONE,
	  "the write counter is exhausted: the target can be read, never written again",
	  NULL,
	  "replace the device" },
	{ -ENOKEY, RPMB_FAULT_RESULT,
	  "the device says that no key is programmed (unsigned: a hint, no proof)",
	  NULL,
	  "program one: rpmb program-key <keyid>" },
	{ -ENOKEY, RPMB_FAULT_NONE,
	  "the key slot is empty", NULL,
	  "fill it: rpmb key add <keyid> <addr>" },
	{ 0, RPMB_FAULT_RNG,
	  "there are no random numbers: without a fresh nonce a recorded reply would pass",
	  NULL,
	  "add an rng device (QEMU: -device virtio-rng-device), see 'rng list'" },
	{ -ETIMEDOUT, RPMB_FAULT_LINK,
	  "the device did not answer in time", NULL,
	  "power-cycle the device and try again" },
	{ -ENXIO, RPMB_FAULT_LINK,
	  "the device went away or was swapped", NULL,
	  "see 'rpmb list'" },
	{ 0, RPMB_FAULT_LINK,
	  "the transfer failed", NULL,
	  "power-cycle the device and try again" },
	{ 0, RPMB_FAULT_TYPE,
	  "the reply is of another type than was asked for", NULL,
	  "somebody else may be using the RPMB; try again" },
	{ 0, RPMB_FAULT_MAC,
	  "the reply is not signed with this key", NULL,
	  "check the key id; if it is right, the reply was forged" },
	{ 0, RPMB_FAULT_NONCE,
	  "the reply answers another request (nonce)", NULL,
	  "an old reply was played again; try again" },
	{ 0, RPMB_FAULT_ADDRESS,
	  "the reply is for another address" },
	{ 0, RPMB_FAULT_COUNT,
	  "the reply has another number of blocks" },
	{ 0, RPMB_FAULT_COUNTER,
	  "the write counter is not what it must be", NULL,
	  "somebody else may be writing; try again" },
	{ 0, RPMB_FAULT_READBACK,
	  "the data read back differ from the data written", NULL,
	  "another frame may have been played in place of ours; write again" },
	{ -EACCES, RPMB_FAULT_RESULT,
	  "the device refused the authentication", NULL,
	  "check the key id" },
	{ -ESTALE, RPMB_FAULT_RESULT,
	  "the device refused the write counter", NULL,
	  "somebody else may be writing; try again" },
	{ -ERANGE, RPMB_FAULT_PARAM,
	  "the target has no such blocks: it is too small", NULL,
	  "see 'rpmb get-info'; CONFIG_RPMB_ROLLBACK_START says where the indexes are" },
	{ -ERANGE, RPMB_FAULT_NONE,
	  "the device refused the address" },
	{ -EINVAL, RPMB_FAULT_NONE,
	  "there is no such key id", NULL,
	  "see 'rpmb key list'" },
	{ -ENOMEM, RPMB_FAULT_NONE,
	  "out of memory" },
	{ -ENOSYS, RPMB_FAULT_NONE,
	  "the device cannot do this" },
	{ 0, RPMB_FAULT_RESULT,
	  "the device reports a failure" },
	{ 0, RPMB_FAULT_NONE,
	  "it failed" },
};

const struct rpmb_reason *rpmb_reason_verb(int err, enum rpmb_fault fault)
{
	return find(verbs, err, fault);
}

static const struct rpmb_reason ab[] = {
	{ -EBADMSG, RPMB_FAULT_NONE,
	  "the A/B metadata are damaged, or were never written", NULL,
	  "see 'bcb ab_dump'; 'bcb ab_select' writes new ones" },
	{ -EPROTONOSUPPORT, RPMB_FAULT_NONE,
	  "the A/B metadata are of a later version than is known here", NULL,
	  "install a U-Boot that knows it" },
	{ -ENODEV, RPMB_FAULT_NONE,
	  "there is no partition for A/B metadata", NULL,
	  "name the one that 'bcb ab_select' goes by, see 'part list'" },
	{ -ENOSPC, RPMB_FAULT_NONE,
	  "the partition is too small for A/B metadata", NULL,
	  "name the one that 'bcb ab_select' goes by, see 'part list'" },
	{ 0, RPMB_FAULT_NONE,
	  "the A/B metadata cannot be read", NULL,
	  "try again; see 'part list'" },
};

const struct rpmb_reason *rpmb_reason_ab(int err)
{
	return find(ab, err, RPMB_FAULT_NONE);
}
#endif
