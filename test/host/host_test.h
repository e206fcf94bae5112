/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A very small harness for tests that run on the host
 *
 * One line per test on standard output, "ok NAME" or "not ok NAME"; what went
 * wrong goes to standard error. Exit status 1 if anything did.
 */

#ifndef _HOST_TEST_H
#define _HOST_TEST_H

#include <stddef.h>

/**
 * struct host_test - one test
 *
 * @name:	its name
 * @line:	where it is in its file: tests are run in that order
 * @cases:	how often it is run, with another host_test_case each time
 * @is_random:	RPMB_TEST_SEEDS may say how often, and each case has numbers of its own
 * @run:	the test
 */
struct host_test {
	const char *name;
	unsigned int line;
	unsigned int cases;
	int is_random;
	void (*run)(void);
};

/**
 * HOST_TEST() - a test; its body follows
 *
 * host_main.c has main(), which runs all tests of a program, or those that are
 * named on its command line.
 */
#define HOST_TEST(name)		HOST_TESTS(name, 1)

/** HOST_TESTS() - a test that is run once for each of so many cases */
#define HOST_TESTS(name, cases)	HOST_TEST_ENTRY(name, cases, 0)

/** HOST_TEST_RUNS() - a test that is run so many times with random numbers */
#define HOST_TEST_RUNS(name, runs)	HOST_TEST_ENTRY(name, runs, 1)

#define HOST_TEST_ENTRY(_name, _cases, _is_random) \
	static void _name(void); \
	static const struct host_test _name##_test = { \
		.name = #_name, .line = __LINE__, .cases = (_cases), \
		.is_random = (_is_random), .run = _name, \
	}; \
	static const struct host_test *const _name##_entry \
		__attribute__((used, section("host_tests"))) = &_name##_test; \
	static void _name(void)

/** host_test_case - case of the running test, from 0 */
extern unsigned int host_test_case;

/** host_test_set_up() - called before each case, if the program has it */
void host_test_set_up(void);

/** host_test_begin() - a test begins: it has not failed, random numbers repeat */
void host_test_begin(const char *name);

/** host_test_fail() - note that the running test failed, and why */
void __printf(3, 4) host_test_fail(const char *file, int line, const char *fmt,
				   ...);

/** host_test_failed() - has the running test failed? */
int host_test_failed(void);

/** host_test_rand() - next number of a repeatable sequence */
unsigned int host_test_rand(void);

/** host_test_seed() - start a repeatable sequence */
void host_test_seed(unsigned int seed);

/** pick() - a number below @n, from the repeatable sequence */
unsigned int pick(unsigned int n);

/** host_test_unhex() - bytes from hex digits */
void host_test_unhex(void *out, const char *hex);

/** host_test_fill() - fill a buffer from the repeatable sequence */
void host_test_fill(void *buf, size_t len);

/**
 * host_test_fuzz() - change good bytes: some bits anywhere, then every byte
 *
 * Each time @take gets a copy in memory of its very size, so that a read beyond
 * it is noticed, and checks what becomes of it.
 *
 * @good:	bytes
 * @len:	number of them
 * @rounds:	changes of some bits, from the repeatable sequence
 * @take:	returns whether what it got was good
 * Return: rounds whose bytes were good
 */
unsigned int host_test_fuzz(const void *good, size_t len, unsigned int rounds,
			    int (*take)(const void *bytes, size_t len));

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

#define FAIL(why)	host_test_fail(__FILE__, __LINE__, "%s", why)

#define CHECK(cond) do { \
		if (!(cond)) \
			host_test_fail(__FILE__, __LINE__, "%s", #cond); \
	} while (0)

#define CHECK_EQ(got, want) do { \
		long long _got = (got), _want = (want); \
		if (_got != _want) \
			host_test_fail(__FILE__, __LINE__, \
				       "%s is %lld (0x%llx), not %lld (0x%llx)", \
				       #got, _got, _got, _want, _want); \
	} while (0)

#define CHECK_MEM(got, want, len) do { \
		if (memcmp(got, want, len)) \
			host_test_fail(__FILE__, __LINE__, "%s differs from %s", \
				       #got, #want); \
	} while (0)

#endif /* _HOST_TEST_H */
