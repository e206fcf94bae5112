// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Data that were signed for one purpose, in a FIT
 */

#include <dm.h>
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
#define PATH_BYTES	200	/* as fit_config_check_sig() has them */
#define COVER_NODES	8	/* root, configuration, image, some hashes */

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
	if (copy < 0)
		return copy;
	fdt_for_each_property_offset(prop, from, node) {
		const char *name;
		const void *val;
		int len, ret;

		val = fdt_getprop_by_offset(from, prop, &name, &len);
		ret = val ? fdt_setprop(to, copy, name, val, len) : len;
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
	to = ret ? ret : fdt_add_subnode(tree, 0, FIT_SIG_NODENAME);
	ret = to < 0 ? to : 0;
	fdt_for_each_subnode(node, control, from)
		if (!ret && is_for(control, node, purpose))
			ret = copy_key(tree, to, control, node);
	if (!ret)
		return tree;
	free(tree);
	return NULL;
}

/**
 * struct cover - what a signature must cover: just this
 *
 * @path:	nodes
 * @count:	number of them
 */
struct cover {
	char path[COVER_NODES][PATH_BYTES];
	int count;
};

static int cover_node(struct cover *c, const void *fit, int node)
{
	if (c->count == COVER_NODES ||
	    fdt_get_path(fit, node, c->path[c->count], PATH_BYTES))
		return -E2BIG;
	c->count++;
	return 0;
}

/* The list stands in a part that is not signed: no node less, and none more */
static bool is_covered(const struct cover *c, const void *fit, int sig)
{
	int i;

	if (fdt_stringlist_count(fit, sig, "hashed-nodes") != c->count)
		return false;
	for (i = 0; i < c->count; i++) {
		if (fdt_stringlist_search(fit, sig, "hashed-nodes",
					  c->path[i]) < 0)
			return false;
	}
	return true;
}

/* All signatures, since it is not known which of them will be found good */
static bool all_cover(const struct cover *c, const void *fit, int conf)
{
	int node, count = 0;

	fdt_for_each_subnode(node, fit, conf) {
		if (strncmp(fdt_get_name(fit, node, NULL), FIT_SIG_NODENAME,
			    strlen(FIT_SIG_NODENAME)))
			continue;
		if (!is_covered(c, fit, node))
			return false;
		count++;
	}
	return count;
}

/* Nothing but hashes below an image, and one that nobody can collide */
static bool cover_hashes(struct cover *c, const void *fit, int image)
{
	const char *algo;
	int node, good = 0;

	fdt_for_each_subnode(node, fit, image) {
		algo = fdt_stringlist_get(fit, node, FIT_ALGO_PROP, 0, NULL);
		if (!algo || cover_node(c, fit, node))
			return false;
		if (!strcmp(algo, "sha256") || !strcmp(algo, "sha384") ||
		    !strcmp(algo, "sha512"))
			good++;
	}
	return good;
}

static int check_coverage(const void *fit, int conf, int image,
			  const char **whyp)
{
	struct cover *c = calloc(1, sizeof(*c));
	const char *why = NULL;

	*whyp = "there is no memory for what must be signed";
	if (!c)
		return -ENOMEM;
	if (cover_node(c, fit, 0) || cover_node(c, fit, conf) ||
	    cover_node(c, fit, image))
		why = "its paths are too long";
	else if (!cover_hashes(c, fit, image))
		why = "the image has no SHA-256, or more than hashes";
	else if (!all_cover(c, fit, conf))
		why = "the signature does not cover just the configuration, its image and hashes";
	free(c);
	*whyp = why;
	return why ? -EACCES : 0;
}

/* U-Boot's own verification, made to see the keys of the purpose alone */
static int verify(const void *fit, int conf, int image, void *keys,
		  const char **whyp)
{
	const void *control = gd->fdt_blob;
	struct udevice *dev;
	int ret = 0;

	/* what is probed meanwhile would look for its node among the keys */
	uclass_first_device(UCLASS_MOD_EXP, &dev);
	gd->fdt_blob = keys;
	*whyp = "it is not signed with the keys for this purpose";
	if (fit_config_verify(fit, conf)) {
		ret = -EACCES;
	} else if (!fit_image_verify(fit, image)) {
		*whyp = "the data are not those that were signed";
		ret = -EBADMSG;
	}
	gd->fdt_blob = control;
	printf("\n");
	return ret;
}

/*
 * Which image is it about? Nothing here is verified yet. The look is asked here
 * whether the policy is on or not. It has names refused that walkers over the
 * tree would not all see alike: those with a slash, and too long ones.
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
	/* with data inside, too, one could be verified and the other be used */
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
	ret = check_coverage(fit, conf, image, &s->why);
	if (!ret)
		ret = verify(fit, conf, image, keys, &s->why);
	free(keys);
	if (ret)
		return ret;
	s->why = "it has no data";
	return fit_image_get_data(fit, image, &s->data, &s->size) ? -EINVAL : 0;
}
