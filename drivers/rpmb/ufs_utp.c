// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One command at a time through a UFS host controller, without guessing
 *
 * JESD223 (UFSHCI): the UTP transfer request descriptor (UTRD), the
 * doorbell and the overall command status. JESD220 section 10: UPIUs, here
 * as bytes at the offsets of that text.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <cpu_func.h>
#include <dm.h>
#include <log.h>
#include <memalign.h>
#include <rpmb/mac.h>
#include <time.h>
#include <asm/cache.h>
#include <asm/unaligned.h>
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <u-boot/schedule.h>
#include "../ufs/ufs.h"
#include "ufs_utp.h"

/* The core prepares one request slot and uses no other */
#define SLOT			BIT(0)

/* UTRD double word 0 */
#define UTRD_UFS_STORAGE	BIT(28)
#define UTRD_DATA_IN		BIT(26)
#define UTRD_DATA_OUT		BIT(25)
#define UTRD_INTERRUPT		BIT(24)

/* UTRD double word 2, where the controller leaves its verdict */
#define OCS_MASK		0xf
#define OCS_GOOD		0x0
#define OCS_PENDING		0xf

/* Device, host controller or system bus have failed for good */
#define FATAL			(DEVICE_FATAL_ERROR | CONTROLLER_FATAL_ERROR | \
				 SYSTEM_BUS_FATAL_ERROR)

/* How long the completion status may come after the doorbell has cleared */
#define LAG_US			1000

/* UPIUs */
#define UPIU_COMMAND		0x01
#define UPIU_QUERY		0x16
#define UPIU_RESPONSE		0x21
#define UPIU_QUERY_RESPONSE	0x36
#define UPIU_FLAG_IN		0x40
#define UPIU_FLAG_OUT		0x20
#define UPIU_SIZE		32

#define AT_TYPE			0
#define AT_FLAGS		1
#define AT_LUN			2
#define AT_QUERY_FUNCTION	5
#define AT_RESPONSE		6
#define AT_STATUS		7
#define AT_SEGMENT_LEN		10
#define AT_TRANSFER_LEN		12
#define AT_CDB			16
#define AT_OPCODE		12
#define AT_IDN			13
#define AT_INDEX		14
#define AT_DESC_LEN		18
#define AT_SEGMENT		32	/* descriptor, or length of sense data */
#define AT_SENSE		34

#define QUERY_READ		0x01
#define OPCODE_READ_DESC	0x01
#define QUERY_NO_INDEX		0xfc
#define QUERY_NO_IDN		0xfd

/* SCSI */
#define STATUS_GOOD		0x00
#define STATUS_CHECK_CONDITION	0x02
#define SENSE_FIXED		0x70
#define SENSE_MIN		14
#define KEY_UNIT_ATTENTION	0x6
#define ASC_RESET		0x29

static void flush_range(const void *start, size_t len)
{
	ulong from = ALIGN_DOWN((ulong)start, ARCH_DMA_MINALIGN);

	flush_dcache_range(from, ALIGN((ulong)start + len, ARCH_DMA_MINALIGN));
}

static void invalidate_range(const void *start, size_t len)
{
	ulong from = ALIGN_DOWN((ulong)start, ARCH_DMA_MINALIGN);

	invalidate_dcache_range(from,
				ALIGN((ulong)start + len, ARCH_DMA_MINALIGN));
}

static bool is_busy(struct ufs_hba *hba)
{
	return ufshcd_readl(hba, REG_UTP_TRANSFER_REQ_DOOR_BELL) & SLOT;
}

static int wait_idle(struct ufs_hba *hba)
{
	ulong start = get_timer(0);

	while (is_busy(hba)) {
		if (ufshcd_readl(hba, REG_INTERRUPT_STATUS) & FATAL)
			return -EIO;
		if (get_timer(start) > CONFIG_RPMB_UFS_TIMEOUT_MS)
			return is_busy(hba) ? -ETIMEDOUT : 0;
		schedule();
	}

	return 0;
}

/* The core takes a completion left over for that of its own next command */
static void take_completion(struct ufs_hba *hba)
{
	int i;

	for (i = 0; i < LAG_US; i++) {
		if (ufshcd_readl(hba, REG_INTERRUPT_STATUS) &
		    UTP_TRANSFER_REQ_COMPL)
			break;
		udelay(1);
	}
	ufshcd_writel(hba, UTP_TRANSFER_REQ_COMPL, REG_INTERRUPT_STATUS);
}

/* Until the slot is free nothing that the controller uses may change */
static int begin(struct ufs_utp *utp)
{
	int ret;

	ret = wait_idle(utp->hba);
	if (ret) {
		log_err("UFS host controller is busy with an earlier command\n");
		return ret;
	}
	memset(utp->hba->ucd_req_ptr, '\0', ALIGNED_UPIU_SIZE);
	memset(utp->hba->ucd_rsp_ptr, '\0', ALIGNED_UPIU_SIZE);
	if (utp->buf)
		rpmb_wipe(utp->buf, utp->size);

	return 0;
}

static int begin_data(struct ufs_utp *utp, u32 len)
{
	if (!len || len > utp->size)
		return -EINVAL;

	return begin(utp);
}

static void fill_request(struct ufs_hba *hba, u32 direction, int entries)
{
	struct utp_transfer_req_desc *utrd = hba->utrdl;

	utrd->header.dword_0 = cpu_to_le32(UTRD_UFS_STORAGE | UTRD_INTERRUPT |
					   direction);
	utrd->header.dword_1 = 0;
	utrd->header.dword_2 = cpu_to_le32(OCS_PENDING);
	utrd->header.dword_3 = 0;
	utrd->prd_table_length = cpu_to_le16(entries);
	flush_range(utrd, sizeof(*utrd));
	flush_range(hba->ucdl, sizeof(*hba->ucdl));
}

static int run(struct ufs_hba *hba)
{
	u32 ocs;
	int ret;

	/* What is in the status now is of the past */
	ufshcd_writel(hba, ufshcd_readl(hba, REG_INTERRUPT_STATUS),
		      REG_INTERRUPT_STATUS);
	ufshcd_writel(hba, SLOT, REG_UTP_TRANSFER_REQ_DOOR_BELL);
	ret = wait_idle(hba);
	if (ret) {
		log_err("UFS command: %s\n", ret == -ETIMEDOUT ?
			"no answer in time" : "fatal error of the controller");
		return ret;
	}
	take_completion(hba);

	invalidate_range(hba->utrdl, sizeof(*hba->utrdl));
	invalidate_range(hba->ucd_rsp_ptr, ALIGNED_UPIU_SIZE);
	ocs = le32_to_cpu(hba->utrdl->header.dword_2) & OCS_MASK;
	if (ocs != OCS_GOOD) {
		log_err("UFS command: host controller status %x\n", ocs);
		return -EIO;
	}

	return 0;
}

static int judge_sense(const u8 *rsp, u8 opcode)
{
	const u8 *sense = rsp + AT_SENSE;
	u8 key = sense[2] & 0xf, asc = sense[12], ascq = sense[13];

	if (get_unaligned_be16(rsp + AT_SEGMENT) < SENSE_MIN ||
	    (sense[0] & 0x7f) != SENSE_FIXED) {
		log_err("SCSI command %02x refused, no sense data\n", opcode);
		return -EIO;
	}
	if (key == KEY_UNIT_ATTENTION && asc == ASC_RESET)
		return -EAGAIN;
	log_err("SCSI command %02x refused, sense %x/%02x/%02x\n", opcode, key,
		asc, ascq);

	return -EIO;
}

static int judge_scsi(const struct ufs_hba *hba, u8 opcode)
{
	const u8 *rsp = (const u8 *)hba->ucd_rsp_ptr;

	if (rsp[AT_TYPE] != UPIU_RESPONSE || rsp[AT_RESPONSE]) {
		log_err("SCSI command %02x: UPIU %02x, response %02x\n", opcode,
			rsp[AT_TYPE], rsp[AT_RESPONSE]);
		return -EIO;
	}
	if (rsp[AT_STATUS] == STATUS_CHECK_CONDITION)
		return judge_sense(rsp, opcode);
	if (rsp[AT_STATUS] != STATUS_GOOD) {
		log_err("SCSI command %02x: status %02x\n", opcode,
			rsp[AT_STATUS]);
		return -EIO;
	}

	return 0;
}

/* A controller that reaches the core's descriptors reaches the buffer too */
static void fill_data(struct ufs_utp *utp, u32 len)
{
	struct ufshcd_sg_entry *prd = utp->hba->ucd_prdt_ptr;
	u64 addr = (uintptr_t)utp->buf;

	prd->base_addr = cpu_to_le32(lower_32_bits(addr));
	prd->upper_addr = cpu_to_le32(upper_32_bits(addr));
	prd->reserved = 0;
	prd->size = cpu_to_le32(len - 1);
	flush_range(utp->buf, len);
}

static int scsi(struct ufs_utp *utp, u8 lun, const u8 *cdb, bool out, u32 len)
{
	u8 *req = (u8 *)utp->hba->ucd_req_ptr;
	int ret;

	req[AT_TYPE] = UPIU_COMMAND;
	req[AT_FLAGS] = out ? UPIU_FLAG_OUT : UPIU_FLAG_IN;
	req[AT_LUN] = lun;
	put_unaligned_be32(len, req + AT_TRANSFER_LEN);
	memcpy(req + AT_CDB, cdb, UFS_UTP_CDB_SIZE);
	fill_data(utp, len);
	fill_request(utp->hba, out ? UTRD_DATA_OUT : UTRD_DATA_IN, 1);
	ret = run(utp->hba);
	if (ret)
		return ret;

	return judge_scsi(utp->hba, cdb[0]);
}

/*
 * A controller that has not answered may be reading still, and nobody tells it
 * to stop. It reads upwards, so a request is taken away from its end on, which
 * is where its type is: one that lost its key and kept its type would program
 * zeroes, for ever. What it then may read instead is no request at all.
 */
static void wipe_backwards(u8 *buf, u32 len)
{
	u32 at = ALIGN(len, ARCH_DMA_MINALIGN);

	while (at) {
		at -= ARCH_DMA_MINALIGN;
		rpmb_wipe(buf + at, min_t(u32, len - at, ARCH_DMA_MINALIGN));
		flush_range(buf + at, ARCH_DMA_MINALIGN);
	}
}

int ufs_utp_send(struct ufs_utp *utp, u8 lun, const u8 cdb[UFS_UTP_CDB_SIZE],
		 const void *data, u32 len)
{
	int ret;

	ret = begin_data(utp, len);
	if (ret)
		return ret;
	memcpy(utp->buf, data, len);
	ret = scsi(utp, lun, cdb, true, len);
	wipe_backwards(utp->buf, len);

	return ret;
}

int ufs_utp_receive(struct ufs_utp *utp, u8 lun,
		    const u8 cdb[UFS_UTP_CDB_SIZE], void *data, u32 len)
{
	int ret;

	ret = begin_data(utp, len);
	if (ret)
		return ret;
	ret = scsi(utp, lun, cdb, false, len);
	if (ret)
		return ret;
	invalidate_range(utp->buf, len);
	memcpy(data, utp->buf, len);

	return 0;
}

static int judge_query(const struct ufs_hba *hba)
{
	const u8 *rsp = (const u8 *)hba->ucd_rsp_ptr;

	if (rsp[AT_TYPE] != UPIU_QUERY_RESPONSE)
		return -EIO;
	switch (rsp[AT_RESPONSE]) {
	case 0:
		return 0;
	case QUERY_NO_INDEX:
	case QUERY_NO_IDN:
		return -ENOENT;
	default:
		return -EIO;
	}
}

int ufs_utp_read_desc(struct ufs_utp *utp, u8 idn, u8 index,
		      u8 desc[UFS_UTP_DESC_SIZE])
{
	u8 *req = (u8 *)utp->hba->ucd_req_ptr;
	const u8 *rsp = (const u8 *)utp->hba->ucd_rsp_ptr;
	u32 len;
	int ret;

	ret = begin(utp);
	if (ret)
		return ret;
	req[AT_TYPE] = UPIU_QUERY;
	req[AT_QUERY_FUNCTION] = QUERY_READ;
	req[AT_OPCODE] = OPCODE_READ_DESC;
	req[AT_IDN] = idn;
	req[AT_INDEX] = index;
	put_unaligned_be16(UFS_UTP_DESC_SIZE, req + AT_DESC_LEN);
	fill_request(utp->hba, 0, 0);
	ret = run(utp->hba);
	if (!ret)
		ret = judge_query(utp->hba);
	if (ret)
		return ret;

	len = min_t(u32, get_unaligned_be16(rsp + AT_SEGMENT_LEN),
		    UFS_UTP_DESC_SIZE);
	memset(desc, '\0', UFS_UTP_DESC_SIZE);
	memcpy(desc, rsp + AT_SEGMENT, len);

	return len >= 2 && desc[1] == idn ? 0 : -EPROTO;
}

int ufs_utp_open(struct ufs_utp *utp, struct udevice *ufs, u32 size)
{
	utp->hba = dev_get_uclass_priv(ufs);
	utp->size = size;
	utp->buf = NULL;
	if (!size)
		return 0;
	utp->buf = malloc_cache_aligned(size);

	return utp->buf ? 0 : -ENOMEM;
}

void ufs_utp_close(struct ufs_utp *utp)
{
	if (!utp->buf)
		return;
	rpmb_wipe(utp->buf, utp->size);
	flush_range(utp->buf, utp->size);
	if (!is_busy(utp->hba))
		free(utp->buf);
	utp->buf = NULL;
}
