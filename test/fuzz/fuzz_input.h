/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzzer's bytes, taken one after the other
 *
 * When they are used up, zeroes follow.
 */

#ifndef _FUZZ_INPUT_H
#define _FUZZ_INPUT_H

#include <rpmb/types.h>

void abort(void) __attribute__((noreturn));
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/** struct fuzz_input - what is left of an input */
struct fuzz_input {
	const u8 *at;
	size_t left;
};

static inline void fuzz_must(bool good)
{
	if (!good)
		abort();
}

/* Return: how many bytes there were; the rest of @to is zero */
static inline size_t fuzz_bytes(struct fuzz_input *in, void *to, size_t len)
{
	size_t n = len < in->left ? len : in->left;

	memset(to, 0, len);
	if (n)
		memcpy(to, in->at, n);
	in->at += n;
	in->left -= n;
	return n;
}

static inline u8 fuzz_u8(struct fuzz_input *in)
{
	u8 val;

	fuzz_bytes(in, &val, sizeof(val));
	return val;
}

static inline u16 fuzz_u16(struct fuzz_input *in)
{
	u16 val;

	fuzz_bytes(in, &val, sizeof(val));
	return val;
}

static inline u32 fuzz_u32(struct fuzz_input *in)
{
	u32 val;

	fuzz_bytes(in, &val, sizeof(val));
	return val;
}

static inline u64 fuzz_u64(struct fuzz_input *in)
{
	u64 val;

	fuzz_bytes(in, &val, sizeof(val));
	return val;
}

/* A number below @n */
static inline u32 fuzz_pick(struct fuzz_input *in, u32 n)
{
	return (n > 256 ? fuzz_u16(in) : fuzz_u8(in)) % n;
}

#endif
