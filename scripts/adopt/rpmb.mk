# SPDX-License-Identifier: GPL-2.0-or-later
#
# RPMB for U-Boot in a Buildroot build: include this from the external.mk of a
# BR2_EXTERNAL tree, unpack the archive that `make dist` has made, and set
#
#	RPMB_OVERLAY = $(BR2_EXTERNAL_<NAME>_PATH)/rpmb-for-u-boot-0.7
#
# before it. The fragments go into the configuration of Buildroot, as files:
#
#	BR2_TARGET_UBOOT_CONFIG_FRAGMENT_FILES="<that folder>/configs/rpmb.config"

define UBOOT_STAGE_RPMB
	sh $(RPMB_OVERLAY)/scripts/stage.sh $(@D)
endef
UBOOT_POST_PATCH_HOOKS += UBOOT_STAGE_RPMB
