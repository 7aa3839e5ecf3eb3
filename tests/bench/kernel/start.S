/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - the first instructions of the benchmark's root task.
 *
 * The kernel puts the boot info's address into x0; the stack is ours to find.
 */
	.section .text._start, "ax"
	.global	_start
_start:
	adrp	x1, main_stack_top
	add	sp, x1, :lo12:main_stack_top
	mov	x29, xzr
	mov	x30, xzr
	bl	bench_main

	.bss
	.balign	16
	.skip	8192
main_stack_top:
