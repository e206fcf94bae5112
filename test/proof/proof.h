/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the proofs share
 *
 * A proof is a program for CBMC: it starts in proof(), with values that can be
 * anything. It assumes what the caller of a function has to grant, calls the
 * function, and claims what the contract at the top of the file says. CBMC looks
 * for values that make a claim false, or that make the function read or write
 * where nothing is, overflow, or loop longer than the bound.
 */

#ifndef _PROOF_H
#define _PROOF_H

#include <rpmb/types.h>

#define assume(what)	__CPROVER_assume(what)
#define claim(what)	__CPROVER_assert(what, #what)
#define implies(a, b)	(!(a) || (b))

/* Where a tree may begin */
#define TREE_ALIGNED	_Alignas(8)

/* Any value: CBMC takes a function of that name without a body for it */
bool nondet_bool(void);
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
int nondet_int(void);
size_t nondet_size(void);

/** proof() - where CBMC starts */
void proof(void);

/** nondet_errno() - 0 or a negative errno */
static inline int nondet_errno(void)
{
	int err = nondet_int();

	assume(err <= 0 && err > -4096);
	return err;
}

#endif /* _PROOF_H */
