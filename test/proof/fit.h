/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FIT with anything in it, for proofs of the checks of a configuration
 *
 * libfdt is replaced by what it can bring of a tree that rpmb_look() has accepted (see
 * look_step). Nodes are numbers: the root, the configuration with its signature, and
 * IMAGES images with up to CHILDREN nodes each. Names of nodes and properties are
 * replaced by what the code asks of them, see fit_names. The configuration has a
 * property or none, of up to four bytes, which can be two strings; a string is the number
 * of an image, or names none. No two nodes have one path.
 */

#ifndef _PROOF_FIT_H
#define _PROOF_FIT_H

#define IMAGES		2
#define CHILDREN	2
#define PROPS		1

enum {
	ROOT,
	CONF,
	SIG,
	IMAGE,
	CHILD = IMAGE + IMAGES,
	NONE = CHILD + IMAGES * CHILDREN,
};

static const char fit[64];
static u32 children[IMAGES];
static u8 kind[IMAGES * CHILDREN];	/* the first letter of a node's name */
static const char prop_name[PROPS][2];
static bool is_other[PROPS];
static char prop_value[PROPS][4];
static int prop_len[PROPS], prop_count;

static void any_children(void)
{
	u32 i;

	for (i = 0; i < IMAGES; i++) {
		children[i] = nondet_u32();
		assume(children[i] <= CHILDREN);
	}
	for (i = 0; i < IMAGES * CHILDREN; i++)
		kind[i] = nondet_u8();
}

static void any_properties(void)
{
	u32 i;

	prop_count = nondet_int();
	assume(prop_count >= 0 && prop_count <= PROPS);
	__CPROVER_havoc_object(prop_value);
	for (i = 0; i < PROPS; i++) {
		is_other[i] = nondet_bool();
		prop_len[i] = nondet_int();
		assume(prop_len[i] >= 0 && prop_len[i] <= 4);
	}
}

/* Contract: the node's name begins with this one */
static bool is_named(const void *from, int node, const char *name)
{
	claim(from == fit && node >= CHILD && node < NONE);
	return kind[node - CHILD] == name[0];
}

/* Contract: the property is one of those that never name an image */
static bool names_no_image(const char *prop)
{
	claim(prop == prop_name[0]);
	return is_other[0];
}

static bool is_image(int node)
{
	return node >= IMAGE && node < CHILD;
}

int fdt_path_offset(const void *from, const char *path)
{
	claim(from == fit && path[1] == 'i');
	return NONE + 1;
}

int fdt_subnode_offset(const void *from, int parent, const char *name)
{
	int image = name[0] - '0';

	claim(from == fit && parent == NONE + 1);
	return image >= 0 && image < IMAGES && !name[1] ? IMAGE + image :
		-FDT_ERR_NOTFOUND;
}

int fdt_first_subnode(const void *from, int node)
{
	claim(from == fit && is_image(node));
	return children[node - IMAGE] ? CHILD + (node - IMAGE) * CHILDREN :
		-FDT_ERR_NOTFOUND;
}

int fdt_next_subnode(const void *from, int node)
{
	u32 i = (node - CHILD) % CHILDREN, image = (node - CHILD) / CHILDREN;

	claim(from == fit && node >= CHILD && node < NONE);
	return i + 1 < children[image] ? node + 1 : -FDT_ERR_NOTFOUND;
}

int fdt_first_property_offset(const void *from, int node)
{
	claim(from == fit && node == CONF);
	return prop_count ? 0 : -FDT_ERR_NOTFOUND;
}

int fdt_next_property_offset(const void *from, int offset)
{
	claim(from == fit && offset >= 0 && offset < prop_count);
	return offset + 1 < prop_count ? offset + 1 : -FDT_ERR_NOTFOUND;
}

const void *fdt_getprop_by_offset(const void *from, int offset,
				  const char **name, int *len)
{
	claim(from == fit && offset >= 0 && offset < prop_count);
	*name = prop_name[offset];
	if (len)
		*len = prop_len[offset];
	return prop_value[0];
}

/* Does a property name this image, by a whole string? */
static bool is_named_by(int prop, int image)
{
	const char *value = prop_value[0];
	int i;

	for (i = 0; i < 3; i++)
		if (i + 1 < prop_len[prop] && value[i] == '0' + image &&
		    !value[i + 1] && (!i || !value[i - 1]))
			return true;
	return false;
}

static bool is_used(int image)
{
	int i;

	for (i = 0; i < PROPS; i++)
		if (i < prop_count && !is_other[i] && is_named_by(i, image))
			return true;
	return false;
}

#endif /* _PROOF_FIT_H */
