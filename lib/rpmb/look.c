// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Check a device tree that nobody has verified
 *
 * Each block is read once, without recursion and without libfdt. Before an
 * offset is advanced, the code checks that as many bytes are left: so no sum
 * can wrap.
 */

#include <rpmb/fdt.h>
#include <rpmb/frame.h>
#include <rpmb/look.h>

#define WORD	4
#define ENTRY	16	/* bytes of an entry of reserved memory */
#define VERSION	17	/* the only one in use; its header has all sizes */
#define NO_LIMIT (~0U)

/* Room for 300 images and configurations with two hashes or signatures each */
const struct rpmb_look_limits rpmb_look_fit = {
	.nodes = 2048, .tags = 32768, .depth = 5, .leaves = 8,
	.values = 0x200000, .name = 63, .strings = 8192, .reserved = 16,
	.align = 8, .plain = true,
};

/* A tree inside a FIT is aligned to 4 bytes only */
const struct rpmb_look_limits rpmb_look_os = {
	.nodes = 16384, .tags = 65536, .depth = 32, .leaves = NO_LIMIT,
	.values = NO_LIMIT, .name = 255, .strings = 0x40000, .reserved = 64,
	.align = 4,
};

const struct rpmb_look_limits rpmb_look_data = {
	.nodes = 64, .tags = 1024, .depth = 5, .leaves = NO_LIMIT,
	.values = NO_LIMIT, .name = 63, .strings = 4096, .reserved = 16,
	.align = 8, .plain = true,
};

/* Words of the header. Word 7, the boot CPU, is not used */
enum {
	MAGIC,
	TOTAL,
	STRUCTURE,
	STRINGS,
	RESERVED,
	IS_VERSION,
	COMPATIBLE,
	STRINGS_SIZE = 8,
	STRUCTURE_SIZE,
	WORDS
};

static_assert(WORDS * WORD == RPMB_LOOK_HEADER, "all of the header");

/**
 * struct walk - a look under way
 *
 * @max:	how much may be in the tree
 * @at:		next word of the structure
 * @end:	end of the structure, whole words from @at
 * @strings:	names of properties
 * @strings_size: bytes of them
 * @nodes:	nodes so far
 * @tags:	tags so far
 * @depth:	nodes that are open
 * @leaves:	nodes so far below the last one at depth 3
 * @values:	bytes of values so far; all are inside the tree, so this cannot
 *		wrap
 * @steps:	bytes of names and entries so far
 * @props:	a property may come: no node has ended since the last one began
 */
struct walk {
	const struct rpmb_look_limits *max;
	const u8 *at;
	const u8 *end;
	const char *strings;
	u32 strings_size;
	u32 nodes;
	u32 tags;
	u32 depth;
	u32 leaves;
	u32 values;
	u32 steps;
	bool props;
};

static u32 word(const u8 *at)
{
	return rpmb_get32((const struct rpmb_be32 *)at);
}

static bool is_inside(u32 total, u32 at, u32 size)
{
	return at >= RPMB_LOOK_HEADER && at <= total && size <= total - at;
}

/* libfdt's lengths are ints */
static bool is_header_sound(const u32 *h, size_t size)
{
	return h[MAGIC] == FDT_MAGIC && h[IS_VERSION] >= VERSION &&
	       h[COMPATIBLE] <= VERSION && h[TOTAL] <= size &&
	       h[TOTAL] < 0x80000000 &&
	       !((h[STRUCTURE] | h[STRUCTURE_SIZE]) % WORD) &&
	       !(h[RESERVED] % 8) &&
	       is_inside(h[TOTAL], h[STRUCTURE], h[STRUCTURE_SIZE]) &&
	       is_inside(h[TOTAL], h[STRINGS], h[STRINGS_SIZE]);
}

static int look_at_reserved(struct walk *w, const u8 *tree, const u32 *h)
{
	u32 n, at = h[RESERVED];

	for (n = 0; n <= w->max->reserved; n++, at += ENTRY) {
		w->steps++;
		if (!is_inside(h[TOTAL], at, ENTRY))
			return -EINVAL;
		if (!(word(tree + at + 8) | word(tree + at + 12)))
			return 0;
	}
	return -E2BIG;
}

/* A property may point to any offset: no string may be longer than a name */
static int look_at_strings(struct walk *w)
{
	u32 i, len = 0;

	if (w->strings_size > w->max->strings)
		return -E2BIG;
	for (i = 0; i < w->strings_size; i++) {
		w->steps++;
		len = w->strings[i] ? len + 1 : 0;
		if (len > w->max->name)
			return -E2BIG;
	}
	return len ? -EINVAL : 0;
}

/*
 * Return: the next word; 0 at the end, which is neither a tag nor a valid value
 */
static u32 take(struct walk *w)
{
	if (w->at == w->end)
		return 0;
	w->at += WORD;
	return word(w->at - WORD);
}

static bool is_plain(u8 c)
{
	return c > ' ' && c <= '~' && c != '/' && c != '@';
}

/* The root has an empty name, and no other node has one */
static bool skip_name(struct walk *w)
{
	u32 len, left = (u32)(w->end - w->at);

	for (len = 0; len < left && w->at[len]; len++)
		if (len == w->max->name ||
		    (w->max->plain && !is_plain(w->at[len])))
			return false;
	w->steps += len + 1;
	if (len == left || (w->depth == 1 ? len : !len))
		return false;
	w->at += len / WORD * WORD + WORD;
	return true;
}

static bool begin_node(struct walk *w)
{
	/* this would be a second root */
	if (!w->depth && w->nodes)
		return false;
	w->props = true;
	w->nodes++;
	w->depth++;
	if (w->depth == 3)
		w->leaves = 0;
	if (w->depth == 4)
		w->leaves++;
	return skip_name(w);
}

static bool skip_prop(struct walk *w)
{
	u32 len = take(w), name = take(w);

	if (!w->props || len > (u32)(w->end - w->at) || name >= w->strings_size)
		return false;
	w->at += (len + WORD - 1) / WORD * WORD;
	if (strcmp(w->strings + name, "data"))
		w->values += len;
	return true;
}

/* Return: true if the tag may stand here and is not the last one */
static bool skip_tag(struct walk *w, u32 tag)
{
	switch (tag) {
	case FDT_BEGIN_NODE:
		return begin_node(w);
	case FDT_PROP:
		return skip_prop(w);
	case FDT_END_NODE:
		w->props = false;
		return w->depth--;
	case FDT_NOP:
		return w->nodes && !w->max->plain;
	default:
		return false;
	}
}

/* Each tag advances @at, so this ends */
static int look_at_structure(struct walk *w)
{
	const struct rpmb_look_limits *max = w->max;
	u32 tag;

	do {
		if (w->nodes > max->nodes || w->tags == max->tags ||
		    w->depth > max->depth || w->leaves > max->leaves ||
		    w->values > max->values)
			return -E2BIG;
		w->tags++;
		tag = take(w);
	} while (skip_tag(w, tag));
	return tag == FDT_END && w->at == w->end && w->nodes && !w->depth ?
		0 : -EINVAL;
}

int rpmb_look(const void *fdt, size_t size, const struct rpmb_look_limits *max,
	      u32 *steps)
{
	struct walk w = { .max = max };
	const u8 *tree = fdt;
	u32 i, h[WORDS];
	int ret;

	*steps = 0;
	if (size < RPMB_LOOK_HEADER || (unsigned long)fdt % max->align)
		return -EINVAL;
	for (i = 0; i < WORDS; i++)
		h[i] = word(tree + i * WORD);
	if (!is_header_sound(h, size))
		return -EINVAL;
	w.at = tree + h[STRUCTURE];
	w.end = w.at + h[STRUCTURE_SIZE];
	w.strings = fdt + h[STRINGS];
	w.strings_size = h[STRINGS_SIZE];
	ret = look_at_reserved(&w, tree, h);
	if (!ret)
		ret = look_at_strings(&w);
	if (!ret)
		ret = look_at_structure(&w);
	*steps = w.steps + w.tags;
	return ret;
}
