// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_policy_advance(): what is kept after a write is what the device has
 *
 * Any blocks may be known, or be errors that are remembered. The block that
 * is written is Android's first one, of which a location is watched; the
 * write may have any outcome.
 *
 * - The device is asked once at most, for this location and index alone, and
 *   a success is its success.
 * - What is kept afterwards of the watched location is what the device has:
 *   the new index after a success, what was kept before if another one was
 *   raised. An error that was remembered is not kept after a success.
 * - After an error nothing is kept that the device may not have, unless the
 *   ratchet has turned.
 * - A location that there is not is refused, and the device is not asked.
 */

#include "../uboot.h"
#include <boot/rpmb/stored.c>
#include "../proof.h"

static struct rpmb_ref ref;
static bool ratcheted, found;
static u32 writes, raised;
static u64 raised_to;
static int outcome;

bool rpmb_is_ratcheted(void)
{
	return ratcheted;
}

int rpmb_policy_device(struct rpmb_ref *r)
{
	int err = nondet_errno();

	found = !err;
	*r = ref;
	outcome = err;
	return err;
}

/* Contract: see rollback_tries */
int rpmb_index_advance_all(struct rpmb_ref r, const struct rpmb_raise *raise,
			   int count)
{
	claim(found && r.target == ref.target && r.keyid == ref.keyid);
	claim(count == 1 && raise->loc == raised && raise->index == raised_to);
	writes++;
	outcome = nondet_errno();
	return outcome;
}

static void claim_advanced(struct stored_block *b, u32 watched)
{
	bool known = b->known;
	u64 before = b->index[watched];
	int ret_before = b->ret, ret = rpmb_policy_advance(raised, raised_to);

	claim(ret == outcome && writes == found);
	if (!writes) {
		claim(b->known == known && b->index[watched] == before);
		return;
	}
	claim(implies(ret, b->known == (known && ratcheted)));
	claim(implies(ret, b->index[watched] == before));
	if (ret)
		return;
	claim(b->known == (known && ret_before > 0));
	claim(implies(b->known, b->index[watched] ==
		      (watched == raised ? raised_to : before)));
}

static void claim_none(void)
{
	assume((raised >= 0x20 && raised < 0x100) || raised >= 0x21c ||
	       (raised >= 0x11c && raised < 0x200));
	claim(rpmb_policy_advance(raised, raised_to) == -EADDRNOTAVAIL);
	claim(!found && !writes);
}

void proof(void)
{
	u32 watched = nondet_u32();
	int i;

	ref.target = nondet_u8();
	ref.keyid = nondet_u32();
	ratcheted = nondet_bool();
	__CPROVER_havoc_object(blocks);
	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		blocks[i].known = nondet_bool();
		assume(blocks[i].ret);
	}
	raised = nondet_u32();
	raised_to = nondet_u64();
	if (nondet_bool()) {
		claim_none();
		return;
	}
	assume(raised < 0x10 && watched < 0x10);
	claim_advanced(&blocks[0], watched);
}
