// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb key': list keys, and move a key from memory into a slot
 */

#include <command.h>
#include <dm.h>
#include <rpmb-key.h>
#include <linux/kernel.h>
#include "rpmb-cmd.h"

#define KEY_WIPE_MAX	0x40	/* bytes wiped where a key was expected */

/* Print the check value of the provider's key for the current RPMB */
static void print_key(const struct rpmb_where *w, rpmb_keyid_t id)
{
	u8 kcv[RPMB_KCV_SIZE];
	int i, err;

	if (!w) {
		printf("\n");
		return;
	}
	err = rpmb_key_check_value(rpmb_ref(w->dev, w->target, id), kcv);
	if (err) {
		printf("  no key for %s:%x: %s\n", w->dev->name, w->target,
		       rpmb_report_key(err));
		return;
	}
	printf("  check value ");
	for (i = 0; i < RPMB_KCV_SIZE; i++)
		printf("%02x", kcv[i]);
	printf(" for %s:%x\n", w->dev->name, w->target);
}

/* A provider whose slots have no names has 256 alike: list the first one only */
static rpmb_keyid_t next_key(rpmb_keyid_t id, const char *provider)
{
	const char *next = rpmb_key_provider(id + 1);

	if (id < 0xff || (provider && next && next != provider))
		return id + 1;

	return (id | 0xff) + 1;
}

int do_rpmb_key_list(char option, int argc, char *const argv[])
{
	struct rpmb_where where, *w;
	const char *provider;
	rpmb_keyid_t id;
	int count = 0;

	w = rpmb_current_find(&where) ? NULL : &where;
	for (id = 1; id <= 0xffff; id = next_key(id, provider)) {
		provider = rpmb_key_provider(id);
		if (!provider)
			continue;
		printf("%#x  %s", id, provider);
		print_key(w, id);
		count++;
	}
	if (!count && rpmb_is_ratcheted())
		printf("no keys until the next reset: the boot ratchet has turned\n");
	else if (!count)
		printf("no keys; ids 0x1 to %#x take one: rpmb key add <keyid> <addr>\n",
		       CONFIG_RPMB_KEY_SLOTS);

	return CMD_RET_SUCCESS;
}

/* Wipe the memory also if the key is not added: there may be a key in it */
static int refuse_key(u8 *key, size_t len)
{
	rpmb_wipe(key, len);
	printf("rpmb key add: no key added; its source in memory is wiped\n");

	return CMD_RET_FAILURE;
}

static int add_key(rpmb_keyid_t keyid, u8 *key)
{
	int err = rpmb_key_add(keyid, key);

	rpmb_wipe(key, RPMB_KEY_SIZE);
	if (!err) {
		printf("key %#x added, its source in memory is wiped\n", keyid);
		return CMD_RET_SUCCESS;
	}
	printf("rpmb key add: %s%s (error %d); its source in memory is wiped\n",
	       err == -EPERM ? "the board is closed" : rpmb_report_key(err),
	       err == -EPERM ? rpmb_gate_why_closed() : "", err);

	return CMD_RET_FAILURE;
}

/* Prints what is wrong */
static bool is_slot(const char *arg, rpmb_keyid_t *keyid)
{
	if (rpmb_args_keyid(arg, false, keyid))
		return false;
	if (*keyid >= 1 && *keyid <= CONFIG_RPMB_KEY_SLOTS)
		return true;
	printf("rpmb key: key id %#x is no RAM slot, these are 0x1 to %#x\n",
	       *keyid, CONFIG_RPMB_KEY_SLOTS);

	return false;
}

static bool is_last(int argc, char *const argv[])
{
	if (argc <= 3)
		return true;
	printf("rpmb key add: too many arguments: '%s' has no place\n", argv[3]);

	return false;
}

static bool is_key_size(ulong len)
{
	if (len == RPMB_KEY_SIZE)
		return true;
	printf("rpmb key add: a key has %#x bytes, not %#lx\n",
	       RPMB_KEY_SIZE, len);

	return false;
}

/*
 * Wipes the memory whatever else is wrong with the arguments, also if somebody gave
 * the length in decimal, 32 for 0x20.
 */
int do_rpmb_key_add(char option, int argc, char *const argv[])
{
	ulong len = RPMB_KEY_SIZE, size;
	bool has_len = argc < 3 ||
		!rpmb_args_hex("length", argv[2], ULONG_MAX, &len);
	rpmb_keyid_t keyid;
	u8 *key;

	size = has_len ? clamp_t(ulong, len, RPMB_KEY_SIZE, KEY_WIPE_MAX) :
			 RPMB_KEY_SIZE;
	key = rpmb_args_mem_bytes(argv[1], size);
	if (!key)
		return CMD_RET_FAILURE;
	if (!has_len || !is_slot(argv[0], &keyid) || !is_key_size(len) ||
	    !is_last(argc, argv))
		return refuse_key(key, size);

	return add_key(keyid, key);
}

int do_rpmb_key_del(char option, int argc, char *const argv[])
{
	rpmb_keyid_t keyid;

	if (!is_slot(argv[0], &keyid))
		return CMD_RET_FAILURE;
	if (!rpmb_key_provider(keyid)) {
		printf("rpmb key del: the key slot is empty\n");
		return CMD_RET_FAILURE;
	}
	rpmb_key_remove(keyid);
	printf("key %#x wiped\n", keyid);

	return CMD_RET_SUCCESS;
}
