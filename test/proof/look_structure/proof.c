// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * look_at_structure(): the loop over the tags
 *
 * A step is replaced by its contract, see look_step. For any steps and limits:
 *
 * - It ends: each step takes a word at least, and no more tags are taken than the
 *   limits allow.
 * - 0 is returned only if the last tag was FDT_END, it was the last word, there was
 *   a node, none is open, and after no step there was more than the limits allow.
 * - No step is made after one that was the last.
 */

#include "../look.h"

struct walk;
static u32 take(struct walk *w);
static bool skip_tag(struct walk *w, u32 tag);

#include <lib/rpmb/look.c>

#define STRUCTURE	24

static u8 structure[STRUCTURE];
static struct rpmb_look_limits max;
static u32 last, taken;
static bool ended, exceeded;

static void note(const struct walk *w)
{
	exceeded |= w->nodes > max.nodes || w->depth > max.depth ||
		    w->leaves > max.leaves || w->values > max.values;
}

static u32 take(struct walk *w)
{
	claim(!ended && !exceeded && taken < max.tags);
	taken++;
	last = w->at == w->end ? 0 : nondet_u32();
	if (w->at < w->end)
		w->at += 4;
	return last;
}

static bool skip_tag(struct walk *w, u32 tag)
{
	u32 words = nondet_u32();

	claim(tag == last);
	if (tag != FDT_BEGIN_NODE && tag != FDT_PROP && tag != FDT_END_NODE &&
	    tag != FDT_NOP)
		ended = true;
	else
		ended = nondet_bool();
	assume(words <= (w->end - w->at) / 4);
	w->at += 4 * words;
	w->nodes += tag == FDT_BEGIN_NODE;
	w->depth = nondet_u32();
	w->leaves = nondet_u32();
	w->values = nondet_u32();
	if (!ended)
		note(w);
	return !ended;
}

void proof(void)
{
	struct walk w = { .max = &max, .at = structure };
	u32 words = nondet_u32();
	int ret;

	max = any_limits();
	assume(words <= STRUCTURE / 4);
	w.end = structure + 4 * words;

	ret = look_at_structure(&w);

	claim(!ret || ret == -EINVAL || ret == -E2BIG);
	claim(w.tags == taken && taken <= max.tags && taken <= words + 1);
	if (ret)
		return;
	claim(last == FDT_END && ended && !exceeded);
	claim(w.at == w.end && w.nodes && !w.depth);
}
