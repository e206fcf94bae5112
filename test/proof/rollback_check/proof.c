// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb_rollback_check(): nothing passes that is lower than what is stored
 *
 * For any block on the device, any location and any index:
 *
 * - 0 is returned only if one authenticated read was successful, the block that it
 *   brought is found sound by check_block(), this location's index is set in it,
 *   and it is not above the one that was asked about.
 * - -EDOM is returned only if it is above, -ENODATA only if it is not set or the
 *   block is blank; neither without such a read, but for a bus that says -EDOM.
 * - If it is read for a change it is one that is sound or blank, and the indexes are
 *   those of the device.
 * - Nothing is written, and no memory but the store's work space.
 */

#include "../rollback.h"

static void note_write(const struct rpmb_rollback_block *b)
{
	claim(false);
}

static void claim_loaded(u32 loc)
{
	u32 n;
	int ret = load(&rb, loc, &n, true);

	if (ret)
		return;
	claim(begun == 1 && reads == 1 && !failed && n == number);
	claim(!judged || judged == -ENODATA);
	claim(stored_set(&rb.block, loc) == stored_set(&device, loc) &&
	      stored_index(&rb.block, loc) == stored_index(&device, loc));
}

void proof(void)
{
	u32 loc = any_location();
	u64 index = nondet_u64();
	bool is_set;
	int ret;

	if (nondet_bool()) {
		claim_loaded(loc);
		return;
	}

	ret = rpmb_rollback_check(&rb, loc, index);

	claim(ret <= 0 && reads <= 1 && begun == 1);
	is_set = stored_set(&device, loc);
	if (!ret) {
		claim(reads && !failed && !judged && is_set);
		claim(index >= stored_index(&device, loc));
	}
	/* the stores' own answer, never the bus's */
	claim(implies(ret == -ENODATA, reads && !failed && !is_set));
	claim(implies(ret == -EDOM && !failed, is_set && !judged &&
		      index < stored_index(&device, loc)));
}
