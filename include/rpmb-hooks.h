/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of the RPMB stack that U-Boot's own files call
 *
 * Builds without RPMB include this header, and so do the files that mkimage is
 * made from. So it includes nothing of the stack, and has an empty function for
 * each one that is not configured.
 *
 * rpmb_ratchet...	wipe and lock the keys before anything else runs
 * rpmb_start...	may code be started? With a rollback policy only what the
 *			policy let pass. These are there with every CONFIG_RPMB:
 *			a U-Boot without the check starts nothing if there is a
 *			policy
 * rpmb_fit...		what U-Boot's FIT code asks the rollback policy: they are in
 *			rpmb-hooks-fit.h, which this header brings
 * rpmb_avb...		Android Verified Boot with indexes, values and lock state in
 *			an RPMB
 * rpmb_handover()	what the operating system is told
 */

#ifndef _RPMB_HOOKS_H
#define _RPMB_HOOKS_H

#ifndef USE_HOSTCC
#include <linux/kconfig.h>
#include <linux/types.h>
#endif
#include <rpmb-hooks-fit.h>

struct AvbOps;
struct bootm_headers;
struct cmd_tbl;

#ifndef USE_HOSTCC	/* mkimage starts nothing */
#if CONFIG_IS_ENABLED(RPMB)
/**
 * rpmb_ratchet() - wipe all keys and lock the unique key
 *
 * U-Boot turns the ratchet before anything runs that is not authenticated, and
 * before every hand-over: bootm, EFI StartImage, go, bootelf, bootvx, the jump
 * from SPL, reset. On a closed board that is before the first script, see
 * doc/develop/rpmb/security.rst. From then on every use of a key returns
 * -EKEYREVOKED, until the next reset. A second call does nothing. On a closed
 * board whose unique key can still be read after it has been locked, this does not
 * return.
 */
void rpmb_ratchet(void);

/**
 * rpmb_before_scripts() - boot policy, before the first script runs
 *
 * On a closed board the ratchet turns, unless all scripts are built in: then
 * rpmb_ratchet_prompt() turns it.
 */
void rpmb_before_scripts(void);

/**
 * rpmb_may_resize() - may an eMMC be told another size of its RPMB?
 *
 * Prints why not.
 *
 * Return: true on an open board
 */
bool rpmb_may_resize(void);

/** rpmb_ratchet_prompt() - before a prompt: turn the ratchet on a closed board */
void rpmb_ratchet_prompt(void);
#else
static inline void rpmb_ratchet(void)
{
}

static inline void rpmb_before_scripts(void)
{
}

static inline bool rpmb_may_resize(void)
{
	return true;
}

static inline void rpmb_ratchet_prompt(void)
{
}
#endif

#if !defined(CONFIG_XPL_BUILD) && CONFIG_IS_ENABLED(RPMB)
/**
 * rpmb_start_check() - may code be started that came from anywhere?
 *
 * Everything that starts code calls this, except bootm, before it copies anything
 * to its place. Without a node for the policy the answer is always yes. With it
 * the answer is yes once, when bootm hands over to what it has verified. Prints why
 * not.
 *
 * @what:	the command, or another word for what is to be started
 * Return: 0; -EACCES
 */
int rpmb_start_check(const char *what);

/**
 * rpmb_start_check_steps() - may bootm go through these steps at all?
 *
 * Called before the first step. It refuses steps after which somebody could change
 * what was checked, between two commands. Prints why not.
 *
 * @states:	BOOTM_STATE_... that are gone through in one go
 * Return: 0; -EACCES
 */
int rpmb_start_check_steps(int states);

/**
 * rpmb_start_check_boot() - may what bootm has found be loaded and started?
 *
 * Called before anything is copied to its place. Images of a FIT were checked
 * when they were found; with the policy on, all images must be from a FIT.
 * Prints why not.
 *
 * @images:	kernel, ramdisk and device tree
 * @states:	BOOTM_STATE_... that are gone through in one go
 * Return: 0; -EACCES
 */
int rpmb_start_check_boot(const struct bootm_headers *images, int states);

/**
 * rpmb_start_check_format() - may an image be used that is no FIT?
 *
 * Images in the old format and Android images have no signature that could be
 * checked here, and U-Boot believes them when they say where their parts go.
 * Prints why not.
 *
 * @img:	image, which may be anything
 * Return: 0; -EACCES
 */
int rpmb_start_check_format(const void *img);

/**
 * rpmb_start_check_script() - may 'source' look at what is there?
 *
 * rpmb_fit_check() checks a script of a FIT afterwards. Prints why not.
 *
 * Return: 0; -EACCES this U-Boot has no such check
 */
int rpmb_start_check_script(void);

/**
 * rpmb_start_pass() - bootm hands over to what it has verified
 *
 * @pass:	true: the next rpmb_start_check() says yes; false: none does
 */
void rpmb_start_pass(bool pass);
#else
static inline int rpmb_start_check(const char *what)
{
	return 0;
}

static inline int rpmb_start_check_steps(int states)
{
	return 0;
}

static inline int rpmb_start_check_boot(const struct bootm_headers *images,
					int states)
{
	return 0;
}

static inline int rpmb_start_check_format(const void *img)
{
	return 0;
}

static inline int rpmb_start_check_script(void)
{
	return 0;
}

static inline void rpmb_start_pass(bool pass)
{
}
#endif

#ifdef CONFIG_XPL_BUILD
#include <linux/libfdt.h>

/**
 * rpmb_start_xpl_refuses() - has this phase a policy, and no check?
 *
 * @fdt:	its control FDT
 * Return: true if it must not jump to what it has loaded
 */
static inline bool rpmb_start_xpl_refuses(const void *fdt)
{
	return IS_ENABLED(CONFIG_RPMB) && CONFIG_IS_ENABLED(OF_REAL) &&
	       !CONFIG_IS_ENABLED(RPMB_ROLLBACK_FIT) &&
	       fdt_node_offset_by_compatible(fdt, -1,
					     "u-boot,rpmb-rollback") >= 0;
}
#endif
#endif /* !USE_HOSTCC */

#ifndef USE_HOSTCC
/* The operations of the 'avb' command, from 'avb init' on */
extern struct AvbOps *avb_ops;

#if CONFIG_IS_ENABLED(RPMB_ROLLBACK_AVB)
/**
 * rpmb_avb_ops() - serve libavb from the RPMB that the control FDT names
 *
 * Sets read_rollback_index, write_rollback_index, read_is_device_unlocked,
 * read_persistent_value and write_persistent_value. Without a node
 * "u-boot,rpmb-rollback" they fail, and nothing takes their place.
 *
 * @ops:	operations
 */
void rpmb_avb_ops(struct AvbOps *ops);

/**
 * rpmb_avb_verify_rest() - verify what 'avb verify' does not ask for
 *
 * libavb verifies the partitions that it is asked for, and the command asks for
 * "boot". This verifies all others that the slot's vbmeta describes by a hash.
 * Prints what is wrong.
 *
 * @ops:	operations
 * @suffix:	the slot's suffix
 * Return: 0; -EBADMSG
 */
int rpmb_avb_verify_rest(struct AvbOps *ops, const char *suffix);

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

#if CONFIG_IS_ENABLED(RPMB_ROLLBACK_POLICY)
/**
 * rpmb_handover() - describe the rollback check below /chosen
 *
 * See doc/usage/rpmb/rollback.rst. Adds nothing if the policy is off. If there is
 * no room, U-Boot boots the operating system all the same.
 *
 * @fdt:	device tree
 * @chosen:	its node /chosen
 */
void rpmb_handover(void *fdt, int chosen);
#else
static inline void rpmb_handover(void *fdt, int chosen)
{
}
#endif
#endif /* !USE_HOSTCC */

#endif /* _RPMB_HOOKS_H */
