// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: the look at trees, then libfdt's readers on what it found sound
 *
 * On everything else nobody but fdt_check_full() is let loose, which must come
 * to an end.
 */

#include <stdlib.h>
#include <rpmb/fdt.h>
#include <rpmb/look.h>
#include "fuzz_input.h"

static const struct rpmb_look_limits * const limits[] = {
	&rpmb_look_fit, &rpmb_look_data, &rpmb_look_os,
};

static void read_props(const void *fdt, int node)
{
	const char *name;
	int at, len;

	fdt_for_each_property_offset(at, fdt, node) {
		fuzz_must(fdt_getprop_by_offset(fdt, at, &name, &len));
		fuzz_must(fdt_getprop(fdt, node, name, NULL));
		fdt_stringlist_count(fdt, node, name);
	}
}

/* Each node has a path, and is as deep as it should be */
static void walk(const void *fdt, const struct rpmb_look_limits *max)
{
	int node, depth = 0;
	u32 nodes = 0;
	char path[64];

	for (node = 0; node >= 0 && depth >= 0;
	     node = fdt_next_node(fdt, node, &depth)) {
		fuzz_must(fdt_get_name(fdt, node, NULL));
		fuzz_must((u32)depth < max->depth && ++nodes <= max->nodes);
		fdt_get_path(fdt, node, path, sizeof(path));
		read_props(fdt, node);
	}
	fuzz_must(depth < 0);
	fuzz_must(fdt_num_mem_rsv(fdt) >= 0);
	fdt_path_offset(fdt, "/images/kernel");
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *fdt = malloc(size + !size);
	u32 i, steps;

	memcpy(fdt, data, size);
	for (i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		if (!rpmb_look(fdt, size, limits[i], &steps)) {
			fuzz_must(!fdt_check_full(fdt, size));
			walk(fdt, limits[i]);
		}
		fuzz_must(steps <= rpmb_look_most_steps(limits[i]));
	}
	fdt_check_full(fdt, size);
	free(fdt);
	return 0;
}
