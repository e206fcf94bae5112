// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device-tree node that holds the key providers
 *
 * See doc/device-tree-bindings/rpmb/u-boot,rpmb-keys.yaml
 */

#include <dm.h>

static const struct udevice_id rpmb_keys_match[] = {
	{ .compatible = "u-boot,rpmb-keys" },
	{ }
};

U_BOOT_DRIVER(rpmb_keys) = {
	.name		= "rpmb_keys",
	.id		= UCLASS_NOP,
	.of_match	= rpmb_keys_match,
	.bind		= dm_scan_fdt_dev,
};
