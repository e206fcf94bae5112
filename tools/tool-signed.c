// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: is a FIT signed, and with this key?
 *
 * What must be covered is what boards demand (boot/rpmb/signed.c). Which bytes
 * are hashed, U-Boot's own fdt_find_regions() says.
 */

#include <rpmb/fdt.h>
#include <rpmb/look.h>
#include <fdt_region.h>

#include "tool.h"
#include "tool-cert.h"

#define MOST_HASHES	5	/* of an image */
#define MOST_REGIONS	64

/* struct unit - what is signed together: a configuration, its image, hashes */
struct unit {
	const struct tool_file *file;
	int conf;
	int image;
	char path[3 + MOST_HASHES][128];
	char *list[3 + MOST_HASHES];
	int count;
};

static bool add(struct unit *u, int node)
{
	if (u->count == TOOL_COUNT(u->path) ||
	    fdt_get_path(u->file->data, node, u->path[u->count],
			 sizeof(u->path[0])))
		return false;
	u->list[u->count] = u->path[u->count];
	u->count++;
	return true;
}

static bool is_named(const void *fit, int node, const char *start)
{
	const char *name = fdt_get_name(fit, node, NULL);

	return name && !strncmp(name, start, strlen(start));
}

/* Compare the data with a hash that stands beside them; is it a strong one? */
static const char *check_hash(const struct unit *u, int hash, bool *strong)
{
	const void *fit = u->file->data, *data, *value;
	const char *algo = fdt_stringlist_get(fit, hash, "algo", 0, NULL);
	u8 digest[TOOL_DIGEST];
	int len, value_len;

	data = fdt_getprop(fit, u->image, "data", &len);
	value = fdt_getprop(fit, hash, "value", &value_len);
	if (!algo || !data || !value)
		return "a hash lacks its algorithm or value";
	len = tool_cert_digest(algo, data, len, digest);
	if (!len)
		return "a hash has an algorithm that the tool does not know";
	if (len != value_len || memcmp(digest, value, len))
		return "the data are not those that were signed";
	*strong |= !strcmp(algo, "sha256") || !strcmp(algo, "sha384") ||
		!strcmp(algo, "sha512");
	return NULL;
}

/* All nodes below an image must be hashes, one of them a strong one */
static const char *check_image(struct unit *u)
{
	const void *fit = u->file->data;
	const char *why = NULL;
	bool strong = false;
	int node;

	fdt_for_each_subnode(node, fit, u->image) {
		if (!is_named(fit, node, "hash") || !add(u, node))
			return "its image has something besides hashes";
		why = check_hash(u, node, &strong);
		if (why)
			return why;
	}
	return strong ? NULL : "its image has no SHA-256 or better";
}

static bool is_listed(const void *fit, int sig, const char *path)
{
	return fdt_stringlist_search(fit, sig, "hashed-nodes", path) >= 0;
}

/* The signature must say that it covers these nodes, and no others */
static bool covers(const struct unit *u, int sig)
{
	const void *fit = u->file->data;
	const fdt32_t *strings;
	int i, len;

	if (fdt_stringlist_count(fit, sig, "hashed-nodes") != u->count)
		return false;
	for (i = 0; i < u->count; i++)
		if (!is_listed(fit, sig, u->path[i]))
			return false;
	strings = fdt_getprop(fit, sig, "hashed-strings", &len);
	return strings && len == 2 * sizeof(*strings) &&
	       fdt32_to_cpu(strings[1]) <= fdt_size_dt_strings(fit);
}

/* Find the bytes that are signed: regions of the structure, and the strings */
static int find_regions(const struct unit *u, int sig,
			struct tool_region *region)
{
	static char * const without[] = {
		"data", "data-size", "data-position", "data-offset"
	};
	const void *fit = u->file->data;
	struct fdt_region found[MOST_REGIONS];
	const fdt32_t *strings;
	char path[200];
	int i, count;

	count = fdt_find_regions(fit, u->list, u->count, without,
				 TOOL_COUNT(without), found, MOST_REGIONS - 1,
				 path, sizeof(path), 0);
	if (count <= 0 || count >= MOST_REGIONS - 1)
		return -1;
	strings = fdt_getprop(fit, sig, "hashed-strings", NULL);
	found[count].offset = fdt_off_dt_strings(fit);
	found[count].size = fdt32_to_cpu(strings[1]);
	for (i = 0; i <= count; i++) {
		region[i].data = u->file->data + found[i].offset;
		region[i].len = found[i].size;
	}
	return count + 1;
}

static const char *check_signature(const struct unit *u, int sig,
				   struct tool_cert *cert)
{
	struct tool_region region[MOST_REGIONS];
	const void *fit = u->file->data;
	struct tool_signature s = { .region = region };
	int len;

	if (!covers(u, sig))
		return "the signature does not cover just the configuration, its image and hashes";
	s.count = find_regions(u, sig, region);
	s.algo = fdt_stringlist_get(fit, sig, "algo", 0, NULL);
	s.padding = fdt_stringlist_get(fit, sig, "padding", 0, NULL);
	s.value = fdt_getprop(fit, sig, "value", &len);
	s.len = len;
	if (s.count < 0 || !s.algo || !s.value)
		return "the signature lacks something";
	return tool_cert_verify(cert, &s);
}

static void take_word(const void *fit, int node, const char *prop,
		      char word[TOOL_WORD])
{
	const char *text = fdt_stringlist_get(fit, node, prop, 0, NULL);

	snprintf(word, TOOL_WORD, "%s", text ?: "");
}

/* Take the name of the key from the first signature that has a value */
static void find_signature(const void *fit, int conf, struct tool_signed *sig)
{
	int node;

	fdt_for_each_subnode(node, fit, conf) {
		if (!is_named(fit, node, "signature") ||
		    !fdt_getprop(fit, node, "value", NULL))
			continue;
		sig->state = TOOL_SIGNED;
		take_word(fit, node, "key-name-hint", sig->key);
		take_word(fit, node, "algo", sig->algo);
		return;
	}
}

/* One signature of the key will do */
static const char *verify(struct unit *u, struct tool_cert *cert)
{
	const void *fit = u->file->data;
	const char *why, *last = "it is unsigned";
	int node;

	u->count = 0;
	if (!add(u, 0) || !add(u, u->conf) || !add(u, u->image))
		return "its names are too long";
	why = check_image(u);
	if (why)
		return why;
	fdt_for_each_subnode(node, fit, u->conf) {
		if (!is_named(fit, node, "signature") ||
		    !fdt_getprop(fit, node, "value", NULL))
			continue;
		last = check_signature(u, node, cert);
		if (!last)
			return NULL;
	}
	return last;
}

static int verify_with(const struct tool_show *how, struct unit *u,
		       struct tool_signed *sig)
{
	struct tool_cert *cert;
	const char *why;
	int ret;

	ret = tool_cert_open(how->cert, &cert);
	if (ret)
		return ret;
	why = verify(u, cert);
	tool_cert_close(cert);
	if (why) {
		tool_trouble("%s: not verified: %s", how->path, why);
		return TOOL_BAD;
	}
	sig->state = TOOL_VERIFIED;
	return 0;
}

static int look(const struct tool_show *how, const char *what,
		struct tool_file *file, struct tool_signed *sig)
{
	struct unit u = { .file = file };
	u32 steps;

	if (rpmb_look(file->data, file->len, &rpmb_look_fit, &steps) ||
	    !tool_find_image(file->data, what, &u.conf, &u.image))
		u.conf = -1;
	if (u.conf >= 0)
		find_signature(file->data, u.conf, sig);
	if (!how->cert)
		return 0;
	if (u.conf >= 0)
		return verify_with(how, &u, sig);
	tool_trouble("%s: not verified: it is no FIT that a board would take",
		     how->path);
	return TOOL_BAD;
}

int tool_open_signed(const struct tool_show *how, const char *what, size_t max,
		     struct tool_file *file, struct tool_signed *sig)
{
	int ret;

	memset(sig, 0, sizeof(*sig));
	ret = tool_read_file(how->path, max, file);
	if (ret)
		return ret;
	ret = look(how, what, file, sig);
	if (!ret && !tool_unwrap(file, what)) {
		tool_trouble("%s: no %s: a FIT without a %s",
			     how->path, what, what);
		ret = TOOL_BAD;
	}
	if (ret)
		tool_free_file(file);
	return ret;
}

static const char * const states[] = {
	[TOOL_UNSIGNED] = "unsigned",
	[TOOL_SIGNED] = "signed",
	[TOOL_VERIFIED] = "verified",
};

void tool_say_signed(const char *path, const struct tool_signed *sig)
{
	fflush(stdout);
	if (sig->state == TOOL_UNSIGNED)
		fprintf(stderr, "%s: unsigned: boards refuse it\n", path);
	else if (sig->state == TOOL_SIGNED)
		fprintf(stderr,
			"%s: signed (%s, key name '%s'); --verify checks it\n",
			path, sig->algo, sig->key);
	else
		fprintf(stderr, "%s: verified (%s, key name '%s')\n", path,
			sig->algo, sig->key);
}

void tool_json_signed(struct tool_json *j, const struct tool_signed *sig)
{
	tool_json_open(j, "signature", '{');
	tool_json_text(j, "state", states[sig->state]);
	if (sig->state != TOOL_UNSIGNED) {
		tool_json_text(j, "algo", sig->algo);
		tool_json_text(j, "key_name", sig->key);
	}
	tool_json_close(j, '}');
}
