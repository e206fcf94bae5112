// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: the look at trees that nobody has verified, and that libfdt of the
 * U-Boot tree comes to an end on them
 *
 * Trees are made word by word, since libfdt makes none that are wrong. Each is
 * looked at in memory of its very size.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <rpmb/fdt.h>
#include <rpmb/look.h>

#include "host_test.h"

#define ROOM		0x300000
#define HEADER		40
#define FUZZ_ROUNDS	40000
#define PATIENCE	20	/* seconds until a test that does not end is ended */

/* The properties of the trees here, by the offsets of their names */
#define NAMES		"data\0description\0x"
#define DATA		0
#define DESCRIPTION	5
#define X		17

static u8 blob[ROOM] __attribute__((aligned(8)));
static u32 size;		/* of it, so far */
static u32 steps;

static void put(u32 at, u32 val)
{
	fdt32_t cell = cpu_to_fdt32(val);

	memcpy(blob + at, &cell, 4);
}

static u32 get(u32 at)
{
	fdt32_t cell;

	memcpy(&cell, blob + at, 4);
	return fdt32_to_cpu(cell);
}

static void add(u32 val)
{
	put(size, val);
	size += 4;
}

static void add_bytes(const void *bytes, u32 len)
{
	memcpy(blob + size, bytes, len);
	size += (len + 3) & ~3U;
}

static void begin(const char *name)
{
	add(FDT_BEGIN_NODE);
	add_bytes(name, strlen(name) + 1);
}

static void prop(u32 name, u32 len)
{
	add(FDT_PROP);
	add(len);
	add(name);
	size += (len + 3) & ~3U;
}

/* Header and list of reserved memory */
static void start(u32 reserved)
{
	memset(blob, 0, sizeof(blob));
	size = HEADER;
	while (reserved--) {
		size += 12;
		add(1);
	}
	size += 16;
	put(8, size);
}

static void start_root(void)
{
	start(0);
	begin("");
}

static void add_leaf(const char *name)
{
	begin(name);
	add(FDT_END_NODE);
}

/* Names, and what the header says of it all */
static void finish_with(const void *strings, u32 len)
{
	put(0, FDT_MAGIC);
	put(36, size - get(8));
	put(12, size);
	put(16, HEADER);
	put(20, 17);
	put(24, 16);
	put(32, len);
	add_bytes(strings, len);
	put(4, size);
}

static void end_root(void)
{
	add(FDT_END_NODE);
	add(FDT_END);
}

static void finish(void)
{
	end_root();
	finish_with(NAMES, sizeof(NAMES));
}

/* What is most like a FIT */
static void make_good(void)
{
	start_root();
	prop(DESCRIPTION, 5);
	begin("images");
	begin("kernel-1");
	prop(DATA, 1001);
	begin("hash-1");
	prop(X, 0);
	add(FDT_END_NODE);
	add(FDT_END_NODE);
	add(FDT_END_NODE);
	finish();
}

static int look_by(const struct rpmb_look_limits *max, u32 len)
{
	u8 *copy = malloc(len + !len);
	int ret;

	memcpy(copy, blob, len);
	ret = rpmb_look(copy, len, max, &steps);
	if (steps > rpmb_look_most_steps(max))
		host_test_fail(__FILE__, __LINE__, "%u steps", steps);
	free(copy);
	return ret;
}

static int look(void)
{
	return look_by(&rpmb_look_fit, size);
}

/* What libfdt says, which must say something */
static int check_full(u32 len)
{
	u8 *copy = malloc(len + !len);
	int ret;

	memcpy(copy, blob, len);
	alarm(PATIENCE);
	ret = fdt_check_full(copy, len);
	alarm(0);
	free(copy);
	return ret;
}

HOST_TEST(look_good)
{
	make_good();
	CHECK_EQ(look(), 0);
	/* tags; bytes of names of nodes and properties; end of reserved memory */
	CHECK_EQ(steps, 12 + 1 + 7 + 9 + 7 + sizeof(NAMES) + 1);
	CHECK_EQ(check_full(size), 0);
	CHECK_EQ(look_by(&rpmb_look_data, size), 0);
	CHECK_EQ(look_by(&rpmb_look_os, size), 0);
	/* more memory than tree */
	CHECK_EQ(look_by(&rpmb_look_fit, size + 8), 0);
	/* what doc/develop/rpmb/spec.rst says */
	CHECK_EQ(rpmb_look_most_steps(&rpmb_look_fit), 172113);
	CHECK_EQ(rpmb_look_most_steps(&rpmb_look_os), 4522305);
	CHECK_EQ(rpmb_look_most_steps(&rpmb_look_data), 9297);
}

/* 96 bytes: a root with one property, which says how long it is */
static void make_root(u32 len)
{
	start_root();
	prop(8, 0);
	put(size - 8, len);
	end_root();
	finish_with("padding\0len", 12);
}

/* A length that leads back, into the middle of itself, or out of the tree */
HOST_TEST(look_lengths)
{
	static const u32 lens[] = { 9, 0x1000, 0x7ffffff0, 0x7fffffff,
				    0x80000000, 0xffffff00 };
	u32 i;

	make_root(0);
	CHECK_EQ(size, 96);
	CHECK_EQ(look(), 0);
	for (i = 0; i < COUNT(lens); i++) {
		make_root(lens[i]);
		CHECK_EQ(look(), -EINVAL);
		CHECK(check_full(size));
	}
	for (i = 0xffffffc0; i; i++) {
		make_root(i);
		CHECK_EQ(look(), -EINVAL);
		CHECK(steps < 40);
		CHECK(check_full(size));
	}
}

/* Every version, with a root that has no name, and a slash where one had it */
HOST_TEST(look_versions)
{
	u32 version;

	for (version = 0; version < 20; version++) {
		make_good();
		put(20, version);
		CHECK_EQ(look(), version < 17 ? -EINVAL : 0);
		put(24, version < 16 ? version : 16);
		CHECK_EQ(look(), version < 17 ? -EINVAL : 0);
		CHECK_EQ(!check_full(size), version >= 16);
	}
	put(20, 0xffffffff);
	CHECK_EQ(look(), 0);
	put(24, 18);
	CHECK_EQ(look(), -EINVAL);
}

/* No header, half a header, nothing behind it; of each version */
HOST_TEST(look_sizes)
{
	u32 len, version;

	for (len = 0; len <= 48; len++)
		for (version = 0; version < 20; version++) {
			make_good();
			put(4, len);
			put(20, version);
			put(24, version < 16 ? version : 16);
			CHECK_EQ(look_by(&rpmb_look_fit, len), -EINVAL);
			CHECK(check_full(len));
			put(4, size);
			CHECK_EQ(look_by(&rpmb_look_fit, len), -EINVAL);
			CHECK(check_full(len));
		}
	for (; len < size; len++) {
		put(20, 17);
		CHECK_EQ(look_by(&rpmb_look_fit, len), -EINVAL);
		CHECK(check_full(len));
	}
}

HOST_TEST(look_alignment)
{
	u32 i, at;

	make_good();
	at = get(8);
	for (i = 1; i < 4; i++) {
		put(8, at + i);
		CHECK_EQ(look(), -EINVAL);
		CHECK(check_full(size));
		put(8, at);
		put(36, get(36) + i);
		CHECK_EQ(look(), -EINVAL);
		put(36, get(36) - i);
	}
	for (i = 1; i < 8; i++) {
		put(16, HEADER + i);
		CHECK_EQ(look(), -EINVAL);
		CHECK(check_full(size));
		put(16, HEADER);
	}
	for (i = 1; i < 8; i++) {
		memmove(blob + i, blob + i - 1, size);
		CHECK_EQ(rpmb_look(blob + i, size, &rpmb_look_fit, &steps),
			 -EINVAL);
		CHECK_EQ(rpmb_look(blob + i, size, &rpmb_look_os, &steps),
			 i == 4 ? 0 : -EINVAL);
	}
}

/* Whatever a header says, nothing beyond the tree is read */
HOST_TEST(look_header)
{
	static const u32 odd[] = { 0, 4, 36, 40, 41, 48, 0x7ffffff8, 0x7fffffff,
				   0x80000000, 0xfffffff8, 0xfffffffc,
				   0xffffffff };
	u32 at, i, was;

	make_good();
	for (at = 0; at < HEADER; at += 4)
		for (i = 0; i < COUNT(odd) + 8; i++) {
			was = get(at);
			put(at, i < 8 ? size - 16 + 4 * i : odd[i - 8]);
			if (at == 20 || at == 24 || at == 28 || get(at) == was)
				look();
			else if (look() != -EINVAL && steps > 100)
				host_test_fail(__FILE__, __LINE__,
					       "word %u: %x", at, get(at));
			check_full(size);
			put(at, was);
		}
	CHECK_EQ(look(), 0);
	put(0, 0xedfe0dd0);
	CHECK_EQ(look(), -EINVAL);
	/* libfdt counts in int */
	put(0, FDT_MAGIC);
	put(4, 0x80000000);
	CHECK_EQ(rpmb_look(blob, 0xffffffff, &rpmb_look_fit, &steps), -EINVAL);
}

static void begin_many(u32 count, const char *name)
{
	while (count--)
		begin(name);
}

static void end_many(u32 count)
{
	while (count--)
		add(FDT_END_NODE);
}

/* 64 KiB of nodes in each other: given up where it is too deep */
HOST_TEST(look_deep)
{
	start_root();
	begin_many(5400, "");
	end_many(5400);
	finish();
	CHECK_EQ(look(), -EINVAL);
	start_root();
	begin_many(5400, "a");
	end_many(5400);
	finish();
	CHECK_EQ(look(), -E2BIG);
	CHECK(steps < 40);
	CHECK_EQ(look_by(&rpmb_look_os, size), -E2BIG);
	CHECK(steps < 120);
	CHECK_EQ(check_full(size), 0);
}

/* Each limit: so much is taken, and one more is not */
static int with_nodes(u32 count)
{
	start_root();
	while (--count)
		add_leaf("a");
	finish();
	return look();
}

static int with_tags(u32 count)
{
	start_root();
	for (count -= 3; count; count--)
		prop(X, 0);
	finish();
	return look();
}

static int with_depth(u32 depth)
{
	start_root();
	begin_many(depth - 1, "a");
	end_many(depth - 1);
	finish();
	return look();
}

static int with_leaves(u32 leaves, u32 again)
{
	start_root();
	begin("a");
	begin("a");
	while (leaves--)
		add_leaf("a");
	add(FDT_END_NODE);
	begin("b");
	while (again--) {
		begin("a");
		begin("below");
		end_many(2);
	}
	end_many(2);
	finish();
	return look();
}

static int with_values(u32 one, u32 other)
{
	start_root();
	prop(X, one);
	prop(DESCRIPTION, other);
	prop(DATA, 1000);
	finish();
	return look();
}

static int with_name(u32 len)
{
	char name[300] = "";

	memset(name, 'n', len);
	start_root();
	add_leaf(name);
	finish();
	return look();
}

/* Names in so many bytes, at least one: a single one, or with 0 empty ones */
static int with_names(char fill, u32 count)
{
	static char names[0x3000];

	memset(names, 0, sizeof(names));
	memset(names, fill, count - 1);
	start_root();
	end_root();
	finish_with(names, count);
	return look();
}

static int with_string(u32 len)
{
	return with_names('n', len + 1);
}

static int with_strings(u32 len)
{
	return with_names(0, len);
}

static int with_reserved(u32 count)
{
	start(count);
	begin("");
	finish();
	return look();
}

/* So many are taken, and one more is refused with this errno */
HOST_TEST(look_limits)
{
	const struct rpmb_look_limits *max = &rpmb_look_fit;
	const struct {
		int (*with)(u32 count);
		u32 most;
		int err;
	} rows[] = {
		{ with_nodes, max->nodes, -E2BIG },
		{ with_tags, max->tags, -E2BIG },
		{ with_depth, max->depth, -E2BIG },
		{ with_name, max->name, -EINVAL },
		{ with_string, max->name, -E2BIG },
		{ with_strings, max->strings, -E2BIG },
		{ with_reserved, max->reserved, -E2BIG },
	};
	u32 i;

	for (i = 0; i < COUNT(rows); i++) {
		CHECK_EQ(rows[i].with(rows[i].most), 0);
		CHECK_EQ(rows[i].with(rows[i].most + 1), rows[i].err);
	}
	CHECK_EQ(with_leaves(max->leaves, max->leaves), 0);
	CHECK_EQ(with_leaves(max->leaves + 1, 0), -E2BIG);
	CHECK_EQ(with_leaves(0, max->leaves + 1), -E2BIG);
	CHECK_EQ(with_values(max->values, 0), 0);
	CHECK_EQ(with_values(max->values - 1, 1), 0);
	CHECK_EQ(with_values(max->values, 1), -E2BIG);
}

/* Names that not everybody sees alike, or that would write on a console */
HOST_TEST(look_names)
{
	static const char * const names[] = { "a@1", "a/b", "a b", "\x1b[2J",
					      "\x7f", "\xc3\xa9" };
	u32 i;

	for (i = 0; i < COUNT(names); i++) {
		start_root();
		add_leaf(names[i]);
		finish();
		CHECK_EQ(look(), -EINVAL);
		CHECK_EQ(look_by(&rpmb_look_data, size), -EINVAL);
		CHECK_EQ(look_by(&rpmb_look_os, size), 0);
	}
}

/* The structure of the good tree, with something in place of its n-th tag */
static int with_tag(u32 n, u32 tag)
{
	int at = 0, next;
	u32 i;

	make_good();
	for (i = 0; i < n; i++, at = next)
		fdt_next_tag(blob, at, &next);
	put(get(8) + at, tag);
	return look();
}

HOST_TEST(look_tags)
{
	static const u32 tags[] = { 0, 5, 8, 10, 0x1000000, 0xffffffff };
	u32 i, n;

	for (n = 0; n < 12; n++)
		for (i = 0; i < COUNT(tags); i++)
			CHECK_EQ(with_tag(n, tags[i]), -EINVAL);
	/* an end more, an end less, an end too early */
	CHECK_EQ(with_tag(11, FDT_END_NODE), -EINVAL);
	CHECK_EQ(with_tag(10, FDT_END), -EINVAL);
	CHECK_EQ(with_tag(0, FDT_END), -EINVAL);
	CHECK_EQ(with_tag(0, FDT_END_NODE), -EINVAL);
	CHECK_EQ(with_tag(0, FDT_PROP), -EINVAL);
	CHECK_EQ(with_tag(10, FDT_NOP), -EINVAL);
}

/*
 * A tree, a letter for each tag: '(' root, 'a' node, ')' end of one, 'p' property,
 * 'n' NOP, '.' end of all
 */
static void make_shape(const char *tags)
{
	start(0);
	for (; *tags; tags++)
		if (*tags == '(' || *tags == 'a')
			begin(*tags == 'a' ? "a" : "");
		else if (*tags == 'p')
			prop(X, 0);
		else
			add(*tags == ')' ? FDT_END_NODE :
			    *tags == 'n' ? FDT_NOP : FDT_END);
	finish_with(NAMES, sizeof(NAMES));
}

HOST_TEST(look_structure)
{
	static const struct {
		const char *tags;
		int os, fit;
	} shapes[] = {
		{ "(pa)).", 0, 0 },
		/* a property behind a node, behind the root; a second root */
		{ "(a)p).", -EINVAL, -EINVAL },
		{ "()p).", -EINVAL, -EINVAL },
		{ "()().", -EINVAL, -EINVAL },
		/* no root, and one with a name */
		{ ".", -EINVAL, -EINVAL },
		{ "a).", -EINVAL, -EINVAL },
		/* NOPs where libfdt can do with them */
		{ "(np).", 0, -EINVAL },
		{ "n().", -EINVAL, -EINVAL },
		/* something behind the end; no end at all */
		{ "().n", -EINVAL, -EINVAL },
		{ "()n", -EINVAL, -EINVAL },
		{ "(n", -EINVAL, -EINVAL },
	};
	u32 i;

	for (i = 0; i < COUNT(shapes); i++) {
		make_shape(shapes[i].tags);
		CHECK_EQ(look_by(&rpmb_look_os, size), shapes[i].os);
		CHECK_EQ(look(), shapes[i].fit);
	}
}

/* Where a block ends before what is in it does */
HOST_TEST(look_ends)
{
	u32 len, at;

	make_good();
	for (len = 0; len < get(36); len += 4) {
		at = get(36);
		put(36, len);
		CHECK_EQ(look(), -EINVAL);
		put(36, at);
	}
	/* names of properties: no end, none where a property says, none */
	make_good();
	put(32, sizeof(NAMES) - 1);
	CHECK_EQ(look(), -EINVAL);
	put(32, X);
	CHECK_EQ(look(), -EINVAL);
	put(32, 0);
	CHECK_EQ(look(), -EINVAL);
	/* reserved memory without an end */
	make_good();
	put(16, (size - 8) & ~7U);
	CHECK_EQ(look(), -EINVAL);
}

/* libfdt reads without harm what the look has found sound */
static int walk(const void *bytes, size_t len)
{
	u8 *fdt = aligned_alloc(8, (len + 7) & ~7UL);
	char path[400];
	int node, at, depth = 0, ret;

	memcpy(fdt, bytes, len);
	ret = rpmb_look(fdt, len, &rpmb_look_fit, &steps);
	if (steps > rpmb_look_most_steps(&rpmb_look_fit))
		host_test_fail(__FILE__, __LINE__, "%u steps", steps);
	alarm(PATIENCE);
	at = fdt_check_full(fdt, len);
	if (!ret) {
		CHECK_EQ(at, 0);
		for (node = 0; node >= 0 && depth >= 0;
		     node = fdt_next_node(fdt, node, &depth)) {
			CHECK(fdt_get_name(fdt, node, NULL));
			CHECK_EQ(fdt_get_path(fdt, node, path, sizeof(path)),
				 0);
			fdt_for_each_property_offset(at, fdt, node)
				CHECK(fdt_getprop_by_offset(fdt, at, NULL,
							    NULL));
		}
		CHECK(depth < 0);
	}
	alarm(0);
	free(fdt);
	return !ret;
}

HOST_TEST(look_fuzz)
{
	make_good();
	host_test_seed(11);
	CHECK(host_test_fuzz(blob, size, FUZZ_ROUNDS, walk));
}
