// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_tree_read(): each property of a node is known, and there once
 *
 * libfdt brings any properties that it can bring of a tree that rpmb_look() has accepted
 * (see look_step): names that end, values of any length. For a schema of three
 * names, of which any number is required:
 *
 * - 0 is returned only if each property is of the schema, none is there twice, those that
 *   are required are there, and the schema has read each without an error.
 * - A property is read once, under its own number, with its own name and value.
 * - After an error nothing else is read. An error of the schema is passed on; any other
 *   has words that say what it is about.
 */

#include <lib/rpmb/tree.c>
#include "../proof.h"

#define PROPS	4	/* of the node */
#define NAMES	3	/* of the schema */
#define NAME	4

static TREE_ALIGNED u8 blob[64];
static char names[PROPS][NAME];
static u8 value[PROPS];
static int lens[PROPS], number[PROPS];
static int count, node, reads, err;
static u32 seen;
static void *into;
static const char *const known[NAMES] = { "a", "ab", "b" };

static int place(int i)
{
	return i < count ? 8 * i + 8 : -FDT_ERR_NOTFOUND;
}

int fdt_first_property_offset(const void *fdt, int at)
{
	claim(fdt == blob && at == node);
	return place(0);
}

int fdt_next_property_offset(const void *fdt, int offset)
{
	claim(fdt == blob && offset >= 8 && offset <= 8 * count);
	return place(offset / 8);
}

const void *fdt_getprop_by_offset(const void *fdt, int offset,
				  const char **name, int *len)
{
	int i = offset / 8 - 1;

	claim(fdt == blob && i == reads && !err);
	*name = names[i];
	*len = lens[i];
	return &value[i];
}

const char *fdt_get_name(const void *fdt, int at, int *len)
{
	claim(fdt == blob && at == node);
	return "name";
}

static int read_it(struct rpmb_tree_reader *r, void *to, u32 which,
		   const struct rpmb_tree_prop *p)
{
	claim(to == into && reads < count && !err && which < NAMES);
	claim(p->name == names[reads] && p->data == &value[reads] &&
	      p->len == lens[reads]);
	claim(!strcmp(p->name, known[which]) && !(seen & 1U << which));
	seen |= 1U << which;
	number[reads++] = which;
	err = nondet_errno();
	return err;
}

void proof(void)
{
	struct rpmb_tree_fault fault = { .why = NULL };
	struct rpmb_tree_reader r = { .fdt = blob, .fault = &fault };
	struct rpmb_tree_schema schema = { known, NAMES, 0, read_it };
	int i, ret, a = nondet_int(), b = nondet_int();

	count = nondet_int();
	node = nondet_int();
	schema.required = nondet_u32();
	assume(count >= 0 && count <= PROPS && node >= 0);
	assume(schema.required <= NAMES);
	r.node = node;
	into = &fault;
	__CPROVER_havoc_object(names);
	for (i = 0; i < PROPS; i++) {
		names[i][NAME - 1] = '\0';
		lens[i] = nondet_int();
	}

	ret = rpmb_tree_read(&r, &schema, into);

	claim(ret <= 0 && implies(err, ret == err));
	claim(implies(ret && !err, ret == -EINVAL && fault.why && fault.node &&
		      fault.prop));
	if (ret)
		return;
	claim(reads == count && r.seen == seen);
	claim(!(~seen & ((1U << schema.required) - 1)));
	if (a >= 0 && b > a && b < count)
		claim(strcmp(names[a], names[b]) && number[a] != number[b]);
}
