/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Android Verified Boot: rollback indexes, values and lock state in an RPMB
 *
 * U-Boot's own files include this one, and builds without RPMB as well: it
 * must need nothing of the stack.
 */

#ifndef _RPMB_AVB_H
#define _RPMB_AVB_H

#include <linux/kconfig.h>
#include <linux/types.h>

struct AvbOps;
struct cmd_tbl;

/* The operations of the 'avb' command, from 'avb init' on */
extern struct AvbOps *avb_ops;

#if CONFIG_IS_ENABLED(RPMB_ROLLBACK_AVB)
/**
 * rpmb_avb_ops() - serve libavb from the RPMB that the control tree names
 *
 * Sets read_rollback_index, write_rollback_index, read_is_device_unlocked,
 * read_persistent_value and write_persistent_value. There is nothing that they
 * fall back to: without a node "u-boot,rpmb-rollback" they fail.
 *
 * @ops:	operations
 */
void rpmb_avb_ops(struct AvbOps *ops);

/**
 * rpmb_avb_set_unlocked() - change the lock state
 *
 * @unlocked:	new state
 * Return: 0; -EPERM to be unlocked, but the board is closed; -EINVAL the
 *	control tree has no node, or a wrong one; -EKEYREVOKED the boot ratchet
 *	has turned; else as rpmb_policy_device() and rpmb_data_write()
 */
int rpmb_avb_set_unlocked(bool unlocked);

/**
 * rpmb_avb_verify_rest() - verify what 'avb verify' does not ask for
 *
 * libavb verifies the partitions that it is asked for, and the command asks for
 * "boot". Here all others follow that the slot's vbmeta describes by a hash. Says
 * what is wrong.
 *
 * @ops:	operations
 * @suffix:	the slot's suffix
 * Return: 0; -EBADMSG
 */
int rpmb_avb_verify_rest(struct AvbOps *ops, const char *suffix);

/**
 * rpmb_avb_commit() - raise the indexes to what verified slots hold
 *
 * Every slot is verified, as if the device were locked. Then each location is
 * advanced to the lowest index that any of these slots has there: all of them
 * can still be booted. Says what is wrong.
 *
 * @ops:	operations
 * @count:	slots; at least as many as the control tree asks for
 * @suffixes:	their suffixes, such as "_a"
 * Return: 0; -EINVAL too few slots, one twice, or the control tree has no node
 *	or a wrong one; -EBADMSG a slot was not verified; -EKEYREVOKED the boot ratchet
 *	has turned; else as rpmb_policy_advance()
 */
int rpmb_avb_commit(struct AvbOps *ops, int count, char *const suffixes[]);

/**
 * rpmb_avb_commit_ab() - commit the slots that Android's A/B metadata let boot
 *
 * As rpmb_avb_commit() of all slots that may be booted, once one of them is
 * marked successful. Says what is wrong, or that there is nothing to commit.
 *
 * @ops:	operations, which read the metadata, too
 * @partition:	where they are, "misc" as a rule
 * Return: 0; 1 no slot is marked successful yet: there was nothing to do; -EIO,
 *	-EBADMSG, -EPROTONOSUPPORT no metadata, see rpmb_ab_parse(); -ENOSYS not
 *	built in (CONFIG_RPMB_ROLLBACK_AB); else as rpmb_avb_commit()
 */
int rpmb_avb_commit_ab(struct AvbOps *ops, const char *partition);

/** sandbox_rpmb_avb_reset() - for tests: forget all, as after a reset */
void sandbox_rpmb_avb_reset(void);

/* 'avb lock', 'avb unlock', 'avb commit', 'avb commit_ab' */
int do_avb_lock(struct cmd_tbl *cmdtp, int flag, int argc, char *const argv[]);
int do_avb_commit(struct cmd_tbl *cmdtp, int flag, int argc,
		  char *const argv[]);
int do_avb_commit_ab(struct cmd_tbl *cmdtp, int flag, int argc,
		     char *const argv[]);
#else
static inline void rpmb_avb_ops(struct AvbOps *ops)
{
}

static inline int rpmb_avb_verify_rest(struct AvbOps *ops, const char *suffix)
{
	return 0;
}
#endif

#endif /* _RPMB_AVB_H */
