// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool verify-log: which devices were provisioned, according to logs
 *
 * A run of "rpmb provision" names devices, says which of them are done, and
 * ends with a line about all of them, or with a line that refuses. For each
 * device the last run that names it counts. Dry runs do not count.
 *
 * The log of a whole line names thousands of devices: a hash finds them.
 */

#include <stdlib.h>

#include "tool.h"

/**
 * struct station_device - a device that a log names
 *
 * @is:		what the log says of it
 * @done:	in the run under way: it is said to be done; else, by the last run
 *		that named it
 * @hash:	hash of its name
 * @next:	1 + the number of the device that its chain goes on with, which is
 *		a lower one; 0 for none
 */
struct station_device {
	struct tool_seen is;
	bool done;
	u32 hash;
	u32 next;
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

#define FIRST_ROOM	64	/* devices */
#define FNV_BASIS	2166136261U
#define FNV_PRIME	16777619U

static u32 hash_bytes(u32 hash, const u8 *p, size_t len)
{
	while (len--)
		hash = (hash ^ *p++) * FNV_PRIME;
	return hash;
}

/* Two that is_same() takes for one have the same hash */
static u32 hash_of(const struct tool_seen *is)
{
	u32 hash = hash_bytes(FNV_BASIS, &is->transport, 1);
	u8 cid[RPMB_CID_SIZE];

	hash = hash_bytes(hash, &is->target, 1);
	if (is->transport != RPMB_KDF_EMMC || is->id_len != sizeof(cid))
		return hash_bytes(hash, is->id, is->id_len);
	rpmb_target_mask_cid(cid, is->id);
	return hash_bytes(hash, cid, sizeof(cid));
}

static u32 *chain_of(const struct tool_station *st, u32 hash)
{
	return &st->chains[hash & (st->room - 1)];
}

/* Device @n becomes the first one of its chain; those behind it are lower */
static void link_device(struct tool_station *st, u32 n)
{
	u32 *chain = chain_of(st, st->devs[n].hash);

	st->devs[n].next = *chain;
	*chain = n + 1;
}

static bool make_room(struct tool_station *st)
{
	u32 room = st->room ? 2 * st->room : FIRST_ROOM, n;
	struct station_device *devs;
	u32 *chains;

	if (st->count < st->room)
		return true;
	devs = realloc(st->devs, room * sizeof(*devs));
	if (!devs)
		return false;
	st->devs = devs;
	chains = calloc(room, sizeof(*chains));
	if (!chains)
		return false;
	free(st->chains);
	st->chains = chains;
	st->room = room;
	for (n = 0; n < st->count; n++)
		link_device(st, n);
	return true;
}

/*
 * Find the first device from @first to @end; take over its check value if it is
 * known
 */
static struct station_device *find(struct tool_station *st, u32 first, u32 end,
				   const struct tool_seen *is)
{
	struct station_device *d, *found = NULL;
	u32 hash = hash_of(is), n;

	for (n = st->room ? *chain_of(st, hash) : 0; n > first; n = d->next) {
		d = &st->devs[n - 1];
		if (n <= end && d->hash == hash && is_same(&d->is, is))
			found = d;
	}
	if (found && is->has_kcv)
		found->is = *is;
	return found;
}

static void add(struct tool_station *st, const struct station_device *d)
{
	st->devs[st->count] = *d;
	link_device(st, st->count++);
}

/* A device of the run under way */
static struct station_device *see(struct tool_station *st,
				  const struct tool_seen *is)
{
	struct station_device *d = find(st, st->before, st->count, is);

	if (d)
		return d;
	if (!make_room(st))
		return NULL;
	add(st, &(struct station_device){ .is = *is, .hash = hash_of(is) });
	return &st->devs[st->count - 1];
}

/* Take those of the run under way out of their chains, the last one first */
static void unlink_run(struct tool_station *st)
{
	struct station_device *d;

	while (st->count > st->before) {
		d = &st->devs[--st->count];
		*chain_of(st, d->hash) = d->next;
	}
}

/* End a run; if it was cut off, none of its devices counts as done */
static void end_run(struct tool_station *st, enum tool_end how)
{
	u32 i, end = st->count;
	bool named = end > st->before;

	unlink_run(st);
	for (i = st->before; i < end; i++) {
		struct station_device d = st->devs[i];
		struct station_device *old = find(st, 0, st->count, &d.is);

		d.done &= how == TOOL_END_DONE || how == TOOL_END_REFUSED;
		if (!old)
			add(st, &d);
		else if (how != TOOL_END_DRY)
			old->done = d.done;
	}
	st->before = st->count;
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
	free(st->chains);
	memset(st, 0, sizeof(*st));
}
