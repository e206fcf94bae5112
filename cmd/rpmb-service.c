// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb service': carry out a service token
 */

#include <command.h>
#include <malloc.h>
#include <rpmb-policy.h>
#include <linux/libfdt.h>
#include "rpmb-cmd.h"

int do_rpmb_service(char option, int argc, char *const argv[])
{
	const char *why;
	ulong addr;
	void *fit;
	int ret;

	if (rpmb_args_hex("address", argv[0], ULONG_MAX, &addr))
		return CMD_RET_FAILURE;
	ret = rpmb_args_copy_fit(argv[0], &fit, &why);
	if (ret) {
		printf("rpmb service: refused: %s (error %d)\n"
		       "  device: untouched\n"
		       "  advice: give the address of the signed token\n",
		       why, ret);
		return CMD_RET_FAILURE;
	}
	ret = rpmb_token_use_fit(fit, fdt_totalsize(fit));
	free(fit);

	return ret ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}
