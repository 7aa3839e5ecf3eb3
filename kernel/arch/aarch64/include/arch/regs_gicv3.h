/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_gicv3.h - GICv3 distributor, redistributor, CPU interface.
 *
 * Source: Arm GIC Architecture Specification, IHI 0069. Only what gic.c uses.
 * Access mode: RO, RW, W1S/W1C write 1 to set/clear.
 */
#ifndef ARCH_REGS_GICV3_H
#define ARCH_REGS_GICV3_H

#include <stdint.h>

/* clang-format off */
/* Distributor register map. Offsets in bytes; arrays have 32-bit elements. */
#define GICD_CTLR		0x0000 /* RW */
#define GICD_TYPER		0x0004 /* RO [4:0] lines / 32 - 1          */
#define GICD_IGROUPR		0x0080 /* RW 1 bit a line: group 1         */
#define GICD_ISENABLER		0x0100 /* W1S 1 bit a line                 */
#define GICD_ICENABLER		0x0180 /* W1C 1 bit a line                 */
#define GICD_ISPENDR		0x0200 /* W1S */
#define GICD_ICACTIVER		0x0380 /* W1C */
#define GICD_IPRIORITYR		0x0400 /* RW 8 bits a line                 */
#define GICD_ICFGR		0x0c00 /* RW 2 bits a line: 2 edge, 0 level */
#define GICD_IROUTER		0x6000 /* RW 64 bits a line: affinity      */

#define GICD_CTLR_GRP1NS	(1u << 1)  /* with one security state       */
#define GICD_CTLR_ARE		(1u << 4)
#define GICD_CTLR_RWP		(1u << 31) /* a write is still on its way   */
#define GICD_TYPER_LINES	0x1fu

/* Redistributor register map: two frames of 64 KiB. */
#define GICR_CTLR		0x0000 /* RO here: RWP                     */
#define GICR_TYPER		0x0008 /* RO 64-bit: [63:32] affinity      */
#define GICR_WAKER		0x0014 /* RW */
#define GICR_SGI_FRAME		0x10000 /* same offsets as GICD_* for 0..31 */

#define GICR_CTLR_RWP		(1u << 3)
#define GICR_TYPER_VLPIS	(1u << 1)  /* two more frames (GICv4)       */
#define GICR_TYPER_LAST		(1u << 4)  /* last one of the region        */
#define GICR_WAKER_SLEEP	(1u << 1)
#define GICR_WAKER_ASLEEP	(1u << 2)
#define GICR_BYTES		0x20000
#define GICR_BYTES_VLPIS	0x40000

/* CPU interface system registers, by encoding: gcc 12 lacks the names. */
#define ICC_PMR_EL1		S3_0_C4_C6_0   /* priority mask             */
#define ICC_DIR_EL1		S3_0_C12_C11_1 /* deactivate                */
#define ICC_SGI1R_EL1		S3_0_C12_C11_5 /* send an SGI               */
#define ICC_IAR1_EL1		S3_0_C12_C12_0 /* acknowledge               */
#define ICC_EOIR1_EL1		S3_0_C12_C12_1 /* drop priority             */
#define ICC_BPR1_EL1		S3_0_C12_C12_3
#define ICC_CTLR_EL1		S3_0_C12_C12_4
#define ICC_SRE_EL1		S3_0_C12_C12_5
#define ICC_IGRPEN1_EL1		S3_0_C12_C12_7

#define ICC_SRE_SRE		(1u << 0)
#define ICC_CTLR_EOIMODE	(1u << 1)  /* EOIR drops, DIR deactivates   */
#define ICC_CTLR_RSS		(1u << 18) /* RO affinity 0 above 15        */
#define ICC_PMR_ALL		0xffu

#define GIC_SGI_LINES		16u
#define GIC_PRIVATE_LINES	32u        /* SGIs and PPIs                 */
#define GIC_LINES_MAX		1020u
#define GIC_SPECIAL		1020u      /* 1020..1023: no interrupt      */
#define GIC_PRIORITY		0xa0a0a0a0u /* four lines, one priority     */
/* clang-format on */

#endif
