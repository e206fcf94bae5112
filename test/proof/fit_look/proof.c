// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_fit_look(), rpmb_fdt_look(): no tree is read that nobody has looked
 * at
 *
 * The look is replaced: it may say anything (see look). The tree may be
 * anywhere, in RAM of any place and size or outside of it, and the caller
 * may grant any number of bytes.
 *
 * - With the policy on rpmb_fit_look() returns 0 only if there is no tree at
 *   all, which its first word says, or if the look has accepted it under the
 *   limits of a FIT; rpmb_fdt_look() only if it did under those of the
 *   operating system's tree.
 * - The look goes no further than the caller grants, nor than the RAM that
 *   the tree is in, nor than 2^31 - 1 bytes.
 * - A FIT that is refused has the look's error. It is refused with words,
 *   but for what the limits of the operating system's tree allow, and that
 *   has no images. libfdt reads nothing that was not accepted. With the
 *   policy off nothing is looked at.
 */

#include "../uboot.h"
#include <boot/rpmb/look.c>
#include "../proof.h"

static TREE_ALIGNED const u8 tree[64];
static ulong granted;
static u64 at;
static bool on, has_images;
static u32 fit_looks, os_looks, words, reads;
static int fit_verdict, os_verdict;

static struct global_data the_gd;
gd_t *gd = &the_gd;

const struct rpmb_look_limits rpmb_look_fit = { .align = 8 };
const struct rpmb_look_limits rpmb_look_os = { .align = 4 };

bool rpmb_policy_is_on(void)
{
	return on;
}

phys_addr_t map_to_sysmem(const void *ptr)
{
	claim(__CPROVER_same_object(ptr, tree));
	return at;
}

int rpmb_look(const void *from, size_t size, const struct rpmb_look_limits *max,
	      u32 *steps)
{
	u64 off = at - gd->ram_base;
	int err = nondet_errno();

	claim(on && __CPROVER_same_object(from, tree));
	claim(size <= granted && size <= 0x7fffffff);
	claim(implies(at >= gd->ram_base && off < gd->ram_size,
		      size <= gd->ram_size - off));
	*steps = nondet_u32();
	if (max == &rpmb_look_fit) {
		fit_looks++;
		fit_verdict = err;
		return err;
	}
	claim(max == &rpmb_look_os);
	os_looks++;
	os_verdict = err;
	return err;
}

int fdt_path_offset(const void *from, const char *path)
{
	claim(__CPROVER_same_object(from, tree) && os_looks && !os_verdict);
	claim(!strcmp(path, "/images"));
	reads++;
	return has_images ? 8 : -FDT_ERR_NOTFOUND;
}

int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which)
{
	words++;
	return -EACCES;
}

static void claim_fit(const u8 *fit)
{
	bool is_tree = fit[0] == 0xd0 && fit[1] == 0x0d && fit[2] == 0xfe &&
		       fit[3] == 0xed;
	int ret = rpmb_fit_look(fit, granted);

	claim(fit_looks == (on && is_tree));
	if (!on || !is_tree) {
		claim(!ret && !words);
		return;
	}
	claim(ret == fit_verdict);
	if (!ret)
		claim(!words && !os_looks);
	else
		claim(words == (os_verdict || has_images));
}

static void claim_os(const u8 *fdt)
{
	int ret = rpmb_fdt_look(fdt, granted);

	claim(!fit_looks && !reads && os_looks == on);
	claim(implies(!on, !ret));
	claim(implies(on, !ret == !os_verdict));
	claim(words == (ret != 0));
}

void proof(void)
{
	u32 place = nondet_u32();

	__CPROVER_havoc_object((void *)tree);
	assume(place < 8);
	on = nondet_bool();
	has_images = nondet_bool();
	granted = nondet_u64();
	at = nondet_u64();
	gd->ram_base = nondet_u64();
	gd->ram_size = nondet_u64();
	if (nondet_bool())
		claim_fit(tree + place);
	else
		claim_os(tree + place);
}
