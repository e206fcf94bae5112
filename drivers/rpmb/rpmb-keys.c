// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys by id: RAM slots, and one key at a time from a provider
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <rpmb-board.h>
#include <rpmb-key.h>
#include <dm/device-internal.h>
#include <rpmb/mac.h>
#include "rpmb-internal.h"

#define KEYID_PROVIDER(keyid)	((keyid) >> 8)
#define KEYID_SLOT(keyid)	((keyid) & 0xff)
#define PROVIDER_RAM		0
#define PROVIDER_MAX		0xff

struct rpmb_key_slot {
	u8 key[RPMB_KEY_SIZE];
	struct rpmb_mac mac;
};

/* SPL has none: nobody could fill them */
static struct rpmb_key_slot ram_slots[IS_ENABLED(CONFIG_XPL_BUILD) ? 0 :
				      CONFIG_RPMB_KEY_SLOTS];

/* A provider's key while it is used; it is made again for each operation */
static struct rpmb_key_slot used_slot;

/* Targets that operations hold */
static u32 held;

bool rpmb_is_any_held(void)
{
	return held;
}

bool rpmb_ratcheted;

bool rpmb_is_ratcheted(void)
{
	return rpmb_ratcheted;
}

/*
 * Counts the changes of key slots. What was cached under an older epoch is
 * invalid: a counter that was read under the old key of a slot proves nothing
 * under the new one.
 */
static u32 key_epoch;

static struct rpmb_key_slot *ram_slot(rpmb_keyid_t keyid)
{
	if (KEYID_PROVIDER(keyid) != PROVIDER_RAM || !keyid ||
	    keyid > ARRAY_SIZE(ram_slots))
		return NULL;
	return &ram_slots[keyid - 1];
}

static void wipe(struct rpmb_key_slot *slot)
{
	rpmb_mac_unload(&slot->mac);
	rpmb_wipe(slot->key, sizeof(slot->key));
}

int rpmb_key_add(rpmb_keyid_t keyid, const u8 key[RPMB_KEY_SIZE])
{
	struct rpmb_key_slot *slot = ram_slot(keyid);
	int ret;

	if (!rpmb_gate_is_open())
		return -EPERM;
	if (rpmb_ratcheted)
		return -EKEYREVOKED;
	if (!slot)
		return -EINVAL;
	/* a blank buffer, a fuse that was never burnt, a published key */
	if (rpmb_kdf_is_weak(key, RPMB_KEY_SIZE))
		return -EKEYREJECTED;
	key_epoch++;
	wipe(slot);
	ret = rpmb_mac_load(&slot->mac, key);
	if (!ret)
		memcpy(slot->key, key, sizeof(slot->key));
	rpmb_wipe_stack();
	return ret;
}

void rpmb_key_remove(rpmb_keyid_t keyid)
{
	struct rpmb_key_slot *slot = ram_slot(keyid);

	if (!slot)
		return;
	key_epoch++;
	wipe(slot);
	rpmb_wipe_stack();
}

/* Two providers with the same number are an error: either could be meant */
static int find_provider(u32 number, struct udevice **devp)
{
	struct udevice *dev;
	struct uclass *uc;

	*devp = NULL;
	uclass_id_foreach_dev(UCLASS_RPMB_KEY, dev, uc) { /* LCOV_EXCL_BR_LINE: it is there */
		if (dev_read_u32_default(dev, "reg", PROVIDER_RAM) != number)
			continue;
		if (*devp)
			return -EINVAL;
		*devp = dev;
	}
	return *devp ? device_probe(*devp) : -EINVAL;
}

/*
 * Numbers of the derivation, which stay what they are; see
 * doc/develop/rpmb/spec.rst
 */
static const u8 kdf_transport[] = {
	[RPMB_TYPE_EMMC] = RPMB_KDF_EMMC,
	[RPMB_TYPE_UFS] = RPMB_KDF_UFS,
	[RPMB_TYPE_VIRTIO] = RPMB_KDF_VIRTIO,
	[RPMB_TYPE_SANDBOX] = RPMB_KDF_SANDBOX,
};

void rpmb_get_target_id(struct udevice *dev, u8 target,
			struct rpmb_target_id *t)
{
	const struct rpmb_descr *descr = rpmb_facts(dev);

	t->transport = kdf_transport[descr->type];
	t->target = target;
	t->dev_id_len = descr->target[target].dev_id_len;
	t->dev_id = descr->target[target].dev_id;
}

static int make_key(struct rpmb_port *port, rpmb_keyid_t keyid)
{
	struct rpmb_target_id target;
	struct udevice *dev;
	int ret;

	if (used_slot.mac.loaded)
		return -EBUSY;
	rpmb_get_target_id(port->dev, port->target, &target);
	ret = find_provider(KEYID_PROVIDER(keyid), &dev);
	if (!ret)
		ret = rpmb_key_get_ops(dev)->get(dev, KEYID_SLOT(keyid),
						 &target, used_slot.key);
	if (!ret)
		ret = rpmb_mac_load(&used_slot.mac, used_slot.key);
	if (ret)
		wipe(&used_slot);
	return ret;
}

/* A counter that was read under another key proves nothing under this one */
static void use_key(struct rpmb_port *port, rpmb_keyid_t keyid,
		    struct rpmb_key_slot *slot)
{
	if (port->key_epoch != key_epoch || port->keyid != keyid) {
		rpmb_client_forget(&port->client);
		port->client.counter_key = NULL;
	}
	port->key_epoch = key_epoch;
	port->keyid = keyid;
	port->key = slot->key;
	port->client.key = &slot->mac;
}

static int get_key(struct rpmb_port *port, rpmb_keyid_t keyid)
{
	struct rpmb_key_slot *slot = ram_slot(keyid);
	int ret;

	if (keyid == RPMB_KEY_NONE)
		return 0;
	if (rpmb_ratcheted)
		return -EKEYREVOKED;
	if (KEYID_PROVIDER(keyid) == PROVIDER_RAM) {
		ret = !slot ? -EINVAL : slot->mac.loaded ? 0 : -ENOKEY;
	} else {
		slot = &used_slot;
		ret = make_key(port, keyid);
	}
	if (ret)
		return ret;
	use_key(port, keyid, slot);
	return 0;
}

static void hold(struct rpmb_port *port, bool on)
{
	port->held = on;
	held += on ? 1 : -1;
}

/* It is held before the provider is asked, which may ask a TEE */
int rpmb_key_get(struct rpmb_port *port, rpmb_keyid_t keyid)
{
	int ret;

	if (port->held)
		return -EDEADLK;
	hold(port, true);
	port->key = NULL;
	port->client.key = NULL;
	ret = get_key(port, keyid);
	if (ret)
		hold(port, false);
	return ret;
}

void rpmb_key_put(struct rpmb_port *port)
{
	/* port->client.key may have been changed by the operation */
	if (port->key == used_slot.key)
		wipe(&used_slot);
	port->key = NULL;
	hold(port, false);
	rpmb_wipe_stack();
}

static const char *slot_name(const struct rpmb_key_ops *ops, u32 slot)
{
	const char *const *name = ops->slots;

	if (!name)
		return ops->name;
	while (slot-- && *name)
		name++;
	return *name;
}

const char *rpmb_key_provider(rpmb_keyid_t keyid)
{
	struct rpmb_key_slot *slot = ram_slot(keyid);
	struct udevice *dev;

	if (rpmb_ratcheted)
		return NULL;
	if (slot)
		return slot->mac.loaded ? "ram" : NULL;
	if (KEYID_PROVIDER(keyid) == PROVIDER_RAM ||
	    KEYID_PROVIDER(keyid) > PROVIDER_MAX ||
	    find_provider(KEYID_PROVIDER(keyid), &dev))
		return NULL;
	return slot_name(rpmb_key_get_ops(dev), KEYID_SLOT(keyid));
}

int rpmb_key_check_final(rpmb_keyid_t keyid)
{
	struct udevice *dev;

	if (KEYID_PROVIDER(keyid) == PROVIDER_RAM ||
	    find_provider(KEYID_PROVIDER(keyid), &dev) ||
	    !rpmb_key_get_ops(dev)->of_huk)
		return 0;
	return board_rpmb_huk_is_final() ? 0 : -EKEYEXPIRED;
}

int rpmb_key_lock_all(void)
{
	struct udevice *dev;
	struct uclass *uc;
	int ret, err = 0;

	uclass_id_foreach_dev(UCLASS_RPMB_KEY, dev, uc) { /* LCOV_EXCL_BR_LINE: it is there */
		if (!rpmb_key_get_ops(dev)->lock)
			continue;
		ret = device_probe(dev);
		if (!ret)
			ret = rpmb_key_get_ops(dev)->lock(dev);
		err = err ? err : ret;
	}
	return err;
}

void rpmb_key_wipe_all(void)
{
	int i;

	key_epoch++;
	for (i = 0; i < ARRAY_SIZE(ram_slots); i++)
		wipe(&ram_slots[i]);
	wipe(&used_slot);
	rpmb_wipe_stack();
}

UCLASS_DRIVER(rpmb_key) = {
	.id		= UCLASS_RPMB_KEY,
	.name		= "rpmb_key",
};
