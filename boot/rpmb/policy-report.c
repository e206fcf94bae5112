// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the rollback policy has to say: what was wrong, what state the device is
 * in, what to do
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <stdio.h>
#include "policy-internal.h"

/**
 * struct policy_reason - what an error means to a person
 *
 * @err:	errno, 0 for any
 * @what:	what was wrong
 * @state:	what is known of the device
 * @advice:	what to do
 */
struct policy_reason {
	int err;
	const char *what;
	const char *state;
	const char *advice;
};

/* SPL has no room for them, and no commands either */
#define DO(text)	(IS_ENABLED(CONFIG_XPL_BUILD) ? \
			 "see doc/usage/rpmb/rollback.rst" : (text))

static const struct policy_reason reasons[] = {
	{ -ENODATA, "no rollback index has ever been stored",
	  "it answers, signed with our key: there is nothing at this location",
	  DO("store one: 'rpmb rollback commit'; on an open board 'rpmb rollback advance'") },
	{ -ENOKEY, "the RPMB says that it has no key",
	  "new, or exchanged, or somebody answers in its place: this answer cannot be signed",
	  DO("program the key on an open board, see 'rpmb program-key'; then store an index") },
	{ -EDOM, "the image is older than what has been booted before",
	  "in order, the index is signed with our key",
	  DO("boot an image with this index or a higher one") },
	{ -E2BIG, "the image's index is 2^64 - 1, which is none",
	  "in order, the index is signed with our key",
	  DO("give the image a lower index: nothing could follow this one") },
	{ -EBADMSG, "the answer is not signed with our key",
	  "another device, or another key in it; or the answer was forged",
	  DO("put the device of this board back; if it is there, somebody is on the bus") },
	{ -EPROTO, "the answer belongs to another question",
	  "not known: an old answer was played again, or somebody else uses the RPMB",
	  DO("reset; if it stays like this, somebody is on the bus") },
	{ -ENODEV, "the RPMB is not there",
	  "missing, dead, or under another name",
	  DO("see 'rpmb list'; the control FDT says which one it must be") },
	{ -ENXIO, "the RPMB went away or was exchanged",
	  "another one than at the start, or none",
	  DO("put the device back that belongs to this board, and reset") },
	{ -ETIMEDOUT, "the RPMB did not answer in time",
	  "not known, nothing was written",
	  DO("switch power off and on") },
	{ -EPROTONOSUPPORT, "the index was stored by a later U-Boot than this one",
	  "in order, in a format that is not known here",
	  DO("install the U-Boot that wrote it, or a later one") },
	{ -EUCLEAN, "what is stored there is no rollback index",
	  "it answers, signed with our key: somebody else has written to this place",
	  DO("find out who uses this RPMB as well; a service token resets the index") },
	{ -EKEYREVOKED, "the index was not read before the keys were wiped",
	  "not asked, the boot ratchet has turned",
	  DO("reset") },
	{ -EKEYREJECTED, "the key that the control FDT names cannot be had",
	  "not asked",
	  DO("see 'rpmb key list': an empty slot, or no unique key, or a weak one") },
#ifndef CONFIG_XPL_BUILD	/* SPL has no room to tell these apart */
	{ -EUNATCH, "there are no random numbers, an old answer would pass for a new one",
	  "not asked",
	  DO("see 'rng list': the board needs an rng device, and it must deliver") },
	{ -ERANGE, "the RPMB is too small for rollback indexes",
	  "it has not enough blocks",
	  DO("see 'rpmb get-info', and CONFIG_RPMB_ROLLBACK_START") },
#endif
	{ -EINVAL, "the control FDT asks for what is not there",
	  "not asked",
	  DO("correct the node \"u-boot,rpmb-rollback\" (rpmb, target, key-id), or the location") },
	{ -ENOENT, "the control FDT names no RPMB",
	  "not asked",
	  DO("add the node \"u-boot,rpmb-rollback\"") },
	{ 0, "the rollback index cannot be read",
	  "not known, nothing was written",
	  DO("switch power off and on; see 'rpmb list'") },
};

static const struct policy_reason *find_reason(int err)
{
	const struct policy_reason *r = reasons;

	while (r->err && r->err != err)
		r++;
	return r;
}

void rpmb_policy_print_device(void)
{
	struct rpmb_policy p;

	rpmb_policy_get(&p);
	if (*p.name)
		printf("  device: %s:%x, key %x", p.name, p.target, p.keyid);
	else
		printf("  device: none is named");
}

/* The lines that refusals and warnings have in common */
static void print_reason(const char *mark, u32 loc, int err)
{
	const struct policy_reason *r = find_reason(err);

	puts(mark);
	rpmb_policy_print_device();
	printf(", location %x: %s\n", loc, r->state);
	printf("%s  advice: %s\n", mark, r->advice);
}

void rpmb_policy_explain(const char *who, u32 loc, int err)
{
	printf("%s: %s (error %d)\n", who, find_reason(err)->what, err);
	print_reason("", loc, err);
}

void rpmb_policy_refuse(u32 loc, int err)
{
	rpmb_policy_explain("\nrollback: REFUSED", loc, err);
}

/* The small printf of many an SPL knows no longer numbers */
static void print_index(const char *what, u64 index)
{
	printf("%s ", what);
	if (index >> 32)
		printf("%x%08x", (u32)(index >> 32), (u32)index);
	else
		printf("%x", (u32)index);
}

void rpmb_policy_refuse_old(u32 loc, u64 index, u64 stored)
{
	printf("\nrollback: REFUSED: %s", find_reason(-EDOM)->what);
	print_index(": its index is", index);
	print_index(", the device holds", stored);
	printf("\n");
	print_reason("", loc, -EDOM);
}

void rpmb_policy_warn(u32 loc, int err)
{
	static const char bar[] =
		"*************************************************************";

	printf("\n%s\n* WARNING: NO ROLLBACK PROTECTION: %s\n", bar,
	       find_reason(err)->what);
	print_reason("*", loc, err);
	printf("* Booted all the same: this board is OPEN. Once it is closed it will REFUSE.\n%s\n",
	       bar);
}
