// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool verify-log: which devices were provisioned, according to logs
 *
 * A run of "rpmb provision" names devices, says which of them are done, and
 * ends with a line about all of them, or with a line that refuses. For each
 * device the last run that names it counts. Dry runs do not count.
 */

#include <stdlib.h>

#include "tool.h"

/**
 * struct station_device - a device that a log names
 *
 * @is:		what the log says of it
 * @done:	in the run under way: it is said to be done; else, by the last run
 *		that named it
 */
struct station_device {
	struct tool_seen is;
	bool done;
};

/* Virtual devices of many boards share an identifier, not a key */
static bool is_same(const struct tool_seen *a, const struct tool_seen *b)
{
	const struct rpmb_target_id a_id = { a->transport, a->target, a->id_len,
					     a->id };
	const struct rpmb_target_id b_id = { b->transport, b->target, b->id_len,
					     b->id };

	return rpmb_target_is_same(&a_id, &b_id) &&
	       (a->transport != RPMB_KDF_VIRTIO || !a->has_kcv || !b->has_kcv ||
		!memcmp(a->kcv, b->kcv, sizeof(a->kcv)));
}

/*
 * Find a device from @first to @end; take over its check value if it is known
 */
static struct station_device *find(struct tool_station *st, u32 first, u32 end,
				   const struct tool_seen *is)
{
	u32 i;

	for (i = first; i < end; i++) {
		if (!is_same(&st->devs[i].is, is))
			continue;
		if (is->has_kcv)
			st->devs[i].is = *is;
		return &st->devs[i];
	}
	return NULL;
}

/* A device of the run under way */
static struct station_device *see(struct tool_station *st,
				  const struct tool_seen *is)
{
	struct station_device *d = find(st, st->before, st->count, is);

	if (d)
		return d;
	d = realloc(st->devs, (st->count + 1) * sizeof(*d));
	if (!d)
		return NULL;
	st->devs = d;
	d += st->count++;
	*d = (struct station_device){ .is = *is };
	return d;
}

/* End a run; if it was cut off, none of its devices counts as done */
static void end_run(struct tool_station *st, enum tool_end how)
{
	u32 i, end = st->count, known = st->before;
	bool named = end > known;

	for (i = st->before; i < end; i++) {
		struct station_device d = st->devs[i];
		struct station_device *old = find(st, 0, known, &d.is);

		d.done &= how == TOOL_END_DONE || how == TOOL_END_REFUSED;
		if (!old)
			st->devs[known++] = d;
		else if (how != TOOL_END_DRY)
			old->done = d.done;
	}
	st->count = known;
	st->before = known;
	st->open = false;
	st->cut += how == TOOL_END_CUT;
	if (!named && (how == TOOL_END_CUT || how == TOOL_END_REFUSED))
		st->unnamed++;
}

int tool_station_line(struct tool_station *st, const struct tool_seen *is,
		      bool begins, bool done, enum tool_end how)
{
	struct station_device *d;

	if (begins)
		tool_station_cut(st);
	st->open = true;
	if (is) {
		d = see(st, is);
		if (!d)
			return tool_trouble("no memory");
		d->done |= done;
	}
	if (how != TOOL_END_NOT)
		end_run(st, how);
	return 0;
}

void tool_station_cut(struct tool_station *st)
{
	if (st->open)
		end_run(st, TOOL_END_CUT);
}

u32 tool_station_done(const struct tool_station *st)
{
	u32 i, n = 0;

	for (i = 0; i < st->count; i++)
		n += st->devs[i].done;
	return n;
}

u32 tool_station_failed(const struct tool_station *st)
{
	return st->count - tool_station_done(st) + st->unnamed;
}

void tool_station_json(const struct tool_station *st, struct tool_json *j)
{
	const struct tool_seen *is;
	u32 i;

	tool_json_open(j, "devices", '[');
	for (i = 0; i < st->count; i++) {
		is = &st->devs[i].is;
		tool_json_open(j, NULL, '{');
		tool_json_text(j, "transport",
			       rpmb_tree_transport(is->transport));
		tool_json_number(j, "target", is->target);
		tool_json_bytes(j, "id", is->id, is->id_len);
		if (is->has_kcv)
			tool_json_bytes(j, "kcv", is->kcv, RPMB_KCV_SIZE);
		tool_json_flag(j, "done", st->devs[i].done);
		tool_json_close(j, '}');
	}
	tool_json_close(j, ']');
}

void tool_station_free(struct tool_station *st)
{
	free(st->devs);
	memset(st, 0, sizeof(*st));
}
