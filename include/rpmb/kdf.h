/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Derive RPMB keys from a secret of the board
 *
 * Frames carry no device identity: if two devices had the same key, frames of
 * one could be sent to the other. So the derivation covers the device.
 * doc/develop/rpmb/spec.rst has the bytes and test vectors.
 */

#ifndef _RPMB_KDF_H
#define _RPMB_KDF_H

#include <rpmb/frame.h>
#include <rpmb/target.h>
#include <rpmb/wipe.h>

#define RPMB_HUK_MIN	16	/* bytes in a unique key, at least */
#define RPMB_HUK_MAX	64	/* and at most */
#define RPMB_KCV_SIZE	8	/* bytes in a key check value */

/** enum rpmb_kdf_scheme - kinds of secret as they stand in a derivation */
enum rpmb_kdf_scheme {
	/** @RPMB_KDF_DERIVED: the unique key */
	RPMB_KDF_DERIVED	= 1,
	/** @RPMB_KDF_FUSE: fuses set aside for this */
	RPMB_KDF_FUSE		= 2,
	/** @RPMB_KDF_TEST: the fixed test secret, which is no secret */
	RPMB_KDF_TEST		= 3,
};

/**
 * struct rpmb_kdf_secret - what a key is derived from
 *
 * @scheme:	kind of secret
 * @slot:	slot of the provider: each slot gives another key
 * @secret:	secret
 * @len:	bytes in @secret, RPMB_HUK_MIN to RPMB_HUK_MAX
 */
struct rpmb_kdf_secret {
	enum rpmb_kdf_scheme scheme;
	u8 slot;
	const u8 *secret;
	size_t len;
};

/**
 * rpmb_kdf_derive() - derive a key
 *
 * This is HKDF-SHA256 (RFC 5869) without salt. It wipes all intermediate values,
 * also from the heap and from 4 KiB of stack; the caller wipes the secret. mbedTLS
 * allocates memory for it and frees it again.
 *
 * @from:	secret, and which of its keys
 * @t:		target that the key is for
 * @key:	the key; zeroed on error
 * Return: 0; -EINVAL no such scheme or transport, or a length is wrong;
 *	-EKEYREJECTED secret or key is weak, see rpmb_kdf_is_weak(); -ENOMEM or
 *	-EIO if mbedTLS fails
 */
int __must_check rpmb_kdf_derive(const struct rpmb_kdf_secret *from,
				 const struct rpmb_target_id *t,
				 u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_kdf_optee() - derive the key that OP-TEE would use
 *
 * Does as tee_rpmb_key_gen() and __huk_subkey_derive() of OP-TEE do. Wipes as
 * rpmb_kdf_derive() does.
 *
 * @compat:	as with CFG_CORE_HUK_SUBKEY_COMPAT
 * @huk:	hardware unique key as OP-TEE's platform code has it
 * @len:	bytes in @huk, RPMB_HUK_MIN to RPMB_HUK_MAX; OP-TEE has 16, on some
 *		platforms 32 (CFG_HW_UNIQUE_KEY_LENGTH)
 * @id:		the CID of an eMMC; for UFS what the kernel makes of the
 *		identifier, see doc/develop/rpmb/spec.rst. Bytes 9 and 15 do not
 *		count
 * @key:	the key; zeroed on error
 * Return: as rpmb_kdf_derive()
 */
int __must_check rpmb_kdf_optee(bool compat, const u8 *huk, size_t len,
				const u8 id[RPMB_CID_SIZE],
				u8 key[RPMB_KEY_SIZE]);

/**
 * rpmb_kdf_check_value() - compute the check value of a key
 *
 * It tells whether two keys are the same, and does not reveal them. It is a
 * truncated HMAC of a label that no frame can contain.
 *
 * @key:	key
 * @kcv:	check value; zeroed on error
 * Return: 0; -ENOMEM or -EIO if mbedTLS fails
 */
int __must_check rpmb_kdf_check_value(const u8 key[RPMB_KEY_SIZE],
				      u8 kcv[RPMB_KCV_SIZE]);

/**
 * rpmb_kdf_is_weak() - can a secret or key be guessed?
 *
 * These are weak: an empty secret; bytes that are all the same, rise or fall
 * evenly, or repeat with a period of up to half the length; at most 8 bytes that
 * are followed by one value only (fuses half blown); keys that are published in
 * source code. If a secret is 16 bytes and a blank rest, the 16 bytes must not be
 * weak either.
 *
 * @secret:	secret or key
 * @len:	bytes in @secret
 * Return: true if it must not be used
 */
bool rpmb_kdf_is_weak(const u8 *secret, size_t len);

#endif /* _RPMB_KDF_H */
