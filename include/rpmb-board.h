/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks that a board may implement for its RPMB, and what they must do
 *
 * Each hook has a weak default, which is the safe one.
 * doc/develop/rpmb/porting.rst has examples.
 */

#ifndef _RPMB_BOARD_H
#define _RPMB_BOARD_H

#include <rpmb/kdf.h>

/**
 * board_rpmb_is_open() - is this an open board (factory, development)?
 *
 * On an open board keys may be sent to devices. This is a board hook: it asks a
 * fuse, a strap or the secure-boot state. After any error it must say that the
 * board is closed. Without the hook the board is closed.
 *
 * Return: true on an open board (factory, development)
 */
bool board_rpmb_is_open(void);

/**
 * board_rpmb_huk_get() - read the unique key
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
 * On some SoCs the unique key depends on the state of the board: i.MX's CAAM
 * and TI's SYSFW give another one once secure boot is enforced. A key that was
 * programmed before that would be lost. So the stack programs no key that is made
 * from a unique key that is not final. Keys are programmed on open boards only, so
 * the two hooks must not ask the same fuse. Without this hook every unique key counts
 * as final, so a board whose unique key can change must have the hook.
 *
 * Return: true if no later state of the board, and no update of its firmware,
 *	gives another unique key
 */
bool board_rpmb_huk_is_final(void);

/** define RPMB_TOKEN_FIT_MAX - bytes that a token's FIT may have */
#define RPMB_TOKEN_FIT_MAX	0x10000

/**
 * board_rpmb_token() - find the board's service token
 *
 * Board hook; without one no token comes to a closed board. It is called once per
 * boot, while keys can still be had. It must not parse what it finds, and must not
 * read more than RPMB_TOKEN_FIT_MAX bytes. A token that stays there does no harm:
 * it is refused from the second boot on.
 *
 * @fit:	memory, 8-byte aligned, which stays
 * @size:	bytes of it
 * Return: 0; -ENOENT there is none; others of the bus
 */
int board_rpmb_token(const void **fit, size_t *size);

#endif /* _RPMB_BOARD_H */
