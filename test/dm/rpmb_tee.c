// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * OP-TEE's supplicant over the uclass: what a TEE is offered, its frames, and
 * that nobody writes behind its back
 *
 * The tests call what OP-TEE calls, with messages as it makes them.
 * test/qemu/test_optee.py has a real one.
 */

#include <dm.h>
#include <malloc.h>
#include <mmc.h>
#include <rng.h>
#include <rpmb-key.h>
#include <rpmb-store.h>
#include <tee.h>
#include <asm/rpmb.h>
#include <dm/device-internal.h>
#include <dm/lists.h>
#include <dm/root.h>
#include <dm/test.h>
#include <linux/kernel.h>
#include <test/test.h>
#include <test/ut.h>
#include <u-boot/blake2.h>
#include "rpmb_conformance.h"
#include "../../drivers/rpmb/rpmb-internal.h"
#include "../model/emmc_front.h"
#include "../model/ufs_sandbox.h"
#include "../model/virtio_slot.h"
#include "../../drivers/tee/optee/optee_msg.h"
#include "../../drivers/tee/optee/optee_msg_supplicant.h"
#include "../../drivers/tee/optee/optee_private.h"

#define FLAGS		(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define KEY		RPMB_CONFORMANCE_KEY
#define DERIVED		0x100
#define INDEXES		CONFIG_RPMB_ROLLBACK_START
#define UFS_ID		"0ADA-0310-UFS MODEL-" \
			"003000310032003300340035003600370038003900410042" \
			"0000-0102-0626-R0"
#define NOBODY		0xff

/* One device of each transport, and OP-TEE's side of the supplicant */
struct rig {
	struct udevice *emmc, *ufs, *virtio;
	struct udevice *rpmb;		/* the last one that was found */
	char name[3][16];
	struct udevice tee;
	struct optee_private priv;
	struct {
		struct optee_msg_arg arg;
		struct optee_msg_param param[2];
	} msg;
	struct {
		u16 cmd;
		u16 dev_id;
		u16 block_count;
		struct rpmb_frame frame[2];
	} __packed req;
	struct rpmb_frame resp[2];
	u8 id[16];
};

static struct rig rig;
static u8 data[2 * RPMB_BLOCK_SIZE], back[2 * RPMB_BLOCK_SIZE];

static int set_up(struct unit_test_state *uts, struct rig *r)
{
	static const struct emmc_front_cfg emmc = EMMC_FRONT_CFG_5_1;
	static const struct ufs_sandbox_cfg ufs = UFS_SANDBOX_CFG;
	static const struct virtio_slot_cfg virtio = VIRTIO_SLOT_CFG;

	memset(r, 0, sizeof(*r));
	r->tee.priv_ = &r->priv;
	ut_assertok(emmc_front_bind(dm_root(), &emmc, &r->emmc));
	ut_assertok(ufs_sandbox_bind(dm_root(), &ufs, &r->ufs));
	ut_assertok(virtio_slot_bind(dm_root(), &virtio, &r->virtio));
	snprintf(r->name[0], sizeof(r->name[0]), "mmc%d", dev_seq(r->emmc));
	snprintf(r->name[1], sizeof(r->name[1]), "ufs%d", dev_seq(r->ufs));
	snprintf(r->name[2], sizeof(r->name[2]), "virtio%d",
		 dev_seq(r->virtio));
	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_conformance_fill(data, sizeof(data), 1);

	return 0;
}

static int tear_down(struct unit_test_state *uts, struct rig *r)
{
	sandbox_rpmb_set_closed(false);
	rpmb_mark_forget_all();
	ut_assertok(emmc_front_unbind(r->emmc));
	ut_assertok(ufs_sandbox_unbind(r->ufs));
	ut_assertok(virtio_slot_unbind(r->virtio));

	return 0;
}

static void set_mem(struct optee_msg_param *param, u64 attr,
		    struct tee_shm *shm, u32 size)
{
	param->attr = attr;
	param->u.rmem.shm_ref = (ulong)shm;
	param->u.rmem.offs = 0;
	param->u.rmem.size = size;
}

/* One call from OP-TEE, with a request and room for an answer */
static u32 call(struct rig *r, u32 cmd, u32 req_size, u32 resp_size)
{
	struct tee_shm req = { .addr = cmd == OPTEE_MSG_RPC_CMD_RPMB ?
				       (void *)&r->req : r->req.frame };
	struct tee_shm resp = { .addr = r->resp };

	r->msg.arg.cmd = cmd;
	r->msg.arg.num_params = 2;
	set_mem(&r->msg.arg.params[0], OPTEE_MSG_ATTR_TYPE_RMEM_INPUT, &req,
		req_size);
	set_mem(&r->msg.arg.params[1], OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, &resp,
		resp_size);
	if (cmd == OPTEE_MSG_RPC_CMD_RPMB)
		optee_suppl_cmd_rpmb(&r->tee, &r->msg.arg);
	else
		optee_suppl_cmd_rpmb_probe(&r->tee, &r->msg.arg);

	return r->msg.arg.ret;
}

static u32 reset(struct rig *r)
{
	r->msg.arg.cmd = OPTEE_MSG_RPC_CMD_RPMB_PROBE_RESET;
	r->msg.arg.num_params = 1;
	r->msg.arg.params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	optee_suppl_cmd_rpmb_probe(&r->tee, &r->msg.arg);

	return r->msg.arg.ret;
}

static u32 next(struct rig *r, u32 room)
{
	struct tee_shm id = { .addr = r->id };

	r->msg.arg.cmd = OPTEE_MSG_RPC_CMD_RPMB_PROBE_NEXT;
	r->msg.arg.num_params = 2;
	memset(&r->msg.arg.params[0], 0, sizeof(r->msg.arg.params[0]));
	r->msg.arg.params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	set_mem(&r->msg.arg.params[1], OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT, &id,
		room);
	optee_suppl_cmd_rpmb_probe(&r->tee, &r->msg.arg);

	return r->msg.arg.ret;
}

/* Frames to the device that was probed, or to an eMMC by its number */
static u32 ask(struct rig *r, u16 type, u32 frames, u32 answers)
{
	rpmb_put16(&r->req.frame[0].req_resp, type);

	return call(r, OPTEE_MSG_RPC_CMD_RPMB_FRAMES, frames * RPMB_FRAME_SIZE,
		    answers * RPMB_FRAME_SIZE);
}

static u32 ask_mmc(struct rig *r, u16 type, u32 frames)
{
	r->req.cmd = 0;
	r->req.dev_id = dev_seq(r->emmc);
	r->req.block_count = frames;
	rpmb_put16(&r->req.frame[0].req_resp, type);

	return call(r, OPTEE_MSG_RPC_CMD_RPMB, 6 + frames * RPMB_FRAME_SIZE,
		    RPMB_FRAME_SIZE);
}

/* OP-TEE finds the device of this name */
static int find(struct unit_test_state *uts, struct rig *r, const char *name)
{
	ut_asserteq(TEE_SUCCESS, reset(r));
	do {
		ut_asserteq(TEE_SUCCESS, next(r, sizeof(r->id)));
	} while (strcmp(r->priv.rpmb_name, name));
	ut_assertok(rpmb_get_device_by_name(name, &r->rpmb));

	return 0;
}

static int check_next(struct unit_test_state *uts, struct rig *r, u32 kind,
		      u32 size, const void *id)
{
	ut_asserteq(TEE_SUCCESS, next(r, sizeof(r->id)));
	ut_asserteq_64(kind, r->msg.arg.params[0].u.value.a);
	ut_asserteq_64(size, r->msg.arg.params[0].u.value.b);
	ut_asserteq(16, (int)r->msg.arg.params[1].u.rmem.size);
	ut_asserteq_mem(id, r->id, sizeof(r->id));

	return 0;
}

/* All transports in the uclass's order, whether anybody has probed them or not */
static int dm_test_rpmb_tee_probe(struct unit_test_state *uts)
{
	static const char *const ids[] = { UFS_ID, UFS_ID, "sandbox/virtio_slot" };
	static const u8 cid[16] = "\x13\x01\x4e\x52\x50\x4d\x42\x21"
				  "\x10\xa1\xb2\xc3\xd4\x55\x01";
	char id[sizeof(UFS_ID)];
	struct rig *r = &rig;
	int i, round;
	u8 hash[16];

	ut_assertok(set_up(uts, r));
	ut_assert(!device_active(r->emmc));
	for (round = 0; round < 2; round++) {
		ut_asserteq(TEE_SUCCESS, reset(r));
		ut_asserteq_64(OPTEE_MSG_RPC_SHM_TYPE_KERNEL,
			       r->msg.arg.params[0].u.value.a);
		ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND,
			    ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
		ut_assertok(check_next(uts, r, OPTEE_MSG_RPC_RPMB_EMMC, 4, cid));
		/* it takes 1, 2 or 32 blocks, so 2 are all that is safe */
		ut_asserteq_64(1, r->msg.arg.params[0].u.value.c);
		for (i = 0; i < ARRAY_SIZE(ids); i++) {
			strcpy(id, ids[i]);
			if (i == 1)
				id[sizeof(UFS_ID) - 2] = '1';
			ut_assertok(blake2b(hash, sizeof(hash), id, strlen(id),
					    NULL, 0));
			ut_assertok(check_next(uts, r, i < 2 ?
					       OPTEE_MSG_RPC_RPMB_UFS :
					       OPTEE_MSG_RPC_RPMB_EMMC, 2,
					       hash));
			/* 64 blocks; what virtio's queue has room for */
			ut_asserteq_64(i < 2 ? 32 : 31,
				       r->msg.arg.params[0].u.value.c);
		}
		/* the sandbox's own device is nothing that OP-TEE knows */
		ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND, next(r, sizeof(r->id)));
		ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND, next(r, sizeof(r->id)));
		ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND,
			    ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
	}
	/* no room for the id: OP-TEE asks for the next one */
	ut_asserteq(TEE_SUCCESS, reset(r));
	ut_asserteq(TEE_ERROR_SHORT_BUFFER, next(r, sizeof(r->id) - 1));
	ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND, ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
	ut_asserteq(TEE_SUCCESS, next(r, sizeof(r->id)));
	ut_asserteq_64(OPTEE_MSG_RPC_RPMB_UFS, r->msg.arg.params[0].u.value.a);

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_probe, FLAGS);

/* A TEE has found the i-th device, which has its key; its next frame is empty */
static int begin(struct unit_test_state *uts, struct rig *r, int i,
		 struct rpmb_ref *ref)
{
	static const rpmb_keyid_t keys[] = { KEY, RPMB_CONFORMANCE_OTHER, DERIVED };

	ut_assertok(find(uts, r, r->name[i]));
	*ref = rpmb_ref(r->rpmb, 0, keys[i]);
	ut_assertok(rpmb_program_key(*ref));
	memset(&r->req.frame, 0, sizeof(r->req.frame));

	return 0;
}

/* Frames as OP-TEE makes them, for an eMMC, are answered by all transports */
static int dm_test_rpmb_tee_frames(struct unit_test_state *uts)
{
	struct rig *r = &rig;
	struct rpmb_ref ref;
	int i;

	ut_assertok(set_up(uts, r));
	for (i = 0; i < ARRAY_SIZE(r->name); i++) {
		ut_assertok(begin(uts, r, i, &ref));
		ut_assertok(rpmb_write_blocks(ref, 4, 2, data));
		ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
		ut_asserteq(RPMB_RESP(RPMB_REQ_GET_COUNTER),
			    rpmb_get16(&r->resp[0].req_resp));
		ut_asserteq(RPMB_RES_OK, rpmb_get16(&r->resp[0].result));
		ut_asserteq(1, rpmb_get32(&r->resp[0].write_counter));

		/* the count of a read is not in its frame */
		rpmb_put16(&r->req.frame[0].addr, 4);
		ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_READ_DATA, 1, 2));
		ut_asserteq(RPMB_RES_OK, rpmb_get16(&r->resp[1].result));
		ut_asserteq(2, rpmb_get16(&r->resp[1].block_count));
		ut_asserteq_mem(data, r->resp[0].data, RPMB_BLOCK_SIZE);
		ut_asserteq_mem(data + RPMB_BLOCK_SIZE, r->resp[1].data,
				RPMB_BLOCK_SIZE);
	}

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_frames, FLAGS);

/* An eMMC by its number, and the gate of a closed board */
static int dm_test_rpmb_tee_emmc(struct unit_test_state *uts)
{
	struct rig *r = &rig;
	struct blk_desc *blk;
	struct rpmb_model *m;

	ut_assertok(set_up(uts, r));
	sandbox_rpmb_set_closed(true);
	m = emmc_front_model(r->emmc);
	/* nobody has looked for it yet */
	ut_asserteq(TEE_SUCCESS, ask_mmc(r, RPMB_REQ_GET_COUNTER, 1));
	ut_asserteq(RPMB_RESP(RPMB_REQ_GET_COUNTER),
		    rpmb_get16(&r->resp[0].req_resp));
	blk = mmc_get_blk_desc(mmc_get_mmc_dev(r->emmc));
	ut_assertok(blk_dselect_hwpart(blk, 2));

	/* the list of what is allowed, and the gate */
	ut_asserteq(TEE_ERROR_SECURITY, ask_mmc(r, 6, 1));
	ut_asserteq(TEE_ERROR_SECURITY, ask_mmc(r, 0, 1));
	ut_asserteq(TEE_ERROR_SECURITY, ask_mmc(r, RPMB_REQ_PROGRAM_KEY, 1));
	ut_asserteq(0, m->requests[RPMB_REQ_PROGRAM_KEY]);
	rpmb_put16(&r->req.frame[1].req_resp, RPMB_REQ_PROGRAM_KEY);
	ut_asserteq(TEE_ERROR_BAD_PARAMETERS,
		    ask_mmc(r, RPMB_REQ_WRITE_DATA, 2));
	rpmb_put16(&r->req.frame[0].addr, INDEXES + 1);
	ut_asserteq(TEE_ERROR_SECURITY, ask_mmc(r, RPMB_REQ_WRITE_DATA, 1));
	ut_asserteq(0, m->requests[RPMB_REQ_WRITE_DATA]);
	rpmb_put16(&r->req.frame[0].addr, 0);
	ut_asserteq(TEE_SUCCESS, ask_mmc(r, RPMB_REQ_WRITE_DATA, 1));
	ut_asserteq(1, m->requests[RPMB_REQ_WRITE_DATA]);
	sandbox_rpmb_set_closed(false);
	ut_asserteq(TEE_SUCCESS, ask_mmc(r, RPMB_REQ_PROGRAM_KEY, 1));
	ut_asserteq(1, m->requests[RPMB_REQ_PROGRAM_KEY]);

	/* each exchange leaves the selected partition as it was */
	ut_asserteq(2, blk->hwpart);
	ut_asserteq(2, emmc_front_partition(r->emmc));
	ut_asserteq(1, blk_dread(blk, 9, 1, back));

	/* a number that is none, and what it says of itself */
	r->req.dev_id = 99;
	ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND,
		    call(r, OPTEE_MSG_RPC_CMD_RPMB, 6 + 512, 512));
	r->req.dev_id = dev_seq(r->emmc);
	r->req.cmd = 1;
	ut_asserteq(TEE_SUCCESS, call(r, OPTEE_MSG_RPC_CMD_RPMB, 6, 19));
	ut_asserteq_mem("\x13\x01\x4e\x52\x50\x4d\x42\x21", r->resp, 8);
	ut_asserteq_mem("\x04\x01\x00", (u8 *)r->resp + 16, 3);

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_emmc, FLAGS);

static void ignore(const char *what, int err)
{
}

/* All that changes a target is refused before anything is sent */
static int check_changes(struct unit_test_state *uts, struct rpmb_ref ref,
			 struct rpmb_model *m)
{
	struct rpmb_raise raise = { .loc = 0, .index = 2 };
	u32 count = m->state.counter, requests[ARRAY_SIZE(m->requests)];
	struct rpmb_ref none = rpmb_ref(ref.dev, ref.target, 0x300);

	memcpy(requests, m->requests, sizeof(requests));
	ut_asserteq(-EADDRINUSE, rpmb_write_blocks(ref, 4, 1, data));
	ut_asserteq(-EADDRINUSE, rpmb_write_blocks_read_back(ref, 4, 1, data));
	ut_asserteq(-EADDRINUSE, rpmb_index_advance(ref, 0, 2));
	/* also where nothing would be written, and where there is no key */
	ut_asserteq(-EADDRINUSE, rpmb_index_advance(ref, 0, 1));
	ut_asserteq(-EADDRINUSE, rpmb_index_advance(none, 0, 2));
	ut_asserteq(-EADDRINUSE, rpmb_index_advance_all(ref, &raise, 1));
	ut_asserteq(-EADDRINUSE, rpmb_index_reset(ref, 0, 0, count));
	ut_asserteq(-EADDRINUSE, rpmb_rma_open(ref, count));
	ut_asserteq(-EADDRINUSE, rpmb_record_write(ref, "name", "x", 1));
	ut_asserteq(-EADDRINUSE, rpmb_record_delete(ref, "name"));
	ut_asserteq(-EADDRINUSE, rpmb_program_check(ref));
	ut_asserteq(-EADDRINUSE, rpmb_program_key(ref));
	ut_asserteq(-EADDRINUSE, rpmb_selftest(ref, ignore));
	ut_asserteq(count, m->state.counter);
	ut_asserteq_mem(requests, m->requests, sizeof(requests));

	return 0;
}

/* Once a TEE has asked for blocks nobody else writes; before that it may be another's */
static int dm_test_rpmb_tee_alone(struct unit_test_state *uts)
{
	struct rig *r = &rig;
	struct rpmb_model *m;
	struct rpmb_ref ref;
	size_t len;
	u32 count;
	u64 index;

	ut_assertok(set_up(uts, r));
	ut_assertok(begin(uts, r, 0, &ref));
	m = emmc_front_model(r->emmc);
	ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
	ut_assertok(rpmb_write_blocks(ref, 4, 2, data));
	ut_assertok(rpmb_index_advance(ref, 0, 1));
	ut_assertok(rpmb_gate_change(r->rpmb, 0));

	ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_READ_DATA, 1, 1));
	ut_asserteq(-EADDRINUSE, rpmb_gate_change(r->rpmb, 0));
	ut_assertok(rpmb_get_write_count(ref, &count));
	ut_asserteq(m->state.counter, count);
	ut_assertok(check_changes(uts, ref, m));
	/* reading is free, and another target is another's */
	ut_assertok(rpmb_read_blocks(ref, 4, 2, back));
	ut_asserteq_mem(data, back, sizeof(data));
	ut_assertok(rpmb_index_get(ref, 0, &index));
	ut_assertok(rpmb_index_check(ref, 0, 1));
	ut_asserteq(-ENOENT, rpmb_record_read(ref, "name", back, 1, &len));
	ut_assertok(rpmb_get_device_by_name(r->name[2], &r->rpmb));
	ref = rpmb_ref(r->rpmb, 0, RPMB_CONFORMANCE_OTHER);
	ut_assertok(rpmb_program_key(ref));
	ut_assertok(rpmb_write_blocks(ref, 4, 1, data));

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_alone, FLAGS);

/* The device is looked for again, as by 'mmc rescan' or after 'ufs init' */
static int again(struct unit_test_state *uts, const char *name,
		 struct udevice **devp)
{
	ut_assertok(rpmb_get_device_by_name(name, devp));
	ut_assertok(device_remove(*devp, DM_REMOVE_NORMAL));
	/* a virtio device is there as long as its slot */
	if (strncmp(name, "virtio", 6))
		ut_assertok(device_unbind(*devp));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, devp));

	return 0;
}

/* That a target is a TEE's goes by its identifier, and outlives its device */
static int dm_test_rpmb_tee_again(struct unit_test_state *uts)
{
	struct emmc_front_cfg other = EMMC_FRONT_CFG_5_1;
	struct rig *r = &rig;
	struct udevice *dev;
	struct rpmb_ref ref;
	int i;

	ut_assertok(set_up(uts, r));
	for (i = 0; i < ARRAY_SIZE(r->name); i++) {
		ut_assertok(begin(uts, r, i, &ref));
		ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_READ_DATA, 1, 1));
		ut_assertok(again(uts, r->name[i], &ref.dev));
		ut_asserteq(-EADDRINUSE, rpmb_write_blocks(ref, 4, 1, data));
		ut_assertok(rpmb_read_blocks(ref, 4, 1, back));
	}
	/* another region, another card; then the first card again */
	ut_assertok(rpmb_get_device_by_name(r->name[1], &dev));
	ut_assertok(rpmb_gate_change(dev, 1));
	other.cid[3] ^= 0x01000000;
	for (i = 0; i < 2; i++) {
		ut_assertok(emmc_front_unbind(r->emmc));
		ut_assertok(emmc_front_bind(dm_root(), &other, &r->emmc));
		ut_assert(rpmb_scan() > 0);
		ut_assertok(rpmb_get_device_by_name(r->name[0], &dev));
		ut_asserteq(i ? -EADDRINUSE : 0, rpmb_gate_change(dev, 0));
		other.cid[3] ^= 0x01000000;
	}
	rpmb_mark_forget_all();
	ut_assertok(rpmb_gate_change(dev, 0));

	/* no memory to remember it: then any target may be it */
	malloc_enable_testing(0);
	rpmb_mark_set(dev, 0, RPMB_MARK_TEE, true);
	malloc_disable_testing();
	ut_asserteq(-EADDRINUSE, rpmb_gate_change(dev, 0));
	ut_assert(!rpmb_mark_get(dev, 0, RPMB_MARK_ATTEMPT));
	ut_assertok(rpmb_get_device_by_name(r->name[2], &dev));
	ut_asserteq(-EADDRINUSE, rpmb_gate_change(dev, 0));
	rpmb_mark_forget_all();

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_again, FLAGS);

/* One mark leaves the other as it is */
static int dm_test_rpmb_marks(struct unit_test_state *uts)
{
	struct udevice *dev;
	int t, mark, other;

	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_mark_forget_all();
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	for (t = 0; t < 2; t++) {
		for (mark = 1; mark <= RPMB_MARK_TEE; mark <<= 1) {
			rpmb_mark_set(dev, t, mark, true);
			rpmb_mark_set(dev, t, mark, true);
			rpmb_mark_set(dev, !t, mark, false);
			for (other = 1; other <= RPMB_MARK_TEE; other <<= 1)
				ut_asserteq(other <= mark,
					    rpmb_mark_get(dev, t, other));
			ut_assert(!rpmb_mark_get(dev, !t, mark));
		}
		rpmb_mark_set(dev, t, RPMB_MARK_ATTEMPT, false);
		ut_assert(!rpmb_mark_get(dev, t, RPMB_MARK_ATTEMPT));
		ut_assert(rpmb_mark_get(dev, t, RPMB_MARK_TEE));
		rpmb_mark_set(dev, t, RPMB_MARK_TEE, false);
		ut_assert(!rpmb_mark_get(dev, t, RPMB_MARK_TEE));
	}

	return 0;
}
DM_TEST(dm_test_rpmb_marks, FLAGS);

/* What asks a TEE in the middle of an operation */
enum place { IN_RNG, IN_KEY, IN_BUS, PLACES };

/**
 * struct inside - a TEE that is asked in the middle of an operation
 *
 * @r:		the rig
 * @ref:	target of the operation
 * @armed:	it is asked once, from where it is armed
 * @ret:	what its request for the same target came to
 * @other:	... for another target
 * @frames:	what frames of its own to the uclass came to
 * @read:	... a read of the uclass
 * @scan:	... a search for devices, of which there are @devices so far
 * @status:	status of the operation before and after it was asked
 * @dev:	devices that ask
 * @real:	their drivers
 */
static struct inside {
	struct rig *r;
	struct rpmb_ref ref;
	bool armed[PLACES];
	u32 ret, other;
	int frames, read, scan, devices;
	struct rpmb_status status[2];
	struct udevice *dev[PLACES];
	const struct driver *real[PLACES];
} inside;

static void ask_inside(enum place place)
{
	struct inside *in = &inside;
	struct rig *r = in->r;
	const struct rpmb_frames frames = { r->req.frame, 1, r->resp, 1 };
	const struct rpmb_status *st;
	u32 count;

	if (!in->armed[place])
		return;
	in->armed[place] = false;
	st = rpmb_get_status(in->ref.dev, in->ref.target);
	in->status[0] = *st;
	in->ret = ask_mmc(r, RPMB_REQ_READ_DATA, 1);
	in->frames = rpmb_route_frames(in->ref.dev, in->ref.target, &frames);
	in->read = rpmb_get_write_count(in->ref, &count);
	in->scan = rpmb_scan();
	in->status[1] = *st;
	/* the device that was probed is another one */
	in->other = ask(r, RPMB_REQ_GET_COUNTER, 1, 1);
}

static int rng_inside(struct udevice *dev, void *buf, size_t len)
{
	const struct dm_rng_ops *ops = inside.real[IN_RNG]->ops;

	ask_inside(IN_RNG);
	return ops->read(dev, buf, len);
}

static int key_inside(struct udevice *dev, u8 slot,
		      const struct rpmb_target_id *target,
		      u8 key[RPMB_KEY_SIZE])
{
	const struct rpmb_key_ops *ops = inside.real[IN_KEY]->ops;

	ask_inside(IN_KEY);
	return ops->get(dev, slot, target, key);
}

static int bus_inside(struct udevice *dev, u8 target,
		      const struct rpmb_frames *frames)
{
	const struct rpmb_ops *ops = inside.real[IN_BUS]->ops;

	ask_inside(IN_BUS);
	return ops->route_frames(dev, target, frames);
}

/* Devices whose drivers ask a TEE first */
static int wrap(struct unit_test_state *uts, struct inside *in)
{
	static struct dm_rng_ops rng;
	static struct rpmb_key_ops key;
	static struct rpmb_ops bus;
	static struct driver driver[PLACES];
	const void *ops[] = { &rng, &key, &bus };
	int i;

	ut_assertok(uclass_first_device_err(UCLASS_RNG, &in->dev[IN_RNG]));
	ut_assertok(uclass_get_device_by_name(UCLASS_RPMB_KEY, "key-provider@1",
					      &in->dev[IN_KEY]));
	in->dev[IN_BUS] = in->ref.dev;
	for (i = 0; i < PLACES; i++) {
		in->real[i] = in->dev[i]->driver;
		driver[i] = *in->real[i];
		driver[i].ops = ops[i];
		in->dev[i]->driver = &driver[i];
	}
	rng = *(const struct dm_rng_ops *)in->real[IN_RNG]->ops;
	rng.read = rng_inside;
	key = *(const struct rpmb_key_ops *)in->real[IN_KEY]->ops;
	key.get = key_inside;
	bus = *(const struct rpmb_ops *)in->real[IN_BUS]->ops;
	bus.route_frames = bus_inside;

	return 0;
}

static void unwrap(struct inside *in)
{
	int i;

	for (i = 0; i < PLACES; i++)
		in->dev[i]->driver = in->real[i];
}

static int check_inside(struct unit_test_state *uts, struct inside *in)
{
	ut_asserteq(TEE_ERROR_COMMUNICATION, in->ret);
	ut_asserteq(-EDEADLK, in->frames);
	ut_asserteq(-EDEADLK, in->read);
	ut_asserteq(in->devices, in->scan);
	ut_asserteq_mem(&in->status[0], &in->status[1],
			sizeof(in->status[0]));
	/* the target is not the TEE's: it has got no block */
	ut_assertok(rpmb_gate_change(in->ref.dev, in->ref.target));

	return 0;
}

/*
 * A TEE that is asked in the middle of an operation may not have the target, and
 * the operation ends as if it had not been asked
 */
static int dm_test_rpmb_tee_inside(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct inside *in = &inside;
	struct rig *r = &rig;
	struct udevice *late;
	struct rpmb_model *m;
	u8 kcv[RPMB_KCV_SIZE];
	struct rpmb_ref ufs;
	int i;

	ut_assertok(set_up(uts, r));
	ut_assertok(find(uts, r, r->name[1]));
	memset(in, 0, sizeof(*in));
	in->r = r;
	ut_assertok(rpmb_get_device_by_name(r->name[0], &in->ref.dev));
	in->ref.keyid = DERIVED;
	ufs = rpmb_ref(r->rpmb, 0, DERIVED);
	m = emmc_front_model(r->emmc);
	ut_assertok(wrap(uts, in));
	/* a device that nobody has looked for yet */
	in->devices = uclass_id_count(UCLASS_RPMB);
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &late));
	memset(&r->req.frame, 0, sizeof(r->req.frame));

	ut_assertok(rpmb_program_key(in->ref));
	for (i = 0; i < PLACES; i++) {
		in->armed[i] = true;
		data[0]++;
		/* it is read back, so all of the places are met */
		ut_assertok(rpmb_write_blocks_read_back(in->ref, 4, 2, data));
		ut_assert(!in->armed[i]);
		ut_assertok(check_inside(uts, in));
		ut_asserteq(TEE_SUCCESS, in->other);
		ut_asserteq_mem(data, m->store.data + 4 * RPMB_BLOCK_SIZE,
				sizeof(data));
	}
	/* key and target are free again, whatever the operation was */
	in->armed[IN_KEY] = true;
	ut_assertok(rpmb_key_check_value(in->ref, kcv));
	ut_assertok(check_inside(uts, in));
	for (i = 0; i < PLACES; i++) {
		in->armed[i] = true;
		ut_assertok(rpmb_program_check(in->ref));
		in->armed[i] = false;
		ut_assertok(rpmb_key_check_value(in->ref, kcv));
	}
	ut_assertok(check_inside(uts, in));
	ut_assertok(rpmb_program_key(ufs));
	ut_assertok(rpmb_write_blocks(in->ref, 4, 2, data));
	ut_asserteq(TEE_SUCCESS, ask_mmc(r, RPMB_REQ_READ_DATA, 1));
	unwrap(in);
	ut_asserteq(in->devices + 1, rpmb_scan());
	ut_assertok(emmc_front_unbind(late));

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_inside, FLAGS);

static void set_policy(bool on, const char *name, u32 target)
{
	rpmb_conformance_set_policy(on, name, target);
	sandbox_rpmb_node_reset();
}

/* What boot policy has no TEE gets */
static int dm_test_rpmb_tee_policy(struct unit_test_state *uts)
{
	static const struct {
		int name;	/* of which device policy is, or NOBODY */
		u8 target;
		const char *found[4];
	} rows[] = {
		{ 0, 0, { "ufs", "ufs", "virtio" } },
		{ 1, 0, { "mmc", "ufs", "virtio" } },
		{ 1, 1, { "mmc", "ufs", "virtio" } },
		{ 2, 0, { "mmc", "ufs", "ufs" } },
		{ NOBODY, 4, {} },	/* a node that is wrong */
	};
	struct rig *r = &rig;
	int i, j;

	ut_assertok(set_up(uts, r));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(true, rows[i].name == NOBODY ? "mmc0" :
			   r->name[rows[i].name], rows[i].target);
		ut_asserteq(TEE_SUCCESS, reset(r));
		for (j = 0; rows[i].found[j]; j++) {
			ut_asserteq(TEE_SUCCESS, next(r, sizeof(r->id)));
			ut_assertok(strncmp(r->priv.rpmb_name, rows[i].found[j],
					    strlen(rows[i].found[j])));
			ut_assert(strcmp(r->priv.rpmb_name,
					 r->name[rows[i].name]) ||
				  r->priv.rpmb_target != rows[i].target);
		}
		ut_asserteq(TEE_ERROR_ITEM_NOT_FOUND, next(r, sizeof(r->id)));
	}

	/* ... and none by the number of an eMMC, or in the middle of it */
	set_policy(false, "sandbox0", 0);
	ut_assertok(find(uts, r, r->name[0]));
	ut_asserteq(TEE_SUCCESS, ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
	set_policy(true, r->name[0], 0);
	ut_asserteq(TEE_ERROR_SECURITY, ask(r, RPMB_REQ_GET_COUNTER, 1, 1));
	ut_asserteq(TEE_ERROR_SECURITY, ask_mmc(r, RPMB_REQ_GET_COUNTER, 1));
	r->req.cmd = 1;
	ut_asserteq(TEE_ERROR_SECURITY, call(r, OPTEE_MSG_RPC_CMD_RPMB, 6, 19));
	set_policy(false, "sandbox0", 0);

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_policy, FLAGS | UTF_LIVE_TREE);

/* Messages that are none */
static int dm_test_rpmb_tee_params(struct unit_test_state *uts)
{
	static const struct {
		u32 cmd;
		u32 req, resp;
	} rows[] = {
		{ OPTEE_MSG_RPC_CMD_RPMB_FRAMES, 0, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB_FRAMES, 511, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB_FRAMES, 512, 0 },
		{ OPTEE_MSG_RPC_CMD_RPMB_FRAMES, 512, 513 },
		{ OPTEE_MSG_RPC_CMD_RPMB_PROBE_RESET, 512, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB_PROBE_NEXT, 512, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB, 5, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB, 6, 512 },
		{ OPTEE_MSG_RPC_CMD_RPMB, 6 + 511, 512 },
	};
	struct rig *r = &rig;
	int i;

	ut_assertok(set_up(uts, r));
	ut_assertok(find(uts, r, r->name[0]));
	r->req.dev_id = dev_seq(r->emmc);
	rpmb_put16(&r->req.frame[0].req_resp, RPMB_REQ_GET_COUNTER);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ut_asserteq(TEE_ERROR_BAD_PARAMETERS,
			    call(r, rows[i].cmd, rows[i].req, rows[i].resp));
	r->req.cmd = 1;
	ut_asserteq(TEE_ERROR_BAD_PARAMETERS,
		    call(r, OPTEE_MSG_RPC_CMD_RPMB, 6, 18));
	r->req.cmd = 2;
	ut_asserteq(TEE_ERROR_BAD_PARAMETERS,
		    call(r, OPTEE_MSG_RPC_CMD_RPMB, 6, 19));
	r->msg.arg.num_params = 1;
	optee_suppl_cmd_rpmb(&r->tee, &r->msg.arg);
	ut_asserteq(TEE_ERROR_BAD_PARAMETERS, r->msg.arg.ret);

	return tear_down(uts, r);
}
DM_TEST(dm_test_rpmb_tee_params, FLAGS);
