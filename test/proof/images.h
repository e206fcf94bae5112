/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations with any images, for proofs of the checks of images
 *
 * A walk over a configuration goes through all of its images, by properties that
 * name those that are used or by others, and stops when it is told. What is said
 * of the image that is watched holds for all.
 *
 * Who includes this has included the code, and has defined USED_PROPS, the
 * properties that name images which are used.
 */

#ifndef _PROOF_IMAGES_H
#define _PROOF_IMAGES_H

#include "proof.h"

#define CONFS	2
#define IMAGES	2	/* of each */

static const char fit[8], used_prop[1], other_prop[1];
static bool is_used[CONFS][IMAGES], on;
static int image_of[CONFS][IMAGES];
static bool strong, outside;	/* of the image that is watched */
static int watched;
static u32 words;

bool rpmb_policy_is_on(void)
{
	return on;
}

int rpmb_fit_refuse(enum rpmb_fit_reason reason, const char *which)
{
	words++;
	return -EACCES;
}

const char *fdt_get_name(const void *from, int node, int *len)
{
	claim(from == fit && node >= 0);
	return "name";
}

/* Contract: see fit_names */
bool rpmb_fit_is_listed(const char *word, const char *list)
{
	claim(!memcmp(list, USED_PROPS, sizeof(USED_PROPS)));
	claim(word == used_prop || word == other_prop);
	return word == used_prop;
}

/* Contract: see fit_cover */
int rpmb_fit_each_image(const void *from, int conf, rpmb_fit_image_t fn,
			void *priv)
{
	int i, ret = 0;

	claim(from == fit && conf >= 0 && conf < CONFS);
	for (i = 0; i < IMAGES && !ret; i++)
		ret = fn(from, is_used[conf][i] ? used_prop : other_prop,
			 image_of[conf][i], priv);
	return ret;
}

bool rpmb_fit_has_strong_hash(const void *from, int image)
{
	claim(from == fit && image >= 0);
	return image == watched ? strong : nondet_bool();
}

bool rpmb_fit_has_data_outside(const void *from, int image)
{
	claim(from == fit && image >= 0);
	return image == watched ? outside : nondet_bool();
}

static void any_images(void)
{
	int i;

	on = nondet_bool();
	strong = nondet_bool();
	outside = nondet_bool();
	__CPROVER_havoc_object(image_of);
	for (i = 0; i < CONFS * IMAGES; i++)
		is_used[i / IMAGES][i % IMAGES] = nondet_bool();
}

#endif /* _PROOF_IMAGES_H */
