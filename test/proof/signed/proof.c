// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_signed_open(): what is handed out was signed for this purpose
 *
 * libfdt brings any values, and a control FDT with up to KEYS keys of up to
 * PROPS properties each; to write the tree of keys may fail at each step,
 * and there may be no memory. What is asked, the look, U-Boot's checks and
 * verification, the hash and the list of signed nodes, may give any answer.
 * U-Boot finds the same data each time that it looks.
 *
 * - 0 is returned only if the look has accepted the bytes under the limits
 *   of a FIT before anything else read them, the default configuration names
 *   an image of this purpose by a property of this purpose, and its data are
 *   inside.
 * - Then it has a strong hash, the configuration was verified, the
 *   signatures list nothing but what they must, and the data were verified,
 *   in this order.
 * - The tree of keys has each key of the control FDT that is for this
 *   purpose, with all of its properties, required for configurations
 *   whatever was there, and nothing else. Without a key nothing is verified.
 * - What is handed out are the data that were verified. After an error there
 *   are words for it. Memory is given back once.
 */

#include "../uboot.h"
#include <boot/rpmb/signed.c>
#include "../proof.h"

#define KEYS	2
#define PROPS	2

enum {
	CONF = 1,
	IMAGE,
	SIGS,		/* where the keys are, in both trees */
	KEY = 10,	/* keys, in both trees */
	PROP = 20,	/* properties of the first key, and of the next ones */
};

static const char fit[64], control[64], data[1];
static const char type[3], image_name[3], purpose[3];
static char required[KEYS][3];
static const char key_name[KEYS], prop_name[KEYS * PROPS], value[KEYS * PROPS];
static bool is_required[KEYS], has_conf_prop, has_type, is_outside, has_sigs;
static int key_count, prop_count[KEYS], lens[KEYS * PROPS];
static size_t fit_size, data_size;

static bool looked, strong, verified, listed, data_verified;
static u32 allocated, freed;
static size_t room_size;
static char room[1];		/* nobody but libfdt looks into it */
static bool made, has_to;
static bool copied[KEYS], conf_required[KEYS], has_prop[KEYS * PROPS];

static struct global_data the_gd;
gd_t *gd = &the_gd;

const struct rpmb_look_limits rpmb_look_fit;

int rpmb_look(const void *from, size_t size, const struct rpmb_look_limits *max,
	      u32 *steps)
{
	int err = nondet_errno();

	claim(from == fit && size == fit_size && max == &rpmb_look_fit);
	looked = !err;
	return err;
}

int printf(const char *format, ...)
{
	return 0;
}

void *malloc(size_t size)
{
	if (nondet_bool())
		return NULL;
	allocated++;
	room_size = size;
	return room;
}

void free(void *at)
{
	claim(!at || (at == room && freed < allocated));
	if (at)
		freed++;
}

int fit_check_format(const void *from, ulong size)
{
	claim(from == fit && size == fit_size && looked);
	return nondet_errno();
}

int fit_conf_get_node(const void *from, const char *name)
{
	claim(from == fit && looked && !name);
	return nondet_bool() ? CONF : -FDT_ERR_NOTFOUND;
}

int fit_image_get_node(const void *from, const char *name)
{
	claim(from == fit && looked && name == image_name);
	return nondet_bool() ? IMAGE : -FDT_ERR_NOTFOUND;
}

bool rpmb_fit_has_data_outside(const void *from, int node)
{
	claim(from == fit && looked && node == IMAGE);
	return is_outside;
}

bool rpmb_fit_has_strong_hash(const void *from, int node)
{
	claim(from == fit && looked && node == IMAGE);
	strong = nondet_bool();
	return strong;
}

bool rpmb_fit_lists_only(const void *from, int conf, int image)
{
	claim(from == fit && verified && conf == CONF && image == IMAGE);
	listed = nondet_bool();
	return listed;
}

const char *fdt_stringlist_get(const void *from, int node, const char *prop,
			       int at, int *len)
{
	claim(!at);
	if (from == control) {
		claim(node >= KEY && node < KEY + key_count && prop[0] == 'r');
		return is_required[node - KEY] ? required[node - KEY] : NULL;
	}
	claim(from == fit && looked);
	if (node == CONF) {
		claim(prop == purpose);
		return has_conf_prop ? image_name : NULL;
	}
	claim(node == IMAGE && prop[0] == 't');
	return has_type ? type : NULL;
}

int fdt_subnode_offset(const void *from, int node, const char *name)
{
	claim(from == control && !node && name[0] == 's');
	return has_sigs ? SIGS : -FDT_ERR_NOTFOUND;
}

int fdt_first_subnode(const void *from, int node)
{
	claim(from == control && has_sigs && node == SIGS);
	return key_count ? KEY : -FDT_ERR_NOTFOUND;
}

int fdt_next_subnode(const void *from, int node)
{
	claim(from == control && node >= KEY && node < KEY + key_count);
	return node + 1 < KEY + key_count ? node + 1 : -FDT_ERR_NOTFOUND;
}

const char *fdt_get_name(const void *from, int node, int *len)
{
	claim(from == control && node >= KEY && node < KEY + key_count);
	return &key_name[node - KEY];
}

int fdt_first_property_offset(const void *from, int node)
{
	int key = node - KEY;

	claim(from == control && key >= 0 && key < key_count);
	return prop_count[key] ? PROP + key * PROPS : -FDT_ERR_NOTFOUND;
}

int fdt_next_property_offset(const void *from, int offset)
{
	int prop = offset - PROP;

	claim(from == control && prop >= 0 && prop < KEYS * PROPS);
	return prop % PROPS + 1 < prop_count[prop / PROPS] ? offset + 1 :
		-FDT_ERR_NOTFOUND;
}

const void *fdt_getprop_by_offset(const void *from, int offset,
				  const char **name, int *len)
{
	int prop = offset - PROP;

	claim(from == control && prop >= 0 && prop < KEYS * PROPS);
	*name = &prop_name[prop];
	*len = lens[prop];
	return lens[prop] < 0 ? NULL : &value[prop];
}

/* The tree of keys that is made */
int fdt_create_empty_tree(void *to, int size)
{
	claim(to == room && allocated && !freed && !made);
	claim(size > 0 && (size_t)size <= room_size);
	made = nondet_bool();
	return made ? 0 : -FDT_ERR_NOSPACE;
}

int fdt_add_subnode(void *to, int parent, const char *name)
{
	long key;

	claim(to == room && made && !freed);
	if (nondet_bool())
		return -FDT_ERR_NOSPACE;
	if (!parent) {
		claim(!has_to && name[0] == 's');
		has_to = true;
		return SIGS;
	}
	claim(has_to && parent == SIGS && __CPROVER_same_object(name, key_name));
	key = name - key_name;
	claim(key >= 0 && key < key_count && !copied[key]);
	copied[key] = true;
	return KEY + key;
}

int fdt_setprop(void *to, int node, const char *name, const void *val, int len)
{
	int key = node - KEY;
	long prop;

	claim(to == room && !freed && key >= 0 && key < KEYS && copied[key]);
	if (nondet_bool())
		return -FDT_ERR_NOSPACE;
	if (!__CPROVER_same_object(name, prop_name)) {
		claim(name[0] == 'r' && len == 5 &&
		      !memcmp(val, "conf", 5));
		conf_required[key] = true;
		return 0;
	}
	/* what comes later could be another value of "required" */
	claim(!conf_required[key]);
	prop = name - prop_name;
	claim(prop / PROPS == key && val == &value[prop] && len == lens[prop]);
	has_prop[prop] = true;
	return 0;
}

static bool is_for_purpose(int key)
{
	return has_sigs && key < key_count && is_required[key] &&
	       !strcmp(required[key], purpose);
}

static void claim_keys(const void *keys)
{
	int key = nondet_int(), prop = nondet_int(), i, count = 0;

	claim(keys == room && allocated == 1 && !freed && made && has_to);
	for (i = 0; i < KEYS; i++)
		count += copied[i];
	claim(count);
	if (key < 0 || key >= KEYS || prop < 0 || prop >= PROPS)
		return;
	claim(copied[key] == is_for_purpose(key));
	claim(implies(copied[key], conf_required[key]));
	claim(has_prop[key * PROPS + prop] ==
	      (copied[key] && prop < prop_count[key]));
}

int fit_config_verify_with_key_blob(const void *from, int conf,
				    const void *keys)
{
	claim(from == fit && looked && strong && conf == CONF);
	claim_keys(keys);
	verified = nondet_bool();
	return verified ? 0 : -EPERM;
}

int fit_image_get_data(const void *from, int image, const void **at,
		       size_t *size)
{
	claim(from == fit && looked && image == IMAGE);
	if (nondet_bool())
		return -ENOENT;
	*at = data;
	*size = data_size;
	return 0;
}

int fit_image_verify_with_data(const void *from, int image, const void *keys,
			       const void *at, size_t size)
{
	claim(from == fit && verified && image == IMAGE);
	claim(at == data && size == data_size);
	claim_keys(keys);
	data_verified = nondet_bool();
	return data_verified;
}

static void any_control(void)
{
	int i;

	gd->fdt_blob = control;
	has_sigs = nondet_bool();
	key_count = nondet_int();
	assume(key_count >= 0 && key_count <= KEYS);
	__CPROVER_havoc_object(required);
	for (i = 0; i < KEYS; i++) {
		is_required[i] = nondet_bool();
		required[i][2] = '\0';
		prop_count[i] = nondet_int();
		assume(prop_count[i] >= 0 && prop_count[i] <= PROPS);
	}
	for (i = 0; i < KEYS * PROPS; i++)
		lens[i] = nondet_int();
}

void proof(void)
{
	struct rpmb_signed s = { NULL };
	int ret;

	__CPROVER_havoc_object((void *)type);
	__CPROVER_havoc_object((void *)purpose);
	assume(!type[2] && !purpose[2]);
	any_control();
	has_conf_prop = nondet_bool();
	has_type = nondet_bool();
	is_outside = nondet_bool();
	fit_size = nondet_size();
	data_size = nondet_size();

	ret = rpmb_signed_open(fit, fit_size, purpose, &s);

	claim(ret <= 0 && freed == allocated);
	if (ret) {
		claim(s.why && s.why[0]);
		return;
	}
	claim(looked && has_conf_prop && has_type && !strcmp(type, purpose));
	claim(!is_outside && strong && verified && listed && data_verified);
	claim(s.data == data && s.size == data_size);
}
