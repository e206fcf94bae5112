/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest thing to hand over to: says so on QEMU's PL011, then spins, or
 * resets the board with -DRESETS; with -DCOUNTS it says first, in hex, what the
 * counter was when it was entered
 *
 * It needs no stack, no data and no fixed place. It starts like any function,
 * so that go and bootelf can call it, and with the header of an arm64 Linux
 * image, so that bootm takes it for one.
 */

#define UART		0x09000000
#define PSCI_RESET	0x84000009
#ifndef SAYS
#define SAYS		"payload: running"
#endif
#define IMAGE_FLAGS	(1 << 3 | 1 << 1)	/* anywhere; pages of 4 KiB */

	.section .text
	.globl	_start
_start:
	b	say
	.long	0
	.quad	0			/* offset from the start of RAM */
	.quad	_end - _start
	.quad	IMAGE_FLAGS
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

say:
	mov	x1, #UART
#ifdef COUNTS
	mrs	x0, cntvct_el0
	mov	x2, #64
0:	sub	x2, x2, #4
	lsr	x3, x0, x2
	and	w3, w3, #0xf
	cmp	w3, #10
	add	w4, w3, #'0'
	add	w3, w3, #'a' - 10
	csel	w3, w4, w3, lo
	strb	w3, [x1]
	cbnz	x2, 0b
#endif
	adr	x2, text
1:	ldrb	w3, [x2], #1
	cbz	w3, 2f
	strb	w3, [x1]
	b	1b
2:
#ifdef RESETS
	ldr	w0, =PSCI_RESET
	hvc	#0
#endif
3:	wfi
	b	3b

text:
	.ascii	SAYS
	.asciz	"\r\n"
	.balign	8
_end:
