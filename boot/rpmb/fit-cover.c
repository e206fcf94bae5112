// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the signature of a FIT configuration must cover
 *
 * The list of signed nodes, "hashed-nodes", stands in the signature node and is
 * not signed itself. An attacker can move the signed nodes to another place,
 * change the list accordingly, and put other nodes in their place: the
 * signature is still good (CVE-2026-46728). So the list must have exactly the
 * nodes that follow from the configuration.
 */

#include <image.h>
#include <rpmb-hooks.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/libfdt.h>
#include <linux/string.h>
#include "policy-internal.h"

#define IN_SPL		IS_ENABLED(CONFIG_XPL_BUILD)
#define NOT_ALL		"Signature does not cover all of the configuration"
#define PATH_BYTES	200
#define MOST_NODES	128	/* in a list; U-Boot takes 100 */
#define MOST_LISTED	8	/* for one image: itself, root, configuration, hashes */
#define MOST_VISITS	256	/* some images are named twice */

/* 2025.01 has no name for it: there nobody signs such a node */
#ifndef FIT_VERITY_NODENAME
#define FIT_VERITY_NODENAME	"dm-verity"
#endif

/**
 * struct cover - a walk over the nodes that must be signed
 *
 * @fit:	FIT
 * @nodes:	paths that are signed
 * @count:	number of them
 * @must:	those of them that must be signed: bit per path
 * @visits:	nodes that were visited, to bound the walk
 * @hashes:	hash nodes of the image that was walked last
 */
struct cover {
	const void *fit;
	char *const *nodes;
	int count;
	u32 must[MOST_NODES / 32];
	int visits;
	int hashes;
};

/* The list has a path as often as the configuration names the image */
static bool is_signed(struct cover *c, const char *path)
{
	bool found = false;
	int i;

	for (i = 0; i < c->count; i++) {
		if (strcmp(c->nodes[i], path))
			continue;
		c->must[i / 32] |= 1U << i % 32;
		found = true;
	}
	return found;
}

static int visit(struct cover *c, int node)
{
	char path[PATH_BYTES];

	if (c->visits++ == MOST_VISITS ||
	    fdt_get_path(c->fit, node, path, sizeof(path)))
		return -EACCES;
	return is_signed(c, path) ? 0 : -EACCES;
}

static bool is_named(const void *fit, int node, const char *name)
{
	return !strncmp(fdt_get_name(fit, node, NULL), name, strlen(name));
}

bool rpmb_fit_is_hash(const void *fit, int node)
{
	return is_named(fit, node, FIT_HASH_NODENAME);
}

bool rpmb_fit_is_listed(const char *word, const char *list)
{
	for (; *list; list += strlen(list) + 1)
		if (!strcmp(list, word))
			return true;
	return false;
}

/* The value must be one string: U-Boot reads the first of several */
static bool is_strong(const void *fit, int hash)
{
	int len;
	const char *algo = fdt_getprop(fit, hash, FIT_ALGO_PROP, &len);

	return algo && len == sizeof("sha256") &&
	       rpmb_fit_is_listed(algo, "sha256\0sha384\0sha512\0") &&
	       !fdt_getprop(fit, hash, FIT_IGNORE_PROP, NULL);
}

/* One walk over all properties: looking for each by its name would take one each */
bool rpmb_fit_has_data_outside(const void *fit, int image)
{
	const char *prop;
	int offset;

	fdt_for_each_property_offset(offset, fit, image)
		if (fdt_getprop_by_offset(fit, offset, &prop, NULL) &&
		    (!strcmp(prop, FIT_DATA_OFFSET_PROP) ||
		     !strcmp(prop, FIT_DATA_POSITION_PROP)))
			return true;
	return false;
}

/* Other hashes may be weak: they are checked in addition */
bool rpmb_fit_has_strong_hash(const void *fit, int image)
{
	int node;

	fdt_for_each_subnode(node, fit, image)
		if (rpmb_fit_is_hash(fit, node) && is_strong(fit, node))
			return true;
	return false;
}

/*
 * Visit an image with its hashes, of which there must be one, its cipher and the
 * root hash of its dm-verity tree
 */
static int visit_image(const void *fit, const char *prop, int image,
		       void *priv)
{
	struct cover *c = priv;
	int node, ret;

	if (image < 0)
		return 0;
	c->hashes = 0;
	ret = visit(c, image);
	fdt_for_each_subnode(node, fit, image) {
		bool hash = rpmb_fit_is_hash(fit, node);

		if (!ret && (hash || is_named(fit, node, FIT_CIPHER_NODENAME) ||
			     is_named(fit, node, FIT_VERITY_NODENAME)))
			ret = visit(c, node);
		c->hashes += hash;
	}
	return ret || !c->hashes ? -EACCES : 0;
}

/* Properties whose values are not names of images */
static bool names_no_image(const char *prop)
{
	return rpmb_fit_is_listed(prop, FIT_DESC_PROP "\0" FIT_DEFAULT_PROP "\0"
				  "compatible\0rollback-index\0rollback-location\0");
}

/*
 * How many strings a value has. What is behind the last one has no end: U-Boot uses
 * those before it
 */
static int count_names(const char *names, int len)
{
	int i, count = 0;

	for (i = 0; i < len; i++)
		count += !names[i];
	return count;
}

/*
 * The value is read where the walk finds it, since to look it up by its name takes
 * several times as long. A value without a string counts as the name of an image
 * that is not there.
 */
static int each_image_of(const void *fit, int images, int property,
			 rpmb_fit_image_t fn, void *priv)
{
	int i, len, image, ret, count;
	const char *prop, *name;

	name = fdt_getprop_by_offset(fit, property, &prop, &len);
	count = count_names(name, len);
	for (i = 0; i < max(count, 1); i++) {
		image = count ? fdt_subnode_offset(fit, images, name) : -1;
		ret = fn(fit, prop, image, priv);
		if (ret)
			return ret;
		if (i + 1 < count)
			name += strlen(name) + 1;
	}
	return 0;
}

/* Any property that names an image refers to it, also one that is not known */
int rpmb_fit_each_image(const void *fit, int conf, rpmb_fit_image_t fn, void *priv)
{
	int images = fdt_path_offset(fit, FIT_IMAGES_PATH);
	int offset, len, visits = 0, ret = 0;
	const char *prop, *names;

	fdt_for_each_property_offset(offset, fit, conf) {
		names = fdt_getprop_by_offset(fit, offset, &prop, &len);
		if (ret || !names || names_no_image(prop))
			continue;
		visits += 1 + count_names(names, len);
		ret = visits > MOST_VISITS ? -E2BIG :
			each_image_of(fit, images, offset, fn, priv);
	}
	return ret;
}

static int visit_all(struct cover *c, int conf)
{
	int ret = visit(c, 0);

	if (!ret)
		ret = visit(c, conf);
	return ret ? ret : rpmb_fit_each_image(c->fit, conf, visit_image, c);
}

/* The strings block has the names of properties: it must be signed */
static bool strings_are_signed(const void *fit, int sig)
{
	const fdt32_t *strings;
	int len;

	strings = fdt_getprop(fit, sig, "hashed-strings", &len);
	return strings && len == 2 * sizeof(*strings) &&
	       fdt32_to_cpu(strings[1]) <= fdt_size_dt_strings(fit);
}

char *rpmb_fit_check_cover(const void *fit, int sig, int conf,
			   char *const nodes[], int count)
{
	struct cover c = { .fit = fit, .nodes = nodes, .count = count };
	int i;

	if (!strings_are_signed(fit, sig))
		return IN_SPL ? NOT_ALL :
			"Signature does not cover the property names";
	if (count > MOST_NODES || visit_all(&c, conf))
		return NOT_ALL;
	for (i = 0; i < count; i++)
		if (!(c.must[i / 32] & 1U << i % 32))
			return IN_SPL ? NOT_ALL :
				"Signature covers what is not of the configuration";
	return NULL;
}

/* The nodes below an image, if all of them are hashes; or -1 */
static int count_hashes(const void *fit, int image)
{
	int node, count = 0;

	fdt_for_each_subnode(node, fit, image) {
		if (!rpmb_fit_is_hash(fit, node))
			return -1;
		count++;
	}
	return count;
}

/* All that must be listed is: if their number is right, there is nothing else */
static bool lists_only(const void *fit, int sig, int conf, int image)
{
	char *nodes[MOST_LISTED];
	int i, hashes = count_hashes(fit, image);
	int count = fdt_stringlist_count(fit, sig, "hashed-nodes");

	if (hashes < 0 || count > MOST_LISTED || count != 3 + hashes)
		return false;
	for (i = 0; i < count; i++)
		nodes[i] = (char *)fdt_stringlist_get(fit, sig, "hashed-nodes",
						      i, NULL);
	return !rpmb_fit_check_cover(fit, sig, conf, nodes, count);
}

bool rpmb_fit_lists_only(const void *fit, int conf, int image)
{
	int node, count = 0;

	fdt_for_each_subnode(node, fit, conf) {
		if (!is_named(fit, node, FIT_SIG_NODENAME))
			continue;
		if (!lists_only(fit, node, conf, image))
			return false;
		count++;
	}
	return count;
}
