// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs the tests of a program, see HOST_TEST()
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_test.h"

extern const struct host_test *const __start_host_tests[];
extern const struct host_test *const __stop_host_tests[];

/* Not all programs have it */
#pragma weak host_test_set_up

/* The first test behind this line, or NULL */
static const struct host_test *next_test(unsigned int line)
{
	const struct host_test *const *t, *found = NULL;

	for (t = __start_host_tests; t < __stop_host_tests; t++)
		if ((*t)->line > line && (!found || (*t)->line < found->line))
			found = *t;
	return found;
}

static int wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(name, argv[i]))
			return 1;
	return argc < 2;
}

static unsigned int cases(const struct host_test *t)
{
	const char *env = getenv("RPMB_TEST_SEEDS");

	return env && t->is_random ? strtoul(env, NULL, 0) : t->cases;
}

int main(int argc, char **argv)
{
	const struct host_test *t;
	int bad = 0, ran = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (t = next_test(0); t; t = next_test(t->line)) {
		if (!wanted(t->name, argc, argv))
			continue;
		host_test_begin(t->name);
		ran = 1;
		for (host_test_case = 0; host_test_case < cases(t);
		     host_test_case++) {
			if (t->is_random)
				host_test_seed(host_test_case + 1);
			if (host_test_set_up)
				host_test_set_up();
			t->run();
		}
		printf("%s %s\n", host_test_failed() ? "not ok" : "ok", t->name);
		bad |= host_test_failed();
	}
	/* a name that no test has is a mistake */
	return bad || !ran;
}
