/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - first instructions of the broker: a stack, then C.
 *
 * x0 = address of the boot information, sp is not set (abi.md section 17).
 */
	.section .text.start, "ax"
	.global	_start
_start:
	adrp	x1, broker_stack_top
	add	x1, x1, :lo12:broker_stack_top
	mov	sp, x1
	mov	x29, xzr
	mov	x30, xzr
	bl	broker_main
0:	b	0b
