// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_manifest_open(): no device is there twice, and none is left open
 *
 * A manifest has up to NODES nodes of any names. What reads one is replaced
 * by its contract (see manifest_device): it brings any device, the same each
 * time, or an error. So are the check of the blob (see token) and what reads
 * properties (see tree_read). The root's properties can have any values.
 *
 * - 0 is returned only if the look has accepted the blob and it fills it,
 *   the root is that of a manifest of this version, with a batch of 1 to 32
 *   letters, digits, dots, dashes and underscores that begins with a letter
 *   or digit, and each node is a device, "device-" and a number, that was
 *   found good.
 * - Then there is a device, there are no more than 32, no two have one name
 *   or are one device, and no two have the key of one RAM slot.
 * - Of a node that is one too many nothing is read.
 * - A target gets the device that names it; if there is none, one for any
 *   target in its place; else -ENOENT.
 */

#include "../proof.h"
#include <stdlib.h>
#include <rpmb/manifest.h>
#include <lib/rpmb/tree-internal.h>

static int read_device(const void *fdt, int node,
		       struct rpmb_manifest_device *dev,
		       struct rpmb_tree_fault *fault);
static bool is_device_name(const char *name);

#include <lib/rpmb/manifest.c>
#include <lib/rpmb/tree.c>

#define NODES	3
#define NAME	3	/* bytes of a node's name, where it is compared */
#define ROOM	36	/* of a property's value */
#define FIRST	8	/* offset of the first node */

static TREE_ALIGNED u8 blob[64];
static char names[NODES][NAME];
static struct rpmb_manifest_device devices[NODES];
static u8 ids[NODES + 1];
static int verdicts[NODES], count;
static bool named[NODES];	/* as devices are */
static bool checked, read_root;
static size_t blob_size;
static struct rpmb_tree_fault fault;
static struct rpmb_manifest m;
static u8 *values[ROOT_PROPS];
static int lens[ROOT_PROPS];
static u32 reads;

int rpmb_tree_check(struct rpmb_tree_reader *r, size_t size)
{
	int err = nondet_errno();

	claim(r->fdt == blob && size == blob_size && !r->node);
	checked = !err;
	return err ? rpmb_tree_fail(r, NULL, "no", err) : 0;
}

int rpmb_tree_read(struct rpmb_tree_reader *r,
		   const struct rpmb_tree_schema *schema, void *into)
{
	int ret = 0;
	u32 i;

	claim(r->fdt == blob && !r->node && checked && into == &m);
	claim(schema->count == ROOT_PROPS && schema->required == ROOT_PROPS);
	for (i = 0; i < ROOT_PROPS && !ret; i++) {
		const struct rpmb_tree_prop p = {
			schema->names[i], values[i], lens[i],
		};

		ret = schema->read(r, into, i, &p);
	}
	read_root = !ret;
	return ret;
}

int fdt_first_subnode(const void *fdt, int node)
{
	claim(fdt == blob && read_root && !node);
	return count ? FIRST : -FDT_ERR_NOTFOUND;
}

int fdt_next_subnode(const void *fdt, int node)
{
	claim(fdt == blob && node >= FIRST && node < FIRST + count);
	return node + 1 < FIRST + count ? node + 1 : -FDT_ERR_NOTFOUND;
}

const char *fdt_get_name(const void *fdt, int node, int *len)
{
	claim(fdt == blob && node < FIRST + count);
	return node >= FIRST ? names[node - FIRST] : "";
}

static int read_device(const void *fdt, int node,
		       struct rpmb_manifest_device *dev,
		       struct rpmb_tree_fault *f)
{
	int i = node - FIRST;

	claim(fdt == blob && i >= 0 && i < count && named[i]);
	reads++;
	*dev = devices[i];
	if (verdicts[i])
		f->why = "why";
	return verdicts[i];
}

static bool is_device_name(const char *name)
{
	int i = (name - names[0]) / NAME;

	claim(name == names[i]);
	return named[i];
}

/* Contract: see target; identifiers are one byte here, or there is none */
bool rpmb_target_is_same(const struct rpmb_target_id *a,
			 const struct rpmb_target_id *b)
{
	return a->transport == b->transport && a->target == b->target &&
	       a->dev_id_len == b->dev_id_len &&
	       (!a->dev_id_len || *a->dev_id == *b->dev_id);
}

static void any_devices(void)
{
	int i;

	count = nondet_int();
	assume(count >= 0 && count <= NODES);
	__CPROVER_havoc_object(names);
	__CPROVER_havoc_object(ids);
	for (i = 0; i < NODES; i++) {
		bool any = nondet_bool();

		names[i][NAME - 1] = '\0';
		devices[i].name = names[i];
		devices[i].transport = nondet_u8();
		devices[i].target = nondet_u8();
		devices[i].key_id = nondet_u32();
		devices[i].id = any ? NULL : &ids[i];
		devices[i].id_len = any ? 0 : 1;
		verdicts[i] = nondet_errno();
		named[i] = nondet_bool();
	}
}

static bool is_same_device(int i, int k)
{
	const struct rpmb_manifest_device *a = &devices[i], *b = &devices[k];

	return a->transport == b->transport && a->target == b->target &&
	       a->id_len == b->id_len && (!a->id_len || ids[i] == ids[k]);
}

static bool is_letter(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static void claim_root(void)
{
	int len = lens[ROOT_BATCH], at = nondet_int();
	const u8 *batch = values[ROOT_BATCH];

	claim(lens[ROOT_COMPATIBLE] == 21 &&
	      !memcmp(values[ROOT_COMPATIBLE], "u-boot,rpmb-manifest", 21));
	claim(lens[ROOT_VERSION] == 4 &&
	      rpmb_tree_cell(values[ROOT_VERSION], 0) == 1);
	claim(m.batch == (const char *)batch && len >= 2 && len <= 33);
	claim(is_letter(batch[0]) && !batch[len - 1]);
	if (at > 0 && at < len - 1)
		claim(is_letter(batch[at]) || batch[at] == '.' ||
		      batch[at] == '_' || batch[at] == '-');
}

static void claim_nodes(void)
{
	int i = nondet_int(), k = nondet_int();

	claim(m.fdt == blob && m.devices == count && count);
	if (i < 0 || k <= i || k >= count) {
		i = 0;
		k = 0;
	}
	claim(!verdicts[k] && named[k]);
	if (i == k)
		return;
	claim(strcmp(names[i], names[k]) && !is_same_device(i, k));
	claim(devices[i].key_id != devices[k].key_id ||
	      devices[i].key_id > 255);
}

static void claim_opened(void)
{
	int ret;

	blob_size = nondet_size();
	ret = rpmb_manifest_open(&m, blob, blob_size, &fault);

	claim(ret <= 0);
	if (ret) {
		claim(fault.why);
		return;
	}
	claim(checked && read_root);
	claim_root();
	claim_nodes();
}

/* A node behind any number of others */
static void claim_limit(void)
{
	int ret;

	assume(count);
	read_root = true;
	m.fdt = blob;
	m.devices = nondet_u32();
	assume(m.devices == RPMB_MANIFEST_DEVICES);
	ret = check_node(&m, FIRST, &fault);

	claim(ret == -E2BIG || ret == -EINVAL);
	claim(!reads && fault.why && m.devices == RPMB_MANIFEST_DEVICES);
}

static bool is_target(const struct rpmb_target_id *t, int i)
{
	return devices[i].transport == t->transport &&
	       devices[i].target == t->target;
}

static void claim_match(void)
{
	struct rpmb_target_id t = { nondet_u8(), nondet_u8(), 1, &ids[NODES] };
	int own = -1, any = -1, i, ret;
	struct rpmb_manifest_device dev;

	read_root = true;
	m.fdt = blob;
	m.devices = count;
	for (i = 0; i < NODES; i++) {
		verdicts[i] = 0;
		named[i] = true;
		if (i >= count || !is_target(&t, i))
			continue;
		if (!devices[i].id)
			any = i;
		else if (ids[i] == ids[NODES])
			own = i;
	}

	ret = rpmb_manifest_match(&m, &t, &dev);

	claim(ret == (own < 0 && any < 0 ? -ENOENT : 0));
	if (ret)
		return;
	/* which of several does not matter: there are none */
	if (own >= 0)
		claim(dev.id && *dev.id == ids[NODES]);
	else
		claim(!dev.id && dev.name == names[any]);
	claim(dev.transport == t.transport && dev.target == t.target);
}

static void claim_name(void)
{
	static char name[11];
	int at;
	bool good = true;

	__CPROVER_havoc_object(name);
	name[10] = '\0';
	for (at = 0; at < 10; at++)
		if (at < 7)
			good &= name[at] == "device-"[at];
		else if (name[at] || at == 7)
			good &= name[at] >= '0' && name[at] <= '9';
		else
			break;
	claim(is_device_name_itself(name) == good);
}

void proof(void)
{
	u32 which = nondet_u32();
	int i;

	for (i = 0; i < ROOT_PROPS; i++) {
		u8 *room = malloc(ROOM);

		assume(room);
		lens[i] = nondet_int();
		assume(lens[i] >= 0);
		values[i] = room + ROOM - (lens[i] <= ROOM ? lens[i] : 0);
	}
	any_devices();
	if (which == 0)
		claim_limit();
	else if (which == 1)
		claim_match();
	else if (which == 2)
		claim_name();
	else
		claim_opened();
}
