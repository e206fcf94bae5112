// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_fit_check_conf(), rpmb_fit_check_image(): no configuration passes unasked
 *
 * libfdt brings any values of "rollback-location" and "rollback-index", or none. What is
 * asked, policy, keys, signature, images and the device's index, may give any answer.
 * With the policy on:
 *
 * - A configuration passes only if it was verified, the control FDT is still the same
 *   and requires a key for it, its images were looked at and passed, and the index that
 *   it has passed the check at its location.
 * - The location is that of the property, one cell, among U-Boot's own, or the first one if
 *   there is none. Whoever takes any location takes SPL's as well, and no other. The
 *   index is all of the property, one cell or two, high half first.
 * - An image that is loaded by its name passes only as one of a configuration that was
 *   named, is there and passes.
 * - Of no value is more read than it has.
 */

#include "../uboot.h"
#include <boot/rpmb/fit.c>
#include "../proof.h"

#define ROOM	12	/* bytes of a value that can be read */

static const char fit[64];
static const u8 *location, *index_at;
static int location_len, index_len, conf;
static u32 compared, images_seen, verifications;
static u64 asked_index;
static u32 asked_loc;
static bool on, same, keyed, inside, signature, has_image;
static bool images_good, index_good;

bool rpmb_policy_is_on(void)
{
	return on;
}

bool rpmb_policy_tree_is_same(void)
{
	return same;
}

bool rpmb_policy_tree_requires_key(void)
{
	return keyed;
}

int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which)
{
	return -EACCES;
}

int rpmb_fit_check_images(const void *from, int node, bool in)
{
	claim(from == fit && node == conf);
	images_seen++;
	inside = in;
	return images_good ? 0 : -EACCES;
}

int rpmb_policy_check(u32 loc, u64 index)
{
	compared++;
	asked_loc = loc;
	asked_index = index;
	return index_good ? 0 : -EDOM;
}

const void *fdt_getprop(const void *from, int node, const char *name, int *len)
{
	claim(from == fit && node == conf);
	if (!strcmp(name, "rollback-location")) {
		*len = location_len;
		return location;
	}
	claim(!strcmp(name, "rollback-index"));
	*len = index_len;
	return index_at;
}

int fit_conf_get_node(const void *from, const char *name)
{
	claim(from == fit && name[0]);
	return conf;
}

int fit_image_get_node(const void *from, const char *name)
{
	return nondet_int();
}

bool rpmb_fit_has_image(const void *from, int node, int image)
{
	claim(from == fit && node == conf && node >= 0);
	return has_image;
}

int fit_config_verify(const void *from, int node)
{
	claim(from == fit && node == conf);
	verifications++;
	return signature ? 0 : -EPERM;
}

/* A value that ends where its memory does; of a longer one nothing can be read */
static const u8 *any_value(u8 *from, int *len)
{
	*len = nondet_int();
	if (nondet_bool())
		return NULL;
	assume(*len >= 0);
	return from + ROOM - (*len <= ROOM ? *len : 0);
}

static u32 cell(const u8 *at)
{
	return (u32)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool is_own(u32 loc, bool any_location)
{
	return (loc >= 0x100 && loc < 0x11c) ||
	       (any_location && loc >= 0x200 && loc < 0x21c);
}

static void claim_passed(bool any_location)
{
	u64 index;

	claim(same && keyed && images_seen == 1 && images_good);
	claim(compared == 1 && index_good);
	if (location)
		claim(location_len == 4 && asked_loc == cell(location));
	else
		claim(asked_loc == 0x100);
	claim(is_own(asked_loc, any_location));
	claim(inside == (asked_loc < 0x200));
	claim(index_at && (index_len == 4 || index_len == 8));
	index = cell(index_at);
	if (index_len == 8)
		index = index << 32 | cell(index_at + 4);
	claim(asked_index == index);
}

static void claim_by_name(void)
{
	const char name[2] = { nondet_u8() };
	bool named = nondet_bool(), verify = nondet_bool();
	int ret = rpmb_fit_check_image(fit, "image", named ? name : NULL, verify);

	if (ret || !on)
		return;
	claim(named && name[0] && conf >= 0 && has_image);
	claim(verify && verifications == 1 && signature);
	claim_passed(false);
}

static void claim_conf(void)
{
	bool any_location = nondet_bool();
	int verified = nondet_int();
	int ret = rpmb_fit_check_conf(fit, conf, verified, any_location);

	claim(!ret || ret == -EACCES);
	if (ret || !on)
		return;
	claim(verified);
	claim_passed(any_location);
}

void proof(void)
{
	static u8 first[ROOM], second[ROOM];

	__CPROVER_havoc_object(first);
	__CPROVER_havoc_object(second);
	location = any_value(first, &location_len);
	index_at = any_value(second, &index_len);
	conf = nondet_int();
	on = nondet_bool();
	same = nondet_bool();
	keyed = nondet_bool();
	signature = nondet_bool();
	has_image = nondet_bool();
	images_good = nondet_bool();
	index_good = nondet_bool();
	if (nondet_bool())
		claim_by_name();
	else
		claim_conf();
}
