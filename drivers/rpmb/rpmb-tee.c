// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Targets for a TEE: which it may have, and which it has
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <dm.h>
#include <log.h>
#include <rpmb-key.h>
#include <rpmb-tee.h>
#include <linux/kernel.h>
#include "rpmb-internal.h"

/* The owner cannot change before the next reset, so once is enough */
static void say_policy(struct rpmb_ref ref)
{
	static bool said;

	if (!said)
		log_warning("rpmb: %s:%x holds the rollback indexes: no TEE may have it\n",
			    ref.dev->name, ref.target);
	said = true;
}

int rpmb_tee_may(struct rpmb_ref ref)
{
	if (!rpmb_get_port(ref.dev, ref.target))
		return -EINVAL;
	if (!rpmb_has_frames(ref.dev))
		return -ENOSYS;
	if (rpmb_store_named(ref.dev, ref.target)) {
		say_policy(ref);
		return -EROFS;
	}
	return 0;
}

int rpmb_tee_next(u32 *pos, struct rpmb_ref *ref)
{
	int ret;

	for (;; (*pos)++) {
		ret = rpmb_get_device(*pos / RPMB_MAX_TARGETS, &ref->dev);
		if (ret == -ENODEV)
			return ret;
		ref->target = *pos % RPMB_MAX_TARGETS;
		ref->keyid = RPMB_KEY_NONE;
		if (!ret && !rpmb_tee_may(*ref))
			break;
	}
	(*pos)++;
	return 0;
}

/*
 * OP-TEE writes any number of blocks up to twice this one. A device that takes 1,
 * 2 or 32 blocks is said to have 1 here, so it gets 1 or 2.
 */
static u8 reliable_writes(const struct rpmb_descr *descr)
{
	if (descr->flags & RPMB_F_WRITE_1_2_32)
		return 1;
	return descr->max_wr ? clamp_t(u32, descr->max_wr / 2, 1, U8_MAX) :
			       U8_MAX;
}

int rpmb_tee_describe(struct rpmb_ref ref, struct rpmb_tee_facts *facts)
{
	struct rpmb_target_id t;
	int ret;

	ret = rpmb_tee_may(ref);
	if (ret)
		return ret;
	rpmb_get_target_id(ref.dev, ref.target, &t);
	facts->type = rpmb_facts(ref.dev)->type;
	facts->capacity = rpmb_get_capacity(ref.dev, ref.target);
	facts->rel_wr = reliable_writes(rpmb_facts(ref.dev));
	return rpmb_tee_id(&t, facts->id);
}

/* A TEE asks for blocks once it knows the key to be its own */
static bool is_for_blocks(u16 type)
{
	return type == RPMB_REQ_READ_DATA || type == RPMB_REQ_WRITE_DATA;
}

/*
 * A TEE makes all frames for an eMMC, where the bus carries the count of a read.
 * Requests that read are not signed, so the count can be filled in.
 */
static void fill_count(const struct rpmb_descr *descr, struct rpmb_frame *req,
		       u32 count)
{
	u16 type = rpmb_get16(&req->req_resp);

	if (type == RPMB_REQ_READ_DATA && descr->flags & RPMB_F_READ_COUNT)
		rpmb_put16(&req->block_count, count);
	if (type == RPMB_REQ_GET_COUNTER && descr->flags & RPMB_F_COUNT_ONE)
		rpmb_put16(&req->block_count, 1);
}

int rpmb_tee_route(struct rpmb_ref ref, const struct rpmb_frames *frames)
{
	struct rpmb_frames all = *frames;
	struct rpmb_frame req;
	u16 type;
	int ret;

	ret = rpmb_tee_may(ref);
	if (ret)
		return ret;
	if (all.req_cnt == 1) {
		req = *frames->req;
		fill_count(rpmb_facts(ref.dev), &req, all.resp_cnt);
		all.req = &req;
	}
	ret = rpmb_route_frames(ref.dev, ref.target, &all);
	type = rpmb_get16(&frames->resp->req_resp);
	if (!ret && is_for_blocks(type >> 8))
		rpmb_mark_set(ref.dev, ref.target, RPMB_MARK_TEE, true);
	return ret;
}
