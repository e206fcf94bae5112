/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot ratchet: what comes later finds no key to use
 *
 * U-Boot's own files include this one, and builds without RPMB as well: it
 * must need nothing of the stack.
 */

#ifndef _RPMB_RATCHET_H
#define _RPMB_RATCHET_H

#include <linux/kconfig.h>
#include <linux/types.h>

#if CONFIG_IS_ENABLED(RPMB)
/**
 * rpmb_ratchet() - wipe all keys and lock the hardware unique key
 *
 * Turned before anything runs that is not authenticated, and before every
 * hand-over: bootm, EFI StartImage, go, bootelf, bootvx, the jump from SPL,
 * reset. On a closed board that is before the first script, see
 * doc/SECURITY.md. Every use of a key answers -EKEYREVOKED from then on, until
 * the next reset. A second call does nothing. Does not return on a closed
 * board whose unique key can still be read after it has been locked.
 */
void rpmb_ratchet(void);

/**
 * rpmb_before_scripts() - boot policy, before anything runs that can be changed
 *
 * On a closed board the ratchet turns, unless all scripts are built in: then
 * rpmb_ratchet_prompt() turns it.
 */
void rpmb_before_scripts(void);

/**
 * rpmb_may_program() - may U-Boot's other ways send a key to a device?
 *
 * The gate for "mmc rpmb key" and for frames that a TEE has made. Says why not.
 *
 * Return: true on an open board
 */
bool rpmb_may_program(void);

/** rpmb_ratchet_prompt() - a prompt follows: turn the ratchet, if closed */
void rpmb_ratchet_prompt(void);

/**
 * rpmb_ratchet_pass_huk() - the ratchet will not lock the unique key
 *
 * For SPL, before it jumps to what its policy has verified: U-Boot derives keys
 * as well, and turns the ratchet again when its turn is over.
 */
void rpmb_ratchet_pass_huk(void);
#else
static inline void rpmb_ratchet(void)
{
}

static inline void rpmb_before_scripts(void)
{
}

static inline bool rpmb_may_program(void)
{
	return true;
}

static inline void rpmb_ratchet_prompt(void)
{
}
#endif

#endif /* _RPMB_RATCHET_H */
