// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_records_check(): a store is sound only if each block is
 *
 * For two or three blocks with names of up to two characters:
 *
 * - 0 is returned only if each block was found sound or blank, under its number,
 *   and no name is there twice.
 * - Otherwise what was said of the first unsound block is returned, or -EUCLEAN.
 */

#include "../proof.h"
#include <rpmb/record.h>

static int check_block(const struct rpmb_record_block *b, u32 number);

#include <lib/rpmb/record.c>

#define BLOCKS	3

static struct rpmb_record_block blocks[BLOCKS];
static u32 looked;
static int first;

/* Any verdict; which blocks are sound is not part of this */
static int check_block(const struct rpmb_record_block *b, u32 number)
{
	int err = nondet_errno();
	u32 len = nondet_u32();

	claim(b == &blocks[number] && number == looked && !first);
	looked++;
	if (err == -ENODATA)
		assume(!b->name[0]);
	else
		first = err;
	/* a sound block's name is 0 to 2 characters here, the rest zero */
	assume(!b->name[2] && implies(!b->name[0], !b->name[1]));
	assume(implies(b->name[0], is_name_char(b->name[0])));
	assume(implies(b->name[1], is_name_char(b->name[1])));
	return err;
}

void proof(void)
{
	struct rpmb_records rs = { .blocks = blocks };
	u32 a = nondet_u32(), b = nondet_u32();
	int ret;

	__CPROVER_havoc_object(blocks);
	rs.count = nondet_u32();
	assume(rs.count <= BLOCKS && a < b && b < rs.count);

	ret = rpmb_records_check(&rs);

	claim(ret <= 0 && looked <= rs.count);
	claim(implies(first, ret == first));
	claim(implies(ret && !first, ret == -EUCLEAN));
	if (ret)
		return;
	claim(looked == rs.count);
	claim(!blocks[a].name[0] || blocks[a].name[0] != blocks[b].name[0] ||
	      blocks[a].name[1] != blocks[b].name[1]);
}
