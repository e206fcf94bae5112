// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/rpmb: the frame, against frames made by hand
 */

#include <rpmb/frame.h>

#include "host_frame.h"
#include "host_test.h"

HOST_TEST(frame_layout)
{
	struct host_frame f = {
		.type = 0x1234, .result = 0x5678, .count = 0x9abc,
		.addr = 0xdef0, .counter = 0x89abcdef,
	};
	struct rpmb_frame frame;

	host_test_fill(f.nonce, sizeof(f.nonce));
	host_test_fill(f.data, sizeof(f.data));
	host_test_fill(f.mac, sizeof(f.mac));
	host_frame_put((u8 *)&frame, &f);
	CHECK_EQ(rpmb_get16(&frame.req_resp), 0x1234);
	CHECK_EQ(rpmb_get16(&frame.result), 0x5678);
	CHECK_EQ(rpmb_get16(&frame.block_count), 0x9abc);
	CHECK_EQ(rpmb_get16(&frame.addr), 0xdef0);
	CHECK_EQ(rpmb_get32(&frame.write_counter), 0x89abcdef);
	CHECK_MEM(frame.nonce, f.nonce, sizeof(f.nonce));
	CHECK_MEM(frame.data, f.data, sizeof(f.data));
	CHECK_MEM(frame.key_mac, f.mac, sizeof(f.mac));
}

HOST_TEST(frame_put)
{
	struct rpmb_frame frame;
	struct host_frame f;

	memset(&frame, 0xff, sizeof(frame));
	rpmb_frame_init(&frame, RPMB_REQ_READ_DATA);
	rpmb_put16(&frame.addr, 0xfedc);
	rpmb_put16(&frame.block_count, 0x8001);
	rpmb_put16(&frame.result, 0x0102);
	rpmb_put32(&frame.write_counter, 0xfffefdfc);
	host_frame_get(&f, (u8 *)&frame);
	CHECK_EQ(f.type, 4);
	CHECK_EQ(f.addr, 0xfedc);
	CHECK_EQ(f.count, 0x8001);
	CHECK_EQ(f.result, 0x0102);
	CHECK_EQ(f.counter, 0xfffefdfc);
	CHECK_EQ(frame.stuff[0] | f.data[255] | f.nonce[0] | f.mac[31], 0);
}

HOST_TEST(frame_needs_result_read)
{
	struct rpmb_frame frame;
	u32 type;

	for (type = 0; type <= 0xffff; type++) {
		rpmb_frame_init(&frame, type);
		CHECK_EQ(rpmb_frame_needs_result_read(&frame),
			 type == 1 || type == 3);
	}
}

static int want_errno(u32 result)
{
	static const int known[] = {
		0, -EIO, -EACCES, -ESTALE, -ERANGE, -EIO, -EIO, -ENOKEY,
	};

	if (result == 0x80)
		return -EOVERFLOW;
	result &= ~0x80u;
	return result < 8 ? known[result] : -EPROTO;
}

HOST_TEST(frame_result_to_errno)
{
	u32 result;

	for (result = 0; result <= 0xffff; result++)
		CHECK_EQ(rpmb_result_to_errno(result), want_errno(result));
}
