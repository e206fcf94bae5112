/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzer of the drivers shares with the files that have a driver each
 */

#ifndef _FUZZ_DRIVERS_H
#define _FUZZ_DRIVERS_H

#include <malloc.h>
#include <rpmb.h>
#include "fuzz_input.h"

/** define FUZZ_EXCHANGES - most messages to a device */
#define FUZZ_EXCHANGES	6

extern struct fuzz_input fuzz_in;
extern struct rpmb_descr fuzz_descr;
extern struct udevice fuzz_dev;
extern void *fuzz_priv;		/* the driver's */
extern void *fuzz_parent_priv;	/* that of its parent's uclass */

/**
 * fuzz_exchange() - a message of any kind, and room for its reply
 *
 * @ops:	driver
 * @least:	frames each way: 1 if the driver leaves it to the uclass to refuse
 *		less, 0 if it does so itself
 */
void fuzz_exchange(const struct rpmb_ops *ops, u32 least);

/** fuzz_check_descr() - are the facts such that the uclass can use them? */
void fuzz_check_descr(u32 most_targets);

/* An input, for each driver */
void fuzz_ufs(void);
void fuzz_virtio(void);
void fuzz_emmc(void);

#endif
