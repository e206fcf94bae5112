// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb provision': carry out a signed manifest, and print each decision
 */

#include <command.h>
#include <dm.h>
#include <env.h>
#include <malloc.h>
#include <rpmb-key.h>
#include <rpmb-policy.h>
#include <rpmb-provision.h>
#include <linux/libfdt.h>
#include <rpmb/line.h>
#include "rpmb-cmd.h"

static void print_hex(const char *name, const u8 *val, int len)
{
	int i;

	printf(" %s=%s", name, val ? "" : RPMB_LINE_UNKNOWN);
	for (i = 0; val && i < len; i++)
		printf("%02x", val[i]);
}

static void set_outcome(const struct rpmb_provision_line *line)
{
	env_set("rpmb_provision", line->result);
	env_set("rpmb_provision_step", line->step);
}

/* Scripts find the last line in the environment */
static void set_env(const struct rpmb_provision_line *line)
{
	char kcv[2 * RPMB_KCV_SIZE + 1] = "";
	int i;

	for (i = 0; line->kcv && i < RPMB_KCV_SIZE; i++)
		sprintf(kcv + 2 * i, "%02x", line->kcv[i]);
	set_outcome(line);
	env_set("rpmb_provision_dev", line->dev);
	env_set("rpmb_provision_kcv", kcv);
	if (line->has_counter)
		env_set_hex("rpmb_provision_counter", line->counter);
	else
		env_set("rpmb_provision_counter", NULL);
}

static void report(const struct rpmb_provision_line *line)
{
	printf(RPMB_LINE_START RPMB_LINE_DEV "=%s",
	       line->dev ?: RPMB_LINE_UNKNOWN);
	printf(line->dev ? " " RPMB_LINE_TARGET "=%x" :
	       " " RPMB_LINE_TARGET "=" RPMB_LINE_UNKNOWN, line->target);
	printf(" " RPMB_LINE_STEP "=%s " RPMB_LINE_RESULT "=%s", line->step,
	       line->result);
	print_hex(RPMB_LINE_KCV, line->kcv, RPMB_KCV_SIZE);
	printf(line->has_counter ? " " RPMB_LINE_COUNTER "=%#010x" :
	       " " RPMB_LINE_COUNTER "=" RPMB_LINE_UNKNOWN, line->counter);
	print_hex(RPMB_LINE_ID, line->id, line->id_len);
	printf(line->dev ? " " RPMB_LINE_KEY "=%#x" :
	       " " RPMB_LINE_KEY "=" RPMB_LINE_UNKNOWN, line->keyid);
	printf(" " RPMB_LINE_BATCH "=%s\n", line->batch ?: RPMB_LINE_UNKNOWN);
	if (line->say)
		printf("  %s\n", line->say);
	/* the last line of a good run names no device: keep those before it */
	if (line->dev || strcmp(line->step, RPMB_STEP_DONE) ||
	    !env_get("rpmb_provision_dev"))
		set_env(line);
	else
		set_outcome(line);
}

static const char *verify_result(int err)
{
	switch (err) {
	case -ENOKEY:
		return RPMB_REFUSED_NOT_ARMED;
	case -EINVAL:
		return RPMB_REFUSED_NO_MANIFEST;
	case -ENOMEM:
		return RPMB_REFUSED_NO_MEMORY;
	default:
		return RPMB_REFUSED_SIGNATURE;
	}
}

static int refuse(int err, const char *why)
{
	const struct rpmb_provision_line line = {
		.step = RPMB_STEP_VERIFY, .result = verify_result(err), .say = why,
	};

	report(&line);
	return CMD_RET_FAILURE;
}

static int provision(const void *fit, bool dry_run)
{
	struct rpmb_signed s;
	void *copy;
	int ret;

	ret = rpmb_signed_open(fit, fdt_totalsize(fit), RPMB_SIGNED_MANIFEST,
			       &s);
	if (ret)
		return refuse(ret, s.why);
	/* a FIT aligns its data to 4 bytes, and a device tree needs 8 */
	copy = memalign(8, s.size);
	if (!copy)
		return refuse(-ENOMEM, "out of memory");
	memcpy(copy, s.data, s.size);
	ret = rpmb_provision(copy, s.size, dry_run, report);
	free(copy);
	return ret ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}

int do_rpmb_provision(char option, int argc, char *const argv[])
{
	const char *why;
	ulong addr;
	void *fit;
	int ret;

	/* print no line for stations if a word is mistyped: nothing was decided */
	if (rpmb_args_hex("address", argv[0], ULONG_MAX, &addr))
		return CMD_RET_FAILURE;
	ret = rpmb_args_copy_fit(argv[0], &fit, &why);
	if (ret)
		return refuse(ret, why);
	ret = provision(fit, option);
	free(fit);
	return ret;
}
