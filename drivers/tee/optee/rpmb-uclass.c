// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * OP-TEE's requests for an RPMB, answered by the RPMB uclass
 *
 * Built in place of rpmb.c where there is the uclass. OP-TEE asks in one of two
 * ways: since 4.6 it has the RPMBs found one by one until one answers to its
 * key (probe reset, probe next, frames); before that, and where these are not
 * implemented, it names an eMMC by its number.
 */

#include <dm.h>
#include <log.h>
#include <rpmb-tee.h>
#include <tee.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "optee_msg.h"
#include "optee_msg_supplicant.h"
#include "optee_private.h"

/* What goes ahead of the frames of a request that names its eMMC */
struct optee_rpmb_req {
	u16 cmd;
#define RPMB_CMD_DATA_REQ	0
#define RPMB_CMD_GET_DEV_INFO	1
	u16 dev_id;
	u16 block_count;
};

/* The answer to RPMB_CMD_GET_DEV_INFO */
struct optee_rpmb_info {
	u8 cid[RPMB_TEE_ID_SIZE];
	u8 rpmb_size_mult;
	u8 rel_wr_sec_c;
	u8 ret_code;		/* 0: what is above is valid */
};

/* Memory that a parameter names */
struct optee_mem {
	void *addr;
	ulong size;
};

static u32 to_tee(int err)
{
	switch (err) {
	case 0:
		return TEE_SUCCESS;
	case -ENODEV:
	case -ENXIO:
		return TEE_ERROR_ITEM_NOT_FOUND;
	case -ENOMEM:
		return TEE_ERROR_OUT_OF_MEMORY;
	case -EROFS:
	case -EPERM:
	case -EBADRQC:
		return TEE_ERROR_SECURITY;
	case -EINVAL:
		return TEE_ERROR_BAD_PARAMETERS;
	default:
		return TEE_ERROR_COMMUNICATION;
	}
}

static bool has_params(const struct optee_msg_arg *arg, u32 count, u64 first,
		       u64 second)
{
	return arg->num_params == count && arg->params[0].attr == first &&
	       (count == 1 || arg->params[1].attr == second);
}

static struct optee_mem mem_of(const struct optee_msg_param *param)
{
	struct tee_shm *shm = (struct tee_shm *)(ulong)param->u.rmem.shm_ref;

	return (struct optee_mem){ shm->addr + param->u.rmem.offs,
				   param->u.rmem.size };
}

static u32 route(struct rpmb_ref ref, struct optee_mem req,
		 struct optee_mem resp)
{
	struct rpmb_frames frames = {
		req.addr, req.size / RPMB_FRAME_SIZE,
		resp.addr, resp.size / RPMB_FRAME_SIZE,
	};
	int err;

	if (!frames.req_cnt || req.size % RPMB_FRAME_SIZE ||
	    !frames.resp_cnt || resp.size % RPMB_FRAME_SIZE)
		return TEE_ERROR_BAD_PARAMETERS;
	err = rpmb_tee_route(ref, &frames);
	if (err)
		log_err("OP-TEE: frames for %s:%x were not answered (error %d)\n",
			ref.dev->name, ref.target, err);
	return to_tee(err);
}

static int find_by_name(const char *name, struct rpmb_ref *ref)
{
	if (!rpmb_get_device_by_name(name, &ref->dev))
		return 0;
	/* nobody has looked for it yet, or it is another card */
	rpmb_scan_for(name);
	return rpmb_get_device_by_name(name, &ref->dev);
}

/*
 * An eMMC by its number
 */

static u32 get_info(struct rpmb_ref ref, struct optee_mem out)
{
	struct optee_rpmb_info *info = out.addr;
	struct rpmb_tee_facts facts;
	int err;

	if (out.size != sizeof(*info))
		return TEE_ERROR_BAD_PARAMETERS;
	err = rpmb_tee_describe(ref, &facts);
	if (err)
		return to_tee(err);
	memcpy(info->cid, facts.id, sizeof(info->cid));
	info->rpmb_size_mult = facts.capacity;
	info->rel_wr_sec_c = facts.rel_wr;
	info->ret_code = 0;
	return TEE_SUCCESS;
}

static u32 emmc_request(struct optee_mem req, struct optee_mem resp)
{
	struct optee_rpmb_req head;
	struct rpmb_ref ref = {};
	char name[16];

	if (req.size < sizeof(head))
		return TEE_ERROR_BAD_PARAMETERS;
	memcpy(&head, req.addr, sizeof(head));
	snprintf(name, sizeof(name), "mmc%u", head.dev_id);
	if (find_by_name(name, &ref))
		return TEE_ERROR_ITEM_NOT_FOUND;
	req.addr += sizeof(head);
	req.size -= sizeof(head);
	if (head.cmd == RPMB_CMD_DATA_REQ)
		return route(ref, req, resp);
	if (head.cmd == RPMB_CMD_GET_DEV_INFO && !req.size)
		return get_info(ref, resp);
	return TEE_ERROR_BAD_PARAMETERS;
}

void optee_suppl_cmd_rpmb(struct udevice *dev, struct optee_msg_arg *arg)
{
	if (has_params(arg, 2, OPTEE_MSG_ATTR_TYPE_RMEM_INPUT,
		       OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT))
		arg->ret = emmc_request(mem_of(&arg->params[0]),
					mem_of(&arg->params[1]));
	else
		arg->ret = TEE_ERROR_BAD_PARAMETERS;
}

/*
 * Any RPMB, one by one
 */

static u32 probe_reset(struct optee_private *priv, struct optee_msg_arg *arg)
{
	if (!has_params(arg, 1, OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT, 0))
		return TEE_ERROR_BAD_PARAMETERS;
	priv->rpmb_pos = 0;
	*priv->rpmb_name = '\0';
	rpmb_scan();
	/* there is one kind of memory here, whatever is asked for */
	arg->params[0].u.value.a = OPTEE_MSG_RPC_SHM_TYPE_KERNEL;
	return TEE_SUCCESS;
}

/*
 * OP-TEE knows no virtio. The frames are those of an eMMC, and 16 bytes that
 * tell one device from another are all that it takes from a CID.
 */
static u64 kind(enum rpmb_type type)
{
	return type == RPMB_TYPE_UFS ? OPTEE_MSG_RPC_RPMB_UFS :
				       OPTEE_MSG_RPC_RPMB_EMMC;
}

static u32 probe_next(struct optee_private *priv, struct optee_msg_arg *arg)
{
	struct rpmb_tee_facts facts;
	struct optee_mem id;
	struct rpmb_ref ref;

	if (!has_params(arg, 2, OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT,
			OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT))
		return TEE_ERROR_BAD_PARAMETERS;
	*priv->rpmb_name = '\0';
	do {
		if (rpmb_tee_next(&priv->rpmb_pos, &ref))
			return TEE_ERROR_ITEM_NOT_FOUND;
	} while (rpmb_tee_describe(ref, &facts));
	id = mem_of(&arg->params[1]);
	if (id.size < sizeof(facts.id))
		return TEE_ERROR_SHORT_BUFFER;
	memcpy(id.addr, facts.id, sizeof(facts.id));
	arg->params[1].u.rmem.size = sizeof(facts.id);
	arg->params[0].u.value.a = kind(facts.type);
	arg->params[0].u.value.b = facts.capacity;
	arg->params[0].u.value.c = facts.rel_wr;
	strlcpy(priv->rpmb_name, ref.dev->name, sizeof(priv->rpmb_name));
	priv->rpmb_target = ref.target;
	return TEE_SUCCESS;
}

static u32 frames(struct optee_private *priv, struct optee_msg_arg *arg)
{
	struct rpmb_ref ref = { .target = priv->rpmb_target };

	if (!has_params(arg, 2, OPTEE_MSG_ATTR_TYPE_RMEM_INPUT,
			OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT))
		return TEE_ERROR_BAD_PARAMETERS;
	if (!*priv->rpmb_name || find_by_name(priv->rpmb_name, &ref))
		return TEE_ERROR_ITEM_NOT_FOUND;
	return route(ref, mem_of(&arg->params[0]), mem_of(&arg->params[1]));
}

void optee_suppl_cmd_rpmb_probe(struct udevice *dev, struct optee_msg_arg *arg)
{
	struct optee_private *priv = dev_get_priv(dev);

	switch (arg->cmd) {
	case OPTEE_MSG_RPC_CMD_RPMB_PROBE_RESET:
		arg->ret = probe_reset(priv, arg);
		break;
	case OPTEE_MSG_RPC_CMD_RPMB_PROBE_NEXT:
		arg->ret = probe_next(priv, arg);
		break;
	default:
		arg->ret = frames(priv, arg);
	}
}

/* Each exchange leaves the device as it was */
void optee_suppl_rpmb_release(struct udevice *dev)
{
}
