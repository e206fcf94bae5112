/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC-SHA256 over RPMB messages
 *
 * A loaded MAC context is as secret as its key: it holds the padded key and
 * the hash midstates.
 */

#ifndef _RPMB_MAC_H
#define _RPMB_MAC_H

#include <rpmb/frame.h>
#include <rpmb/hmac.h>
#include <rpmb/wipe.h>

/**
 * struct rpmb_mac - a key, ready to authenticate messages
 *
 * Must be zeroed before its first use.
 *
 * @hmac:	with mbedTLS its memory is allocated at load
 * @loaded:	a key is loaded
 */
struct rpmb_mac {
	struct rpmb_hmac hmac;
	bool loaded;
};

/**
 * rpmb_mac_load() - load a key
 *
 * This is the only function here that allocates (inside mbedTLS). It first wipes
 * a key that was loaded before.
 *
 * @mac:	context
 * @key:	32 bytes
 * Return: 0; -ENOMEM, then no key is loaded
 */
int __must_check rpmb_mac_load(struct rpmb_mac *mac,
			       const u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_mac_unload() - wipe the key and all that was derived from it
 *
 * @mac:	context, loaded or zeroed
 */
void rpmb_mac_unload(struct rpmb_mac *mac);

/**
 * rpmb_mac_frames() - compute the MAC of a message
 *
 * The MAC covers each frame from its data field to its end, in order.
 *
 * @mac:	loaded context
 * @frames:	frames of the message
 * @count:	number of frames, at least 1
 * @out:	MAC, 32 bytes
 * Return: 0; -EINVAL if no key is loaded (never -ENOKEY: that is what a device
 *	without a key says); -EIO if mbedTLS fails
 */
int __must_check rpmb_mac_frames(struct rpmb_mac *mac,
				 const struct rpmb_frame *frames, u32 count,
				 u8 out[RPMB_MAC_SIZE]);

/**
 * rpmb_mac_sign() - compute a message's MAC and put it into its last frame
 *
 * @mac:	loaded context
 * @frames:	frames of the message
 * @count:	number of frames, at least 1
 * Return: as rpmb_mac_frames()
 */
int __must_check rpmb_mac_sign(struct rpmb_mac *mac, struct rpmb_frame *frames,
			       u32 count);

/**
 * rpmb_mac_verify() - check the MAC in a message's last frame
 *
 * The comparison takes the same time wherever the MACs differ.
 *
 * @mac:	loaded context
 * @frames:	frames of the message
 * @count:	number of frames, at least 1
 * Return: 0; -EBADMSG if the MAC is wrong; else as rpmb_mac_frames()
 */
int __must_check rpmb_mac_verify(struct rpmb_mac *mac,
				 const struct rpmb_frame *frames, u32 count);

#endif /* _RPMB_MAC_H */
