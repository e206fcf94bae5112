// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: what an error of a step means to a station
 */

#include <linux/errno.h>
#include "provision-internal.h"

#define AGAIN "switch power off and on, then run the same manifest again"
#define NO_PROOF "the device does not prove the key: " AGAIN

/* Tables end with the row for all other errors */
static const struct rpmb_verdict *find(const struct rpmb_verdict *v, int err)
{
	while (v->err && v->err != err)
		v++;
	return v;
}

static const struct rpmb_verdict key_verdicts[] = {
	{ -EKEYREJECTED, RPMB_REFUSED_WEAK_SECRET,
	  "the secret behind the key is blank, patterned or published" },
	{ -ENOKEY, RPMB_REFUSED_NO_KEY, "the key slot is empty" },
	{ -EKEYEXPIRED, RPMB_REFUSED_NOT_FINAL,
	  "the unique key will be another one once this board is closed" },
	{ -ENOSYS, RPMB_REFUSED_NO_UNIQUE_KEY, "the board has no unique key" },
	{ -EACCES, RPMB_REFUSED_NO_UNIQUE_KEY, "the unique key is locked" },
	{ -EINVAL, RPMB_REFUSED_NO_PROVIDER, "nobody provides this key id" },
	{ 0, RPMB_REFUSED_NO_KEY, "the key cannot be had" },
};

static const struct rpmb_verdict blank_verdicts[] = {
	{ -EEXIST, RPMB_REFUSED_KEY_IN_USE,
	  "another target answers to this key; each needs one of its own" },
	{ -EREMOTE, RPMB_REFUSED_KEY_IN_DOUBT,
	  "another device that does not answer may hold this key" },
	{ -EBUSY, RPMB_REFUSED_POWER_CYCLE,
	  "an attempt has failed since power-up: " AGAIN },
	{ -EBADMSG, RPMB_REFUSED_OTHER_KEY,
	  "the device holds another key, or its reply was forged; it was left alone" },
	{ -ETIMEDOUT, RPMB_REFUSED_NO_ANSWER, "the device did not answer" },
	{ -EUNATCH, RPMB_REFUSED_NO_RANDOM,
	  "there are no random numbers, so the device was not asked; see 'rng list'" },
	{ 0, RPMB_REFUSED_DEVICE_ERROR,
	  "the device says neither that it is blank nor that it has the key" },
};

static const struct rpmb_verdict program_verdicts[] = {
	{ -EBADMSG, RPMB_FAILED_POWER_CYCLE, NO_PROOF },
	{ 0, RPMB_FAILED_POWER_CYCLE,
	  "programming failed, or so the device says: " AGAIN },
};

static const struct rpmb_verdict program_not_sent = {
	0, RPMB_REFUSED_NOT_SENT,
	"something has changed since it was checked, and no key was sent; run the same manifest again",
};

static const struct rpmb_verdict prove_verdict = {
	0, RPMB_FAILED_POWER_CYCLE, NO_PROOF,
};

static const struct rpmb_verdict record_verdicts[] = {
	{ -EPROTONOSUPPORT, RPMB_FAILED_LATER_FORMAT,
	  "the device has indexes of a later version; they were left alone" },
	{ -EUCLEAN, RPMB_FAILED_OTHER_DATA,
	  "the device has other data where the indexes belong; they were left alone" },
	{ 0, RPMB_FAILED_WRITE,
	  "the indexes could not be read or written, or not all of them; run the same manifest again" },
};

const struct rpmb_verdict *rpmb_verdict_key(int err)
{
	return find(key_verdicts, err);
}

const struct rpmb_verdict *rpmb_verdict_blank(int err)
{
	return find(blank_verdicts, err);
}

/*
 * Whether the device has the key is in doubt only if it was sent to it. It may even
 * be proven: then the bus has failed after that.
 */
const struct rpmb_verdict *rpmb_verdict_program(int err, enum rpmb_state state)
{
	return state == RPMB_STATE_UNTOUCHED ? &program_not_sent :
					       find(program_verdicts, err);
}

const struct rpmb_verdict *rpmb_verdict_prove(int err)
{
	return &prove_verdict;
}

const struct rpmb_verdict *rpmb_verdict_record(int err)
{
	return find(record_verdicts, err);
}
