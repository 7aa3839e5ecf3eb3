/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * io.h - device registers.
 *
 * Each access is one load or store from a single base register without
 * writeback: only then does the syndrome describe it fully (Arm ARM DDI 0487,
 * ESR_ELx ISS for data aborts, ISV), which a hypervisor or the fault report
 * needs. Hence inline assembly instead of a volatile pointer.
 *
 * Device memory keeps program order within one device (nGnRE). The barriers
 * order registers against ordinary memory that the device shares:
 * - readX: the load, then DMB OSHLD: what the device wrote before it changed
 *   the register is seen by loads that follow (partner: the device's write).
 * - writeX: DMB OSHST, then the store: the device that sees the register has
 *   seen the descriptors written before (partner: the device's fetch).
 */
#ifndef _ASM_KAAL_IO_H
#define _ASM_KAAL_IO_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/barrier.h>
#include <asm/page.h>

#define KAAL_RAW_READ(name, type, insn, reg)                                   \
	static __always_inline type name(const volatile void __iomem *addr)    \
	{                                                                      \
		type val;                                                      \
                                                                               \
		asm volatile(insn " %" reg "0, [%1]" : "=r"(val) : "r"(addr)); \
		return val;                                                    \
	}

#define KAAL_RAW_WRITE(name, type, insn, reg)                                  \
	static __always_inline void name(type val,                             \
					 volatile void __iomem *addr)          \
	{                                                                      \
		asm volatile(insn " %" reg "0, [%1]"                           \
			     :                                                 \
			     : "rZ"(val), "r"(addr));                          \
	}

KAAL_RAW_READ(__raw_readb, u8, "ldrb", "w")
KAAL_RAW_READ(__raw_readw, u16, "ldrh", "w")
KAAL_RAW_READ(__raw_readl, u32, "ldr", "w")
KAAL_RAW_READ(__raw_readq, u64, "ldr", "x")
KAAL_RAW_WRITE(__raw_writeb, u8, "strb", "w")
KAAL_RAW_WRITE(__raw_writew, u16, "strh", "w")
KAAL_RAW_WRITE(__raw_writel, u32, "str", "w")
KAAL_RAW_WRITE(__raw_writeq, u64, "str", "x")

#define __raw_readb  __raw_readb
#define __raw_readw  __raw_readw
#define __raw_readl  __raw_readl
#define __raw_readq  __raw_readq
#define __raw_writeb __raw_writeb
#define __raw_writew __raw_writew
#define __raw_writel __raw_writel
#define __raw_writeq __raw_writeq

#define __io_br()  barrier()
#define __io_ar(v) dma_rmb()
#define __io_bw()  dma_wmb()
#define __io_aw()  barrier()

/*
 * Registers are mapped by the broker before the driver starts; ioremap finds
 * the mapping that holds the bus address. Defined in dde-linux/emul.
 */
void __iomem *ioremap(phys_addr_t bus, size_t bytes);
void iounmap(volatile void __iomem *addr);
#define ioremap ioremap
#define iounmap iounmap

#define virt_to_phys virt_to_phys
static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	return __pa(va);
}

#define phys_to_virt phys_to_virt
static inline void *phys_to_virt(phys_addr_t pa)
{
	return __va(pa);
}

#include <asm-generic/io.h>

#endif
