/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - bare machine for check.c: memory on, call main, exit by semihosting.
 *
 * The MMU must be on, because without it all memory is Device memory, where
 * the unaligned accesses under test fault (Arm ARM DDI 0487, D8.2.3).
 * Source of the exit call: Arm semihosting 2.0, SYS_EXIT (0x18).
 */
	.globl _start
_start:
	ldr	x0, =stack_top
	mov	sp, x0
	ldr	x0, =table
	msr	ttbr0_el1, x0
	mov	x0, #0xff		/* attribute 0: normal, write-back */
	msr	mair_el1, x0
	ldr	x0, =0x803519		/* 39 bits, 4 KiB, cached walks, no TTBR1 */
	msr	tcr_el1, x0
	isb
	mrs	x0, sctlr_el1
	orr	x0, x0, #4
	orr	x0, x0, #1
	msr	sctlr_el1, x0
	isb
	bl	main
	ldr	x1, =exit_block
	mov	x2, #0x26		/* ADP_Stopped_ApplicationExit */
	movk	x2, #2, lsl #16
	stp	x2, x0, [x1]
	mov	x0, #0x18
	hlt	#0xf000
	b	.

	.data
	.balign	4096
table:	.quad	0x705			/* 1 GiB blocks, one to one */
	.quad	0x40000000 + 0x705
	.fill	510, 8, 0
exit_block:
	.quad	0, 0

	.bss
	.balign	16
	.space	16384
stack_top:
