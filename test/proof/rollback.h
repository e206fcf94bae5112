/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A store of rollback indexes on a device, for proofs
 *
 * The client is replaced by its contracts, which other proofs show. One block of
 * the device is looked at, the one of the location that a proof is about. Between
 * two operations others may write it, with any bytes.
 */

#ifndef _PROOF_ROLLBACK_H
#define _PROOF_ROLLBACK_H

#include "proof.h"
#include <rpmb/rollback.h>

static int check_block(const struct rpmb_rollback_block *b, u32 number);

#include <lib/rpmb/store.c>
#include <lib/rpmb/rollback.c>

static struct rpmb_mac key;
static struct rpmb_rollback rb;
static struct rpmb_client cl;
static struct rpmb_rollback_block device;	/* the block, on the device */
static u32 first, number;	/* of the store; of the block in it */
static u32 begun, reads, writes;
static bool failed;		/* the last operation of the client has */
static int judged;		/* what was said of the block that was read */
static u32 watched;		/* a location; what is said of it holds for all */

static int verdict(void)
{
	int err = nondet_errno();

	failed = err;
	return err;
}

/* What a proof claims of the bytes that are signed */
static void note_write(const struct rpmb_rollback_block *b);

/* The format, by doc/develop/rpmb/spec.rst: where a location's index stands */
static u32 block_of(u32 loc)
{
	return loc < 0x20 ? loc / 16 : loc < 0x200 ? 2 : 3;
}

static u32 place_of(u32 loc)
{
	return loc < 0x20 ? loc % 16 : loc & 0xff;
}

static bool stored_set(const struct rpmb_rollback_block *b, u32 loc)
{
	const u8 *byte = (const u8 *)b;
	u32 i = place_of(loc);

	return byte[15 - i / 8] >> i % 8 & 1;
}

static u64 stored_index(const struct rpmb_rollback_block *b, u32 loc)
{
	const u8 *byte = (const u8 *)b + 32 + 8 * place_of(loc);
	u64 index = 0;
	u32 i;

	for (i = 0; i < 8; i++)
		index = index << 8 | byte[i];
	return index;
}

/* Any verdict; which blocks are sound is not part of these proofs */
static int check_block(const struct rpmb_rollback_block *b, u32 n)
{
	claim(b == &rb.block && n == number && reads == 1 && !failed);
	judged = nondet_errno();
	assume(!judged || judged == -ENODATA || judged == -EUCLEAN ||
	       judged == -EPROTONOSUPPORT);
	/* all of it is zero */
	assume(implies(judged == -ENODATA, !stored_set(b, watched) &&
		       !stored_index(b, watched)));
	return judged;
}

/* Contract: see begin; nothing is asked of the device */
int rpmb_client_begin(struct rpmb_client *c, struct rpmb_mac *mac, u32 addr,
		      u32 count)
{
	int err = verdict();

	claim(c == &cl && mac == &key);
	claim(addr == first && count == RPMB_ROLLBACK_BLOCKS);
	assume(!err || err == -EINVAL || err == -ERANGE);
	begun++;
	return err;
}

int rpmb_client_begin_keyed(struct rpmb_client *c, struct rpmb_mac *mac,
			    u32 addr, u32 count, bool ask)
{
	int err = verdict();

	claim(c == &cl && mac == &key);
	claim(addr == first && count == RPMB_ROLLBACK_BLOCKS);
	begun++;
	if (!err && !c->counter_known)
		c->counter = nondet_u32();
	return err;
}

void rpmb_client_forget(struct rpmb_client *c)
{
	c->counter_known = false;
}

/* Contract: see read */
int rpmb_client_read(struct rpmb_client *c, struct rpmb_mac *mac, u32 addr,
		     u32 count, void *data)
{
	int err = verdict();

	claim(c == &cl && mac == &key && begun == reads + 1);
	claim(addr == first + number && count == 1);
	claim(data == &rb.block);
	reads++;
	__CPROVER_havoc_object(&device);	/* others have written */
	memset(data, 0, sizeof(device));
	if (!err)
		memcpy(data, &device, sizeof(device));
	return err;
}

/*
 * Contract: see store; if it fails the block is the old or the new one, or
 * somebody else's was executed in its place
 */
int rpmb_client_write(struct rpmb_client *c, struct rpmb_mac *mac, u32 addr,
		      u32 count, const void *data)
{
	int err = verdict();

	claim(c == &cl && mac == &key && c->this_counter_only);
	claim(begun == reads && reads == writes + 1);
	claim(addr == first + number && count == 1 && data == &rb.block);
	note_write(data);
	writes++;
	c->status.fault = nondet_u32();
	if (!err || nondet_bool())
		memcpy(&device, data, sizeof(device));
	return err;
}

/* A location in any block, and a store of it */
static u32 any_location(void)
{
	u32 loc = nondet_u32();

	assume(rpmb_rollback_is_location(loc));
	cl.counter_known = nondet_bool();
	cl.counter = nondet_u32();
	first = nondet_u32();
	assume(first <= RPMB_MAX_BLOCKS);
	number = block_of(loc);
	watched = loc;
	rb.at.cl = &cl;
	rb.at.key = &key;
	rb.at.first = first;
	return loc;
}

#endif /* _PROOF_ROLLBACK_H */
