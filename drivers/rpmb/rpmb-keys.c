// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Key slots: a key id names a provider and a slot
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

#define KEYID_PROVIDER(keyid)	((keyid) >> 8)
#define PROVIDER_RAM		0

struct rpmb_key_slot {
	u8 key[RPMB_KEY_SIZE];
	struct rpmb_mac mac;
};

static struct rpmb_key_slot ram_slots[CONFIG_RPMB_KEY_SLOTS];
u32 rpmb_key_epoch;

static struct rpmb_key_slot *ram_slot(rpmb_keyid_t keyid)
{
	if (KEYID_PROVIDER(keyid) != PROVIDER_RAM || !keyid ||
	    keyid > ARRAY_SIZE(ram_slots))
		return NULL;
	return &ram_slots[keyid - 1];
}

static void wipe(struct rpmb_key_slot *slot)
{
	rpmb_key_epoch++;
	rpmb_mac_unload(&slot->mac);
	rpmb_wipe(slot->key, sizeof(slot->key));
}

/* A blank buffer, a fuse that was never burnt, memory that is not there */
static bool is_pattern(const u8 *key)
{
	return !memcmp(key, key + 1, RPMB_KEY_SIZE - 1);
}

int rpmb_key_add(rpmb_keyid_t keyid, const u8 key[RPMB_KEY_SIZE])
{
	struct rpmb_key_slot *slot = ram_slot(keyid);
	int ret;

	if (!board_rpmb_is_open())
		return -EPERM;
	if (!slot || is_pattern(key))
		return -EINVAL;
	wipe(slot);
	ret = rpmb_mac_load(&slot->mac, key);
	if (!ret)
		memcpy(slot->key, key, sizeof(slot->key));
	return ret;
}

int rpmb_key_get(rpmb_keyid_t keyid, struct rpmb_mac **macp, const u8 **keyp)
{
	struct rpmb_key_slot *slot = ram_slot(keyid);

	if (!slot)
		return -EINVAL;
	if (!slot->mac.loaded)
		return -ENOKEY;
	*macp = &slot->mac;
	if (keyp)
		*keyp = slot->key;
	return 0;
}

const char *rpmb_key_provider(rpmb_keyid_t keyid)
{
	struct rpmb_mac *mac;

	return rpmb_key_get(keyid, &mac, NULL) ? NULL : "ram";
}

void rpmb_key_wipe_all(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ram_slots); i++)
		wipe(&ram_slots[i]);
}
