/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio_host.h - the same accesses as plain memory, for unit tests on the host.
 */
#ifndef DDDK_MMIO_HOST_H
#define DDDK_MMIO_HOST_H

#include <stdint.h>

static inline uint8_t dddk_mmio_load8(const volatile void *reg)
{
	return *(const volatile uint8_t *)reg;
}

static inline uint16_t dddk_mmio_load16(const volatile void *reg)
{
	return *(const volatile uint16_t *)reg;
}

static inline uint32_t dddk_mmio_load32(const volatile void *reg)
{
	return *(const volatile uint32_t *)reg;
}

static inline void dddk_mmio_store8(volatile void *reg, uint8_t value)
{
	*(volatile uint8_t *)reg = value;
}

static inline void dddk_mmio_store16(volatile void *reg, uint16_t value)
{
	*(volatile uint16_t *)reg = value;
}

static inline void dddk_mmio_store32(volatile void *reg, uint32_t value)
{
	*(volatile uint32_t *)reg = value;
}

static inline void dddk_mmio_after_read(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void dddk_mmio_before_write(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
