// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB board hook of QEMU's virt machine
 *
 * The host plays the fuse: -fw_cfg name=opt/rpmb/closed,string=1 closes the
 * board. No fw_cfg at all means closed, too.
 */

#include <qfw.h>
#include <rpmb.h>

bool board_rpmb_is_open(void)
{
	struct udevice *qfw;

	if (qfw_get_dev(&qfw) || qfw_read_firmware_list(qfw))
		return false;
	return !qfw_find_file(qfw, "opt/rpmb/closed");
}
