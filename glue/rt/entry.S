/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.S - the first instructions of a process.
 *
 * The broker has set the stack and put the env page's address into x0. Frame
 * pointer and link register are zero, so that a backtrace ends here.
 * Read next: glue/rt/start.c
 */
	.section .text._start, "ax"
	.global _start
	.type _start, %function
_start:
	mov	x29, xzr
	mov	x30, xzr
	bl	glue_start
	.size _start, . - _start
