// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments of the 'rpmb' command: numbers, memory, blocks, devices
 */

#include <command.h>
#include <dm.h>
#include <lmb.h>
#include <malloc.h>
#include <mapmem.h>
#include <vsprintf.h>
#include <asm/global_data.h>
#include <linux/ctype.h>
#include <linux/libfdt.h>
#include "rpmb-cmd.h"

DECLARE_GLOBAL_DATA_PTR;

#define RPMB_ANY_TARGET		(-1)
#define FIT_MAX			0x100000	/* bytes in what is signed for us */

/*
 * The choice survives by name: a device may be removed and probed again, and
 * an index may mean another one after that. Empty until 'rpmb dev' chooses.
 */
static struct {
	char name[32];
	int target;
} rpmb_current = { .target = RPMB_ANY_TARGET };

/* A number in full: no trailing garbage, no silent wrap */
static bool to_hex(const char *arg, ulong max, ulong *val)
{
	const char *digits = arg;

	if (digits[0] == '0' && tolower(digits[1]) == 'x')
		digits += 2;
	while (digits[0] == '0' && digits[1])
		digits++;

	return isxdigit(*digits) && strlen(digits) <= 2 * sizeof(ulong) &&
		!strict_strtoul(arg, 16, val) && *val <= max;
}

int rpmb_args_hex(const char *what, const char *arg, ulong max, ulong *val)
{
	if (to_hex(arg, max, val))
		return 0;
	printf("rpmb: %s '%s' is not a hex number up to %lx; device untouched\n",
	       what, arg, max);

	return -EINVAL;
}

/* No number spells RPMB_KEY_NONE: unverified is asked for by name */
int rpmb_args_keyid(const char *arg, bool none_ok, rpmb_keyid_t *keyid)
{
	ulong val;

	if (!strcmp(arg, "none")) {
		*keyid = RPMB_KEY_NONE;
		if (none_ok)
			return 0;
		printf("rpmb: this takes a key, 'none' will not do; device untouched\n");
		return -EINVAL;
	}
	if (rpmb_args_hex("key id", arg, 0xffff, &val))
		return -EINVAL;
	*keyid = val;

	return 0;
}

/*
 * Memory that is there. The banks are kept in different places by different
 * releases, so RAM is taken from its base and size.
 */
static void *find_ram(const char *arg, ulong len, ulong align)
{
	u64 first = gd->ram_base, end = first + gd->ram_size;
	ulong addr;

	if (rpmb_args_hex("address", arg, ULONG_MAX, &addr))
		return NULL;
	if (addr % align) {
		printf("rpmb: address %lx is not a multiple of %lx; device untouched\n",
		       addr, align);
		return NULL;
	}
	if (addr < first || addr >= end || len > end - addr) {
		printf("rpmb: there is no RAM for %lx bytes at %lx (%llx to %llx); device untouched\n",
		       len, addr, first, end - 1);
		return NULL;
	}

	return map_sysmem(addr, len);
}

/* What is to be overwritten must not be U-Boot itself, nor an image it keeps */
static void *check_free(const char *arg, void *mem, ulong len)
{
	if (!mem || !CONFIG_IS_ENABLED(LMB) ||
	    !lmb_read_check(map_to_sysmem(mem), len))
		return mem;
	printf("rpmb: %#lx bytes at %s would overwrite reserved memory; device untouched\n",
	       len, arg);

	return NULL;
}

/* An address that is no multiple of 4 was hardly meant */
void *rpmb_args_mem(const char *arg, ulong len)
{
	return find_ram(arg, len, sizeof(u32));
}

void *rpmb_args_mem_out(const char *arg, ulong len)
{
	return check_free(arg, rpmb_args_mem(arg, len), len);
}

void *rpmb_args_mem_bytes(const char *arg, ulong len)
{
	return check_free(arg, find_ram(arg, len, 1), len);
}

/*
 * A copy of what is at an address, so that what was verified is what is used.
 * As many bytes as the tree says that it has must be there.
 */
int rpmb_args_copy_fit(const char *arg, void **copyp, const char **whyp)
{
	const void *fit = rpmb_args_mem(arg, sizeof(struct fdt_header));
	u32 size;

	*whyp = "there is no FIT";
	if (!fit || fdt_check_header(fit))
		return -EINVAL;
	size = fdt_totalsize(fit);
	if (size > FIT_MAX || !rpmb_args_mem(arg, size))
		return -EINVAL;
	*whyp = "out of memory";
	*copyp = memalign(8, size);
	if (!*copyp)
		return -ENOMEM;
	memcpy(*copyp, fit, size);
	return 0;
}

/* Only facts, so that a call that cannot succeed sends nothing */
int rpmb_args_blocks(const struct rpmb_where *w, char *const argv[],
		     ulong *blk, ulong *cnt)
{
	ulong blocks = rpmb_get_capacity(w->dev, w->target) *
		RPMB_BLOCKS_PER_UNIT;

	if (rpmb_args_hex("block", argv[0], U32_MAX, blk) ||
	    rpmb_args_hex("block count", argv[1], U32_MAX, cnt))
		return -EINVAL;
	if (!*cnt) {
		printf("rpmb: the block count is 0; device untouched\n");
		return -EINVAL;
	}
	if (*blk >= blocks || *cnt > blocks - *blk) {
		printf("rpmb: %lx blocks from block %lx run past the end: %s:%x has blocks 0 to %lx; device untouched\n",
		       *cnt, *blk, w->dev->name, w->target, blocks - 1);
		return -ERANGE;
	}

	return 0;
}

static void print_names(int count)
{
	struct udevice *dev;
	int i;

	for (i = 0; i < count; i++) {
		if (!rpmb_get_device(i, &dev))
			printf(" %s", dev->name);
		else
			printf(" %x", i);
	}
	printf("\n");
}

/* Ask for a target that exists; choose only if there is no choice */
static int choose_target(struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	int i, count = 0, only = 0;

	if (w->target != RPMB_ANY_TARGET) {
		if (descr->target[w->target].capacity)
			return 0;
		printf("rpmb: %s has no target %x\n", w->dev->name, w->target);
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

int rpmb_args_scan(int *count)
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

int rpmb_args_find_current(struct rpmb_where *w)
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

/* The chosen device, or the only one: never the first of several */
int rpmb_args_current(struct rpmb_where *w)
{
	int count, err;

	err = rpmb_args_scan(&count);
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

/* Index or stable name: no name is a hex number */
static int find_device(const char *arg, struct rpmb_where *w)
{
	ulong index;
	int err;

	if (to_hex(arg, INT_MAX, &index))
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
int rpmb_args_where(const char *arg, struct rpmb_where *w)
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

void rpmb_args_choose(const struct rpmb_where *w)
{
	strlcpy(rpmb_current.name, w->dev->name, sizeof(rpmb_current.name));
	rpmb_current.target = w->target;
}
