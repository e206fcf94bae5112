// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer of the drivers: what all of them want of U-Boot around them
 */

#include <dm.h>
#include <log.h>
#include <virtio.h>
#include "fuzz_drivers.h"

struct fuzz_input fuzz_in;
struct rpmb_descr fuzz_descr;
struct udevice fuzz_dev = { .name = "device" };
static struct udevice fuzz_parent = { .name = "parent" };
void *fuzz_priv;
void *fuzz_parent_priv;

/* hexdump.h's */
const char hex_asc[] = "0123456789abcdef";

struct rpmb_descr *rpmb_get_descr(struct udevice *dev)
{
	return &fuzz_descr;
}

struct udevice *dev_get_parent(const struct udevice *dev)
{
	return &fuzz_parent;
}

void *dev_get_priv(const struct udevice *dev)
{
	return fuzz_priv;
}

void *dev_get_uclass_priv(const struct udevice *dev)
{
	return fuzz_parent_priv;
}

/* As clocks do, it goes on whenever somebody looks */
ulong get_timer(ulong base)
{
	static ulong now;

	now += 500;
	return now - base;
}

int _log(enum log_category_t cat, enum log_level_t level, const char *file,
	 int line, const char *func, const char *fmt, ...)
{
	return 0;
}

void flush_dcache_range(unsigned long start, unsigned long end)
{
}

void schedule(void)
{
}

/* Drivers find their devices by these; here there is no other */
int device_find_first_child_by_uclass(const struct udevice *parent,
				      enum uclass_id id, struct udevice **devp)
{
	*devp = &fuzz_dev;
	return 0;
}

int device_probe(struct udevice *dev)
{
	return 0;
}

int device_set_name(struct udevice *dev, const char *name)
{
	return 0;
}

int rpmb_bind(struct udevice *parent, const char *driver, const char *name)
{
	return -ENOENT;
}

int device_remove(struct udevice *dev, uint flags)
{
	return 0;
}

int device_unbind(struct udevice *dev)
{
	return 0;
}

int uclass_get(enum uclass_id key, struct uclass **uc)
{
	return -ENOENT;
}

void uclass_first_device(enum uclass_id id, struct udevice **devp)
{
	*devp = NULL;
}

void uclass_next_device(struct udevice **devp)
{
	*devp = NULL;
}

void fuzz_exchange(const struct rpmb_ops *ops, u32 least)
{
	u32 req_cnt = least + fuzz_pick(&fuzz_in, 6);
	u32 resp_cnt = least + fuzz_pick(&fuzz_in, 6);
	struct rpmb_frame *req = calloc(req_cnt + 1, sizeof(*req));
	struct rpmb_frame *resp = malloc(resp_cnt * sizeof(*resp) + 1);
	struct rpmb_frames frames = { req, req_cnt, resp, resp_cnt };

	req[0].req_resp.b[1] = 1 + fuzz_pick(&fuzz_in, 5);
	ops->route_frames(&fuzz_dev, fuzz_pick(&fuzz_in, 4), &frames);
	free(req);
	free(resp);
}

/* What the uclass relies on */
void fuzz_check_descr(u32 most_targets)
{
	u32 i;

	fuzz_must(fuzz_descr.max_wr <= fuzz_descr.max_rd);
	for (i = 0; i < most_targets; i++) {
		fuzz_must(fuzz_descr.target[i].dev_id_len);
		fuzz_must(fuzz_descr.target[i].dev_id);
	}
}
