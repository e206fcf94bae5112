// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of what a FIT must have: what its signature covers, and that all of its
 * images are loaded
 *
 * What is signed here is a list of nodes. Signatures are tested in test/sandbox, where
 * mkimage has made them.
 */

#include <console.h>
#include <dm.h>
#include <image.h>
#include <dm/test.h>
#include <linux/libfdt.h>
#include <rpmb-hooks.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_policy.h"
#include "../../boot/rpmb/policy-internal.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define IMAGE	"/images/kernel"
#define HASH	IMAGE "/hash-1"
#define CONF	"/configurations/conf"
#define SIG	CONF "/signature-1"
#define NOT_ALL	"Signature does not cover all of the configuration"
#define TOO_MUCH "Signature covers what is not of the configuration"
#define MOST	128	/* nodes in a list */

/* What a signature of it must cover, and may not exceed */
static char *const all[] = { "/", CONF, IMAGE, HASH };

static u8 fit[0x4000] __aligned(8);

static int at(const char *path)
{
	return fdt_path_offset(fit, path);
}

static int add(const char *parent, const char *name)
{
	return fdt_add_subnode(fit, at(parent), name);
}

static void set(const char *path, const char *prop, const char *value)
{
	fdt_setprop_string(fit, at(path), prop, value);
}

/* A configuration with a kernel, which has a hash */
static void make(void)
{
	static const fdt32_t strings[2];

	fdt_create_empty_tree(fit, sizeof(fit));
	add("/", "images");
	add("/images", "kernel");
	add(IMAGE, "hash-1");
	set(HASH, FIT_ALGO_PROP, "sha256");
	add("/", "configurations");
	add("/configurations", "conf");
	set(CONF, FIT_KERNEL_PROP, "kernel");
	add(CONF, "signature-1");
	fdt_setprop(fit, at(SIG), "hashed-strings", strings, sizeof(strings));
}

/* A property that an attacker has taken the name from: it points to nowhere */
static void lose_name(const char *path, const char *prop)
{
	struct fdt_property *p = fdt_get_property_w(fit, at(path), prop, NULL);

	p->nameoff = cpu_to_fdt32(0x7fffff00);
}

/* Return: what is wrong, or nothing */
static const char *cover(char *const nodes[], int count)
{
	return rpmb_fit_check_cover(fit, at(SIG), at(CONF), nodes, count) ?: "";
}

/* Just the nodes of the configuration: each of them, and no other */
static int dm_test_rpmb_fit_cover(struct unit_test_state *uts)
{
	char *nodes[MOST + 1];
	int i;

	make();
	ut_asserteq_str("", cover(all, ARRAY_SIZE(all)));
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		memcpy(nodes, all, sizeof(all));
		nodes[i] = "/images";
		ut_asserteq_str(NOT_ALL, cover(nodes, ARRAY_SIZE(all)));
		nodes[ARRAY_SIZE(all)] = all[i];
		ut_asserteq_str(TOO_MUCH, cover(nodes, ARRAY_SIZE(all) + 1));
	}
	/* as often as an image is named, and not without end */
	for (i = 0; i <= MOST; i++)
		nodes[i] = all[min_t(int, i, ARRAY_SIZE(all) - 1)];
	ut_asserteq_str("", cover(nodes, MOST));
	ut_asserteq_str(NOT_ALL, cover(nodes, MOST + 1));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_cover, FLAGS);

/* The names of all properties are signed */
static int dm_test_rpmb_fit_cover_strings(struct unit_test_state *uts)
{
	static const char why[] =
		"Signature does not cover the property names";
	fdt32_t cells[3] = { 0 };

	make();
	cells[1] = cpu_to_fdt32(fdt_size_dt_strings(fit));
	fdt_setprop(fit, at(SIG), "hashed-strings", cells, 2 * sizeof(*cells));
	ut_asserteq_str("", cover(all, ARRAY_SIZE(all)));
	cells[1] = cpu_to_fdt32(fdt_size_dt_strings(fit) + 1);
	fdt_setprop(fit, at(SIG), "hashed-strings", cells, 2 * sizeof(*cells));
	ut_asserteq_str(why, cover(all, ARRAY_SIZE(all)));
	cells[1] = 0;
	fdt_setprop(fit, at(SIG), "hashed-strings", cells, sizeof(cells));
	ut_asserteq_str(why, cover(all, ARRAY_SIZE(all)));
	fdt_delprop(fit, at(SIG), "hashed-strings");
	ut_asserteq_str(why, cover(all, ARRAY_SIZE(all)));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_cover_strings, FLAGS);

/* What is below an image: a cipher and a root hash are signed as hashes are */
static int dm_test_rpmb_fit_cover_below(struct unit_test_state *uts)
{
	static const char *const names[] = { "cipher", "dm-verity", "hash-2" };
	char path[sizeof(IMAGE) + 16];
	char *nodes[5];
	int i;

	memcpy(nodes, all, sizeof(all));
	nodes[4] = path;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		make();
		add(IMAGE, names[i]);
		snprintf(path, sizeof(path), IMAGE "/%s", names[i]);
		ut_asserteq_str(NOT_ALL, cover(all, ARRAY_SIZE(all)));
		ut_asserteq_str("", cover(nodes, ARRAY_SIZE(nodes)));
	}
	/* nobody reads anything else that is there */
	make();
	add(IMAGE, "note");
	ut_asserteq_str("", cover(all, ARRAY_SIZE(all)));
	/* data without a hash are not signed */
	make();
	fdt_del_node(fit, at(HASH));
	ut_asserteq_str(NOT_ALL, cover(all, 3));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_cover_below, FLAGS);

/* A walk over so many images, each by a property, or all by one */
static const char *walk(int names, bool apart)
{
	char list[300 * 7], prop[16];
	int i;

	make();
	for (i = 0; i < names; i++)
		memcpy(list + 7 * i, "kernel", 7);
	for (i = 0; apart && i < names; i++) {
		snprintf(prop, sizeof(prop), "more-%d", i);
		set(CONF, prop, "kernel");
	}
	if (!apart)
		fdt_setprop(fit, at(CONF), FIT_LOADABLE_PROP, list, 7 * names);
	return cover(all, ARRAY_SIZE(all));
}

/* An attacker's FIT costs no more than a walk over 256 nodes, then it is refused */
static int dm_test_rpmb_fit_cover_walk(struct unit_test_state *uts)
{
	int apart;

	for (apart = 0; apart < 2; apart++) {
		/* root, configuration, kernel and its hash; and two for each name */
		ut_asserteq_str("", walk(126, apart));
		ut_asserteq_str(NOT_ALL, walk(127, apart));
		ut_asserteq_str(NOT_ALL, walk(300, apart));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_fit_cover_walk, FLAGS);

/* What cannot be named is not covered, by whatever a list says */
static int dm_test_rpmb_fit_cover_names(struct unit_test_state *uts)
{
	char name[200], path[220];
	char *nodes[5];

	make();
	memcpy(nodes, all, sizeof(all));
	nodes[4] = path;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	snprintf(path, sizeof(path), IMAGE "/%s", name);
	memcpy(name, "hash", 4);
	memcpy(path + sizeof(IMAGE), "hash", 4);
	ut_assert(add(IMAGE, name) > 0);
	ut_asserteq_str(NOT_ALL, cover(nodes, ARRAY_SIZE(nodes)));

	/* a property without a name is found by nobody */
	make();
	lose_name(CONF, FIT_KERNEL_PROP);
	ut_asserteq_str(TOO_MUCH, cover(all, ARRAY_SIZE(all)));
	ut_asserteq_str("", cover(all, 2));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_cover_names, FLAGS);

/* What a list in the signature has, for a FIT that is signed for one purpose */
static void list(const char *nodes, int len)
{
	fdt_setprop(fit, at(SIG), "hashed-nodes", nodes, len);
}

static bool lists_only(void)
{
	return rpmb_fit_lists_only(fit, at(CONF), at(IMAGE));
}

#define ALL	"/\0" CONF "\0" IMAGE "\0" HASH

/* Each node once, and nothing below the image but hashes */
static int dm_test_rpmb_fit_lists_only(struct unit_test_state *uts)
{
	char path[sizeof(HASH)];
	int i;

	make();
	ut_asserteq(false, lists_only());
	list(ALL, sizeof(ALL));
	ut_asserteq(true, lists_only());
	/* what else is in the configuration is no signature */
	add(CONF, "note");
	ut_asserteq(true, lists_only());
	list(ALL "\0" HASH, sizeof(ALL "\0" HASH));
	ut_asserteq(false, lists_only());

	/* five hashes have room in a list, six do not */
	strcpy(path, HASH);
	for (i = 2; i <= 6; i++) {
		path[sizeof(HASH) - 2] = '0' + i;
		add(IMAGE, path + sizeof(IMAGE));
		list(ALL "\0" IMAGE "/hash-2\0" IMAGE "/hash-3\0" IMAGE "/hash-4\0"
		     IMAGE "/hash-5\0" IMAGE "/hash-6",
		     sizeof(ALL) + (i - 1) * sizeof(HASH));
		ut_asserteq(i <= 5, lists_only());
	}
	make();
	list(ALL, sizeof(ALL));
	add(IMAGE, "else");
	ut_asserteq(false, lists_only());
	make();
	fdt_del_node(fit, at(SIG));
	ut_asserteq(false, lists_only());

	return 0;
}
DM_TEST(dm_test_rpmb_fit_lists_only, FLAGS);

/* SHA-256 or better, by its whole name, and by no other */
static int dm_test_rpmb_fit_hash(struct unit_test_state *uts)
{
	static const struct {
		const char *algo;
		int len;
		bool strong;
	} rows[] = {
		{ "sha256", 7, true }, { "sha384", 7, true },
		{ "sha512", 7, true }, { "sha999", 7 }, { "sha256", 6 },
		{ "sha1", 5 }, { "sha256\0", 8 }, { "", 0 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		make();
		fdt_setprop(fit, at(HASH), FIT_ALGO_PROP, rows[i].algo,
			    rows[i].len);
		ut_asserteq(rows[i].strong,
			    rpmb_fit_has_strong_hash(fit, at(IMAGE)));
	}
	fdt_delprop(fit, at(HASH), FIT_ALGO_PROP);
	ut_asserteq(false, rpmb_fit_has_strong_hash(fit, at(IMAGE)));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_hash, FLAGS);

/* Both properties that say where data are count, whatever is in front of them */
static int dm_test_rpmb_fit_outside(struct unit_test_state *uts)
{
	static const char *const props[] = {
		FIT_DATA_OFFSET_PROP, FIT_DATA_POSITION_PROP,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(props); i++) {
		make();
		set(IMAGE, FIT_TYPE_PROP, "kernel");
		ut_asserteq(false, rpmb_fit_has_data_outside(fit, at(IMAGE)));
		fdt_setprop_u32(fit, at(IMAGE), props[i], 0x100);
		ut_asserteq(true, rpmb_fit_has_data_outside(fit, at(IMAGE)));
		lose_name(IMAGE, FIT_TYPE_PROP);
		ut_asserteq(true, rpmb_fit_has_data_outside(fit, at(IMAGE)));
		lose_name(IMAGE, props[i]);
		ut_asserteq(false, rpmb_fit_has_data_outside(fit, at(IMAGE)));
		ut_assertnull(fdt_getprop(fit, at(IMAGE), props[i], NULL));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_fit_outside, FLAGS);

/* bootm has come to the end of a FIT: it must be refused for this image */
static int check_left_out(struct unit_test_state *uts, const void *os,
			  const char *confs, const char *why)
{
	struct bootm_headers images = {
		.fit_hdr_os = (void *)os, .fit_uname_cfg = confs,
	};

	console_record_reset();
	ut_asserteq(why ? -EACCES : 0, rpmb_fit_check_loaded(&images));
	if (!why) {
		ut_assert_console_end();
		return 0;
	}
	ut_assert_nextline_empty();
	ut_assert_nextlinen("rollback: REFUSED: %s", why);
	ut_assert_nextlinen("  image: ");
	ut_assert_nextlinen("  advice: ");
	ut_assert_console_end();

	return 0;
}

#define LEFT_OUT	"an image of the configuration was left out"
#define CONF_LEFT_OUT	"images of a configuration were left out"

/* Only what was loaded of the kernel's own FIT counts, and not more than 64 */
static int dm_test_rpmb_fit_loaded(struct unit_test_state *uts)
{
	static u8 other[sizeof(fit)] __aligned(8);
	struct rpmb_model *m;
	struct udevice *dev;
	int i, extra;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	make();
	add("/images", "extra");
	set(CONF, FIT_LOADABLE_PROP, "extra");
	/* what names no image, or nothing that bootm takes */
	set(CONF, "note", "nobody");
	set(CONF, FIT_RAMDISK_PROP, "nobody");
	memcpy(other, fit, sizeof(fit));
	extra = at("/images/extra");
	ut_assertok(check_left_out(uts, NULL, "conf", NULL));
	rpmb_fit_note(fit, at(IMAGE), true);
	ut_assertok(check_left_out(uts, fit, "conf", LEFT_OUT));
	rpmb_fit_note(other, extra, false);
	ut_assertok(check_left_out(uts, fit, "conf", LEFT_OUT));
	rpmb_fit_note(fit, extra, false);
	ut_assertok(check_left_out(uts, fit, "conf", NULL));
	ut_assertok(check_left_out(uts, fit, "conf#nobody", CONF_LEFT_OUT));
	ut_assertok(check_left_out(uts, other, "conf", CONF_LEFT_OUT));

	for (i = 1; i <= 64; i++) {
		rpmb_fit_note(fit, at(IMAGE), i == 1);
		if (i == 63)
			rpmb_fit_note(fit, extra, false);
	}
	ut_assertok(check_left_out(uts, fit, "conf", NULL));
	for (i = 1; i <= 64; i++)
		rpmb_fit_note(fit, at(IMAGE), i == 1);
	rpmb_fit_note(fit, extra, false);
	ut_assertok(check_left_out(uts, fit, "conf", LEFT_OUT));
	rpmb_policy_teardown();
	if (!rpmb_policy_is_on())
		ut_assertok(check_left_out(uts, fit, "conf", NULL));

	return 0;
}
DM_TEST(dm_test_rpmb_fit_loaded, FLAGS);

/* Of an overlay that has not even a name it is said all the same */
static int dm_test_rpmb_fit_overlay(struct unit_test_state *uts)
{
	static const char *const names[] = { "ov-1", NULL };
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_policy_setup(uts, &dev, &m));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		console_record_reset();
		ut_asserteq(-EACCES, rpmb_fit_refuse_overlay(names[i]));
		ut_assert_nextline_empty();
		ut_assert_nextline("rollback: REFUSED: an overlay cannot be loaded");
		ut_assert_nextline("  image: %s; device: not asked", names[i] ?: "?");
		ut_assert_nextlinen("  advice: ");
		ut_assert_console_end();
	}
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_fit_overlay, FLAGS);
