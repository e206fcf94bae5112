// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb list' and 'rpmb get-info': facts of the devices, and whether they have
 * a key
 */

#include <command.h>
#include <display_options.h>
#include <dm.h>
#include <rpmb-store.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include "rpmb-cmd.h"

static const char *type_name(enum rpmb_type type)
{
	return rpmb_report_nth("eMMC\0UFS\0virtio\0sandbox", type);
}

void rpmb_info_print_id(const struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	const struct rpmb_target_descr *t = &descr->target[w->target];
	int i;

	for (i = 0; i < t->dev_id_len; i++) {
		if (descr->type == RPMB_TYPE_EMMC)
			printf("%02x", t->dev_id[i]);
		else
			putc(isprint(t->dev_id[i]) ? t->dev_id[i] : '.');
	}
	printf("\n");
}

/*
 * An unverified read of the counter gives a hint whether there is a key. Callers do
 * it before they begin a line, since drivers may print messages.
 */
static int read_key_state(const struct rpmb_where *w)
{
	u32 count;

	return rpmb_get_write_count(rpmb_ref(w->dev, w->target, RPMB_KEY_NONE),
				    &count);
}

static void print_key_state(const struct rpmb_where *w, int err)
{
	if (!err)
		printf("key programmed (unverified)");
	else if (err == -ENOKEY)
		printf("no key (hint)");
	else
		printf("error %d: %s", err, rpmb_report_reason(w, err));
}

static void list_target(int index, const struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	int err = read_key_state(w);

	printf("%x:%x  %s:%x  %s  ", index, w->target, w->dev->name, w->target,
	       type_name(descr->type));
	print_size((u64)rpmb_get_capacity(w->dev, w->target) *
		   RPMB_CAPACITY_UNIT, "  ");
	print_key_state(w, err);
	printf("  id ");
	rpmb_info_print_id(w);
}

int do_rpmb_list(char option, int argc, char *const argv[])
{
	struct rpmb_where w;
	int i, count, err, ret;

	ret = rpmb_current_scan(&count) ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
	for (i = 0; i < count; i++) {
		err = rpmb_get_device(i, &w.dev);
		if (err) {
			printf("%x  %s  cannot be used (error %d)\n", i,
			       w.dev->name, err);
			ret = CMD_RET_FAILURE;
			continue;
		}
		for (w.target = 0; w.target < RPMB_MAX_TARGETS; w.target++)
			if (rpmb_get_descr(w.dev)->target[w.target].capacity)
				list_target(i, &w);
	}

	return ret;
}

static void print_limit(const char *what, u32 max)
{
	if (max)
		printf("%s at most %#x block%s per message\n", what, max,
		       max == 1 ? "" : "s");
	else
		printf("%s no limit per message\n", what);
}

static void print_capacity(const struct rpmb_where *w)
{
	u32 said = rpmb_get_descr(w->dev)->target[w->target].capacity;
	int units = rpmb_get_capacity(w->dev, w->target);

	printf("size:   ");
	print_size((u64)units * RPMB_CAPACITY_UNIT, "");
	printf(", blocks 0 to %#x\n", units * RPMB_BLOCKS_PER_UNIT - 1);
	if (units < said)
		printf("        (the device says %#x units of 128 KiB; the most is %#x)\n",
		       said, units);
}

int do_rpmb_get_info(char option, int argc, char *const argv[])
{
	const struct rpmb_descr *descr;
	struct rpmb_where w;
	int err;

	if (rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	err = read_key_state(&w);
	descr = rpmb_get_descr(w.dev);
	printf("device: %s (%s)\ntarget: %x\n", w.dev->name,
	       type_name(descr->type), w.target);
	print_capacity(&w);
	print_limit("write: ", descr->max_wr);
	print_limit("read:  ", descr->max_rd);
	printf("id:     ");
	rpmb_info_print_id(&w);
	if (IS_ENABLED(CONFIG_RPMB_VIRTIO) && descr->type == RPMB_TYPE_VIRTIO)
		printf("        (configuration and place on the board: virtio has no identifier. A key\n"
		       "        derived from it belongs to the place, whatever is plugged in)\n");
	printf("key:    ");
	print_key_state(&w, err);
	printf("\n");
	rpmb_report_blocks(&w, "");
	printf("board:  %s%s\n", rpmb_gate_is_open() ? "open" : "closed",
	       rpmb_gate_is_open() ? "" : rpmb_gate_why_closed());

	return CMD_RET_SUCCESS;
}
