/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included first: rpmb-hooks.h has empty functions for host tools; the fuzzers
 * have real ones
 */

#include <image.h>

#define rpmb_fit_look		empty_fit_look
#define rpmb_fdt_look		empty_fdt_look
#define rpmb_fit_check_cover	empty_fit_check_cover
#include <rpmb-hooks.h>
#undef rpmb_fit_look
#undef rpmb_fdt_look
#undef rpmb_fit_check_cover

int rpmb_fit_look(const void *fit, unsigned long size);
int rpmb_fdt_look(const void *fdt, unsigned long size);
char *rpmb_fit_check_cover(const void *fit, int sig, int conf,
			   char *const nodes[], int count);
