/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vectors.S - every way into the kernel and the one way out.
 *
 * While a thread runs at EL0, SP_EL1 points at its struct context, so the first
 * instruction of a vector can store. After saving, SP becomes the kernel stack,
 * empty at each entry: the kernel keeps no state on it between entries.
 *
 * The idle thread is no special case of the way out: its context holds
 * vectors_idle as pc and EL1 as mode. It waits with interrupts masked (WFI
 * wakes on a masked one: Arm ARM, "Wait for Interrupt") and calls the handler
 * itself, so an interrupt that ends idling costs no exception entry and saves
 * no registers.
 *
 * TPIDR_EL0 and TPIDRRO_EL0 are handled at a thread switch only: thread.c.
 * Offsets: context.h. Read next: exception.c, core/entry.h
 */
#include <arch/context.h>
#include <arch/regs_cpu.h>
#include <arch/vectors.h>

#define TCB_CONTEXT 160		/* asserted in object/tcb.h */

/* 20 instructions. Leaves x9 = ELR; x0..x7 are still the user's. */
	.macro	save_user
	stp	x0, x1, [sp, #CONTEXT_X]
	stp	x2, x3, [sp, #CONTEXT_X + 16]
	stp	x4, x5, [sp, #CONTEXT_X + 32]
	stp	x6, x7, [sp, #CONTEXT_X + 48]
	stp	x8, x9, [sp, #CONTEXT_X + 64]
	stp	x10, x11, [sp, #CONTEXT_X + 80]
	stp	x12, x13, [sp, #CONTEXT_X + 96]
	stp	x14, x15, [sp, #CONTEXT_X + 112]
	stp	x16, x17, [sp, #CONTEXT_X + 128]
	stp	x18, x19, [sp, #CONTEXT_X + 144]
	stp	x20, x21, [sp, #CONTEXT_X + 160]
	stp	x22, x23, [sp, #CONTEXT_X + 176]
	stp	x24, x25, [sp, #CONTEXT_X + 192]
	stp	x26, x27, [sp, #CONTEXT_X + 208]
	stp	x28, x29, [sp, #CONTEXT_X + 224]
	mrs	x8, sp_el0
	mrs	x9, elr_el1
	mrs	x10, spsr_el1
	stp	x30, x8, [sp, #CONTEXT_X + 240]
	stp	x9, x10, [sp, #CONTEXT_PC]
	.endm

	.macro	use_kernel_stack	// stack_top is page-aligned
	adrp	x11, stack_top
	mov	sp, x11
	.endm

/*
 * An exception inside the kernel. Nothing may be stored before SP is known to
 * be good: x0 waits in TPIDR_EL1, the old SP in SP_EL0 (a user's is saved
 * already). The frame on the panic stack is a struct context.
 */
	.macro	kernel_trap trap
	msr	tpidr_el1, x0
	mov	x0, sp
	msr	sp_el0, x0
	adrp	x0, panic_stack_top
	sub	x0, x0, #CONTEXT_BYTES
	mov	sp, x0
	stp	x1, x2, [sp, #8]
	mov	x1, #\trap
	b	kernel_trap_save
	.endm

	.macro	user_trap trap
	save_user
	mov	x0, sp
	mov	x1, #\trap
	use_kernel_stack
	bl	exception_panic
	.endm

	.macro	vector
	.balign	128
	.endm

	.text
	.balign	2048
	.global	vectors
vectors:
	vector				// EL1 on SP_EL0: never chosen
	kernel_trap TRAP_NO_STACK
	vector
	kernel_trap TRAP_NO_STACK
	vector
	kernel_trap TRAP_NO_STACK
	vector
	kernel_trap TRAP_NO_STACK

	vector				// EL1
	kernel_trap TRAP_KERNEL_SYNC
	vector
	kernel_trap TRAP_KERNEL_IRQ
	vector
	kernel_trap TRAP_KERNEL_FIQ
	vector
	kernel_trap TRAP_KERNEL_SERROR

	vector				// EL0, AArch64: synchronous
	save_user
	mrs	x8, esr_el1
	lsr	x10, x8, #ESR_EC_SHIFT
	cmp	x10, #ESR_EC_SVC64
	b.ne	user_exception
	sub	x9, x9, #4
	str	x9, [sp, #CONTEXT_FAULT_PC]
	use_kernel_stack
	adr	x30, vectors_return
	b	kernel_enter		// x0..x7 are its arguments

	vector				// EL0: interrupt
	save_user
	str	x9, [sp, #CONTEXT_FAULT_PC]
	use_kernel_stack
	adr	x30, vectors_return
	b	kernel_interrupt

	vector
	user_trap TRAP_USER_FIQ
	vector
	user_trap TRAP_USER_SERROR

	vector				// EL0, AArch32: never entered
	kernel_trap TRAP_AARCH32
	vector
	kernel_trap TRAP_AARCH32
	vector
	kernel_trap TRAP_AARCH32
	vector
	kernel_trap TRAP_AARCH32

user_exception:				// x8 = ESR, x9 = ELR
	str	x9, [sp, #CONTEXT_FAULT_PC]
	mov	x0, x8
	use_kernel_stack
	bl	exception_user
	/* on to vectors_return */

/*
 * 24 instructions. ERET is a context synchronisation event: TTBR0_EL1,
 * CPACR_EL1 and TPIDR writes made before it need no ISB of their own.
 */
	.global	vectors_return
vectors_return:
	adrp	x0, sched_current
	ldr	x0, [x0, :lo12:sched_current]
	add	sp, x0, #TCB_CONTEXT
	ldp	x1, x2, [sp, #CONTEXT_PC]
	ldp	x30, x3, [sp, #CONTEXT_X + 240]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	msr	sp_el0, x3
	ldp	x28, x29, [sp, #CONTEXT_X + 224]
	ldp	x26, x27, [sp, #CONTEXT_X + 208]
	ldp	x24, x25, [sp, #CONTEXT_X + 192]
	ldp	x22, x23, [sp, #CONTEXT_X + 176]
	ldp	x20, x21, [sp, #CONTEXT_X + 160]
	ldp	x18, x19, [sp, #CONTEXT_X + 144]
	ldp	x16, x17, [sp, #CONTEXT_X + 128]
	ldp	x14, x15, [sp, #CONTEXT_X + 112]
	ldp	x12, x13, [sp, #CONTEXT_X + 96]
	ldp	x10, x11, [sp, #CONTEXT_X + 80]
	ldp	x8, x9, [sp, #CONTEXT_X + 64]
	ldp	x6, x7, [sp, #CONTEXT_X + 48]
	ldp	x4, x5, [sp, #CONTEXT_X + 32]
	ldp	x2, x3, [sp, #CONTEXT_X + 16]
	ldp	x0, x1, [sp, #CONTEXT_X]
	eret

	.global	vectors_idle
vectors_idle:
	wfi
	use_kernel_stack
	adr	x30, vectors_return
	b	kernel_interrupt

kernel_trap_save:			// x1 = trap, x1 and x2 are saved
	stp	x3, x4, [sp, #24]
	stp	x5, x6, [sp, #40]
	stp	x7, x8, [sp, #56]
	stp	x9, x10, [sp, #72]
	stp	x11, x12, [sp, #88]
	stp	x13, x14, [sp, #104]
	stp	x15, x16, [sp, #120]
	stp	x17, x18, [sp, #136]
	stp	x19, x20, [sp, #152]
	stp	x21, x22, [sp, #168]
	stp	x23, x24, [sp, #184]
	stp	x25, x26, [sp, #200]
	stp	x27, x28, [sp, #216]
	stp	x29, x30, [sp, #232]
	mrs	x0, tpidr_el1
	mrs	x2, sp_el0
	mrs	x3, elr_el1
	mrs	x4, spsr_el1
	str	x0, [sp, #CONTEXT_X]
	str	x2, [sp, #CONTEXT_SP]
	stp	x3, x4, [sp, #CONTEXT_PC]
	mov	x0, sp
	bl	exception_panic
