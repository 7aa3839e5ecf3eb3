/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - what kernel/boot asks of the processor before the first thread.
 *
 * Order: direct_map_* while reading the device tree, gic_init, timer_init,
 * cpu_init, then mmu_leave_boot, which does not come back.
 */
#ifndef ARCH_BOOT_H
#define ARCH_BOOT_H

#include <stdbool.h>
#include <stdint.h>

/* Page tables at tables_start with a fixed use; the others follow. */
enum boot_table {
	BOOT_TABLE_ROOT, /* TTBR1 */
	BOOT_TABLE_IMAGE_L1,
	BOOT_TABLE_IMAGE_L2,
	BOOT_TABLE_IMAGE_L3,
	BOOT_TABLE_EMPTY, /* TTBR0 of a thread without address space */
	BOOT_TABLES_FIXED
};

uint64_t early_map(void);

/**
 * window_map - show physical memory in the boot window, before the direct map.
 * @slot:   0..511; a slot is 2 MiB
 * @device: device registers, else normal memory read-only
 * Return: where @paddr is seen; valid until the next 2 MiB border.
 */
void *window_map(unsigned int slot, uint64_t paddr, bool device);

/**
 * direct_map_add - map physical memory at its direct-map address.
 * @start, @end: page-aligned; not mapped before
 * Return: false when the kernel has no page table left for it.
 */
bool direct_map_add(uint64_t start, uint64_t end, bool device);

/* direct_map_close - no more tables; returns the first unused one's address. */
uint64_t direct_map_close(void);

/* gic_init - find this CPU's redistributor and set the controller up. */
bool gic_init(uint64_t dist, uint64_t redist, uint64_t redist_bytes);

/* gic_present - has the CPU the system registers of a GICv3? */
bool gic_present(void);

void timer_init(void);

/* cpu_init - traps and grants for EL0; the idle thread's registers. */
void cpu_init(void);

const char *cpu_name(void);

/* icache_sync - make instructions written to memory visible to fetch. */
void icache_sync(const void *start, uint64_t bytes);

/* mmu_leave_boot - unmap boot-only pages and go to sched_current. */
_Noreturn void mmu_leave_boot(void);

#endif
