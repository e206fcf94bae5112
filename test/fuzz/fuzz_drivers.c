// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: what devices say to the drivers, of themselves and in replies
 *
 * The drivers are built as sandbox builds them. What they want of U-Boot around
 * them is in drive_common.c, and in the file of each driver.
 */

#include "fuzz_drivers.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	fuzz_in = (struct fuzz_input){ data, size };
	memset(&fuzz_descr, 0, sizeof(fuzz_descr));
	switch (fuzz_pick(&fuzz_in, 3)) {
	case 0:
		fuzz_ufs();
		break;
	case 1:
		fuzz_virtio();
		break;
	default:
		fuzz_emmc();
	}
	return 0;
}
