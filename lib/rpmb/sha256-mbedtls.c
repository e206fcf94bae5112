// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one file of mbedTLS that computes SHA-256, as sha256-config.h has it
 *
 * It is compiled in this folder with names of its own, since U-Boot's mbedTLS may be
 * there as well. lib/libfdt takes its files the same way.
 */

#include "../mbedtls/external/mbedtls/library/sha256.c"
