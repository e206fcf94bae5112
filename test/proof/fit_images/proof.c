// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images of a FIT: none is weak, none is left out
 *
 * Configurations have any images, by properties that name images which bootm
 * uses or by others; a walk over them goes through all of them, and stops
 * when it is told (see fit_cover). Which images were loaded before, and of
 * which FIT, can be anything. What is said of one of them holds for all:
 *
 * - A configuration's images pass only if each that bootm uses is there, and
 *   each that is there, by any property, has a strong hash and, if that is
 *   asked for, no data outside.
 * - An image is noted only for the FIT of those before it, and the kernel's
 *   is the first one: those before it are forgotten.
 * - With the policy on a boot from a FIT goes on only if each configuration
 *   that was named, first and extra ones, is there, and each of its images
 *   that bootm uses was noted, for this FIT.
 * - An image is of a configuration if and only if a property names it.
 */

#include "../uboot.h"
#include <boot/rpmb/fit-images.c>

#define USED_PROPS	"kernel\0fdt\0ramdisk\0loadables\0fpga\0setup\0"

#include "../images.h"

#define TEXT	5	/* names of configurations, with the NUL */
#define LOADED	3	/* before, when it is asked which were */

static const char other_fit[8], names[TEXT];
static int conf_of[TEXT];	/* by the place of its name */
static bool asked[TEXT];

int fit_conf_get_node(const void *from, const char *name)
{
	long at = name - names;

	claim(from == fit && at >= 0 && at < TEXT);
	asked[at] = true;
	return conf_of[at];
}

/* Is the image that is watched noted for this FIT? */
static bool is_noted(const void *from)
{
	bool found = false;
	int i;

	for (i = 0; i < LOADED; i++)
		found |= i < used_count && used[i] == watched;
	return found && used_fit == from;
}

static void claim_checked(void)
{
	int conf = nondet_int(), i = nondet_int();
	bool inside = nondet_bool();
	int ret;

	assume(conf >= 0 && conf < CONFS && i >= 0 && i < IMAGES);
	watched = image_of[conf][i];

	ret = rpmb_fit_check_images(fit, conf, inside);

	claim((ret == -EACCES) == (words == 1) && implies(ret, words));
	if (ret)
		return;
	claim(implies(is_used[conf][i], watched >= 0));
	claim(implies(watched >= 0, strong && !(inside && outside)));
}

/* Of those that count afterwards, this one is new, or counted before */
static void claim_note(void)
{
	const void *from = nondet_bool() ? fit : other_fit, *fit_before = used_fit;
	int image = nondet_int(), at = nondet_int(), count = used_count, before;
	bool first = nondet_bool();

	assume(at >= 0 && at < MOST_IMAGES);
	before = used[at];

	rpmb_fit_note(from, image, first);

	claim(used_count >= 0 && used_count <= MOST_IMAGES);
	claim(implies(first, used_fit == from && used_count == 1));
	if (at >= used_count)
		return;
	if (!first && at < count)
		claim(used_fit == fit_before && used[at] == before);
	else
		claim(used_fit == from && used[at] == image);
}

/* Is there the name of a configuration? */
static bool is_name(int at)
{
	int i;

	for (i = 0; i < at; i++)
		if (!names[i])
			return false;
	return !at || names[at - 1] == '#';
}

static void claim_loaded(void)
{
	struct bootm_headers *images = malloc(sizeof(*images));
	int at = nondet_int(), i = nondet_int(), ret;

	assume(images);
	assume(at >= 0 && at < TEXT && i >= 0 && i < IMAGES);
	assume(used_count <= LOADED);
	images->fit_hdr_os = nondet_bool() ? (void *)fit : NULL;
	images->fit_uname_cfg = nondet_bool() ? names : NULL;
	if (conf_of[at] >= 0)
		watched = image_of[conf_of[at]][i];

	ret = rpmb_fit_check_loaded(images);

	claim((ret == -EACCES) == (words == 1) && implies(ret, words));
	if (ret || !on || !images->fit_hdr_os || !images->fit_uname_cfg ||
	    !is_name(at))
		return;
	claim(asked[at] && conf_of[at] >= 0);
	claim(implies(watched >= 0 && is_used[conf_of[at]][i], is_noted(fit)));
}

static void claim_has_image(void)
{
	int conf = nondet_int(), image = nondet_int(), i;
	bool named = false;

	assume(conf >= 0 && conf < CONFS);
	for (i = 0; i < IMAGES; i++)
		named |= image_of[conf][i] == image;
	claim(rpmb_fit_has_image(fit, conf, image) == (named && image >= 0));
}

void proof(void)
{
	u32 which = nondet_u32();
	int i;

	any_images();
	__CPROVER_havoc_object(conf_of);
	__CPROVER_havoc_object((void *)names);
	assume(!names[TEXT - 1]);
	for (i = 0; i < TEXT; i++)
		assume(conf_of[i] < CONFS);
	__CPROVER_havoc_object(used);
	used_count = nondet_int();
	assume(used_count >= 0 && used_count <= MOST_IMAGES);
	used_fit = nondet_bool() ? fit : other_fit;
	if (which == 0)
		claim_checked();
	else if (which == 1)
		claim_note();
	else if (which == 2)
		claim_loaded();
	else
		claim_has_image();
}
