/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of provision-verdict.c, which includes this twice
 *
 * A row has what has failed, errno (0 for any), the word that ends a station's line,
 * and the same for people, with what to do. The first row that fits is taken; for
 * each that can fail there is one for any errno.
 */

#define AGAIN "switch power off and on, then run the same manifest again"

RPMB_VERDICT(KEY, -EKEYREJECTED, RPMB_REFUSED_WEAK_SECRET,
	     "the secret behind the key is blank, patterned or published")
RPMB_VERDICT(KEY, -ENOKEY, RPMB_REFUSED_NO_KEY,
	     "the key slot is empty")
RPMB_VERDICT(KEY, -EKEYEXPIRED, RPMB_REFUSED_NOT_FINAL,
	     "the unique key will be another one once this board is closed")
RPMB_VERDICT(KEY, -ENOSYS, RPMB_REFUSED_NO_UNIQUE_KEY,
	     "the board has no unique key")
RPMB_VERDICT(KEY, -EACCES, RPMB_REFUSED_NO_UNIQUE_KEY,
	     "the unique key is locked")
RPMB_VERDICT(KEY, -EINVAL, RPMB_REFUSED_NO_PROVIDER,
	     "nobody provides this key id")
RPMB_VERDICT(KEY, 0, RPMB_REFUSED_NO_KEY,
	     "the key cannot be had")
RPMB_VERDICT(BLANK, -EEXIST, RPMB_REFUSED_KEY_IN_USE,
	     "another target answers to this key; each needs one of its own")
RPMB_VERDICT(BLANK, -EREMOTE, RPMB_REFUSED_KEY_IN_DOUBT,
	     "another device that does not answer may hold this key")
RPMB_VERDICT(BLANK, -EBUSY, RPMB_REFUSED_POWER_CYCLE,
	     "an attempt has failed since power-up: " AGAIN)
RPMB_VERDICT(BLANK, -EBADMSG, RPMB_REFUSED_OTHER_KEY,
	     "the device holds another key, or its reply was forged; it was left alone")
RPMB_VERDICT(BLANK, -ETIMEDOUT, RPMB_REFUSED_NO_ANSWER,
	     "the device did not answer")
RPMB_VERDICT(BLANK, -EUNATCH, RPMB_REFUSED_NO_RANDOM,
	     "there are no random numbers, so the device was not asked; see 'rng list'")
RPMB_VERDICT(BLANK, 0, RPMB_REFUSED_DEVICE_ERROR,
	     "the device says neither that it is blank nor that it has the key")
RPMB_VERDICT(NOT_SENT, 0, RPMB_REFUSED_NOT_SENT,
	     "something has changed after the check, no key was sent; run the same manifest again")
RPMB_VERDICT(PROGRAM, 0, RPMB_FAILED_POWER_CYCLE,
	     "programming failed, or so the device says: " AGAIN)
RPMB_VERDICT(PROVE, 0, RPMB_FAILED_POWER_CYCLE,
	     "the device does not prove the key: " AGAIN)
RPMB_VERDICT(RECORD, -EPROTONOSUPPORT, RPMB_FAILED_LATER_FORMAT,
	     "the device has indexes of a later version; they were left alone")
RPMB_VERDICT(RECORD, -EUCLEAN, RPMB_FAILED_OTHER_DATA,
	     "the device has other data where the indexes belong, left alone; do not reset")
RPMB_VERDICT(RECORD, 0, RPMB_FAILED_WRITE,
	     "not all indexes could be read or written; run the same manifest again")

#undef AGAIN
