// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device that the 'rpmb' command works on: found, named, chosen
 */

#include <command.h>
#include <dm.h>
#include "rpmb-cmd.h"

#define RPMB_ANY_TARGET		(-1)

/*
 * The name of the chosen device, empty until 'rpmb dev' has chosen one. An index
 * may mean another device after one was removed and probed again.
 */
static struct {
	char name[32];
	int target;
} rpmb_current = { .target = RPMB_ANY_TARGET };

static void print_names(int count)
{
	struct udevice *dev;
	int i;

	for (i = 0; i < count; i++) {
		if (!rpmb_get_device(i, &dev))
			printf(" %s", dev->name);
		else
			printf(" %#x", i);
	}
	printf("\n");
}

/* The target must exist; if none is given, the device must have a single one */
static int choose_target(struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	int i, count = 0, only = 0;

	if (w->target != RPMB_ANY_TARGET) {
		if (descr->target[w->target].capacity)
			return 0;
		printf("rpmb: %s has no target %#x\n", w->dev->name, w->target);
		return -EINVAL;
	}
	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		if (descr->target[i].capacity) {
			count++;
			only = i;
		}
	}
	if (count != 1) {
		printf("rpmb: %s has %d targets, choose one: rpmb dev %s:<target>\n",
		       w->dev->name, count, w->dev->name);
		return -EINVAL;
	}
	w->target = only;

	return 0;
}

int rpmb_current_scan(int *count)
{
	struct udevice *dev;
	int ret = rpmb_scan();

	*count = ret;
	if (ret > 0)
		return 0;
	if (!ret) {
		printf("rpmb: there is no device with an RPMB\n");
		return -ENODEV;
	}
	printf("rpmb: not all devices could be looked for (error %d)\n", ret);
	for (*count = 0; rpmb_get_device(*count, &dev) != -ENODEV; (*count)++)
		;

	return ret;
}

int rpmb_current_find(struct rpmb_where *w)
{
	int ret;

	if (!*rpmb_current.name)
		return -ENODEV;
	w->target = rpmb_current.target;
	ret = rpmb_get_device_by_name(rpmb_current.name, &w->dev);
	if (!ret && !rpmb_get_descr(w->dev)->target[w->target].capacity)
		ret = -EINVAL;

	return ret;
}

/* Gets the chosen device, or the only one, never the first of several */
int rpmb_current_get(struct rpmb_where *w)
{
	int count, err;

	err = rpmb_current_scan(&count);
	if (!count)
		return -ENODEV;
	w->target = rpmb_current.target;
	w->dev = NULL;
	if (*rpmb_current.name) {
		err = rpmb_get_device_by_name(rpmb_current.name, &w->dev);
	} else if (!err && count == 1) {
		err = rpmb_get_device(0, &w->dev);
	} else {
		printf("rpmb: choose a device with 'rpmb dev':");
		print_names(count);
		return -ENODEV;
	}
	if (err) {
		printf("rpmb: the current device %s cannot be used (error %d); see 'rpmb list'\n",
		       w->dev ? w->dev->name : rpmb_current.name, err);
		return err;
	}

	return choose_target(w);
}

/* @arg is an index or a stable name; no name is a hex number */
static int find_device(const char *arg, struct rpmb_where *w)
{
	u64 index;
	int err;

	if (rpmb_args_is_hex(arg, INT_MAX, &index))
		err = rpmb_get_device(index, &w->dev);
	else
		err = rpmb_get_device_by_name(arg, &w->dev);
	if (err == -ENODEV)
		printf("rpmb: there is no device '%s'; see 'rpmb list'\n", arg);
	else if (err)
		printf("rpmb: device '%s' cannot be used (error %d)\n", arg,
		       err);

	return err;
}

/* Takes "index[:target]" or "name[:target]" */
int rpmb_current_where(const char *arg, struct rpmb_where *w)
{
	char name[sizeof(rpmb_current.name)];
	const char *colon = strchr(arg, ':');
	ulong target;
	size_t len;

	w->target = RPMB_ANY_TARGET;
	len = colon ? colon - arg : strlen(arg);
	if (len >= sizeof(name)) {
		printf("rpmb: there is no device '%s'; see 'rpmb list'\n", arg);
		return -ENODEV;
	}
	strlcpy(name, arg, len + 1);
	if (colon) {
		if (rpmb_args_hex("target", colon + 1, RPMB_MAX_TARGETS - 1,
				  &target))
			return -EINVAL;
		w->target = target;
	}
	if (find_device(name, w))
		return -ENODEV;

	return choose_target(w);
}

void rpmb_current_choose(const struct rpmb_where *w)
{
	strlcpy(rpmb_current.name, w->dev->name, sizeof(rpmb_current.name));
	rpmb_current.target = w->target;
}
