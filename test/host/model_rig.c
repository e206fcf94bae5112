// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A model on the bench, spoken to in frames made by hand
 */

#include "host_test.h"
#include "model_rig.h"

const u8 rig_key[32] = {
	0x3c, 0x12, 0x99, 0x07, 0xe1, 0x5b, 0xd4, 0x68,
	0x81, 0x2a, 0xf0, 0x4d, 0xb6, 0x73, 0x0e, 0xc5,
	0x9f, 0x60, 0x1b, 0xa7, 0x44, 0xdd, 0x38, 0xe2,
	0x55, 0x8c, 0x02, 0xbb, 0x76, 0x19, 0xfa, 0x21,
};

void rig_init(struct model_rig *rig, enum rpmb_model_flavour flavour)
{
	memset(rig, 0, sizeof(*rig));
	rig->model.flavour = flavour;
	rig->model.blocks = RIG_BLOCKS;
	rig->model.store.data = rig->data;
	rpmb_model_power_up(&rig->model);
}

void rig_init_keyed(struct model_rig *rig, enum rpmb_model_flavour flavour)
{
	rig_init(rig, flavour);
	memcpy(rig->model.state.key, rig_key, sizeof(rig_key));
	rig->model.state.key_set = 1;
	rig->model.state.counter = 77;
	host_test_fill(rig->data, sizeof(rig->data));
}

static bool is_virtio(struct model_rig *rig)
{
	return rig->model.flavour == RPMB_MODEL_VIRTIO;
}

static void result_read(struct model_rig *rig)
{
	struct host_frame f = { .type = 5, .count = is_virtio(rig) };
	u8 raw[RPMB_MODEL_FRAME];

	host_frame_put(raw, &f);
	rig->link = rpmb_model_put(&rig->model, raw, 1, false);
}

int rig_send(struct model_rig *rig, u32 count, bool result, bool reliable,
	     u32 want)
{
	memset(&rig->reply, 0, sizeof(rig->reply));
	rig->link = rpmb_model_put(&rig->model, rig->req, count, reliable);
	if (!rig->link && result)
		result_read(rig);
	if (!rig->link)
		rig->link = rpmb_model_get(&rig->model, rig->raw, want);
	if (rig->link)
		return -1;
	host_frame_get(&rig->reply, rig->raw + (want - 1) * RPMB_MODEL_FRAME);
	return rig->reply.result;
}

int rig_program(struct model_rig *rig, const u8 key[32])
{
	struct host_frame f = { .type = 1, .count = is_virtio(rig) };

	memcpy(f.mac, key, 32);
	host_frame_put(rig->req, &f);
	return rig_send(rig, 1, true, true, 1);
}

int rig_counter(struct model_rig *rig, u8 nonce)
{
	struct host_frame f = { .type = 2, .count = is_virtio(rig) };

	memset(f.nonce, nonce, sizeof(f.nonce));
	host_frame_put(rig->req, &f);
	return rig_send(rig, 1, false, true, 1);
}

void rig_sign(struct model_rig *rig, u32 count)
{
	host_frame_mac(rig_key, rig->req, count,
		       rig->req + (count - 1) * RPMB_MODEL_FRAME + 196);
}

void rig_make_write(struct model_rig *rig, u32 addr, u32 count, u32 counter,
		    u8 fill)
{
	struct host_frame f = {
		.type = 3, .addr = addr, .count = count, .counter = counter,
	};
	u32 i;

	for (i = 0; i < count; i++) {
		memset(f.data, fill + i, sizeof(f.data));
		host_frame_put(rig->req + i * RPMB_MODEL_FRAME, &f);
	}
	rig_sign(rig, count);
}

int rig_write(struct model_rig *rig, u32 addr, u32 count, u8 fill)
{
	rig_make_write(rig, addr, count, rig->model.state.counter, fill);
	return rig_send(rig, count, true, true, 1);
}

void rig_make_read(struct model_rig *rig, u32 addr, u32 count, u8 nonce)
{
	bool emmc = rig->model.flavour == RPMB_MODEL_EMMC;
	struct host_frame f = {
		.type = 4, .addr = addr, .count = emmc ? 0 : count,
	};

	memset(f.nonce, nonce, sizeof(f.nonce));
	host_frame_put(rig->req, &f);
}

int rig_read(struct model_rig *rig, u32 addr, u32 count, u8 nonce)
{
	rig_make_read(rig, addr, count, nonce);
	return rig_send(rig, 1, false, true, count);
}
