/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of the rollback policy share
 */

#ifndef _RPMB_POLICY_TEST_H
#define _RPMB_POLICY_TEST_H

#include <rpmb-policy.h>

struct rpmb_model;
struct rpmb_model_state;
struct udevice;
struct unit_test_state;

#define POLICY_KEY	0x100	/* derived, as the control FDT says */

/**
 * rpmb_policy_setup() - switch the policy on, for sandbox's target 0
 *
 * The board is open, the device has the key and no index.
 *
 * @uts:	test state
 * @devp:	device
 * @mp:		its model
 * Return: 0, or CMD_RET_FAILURE
 */
int rpmb_policy_setup(struct unit_test_state *uts, struct udevice **devp,
		      struct rpmb_model **mp);

/**
 * rpmb_policy_reboot() - as after a reset of the board
 *
 * @closed:	close the board
 */
void rpmb_policy_reboot(bool closed);

/** rpmb_policy_teardown() - switch the policy off again */
void rpmb_policy_teardown(void);

/**
 * rpmb_policy_restore() - take back what a rpmb_state_*() did
 *
 * What is stored is left alone.
 *
 * @uts:	test state
 * @m:		model of the policy's device
 * @state:	its state before
 * Return: 0, or CMD_RET_FAILURE
 */
int rpmb_policy_restore(struct unit_test_state *uts, struct rpmb_model *m,
			const struct rpmb_model_state *state);

/* What can be the matter with the policy's device, for rows of a table */
void rpmb_state_good(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_no_key(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_other_key(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_gone(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_dead(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_bad_mac(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_empty_slot(struct udevice *dev, struct rpmb_model *m);
void rpmb_state_ratcheted(struct udevice *dev, struct rpmb_model *m);

#endif /* _RPMB_POLICY_TEST_H */
