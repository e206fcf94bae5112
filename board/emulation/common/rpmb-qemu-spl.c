// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SPL of QEMU's virt machine
 *
 * QEMU plays the boot ROM: it loads SPL and the control FDT behind it to RAM,
 * and starts it there. SPL loads U-Boot from the eMMC.
 */

#include <cpu_func.h>
#include <dm.h>
#include <hang.h>
#include <init.h>
#include <spl.h>
#include <asm/spl.h>
#include <dm/lists.h>
#include <dm/root.h>

void board_init_f(ulong dummy)
{
	if (spl_early_init())
		hang();
	preloader_console_init();
}

/* This driver is bound by itself in U-Boot only; it has no node in the tree */
void spl_board_init(void)
{
	struct udevice *dev;

	if (device_bind_driver(dm_root(), "arm-rndr", "arm-rndr", &dev))
		puts("SPL: this CPU has no random numbers\n");
}

u32 spl_boot_device(void)
{
	return BOOT_DEVICE_MMC1;
}

void reset_cpu(void)
{
	hang();
}
