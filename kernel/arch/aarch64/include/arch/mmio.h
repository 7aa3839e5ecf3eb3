/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio.h - device registers the kernel itself uses: GIC and debug UART.
 *
 * The pages are mapped Device-nGnRnE: accesses to one device stay in program
 * order and are neither merged nor repeated, so no barrier is needed between
 * them (Arm ARM, "Device memory"). Inline assembly keeps the compiler from
 * choosing an addressing mode that a hypervisor cannot emulate.
 */
#ifndef ARCH_MMIO_H
#define ARCH_MMIO_H

#include <stdint.h>

static inline uint32_t mmio_read32(const volatile void *reg)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(reg) : "memory");
	return value;
}

static inline uint64_t mmio_read64(const volatile void *reg)
{
	uint64_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(reg) : "memory");
	return value;
}

static inline void mmio_write32(volatile void *reg, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" : : "rZ"(value), "r"(reg) : "memory");
}

static inline void mmio_write64(volatile void *reg, uint64_t value)
{
	__asm__ volatile("str %x0, [%1]" : : "rZ"(value), "r"(reg) : "memory");
}

#endif
