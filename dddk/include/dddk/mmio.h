/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio.h - reading and writing device registers.
 *
 * Each access is exactly one load or store of the named width. Order: a write
 * comes after every earlier access to ordinary memory (so the device sees the
 * descriptors it is told about), a read comes before every later one (so data
 * that a status announces is not read too early). dddk_mmio_write*_relaxed
 * leave that out, for registers that announce nothing.
 * How the machine does it: mmio_aarch64.h; mmio_host.h serves unit tests.
 */
#ifndef DDDK_MMIO_H
#define DDDK_MMIO_H

#include <stdint.h>

#ifdef __aarch64__
#include <dddk/mmio_aarch64.h>
#else
#include <dddk/mmio_host.h>
#endif

/* What the register holds; nothing that is read later was read before. */
static inline uint8_t dddk_mmio_read8(const volatile void *reg)
{
	uint8_t value = dddk_mmio_load8(reg);

	dddk_mmio_after_read();
	return value;
}

static inline uint16_t dddk_mmio_read16(const volatile void *reg)
{
	uint16_t value = dddk_mmio_load16(reg);

	dddk_mmio_after_read();
	return value;
}

static inline uint32_t dddk_mmio_read32(const volatile void *reg)
{
	uint32_t value = dddk_mmio_load32(reg);

	dddk_mmio_after_read();
	return value;
}

/* Let the register hold @value, after all that was accessed before. */
static inline void dddk_mmio_write8(volatile void *reg, uint8_t value)
{
	dddk_mmio_before_write();
	dddk_mmio_store8(reg, value);
}

static inline void dddk_mmio_write16(volatile void *reg, uint16_t value)
{
	dddk_mmio_before_write();
	dddk_mmio_store16(reg, value);
}

static inline void dddk_mmio_write32(volatile void *reg, uint32_t value)
{
	dddk_mmio_before_write();
	dddk_mmio_store32(reg, value);
}

/* The same in no order with ordinary memory. */
static inline void dddk_mmio_write32_relaxed(volatile void *reg, uint32_t value)
{
	dddk_mmio_store32(reg, value);
}

/* Read, set the bits of @mask, write back. Not atomic: one thread. */
static inline void dddk_mmio_set32(volatile void *reg, uint32_t mask)
{
	dddk_mmio_write32(reg, dddk_mmio_read32(reg) | mask);
}

/* The same, but they become 0. */
static inline void dddk_mmio_clear32(volatile void *reg, uint32_t mask)
{
	dddk_mmio_write32(reg, dddk_mmio_read32(reg) & ~mask);
}

#endif
