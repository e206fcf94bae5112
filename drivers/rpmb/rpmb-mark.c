// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is remembered of targets until the next reset
 *
 * A target is remembered by the identifier of its device, so that it is the
 * same one after it was removed and found again: a rescan must not make anybody
 * forget that a key may be in it, or that it is a TEE's.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <malloc.h>
#include <rpmb-key.h>
#include "rpmb-internal.h"

/**
 * struct marked - a target that something is remembered of
 *
 * @next:	another one
 * @marks:	enum rpmb_mark, any of them
 * @id:		which one; its dev_id points to @dev_id
 * @dev_id:	identifier of the device
 */
struct marked {
	struct marked *next;
	u32 marks;
	struct rpmb_target_id id;
	u8 dev_id[];
};

static struct marked *all;
/* There was no memory to remember one with these: any target may be it */
static u32 any_target;

static struct marked **find(const struct rpmb_target_id *id)
{
	struct marked **m = &all;

	while (*m && !rpmb_target_is_same(&(*m)->id, id))
		m = &(*m)->next;
	return m;
}

bool rpmb_mark_get(struct udevice *dev, u8 target, enum rpmb_mark mark)
{
	struct rpmb_target_id id;
	struct marked *m;

	rpmb_get_target_id(dev, target, &id);
	m = *find(&id);
	return (any_target | (m ? m->marks : 0)) & mark;
}

static struct marked *add(const struct rpmb_target_id *id)
{
	struct marked *m = calloc(1, sizeof(*m) + id->dev_id_len);

	if (!m)
		return NULL;
	memcpy(m->dev_id, id->dev_id, id->dev_id_len);
	m->id = *id;
	m->id.dev_id = m->dev_id;
	m->next = all;
	all = m;
	return m;
}

static void forget(struct marked **m)
{
	struct marked *gone = *m;

	*m = gone->next;
	free(gone);
}

static void clear(struct marked **m, enum rpmb_mark mark)
{
	if (!*m)
		return;
	(*m)->marks &= ~mark;
	if (!(*m)->marks)
		forget(m);
}

void rpmb_mark_set(struct udevice *dev, u8 target, enum rpmb_mark mark, bool on)
{
	struct rpmb_target_id id;
	struct marked **at, *m;

	rpmb_get_target_id(dev, target, &id);
	at = find(&id);
	if (!on) {
		clear(at, mark);
		return;
	}
	m = *at ? *at : add(&id);
	if (m)
		m->marks |= mark;
	else
		any_target |= mark;
}

void rpmb_mark_forget_all(void)
{
	while (all)
		forget(&all);
	any_target = 0;
}
