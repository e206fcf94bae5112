/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of manifests and tokens share: a tree, and what is wrong with it
 */

#ifndef _TREE_RIG_H
#define _TREE_RIG_H

#include <rpmb/fdt.h>
#include <rpmb/manifest.h>
#include "host_test.h"

extern u8 tree_blob[RPMB_MANIFEST_MAX + 64];
extern size_t tree_size;
extern struct rpmb_tree_fault tree_fault;
extern const u8 tree_cid[RPMB_CID_SIZE];

/** tree_must() - libfdt has done what it was told, or the test is wrong */
void tree_must(int err);

/** tree_rig_pack() - the tree is complete */
void tree_rig_pack(void);

/** struct tree_rig_index - location and value as they are in a tree */
struct tree_rig_index {
	fdt32_t cells[3];
};

/** tree_rig_index() - make one */
struct tree_rig_index tree_rig_index(u32 loc, u64 index);

/**
 * struct tree_rig_parser - what is tested
 *
 * @open:	open a tree, of so many bytes
 * @make:	make a good tree
 * @check:	the rules, said once more, for whatever @open took
 */
struct tree_rig_parser {
	int (*open)(const void *bytes, size_t len);
	void (*make)(void);
	void (*check)(void);
};

/** tree_rig_use() - say what is tested, before anything else */
void tree_rig_use(const struct tree_rig_parser *parser);

/** tree_open() - open the tree */
int tree_open(void);

/** tree_refused() - opening it fails with this errno, node, property and reason */
void tree_refused(int err, const char *node, const char *prop, const char *why);

/**
 * struct alteration - what is changed in a good tree, and why it is refused
 *
 * @node:	node
 * @prop:	property
 * @val:	what it is set to; NULL: deleted
 * @len:	bytes of it
 * @why:	reason, NULL if the tree is still good
 */
struct alteration {
	const char *node, *prop;
	const void *val;
	int len;
	const char *why;
};

/** tree_alter() - make a good tree, and change it */
void tree_alter(const struct alteration *a);

/** tree_check_alterations() - make each of these changes alone */
void tree_check_alterations(const struct alteration *rows, u32 count);

/** CELL() - value and length of a cell */
#define CELL(n)		"\0\0\0" n, 4

/** TEXT() - value and length of a string */
#define TEXT(text)	text, sizeof(text)

/** tree_rig_fuzz() - change bits of the tree. Return: of 1000, how many were good */
u32 tree_rig_fuzz(void);

#endif /* _TREE_RIG_H */
