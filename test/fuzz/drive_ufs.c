// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer of the drivers: UFS descriptors, answers to SECURITY PROTOCOL IN and OUT
 */

#include "../../drivers/rpmb/ufs_rpmb.c"
#include "fuzz_drivers.h"

static struct ufs_hba hba;

/* As the UFS core does: what the device does not send is zero */
int ufshcd_get_desc(struct ufs_hba *h, u8 idn, u8 index,
		    u8 desc[QUERY_DESC_MAX_SIZE])
{
	u8 how = fuzz_u8(&fuzz_in);

	memset(desc, 0, QUERY_DESC_MAX_SIZE);
	if (!how)
		return -ENOENT;
	fuzz_bytes(&fuzz_in, desc, how);
	return 0;
}

int scsi_exec(struct udevice *dev, struct scsi_cmd *cmd)
{
	u8 how = fuzz_u8(&fuzz_in);

	fuzz_must(cmd->datalen <= ((struct ufs_rpmb_priv *)fuzz_priv)->size);
	if (cmd->dma_dir == DMA_FROM_DEVICE)
		fuzz_bytes(&fuzz_in, cmd->pdata,
			   how & 1 ? cmd->datalen : fuzz_pick(&fuzz_in, 32));
	if (how & 0x10)
		cmd->status = fuzz_u8(&fuzz_in);
	if (how & 0x20)
		fuzz_bytes(&fuzz_in, cmd->sense_buf, sizeof(cmd->sense_buf));
	return how < 0x80 ? 0 : how & 2 ? -ETIMEDOUT : -EIO;
}

/* Identifiers are printable, and end where they say */
static void check_ids(void)
{
	const struct rpmb_target_descr *t;
	u32 i, k;

	fuzz_check_descr(RPMB_MAX_TARGETS);
	for (i = 0; i < RPMB_MAX_TARGETS; i++) {
		t = &fuzz_descr.target[i];
		fuzz_must(t->capacity <= 0x80 && fuzz_descr.max_rd);
		fuzz_must(t->dev_id_len < UFS_RPMB_ID_LEN);
		for (k = 0; k < t->dev_id_len; k++)
			fuzz_must(t->dev_id[k] >= ' ' && t->dev_id[k] <= '~');
	}
}

void fuzz_ufs(void)
{
	struct ufs_rpmb_priv *priv = calloc(1, sizeof(*priv));
	u32 n;

	fuzz_priv = priv;
	fuzz_parent_priv = &hba;
	ufs_rpmb_is_there(&fuzz_dev);
	if (!ufs_rpmb_probe(&fuzz_dev)) {
		check_ids();
		for (n = 0; fuzz_in.left && n < FUZZ_EXCHANGES; n++)
			fuzz_exchange(&ufs_rpmb_ops, 0);
		priv->lost = false;
		ufs_rpmb_remove(&fuzz_dev);
	}
	free(priv);
}
