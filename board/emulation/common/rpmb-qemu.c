// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPMB board hooks of QEMU's virt machine
 *
 * The host plays the fuses: -fw_cfg name=opt/rpmb/closed,string=1 closes the
 * board, -fw_cfg name=opt/rpmb/huk,file=F gives it a unique key. No fw_cfg at
 * all means closed, too. -fw_cfg name=opt/rpmb/token,file=F
 * brings a service token. The lock binds U-Boot's own code only: QEMU hands the
 * file to whoever asks, so this is no protection but a demonstration.
 *
 * Faults for tests, by files that are just there: with opt/rpmb/lock-fails the
 * unique key cannot be locked, and the hook says so; with opt/rpmb/lock-lies it
 * says that it is locked, and it can still be read.
 */

#include <malloc.h>
#include <qfw.h>
#include <rpmb-board.h>
#include <asm/byteorder.h>

static bool huk_locked;

static int find_file(const char *name, struct udevice **qfw,
		     struct fw_file **file)
{
	if (qfw_get_dev(qfw) || qfw_read_firmware_list(*qfw))
		return -ENODEV;
	*file = qfw_find_file(*qfw, name);
	return *file ? 0 : -ENOENT;
}

/* Return: bytes read, or why not */
static int read_file(struct udevice *qfw, const struct fw_file *file,
		     void *buf, u32 max)
{
	u32 size = be32_to_cpu(file->cfg.size);

	if (size > max)
		return -EMSGSIZE;
	qfw_read_entry(qfw, be16_to_cpu(file->cfg.select), size, buf);
	return size;
}

bool board_rpmb_is_open(void)
{
	struct fw_file *file;
	struct udevice *qfw;

	return find_file("opt/rpmb/closed", &qfw, &file) == -ENOENT;
}

int board_rpmb_huk_get(u8 huk[RPMB_HUK_MAX])
{
	struct fw_file *file;
	struct udevice *qfw;
	int ret;

	if (huk_locked)
		return -EACCES;
	ret = find_file("opt/rpmb/huk", &qfw, &file);
	if (ret)
		return ret == -ENOENT ? -ENOSYS : ret;
	return read_file(qfw, file, huk, RPMB_HUK_MAX);
}

static bool has_file(const char *name)
{
	struct fw_file *file;
	struct udevice *qfw;

	return !find_file(name, &qfw, &file);
}

int board_rpmb_huk_lock(void)
{
	if (has_file("opt/rpmb/lock-fails"))
		return -EIO;
	huk_locked = !has_file("opt/rpmb/lock-lies");
	return 0;
}

int board_rpmb_token(const void **fit, size_t *size)
{
	struct fw_file *file;
	struct udevice *qfw;
	void *buf;
	int ret;

	ret = find_file("opt/rpmb/token", &qfw, &file);
	if (ret)
		return ret;
	buf = memalign(8, RPMB_TOKEN_FIT_MAX);
	if (!buf)
		return -ENOMEM;
	ret = read_file(qfw, file, buf, RPMB_TOKEN_FIT_MAX);
	if (ret < 0) {
		free(buf);
		return ret;
	}
	*fit = buf;
	*size = ret;
	return 0;
}
