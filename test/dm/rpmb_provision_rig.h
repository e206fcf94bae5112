/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of provisioning share: a manifest, and what a run of it told
 */

#ifndef _RPMB_PROVISION_RIG_H
#define _RPMB_PROVISION_RIG_H

#include <rpmb-provision.h>
#include <rpmb/kdf.h>
#include "../model/rpmb_model.h"

struct unit_test_state;

#define DERIVED	0x100	/* key id of derived keys */
#define LOC	0x100	/* of the index in manifests */
#define LINES	32

/* Check value of key DERIVED of sandbox's target 0, see rpmb_keys.c */
extern const u8 provision_sandbox_kcv[RPMB_KCV_SIZE];

/* The manifest that is being made, and run */
extern u64 manifest[512];

/* What was reported: steps and results, and the last line whole */
extern char provision_told[LINES][48];
extern int provision_lines;
extern struct rpmb_provision_line provision_last;

/** provision_set_up() - sandbox's RPMB, blank, and a manifest for it, index 5 */
int provision_set_up(struct unit_test_state *uts, struct udevice **devp,
		     struct rpmb_model **mp);

/** manifest_begin() - a manifest without devices */
void manifest_begin(void);

/** manifest_add() - add a device; returns its node */
int manifest_add(const char *name, const char *transport, u32 target,
		 const void *id, int len, const u8 *kcv, u32 keyid);

/** manifest_index() - have a device of the manifest get one index more */
void manifest_index(int node, u32 loc, u64 index);

/** manifest_sandbox() - a manifest that gives any sandbox device a key */
void manifest_sandbox(u32 keyid);

/** manifest_any_sandbox() - ... key DERIVED, and an index at LOC */
void manifest_any_sandbox(u64 index);

/** provision_run() - carry the manifest out; as rpmb_provision() */
int provision_run(bool dry_run);

/** provision_last_told() - step and result of the last line */
const char *provision_last_told(void);

/** provision_check_told() - the run has told just this */
int provision_check_told(struct unit_test_state *uts, const char *const *want,
			 int count);

#define TOLD(...) do { \
	static const char *const want[] = { __VA_ARGS__ }; \
	ut_assertok(provision_check_told(uts, want, ARRAY_SIZE(want))); \
} while (0)

/* What a line about sandbox's target 0 says besides its step and result */
enum knows {
	NO_KCV,		/* there is no key yet */
	KCV,		/* ... its check value, and no counter */
	COUNTER,	/* ... and the counter */
};

/** provision_check_last() - the last line of a run, about sandbox's target 0 */
int provision_check_last(struct unit_test_state *uts, const char *step_result,
			 enum knows knows, u32 counter);

#endif /* _RPMB_PROVISION_RIG_H */
