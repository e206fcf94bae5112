// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'mmc rpmb' by the uclass, in place of the functions of drivers/mmc/rpmb.c
 *
 * The user puts the key into memory. While a command runs, the key is in a RAM
 * slot, so that the rule of 'rpmb key add' applies: a closed board refuses it.
 */

#include <blk.h>
#include <command.h>
#include <dm.h>
#include <mmc.h>
#include <rpmb-key.h>
#include <vsprintf.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_key = { "program-key", false,
	"switch power off and on, then try again: the same key is recognised" };
static const struct rpmb_verb verb_counter = { "write-counter" };
static const struct rpmb_verb verb_read = { "read-blocks" };
static const struct rpmb_verb verb_write = { "write-blocks", true };

static int find(struct mmc *mmc, struct rpmb_where *w)
{
	char name[16];
	int err;

	rpmb_scan();
	snprintf(name, sizeof(name), "mmc%d", mmc_get_blk_desc(mmc)->devnum);
	w->target = 0;
	err = rpmb_get_device_by_name(name, &w->dev);
	if (err)
		printf("rpmb: there is no device '%s' (error %d)\n", name, err);

	return err;
}

/* The first slot that is free */
static int take_slot(const u8 *key, rpmb_keyid_t *keyid)
{
	rpmb_keyid_t id;

	for (id = 1; id <= CONFIG_RPMB_KEY_SLOTS; id++) {
		if (rpmb_key_provider(id))
			continue;
		*keyid = id;
		return rpmb_key_add(id, key);
	}

	return -ENOSPC;
}

static int begin(struct mmc *mmc, const void *key, struct rpmb_where *w,
		 struct rpmb_ref *ref)
{
	int err;

	err = find(mmc, w);
	if (err)
		return err;
	*ref = rpmb_ref(w->dev, w->target, RPMB_KEY_NONE);
	err = key ? take_slot(key, &ref->keyid) : 0;
	if (!err)
		return 0;
	printf("\nrpmb: the key is not taken: %s%s (error %d)\n",
	       err == -EPERM ? "the board is closed" :
	       err == -ENOSPC ? "all key slots are in use" :
	       rpmb_report_key(err),
	       err == -EPERM ? rpmb_gate_why_closed() : "", err);

	return err;
}

/* Reports begin on a line of their own */
static void end(const struct rpmb_where *w, struct rpmb_ref ref,
		const struct rpmb_verb *verb, int err, u32 blocks)
{
	rpmb_key_remove(ref.keyid);
	if (!err)
		return;
	printf("\n");
	rpmb_report(w, verb, err, blocks);
}

/* Upstream's words for what was read follow on the same line */
static void label(struct rpmb_ref ref)
{
	if (ref.keyid == RPMB_KEY_NONE)
		printf("%s: ", rpmb_report_label(ref.keyid) + 1);
}

int mmc_rpmb_set_key(struct mmc *mmc, void *key)
{
	struct rpmb_where w;
	struct rpmb_ref ref;
	int err;

	if (!IS_ENABLED(CONFIG_RPMB_PROGRAM)) {
		printf("rpmb: programming is not built in (CONFIG_RPMB_PROGRAM)\n");
		return -ENOSYS;
	}
	if (begin(mmc, key, &w, &ref))
		return -EINVAL;
	err = rpmb_program_key(ref);
	end(&w, ref, &verb_key, err, 0);

	return err;
}

int mmc_rpmb_get_counter(struct mmc *mmc, unsigned long *counter)
{
	struct rpmb_where w;
	struct rpmb_ref ref;
	u32 count;
	int err;

	if (begin(mmc, NULL, &w, &ref))
		return -EINVAL;
	err = rpmb_get_write_count(ref, &count);
	end(&w, ref, &verb_counter, err, 0);
	if (!err) {
		*counter = count;
		label(ref);
	}

	return err;
}

/* Return: blocks that were read, all or none */
int mmc_rpmb_read(struct mmc *mmc, void *addr, unsigned short blk,
		  unsigned short cnt, unsigned char *key)
{
	struct rpmb_where w;
	struct rpmb_ref ref;
	int err;

	if (begin(mmc, key, &w, &ref))
		return 0;
	err = rpmb_read_blocks(ref, blk, cnt, addr);
	end(&w, ref, &verb_read, err, 0);
	if (!err)
		label(ref);

	return err ? 0 : cnt;
}

/* Return: blocks that were written */
int mmc_rpmb_write(struct mmc *mmc, void *addr, unsigned short blk,
		   unsigned short cnt, unsigned char *key)
{
	struct rpmb_where w;
	struct rpmb_ref ref;
	int err;

	if (begin(mmc, key, &w, &ref))
		return 0;
	err = rpmb_write_blocks(ref, blk, cnt, addr);
	end(&w, ref, &verb_write, err, cnt);

	return err ? rpmb_get_status(w.dev, w.target)->done : cnt;
}
