// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments of the 'rpmb' command: numbers, memory, blocks
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

#define FIT_MAX			0x100000	/* bytes in what is signed for us */

bool rpmb_args_is_hex(const char *arg, u64 max, u64 *val)
{
	const char *digits = arg;
	char *end;

	if (digits[0] == '0' && tolower(digits[1]) == 'x')
		digits += 2;
	while (digits[0] == '0' && digits[1])
		digits++;
	*val = simple_strtoull(digits, &end, 16);

	return isxdigit(*digits) && !*end && end - digits <= 16 && *val <= max;
}

int rpmb_args_hex(const char *what, const char *arg, ulong max, ulong *val)
{
	u64 number;

	if (rpmb_args_is_hex(arg, max, &number)) {
		*val = number;
		return 0;
	}
	printf("rpmb: %s '%s' is not a hex number up to %#lx; device untouched\n",
	       what, arg, max);

	return -EINVAL;
}

/* RPMB_KEY_NONE is written 'none', never as a number */
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
 * Map memory, if there is RAM. U-Boot's releases keep the banks in different
 * places, so this goes by base and size.
 */
static void *find_ram(const char *arg, ulong len, ulong align)
{
	u64 first = gd->ram_base, end = first + gd->ram_size;
	ulong addr;

	if (rpmb_args_hex("address", arg, ULONG_MAX, &addr))
		return NULL;
	if (addr % align) {
		printf("rpmb: address %#lx is not a multiple of %#lx; device untouched\n",
		       addr, align);
		return NULL;
	}
	if (addr < first || addr >= end || len > end - addr) {
		printf("rpmb: there is no RAM for %#lx bytes at %#lx (%#llx to %#llx); device untouched\n",
		       len, addr, first, end - 1);
		return NULL;
	}

	return map_sysmem(addr, len);
}

/* Do not overwrite U-Boot, nor memory that it has reserved */
static void *check_free(const char *arg, void *mem, ulong len)
{
	if (!mem || !CONFIG_IS_ENABLED(LMB) ||
	    !lmb_read_check(map_to_sysmem(mem), len))
		return mem;
	printf("rpmb: %#lx bytes at %s would overwrite reserved memory; device untouched\n",
	       len, arg);

	return NULL;
}

/* An address that is not a multiple of 4 is probably a mistake */
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
 * Copy a FIT, so that nobody can change it between check and use. The tree says how
 * many bytes it has: all of them must be in RAM.
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

/* Check against the capacity, before anything is sent */
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
		printf("rpmb: %#lx block%s from block %#lx would run past the end: %s:%x has blocks 0 to %#lx; device untouched\n",
		       *cnt, *cnt == 1 ? "" : "s", *blk, w->dev->name, w->target,
		       blocks - 1);
		return -ERANGE;
	}

	return 0;
}
