/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines that provisioning prints: their words, and their grammar
 *
 * A line is RPMB_LINE_START and then, in this order and with one space between
 * them, NAME=VALUE of each field; doc/usage/rpmb/factory-lines.rst says what
 * they mean. A board prints it, rpmb-tool reads it.
 */

#ifndef _RPMB_LINE_H
#define _RPMB_LINE_H

#define RPMB_LINE_START		"rpmb-provision: "
#define RPMB_LINE_UNKNOWN	"-"	/* value of a field that is not known */

/* Fields, in order */
#define RPMB_LINE_DEV		"dev"
#define RPMB_LINE_TARGET	"target"	/* hex digit */
#define RPMB_LINE_STEP		"step"
#define RPMB_LINE_RESULT	"result"
#define RPMB_LINE_KCV		"kcv"		/* 16 hex digits */
#define RPMB_LINE_COUNTER	"counter"	/* 0x and 8 hex digits */
#define RPMB_LINE_ID		"id"		/* hex digits */
#define RPMB_LINE_KEY		"key"		/* 0x and hex digits */
#define RPMB_LINE_BATCH		"batch"

/* Steps, in the order in which they are taken */
#define RPMB_STEP_VERIFY	"verify"
#define RPMB_STEP_BOARD		"board"
#define RPMB_STEP_MATCH		"match"
#define RPMB_STEP_KEY		"key"
#define RPMB_STEP_BLANK		"blank"
#define RPMB_STEP_PROGRAM	"program"
#define RPMB_STEP_PROVE		"prove"
#define RPMB_STEP_RECORD	"record"
#define RPMB_STEP_DONE		"done"

/* Results; words with single dashes between them follow the last two */
#define RPMB_RESULT_OK		"ok"		/* done */
#define RPMB_RESULT_NOOP	"noop"		/* there was nothing to do */
#define RPMB_RESULT_DRY_RUN	"dry-run"	/* it would be done */
#define RPMB_RESULT_REFUSED	"refused-"	/* nothing was changed */
#define RPMB_RESULT_FAILED	"failed-"	/* it was tried */

/* ... each of them; doc/usage/rpmb/factory-lines.rst says what they mean */
#define RPMB_REFUSED_AMBIGUOUS		"refused-ambiguous"
#define RPMB_REFUSED_CHECK_VALUE	"refused-check-value"
#define RPMB_REFUSED_CLOSED		"refused-closed"
#define RPMB_REFUSED_DEVICE_ERROR	"refused-device-error"
#define RPMB_REFUSED_KEY_IN_DOUBT	"refused-key-in-doubt"
#define RPMB_REFUSED_KEY_IN_USE		"refused-key-in-use"
#define RPMB_REFUSED_KEY_TWICE		"refused-key-twice"
#define RPMB_REFUSED_MANIFEST		"refused-manifest"
#define RPMB_REFUSED_NO_ANSWER		"refused-no-answer"
#define RPMB_REFUSED_NO_KEY		"refused-no-key"
#define RPMB_REFUSED_NO_MANIFEST	"refused-no-manifest"
#define RPMB_REFUSED_NO_MEMORY		"refused-no-memory"
#define RPMB_REFUSED_NO_PROVIDER	"refused-no-provider"
#define RPMB_REFUSED_NO_RANDOM		"refused-no-random"
#define RPMB_REFUSED_NO_ROOM		"refused-no-room"
#define RPMB_REFUSED_NO_UNIQUE_KEY	"refused-no-unique-key"
#define RPMB_REFUSED_NOT_ARMED		"refused-not-armed"
#define RPMB_REFUSED_NOT_FINAL		"refused-not-final"
#define RPMB_REFUSED_NOT_FOUND		"refused-not-found"
#define RPMB_REFUSED_NOT_SENT		"refused-not-sent"
#define RPMB_REFUSED_OTHER_KEY		"refused-other-key"
#define RPMB_REFUSED_POLICY_KEY		"refused-policy-key"
#define RPMB_REFUSED_POWER_CYCLE	"refused-power-cycle"
#define RPMB_REFUSED_RATCHET		"refused-ratchet"
#define RPMB_REFUSED_SCAN		"refused-scan"
#define RPMB_REFUSED_SIGNATURE		"refused-signature"
#define RPMB_REFUSED_TEE		"refused-tee"
#define RPMB_REFUSED_WEAK_SECRET	"refused-weak-secret"
#define RPMB_FAILED_LATER_FORMAT	"failed-later-format"
#define RPMB_FAILED_OTHER_DATA		"failed-other-data"
#define RPMB_FAILED_POWER_CYCLE		"failed-power-cycle"
#define RPMB_FAILED_WRITE		"failed-write"

#endif /* _RPMB_LINE_H */
