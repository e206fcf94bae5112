// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_target_is_same(): what tells a target from all others
 *
 * For any two targets with identifiers of any length up to the longest that fits
 * a CID and a byte more:
 *
 * - Nothing is read past an identifier.
 * - Equal targets have the same transport, number and length of identifier, and
 *   each byte of the identifiers is the same, but for product revision and CRC
 *   of an eMMC's CID.
 * - The answer does not depend on which of them comes first.
 */

#include <lib/rpmb/target.c>
#include "../proof.h"

#define LONGEST	(RPMB_CID_SIZE + 1)

static bool is_masked(const struct rpmb_target_id *t, u32 i)
{
	return t->transport == RPMB_KDF_EMMC && t->dev_id_len == RPMB_CID_SIZE &&
	       (i == 9 || i == 15);
}

void proof(void)
{
	u8 a_id[LONGEST], b_id[LONGEST];
	struct rpmb_target_id a, b;
	u32 i = nondet_u32();
	bool same;

	a.transport = nondet_u8();
	a.target = nondet_u8();
	a.dev_id_len = nondet_u16();
	b.transport = nondet_u8();
	b.target = nondet_u8();
	b.dev_id_len = nondet_u16();
	assume(a.dev_id_len <= LONGEST && b.dev_id_len <= LONGEST);
	/* so that what is past its end is past the end of the array */
	a.dev_id = a_id + LONGEST - a.dev_id_len;
	b.dev_id = b_id + LONGEST - b.dev_id_len;

	same = rpmb_target_is_same(&a, &b);

	claim(same == rpmb_target_is_same(&b, &a));
	claim(implies(same, a.transport == b.transport &&
			    a.target == b.target &&
			    a.dev_id_len == b.dev_id_len));
	assume(i < a.dev_id_len);
	claim(implies(same, is_masked(&a, i) || a.dev_id[i] == b.dev_id[i]));
}
