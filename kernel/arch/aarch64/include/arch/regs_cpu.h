/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_cpu.h - bits of the AArch64 system registers that the kernel sets.
 *
 * Source: Arm Architecture Reference Manual for A-profile, DDI 0487,
 * "AArch64 System Register Descriptions". Usable from assembly.
 */
#ifndef ARCH_REGS_CPU_H
#define ARCH_REGS_CPU_H

/* clang-format off */

/*
 * SCTLR_EL1. RES1: bits that Armv8.0 demands as 1 and later versions define:
 * LSMAOE, nTLSMD, EIS, TSCXT, EOS, SED, ITD.
 */
#define SCTLR_RES1		0x30500980
#define SCTLR_M			(1 << 0)   /* MMU on                        */
#define SCTLR_C			(1 << 2)   /* data caches on                */
#define SCTLR_SA		(1 << 3)   /* EL1 stack pointer aligned     */
#define SCTLR_SA0		(1 << 4)   /* EL0 stack pointer aligned     */
#define SCTLR_I			(1 << 12)  /* instruction caches on         */
#define SCTLR_DZE		(1 << 14)  /* EL0 may DC ZVA                */
#define SCTLR_UCT		(1 << 15)  /* EL0 may read CTR_EL0          */
#define SCTLR_NTWI		(1 << 16)  /* EL0 may WFI                   */
#define SCTLR_NTWE		(1 << 18)  /* EL0 may WFE                   */
#define SCTLR_SPAN		(1 << 23)  /* 1: entry to EL1 keeps PAN     */
#define SCTLR_UCI		(1 << 26)  /* EL0 cache maintenance by VA   */

/*
 * A = 0: EL0 may use unaligned accesses. WXN = 0: the ABI grants a root task
 * writable and executable segments (abi.md section 17); the kernel's own
 * mappings are W^X without it.
 */
#define SCTLR_KERNEL	(SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | \
			 SCTLR_SA0 | SCTLR_I | SCTLR_DZE | SCTLR_UCT | \
			 SCTLR_NTWI | SCTLR_NTWE | SCTLR_UCI)
/* The same with MMU and caches off, for the way from EL2 to EL1. */
#define SCTLR_OFF		(SCTLR_RES1 | SCTLR_SPAN)

/* TCR_EL1: 48-bit halves, 4 KiB granule, write-back inner-shareable walks. */
#define TCR_T0SZ_48		(16 << 0)
#define TCR_IRGN0_WBWA		(1 << 8)
#define TCR_ORGN0_WBWA		(1 << 10)
#define TCR_SH0_INNER		(3 << 12)
#define TCR_TG0_4K		(0 << 14)
#define TCR_T1SZ_48		(16 << 16)
#define TCR_IRGN1_WBWA		(1 << 24)
#define TCR_ORGN1_WBWA		(1 << 26)
#define TCR_SH1_INNER		(3 << 28)
#define TCR_TG1_4K		(2 << 30)
#define TCR_IPS_SHIFT		32         /* from ID_AA64MMFR0.PARange     */
#define TCR_AS_16BIT		(1 << 36)  /* A1 = 0: ASID is in TTBR0      */
#define TCR_IPS_MAX		5          /* 48 bits: all a descriptor holds */
#define TCR_KERNEL	(TCR_T0SZ_48 | TCR_IRGN0_WBWA | TCR_ORGN0_WBWA | \
			 TCR_SH0_INNER | TCR_TG0_4K | TCR_T1SZ_48 | \
			 TCR_IRGN1_WBWA | TCR_ORGN1_WBWA | TCR_SH1_INNER | \
			 TCR_TG1_4K | TCR_AS_16BIT)

/* MAIR_EL1: attribute 0 Device-nGnRnE, 1 write-back, 2 not cacheable. */
#define MAIR_KERNEL		0x44ff00

/* HCR_EL2, CNTHCTL_EL2, CPTR_EL2, ICC_SRE_EL2: leave EL1 alone. */
#define HCR_RW			(1 << 31)  /* EL1 is AArch64                */
#define CNTHCTL_EL1_ALL		3          /* EL1 physical counter, timer   */
#define CPTR_EL2_RES1		0x33ff     /* no trap of FPU                */
#define ICC_SRE_EL2_ON		9          /* SRE, and EL1 may set its own  */

/* SPSR: EL1 with its own stack, debug, SError, IRQ and FIQ masked. */
#define SPSR_EL1H_MASKED	0x3c5

/* CNTKCTL_EL1: what EL0 may touch. Its virtual timer stays the kernel's. */
#define CNTKCTL_EL0PCTEN	(1 << 0)
#define CNTKCTL_EL0VCTEN	(1 << 1)
#define CNTKCTL_EL0PTEN		(1 << 9)

/* CNTV_CTL_EL0. */
#define CNTV_ENABLE		(1 << 0)
#define CNTV_IMASK		(1 << 1)

/* CPACR_EL1.FPEN: 3 traps nothing, 0 traps EL0 and EL1. */
#define CPACR_FPEN		(3 << 20)

/* PMUSERENR_EL0.EN: EL0 may use the performance monitors. */
#define PMUSERENR_EN		(1 << 0)

/* ISR_EL1: an interrupt is pending, whatever PSTATE masks. */
#define ISR_I			(1 << 7)

/* ESR_ELx.EC, bits [31:26]. */
#define ESR_EC_SHIFT		26
#define ESR_EC_FPU		0x07
#define ESR_EC_SVC64		0x15
#define ESR_EC_IABT_LOW		0x20
#define ESR_EC_DABT_LOW		0x24
/* clang-format on */

#endif
