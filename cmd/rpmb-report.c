// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Error messages of the 'rpmb' command: what was wrong, how the device is
 * now, what to do
 */

#include <command.h>
#include <dm.h>
#include "rpmb-cmd.h"

/**
 * struct rpmb_reason - what an error means to a person
 *
 * The first row that fits is taken.
 *
 * @err:	errno, 0 for any
 * @fault:	fault, RPMB_FAULT_NONE for any
 * @what:	what was wrong
 * @advice:	what to do, NULL if there is nothing to say
 */
struct rpmb_reason {
	int err;
	enum rpmb_fault fault;
	const char *what;
	const char *advice;
};

static const struct rpmb_reason rpmb_reasons[] = {
	{ -EALREADY, RPMB_FAULT_NONE,
	  "the device already holds this key (proven by an authenticated counter read)" },
	{ -EEXIST, RPMB_FAULT_NONE,
	  "another target answers to this key (proven): two of them could be played against each other",
	  "use a key of its own for each device and region" },
	{ -EREMOTE, RPMB_FAULT_NONE,
	  "another device may hold this key, and does not answer",
	  "see 'rpmb list'; a derived key is another for each device" },
	{ -EBUSY, RPMB_FAULT_NONE,
	  "an attempt to program a key has failed, and the device has had power since",
	  "switch power off and on, then try again: the same key is recognised if it is there" },
	{ -EKEYREVOKED, RPMB_FAULT_NONE,
	  "the boot ratchet has turned: there are no keys until the next reset",
	  "on a closed board CONFIG_RPMB_ROLLBACK_COMMIT_CMD commits before that" },
	{ -EKEYREJECTED, RPMB_FAULT_NONE,
	  "the key, or what it is made from, is blank, patterned or published: no secret" },
	{ -EKEYEXPIRED, RPMB_FAULT_PARAM,
	  "the key is made from a unique key that will be another one once this board is closed",
	  "bring the board into the state in which its unique key is final, then program the key" },
	/* without the device: the key could not be had */
	{ -ENOSYS, RPMB_FAULT_PARAM, "the board has no unique key" },
	{ -EACCES, RPMB_FAULT_PARAM, "the unique key is locked" },
	{ -EMSGSIZE, RPMB_FAULT_PARAM,
	  "the unique key does not have 10 to 40 bytes" },
	{ -EOPNOTSUPP, RPMB_FAULT_PARAM,
	  "the provider has no keys for this transport" },
	{ -EPERM, RPMB_FAULT_NONE,
	  "the board is closed: keys, raw writes and the self test are refused" },
	{ -EROFS, RPMB_FAULT_NONE,
	  "some of these blocks hold rollback indexes or named records, which are not written raw",
	  "choose other blocks; 'rpmb rollback' advances an index" },
	{ -EOVERFLOW, RPMB_FAULT_NONE,
	  "the write counter is exhausted: the target can be read, never written again",
	  "replace the device" },
	{ -ENOKEY, RPMB_FAULT_RESULT,
	  "the device says that no key is programmed (unsigned: a hint, no proof)",
	  "program one: rpmb program-key <keyid>" },
	{ -ENOKEY, RPMB_FAULT_NONE,
	  "the key slot is empty",
	  "fill it: rpmb key add <keyid> <addr>" },
	{ 0, RPMB_FAULT_RNG,
	  "there are no random numbers: without a fresh nonce a recorded reply would pass",
	  "add an rng device (QEMU: -device virtio-rng-device), see 'rng list'" },
	{ -ETIMEDOUT, RPMB_FAULT_LINK,
	  "the device did not answer in time",
	  "power-cycle the device and try again" },
	{ -ENXIO, RPMB_FAULT_LINK,
	  "the device went away or was swapped",
	  "see 'rpmb list'" },
	{ 0, RPMB_FAULT_LINK, "the transfer failed",
	  "power-cycle the device and try again" },
	{ 0, RPMB_FAULT_TYPE, "the reply is of another type than was asked for",
	  "somebody else may be using the RPMB; try again" },
	{ 0, RPMB_FAULT_MAC, "the reply is not signed with this key",
	  "check the key id; if it is right, the reply was forged" },
	{ 0, RPMB_FAULT_NONCE, "the reply answers another request (nonce)",
	  "an old reply was played again; try again" },
	{ 0, RPMB_FAULT_ADDRESS, "the reply is for another address" },
	{ 0, RPMB_FAULT_COUNT, "the reply has another number of blocks" },
	{ 0, RPMB_FAULT_COUNTER, "the write counter is not what it must be",
	  "somebody else may be writing; try again" },
	{ 0, RPMB_FAULT_READBACK, "the data read back differ from the data written",
	  "another frame may have been played in place of ours; write again" },
	{ -EACCES, RPMB_FAULT_RESULT,
	  "the device refused the authentication", "check the key id" },
	{ -ESTALE, RPMB_FAULT_RESULT,
	  "the device refused the write counter",
	  "somebody else may be writing; try again" },
	{ -ERANGE, RPMB_FAULT_PARAM,
	  "the target has no such blocks: it is too small",
	  "see 'rpmb get-info'; CONFIG_RPMB_ROLLBACK_START says where the indexes are" },
	{ -ERANGE, RPMB_FAULT_NONE, "the device refused the address" },
	{ -EINVAL, RPMB_FAULT_NONE, "there is no such key id",
	  "see 'rpmb key list'" },
	{ -ENOMEM, RPMB_FAULT_NONE, "out of memory" },
	{ -ENOSYS, RPMB_FAULT_NONE, "the device cannot do this" },
	{ 0, RPMB_FAULT_RESULT, "the device reports a failure" },
	{ 0, RPMB_FAULT_NONE, "it failed" },
};

static const struct rpmb_reason *find_reason(int err, enum rpmb_fault fault)
{
	const struct rpmb_reason *r = rpmb_reasons;

	while ((r->err && r->err != err) || (r->fault && r->fault != fault))
		r++;

	return r;
}

static const char *result_name(u16 result)
{
	static const char *const names[] = {
		[RPMB_RES_OK] = "ok",
		[RPMB_RES_GENERAL] = "general failure",
		[RPMB_RES_AUTH] = "authentication failure",
		[RPMB_RES_COUNTER] = "counter failure",
		[RPMB_RES_ADDRESS] = "address failure",
		[RPMB_RES_WRITE] = "write failure",
		[RPMB_RES_READ] = "read failure",
		[RPMB_RES_NO_KEY] = "no key programmed",
	};
	u16 code = result & ~RPMB_RES_EXPIRED;

	return code < ARRAY_SIZE(names) ? names[code] : "unknown";
}

static void print_state(const struct rpmb_status *st, u32 blocks)
{
	static const char *const states[] = {
		[RPMB_STATE_UNTOUCHED] =
			"untouched, nothing that could change it was sent",
		[RPMB_STATE_UNCHANGED] =
			"unchanged, proven by an authenticated read",
		[RPMB_STATE_CHANGED] =
			"changed, proven by an authenticated reply",
		[RPMB_STATE_UNKNOWN] =
			"UNKNOWN, whether it acted could not be proven",
	};

	printf("  device: ");
	if (st->done && blocks)
		printf("%x of %x blocks written and proven; the rest: ",
		       st->done, blocks);
	printf("%s\n", states[st->state]);
}

const char *rpmb_report_key(int err)
{
	return find_reason(err, RPMB_FAULT_PARAM)->what;
}

const char *rpmb_report_reason(const struct rpmb_where *w, int err)
{
	return find_reason(err, rpmb_get_status(w->dev, w->target)->fault)->what;
}

int rpmb_report(const struct rpmb_where *w, const struct rpmb_verb *verb,
		int err, u32 blocks)
{
	const struct rpmb_status *st = rpmb_get_status(w->dev, w->target);
	const struct rpmb_reason *r = find_reason(err, st->fault);

	printf("rpmb %s %s:%x: %s (error %d", verb->name, w->dev->name,
	       w->target, r->what, err);
	if (st->has_result)
		printf(", device result %#06x: %s%s", st->result,
		       result_name(st->result),
		       st->result & RPMB_RES_EXPIRED ? ", expired" : "");
	printf(")\n");
	print_state(st, verb->writes ? blocks : 0);
	if (st->state == RPMB_STATE_UNKNOWN && verb->unknown)
		printf("  advice: %s\n", verb->unknown);
	else if (r->advice)
		printf("  advice: %s\n", r->advice);

	return CMD_RET_FAILURE;
}
