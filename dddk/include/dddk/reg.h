/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reg.h - a device's registers as a C structure that the compiler checks.
 *
 * Describe the register block once, prove each offset against the manual, and
 * a write to a read-only register, or an access of the wrong width, no longer
 * compiles:
 *
 *	struct pl031_regs {
 *		dddk_ro32 dr;	// 0x00 seconds
 *		dddk_rw32 mr;	// 0x04 match
 *		...
 *	};
 *	DDDK_REG_AT(struct pl031_regs, mr, 0x04);
 *
 *	dddk_reg_write(&regs->mr, dddk_reg_read(&regs->dr) + 10);
 *
 * The number is the register's width; gaps are arrays of that width, named rsvdN.
 * One of 64 bits is two halves. Order of accesses: dddk/mmio.h.
 */
#ifndef DDDK_REG_H
#define DDDK_REG_H

#include <stddef.h>
#include <stdint.h>
#include <dddk/mmio.h>

/* Read and write; read only; write only (a read has no meaning). */
typedef struct {
	uint32_t raw;
} dddk_rw32;
typedef struct {
	uint32_t raw;
} dddk_ro32;
typedef struct {
	uint32_t raw;
} dddk_wo32;
typedef struct {
	uint16_t raw;
} dddk_rw16;
typedef struct {
	uint16_t raw;
} dddk_ro16;
typedef struct {
	uint16_t raw;
} dddk_wo16;
typedef struct {
	uint8_t raw;
} dddk_rw8;
typedef struct {
	uint8_t raw;
} dddk_ro8;
typedef struct {
	uint8_t raw;
} dddk_wo8;

/* Fails to compile if the member is not where the manual puts the register. */
#define DDDK_REG_AT(block, member, offset)                                     \
	_Static_assert(offsetof(block, member) == (offset),                    \
		       #block "." #member " is not at " #offset)

/* The value of a register that may be read. */
#define dddk_reg_read(reg)                                                     \
	_Generic((reg), dddk_ro32 *                                            \
		 : dddk_mmio_read32, dddk_rw32 *                               \
		 : dddk_mmio_read32, dddk_ro16 *                               \
		 : dddk_mmio_read16, dddk_rw16 *                               \
		 : dddk_mmio_read16, dddk_ro8 *                                \
		 : dddk_mmio_read8, dddk_rw8 *                                 \
		 : dddk_mmio_read8)(&(reg)->raw)

/* Write a register that may be written. */
#define dddk_reg_write(reg, value)                                             \
	_Generic((reg), dddk_wo32 *                                            \
		 : dddk_mmio_write32, dddk_rw32 *                              \
		 : dddk_mmio_write32, dddk_wo16 *                              \
		 : dddk_mmio_write16, dddk_rw16 *                              \
		 : dddk_mmio_write16, dddk_wo8 *                               \
		 : dddk_mmio_write8, dddk_rw8 *                                \
		 : dddk_mmio_write8)(&(reg)->raw, (value))

/* The same for a register that tells the device of no memory: no barrier. */
#define dddk_reg_write_relaxed(reg, value)                                     \
	_Generic((reg), dddk_wo32 *                                            \
		 : dddk_mmio_write32_relaxed, dddk_rw32 *                      \
		 : dddk_mmio_write32_relaxed)(&(reg)->raw, (value))

/* Set and clear bits: read, change, write. Not atomic: one thread. */
#define dddk_reg_change(reg, clear, set)                                       \
	dddk_reg_write(reg, (dddk_reg_read(reg) & ~(clear)) | (set))

#endif
