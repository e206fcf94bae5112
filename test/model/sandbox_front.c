// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device behind drivers/rpmb/sandbox_rpmb.c
 */

#include <malloc.h>
#include <asm/rpmb.h>
#include "rpmb_model.h"

struct rpmb_model *sandbox_front_new(u32 blocks, u32 max_blocks)
{
	struct rpmb_model *model = calloc(1, sizeof(*model));

	if (!model)
		return NULL;
	model->flavour = RPMB_MODEL_UFS;
	model->blocks = blocks;
	model->max_wr = max_blocks;
	model->max_rd = max_blocks;
	model->store.data = calloc(blocks, RPMB_MODEL_BLOCK);
	if (!model->store.data) {
		free(model);
		return NULL;
	}
	rpmb_model_power_up(model);
	return model;
}

void sandbox_front_free(struct rpmb_model *model)
{
	if (model)
		free(model->store.data);
	free(model);
}

void sandbox_front_power_up(struct rpmb_model *model)
{
	rpmb_model_power_up(model);
}

int sandbox_front_put(struct rpmb_model *model, const u8 *frames, u32 count)
{
	return rpmb_model_put(model, frames, count, true);
}

int sandbox_front_get(struct rpmb_model *model, u8 *frames, u32 count)
{
	return rpmb_model_get(model, frames, count);
}
