/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a model of an RPMB keeps its state on the host: one file
 *
 * Each change writes a new file beside the old one, syncs it and renames it,
 * so that whatever dies at whatever moment leaves the state before the change
 * or the state after it.
 */

#ifndef _MODEL_STORE_H
#define _MODEL_STORE_H

#include "rpmb_model.h"

/**
 * struct model_store - one file
 *
 * @path:	the file, NULL to keep the state in memory
 * @len:	bytes in @image
 * @image:	what stands in the file
 * @commits:	changes made durable
 */
struct model_store {
	const char *path;
	size_t len;
	u8 *image;
	u32 commits;
};

/**
 * model_store_open() - load the state, or start with a blank one
 *
 * @s:		store, zeroed
 * @path:	file; need not exist; NULL to keep the state in memory
 * @m:		model, its size set; the store and state are filled in
 * Return: 0; -1 and a message on stderr if the file cannot be read or written
 *	or is of another size or kind
 */
int model_store_open(struct model_store *s, const char *path,
		     struct rpmb_model *m);

/**
 * model_store_close() - release memory; all changes are in the file already
 *
 * @s:		store
 */
void model_store_close(struct model_store *s);

#endif /* _MODEL_STORE_H */
