// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_ab_parse(): A/B metadata that anybody can have written
 *
 * For any bytes, and any checksum:
 *
 * - 0 is returned only if magic and checksum are right, the checksum of all bytes
 *   before it, in a version that is known, with no more slots than there is room
 *   for.
 * - A slot that is not there, or that dm-verity has found corrupted, is not
 *   bootable; one is successful only if it is bootable and is marked so.
 * - A slot that AOSP or U-Boot could boot is bootable: it is marked successful, or
 *   has tries left, or was chosen last.
 * - Nothing is read past the metadata; after a refusal nothing is said.
 */

#include "../uboot.h"
#include <boot/rpmb/ab.c>
#include "../proof.h"

static u8 buf[RPMB_AB_SIZE];
static u32 checksum;

u32 crc32(u32 crc, const unsigned char *from, uint len)
{
	claim(!crc && from == buf && len == RPMB_AB_SIZE - 4);
	checksum = nondet_u32();
	return checksum;
}

/* A slot's two bytes: priority 4 bits, tries 3, successful 1; corrupted 1 */
static bool could_boot(u32 slot)
{
	u8 low = buf[12 + 2 * slot], high = buf[13 + 2 * slot];

	if (slot >= (buf[9] & 7) || (high & 1))
		return false;
	return low >> 7 || (low >> 4 & 7) ||
		(buf[0] == '_' && buf[1] == 'a' + slot);
}

void proof(void)
{
	struct rpmb_ab ab, before;
	u32 slot = nondet_u32();
	int ret;

	__CPROVER_havoc_object(buf);
	assume(slot < 8);
	before = ab;

	ret = rpmb_ab_parse(buf, &ab);

	claim(!ret || ret == -EBADMSG || ret == -EPROTONOSUPPORT);
	if (ret) {
		claim(ab.bootable == before.bootable &&
		      ab.successful == before.successful);
		return;
	}
	claim(!memcmp(buf + 4, "BCAB", 4));
	claim(buf[8] <= 1 && (buf[9] & 7) <= RPMB_AB_SLOTS);
	claim((buf[28] | buf[29] << 8 | buf[30] << 16 |
	       (u32)buf[31] << 24) == checksum);
	claim((ab.bootable >> slot & 1) == could_boot(slot));
	claim((ab.successful >> slot & 1) ==
	      (could_boot(slot) && buf[12 + 2 * slot] >> 7));
}
