// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The UFS device: what SCSI and UFS drivers ask of it beside its RPMB
 */

#include <stdbool.h>
#include <string.h>

#include "host_test.h"
#include "../model/ufs_front.h"

#define LU_BLOCKS	16
#define CHECK_CONDITION	2

static struct ufs_front front;
static struct ufs_front_cmd cmd;
static u8 disk[LU_BLOCKS * UFS_FRONT_LU_BLOCK];
static u8 data[2 * UFS_FRONT_LU_BLOCK];

void host_test_set_up(void)
{
	memset(&front, 0, sizeof(front));
	front.regions = 2;
	front.units = 1;
	front.rw_frames = 8;
	front.spec_version = 0x0310;
	front.lu = disk;
	front.lu_blocks = LU_BLOCKS;
	ufs_front_init(&front);
	ufs_front_power_up(&front);
	front.attention = 0;
}

/* Returns bytes that came, or -1 and the sense data in cmd */
static int run(u8 lun, const u8 cdb[16], u32 len, bool out)
{
	cmd = (struct ufs_front_cmd){
		.lun = lun, .cdb = cdb, .out = out, .data = data, .len = len,
	};
	if (!out)
		memset(data, 0xee, sizeof(data));
	ufs_front_scsi(&front, &cmd);

	return cmd.status == CHECK_CONDITION ? -1 : (int)cmd.done;
}

#define RUN(lun, len, ...) ({ \
		const u8 _cdb[16] = { __VA_ARGS__ }; \
		run(lun, _cdb, len, false); \
	})

static void check_sense(u32 key, u32 asc)
{
	CHECK_EQ(cmd.sense[2], key);
	CHECK_EQ(cmd.sense[12], asc);
}

HOST_TEST(ufs_report_luns)
{
	/* those that are not well known: LUN 0 */
	CHECK_EQ(RUN(0, 256, 0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0), 16);
	CHECK_EQ(data[3], 8);
	CHECK_EQ(data[8], 0);
	/* the well-known ones: REPORT LUNS, boot, RPMB, device */
	CHECK_EQ(RUN(0x81, 256, 0xa0, 0, 1, 0, 0, 0, 0, 0, 1, 0), 40);
	CHECK_MEM(data + 8, "\xc1\x01", 2);
	CHECK_MEM(data + 16, "\xc1\x30", 2);
	CHECK_MEM(data + 24, "\xc1\x44", 2);
	CHECK_MEM(data + 32, "\xc1\x50", 2);
	CHECK_EQ(RUN(0, 256, 0xa0, 0, 2, 0, 0, 0, 0, 0, 1, 0), 48);
	/* as much as there is room for, but the whole length */
	CHECK_EQ(RUN(0, 256, 0xa0, 0, 2, 0, 0, 0, 0, 0, 0, 16), 16);
	CHECK_EQ(data[3], 40);
	CHECK_EQ(RUN(0, 256, 0xa0, 0, 2, 0, 0, 0, 0, 0, 0, 15), -1);
	check_sense(5, 0x24);
	front.regions = 0;
	CHECK_EQ(RUN(0, 256, 0xa0, 0, 1, 0, 0, 0, 0, 0, 1, 0), 32);
}

HOST_TEST(ufs_inquiry)
{
	CHECK_EQ(RUN(0, 256, 0x12, 0, 0, 0, 36), 36);
	CHECK_EQ(data[0], 0);
	CHECK_EQ(RUN(0, 256, 0x12, 0, 0, 1, 0), 36);	/* 256 bytes of room */
	CHECK_EQ(RUN(0, 256, 0x12, 0, 0, 0, 5), 5);
	CHECK_EQ(RUN(0xd0, 256, 0x12, 0, 0, 0, 36), 36);
	CHECK_EQ(data[0], 0x1e);
	CHECK_EQ(RUN(0, 256, 0x12, 0, 0x80, 0, 36), -1);
	check_sense(5, 0x24);
	CHECK_EQ(RUN(1, 256, 0x12, 0, 0, 0, 36), -1);
	check_sense(5, 0x25);
}

HOST_TEST(ufs_vital_data)
{
	u32 i, pages;

	CHECK_EQ(RUN(0, 256, 0x12, 1, 0, 1, 0), 4 + 5);
	pages = data[3];
	CHECK_MEM(data + 4, "\0\x80\x83\xb0\xb1", 5);
	for (i = 0; i < pages; i++) {
		RUN(0, 256, 0x12, 1, 0, 1, 0);
		CHECK(RUN(0, 256, 0x12, 1, data[4 + i], 1, 0) > 4);
		CHECK_EQ(cmd.done, 4u + data[3]);
	}
	CHECK_EQ(RUN(0, 256, 0x12, 1, 0x42, 1, 0), -1);
	check_sense(5, 0x24);
	/* a well-known unit has no blocks */
	CHECK_EQ(RUN(0xc4, 256, 0x12, 1, 0, 1, 0), 4 + 3);
	CHECK_EQ(RUN(0xc4, 256, 0x12, 1, 0xb0, 1, 0), -1);
}

HOST_TEST(ufs_mode_sense)
{
	CHECK_EQ(RUN(0, 256, 0x1a, 0, 0x08, 0, 255), 4 + 20);
	CHECK_EQ(data[0], 3 + 20);
	CHECK_EQ(data[4], 0x08);
	CHECK_EQ(RUN(0, 256, 0x5a, 0, 0x0a, 0, 0, 0, 0, 1, 0), 8 + 12);
	CHECK_EQ(data[1], 6 + 12);
	CHECK_EQ(data[8], 0x0a);
	CHECK_EQ(RUN(0, 256, 0x5a, 0, 0x3f, 0, 0, 0, 0, 1, 0), 8 + 44);
	CHECK_EQ(RUN(0, 256, 0x5a, 0, 0x3f, 0, 0, 0, 0, 0, 4), 4);
	CHECK_EQ(RUN(0, 256, 0x5a, 0, 0x1c, 0, 0, 0, 0, 1, 0), -1);
	check_sense(5, 0x24);
	CHECK_EQ(RUN(0xc4, 256, 0x5a, 0, 0x3f, 0, 0, 0, 0, 1, 0), -1);
	check_sense(5, 0x20);
}

HOST_TEST(ufs_disk)
{
	const u8 write_16[16] = { 0x8a, [9] = 3, [13] = 2 };
	const u8 beyond[16] = { 0x88, [5] = 1, [13] = 1 };

	memset(data, 0x21, sizeof(data));
	CHECK_EQ(run(0, write_16, sizeof(data), true), sizeof(data));
	CHECK_EQ(RUN(0, UFS_FRONT_LU_BLOCK, 0x08, 0, 0, 4, 1),
		 UFS_FRONT_LU_BLOCK);
	CHECK_EQ(data[0], 0x21);
	CHECK_EQ(RUN(0, UFS_FRONT_LU_BLOCK, 0x28, 0, 0, 0, 0, 3, 0, 0, 1),
		 UFS_FRONT_LU_BLOCK);
	CHECK_EQ(data[4095], 0x21);
	CHECK_EQ(run(0, beyond, UFS_FRONT_LU_BLOCK, false), -1);
	check_sense(5, 0x21);
	CHECK_EQ(RUN(0, 32, 0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32),
		 32);
	CHECK_EQ(data[7], LU_BLOCKS - 1);
	CHECK_EQ(RUN(0, 0, 0x35), 0);
	CHECK_EQ(RUN(0, 0, 0x35, 0, 0, 0, 0, 17), -1);
	CHECK_EQ(RUN(0xb0, UFS_FRONT_LU_BLOCK, 0x28, 0, 0, 0, 0, 0, 0, 0, 1), -1);
}

static u32 read_attr(u8 idn)
{
	struct ufs_front_query q = { .opcode = 3, .idn = idn };

	CHECK_EQ(ufs_front_query(&front, &q), 0);

	return q.value;
}

HOST_TEST(ufs_power)
{
	CHECK_EQ(read_attr(2), 0x11);
	CHECK_EQ(RUN(0xd0, 0, 0x1b, 0, 0, 0, 0x20), 0);
	CHECK_EQ(read_attr(2), 0x22);
	CHECK_EQ(RUN(0xc4, 0, 0x1b, 0, 0, 0, 0x10), -1);
	ufs_front_power_up(&front);
	CHECK_EQ(read_attr(2), 0x11);
	/* each unit reports the reset once */
	CHECK_EQ(RUN(0xd0, 0, 0x00), -1);
	check_sense(6, 0x29);
	CHECK_EQ(RUN(0xd0, 0, 0x00), 0);
	CHECK_EQ(RUN(0xc4, 0, 0x00), -1);
}

HOST_TEST(ufs_queries)
{
	struct ufs_front_query q = { .opcode = 4, .idn = 3, .value = 7 };

	CHECK_EQ(ufs_front_query(&front, &q), 0);
	CHECK_EQ(read_attr(3), 7);
	q = (struct ufs_front_query){ .opcode = 4, .idn = 2 };
	CHECK_EQ(ufs_front_query(&front, &q), 0xf7);
	q = (struct ufs_front_query){ .opcode = 3, .idn = UFS_FRONT_ATTRS };
	CHECK_EQ(ufs_front_query(&front, &q), 0xfd);
	q = (struct ufs_front_query){ .opcode = 6, .idn = 4 };
	CHECK_EQ(ufs_front_query(&front, &q), 0);
	q.opcode = 5;
	CHECK_EQ(ufs_front_query(&front, &q), 0);
	CHECK_EQ(q.value, 1);
	q.opcode = 8;
	CHECK_EQ(ufs_front_query(&front, &q), 0);
	CHECK_EQ(q.value, 0);
	/* initialisation is done at once */
	q = (struct ufs_front_query){ .opcode = 6, .idn = 1 };
	CHECK_EQ(ufs_front_query(&front, &q), 0);
	CHECK_EQ(q.value, 0);
}
