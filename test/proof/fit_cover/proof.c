// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_fit_check_cover(): the list of what is signed is that of the configuration
 *
 * For any FIT that fit.h has, and any list of up to LISTED paths:
 *
 * - It passes only if each node is on the list that U-Boot would use of the
 *   configuration: the root, the configuration, each image that one of its properties
 *   names, also one that is not known, with all of its hashes, ciphers and dm-verity trees;
 *   and each of these images has a hash.
 * - It passes only if nothing else is on the list.
 * - It passes only if the names of properties are signed: hashed-strings is two cells, of
 *   which the second is within the strings.
 * - Otherwise there are words for it.
 */

#include "../uboot.h"

static bool is_named(const void *from, int node, const char *name);
static bool names_no_image(const char *prop);

#include <boot/rpmb/fit-cover.c>
#include "../proof.h"
#include "../fit.h"

#define LISTED	6

static char text[LISTED][3];
static char *list[LISTED];
static int listed[LISTED], strings_len;
static fdt32_t strings[2];
static bool has_strings;

/* One path for each node */
int fdt_get_path(const void *from, int node, char *buf, int size)
{
	claim(from == fit && node >= 0 && node < NONE && size >= 3);
	if (nondet_bool())
		return -FDT_ERR_NOSPACE;
	buf[0] = '/';
	buf[1] = 'a' + node;
	buf[2] = '\0';
	return 0;
}

const void *fdt_getprop(const void *from, int node, const char *name, int *len)
{
	claim(from == fit && node == SIG && name[0] == 'h' && name[7] == 's');
	*len = strings_len;
	return has_strings ? strings : NULL;
}

static void any_list(void)
{
	int i;

	for (i = 0; i < LISTED; i++) {
		listed[i] = nondet_int();
		assume(listed[i] >= 0 && listed[i] <= NONE);
		text[i][0] = '/';
		text[i][1] = 'a' + listed[i];
		list[i] = text[i];
	}
	has_strings = nondet_bool();
	strings_len = nondet_int();
	strings[0] = nondet_u32();
	strings[1] = nondet_u32();
}

static bool is_on_list(int node, int count)
{
	int i;

	for (i = 0; i < LISTED; i++)
		if (i < count && listed[i] == node)
			return true;
	return false;
}

static bool is_signed_child(int node)
{
	u8 first = kind[node - CHILD];

	return first == 'h' || first == 'c' || first == 'd';
}

/* Must this node be signed? */
static bool must_be(int node)
{
	int image = (node - CHILD) / CHILDREN, i = (node - CHILD) % CHILDREN;

	if (node == ROOT || node == CONF)
		return true;
	if (is_image(node))
		return is_used(node - IMAGE);
	return node >= CHILD && node < NONE && is_used(image) &&
	       i < (int)children[image] && is_signed_child(node);
}

static void claim_hash(u32 image)
{
	bool found = false;
	u32 i;

	if (image >= IMAGES || !is_used(image))
		return;
	for (i = 0; i < CHILDREN; i++)
		found |= i < children[image] &&
			 kind[image * CHILDREN + i] == 'h';
	claim(found);
}

void proof(void)
{
	int count = nondet_int(), node = nondet_int(), i = nondet_int();
	const char *why;

	any_children();
	any_properties();
	any_list();
	__CPROVER_havoc_object((void *)fit);
	assume(count >= 0 && count <= LISTED);
	assume(node >= 0 && node < NONE && i >= 0 && i < LISTED);

	why = rpmb_fit_check_cover(fit, SIG, CONF, list, count);

	if (why) {
		claim(why[0]);
		return;
	}
	claim(implies(must_be(node), is_on_list(node, count)));
	claim(implies(i < count, must_be(listed[i])));
	claim(has_strings && strings_len == 8);
	claim(fdt32_to_cpu(strings[1]) <= fdt_size_dt_strings(fit));
	claim_hash(nondet_u32());
}
