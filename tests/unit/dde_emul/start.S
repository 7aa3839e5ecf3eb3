/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - a bare AArch64 machine that looks like a driver process.
 *
 * Maps what the broker would map: the program one to one, the linear window
 * (bus address + 0x4000000000) and the page metadata (0x20000000 + pfn * 64),
 * all onto QEMU's RAM at 0x40000000. Then calls dde_main; its result, or what
 * kit_exit was given, becomes QEMU's exit status by semihosting.
 * Sources: Arm ARM DDI 0487 D8 (tables), Arm semihosting 2.0 (SYS_EXIT 0x18).
 */
#define BLOCK	0x705			/* 1 GiB, normal memory, EL1 RW     */
#define TABLE	0x3

	.globl _start
_start:
	ldr	x0, =stack_top
	mov	sp, x0
	ldr	x0, =level0
	msr	ttbr0_el1, x0
	mov	x0, #0xff
	msr	mair_el1, x0
	ldr	x0, =0x200803510	/* 48 bits, 4 KiB pages, no TTBR1   */
	msr	tcr_el1, x0
	ldr	x0, =vectors
	msr	vbar_el1, x0
	isb
	mrs	x0, sctlr_el1
	mov	x1, #5			/* M and C; alignment is not checked */
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb
	bl	dde_main
	.globl	machine_exit
machine_exit:				/* w0: status */
	ldr	x1, =exit_block
	mov	x2, #0x26
	movk	x2, #2, lsl #16
	stp	x2, x0, [x1]
	mov	x0, #0x18
	hlt	#0xf000
	b	.

	.globl	machine_print
machine_print:				/* x0: text, SYS_WRITE0 */
	mov	x1, x0
	mov	x0, #4
	hlt	#0xf000
	ret

	.balign	2048
vectors:
	.rept	16
	mov	x0, #70			/* an exception: status 70          */
	b	machine_exit
	.balign	128
	.endr

	.data
	.balign	4096
level0:	.quad	level1 + TABLE
	.fill	511, 8, 0
level1:	.quad	0x40000000 + BLOCK	/* metadata: 0x21000000 is RAM too */
	.quad	0x40000000 + BLOCK
	.fill	255, 8, 0
	.quad	0x40000000 + BLOCK	/* 0x4040000000 */
	.fill	254, 8, 0
exit_block:
	.quad	0, 0

	.bss
	.balign	16
	.space	65536
stack_top:
