/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - entry, and the pieces of code that threads of the suite run.
 *
 * A piece does one thing and then runs into `brk`, so that its end arrives as
 * a fault message and its registers can be read.
 */
	.text
	.global	_start, snip_svc, snip_svc_next, snip_load, snip_store
	.global	snip_jump, snip_undefined, snip_brk, snip_fpu
	.global	snip_count, thread_exit, machine_svc

_start:
	adrp	x1, stack_end
	add	x1, x1, :lo12:stack_end
	mov	sp, x1
	mov	x29, #0
	bl	suite_main
	b	.

snip_svc:
	svc	#0x1234			// the immediate is ignored
snip_svc_next:
	brk	#1
snip_load:
	ldr	x0, [x0]
	brk	#2
snip_store:
	str	x1, [x0]
	brk	#3
snip_jump:
	br	x0
snip_undefined:
	.inst	0
	brk	#4
snip_brk:
	brk	#7
snip_fpu:
	fmov	d0, x0
	brk	#5
snip_count:				// counts up at x0 for ever
	ldr	x1, [x0]
	add	x1, x1, #1
	str	x1, [x0]
	b	snip_count

/* A thread's C function has returned: wait for ever on the notification x19. */
thread_exit:
	mov	x0, x19
	mov	x7, #-5
	svc	#0
	b	thread_exit

/*
 * machine_svc(m): load x0-x30, v0-v31, NZCV and TPIDR from m, trap, store them
 * all. SP points at m meanwhile, so that no register is needed to find it.
 */
#define M_SP	248
#define M_NZCV	256
#define M_TPIDR	264
#define M_V	272
#define M_SAVED	784

	.macro	each_pair op
	\op	x2, x3, [sp, #16]
	\op	x4, x5, [sp, #32]
	\op	x6, x7, [sp, #48]
	\op	x8, x9, [sp, #64]
	\op	x10, x11, [sp, #80]
	\op	x12, x13, [sp, #96]
	\op	x14, x15, [sp, #112]
	\op	x16, x17, [sp, #128]
	\op	x18, x19, [sp, #144]
	\op	x20, x21, [sp, #160]
	\op	x22, x23, [sp, #176]
	\op	x24, x25, [sp, #192]
	\op	x26, x27, [sp, #208]
	\op	x28, x29, [sp, #224]
	.endm
	.macro	each_vector op
	\op	q0, q1, [x0, #0]
	\op	q2, q3, [x0, #32]
	\op	q4, q5, [x0, #64]
	\op	q6, q7, [x0, #96]
	\op	q8, q9, [x0, #128]
	\op	q10, q11, [x0, #160]
	\op	q12, q13, [x0, #192]
	\op	q14, q15, [x0, #224]
	\op	q16, q17, [x0, #256]
	\op	q18, q19, [x0, #288]
	\op	q20, q21, [x0, #320]
	\op	q22, q23, [x0, #352]
	\op	q24, q25, [x0, #384]
	\op	q26, q27, [x0, #416]
	\op	q28, q29, [x0, #448]
	\op	q30, q31, [x0, #480]
	.endm

machine_svc:
	add	x1, x0, #M_SAVED
	stp	x19, x20, [x1]
	stp	x21, x22, [x1, #16]
	stp	x23, x24, [x1, #32]
	stp	x25, x26, [x1, #48]
	stp	x27, x28, [x1, #64]
	stp	x29, x30, [x1, #80]
	stp	d8, d9, [x1, #96]
	stp	d10, d11, [x1, #112]
	stp	d12, d13, [x1, #128]
	stp	d14, d15, [x1, #144]
	mov	x2, sp
	mrs	x3, tpidr_el0
	stp	x2, x3, [x1, #160]
	mov	sp, x0
	add	x0, sp, #M_V
	each_vector ldp
	ldr	x0, [sp, #M_TPIDR]
	msr	tpidr_el0, x0
	ldr	x0, [sp, #M_NZCV]
	msr	nzcv, x0
	each_pair ldp
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp]
	svc	#0
	stp	x0, x1, [sp]
	each_pair stp
	str	x30, [sp, #240]
	mrs	x0, nzcv
	str	x0, [sp, #M_NZCV]
	mrs	x0, tpidr_el0
	str	x0, [sp, #M_TPIDR]
	mov	x0, sp
	str	x0, [sp, #M_SP]
	add	x0, sp, #M_V
	each_vector stp
	add	x1, sp, #M_SAVED
	ldp	x2, x3, [x1, #160]
	msr	tpidr_el0, x3
	mov	sp, x2
	ldp	x19, x20, [x1]
	ldp	x21, x22, [x1, #16]
	ldp	x23, x24, [x1, #32]
	ldp	x25, x26, [x1, #48]
	ldp	x27, x28, [x1, #64]
	ldp	x29, x30, [x1, #80]
	ldp	d8, d9, [x1, #96]
	ldp	d10, d11, [x1, #112]
	ldp	d12, d13, [x1, #128]
	ldp	d14, d15, [x1, #144]
	ret

	.bss
	.balign	4096
	.space	131072
stack_end:
