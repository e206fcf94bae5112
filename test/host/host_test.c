// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A very small harness for tests that run on the host
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_test.h"

#define MAX_MESSAGES	10	/* per test: a matrix can fail everywhere */

unsigned int host_test_case;
static const char *running = "";
static int failures;
static unsigned long long rand_state = 1;

void host_test_begin(const char *name)
{
	running = name;
	failures = 0;
	host_test_seed(1);
}

void host_test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	if (failures++ >= MAX_MESSAGES)
		return;
	fprintf(stderr, "%s:%d: %s, case %u: ", file, line, running,
		host_test_case);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

int host_test_failed(void)
{
	return failures;
}

void host_test_seed(unsigned int seed)
{
	rand_state = (seed + 1) * 0x9e3779b97f4a7c15;
}

/* xorshift64* */
static unsigned long long next(void)
{
	rand_state ^= rand_state >> 12;
	rand_state ^= rand_state << 25;
	rand_state ^= rand_state >> 27;
	return rand_state * 0x2545f4914f6cdd1d;
}

unsigned int host_test_rand(void)
{
	return next() >> 32;
}

unsigned int pick(unsigned int n)
{
	return host_test_rand() % n;
}

void host_test_unhex(void *out, const char *hex)
{
	unsigned char *p = out;
	unsigned int byte;

	for (; *hex; hex += 2) {
		if (sscanf(hex, "%2x", &byte) != 1)
			abort();
		*p++ = byte;
	}
}

void host_test_fill(void *buf, size_t len)
{
	unsigned char *p = buf;
	unsigned long long val;
	size_t n;

	for (; len; len -= n, p += n) {
		val = next();
		n = len < sizeof(val) ? len : sizeof(val);
		memcpy(p, &val, n);
	}
}

static int take_changed(const void *good, size_t len, size_t at, int val,
			int (*take)(const void *bytes, size_t len))
{
	unsigned char *copy = malloc(len);
	int flips, ret;

	memcpy(copy, good, len);
	if (val >= 0) {
		copy[at] = val;
	} else {
		for (flips = 1 + host_test_rand() % 4; flips; flips--)
			copy[host_test_rand() % len] ^=
				1 << host_test_rand() % 8;
	}
	ret = take(copy, len);
	free(copy);
	return ret;
}

unsigned int host_test_fuzz(const void *good, size_t len, unsigned int rounds,
			    int (*take)(const void *bytes, size_t len))
{
	static const unsigned char vals[] = { 0x00, 0x7f, 0xff };
	unsigned int taken = 0;
	size_t i;

	for (i = 0; i < rounds && !host_test_failed(); i++)
		taken += take_changed(good, len, 0, -1, take);
	for (i = 0; i < len * 3 && !host_test_failed(); i++)
		take_changed(good, len, i / 3, vals[i % 3], take);
	return taken;
}
