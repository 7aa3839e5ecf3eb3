/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio_host.h - the same accesses for unit tests on the host.
 *
 * Plain memory, unless the test has a fake device: the two functions below then
 * see each access, and decide by its address whether it is theirs.
 */
#ifndef DDDK_MMIO_HOST_H
#define DDDK_MMIO_HOST_H

#include <stdint.h>

/* Return: 1 if the address is the fake device's; *value is then the answer. */
int dddk_fake_load(const volatile void *reg, unsigned int bytes,
		   uint64_t *value) __attribute__((weak));
int dddk_fake_store(volatile void *reg, unsigned int bytes, uint64_t value)
	__attribute__((weak));

#define DDDK_MMIO_HOST(bits)                                                   \
	static inline uint##bits##_t dddk_mmio_load##bits(                     \
		const volatile void *reg)                                      \
	{                                                                      \
		uint64_t value;                                                \
                                                                               \
		if (dddk_fake_load && dddk_fake_load(reg, bits / 8, &value))   \
			return (uint##bits##_t)value;                          \
		return *(const volatile uint##bits##_t *)reg;                  \
	}                                                                      \
                                                                               \
	static inline void dddk_mmio_store##bits(volatile void *reg,           \
						 uint##bits##_t value)         \
	{                                                                      \
		if (!dddk_fake_store ||                                        \
		    !dddk_fake_store(reg, bits / 8, value))                    \
			*(volatile uint##bits##_t *)reg = value;               \
	}

DDDK_MMIO_HOST(8)
DDDK_MMIO_HOST(16)
DDDK_MMIO_HOST(32)

/* At least the order of mmio_aarch64.h. */
static inline void dddk_mmio_after_read(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* The same. */
static inline void dddk_mmio_before_write(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
