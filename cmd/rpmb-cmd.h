/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the 'rpmb' command share: arguments and error reports
 */

#ifndef _RPMB_CMD_H
#define _RPMB_CMD_H

#include <rpmb.h>

/**
 * struct rpmb_where - a device and target to work on
 *
 * @dev:	probed device
 * @target:	target that exists
 */
struct rpmb_where {
	struct udevice *dev;
	int target;
};

/**
 * struct rpmb_verb - an operation, for error reports
 *
 * @name:	what it is called
 * @writes:	it moves blocks to the device
 * @unknown:	what to do when its outcome is unknown, may be NULL
 * @other_key:	errno that explains what a wrong MAC means to this operation; 0:
 *		the same as to all others
 */
struct rpmb_verb {
	char name[20];
	bool writes;
	const char *unknown;
	int other_key;
};

/**
 * rpmb_args_is_hex() - is all of this a hex number?
 *
 * Takes no trailing garbage and no number that is too large. Takes 64 bits, also
 * where an unsigned long has fewer.
 *
 * @arg:	argument
 * @max:	largest value allowed
 * @val:	the number
 * Return: true if so
 */
bool rpmb_args_is_hex(const char *arg, u64 max, u64 *val);

/**
 * rpmb_args_hex() - parse a hex number
 *
 * Takes no trailing garbage and no number that is too large. Prints what is wrong.
 *
 * @what:	what it is, for the message
 * @arg:	argument
 * @max:	largest value allowed
 * @val:	the number
 * Return: 0 or -EINVAL
 */
int rpmb_args_hex(const char *what, const char *arg, ulong max, ulong *val);

/**
 * rpmb_args_keyid() - parse a key id
 *
 * @arg:	argument
 * @none_ok:	'none' asks for an unverified answer
 * @keyid:	key id or RPMB_KEY_NONE
 * Return: 0 or -EINVAL
 */
int rpmb_args_keyid(const char *arg, bool none_ok, rpmb_keyid_t *keyid);

/**
 * rpmb_args_mem() - parse an address and check that there is RAM
 *
 * @arg:	argument
 * @len:	bytes that must be there
 * Return: mapped memory, or NULL if there is none; prints why
 */
void *rpmb_args_mem(const char *arg, ulong len);

/**
 * rpmb_args_copy_fit() - parse the address of a FIT and copy it
 *
 * All bytes that the tree says it has must be in RAM. Nobody can change the copy
 * between check and use.
 *
 * @arg:	argument
 * @copyp:	copy, to be freed
 * @whyp:	set on error: what was wrong, in words
 * Return: 0; -EINVAL there is none, or no RAM, or it is too large; -ENOMEM
 */
int rpmb_args_copy_fit(const char *arg, void **copyp, const char **whyp);

/**
 * rpmb_args_mem_out() - as rpmb_args_mem(), for memory to be overwritten
 *
 * @arg:	argument
 * @len:	bytes that must be there and not be reserved
 * Return: mapped memory, or NULL; prints why
 */
void *rpmb_args_mem_out(const char *arg, ulong len);

/**
 * rpmb_args_mem_bytes() - as rpmb_args_mem_out(), at any address
 *
 * @arg:	argument
 * @len:	bytes that must be there and not be reserved
 * Return: mapped memory, or NULL; prints why
 */
void *rpmb_args_mem_bytes(const char *arg, ulong len);

/**
 * rpmb_args_blocks() - parse "<blk> <cnt>" and check them against the capacity
 *
 * @w:		device and target
 * @argv:	the two arguments
 * @blk:	first block
 * @cnt:	number of blocks, at least 1
 * Return: 0, -EINVAL or -ERANGE
 */
int rpmb_args_blocks(const struct rpmb_where *w, char *const argv[],
		     ulong *blk, ulong *cnt);

/**
 * rpmb_current_scan() - find the devices, complain if there are none
 *
 * @count:	number of devices found, also if a transport could not look
 * Return: 0; -ENODEV there are none; or why a transport could not look
 */
int rpmb_current_scan(int *count);

/**
 * rpmb_current_where() - parse "index[:target]" or "name[:target]"
 *
 * @arg:	argument
 * @w:		device and target
 * Return: 0 or -errno
 */
int rpmb_current_where(const char *arg, struct rpmb_where *w);

/**
 * rpmb_current_choose() - make a device and target the current ones
 *
 * @w:		device and target
 */
void rpmb_current_choose(const struct rpmb_where *w);

/**
 * rpmb_current_get() - get the chosen device, or the only one
 *
 * If there are several devices, none is current until somebody chooses one: the
 * order in which they were found must not decide which one is meant.
 *
 * @w:		device and target
 * Return: 0 or -errno
 */
int rpmb_current_get(struct rpmb_where *w);

/**
 * rpmb_current_find() - get the chosen device, print nothing
 *
 * @w:		device and target
 * Return: 0; -ENODEV none was chosen; or why it cannot be used
 */
int rpmb_current_find(struct rpmb_where *w);

/**
 * rpmb_report_nth() - get one of several words
 *
 * One string takes less room than a pointer to each word.
 *
 * @words:	all of them, each with a 0 behind it
 * @n:		number of the word, from 0; it must be there
 * Return: word
 */
const char *rpmb_report_nth(const char *words, int n);

/**
 * rpmb_report_label() - mark what was not verified
 *
 * @keyid:	key that an answer was checked with
 * Return: text to end a line with
 */
const char *rpmb_report_label(rpmb_keyid_t keyid);

/**
 * rpmb_report_key() - what is wrong with a key, in words
 *
 * @err:	error of a key's provider or slot
 * Return: text
 */
const char *rpmb_report_key(int err);

/**
 * rpmb_report_blocks() - say which blocks are not for raw writes, if any
 *
 * @w:		device and target
 * @indent:	what the line begins with
 */
void rpmb_report_blocks(const struct rpmb_where *w, const char *indent);

/**
 * rpmb_report_reason() - what was wrong, in words
 *
 * @w:		device and target
 * @err:	what the last operation returned
 * Return: text
 */
const char *rpmb_report_reason(const struct rpmb_where *w, int err);

/**
 * rpmb_report() - say what was wrong, how the device is now and what to do
 *
 * @w:		device and target
 * @verb:	operation
 * @err:	what it returned
 * @blocks:	blocks it was asked to move, else 0
 * Return: exit status of the command, CMD_RET_FAILURE
 */
int rpmb_report(const struct rpmb_where *w, const struct rpmb_verb *verb,
		int err, u32 blocks);

/**
 * rpmb_report_rollback() - as rpmb_report(), of the RPMB with the indexes
 *
 * @verb:	operation
 * @loc:	location
 * @err:	what it returned
 * Return: exit status of the command, CMD_RET_FAILURE
 */
int rpmb_report_rollback(const struct rpmb_verb *verb, u32 loc, int err);

/**
 * rpmb_info_print_id() - print the device's identifier, and end the line
 *
 * A CID is printed as hex; identifiers of other devices are text.
 *
 * @w:		device and target
 */
void rpmb_info_print_id(const struct rpmb_where *w);

/*
 * The verbs. Each gets its option, 0 for none, and the arguments that come after
 * it: as many as its row in rpmb.c says.
 */
int do_rpmb_list(char option, int argc, char *const argv[]);
int do_rpmb_get_info(char option, int argc, char *const argv[]);
int do_rpmb_key_list(char option, int argc, char *const argv[]);
int do_rpmb_key_add(char option, int argc, char *const argv[]);
int do_rpmb_key_del(char option, int argc, char *const argv[]);
int do_rpmb_program_key(char option, int argc, char *const argv[]);
int do_rpmb_write_blocks(char option, int argc, char *const argv[]);
int do_rpmb_read_blocks(char option, int argc, char *const argv[]);
int do_rpmb_dump(char option, int argc, char *const argv[]);
int do_rpmb_provision(char option, int argc, char *const argv[]);
int do_rpmb_rollback_get(char option, int argc, char *const argv[]);
int do_rpmb_rollback_check(char option, int argc, char *const argv[]);
int do_rpmb_rollback_advance(char option, int argc, char *const argv[]);
int do_rpmb_rollback_commit(char option, int argc, char *const argv[]);
int do_rpmb_rollback_commit_ab(char option, int argc, char *const argv[]);
int do_rpmb_service(char option, int argc, char *const argv[]);

/**
 * rpmb_rollback_is_on() - does the control FDT name an RPMB for the indexes?
 *
 * Return: true if so; else prints that it does not
 */
bool rpmb_rollback_is_on(void);

#endif /* _RPMB_CMD_H */
