// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_look(): header, reserved memory and strings of what nobody has verified
 *
 * For any bytes, and any limits:
 *
 * - It ends, after at most as many steps as rpmb_look_most_steps() says.
 * - Nothing is read beyond the bytes that are there, wherever the header points to,
 *   and nothing is written. Fewer bytes than a header are refused unread.
 * - It accepts only what has the magic, version 17, blocks inside of the tree, an end
 *   of the list of reserved memory inside of it, and strings that end, each not longer
 *   than a name may be.
 * - The structure is looked at once (look_structure, look_step), with these blocks
 *   and nothing counted; what is said of it is the answer.
 */

#include "../look.h"

struct walk;
static int look_at_structure(struct walk *w);

#include <lib/rpmb/look.c>

#define TREE	72

static TREE_ALIGNED u8 tree[TREE];
static struct rpmb_look_limits max;
static u32 looked, spent;
static int judged;

static u32 header(u32 at)
{
	return (u32)tree[at] << 24 | tree[at + 1] << 16 | tree[at + 2] << 8 |
		tree[at + 3];
}

static void claim_blocks(void)
{
	u32 total = header(4), structure = header(8), strings = header(12);

	claim(header(0) == 0xd00dfeed && total <= TREE);
	claim(header(20) >= 17 && header(24) <= 17);
	claim(structure >= 40 && strings >= 40 && header(16) >= 40);
	claim((u64)structure + header(36) <= total && !(structure % 4) &&
	      !(header(36) % 4));
	claim((u64)strings + header(32) <= total);
	claim((u64)header(16) + 16 <= total && !(header(16) % 8));
}

/* Contract: see look_structure and look_step */
static int look_at_structure(struct walk *w)
{
	claim_blocks();
	claim(w->max == &max && w->at == tree + header(8) &&
	      w->end == w->at + header(36));
	claim((const u8 *)w->strings == tree + header(12) &&
	      w->strings_size == header(32));
	claim(!w->nodes && !w->tags && !w->depth && !w->leaves && !w->values);
	looked++;
	w->tags = nondet_u32();
	spent = nondet_u32();
	assume(w->tags <= max.tags);
	assume(spent <= (max.nodes + 1) * (max.name + 1));
	w->steps += spent;
	judged = nondet_errno();
	assume(!judged || judged == -EINVAL || judged == -E2BIG);
	return judged;
}

/* @from is where a string can begin: it ends inside, and is not too long */
static void claim_string(u32 from)
{
	u32 i, len = 0, strings = header(12);

	assume(from >= strings && from - strings < header(32));
	for (i = 0; i < TREE; i++)
		if (i >= from && i - from == len && tree[i])
			len++;
	claim(len <= max.name && from + len < strings + header(32));
}

void proof(void)
{
	u32 steps, at = nondet_u32();
	size_t size = nondet_size();
	u8 before;
	int ret;

	max = any_limits();
	__CPROVER_havoc_object(tree);
	assume(at < TREE && (size < RPMB_LOOK_HEADER || size == TREE));
	before = tree[at];

	ret = rpmb_look(size < TREE ? NULL : tree, size, &max, &steps);

	claim(!ret || ret == -EINVAL || ret == -E2BIG);
	claim(steps <= rpmb_look_most_steps(&max));
	claim(tree[at] == before);
	claim(implies(size < TREE, ret && !steps));
	claim(implies(!ret, looked == 1 && !judged));
	if (!ret)
		claim_string(at);
}
