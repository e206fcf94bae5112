// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rollback indexes and named records on the devices of the uclass
 *
 * Boot policy needs them on closed boards, before the boot ratchet turns: they
 * are not gated as raw writes are. What they can do to the device is advance
 * an index and change a record, nothing else.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <malloc.h>
#include <rpmb-store.h>
#include <linux/kernel.h>
#include <rpmb/record.h>
#include <rpmb/rollback.h>
#include <rpmb/wipe.h>
#include "rpmb-internal.h"

static_assert(RPMB_INDEX_BLOCK == RPMB_ROLLBACK_SLOTS, "indexes of a block");
static_assert(sizeof(((struct rpmb_data *)0)->name) == RPMB_RECORD_NAME_SIZE,
	      "name of a record");
static_assert(sizeof(((struct rpmb_data *)0)->data) == RPMB_RECORD_DATA_MAX,
	      "data of a record");

#define INDEXES_FIRST	CONFIG_RPMB_ROLLBACK_START
#define RECORDS_FIRST	(INDEXES_FIRST + RPMB_ROLLBACK_BLOCKS)
#define STORE_END	(RECORDS_FIRST + CONFIG_RPMB_RECORD_BLOCKS)

/*
 * With a node for boot policy, the target that it names has the stores: others
 * may belong to somebody else, such as a UFS region to a TEE. Without one, or
 * with one that is wrong, any device may have them.
 */
static bool has_stores(struct udevice *dev, u8 target)
{
	struct rpmb_policy p;

	return rpmb_node_get(&p) ||
	       (!strcmp(p.name, dev->name) && p.target == target);
}

static bool overlaps(u32 addr, u32 count)
{
	return addr < STORE_END &&
	       (addr >= INDEXES_FIRST || count > INDEXES_FIRST - addr);
}

bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr, u32 count)
{
	return overlaps(addr, count) && has_stores(dev, target);
}

/* Whatever a bus or a key's provider calls it: it does not mean "blank" */
static int surroundings(int err)
{
	return err == -ENODATA || err == -ENOENT ? -EIO : err;
}

static int begin(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		 u32 blocks, struct rpmb_store *st)
{
	int ret;

	if (CONFIG_IS_ENABLED(RPMB_OWN_VERBS) &&
	    !rpmb_get_ops(dev)->route_frames)
		return -ENOSYS;
	ret = rpmb_op_begin(dev, target, keyid, blocks, 0, &st->cl);
	if (ret)
		return surroundings(ret);
	st->mac = st->cl->key;
	return 0;
}

static int end(struct udevice *dev, const struct rpmb_store *st, int ret)
{
	int err = rpmb_op_end(dev, st->cl, ret);

	return ret ? ret : surroundings(err);
}

int rpmb_index_room(struct udevice *dev, u8 target)
{
	struct rpmb_port *port = rpmb_get_port(dev, target);

	if (CONFIG_IS_ENABLED(RPMB_OWN_VERBS) &&
	    !rpmb_get_ops(dev)->route_frames)
		return -ENOSYS;
	if (!port)
		return -EINVAL;
	return port->client.blocks < STORE_END ? -ERANGE : 0;
}

int rpmb_index_get(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		   u32 loc, u64 *index)
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	u64 found;
	int ret;

	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	ret = end(dev, &rb.at, rpmb_rollback_get(&rb, loc, &found));
	if (!ret)
		*index = found;
	return ret;
}

static u64 index_of(const struct rpmb_rollback_block *b, u32 i)
{
	if (!(rpmb_get32(&b->set) >> i & 1))
		return RPMB_INDEX_NONE;
	return (u64)rpmb_get32(&b->index[i].hi) << 32 |
	       rpmb_get32(&b->index[i].lo);
}

int rpmb_index_get_block(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 u32 first, u64 index[RPMB_INDEX_BLOCK])
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	u64 found;
	int i, ret;

	/* of AVB's locations a block has half */
	if (first & (first < RPMB_ROLLBACK_FIT ? 0xf : 0xff))
		return -EINVAL;
	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_get(&rb, first, &found);
	if (!ret || ret == -ENODATA) {
		ret = rb.block.head.count;
		for (i = 0; i < ret; i++)
			index[i] = index_of(&rb.block, i);
	}
	i = end(dev, &rb.at, min(ret, 0));
	return i ? i : ret;
}

int rpmb_index_check(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		     u32 loc, u64 index)
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	int ret;

	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	return end(dev, &rb.at, rpmb_rollback_check(&rb, loc, index));
}

int rpmb_index_advance(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		       u32 loc, u64 index)
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	int ret;

	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_advance(&rb, loc, index);
	return end(dev, &rb.at, surroundings(ret));
}

int rpmb_index_reset(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		     u32 loc, u64 index, u32 counter)
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	int ret;

	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_reset(&rb, loc, index, counter);
	return end(dev, &rb.at, surroundings(ret));
}

int rpmb_rma_open(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		  u32 counter)
{
	struct rpmb_rollback rb = { .at.first = INDEXES_FIRST };
	int ret;

	ret = begin(dev, target, keyid, 1, &rb.at);
	if (ret)
		return ret;
	ret = rpmb_rollback_burn(&rb, counter);
	ret = end(dev, &rb.at, surroundings(ret));
	if (!ret)
		rpmb_opened = true;
	return ret;
}

/* Records are searched for: all of their blocks are read at once */
static int begin_records(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
			 struct rpmb_records *rs)
{
	int ret;

	rs->at.first = RECORDS_FIRST;
	rs->count = CONFIG_RPMB_RECORD_BLOCKS;
	rs->blocks = malloc(rs->count * sizeof(*rs->blocks));
	if (!rs->blocks)
		return -ENOMEM;
	ret = begin(dev, target, keyid, rs->count, &rs->at);
	if (ret)
		free(rs->blocks);
	return ret;
}

static int end_records(struct udevice *dev, struct rpmb_records *rs, int ret)
{
	if (ret == -ENODATA)
		ret = -EIO;
	rpmb_wipe(rs->blocks, rs->count * sizeof(*rs->blocks));
	free(rs->blocks);
	return end(dev, &rs->at, ret);
}

int rpmb_data_read(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		   const char *name, void *buf, size_t size, size_t *len)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(dev, target, keyid, &rs);
	if (ret)
		return ret;
	return end_records(dev, &rs,
			   rpmb_record_read(&rs, name, buf, size, len));
}

static int copy_records(const struct rpmb_records *rs, struct rpmb_data *recs)
{
	const struct rpmb_record_block *b;
	int count = 0;

	for (b = rs->blocks; b < rs->blocks + rs->count; b++) {
		if (!*b->name)
			continue;
		recs[count].len = b->head.count;
		memcpy(recs[count].name, b->name, sizeof(b->name));
		memcpy(recs[count].data, b->data, sizeof(b->data));
		count++;
	}
	return count;
}

int rpmb_data_read_all(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		       struct rpmb_data *recs)
{
	struct rpmb_records rs;
	int count = 0, ret;
	size_t len;

	ret = begin_records(dev, target, keyid, &rs);
	if (ret)
		return ret;
	/* whichever is asked for: all of them are read, and understood */
	ret = rpmb_record_read(&rs, "any", NULL, 0, &len);
	if (!ret || ret == -ENOENT || ret == -ENOBUFS) {
		count = copy_records(&rs, recs);
		ret = 0;
	}
	ret = end_records(dev, &rs, ret);
	return ret ? ret : count;
}

int rpmb_data_write(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		    const char *name, const void *data, size_t len)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(dev, target, keyid, &rs);
	if (ret)
		return ret;
	ret = rpmb_record_write(&rs, name, data, len);
	return end_records(dev, &rs, surroundings(ret));
}

int rpmb_data_delete(struct udevice *dev, u8 target, rpmb_keyid_t keyid,
		     const char *name)
{
	struct rpmb_records rs;
	int ret;

	ret = begin_records(dev, target, keyid, &rs);
	if (ret)
		return ret;
	return end_records(dev, &rs, rpmb_record_delete(&rs, name));
}
