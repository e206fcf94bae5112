// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB board hooks of QEMU's virt machine
 *
 * The host plays the fuses: -fw_cfg name=opt/rpmb/closed,string=1 closes the
 * board, -fw_cfg name=opt/rpmb/huk,file=F gives it a unique key. No fw_cfg at
 * all means closed, too. The lock binds U-Boot's own code only: QEMU hands the
 * file to whoever asks, so this is no protection but a demonstration.
 */

#include <qfw.h>
#include <rpmb.h>
#include <rpmb-key.h>
#include <asm/byteorder.h>

static bool huk_locked;

bool board_rpmb_is_open(void)
{
	struct udevice *qfw;

	if (qfw_get_dev(&qfw) || qfw_read_firmware_list(qfw))
		return false;
	return !qfw_find_file(qfw, "opt/rpmb/closed");
}

int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX])
{
	struct fw_file *file;
	struct udevice *qfw;
	u32 size;

	if (huk_locked)
		return -EACCES;
	if (qfw_get_dev(&qfw) || qfw_read_firmware_list(qfw))
		return -ENODEV;
	file = qfw_find_file(qfw, "opt/rpmb/huk");
	if (!file)
		return -ENOSYS;
	size = be32_to_cpu(file->cfg.size);
	if (size > RPMB_HUK_MAX)
		return -EMSGSIZE;
	qfw_read_entry(qfw, be16_to_cpu(file->cfg.select), size, huk);
	return size;
}

int board_rpmb_huk_lock(void)
{
	huk_locked = true;
	return 0;
}
