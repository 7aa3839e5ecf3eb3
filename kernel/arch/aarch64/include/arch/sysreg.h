/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysreg.h - access to AArch64 system registers, and barriers by name.
 *
 * A register is named as the assembler names it; GICv3's, which gcc 12 does
 * not all know, by their S<op0>_<op1>_... encoding in regs_gicv3.h.
 */
#ifndef ARCH_SYSREG_H
#define ARCH_SYSREG_H

#include <stdint.h>

#define SYSREG_NAME_(name) #name
#define SYSREG_NAME(name)  SYSREG_NAME_(name)

#define sysreg_read(name)                                                      \
	({                                                                     \
		uint64_t value_;                                               \
		__asm__ volatile("mrs %0, " SYSREG_NAME(name) : "=r"(value_)); \
		value_;                                                        \
	})

#define sysreg_write(name, value)                                              \
	__asm__ volatile("msr " SYSREG_NAME(name) ", %x0"                      \
			 :                                                     \
			 : "rZ"((uint64_t)(value))                             \
			 : "memory")

/* Later instructions see system registers as written before. */
static inline void barrier_isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

/* Earlier stores are done, also for table walkers of the inner domain. */
static inline void barrier_dsb_ishst(void)
{
	__asm__ volatile("dsb ishst" ::: "memory");
}

/* Earlier accesses and TLB or cache maintenance are done. */
static inline void barrier_dsb_ish(void)
{
	__asm__ volatile("dsb ish" ::: "memory");
}

/* As barrier_dsb_ish, and also for devices and observers without caches. */
static inline void barrier_dsb_sy(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

#endif
