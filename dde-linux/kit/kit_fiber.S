/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_fiber.S - leave one stack, continue on another.
 *
 * A switch is a function call, so only what the AAPCS64 makes a callee keep is
 * saved: x19-x30 and sp. d8-d15 need no saving: Linux code is compiled without
 * FP registers, and no function of our libraries is active across a switch.
 * Frame, from the saved sp upwards: x19 x20 ... x27 x28, x29 x30.
 */
	.section .text.kit_fiber_switch, "ax"
	.global	kit_fiber_switch
	.type	kit_fiber_switch, %function
kit_fiber_switch:			/* x0: where to save sp, x1: new sp */
	stp	x19, x20, [sp, #-96]!
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldp	x29, x30, [sp, #80]
	ldp	x27, x28, [sp, #64]
	ldp	x25, x26, [sp, #48]
	ldp	x23, x24, [sp, #32]
	ldp	x21, x22, [sp, #16]
	ldp	x19, x20, [sp], #96
	ret
	.size	kit_fiber_switch, . - kit_fiber_switch

/* Build the frame of a fiber that has not run: it "returns" to fiber_first. */
	.section .text.kit_fiber_prepare, "ax"
	.global	kit_fiber_prepare
	.type	kit_fiber_prepare, %function
kit_fiber_prepare:		/* x0: stack top, x1: entry, x2: its argument */
	and	x0, x0, #~15
	sub	x0, x0, #96
	adr	x9, fiber_first
	stp	x1, x2, [x0]		/* x19, x20                         */
	stp	xzr, x9, [x0, #80]	/* x29: end of the frame chain; x30 */
	ret
fiber_first:
	mov	x0, x20
	blr	x19
	brk	#0			/* an entry function never returns  */
	.size	kit_fiber_prepare, . - kit_fiber_prepare
