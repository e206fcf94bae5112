/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Providers of RPMB keys, and the hardware unique key they derive from
 *
 * A provider is a device of UCLASS_RPMB_KEY. Its number, `reg` in the device
 * tree, stands in bits 15..8 of a key id, the slot in bits 7..0. Every
 * provider's keys are bound to transport, device id and target, so that no two
 * targets share one. Only the uclass calls providers: key bytes stay inside.
 */

#ifndef _RPMB_KEY_H
#define _RPMB_KEY_H

#include <rpmb/kdf.h>

struct udevice;

/**
 * struct rpmb_key_ops - operations of a key provider
 *
 * @name:	what 'rpmb key list' calls it
 */
struct rpmb_key_ops {
	const char *name;
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
		   const struct rpmb_kdf_target *target,
		   u8 key[RPMB_KEY_SIZE]);

	/**
	 * @lock: make the secret unreadable until the next reset
	 *
	 * Of a provider with a secret of its own; NULL where there is none but
	 * the board's unique key. Called when the boot ratchet turns.
	 *
	 * @lock.dev:		provider
	 * @lock.Return:	0 it cannot be read any more, tried; -EACCES it
	 *	still can; others of whatever keeps it
	 */
	int (*lock)(struct udevice *dev);
};

#define rpmb_key_get_ops(dev)	((struct rpmb_key_ops *)(dev)->driver->ops)

/**
 * rpmb_huk_get() - get the hardware unique key, checked
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
 * It is read before and after: that it cannot be read proves nothing unless it
 * could be. Fuses that answer with nothing but zeroes, or ones, once they are
 * locked are locked, too.
 *
 * @get:	as board_rpmb_huk_get()
 * @lock:	as board_rpmb_huk_lock()
 * @ctx:	handed to both
 * Return: 0 it cannot be read any more, or there is none; -EACCES it still
 *	can; else why it could not be read before, or not be locked
 */
int rpmb_lock_secret(int (*get)(void *ctx, u8 secret[RPMB_HUK_MAX]),
		     int (*lock)(void *ctx), void *ctx);

/**
 * board_rpmb_huk_get() - read the hardware unique key
 *
 * Board hook; without one there is no unique key. With CONFIG_RPMB_HUK_MISC
 * the misc device that the node "u-boot,rpmb-huk" names is read instead.
 *
 * @huk:	room for RPMB_HUK_MAX bytes
 * Return: its length in bytes; -ENOSYS the board has none; -EACCES it is
 *	locked; others of the bus
 */
int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX]);

/**
 * board_rpmb_huk_lock() - make the unique key unreadable until the next reset
 *
 * Board hook. The lock must be sticky: nobody can take it back, neither U-Boot
 * nor what it starts. Afterwards board_rpmb_huk_get() must fail; the boot
 * ratchet verifies that.
 *
 * Return: 0, or -errno
 */
int board_rpmb_huk_lock(void);

/**
 * board_rpmb_huk_is_final() - is this the unique key that the board keeps?
 *
 * Roots of some SoCs depend on the state of the board: i.MX's CAAM and TI's SYSFW
 * give another one once secure boot is enforced. A key programmed before
 * that is lost with it. No key made from a unique key that is not final is
 * programmed. Without this hook every unique key counts as final, so a board whose
 * root can change must have it.
 *
 * Return: true if no later state of the board, and no update of its firmware,
 *	gives another unique key
 */
bool board_rpmb_huk_is_final(void);

#endif /* _RPMB_KEY_H */
