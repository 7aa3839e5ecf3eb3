/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - first instruction of the root task, and the one svc of the room.
 *
 * fuzz_svc(regs): x0..x7 from the struct, svc, x0..x5 back into it. Whatever
 * else the kernel might change is the caller's to notice: x19 and sp are used
 * after the call.
 */
	.section .text.start, "ax"
	.global	_start
_start:
	adrp	x1, stack_end
	add	x1, x1, :lo12:stack_end
	mov	sp, x1
	bl	main
	brk	#0

	.text
	.global	fuzz_svc
fuzz_svc:
	stp	x19, x30, [sp, #-16]!
	mov	x19, x0
	ldp	x6, x7, [x19, #48]
	ldp	x4, x5, [x19, #32]
	ldp	x2, x3, [x19, #16]
	ldp	x0, x1, [x19]
	svc	#0
	stp	x0, x1, [x19]
	stp	x2, x3, [x19, #16]
	stp	x4, x5, [x19, #32]
	ldp	x19, x30, [sp], #16
	ret

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	16384
stack_end:
