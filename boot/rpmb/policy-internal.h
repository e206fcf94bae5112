/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the rollback policy share
 */

#ifndef _RPMB_POLICY_INTERNAL_H
#define _RPMB_POLICY_INTERNAL_H

#include <image.h>
#include <rpmb-policy.h>
#include <rpmb-reason.h>
#include <linux/libfdt.h>

/** rpmb_start_announce() - at the start: print that this U-Boot has no check */
void rpmb_start_announce(void);

/**
 * rpmb_start_suspend() - forbid to start anything
 *
 * @suspend:	true while a command runs that has keys
 */
void rpmb_start_suspend(bool suspend);

/**
 * rpmb_token_boot() - carry out the board's service token, if there is one
 *
 * Called before the boot ratchet turns and before the indexes are read.
 */
void rpmb_token_boot(void);

/** rpmb_commit_boot() - commit before the first script, if U-Boot is told to */
void rpmb_commit_boot(void);

/**
 * rpmb_policy_prepare() - read the control FDT, before the first script
 *
 * @last_chance: the keys will be wiped next: read now what they are needed for
 */
void rpmb_policy_prepare(bool last_chance);

/**
 * rpmb_stored_read_all() - read those indexes and records that are not known yet
 *
 * Remembers errors as well. Does nothing in a U-Boot that does not use records.
 */
void rpmb_stored_read_all(void);

/**
 * rpmb_stored_fill_records() - take the records from what was read of the stores
 *
 * Leaves records that are known as they are.
 *
 * @raw:	from rpmb_stores_read()
 * @ret:	what that returned, translated
 */
void rpmb_stored_fill_records(u8 raw[][256], int ret);

/**
 * rpmb_stored_has_records() - were the records read, or has that failed?
 *
 * Return: true if so; else rpmb_stored_read_all() reads them
 */
bool rpmb_stored_has_records(void);

/**
 * rpmb_stored_records() - get the named records as they were read in this boot
 *
 * To be called when rpmb_stored_has_records(). On a closed board they are read
 * before the keys are wiped.
 *
 * @recs:	the records
 * Return: number of records; -ENOMEM; else as rpmb_policy_index(), but never
 *	-ENODATA; -ENOENT the control FDT has no node
 */
int rpmb_stored_records(const struct rpmb_record **recs);

/**
 * rpmb_stored_forget_records() - read them anew when they are next asked for
 *
 * Does nothing after the boot ratchet has turned: they could not be read again.
 */
void rpmb_stored_forget_records(void);

/**
 * rpmb_stored_warn_once() - is it time for the warning about a block?
 *
 * @loc:	location, of which rpmb_policy_index() knows the block
 * Return: true the first time it is called for the block in this boot
 */
bool rpmb_stored_warn_once(u32 loc);

/** rpmb_stored_reset() - for tests: forget the indexes, as after a reset */
void rpmb_stored_reset(void);

/**
 * rpmb_policy_tree_requires_key() - must configurations of a FIT be signed?
 *
 * The answer is that of the control FDT as it was at the start. The caller has
 * checked with rpmb_policy_tree_is_same() that it is still the same; in SPL nobody
 * can change it.
 *
 * Return: true if it requires a key for them
 */
bool rpmb_policy_tree_requires_key(void);

/** rpmb_policy_tree_forget() - for tests: look again, as after a reset */
void rpmb_policy_tree_forget(void);

/**
 * rpmb_policy_check_slots() - are these all slots that must still boot?
 *
 * @slots:	slots that are to be committed
 * @count:	number of them
 * @same:	tells whether slots number @same.i and @same.k are the same one
 * @want:	how many the control FDT asks for; set on success, and with -EACCES
 * Return: 0; -EACCES too few, or one twice; else as rpmb_policy_get()
 */
int rpmb_policy_check_slots(const void *slots, int count,
			    bool (*same)(const void *slots, int i, int k),
			    u32 *want);

/**
 * struct rpmb_policy_passed - a check that something passed in this boot
 *
 * @loc:	location
 * @is_protected: @stored was read, authenticated; if not, an open board went on
 *		without it
 * @stored:	index that the device holds, 0 if there is none
 * @index:	index that was compared with it; the lowest of several
 */
struct rpmb_policy_passed {
	u32 loc;
	bool is_protected;
	u64 stored;
	u64 index;
};

/**
 * rpmb_policy_get_passed() - get the n-th check
 *
 * @n:		0 for the first
 * Return: check, NULL if there were not so many
 */
const struct rpmb_policy_passed *rpmb_policy_get_passed(int n);

/**
 * rpmb_policy_not_asked() - tell errors of a device from errors before it was
 * asked
 *
 * To be called right after the operation.
 *
 * @ref:	the operation's target
 * @ret:	what the operation returned
 * Return: @ret; but -EUNATCH if there are no random numbers, -EKEYREJECTED if
 *	the key cannot be had: neither says anything of the device
 */
int rpmb_policy_not_asked(struct rpmb_ref ref, int ret);

/**
 * rpmb_policy_warn() - warn that this open board boots without protection
 *
 * @loc:	location
 * @err:	-ENODATA or -ENOKEY
 */
void rpmb_policy_warn(u32 loc, int err);

/**
 * rpmb_policy_print_device() - print which device and key the policy goes by
 *
 * Does not end the line: the caller adds what is known of the device.
 */
void rpmb_policy_print_device(void);

/**
 * rpmb_policy_refuse_old() - print that an image is older than the device's index
 *
 * @loc:	location
 * @index:	the image's
 * @stored:	the device's
 */
void rpmb_policy_refuse_old(u32 loc, u64 index, u64 stored);

/**
 * rpmb_fit_get_index() - get the index of a FIT configuration
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @loc:	location
 * @index:	index
 * Return: 0; -ENODATA it has none; -EINVAL it is no number; -ERANGE its
 *	location is neither U-Boot's nor SPL's
 */
int rpmb_fit_get_index(const void *fit, int conf, u32 *loc, u64 *index);

/**
 * rpmb_fit_check_conf() - may images of a FIT configuration be used?
 *
 * rpmb_fit_check() calls this.
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @verified:	its signatures have been verified
 * @any_location: take U-Boot's locations in SPL as well, and the other way round
 * Return: 0; -EACCES
 */
int rpmb_fit_check_conf(const void *fit, int conf, int verified,
			bool any_location);

/**
 * rpmb_fit_refuse() - print why a FIT is refused
 *
 * @reason:	what is wrong
 * @which:	name of the image or configuration that it is about; NULL if it is
 *		about the whole FIT
 * Return: -EACCES
 */
int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which);

/**
 * typedef rpmb_fit_image_t - called for an image
 *
 * @fit:	FIT
 * @prop:	property of the configuration that names it
 * @image:	its node, negative if no image has that name: many properties do
 *		not name an image
 * @priv:	caller's
 * Return: 0 to go on
 */
typedef int (*rpmb_fit_image_t)(const void *fit, const char *prop, int image,
				void *priv);

/**
 * rpmb_fit_each_image() - go through the images of a FIT configuration
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @fn:		called for each; more than once for one that is named twice
 * @priv:	handed to @fn
 * Return: 0, or what @fn returned, if that is not 0
 */
int rpmb_fit_each_image(const void *fit, int conf, rpmb_fit_image_t fn, void *priv);

/**
 * rpmb_fit_is_hash() - is a node below an image one of its hashes?
 *
 * @fit:	FIT
 * @node:	node
 * Return: true if U-Boot takes it for one
 */
bool rpmb_fit_is_hash(const void *fit, int node);

/**
 * rpmb_fit_is_listed() - is a word on a list?
 *
 * @word:	word
 * @list:	words, each with a NUL, and one NUL more at the end
 * Return: true if so
 */
bool rpmb_fit_is_listed(const char *word, const char *list);

/**
 * rpmb_fit_has_strong_hash() - does an image have a hash without collisions?
 *
 * @fit:	FIT
 * @image:	image node
 * Return: true if one of its hashes is SHA-256 or better, and is checked
 */
bool rpmb_fit_has_strong_hash(const void *fit, int image);

/**
 * rpmb_fit_lists_only() - do all signatures cover one image, and just that?
 *
 * Looks at all signatures, since it is not known which one will be found good. The
 * rule is that of FITs that are signed for a purpose, also where U-Boot makes the
 * list itself (2026.10).
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @image:	the image that it names
 * Return: true if each signature lists the root, the configuration, the image
 *	and its hashes, each once and nothing else, there is nothing but hashes
 *	below the image, and there is a signature
 */
bool rpmb_fit_lists_only(const void *fit, int conf, int image);

/**
 * rpmb_fit_check_images() - are the images of a configuration what they must
 * be?
 *
 * They must be there, each with a hash of SHA-256 or better that is checked.
 * Prints which is not.
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @inside:	their data must be inside of the FIT; ignored in SPL
 * Return: 0; -EACCES
 */
int rpmb_fit_check_images(const void *fit, int conf, bool inside);

/**
 * rpmb_fit_has_image() - is an image part of a configuration?
 *
 * @fit:	FIT
 * @conf:	configuration node
 * @image:	image node
 * Return: true if so
 */
bool rpmb_fit_has_image(const void *fit, int conf, int image);

/**
 * rpmb_fit_has_data_outside() - are an image's data outside of the FIT?
 *
 * The signature covers what the data are, but not where they are.
 *
 * @fit:	FIT
 * @image:	its node
 * Return: true if they are, or if they are inside as well
 */
bool rpmb_fit_has_data_outside(const void *fit, int image);

#endif /* _RPMB_POLICY_INTERNAL_H */
