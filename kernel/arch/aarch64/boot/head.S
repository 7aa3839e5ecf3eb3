/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * head.S - the first instructions: image header, EL2 to EL1, MMU on.
 *
 * A boot loader (or QEMU's -kernel) puts the image anywhere in RAM on a 2 MiB
 * border and jumps here with x0 = device tree, MMU off. Until `br` below, code
 * runs at its physical address and reaches symbols relative to the PC only.
 *
 * Kept through this file: x19 device tree, x20 physical address of the image;
 * until stored, x22 the counter at the start.
 * Sources: Linux's Documentation/arch/arm64/booting (the header's fields);
 * Arm ARM, "VMSAv8-64" (translation control).
 * Read next: early_map.c, boot/main.c
 */
#include <arch/layout.h>
#include <arch/regs_cpu.h>

	.section .head, "ax"
	.global image_start
image_start:
	b	boot_start
	.long	0
	.quad	0			// text offset
	.quad	image_bytes		// what must be free, bss included
	.quad	0xa			// little endian, 4 KiB pages, anywhere
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

boot_start:
	msr	daifset, #0xf
	mrs	x1, mpidr_el1
	ldr	x2, =0xff00ffffff	// affinity fields
	tst	x1, x2
	b.ne	cpu_park
	mov	x19, x0
	adr	x20, image_start
	mrs	x1, CurrentEL
	cmp	x1, #2 << 2
	b.ne	1f
	bl	leave_el2
1:	mrs	x22, cntvct_el0
	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
	adrp	x1, bss_end
	bl	zero_memory
	adrp	x0, init_bss
	adrp	x1, image_end
	bl	zero_memory
	adrp	x0, stack_top
	mov	sp, x0
	adrp	x0, image_phys
	str	x20, [x0, :lo12:image_phys]
	adrp	x0, boot_counter
	str	x22, [x0, :lo12:boot_counter]
	bl	early_map		// returns the identity map's root
	mov	x21, x0
	adrp	x0, data_start
	adrp	x1, image_end
	bl	forget_cached
	b	mmu_on

/*
 * What was written above went past the caches; lines that a boot loader's
 * speculation left there are older and must go. x0 start, x1 end.
 */
forget_cached:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		// DminLine, log2 of words
	mov	x3, #4
	lsl	x3, x3, x2
1:	dc	ivac, x0
	add	x0, x0, x3
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

zero_memory:				// x0 start, x1 end: multiples of 32
	cmp	x0, x1
	b.hs	2f
1:	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
2:	ret

cpu_park:
	wfe
	b	cpu_park

mmu_on:
	ldr	x0, =MAIR_KERNEL
	msr	mair_el1, x0
	ldr	x0, =TCR_KERNEL
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #0xf		// PARange has IPS's encoding
	mov	x2, #TCR_IPS_MAX
	cmp	x1, x2
	csel	x1, x1, x2, lo
	orr	x0, x0, x1, lsl #TCR_IPS_SHIFT
	msr	tcr_el1, x0
	msr	ttbr0_el1, x21
	adrp	x0, tables_start
	msr	ttbr1_el1, x0
	msr	cpacr_el1, xzr
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =SCTLR_KERNEL
	mrs	x1, id_aa64mmfr1_el1
	ubfx	x1, x1, #20, #4		// PAN; without it SPAN must be 1
	cbnz	x1, 1f
	orr	x0, x0, #SCTLR_SPAN
1:	msr	sctlr_el1, x0
	isb
	ldr	x0, =high_start
	br	x0

high_start:				// now in the upper half
	adrp	x0, stack_top
	mov	sp, x0
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	isb
	mov	x0, x19
	mov	x29, xzr
	bl	boot_main
	b	cpu_park

/*
 * Give EL1 everything EL2 could take from it, then return to the caller there.
 * Bits of EL2 registers are unknown after reset (Arm ARM, "Reset"): write all.
 */
leave_el2:
	ldr	x1, =HCR_RW
	msr	hcr_el2, x1
	isb
	mov	x1, #CNTHCTL_EL1_ALL
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr
	mov	x1, #CPTR_EL2_RES1
	msr	cptr_el2, x1
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x1, midr_el1
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1
	mrs	x1, pmcr_el0
	ubfx	x1, x1, #11, #5		// all counters belong to EL1
	msr	mdcr_el2, x1
	mrs	x1, id_aa64pfr0_el1
	ubfx	x1, x1, #24, #4		// GIC registers are there?
	cbz	x1, 1f
	mov	x1, #ICC_SRE_EL2_ON
	msr	S3_4_C12_C9_5, x1	// ICC_SRE_EL2
	isb
	msr	S3_4_C12_C11_0, xzr	// ICH_HCR_EL2: no virtual interface
1:	ldr	x1, =SCTLR_OFF
	msr	sctlr_el1, x1
	mov	x1, #SPSR_EL1H_MASKED
	msr	spsr_el2, x1
	msr	elr_el2, x30
	eret

	.ltorg
