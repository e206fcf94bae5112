// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: manifests and service tokens, once their signature is believed
 */

#include <stdlib.h>
#include <rpmb/manifest.h>
#include <rpmb/token.h>
#include "fuzz_input.h"

static void read_manifest(const u8 *blob, size_t size)
{
	struct rpmb_manifest_device dev;
	struct rpmb_tree_fault fault;
	struct rpmb_manifest m;
	u64 index;
	u32 i, k, loc;

	if (rpmb_manifest_open(&m, blob, size, &fault))
		return;
	for (i = 0; i < m.devices; i++) {
		fuzz_must(!rpmb_manifest_device(&m, i, &dev));
		for (k = 0; k < dev.nindexes; k++)
			rpmb_manifest_index(&dev, k, &loc, &index);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rpmb_tree_fault fault;
	struct rpmb_token token;
	u8 *blob = malloc(size + !size);

	memcpy(blob, data, size);
	read_manifest(blob, size);
	if (!rpmb_token_open(&token, blob, size, &fault))
		fuzz_must(token.device.dev_id && token.counter != ~0U);
	free(blob);
	return 0;
}
