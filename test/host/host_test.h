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

/** struct host_test - one test */
struct host_test {
	const char *name;
	void (*run)(void);
};

/**
 * host_test_main() - run tests, all of them or those named on the command line
 *
 * @tests:	tests
 * @count:	number of them
 * @argc:	as given to main()
 * @argv:	as given to main()
 * Return: exit status
 */
int host_test_main(const struct host_test *tests, size_t count, int argc,
		   char **argv);

/** host_test_fail() - note that the running test failed, and why */
void __printf(3, 4) host_test_fail(const char *file, int line, const char *fmt,
				   ...);

/** host_test_failed() - has the running test failed? */
int host_test_failed(void);

/** host_test_rand() - next number of a repeatable sequence */
unsigned int host_test_rand(void);

/** host_test_seed() - start a repeatable sequence */
void host_test_seed(unsigned int seed);

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
