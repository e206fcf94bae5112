/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults and quirks of the RPMB model by name, for command lines
 */

#ifndef _MODEL_OPTIONS_H
#define _MODEL_OPTIONS_H

#include "rpmb_model.h"

/** struct model_name - a name for a value; the last entry has no name */
struct model_name {
	const char *name;
	u32 val;
};

extern const struct model_name model_faults[];
extern const struct model_name model_quirks[];

/**
 * model_options_find() - look up a name
 *
 * @names:	names that are known
 * @text:	the name
 * @len:	its length
 * Return: its entry; NULL if it is not known
 */
const struct model_name *model_options_find(const struct model_name *names,
					    const char *text, size_t len);

/**
 * struct model_when - NAME[:REQ[:SKIP[:TIMES]]], taken apart
 *
 * @val:	the value that the name stands for
 * @req:	message type, 0 for any
 * @skip:	how many of these to let pass first, 0 unless told
 * @times:	how often, 1 unless told
 */
struct model_when {
	u32 val;
	u32 req;
	u32 skip;
	u32 times;
};

/**
 * model_options_when() - parse NAME[:REQ[:SKIP[:TIMES]]]
 *
 * REQ is a number or key, counter, write, read, any.
 *
 * @names:	names that are known
 * @spec:	what to parse
 * @when:	result
 * Return: 0; -1 and a message on stderr
 */
int model_options_when(const struct model_name *names, const char *spec,
		       struct model_when *when);

/**
 * model_options_fault() - arm a fault as NAME[:REQ[:SKIP[:TIMES]]] says
 *
 * @m:		model
 * @spec:	which and when; "none" disarms
 * Return: 0; -1 and a message on stderr
 */
int model_options_fault(struct rpmb_model *m, const char *spec);

/**
 * model_options_number() - parse a number within bounds
 *
 * @what:	what it is, for the message
 * @text:	the number
 * @min:	smallest allowed
 * @max:	largest allowed
 * @val:	result
 * Return: 0; -1 and a message on stderr
 */
int model_options_number(const char *what, const char *text, u32 min, u32 max,
			 u32 *val);

/**
 * model_options_list() - print names for a help text
 *
 * @title:	what they are
 * @names:	the names
 */
void model_options_list(const char *title, const struct model_name *names);

#endif /* _MODEL_OPTIONS_H */
