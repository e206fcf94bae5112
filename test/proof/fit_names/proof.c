// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names_no_image(), is_named(), rpmb_fit_is_listed(): names in a FIT
 *
 * For any name of up to 18 characters:
 *
 * - The properties of a configuration that name no image are the five that have another
 *   meaning, and no other: also none that begins like one of them, or is the beginning of
 *   one.
 * - A node is taken for a hash, a cipher or a verity tree if and only if its name begins
 *   with that word.
 * - Of no name is more read than it has.
 */

#include "../uboot.h"
#include <boot/rpmb/fit-cover.c>
#include "../proof.h"

#define LONGEST	18

static char name[LONGEST + 1];
static const char *at;
static const char fit[64];

const char *fdt_get_name(const void *from, int node, int *len)
{
	claim(from == fit && !len);
	return at;
}

static bool begins_with(const char *word)
{
	int i;

	for (i = 0; word[i]; i++)
		if (at[i] != word[i])
			return false;
	return true;
}

static bool is_word(const char *word)
{
	return begins_with(word) && !at[strlen(word)];
}

void proof(void)
{
	u32 node = nondet_u32(), len = nondet_u32();

	__CPROVER_havoc_object(name);
	assume(len <= LONGEST);
	name[LONGEST] = '\0';
	at = name + LONGEST - len;

	claim(names_no_image(at) ==
	      (is_word("description") || is_word("default") ||
	       is_word("compatible") || is_word("rollback-index") ||
	       is_word("rollback-location")));
	claim(rpmb_fit_is_hash(fit, node) == begins_with("hash"));
	claim(is_named(fit, node, FIT_CIPHER_NODENAME) == begins_with("cipher"));
	claim(is_named(fit, node, FIT_VERITY_NODENAME) == begins_with("dm-verity"));
}
