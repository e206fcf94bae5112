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

struct mmc;

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
 * rpmb_may_send() - may frames go to an eMMC that others have made?
 *
 * The gate of rpmb_route_frames(), for "mmc rpmb" and for the frames of a TEE.
 * Says why not.
 *
 * @mmc:	an eMMC
 * @frames:	request frames, in memory that nobody else changes
 * @count:	number of them, at least 1
 * Return: true if they may
 */
bool rpmb_may_send(struct mmc *mmc, const void *frames, uint count);

/**
 * rpmb_may_resize() - may an eMMC be told another size of its RPMB?
 *
 * Says why not.
 *
 * Return: true on an open board
 */
bool rpmb_may_resize(void);

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

static inline bool rpmb_may_send(struct mmc *mmc, const void *frames,
				 uint count)
{
	return true;
}

static inline bool rpmb_may_resize(void)
{
	return true;
}

static inline void rpmb_ratchet_prompt(void)
{
}
#endif

#endif /* _RPMB_RATCHET_H */
