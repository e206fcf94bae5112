/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of reason.c, which includes this twice for each table
 *
 * A row has errno (0 for any), fault (NONE for any), what was wrong, what is known
 * of the device, and what to do; "" for nothing. The first row that fits is taken.
 * The last row of RPMB_WRITTEN stands for all errors that RPMB_STORED has words for.
 * RPMB_FIT has enum rpmb_fit_reason in place of an errno, and what is known of the
 * image: "" where it is named.
 */

#ifdef RPMB_STORED
RPMB_STORED(-ENODATA, NONE,
	    "no rollback index has ever been stored",
	    "it answers, signed with our key: there is nothing at this location",
	    "open: 'rpmb rollback commit', 'advance', 'avb commit'; closed: token (not for SPL)")
RPMB_STORED(-ENOKEY, NONE,
	    "the RPMB says that it has no key",
	    "new, or exchanged, or somebody answers in its place: this answer cannot be signed",
	    "program the key on an open board, see 'rpmb program-key'; then store an index")
RPMB_STORED(-EDOM, NONE,
	    "the image is older than what has been booted before",
	    "in order, the index is signed with our key",
	    "boot an image with this index or a higher one")
RPMB_STORED(-E2BIG, NONE,
	    "the image's index is 2^64 - 1, which is none",
	    "in order, the index is signed with our key",
	    "give the image a lower index: nothing could follow this one")
RPMB_STORED(-EBADMSG, NONE,
	    "the answer is not signed with our key",
	    "another device, or another key in it; or the answer was forged",
	    "put the device of this board back; if it is there, somebody is on the bus")
RPMB_STORED(-EPROTO, NONE,
	    "the answer belongs to another question",
	    "not known: an old answer was played again, or somebody else uses the RPMB",
	    "reset; if it stays like this, somebody is on the bus")
RPMB_STORED(-ENODEV, NONE,
	    "the RPMB is not there",
	    "missing, dead, or under another name",
	    "see 'rpmb list'; the control FDT says which one it must be")
RPMB_STORED(-ENXIO, NONE,
	    "the RPMB went away or was exchanged",
	    "another one than at the start, or none",
	    "put the device back that belongs to this board, and reset")
RPMB_STORED(-ETIMEDOUT, NONE,
	    "the RPMB did not answer in time",
	    "not known",
	    "switch power off and on")
RPMB_STORED(-EPROTONOSUPPORT, NONE,
	    "it was stored by a later U-Boot than this one",
	    "in order, in a format that is not known here",
	    "install the U-Boot that wrote it, or a later one")
RPMB_STORED(-EUCLEAN, NONE,
	    "what is stored there is nothing of ours",
	    "it answers, signed with our key: somebody else has written to this place",
	    "find out who uses this RPMB as well; a service token resets the index")
RPMB_STORED(-EKEYREVOKED, NONE,
	    "it was not read before the keys were wiped",
	    "not asked, the boot ratchet has turned",
	    "reset")
RPMB_STORED(-EKEYREJECTED, NONE,
	    "the key that the control FDT names cannot be had",
	    "not asked",
	    "see 'rpmb key list': an empty slot, or no unique key, or a weak one")
#ifndef CONFIG_XPL_BUILD	/* SPL has no room to tell these apart */
RPMB_STORED(-EUNATCH, NONE,
	    "there are no random numbers, an old answer would pass for a new one",
	    "not asked",
	    "see 'rng list': the board needs an rng device, and it must deliver")
RPMB_STORED(-ERANGE, NONE,
	    "the RPMB is too small for rollback indexes",
	    "it has not enough blocks",
	    "see 'rpmb get-info', and CONFIG_RPMB_ROLLBACK_START")
#endif
#ifndef CONFIG_XPL_BUILD	/* what SPL boots has a location that was checked */
RPMB_STORED(-EADDRNOTAVAIL, NONE,
	    "there is no such location",
	    "not asked",
	    "take one that is there: Android has 0 to 0x1f, FIT 0x100 to 0x11b, SPL 0x200 to 0x21b")
#endif
RPMB_STORED(-EINVAL, NONE,
	    "the control FDT asks for what is not there",
	    "not asked",
	    "correct the node \"u-boot,rpmb-rollback\" (rpmb, target, key-id)")
RPMB_STORED(-ENOENT, NONE,
	    "the control FDT names no RPMB",
	    "not asked",
	    "add the node \"u-boot,rpmb-rollback\"")
RPMB_STORED(0, NONE,
	    "what is stored there cannot be read",
	    "not known",
	    "switch power off and on; see 'rpmb list'")
#endif

#ifdef RPMB_FIT
RPMB_FIT(RPMB_FIT_NO_KEY, NONE,
	 "no key is required for configurations",
	 "not verified",
	 "put one into the control FDT: mkimage -K <tree> -r")
RPMB_FIT(RPMB_FIT_NO_INDEX, NONE,
	 "the configuration has no rollback index",
	 "verified, of unknown age",
	 "put 'rollback-index' into the configuration node and sign it again")
RPMB_FIT(RPMB_FIT_NO_LOCATION, NONE,
	 "the configuration's rollback location is none for a FIT",
	 "verified",
	 "'rollback-location' is one cell, 0x100 to 0x11b, for SPL 0x200 to 0x21b; sign it again")
RPMB_FIT(RPMB_FIT_NO_NUMBER, NONE,
	 "the configuration's rollback index is no number",
	 "verified",
	 "'rollback-index' has one cell or two; sign it again")
RPMB_FIT(RPMB_FIT_LEFT_OUT, NONE,
	 "an image of the configuration was left out",
	 "",
	 "make the FIT anew")
RPMB_FIT(RPMB_FIT_WEAK_HASH, NONE,
	 "an image has no SHA-256 or better that is checked",
	 "",
	 "make the FIT anew")
#ifdef CONFIG_XPL_BUILD	/* U-Boot has no limit, and looks at the format itself */
RPMB_FIT(RPMB_FIT_TOO_LARGE, NONE,
	 "larger than CONFIG_SPL_RPMB_FIT_MAX_SIZE",
	 "not read, not verified",
	 "make the FIT anew; see doc/develop/rpmb/spl.rst")
RPMB_FIT(RPMB_FIT_NO_DATA, NONE,
	 "an image without data",
	 "not read, not verified",
	 "make the FIT anew; see doc/develop/rpmb/spl.rst")
RPMB_FIT(RPMB_FIT_TOO_MANY, NONE,
	 "the configuration has more than 16 images",
	 "",
	 "make the FIT anew; see doc/develop/rpmb/spl.rst")
RPMB_FIT(RPMB_FIT_NO_FIT, NONE,
	 "there is no FIT",
	 "damaged, or changed",
	 "write it anew")
#endif
#ifndef CONFIG_XPL_BUILD
RPMB_FIT(RPMB_FIT_NO_VERIFY, NONE,
	 "signatures are not checked",
	 "not verified",
	 "take 'verify' out of the environment")
RPMB_FIT(RPMB_FIT_OTHER_TREE, NONE,
	 "the control FDT is not that of the start",
	 "verified by keys that anybody can have put there",
	 "reset, and leave the control FDT alone")
RPMB_FIT(RPMB_FIT_BY_NAME, NONE,
	 "an image was asked for by its name",
	 "not verified: only configurations are signed",
	 "name a configuration: <addr>#<conf>, not <addr>:<image>")
RPMB_FIT(RPMB_FIT_NO_IMAGE, NONE,
	 "the configuration names an image that is not there",
	 "",
	 "make the FIT anew")
RPMB_FIT(RPMB_FIT_OUTSIDE, NONE,
	 "an image's data are outside of the FIT",
	 "",
	 "make it without 'mkimage -E'")
RPMB_FIT(RPMB_FIT_CONF_LEFT_OUT, NONE,
	 "images of a configuration were left out",
	 "",
	 "name one that there is")
RPMB_FIT(RPMB_FIT_NO_OVERLAY, NONE,
	 "an overlay cannot be loaded",
	 "",
	 "see above; no boot without it")
RPMB_FIT(RPMB_FIT_UNSIGNED_PART, NONE,
	 "the configuration is not signed as it must be",
	 "",
	 "sign it")
RPMB_FIT(RPMB_FIT_NO_PART, NONE,
	 "an image is part of no configuration",
	 "not verified",
	 "name it in a configuration that is signed")
RPMB_FIT(RPMB_FIT_UNALIGNED, NONE,
	 "this FIT is not at a multiple of 8",
	 "not read",
	 "load it to another address")
RPMB_FIT(RPMB_FIT_TOO_MUCH, NONE,
	 "there is more in this FIT than one may have",
	 "damaged, or made to do harm; not read",
	 "write it anew; doc/develop/rpmb/spec.rst has the limits")
RPMB_FIT(RPMB_FIT_UNSOUND, NONE,
	 "this is no sound FIT",
	 "damaged, or made to do harm; not read",
	 "write it anew; doc/develop/rpmb/spec.rst has the limits")
RPMB_FIT(RPMB_FIT_UNSOUND_TREE, NONE,
	 "this is no sound device tree, or a huge one",
	 "damaged, or made to do harm; not read",
	 "write it anew; doc/develop/rpmb/spec.rst has the limits")
RPMB_FIT(RPMB_FIT_OTHER_DATA, NONE,
	 "an image's data are not those that were signed",
	 "damaged, or changed",
	 "write the slot anew; nothing was committed")
RPMB_FIT(RPMB_FIT_OTHER_BOARD, NONE,
	 "no configuration is for this board",
	 "verified",
	 "name the one that is meant: <addr>#<conf>")
RPMB_FIT(RPMB_FIT_UNSIGNED, NONE,
	 "the configuration is not signed as it must be",
	 "not verified",
	 "write the slot anew; nothing was committed")
RPMB_FIT(RPMB_FIT_NO_CONF, NONE,
	 "there is no such configuration",
	 "not verified",
	 "see 'iminfo'; nothing was committed")
RPMB_FIT(RPMB_FIT_LOCATIONS, NONE,
	 "the images are for different rollback locations",
	 "verified",
	 "commit them one by one, or give them one location")
RPMB_FIT(RPMB_FIT_NOT_LOADED, NONE,
	 "there is no FIT",
	 "not readable",
	 "load it before; nothing was committed")
RPMB_FIT(RPMB_FIT_NO_KERNEL, NONE,
	 "the configuration has no kernel",
	 "not verified",
	 "write the slot anew; nothing was committed")
#endif
RPMB_FIT(0, NONE, "", "", "")
#endif

#ifdef RPMB_WRITTEN
RPMB_WRITTEN(-EPERM, NONE,
	     "this board is closed",
	     "",
	     "it stays locked, and indexes come from 'avb commit'")
RPMB_WRITTEN(-E2BIG, NONE,
	     "this is no index: nothing could follow it",
	     "",
	     "take a lower one")
RPMB_WRITTEN(-EDOM, NONE,
	     "the device holds a higher one, and it never goes down",
	     "",
	     "take a higher one; a service token resets the index")
RPMB_WRITTEN(-EKEYREVOKED, NONE,
	     "the keys have been wiped, on a closed board before the first script",
	     "",
	     "reset; CONFIG_RPMB_ROLLBACK_COMMIT_CMD commits before that")
RPMB_WRITTEN(-ENOSPC, NONE,
	     "there is no room for one more record",
	     "",
	     "see CONFIG_RPMB_RECORD_BLOCKS")
RPMB_WRITTEN(-EADDRINUSE, NONE,
	     "a TEE uses this RPMB, and would fail at its next write if somebody else wrote",
	     "",
	     "reset, and write before the TEE is asked for anything")
RPMB_WRITTEN(0, NONE, "", "", "")
#endif

#ifdef RPMB_VERB
RPMB_VERB(-EALREADY, NONE,
	  "the device already holds this key (proven by an authenticated counter read)",
	  "",
	  "")
RPMB_VERB(-ENOTUNIQ, NONE,
	  "the device holds another key and cannot be programmed again; or the reply was forged",
	  "",
	  "check the key id: 'rpmb write-counter <keyid>' proves which key it holds")
RPMB_VERB(-EEXIST, NONE,
	  "another target answers to this key (proven): two of them could be played against each other",
	  "",
	  "use a key of its own for each device and region")
RPMB_VERB(-EREMOTE, NONE,
	  "another device may hold this key, and does not answer",
	  "",
	  "see 'rpmb list'; a derived key is another for each device")
RPMB_VERB(-EBUSY, NONE,
	  "an attempt to program a key has failed, and the device has had power since",
	  "",
	  "switch power off and on, then try again: the same key is recognised if it is there")
RPMB_VERB(-EKEYREVOKED, NONE,
	  "the boot ratchet has turned: there are no keys until the next reset",
	  "",
	  IF_STORES("on a closed board CONFIG_RPMB_ROLLBACK_COMMIT_CMD commits before that"))
RPMB_VERB(-EKEYREJECTED, NONE,
	  "the key, or what it is made from, is blank, patterned or published: no secret",
	  "",
	  "")
RPMB_VERB(-EKEYEXPIRED, PARAM,
	  "the key is made from a unique key that will be another one once this board is closed",
	  "",
	  "bring the board into the state in which its unique key is final, then program the key")
/* without the device: the key could not be had */
RPMB_VERB(-ENOSYS, PARAM,
	  "the board has no unique key",
	  "",
	  "")
RPMB_VERB(-EACCES, PARAM,
	  "the unique key is locked",
	  "",
	  "")
RPMB_VERB(-EMSGSIZE, PARAM,
	  "the unique key does not have 0x10 to 0x40 bytes",
	  "",
	  "")
#ifdef CONFIG_RPMB_KEY_OPTEE
RPMB_VERB(-EOPNOTSUPP, PARAM,
	  "the provider has no keys for this transport",
	  "",
	  "")
#endif
RPMB_VERB(-EPERM, NONE,
	  "the board is closed: keys, raw writes and the self test are refused",
	  "",
	  "")
#ifdef CONFIG_RPMB_ROLLBACK
RPMB_VERB(-EROFS, NONE,
	  "some of these blocks hold rollback indexes or named records, which are not written raw",
	  "",
	  "choose other blocks; 'rpmb rollback' advances an index")
#endif
RPMB_VERB(-EADDRINUSE, NONE,
	  "a TEE uses this RPMB, and would fail at its next write if somebody else wrote",
	  "",
	  "reset, and write before the TEE is asked for anything")
RPMB_VERB(-EDEADLK, NONE,
	  "an operation on this RPMB is under way, and waits for this one",
	  "",
	  "what it needs (random numbers, a key, its bus) must do without this RPMB")
RPMB_VERB(-EOVERFLOW, NONE,
	  "the write counter is exhausted: the target can be read, never written again",
	  "",
	  "replace the device")
RPMB_VERB(-ENOKEY, RESULT,
	  "the device says that no key is programmed (unsigned: a hint, no proof)",
	  "",
	  "program one: rpmb program-key <keyid>")
RPMB_VERB(-ENOKEY, NONE,
	  "the key slot is empty",
	  "",
	  "fill it: rpmb key add <keyid> <addr>")
RPMB_VERB(0, RNG,
	  "there are no random numbers: without a fresh nonce a recorded reply would pass",
	  "",
	  "add an rng device (QEMU: -device virtio-rng-device), see 'rng list'")
RPMB_VERB(-ETIMEDOUT, LINK,
	  "the device did not answer in time",
	  "",
	  "power-cycle the device and try again")
RPMB_VERB(-ENXIO, LINK,
	  "the device went away or was swapped",
	  "",
	  "see 'rpmb list'")
RPMB_VERB(0, LINK,
	  "the transfer failed",
	  "",
	  "power-cycle the device and try again")
RPMB_VERB(0, TYPE,
	  "the reply is of another type than was asked for",
	  "",
	  "somebody else may be using the RPMB; try again")
RPMB_VERB(0, MAC,
	  "the reply is not signed with this key",
	  "",
	  "check the key id; if it is right, the reply was forged")
RPMB_VERB(0, NONCE,
	  "the reply answers another request (nonce)",
	  "",
	  "an old reply was played again; try again")
RPMB_VERB(0, ADDRESS,
	  "the reply is for another address",
	  "",
	  "")
RPMB_VERB(0, COUNT,
	  "the reply has another number of blocks",
	  "",
	  "")
RPMB_VERB(0, COUNTER,
	  "the write counter is not what it must be",
	  "",
	  "somebody else may be writing; try again")
RPMB_VERB(0, READBACK,
	  "the data read back differ from the data written",
	  "",
	  "another frame may have been played in place of ours; write again")
RPMB_VERB(-EACCES, RESULT,
	  "the device refused the authentication",
	  "",
	  "check the key id")
RPMB_VERB(-ESTALE, RESULT,
	  "the device refused the write counter",
	  "",
	  "somebody else may be writing; try again")
RPMB_VERB(-ERANGE, PARAM,
	  "the target has no such blocks: it is too small",
	  "",
	  "see 'rpmb get-info'"
	  IF_STORES("; CONFIG_RPMB_ROLLBACK_START says where the indexes are"))
RPMB_VERB(-ERANGE, NONE,
	  "the device refused the address",
	  "",
	  "")
RPMB_VERB(-EINVAL, NONE,
	  "there is no such key id",
	  "",
	  "see 'rpmb key list'")
RPMB_VERB(-ENOMEM, NONE,
	  "out of memory",
	  "",
	  "")
RPMB_VERB(-ENOSYS, NONE,
	  "the device cannot do this",
	  "",
	  "")
RPMB_VERB(0, RESULT,
	  "the device reports a failure",
	  "",
	  "")
RPMB_VERB(0, NONE,
	  "it failed",
	  "",
	  "")
#endif

#ifdef RPMB_AB
RPMB_AB(-EBADMSG, NONE,
	"the A/B metadata are damaged, or were never written",
	"",
	"see 'bcb ab_dump'; 'bcb ab_select' writes new ones")
RPMB_AB(-EPROTONOSUPPORT, NONE,
	"the A/B metadata are of a later version than is known here",
	"",
	"install a U-Boot that knows it")
RPMB_AB(-ENODEV, NONE,
	"there is no partition for A/B metadata",
	"",
	"name the one that 'bcb ab_select' goes by, see 'part list'")
RPMB_AB(-ENOSPC, NONE,
	"the partition is too small for A/B metadata",
	"",
	"name the one that 'bcb ab_select' goes by, see 'part list'")
RPMB_AB(0, NONE,
	"the A/B metadata cannot be read",
	"",
	"try again; see 'part list'")
#endif
