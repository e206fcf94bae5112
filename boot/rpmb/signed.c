// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open a FIT whose data were signed for one purpose
 */

#include <image.h>
#include <malloc.h>
#include <rpmb-policy.h>
#include <asm/global_data.h>
#include <linux/errno.h>
#include <linux/libfdt.h>
#include <rpmb/look.h>
#include "policy-internal.h"

DECLARE_GLOBAL_DATA_PTR;

#define KEY_BYTES	4096	/* a key node with RSA-8192 fits in */

static bool is_for(const void *tree, int node, const char *purpose)
{
	const char *required = fdt_stringlist_get(tree, node,
						  FIT_KEY_REQUIRED, 0, NULL);

	return required && !strcmp(required, purpose);
}

static int copy_key(void *to, int parent, const void *from, int node)
{
	int copy, prop;

	copy = fdt_add_subnode(to, parent, fdt_get_name(from, node, NULL));
	if (copy < 0) /* LCOV_EXCL_BR_LINE: a key has room */
		return copy;
	fdt_for_each_property_offset(prop, from, node) {
		const char *name;
		const void *val;
		int len, ret;

		val = fdt_getprop_by_offset(from, prop, &name, &len);
		if (!val) /* LCOV_EXCL_BR_LINE: a property has a value */
			return len;
		ret = fdt_setprop(to, copy, name, val, len);
		if (ret)
			return ret;
	}
	return fdt_setprop_string(to, copy, FIT_KEY_REQUIRED, "conf");
}

/*
 * A control FDT with the keys of the purpose and nothing else, in which they
 * are required for configurations: what U-Boot's own verification looks for.
 */
static void *make_key_tree(const void *control, const char *purpose, int *keys)
{
	int from, to, node, ret, size = KEY_BYTES;
	void *tree;

	from = fdt_subnode_offset(control, 0, FIT_SIG_NODENAME);
	*keys = 0;
	if (from < 0)
		return NULL;
	fdt_for_each_subnode(node, control, from)
		if (is_for(control, node, purpose))
			(*keys)++;
	size += *keys * KEY_BYTES;
	tree = malloc(size);
	if (!tree)
		return NULL;
	ret = fdt_create_empty_tree(tree, size);
	to = ret;
	if (!ret) /* LCOV_EXCL_BR_LINE: an empty tree has room */
		to = fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	ret = to < 0 ? to : 0;
	fdt_for_each_subnode(node, control, from)
		if (!ret && is_for(control, node, purpose))
			ret = copy_key(tree, to, control, node);
	if (!ret)
		return tree;
	free(tree);
	return NULL;
}

/* U-Boot's own verification, made to see the keys of the purpose alone */
static int verify(const void *fit, int conf, int image, void *keys,
		  const char **whyp)
{
	const void *data;
	size_t size;
	int ret = 0;

	*whyp = "the image has no SHA-256 or better that is checked";
	if (!rpmb_fit_has_strong_hash(fit, image))
		return -EACCES;
	*whyp = "it is not signed with the keys for this purpose";
	if (fit_config_verify_with_key_blob(fit, conf, keys)) {
		ret = -EACCES;
	} else if (!rpmb_fit_lists_only(fit, conf, image)) {
		*whyp = "the signature does not cover just the configuration, its image and hashes";
		ret = -EACCES;
	} else if (fit_image_get_data(fit, image, &data, &size) ||
		   !fit_image_verify_with_data(fit, image, keys, data, size)) {
		*whyp = "the data are not those that were signed";
		ret = -EBADMSG;
	}
	printf("\n");
	return ret;
}

/*
 * Find the image. Nothing is verified yet, so rpmb_look() checks the tree
 * first, whether the policy is on or not. It refuses names that functions of
 * libfdt do not all read alike: those with a slash, and too long ones.
 */
static const char *find(const void *fit, size_t size, const char *purpose,
			int *conf, int *image)
{
	const char *name, *type;
	u32 steps;

	if (rpmb_look(fit, size, &rpmb_look_fit, &steps) ||
	    fit_check_format(fit, size))
		return "there is no FIT";
	*conf = fit_conf_get_node(fit, NULL);
	if (*conf < 0)
		return "it has no default configuration";
	name = fdt_stringlist_get(fit, *conf, purpose, 0, NULL);
	if (!name)
		return "its default configuration is not for this purpose";
	*image = fit_image_get_node(fit, name);
	if (*image < 0)
		return "it lacks the image that its configuration names";
	type = fdt_stringlist_get(fit, *image, FIT_TYPE_PROP, 0, NULL);
	if (!type || strcmp(type, purpose))
		return "its image is of another type";
	/*
	 * if there were data inside as well, either could be verified or used
	 */
	return rpmb_fit_has_data_outside(fit, *image) ? "its data are outside" :
						      NULL;
}

int rpmb_signed_open(const void *fit, size_t size, const char *purpose,
		     struct rpmb_signed *s)
{
	int conf, image, count, ret;
	void *keys;

	s->why = find(fit, size, purpose, &conf, &image);
	if (s->why)
		return -EINVAL;
	keys = make_key_tree(gd->fdt_blob, purpose, &count);
	s->why = "there is no memory for the keys";
	if (count && !keys)
		return -ENOMEM;
	s->why = "the control FDT has no key for this purpose";
	if (!count) {
		free(keys);
		return -ENOKEY;
	}
	ret = verify(fit, conf, image, keys, &s->why);
	free(keys);
	if (ret)
		return ret;
	s->why = "it has no data";
	ret = fit_image_get_data(fit, image, &s->data, &s->size);
	return ret ? -EINVAL : 0; /* LCOV_EXCL_BR_LINE: verify() has had them */
}
