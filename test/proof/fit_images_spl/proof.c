// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images of a FIT in SPL: none is weak, none is left out
 *
 * Configurations have any images, by properties that name images which SPL
 * uses or by others (see fit_cover). Which images were loaded before can be
 * anything. What U-Boot proper has of this file: see fit_images.
 *
 * - A configuration's images pass only if each that SPL uses is there, and
 *   each that is there, by any property, has a strong hash. Then none counts
 *   that was loaded before.
 * - An image that is noted counts, and so do those before it, up to the 16
 *   that there is room for: more are not noted.
 * - With the policy on a FIT is whole only if each image of its
 *   configuration, by any property, was noted.
 */

#include "../uboot.h"
#include <boot/rpmb/fit-images.c>

#define USED_PROPS	"fdt\0loadables\0firmware\0fpga\0"

#include "../images.h"

#define MOST	16
#define LOADED	3	/* before, when it is asked which were */

int fit_conf_get_node(const void *from, const char *name)
{
	claim(false);	/* for bootm alone */
	return 0;
}

static bool is_noted(void)
{
	bool found = false;
	int i;

	for (i = 0; i < LOADED; i++)
		found |= i < used_count && used[i] == watched;
	return found;
}

static void claim_checked(int conf, int i)
{
	int ret = rpmb_fit_check_images(fit, conf, nondet_bool());

	claim((ret == -EACCES) == (words == 1) && implies(ret, words));
	claim(!used_count);
	if (ret)
		return;
	claim(implies(is_used[conf][i], watched >= 0));
	claim(implies(watched >= 0, strong));
}

static void claim_note(void)
{
	int image = nondet_int(), at = nondet_int(), count = used_count, before;

	assume(at >= 0 && at < MOST);
	before = used[at];

	rpmb_fit_note(fit, image, false);

	claim(used_count == (count < MOST ? count + 1 : MOST));
	claim(implies(at < count, used[at] == before));
	claim(implies(at == count, used[at] == image));
}

static void claim_whole(int conf)
{
	int ret;

	assume(used_count <= LOADED);

	ret = rpmb_fit_check_whole(fit, conf);

	claim((ret == -EACCES) == (words == 1) && implies(ret, words));
	claim(implies(!on, !ret));
	claim(implies(on && !ret && watched >= 0, is_noted()));
}

void proof(void)
{
	int conf = nondet_int(), i = nondet_int();
	u32 which = nondet_u32();

	any_images();
	assume(conf >= 0 && conf < CONFS && i >= 0 && i < IMAGES);
	watched = image_of[conf][i];
	__CPROVER_havoc_object(used);
	used_count = nondet_int();
	assume(used_count >= 0 && used_count <= MOST);
	used_fit = nondet_bool() ? fit : NULL;
	if (which == 0)
		claim_checked(conf, i);
	else if (which == 1)
		claim_note();
	else
		claim_whole(conf);
}
