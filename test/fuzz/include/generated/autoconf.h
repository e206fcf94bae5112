/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers have of U-Boot, as host tools name it */

#define CONFIG_TOOLS_FIT 1
#define CONFIG_TOOLS_FIT_FULL_CHECK 1
#define CONFIG_TOOLS_FIT_SIGNATURE 1
#define CONFIG_TOOLS_FIT_SIGNATURE_MAX_SIZE 0xffffffff
#define CONFIG_TOOLS_OF_LIBFDT 1
