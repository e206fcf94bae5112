// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * take(), skip_tag(): one step of a look, from any place of any tree
 *
 * A tree's bytes can be anything; its header and strings are as rpmb_look() has found
 * them (see look). The walk can be at any word, with anything counted. So what is shown
 * of one step holds for all steps of all trees of these bytes:
 *
 * - A step takes a word at least, ends at a word inside of the structure, reads nothing
 *   beyond it, and writes nothing.
 * - Nodes, depth and leaves are counted; steps grow by no more than a name may have, and
 *   only with a node.
 * - If a word is left, libfdt makes the same step, even if it is built to trust the
 *   tree (FDT_ASSUME_MASK of 255, as in SPL): it finds this tag, the next one at the
 *   same place, a node's name that ends inside and is not too long, a property's name
 *   among the strings, and a value that is all inside. So it loops no longer, and
 *   reads nothing else. A structure without a word left is refused, see
 *   look_structure.
 * - The root is the only node without a name; no property stands behind a node's end; in
 *   a plain tree no NOP, and names have no blank, slash or unit address.
 */

#define FDT_ASSUME_MASK	0xff
#define __always_unused

#include "../look.h"
#include <lib/rpmb/look.c>
#include <fdt.c>
#include <fdt_ro.c>

#define STRUCTURE	40	/* bytes, at most */
#define STRINGS		8
#define TREE		(40 + STRUCTURE + STRINGS)

static TREE_ALIGNED u8 tree[TREE];
static struct rpmb_look_limits max;

static void put(u32 at, u32 val)
{
	rpmb_put32((struct rpmb_be32 *)(tree + at), val);
}

/* A header as it was found, with nothing behind the strings */
static struct walk any_walk(void)
{
	struct walk w = { .max = &max };
	u32 words = nondet_u32(), at = nondet_u32();

	assume(words <= STRUCTURE / 4 && at <= words);
	__CPROVER_havoc_object(tree);
	put(0, FDT_MAGIC);
	put(4, TREE);
	put(8, 40);
	put(12, 40 + STRUCTURE);
	put(20, 17);
	put(24, 16);
	put(32, STRINGS);
	put(36, 4 * words);
	tree[TREE - 1] = 0;
	w.at = tree + 40 + 4 * at;
	w.end = tree + 40 + 4 * words;
	w.strings = (const char *)tree + 40 + STRUCTURE;
	w.strings_size = STRINGS;
	w.nodes = nondet_u32();
	w.depth = nondet_u32();
	w.leaves = nondet_u32();
	w.values = nondet_u32();
	w.steps = nondet_u32();
	w.props = nondet_bool();
	/* the loop goes on within the limits only */
	assume(w.nodes <= max.nodes && w.depth <= max.depth && w.depth <= w.nodes);
	assume(w.leaves <= w.nodes && w.steps <= 16384 * 256);
	assume(implies(w.props, w.depth));
	assume(w.values <= 0x7fffffff - STRUCTURE);
	return w;
}

static void claim_name(int offset, const struct walk *w)
{
	int len, i = nondet_int();
	const char *name = fdt_get_name(tree, offset, &len);

	claim(name == (const char *)tree + 40 + offset + 4);
	claim(len >= 0 && len <= (int)max.name && !name[len]);
	claim((u32)(offset + 4 + len) < (u32)(w->end - tree - 40));
	claim(!len == (w->depth == 1));
	if (max.plain && i >= 0 && i < len)
		claim(name[i] > 32 && name[i] < 127 && name[i] != '/' &&
		      name[i] != '@');
}

static void claim_property(int offset)
{
	const char *name;
	int len;
	const u8 *val = fdt_getprop_by_offset(tree, offset, &name, &len);

	claim(val == tree + 40 + offset + 12 && len >= 0);
	claim(val + len <= tree + 40 + STRUCTURE);
	claim(name >= (char *)tree + 40 + STRUCTURE && name < (char *)tree + TREE);
}

static void claim_same_tag(u32 tag, const struct walk *was,
			   const struct walk *w)
{
	int offset = was->at - tree - 40, next;

	claim(fdt_next_tag(tree, offset, &next) == tag);
	claim(next == w->at - tree - 40);
	if (tag == FDT_BEGIN_NODE)
		claim_name(offset, w);
	if (tag == FDT_PROP)
		claim_property(offset);
}

static void claim_counted(u32 tag, const struct walk *was,
			  const struct walk *w)
{
	bool begins = tag == FDT_BEGIN_NODE, ends = tag == FDT_END_NODE;

	claim(w->nodes == was->nodes + begins);
	claim(w->depth == was->depth + begins - ends);
	claim(w->leaves == (begins && w->depth == 3 ? 0 :
			    was->leaves + (begins && w->depth == 4)));
	claim(w->props == (begins || (was->props && !ends)));
	claim(implies(tag == FDT_PROP, was->props));
	claim(implies(tag == FDT_NOP, was->nodes && !max.plain));
	claim(implies(!was->depth, begins ? !was->nodes : tag == FDT_NOP ||
		      tag == FDT_PROP));
	claim(w->values >= was->values && w->values - was->values <= STRUCTURE);
}

void proof(void)
{
	struct walk was, w;
	u32 tag, at = nondet_u32();
	bool more;
	u8 before;

	max = any_limits();
	w = any_walk();
	was = w;
	assume(at < TREE);
	before = tree[at];

	tag = take(&w);
	more = skip_tag(&w, tag);

	claim(tree[at] == before && w.end == was.end);
	claim(w.steps - was.steps <= (w.nodes - was.nodes) * (max.name + 1));
	claim(w.at >= was.at && w.at <= w.end && !((w.end - w.at) % 4));
	claim(w.at > was.at || was.at == was.end);
	claim(implies(was.at == was.end, !more));
	if (!more || w.at == w.end)
		return;
	claim_same_tag(tag, &was, &w);
	claim_counted(tag, &was, &w);
}
