/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For proofs of boot/rpmb: U-Boot's string functions, which CBMC does not know
 *
 * The files have U-Boot's own headers (uboot = true), and the configuration in
 * include/generated/autoconf.h. This comes first, as U-Boot's build has it.
 */

#ifndef _PROOF_UBOOT_H
#define _PROOF_UBOOT_H

#include <linux/kconfig.h>
#include <linux/string.h>

void *memcpy(void *to, const void *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		((char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int byte, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		((char *)to)[i] = (char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a, *y = b;
	size_t i;

	for (i = 0; i < len; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t len)
{
	for (; len; len--, a++, b++)
		if (!*a || *a != *b)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

size_t strlen(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	return len;
}

char *strchr(const char *text, int wanted)
{
	for (; *text; text++)
		if (*text == (char)wanted)
			return (char *)text;
	return wanted ? NULL : (char *)text;
}

#endif /* _PROOF_UBOOT_H */
