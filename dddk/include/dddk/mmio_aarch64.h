/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio_aarch64.h - the load, store and barrier instructions under mmio.h.
 *
 * Written in assembly so that the compiler picks no write-back or pair form: a
 * hypervisor can emulate only plain accesses (Arm ARM D17.2.37, ISS.ISV).
 * Outer-shareable barriers, because a device need not be in the inner domain.
 */
#ifndef DDDK_MMIO_AARCH64_H
#define DDDK_MMIO_AARCH64_H

#include <stdint.h>

/* One load, in no order with other accesses. */
static inline uint8_t dddk_mmio_load8(const volatile void *reg)
{
	uint32_t value;

	__asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(reg));
	return value;
}

static inline uint16_t dddk_mmio_load16(const volatile void *reg)
{
	uint32_t value;

	__asm__ volatile("ldrh %w0, [%1]" : "=r"(value) : "r"(reg));
	return value;
}

static inline uint32_t dddk_mmio_load32(const volatile void *reg)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(reg));
	return value;
}

/* One store, the same. */
static inline void dddk_mmio_store8(volatile void *reg, uint8_t value)
{
	__asm__ volatile("strb %w0, [%1]" : : "rZ"(value), "r"(reg));
}

static inline void dddk_mmio_store16(volatile void *reg, uint16_t value)
{
	__asm__ volatile("strh %w0, [%1]" : : "rZ"(value), "r"(reg));
}

static inline void dddk_mmio_store32(volatile void *reg, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" : : "rZ"(value), "r"(reg));
}

/* Partner: the device's write of its status after its data by DMA. */
static inline void dddk_mmio_after_read(void)
{
	__asm__ volatile("dmb oshld" : : : "memory");
}

/* Partner: the device's DMA read of descriptors after it was told. Loads must
 * not pass either (the device may overwrite), so the full form. */
static inline void dddk_mmio_before_write(void)
{
	__asm__ volatile("dmb osh" : : : "memory");
}

#endif
