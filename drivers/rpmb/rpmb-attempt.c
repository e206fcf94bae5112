// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attempts to program a key that have failed since power-up
 *
 * A device may have stored the key although it reported a failure, and may use
 * it only after a power cycle. It is remembered by its identifier, so that it
 * is the same one after it was removed and found again.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <malloc.h>
#include <rpmb-key.h>
#include "rpmb-internal.h"

/**
 * struct attempt - a target that a key could not be programmed into
 *
 * @next:	another one
 * @id:		which one; its dev_id points to @dev_id
 * @dev_id:	identifier of the device
 */
struct attempt {
	struct attempt *next;
	struct rpmb_target_id id;
	u8 dev_id[];
};

static struct attempt *attempts;
/* There was no memory to remember one: any target may be it */
static bool any_target;

static struct attempt **find(const struct rpmb_target_id *id)
{
	struct attempt **a = &attempts;

	while (*a && !rpmb_target_is_same(&(*a)->id, id))
		a = &(*a)->next;
	return a;
}

bool rpmb_attempt_failed(struct rpmb_port *port)
{
	struct rpmb_target_id id;

	rpmb_get_target_id(port->dev, port->target, &id);
	return any_target || *find(&id);
}

static void add(struct attempt **a, const struct rpmb_target_id *id)
{
	*a = calloc(1, sizeof(**a) + id->dev_id_len);
	if (!*a) {
		any_target = true;
		return;
	}
	memcpy((*a)->dev_id, id->dev_id, id->dev_id_len);
	(*a)->id = *id;
	(*a)->id.dev_id = (*a)->dev_id;
}

static void forget(struct attempt **a)
{
	struct attempt *gone = *a;

	*a = gone->next;
	free(gone);
}

void rpmb_attempt_note(struct rpmb_port *port, bool failed)
{
	struct rpmb_target_id id;
	struct attempt **a;

	rpmb_get_target_id(port->dev, port->target, &id);
	a = find(&id);
	if (*a && !failed)
		forget(a);
	else if (!*a && failed)
		add(a, &id);
}

void rpmb_attempt_forget_all(void)
{
	while (attempts)
		forget(&attempts);
	any_target = false;
}
