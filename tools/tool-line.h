/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpmb-tool verify-log: a line of provisioning, taken apart
 */

#ifndef _TOOL_LINE_H
#define _TOOL_LINE_H

#include <rpmb/line.h>

#include "tool.h"

/** enum tool_field - fields of a line, in order */
enum tool_field {
	TOOL_F_DEV,
	TOOL_F_TARGET,
	TOOL_F_STEP,
	TOOL_F_RESULT,
	TOOL_F_KCV,
	TOOL_F_COUNTER,
	TOOL_F_ID,
	TOOL_F_KEY,
	TOOL_F_BATCH,
	TOOL_FIELDS
};

/**
 * struct tool_line - a line
 *
 * @where:	file that it is from
 * @number:	number of the line in it
 * @field:	values as they stand there
 * @transport:	transport, 0 if the device was not found
 * @target:	target number
 * @key:	key id
 * @kcv:	check value
 * @id:		identifier of the device
 * @id_len:	bytes in @id
 */
struct tool_line {
	const char *where;
	u32 number;
	char *field[TOOL_FIELDS];
	u8 transport;
	u8 target;
	u32 key;
	u8 kcv[RPMB_KCV_SIZE];
	u8 id[RPMB_TREE_ID];
	size_t id_len;
};

/**
 * tool_line_parse() - take a line apart, and check it by itself
 *
 * Says what is wrong.
 *
 * @l:		line; @where and @number are set
 * @text:	what stands behind RPMB_LINE_START; it is cut into pieces
 * Return: 0 or TOOL_BAD
 */
int tool_line_parse(struct tool_line *l, char *text);

/** tool_line_bad() - say what is wrong with a line; returns TOOL_BAD */
int tool_line_bad(const struct tool_line *l, const char *what, const char *why);

/** tool_line_knows() - has a field a value? */
bool tool_line_knows(const struct tool_line *l, enum tool_field f);

/** tool_line_has_device() - does it name a device that was found? */
bool tool_line_has_device(const struct tool_line *l);

/** tool_line_is_done() - does it say that all is as the manifest wants it? */
bool tool_line_is_done(const struct tool_line *l);

/** tool_line_is_refused() - does it say that it was refused, or has failed? */
bool tool_line_is_refused(const struct tool_line *l);

#endif /* _TOOL_LINE_H */
