// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: write the image description of which mkimage makes a signed FIT,
 * and get the data out of such a FIT
 */

#include <limits.h>
#include <stdlib.h>
#include <rpmb/fdt.h>

#include "tool.h"

int tool_its_option(struct tool_its *its, const char *command, int opt,
		    const char *arg)
{
	switch (opt) {
	case 'I':
		its->path = arg;
		return 0;
	case 'k':
		its->key_name = arg;
		return 0;
	case 'a':
		its->algo = arg;
		return 0;
	default:
		/* getopt_long() has said what is wrong */
		return tool_usage(command, "wrong option");
	}
}

int tool_check_its(const struct tool_its *its, const char *command,
		   const char *out, const char * const *in, int count)
{
	const char * const others[] = { out };

	if (its->path && !strcmp(out, "-"))
		return tool_usage(command, "--its wants a file to point to");
	if (strpbrk(its->key_name, "\"\\\n") || strpbrk(its->algo, "\"\\\n"))
		return tool_usage(command,
				  "--key-name and --algo are plain words");
	if (tool_check_output(out, in, count))
		return TOOL_TROUBLE;
	if (!its->path)
		return 0;
	if (tool_check_output(its->path, in, count))
		return TOOL_TROUBLE;
	return tool_check_output(its->path, others, 1);
}

/* The name of the data's file, relative to the image description */
static bool incbin_name(const char *its, const char *out, char name[PATH_MAX])
{
	const char *its_slash = strrchr(its, '/');
	const char *out_slash = strrchr(out, '/');
	long its_dir = its_slash ? its_slash - its : -1;
	long out_dir = out_slash ? out_slash - out : -1;

	if (its_dir == out_dir && (its_dir < 0 || !memcmp(its, out, its_dir)))
		snprintf(name, PATH_MAX, "%s", out_slash ? out_slash + 1 : out);
	else if (!realpath(out, name))
		return false;
	return !strpbrk(name, "\"\\\n");
}

int tool_write_its(const struct tool_its *its, const char *what,
		   const char *description, const char *out)
{
	char name[PATH_MAX], *text;
	int len, ret;

	if (!incbin_name(its->path, out, name))
		return tool_trouble("%s: no name for an image description",
				    out);
	len = asprintf(&text,
		       "/dts-v1/;\n"
		       "\n"
		       "/ {\n"
		       "\tdescription = \"%s\";\n"
		       "\t#address-cells = <1>;\n"
		       "\n"
		       "\timages {\n"
		       "\t\t%s {\n"
		       "\t\t\tdescription = \"%s\";\n"
		       "\t\t\ttype = \"rpmb-%s\";\n"
		       "\t\t\tcompression = \"none\";\n"
		       "\t\t\tdata = /incbin/(\"%s\");\n"
		       "\t\t\thash-1 {\n"
		       "\t\t\t\talgo = \"sha256\";\n"
		       "\t\t\t};\n"
		       "\t\t};\n"
		       "\t};\n"
		       "\n"
		       "\tconfigurations {\n"
		       "\t\tdefault = \"%s\";\n"
		       "\t\t%s {\n"
		       "\t\t\trpmb-%s = \"%s\";\n"
		       "\t\t\tsignature-1 {\n"
		       "\t\t\t\talgo = \"%s\";\n"
		       "\t\t\t\tkey-name-hint = \"%s\";\n"
		       "\t\t\t\tsign-images = \"rpmb-%s\";\n"
		       "\t\t\t};\n"
		       "\t\t};\n"
		       "\t};\n"
		       "};\n", description, what, what, what, name, what,
		       what, what, what, its->algo, its->key_name, what);
	if (len < 0)
		return tool_trouble("no memory");
	ret = tool_write_file(its->path, text, len);
	free(text);
	return ret;
}

/* A node below @parent, with the name that property @prop of @node has */
static int find_named(const void *fit, const char *parent, int node,
		      const char *prop)
{
	const char *name = fdt_stringlist_get(fit, node, prop, 0, NULL);
	int at = fdt_path_offset(fit, parent);

	return name && at >= 0 ? fdt_subnode_offset(fit, at, name) : -1;
}

/* Boards refuse data outside of the FIT's own tree */
static bool has_data_outside(const void *fit, int image)
{
	return fdt_getprop(fit, image, "data-offset", NULL) ||
	       fdt_getprop(fit, image, "data-position", NULL);
}

bool tool_find_image(const void *fit, const char *what, int *conf, int *image)
{
	char purpose[32];

	*image = -1;
	snprintf(purpose, sizeof(purpose), "rpmb-%s", what);
	*conf = find_named(fit, "/configurations",
			   fdt_path_offset(fit, "/configurations"), "default");
	if (*conf >= 0)
		*image = find_named(fit, "/images", *conf, purpose);
	return *image >= 0 && !has_data_outside(fit, *image);
}

/*
 * Data has only 4-byte alignment in a FIT: it moves to the beginning, where
 * malloc() has aligned it.
 */
bool tool_unwrap(struct tool_file *file, const char *what)
{
	const void *data = NULL;
	int conf, image, len;

	if (fdt_check_full(file->data, file->len) ||
	    fdt_path_offset(file->data, "/images") < 0)
		return true;
	if (tool_find_image(file->data, what, &conf, &image))
		data = fdt_getprop(file->data, image, "data", &len);
	if (!data)
		return false;
	memmove(file->data, data, len);
	file->len = len;
	return true;
}

bool tool_show_option(struct tool_show *show, int opt, const char *arg)
{
	switch (opt) {
	case 'w':
		show->path = arg;
		return true;
	case 'V':
		show->cert = arg;
		return true;
	case 'J':
		show->json = true;
		return true;
	default:
		return false;
	}
}
