/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service tokens: the way back of a board that refuses to boot
 *
 * A token is a FIT that is signed for this purpose alone, with a key of its
 * own. It is for one device, at one value of its write counter, and it
 * authorises one act: an index is set, or the board is open until its next
 * reset. doc/SERVICE.md says how to make and bring one, doc/SPEC.md what is in
 * it, doc/SECURITY.md why it works once only.
 */

#ifndef _RPMB_SERVICE_H
#define _RPMB_SERVICE_H

#include <linux/types.h>

/** define RPMB_SERVICE_MAX - bytes that a token's FIT may have */
#define RPMB_SERVICE_MAX	0x10000

/**
 * rpmb_service_token() - verify a token and carry it out
 *
 * On closed boards as well as on open ones, before the boot ratchet turns. Says
 * what was done, or why not.
 *
 * @fit:	the token, 8-byte aligned
 * @size:	bytes that are there; the FIT may have fewer
 * Return: 0 done, and the token is used up; -EINVAL no FIT, or not for this
 *	purpose; -ENOKEY the control tree has no key for tokens; -EACCES,
 *	-EBADMSG not signed as it must be; -ENOMEM; else as
 *	rpmb_service_act()
 */
int rpmb_service_token(const void *fit, size_t size);

/**
 * rpmb_service_act() - carry out a token that the caller has verified
 *
 * @token:	the device tree blob in it, 8-byte aligned
 * @size:	bytes of it
 * Return: 0 done, and the token is used up; -EKEYREVOKED the boot ratchet has
 *	turned; -EINVAL, -E2BIG, -EOPNOTSUPP not a token, or no such location;
 *	-ENOENT the control tree names no RPMB; -EXDEV it is for another device;
 *	-EKEYEXPIRED it is used up, or not for now; else as rpmb_policy_device(),
 *	rpmb_get_write_count(), rpmb_index_reset() and rpmb_rma_open()
 */
int rpmb_service_act(const void *token, size_t size);

/**
 * rpmb_service_boot() - carry out the board's token, if there is one
 *
 * Called before the boot ratchet turns and before the indexes are read.
 */
void rpmb_service_boot(void);

/**
 * board_rpmb_service_token() - where is a token?
 *
 * Board hook; without one no token comes to a closed board. Called once per
 * boot, while keys can still be had: it must not parse what it finds, and must
 * bound what it reads by RPMB_SERVICE_MAX. A token that stays there does no
 * harm: it is refused from the second boot on.
 *
 * @fit:	memory, 8-byte aligned, which stays
 * @size:	bytes of it
 * Return: 0; -ENOENT there is none; others of the bus
 */
int board_rpmb_service_token(const void **fit, size_t *size);

#endif /* _RPMB_SERVICE_H */
