// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer of the drivers: an eMMC's EXT_CSD, and what it answers to commands
 */

#include "../../drivers/rpmb/emmc_rpmb.c"
#include "fuzz_drivers.h"

static struct mmc card;
static u8 ext_csd[MMC_MAX_BLOCK_LEN];

static int answer(void)
{
	u8 how = fuzz_u8(&fuzz_in);

	return how < 0xe0 ? 0 : how & 1 ? -ETIMEDOUT : -EIO;
}

int mmc_send_cmd(struct mmc *mmc, struct mmc_cmd *cmd, struct mmc_data *data)
{
	if (data && data->flags == MMC_DATA_READ)
		fuzz_bytes(&fuzz_in, data->dest,
			   data->blocks * data->blocksize);
	return answer();
}

int mmc_poll_for_busy(struct mmc *mmc, int timeout_ms)
{
	return answer();
}

int mmc_send_stop_transmission(struct mmc *mmc, bool write)
{
	return answer();
}

int mmc_rpmb_claim(struct mmc *mmc)
{
	return answer();
}

int mmc_rpmb_release(struct mmc *mmc)
{
	return answer();
}

int mmc_init(struct mmc *mmc)
{
	mmc->cid[3] ^= fuzz_u8(&fuzz_in) == 0xff;
	return answer();
}

int mmc_getcd(struct mmc *mmc)
{
	return 1;
}

int mmc_get_op_cond(struct mmc *mmc, bool quiet)
{
	return 0;
}

int mmc_get_b_max(struct mmc *mmc, void *dst, lbaint_t blkcnt)
{
	return 1 + fuzz_u16(&fuzz_in);
}

struct mmc *mmc_get_mmc_dev(const struct udevice *dev)
{
	return &card;
}

void fuzz_emmc(void)
{
	struct emmc_rpmb_priv *priv = calloc(1, sizeof(*priv));
	u32 n, max;

	fuzz_priv = priv;
	fuzz_bytes(&fuzz_in, &ext_csd[160], 64);
	card.ext_csd = fuzz_u8(&fuzz_in) & 0x80 ? NULL : ext_csd;
	if (!emmc_rpmb_probe(&fuzz_dev)) {
		fuzz_check_descr(1);
		max = fuzz_descr.max_wr;
		fuzz_must(max == fuzz_descr.max_rd || max == 1 || max == 2 ||
			  max == 32);
		for (n = 0; fuzz_in.left && n < FUZZ_EXCHANGES; n++) {
			if (emmc_rpmb_claim_bus(&fuzz_dev))
				continue;
			fuzz_exchange(&emmc_rpmb_ops, 1);
			emmc_rpmb_release_bus(&fuzz_dev);
		}
	}
	free(priv);
}
