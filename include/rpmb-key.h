/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RPMB keys by id, their providers, and the unique key they derive
 * from
 *
 * A provider is a device of UCLASS_RPMB_KEY. Its number, `reg` in the device
 * tree, stands in bits 15..8 of a key id, the slot in bits 7..0. Every
 * provider's keys are bound to transport, device id and target, so that no two
 * targets share one. Only the uclass calls providers: key bytes stay inside.
 */

#ifndef _RPMB_KEY_H
#define _RPMB_KEY_H

#include <rpmb.h>
#include <rpmb/kdf.h>

/**
 * rpmb_key_add() - put a key into a RAM slot
 *
 * Wipes the key that was in the slot. The caller wipes its own copy.
 *
 * @keyid:	RAM slot, 1 to CONFIG_RPMB_KEY_SLOTS
 * @key:	32 bytes
 * Return: 0; -EPERM the board is closed; -EKEYREVOKED the boot ratchet has
 *	turned; -EINVAL no RAM slot; -EKEYREJECTED the key is blank, patterned
 *	or published, see rpmb_kdf_is_weak(); -ENOMEM
 */
int rpmb_key_add(rpmb_keyid_t keyid, const u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_key_remove() - wipe a RAM slot
 *
 * @keyid:	RAM slot; nothing happens if it is empty, or if this is no RAM slot
 */
void rpmb_key_remove(rpmb_keyid_t keyid);

/**
 * rpmb_key_provider() - get the name of a key's provider
 *
 * @keyid:	key id
 * Return: the slot's name, or the provider's if the slot has none. NULL if there
 *	is no such provider or slot, if a RAM slot is empty, and once the boot
 *	ratchet has turned
 */
const char *rpmb_key_provider(rpmb_keyid_t keyid);

/**
 * rpmb_key_check_value() - compare keys without seeing them
 *
 * @ref:	device, target and key
 * @kcv:	check value, RPMB_KCV_SIZE bytes; see rpmb_kdf_check_value()
 * Return: 0; -EINVAL no such key id or target, or two providers of this
 *	number; -ENOKEY the key slot is empty; -EKEYREVOKED the boot ratchet
 *	has turned; -EKEYREJECTED the secret that the key is made from is
 *	blank, patterned or published; -ENOSYS the board has no unique key;
 *	-EACCES it is locked; -EMSGSIZE it is too short; -EOPNOTSUPP the
 *	provider has no keys for this transport; -EDEADLK an operation on the
 *	target is under way; -EBUSY a provider's key is in use; -EIO, -ENOMEM
 *	and others of whatever keeps the secret
 */
int rpmb_key_check_value(struct rpmb_ref ref, u8 kcv[RPMB_KCV_SIZE]);

/**
 * rpmb_key_check_final() - is a key one that the board keeps?
 *
 * @keyid:	key id
 * Return: 0, also if there is no such key; -EKEYEXPIRED the key is made from
 *	the unique key, which will change: board_rpmb_huk_is_final() says so
 */
int rpmb_key_check_final(rpmb_keyid_t keyid);

/**
 * rpmb_get_target_id() - get what keys and tokens are bound to
 *
 * @dev:	probed RPMB device
 * @target:	target, known to exist
 * @t:		transport, region and identifier; points into the device's facts
 */
void rpmb_get_target_id(struct udevice *dev, u8 target,
			struct rpmb_target_id *t);

/**
 * rpmb_is_ratcheted() - has the boot ratchet turned?
 *
 * See rpmb_ratchet() in rpmb-hooks.h.
 *
 * Return: true if there are no keys until the next reset
 */
bool rpmb_is_ratcheted(void);

/**
 * rpmb_ratchet_pass_huk() - have the ratchet leave the unique key unlocked
 *
 * SPL calls this before it jumps to what its policy has verified: U-Boot derives
 * keys as well, and turns the ratchet again.
 */
void rpmb_ratchet_pass_huk(void);

/** rpmb_key_wipe_all() - wipe every key slot and forget all cached counters */
void rpmb_key_wipe_all(void);

/**
 * struct rpmb_key_ops - operations of a key provider
 *
 * @name:	what 'rpmb key list' calls it
 */
struct rpmb_key_ops {
	const char *name;
	/**
	 * @slots: names of slots 0, 1 and so on, ended by NULL, of a provider
	 * that has a few slots; NULL for one with 256 slots, all alike
	 */
	const char *const *slots;
	/** @of_huk: keys are made from the board's unique key */
	bool of_huk;

	/**
	 * @get: make the key of a slot for a target
	 *
	 * @get.dev:	provider
	 * @get.slot:	slot, 0 to 255
	 * @get.target:	transport, device id and region it is for
	 * @get.key:	the key, 32 bytes; the caller wipes it
	 * @get.Return:	0; -EINVAL no such slot; -EKEYREJECTED the secret
	 *	that it would be made from is blank, patterned or published;
	 *	-EOPNOTSUPP not for this transport; -EIO, -ENOMEM and others
	 *	of whatever keeps the secret
	 */
	int (*get)(struct udevice *dev, u8 slot,
		   const struct rpmb_target_id *target,
		   u8 key[RPMB_KEY_SIZE]);

	/**
	 * @lock: make the secret unreadable until the next reset
	 *
	 * For a provider that has a secret of its own; NULL for one that has
	 * only the board's unique key. Called when the boot ratchet turns.
	 *
	 * @lock.dev:		provider
	 * @lock.Return:	0 it was tried, and the secret cannot be read
	 *	any more; -EACCES it still can; other errors of what keeps it
	 */
	int (*lock)(struct udevice *dev);
};

#define rpmb_key_get_ops(dev)	((struct rpmb_key_ops *)(dev)->driver->ops)

/**
 * rpmb_huk_get() - get the unique key, checked
 *
 * @huk:	room for RPMB_HUK_MAX bytes; the caller wipes it
 * Return: its length in bytes; -EKEYREJECTED it is blank, patterned or
 *	published; -EMSGSIZE fewer than RPMB_HUK_MIN bytes; else as
 *	board_rpmb_huk_get()
 */
int rpmb_huk_get(u8 huk[RPMB_HUK_MAX]);

/**
 * rpmb_lock_secret() - lock a secret, and prove it
 *
 * Reads the secret before and after it is locked: a failure to read it proves the
 * lock only if it could be read before. Some fuses read as all zeroes or all ones
 * once they are locked.
 *
 * @get:	as board_rpmb_huk_get()
 * @lock:	as board_rpmb_huk_lock()
 * @ctx:	handed to both
 * Return: 0 the secret cannot be read any more, or there is none; -EACCES it
 *	still can be read; else why it could not be read before, or not be locked
 */
int rpmb_lock_secret(int (*get)(void *ctx, u8 secret[RPMB_HUK_MAX]),
		     int (*lock)(void *ctx), void *ctx);

#endif /* _RPMB_KEY_H */
