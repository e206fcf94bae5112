// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of the way to a UFS device, on registers that are played here
 *
 * In the sandbox test/model/ufs_sandbox.c takes the place of the functions
 * that use a host controller: here they are built once more, under other
 * names and with other accessors.
 */

/* That of the functions, which are included below */
#define LOG_CATEGORY UCLASS_RPMB

#include <cpu_func.h>
#include <time.h>
#include <dm/test.h>
#include <rpmb/frame.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../../drivers/ufs/ufs.h"

static u32 hc_read(u32 reg);
static void hc_write(u32 val, u32 reg);
static void hc_flush(void);

#undef ufshcd_readl
#undef ufshcd_writel
#define ufshcd_readl(hba, reg)		hc_read(reg)
#define ufshcd_writel(hba, val, reg)	hc_write(val, reg)
#define flush_dcache_range(from, to)	((void)(from), hc_flush())
#define ufs_utp_open			played_utp_open
#define ufs_utp_close			played_utp_close
#define ufs_utp_send			played_utp_send
#define ufs_utp_receive			played_utp_receive
#define ufs_utp_read_desc		played_utp_read_desc
#include "../../drivers/rpmb/ufs_utp.c"

#define FRAMES		2
#define SIZE		(FRAMES * RPMB_FRAME_SIZE)

/* The heap keeps its own notes at both ends of what is free */
#define NOTES		32

enum hc_answer {
	HC_GOOD,
	HC_REFUSES,
	HC_FATAL,
	HC_SILENT,
};

/**
 * struct hc - a host controller, and the memory that it shares with the driver
 *
 * @answer:	what becomes of commands
 * @gives:	a command that asks for data gets so many bytes
 * @status:	interrupt status register
 * @bell:	doorbell register
 * @seen:	data that a command had
 * @torn:	at some time a request had its type, but not its key any more
 */
static struct hc {
	enum hc_answer answer;
	u32 gives;
	u32 status;
	u32 bell;
	u8 seen[SIZE];
	bool torn;
	struct ufs_hba hba;
	struct utp_transfer_req_desc utrd;
	struct utp_transfer_cmd_desc ucd;
	struct ufs_utp utp;
} hc;

static const u8 cdb[UFS_UTP_CDB_SIZE] = { 0xb5, 0xec };
static struct rpmb_frame request[FRAMES];
static u8 back[SIZE];

static u32 hc_read(u32 reg)
{
	if (reg != REG_UTP_TRANSFER_REQ_DOOR_BELL)
		return hc.status;
	/* nobody wants to wait for that long */
	if (hc.bell)
		timer_test_add_offset(1000);
	return hc.bell;
}

static void hc_command(void)
{
	u8 *rsp = hc.ucd.response_upiu;

	memcpy(hc.seen, hc.utp.buf, SIZE);
	if (hc.answer == HC_FATAL)
		hc.status |= DEVICE_FATAL_ERROR;
	if (hc.answer == HC_FATAL || hc.answer == HC_SILENT)
		return;
	if (le32_to_cpu(hc.utrd.header.dword_0) & UTRD_DATA_IN)
		memset(hc.utp.buf, 0x77, hc.gives);
	rsp[AT_TYPE] = UPIU_RESPONSE;
	rsp[AT_STATUS] = hc.answer == HC_REFUSES ? STATUS_CHECK_CONDITION :
						   STATUS_GOOD;
	hc.utrd.header.dword_2 = cpu_to_le32(OCS_GOOD);
	hc.status |= UTP_TRANSFER_REQ_COMPL;
	hc.bell = 0;
}

static void hc_write(u32 val, u32 reg)
{
	if (reg == REG_INTERRUPT_STATUS) {
		hc.status &= ~val;
	} else if (reg == REG_UTP_TRANSFER_REQ_DOOR_BELL) {
		hc.bell |= val;
		hc_command();
	}
}

/* What the controller can see from now on: no request that lacks its key */
static void hc_flush(void)
{
	const struct rpmb_frame *frame = (struct rpmb_frame *)hc.utp.buf;

	if (rpmb_get16(&frame->req_resp) == RPMB_REQ_PROGRAM_KEY &&
	    memcmp(frame->key_mac, request->key_mac, RPMB_KEY_SIZE))
		hc.torn = true;
}

static int power_up(struct unit_test_state *uts, enum hc_answer answer)
{
	struct udevice ufs = { .uclass_priv_ = &hc.hba };

	memset(&hc, 0, sizeof(hc));
	hc.answer = answer;
	hc.hba.utrdl = &hc.utrd;
	hc.hba.ucdl = &hc.ucd;
	hc.hba.ucd_req_ptr = (struct utp_upiu_req *)hc.ucd.command_upiu;
	hc.hba.ucd_rsp_ptr = (struct utp_upiu_rsp *)hc.ucd.response_upiu;
	hc.hba.ucd_prdt_ptr = hc.ucd.prd_table;
	ut_assertok(ufs_utp_open(&hc.utp, &ufs, SIZE));
	memset(hc.utp.buf, 0x99, SIZE);

	rpmb_frame_init(request, RPMB_REQ_PROGRAM_KEY);
	rpmb_conformance_key(RPMB_CONFORMANCE_KEY, request->key_mac);
	rpmb_conformance_fill(request[1].data, RPMB_BLOCK_SIZE, 3);

	return 0;
}

static bool is_zero(const u8 *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/* Whatever becomes of a command: its data do not stay where devices read */
static int dm_test_rpmb_utp_wipe_sent(struct unit_test_state *uts)
{
	static const struct {
		enum hc_answer answer;
		int err;
	} rows[] = {
		{ HC_GOOD, 0 },
		{ HC_REFUSES, -EIO },
		{ HC_FATAL, -EIO },
		{ HC_SILENT, -ETIMEDOUT },
	};
	int i, frames;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (frames = 1; frames <= FRAMES; frames++) {
			ut_assertok(power_up(uts, rows[i].answer));
			ut_asserteq(rows[i].err,
				    ufs_utp_send(&hc.utp, 0xc4, cdb, request,
						 frames * RPMB_FRAME_SIZE));
			ut_asserteq_mem(request, hc.seen,
					frames * RPMB_FRAME_SIZE);
			ut_assert(is_zero(hc.utp.buf, SIZE));
			ut_asserteq(false, hc.torn);
			hc.bell = 0;
			ufs_utp_close(&hc.utp);
		}
	}

	return 0;
}
DM_TEST(dm_test_rpmb_utp_wipe_sent, 0);

/* What a device does not fill reads as zero, not as what was there before */
static int dm_test_rpmb_utp_wipe_received(struct unit_test_state *uts)
{
	ut_assertok(power_up(uts, HC_GOOD));
	hc.gives = SIZE;
	ut_assertok(ufs_utp_receive(&hc.utp, 0xc4, cdb, back, SIZE));
	ut_asserteq(0x77, back[0]);
	ut_asserteq(0x77, back[SIZE - 1]);
	hc.gives = 1;
	ut_assertok(ufs_utp_receive(&hc.utp, 0xc4, cdb, back, SIZE));
	ut_asserteq(0x77, back[0]);
	ut_assert(is_zero(back + 1, SIZE - 1));
	ufs_utp_close(&hc.utp);

	return 0;
}
DM_TEST(dm_test_rpmb_utp_wipe_received, 0);

/* The buffer is wiped in the end, and not given away while it may be used */
static int dm_test_rpmb_utp_wipe_closed(struct unit_test_state *uts)
{
	u8 *buf;

	ut_assertok(power_up(uts, HC_GOOD));
	buf = hc.utp.buf;
	ufs_utp_close(&hc.utp);
	ut_assertnull(hc.utp.buf);
	ut_assert(is_zero(buf + NOTES, SIZE - 2 * NOTES));

	ut_assertok(power_up(uts, HC_SILENT));
	buf = hc.utp.buf;
	ut_asserteq(-ETIMEDOUT, ufs_utp_send(&hc.utp, 0xc4, cdb, request, SIZE));
	memset(buf, 0x99, SIZE);
	ufs_utp_close(&hc.utp);
	ut_assertnull(hc.utp.buf);
	ut_assert(is_zero(buf, SIZE));
	/* it is still ours: the heap would have written its notes into it */
	free(buf);
	ut_assert(!is_zero(buf, SIZE));

	return 0;
}
DM_TEST(dm_test_rpmb_utp_wipe_closed, 0);
