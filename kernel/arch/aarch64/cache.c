/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - cache maintenance that users ask for, and clearing of memory.
 *
 * All by virtual address, through the kernel's own mapping: caches behave as
 * physically tagged, so what a user sees at its address is what we maintain
 * (Arm ARM, "Caches and memory hierarchy"). Line sizes come from CTR_EL0.
 */
#include <abi/object.h>
#include <arch/boot.h>
#include <arch/memory.h>
#include <arch/sysreg.h>
#include <core/arch.h>

/* CTR_EL0: line sizes as log2 of 4-byte words; IDC, DIC: op not needed. */
#define CTR_IMIN_SHIFT 0
#define CTR_DMIN_SHIFT 16
#define CTR_LINE_MASK  0xfu
#define CTR_IDC	       (1ull << 28)
#define CTR_DIC	       (1ull << 29)

static uint64_t line_bytes(unsigned int shift)
{
	return 4ull << (sysreg_read(ctr_el0) >> shift & CTR_LINE_MASK);
}

#define for_each_line(op, start, end, shift)                                   \
	do {                                                                   \
		uint64_t step_ = line_bytes(shift);                            \
		uint64_t line_ = (uint64_t)(start) & ~(step_ - 1);             \
		for (; line_ < (uint64_t)(end); line_ += step_)                \
			__asm__ volatile(op ", %0" : : "r"(line_) : "memory"); \
	} while (0)

static void data_invalidate(void *start, void *end)
{
	for_each_line("dc ivac", start, end, CTR_DMIN_SHIFT);
	barrier_dsb_sy();
}

static void data_clean_invalidate(void *start, void *end)
{
	for_each_line("dc civac", start, end, CTR_DMIN_SHIFT);
	barrier_dsb_sy();
}

/* Data to the point of unification, then drop the instructions there. */
static void instruction_unify(const void *start, const void *end)
{
	uint64_t ctr = sysreg_read(ctr_el0);

	if (!(ctr & CTR_IDC))
		for_each_line("dc cvau", start, end, CTR_DMIN_SHIFT);
	barrier_dsb_ish();
	if (!(ctr & CTR_DIC))
		for_each_line("ic ivau", start, end, CTR_IMIN_SHIFT);
	barrier_dsb_ish();
	barrier_isb();
}

void icache_sync(const void *start, uint64_t bytes)
{
	instruction_unify(start, (const char *)start + bytes);
}

/*
 * A plain Invalidate could drop a neighbour's dirty data if the ends are not
 * on line borders, so those lines are cleaned first. The instruction cache may
 * be virtually indexed (CTR_EL0.L1Ip), then IC IVAU through our alias reaches
 * every copy only because all cores we support index it physically (PIPT).
 */
void arch_cache_op(unsigned int label, void *start, void *end, uint64_t paddr)
{
	(void)paddr;
	switch (label) {
	case ABI_PAGE_CLEAN_DATA:
	case ABI_VSPACE_CLEAN_DATA:
		memory_clean(start, (char *)end - (char *)start);
		break;
	case ABI_PAGE_INVALIDATE_DATA:
	case ABI_VSPACE_INVALIDATE_DATA:
		memory_clean(start, 1);
		memory_clean((char *)end - 1, 1);
		data_invalidate(start, end);
		break;
	case ABI_PAGE_CLEAN_INVALIDATE_DATA:
	case ABI_VSPACE_CLEAN_INVALIDATE_DATA:
		data_clean_invalidate(start, end);
		break;
	case ABI_PAGE_UNIFY_INSTRUCTION:
	case ABI_VSPACE_UNIFY_INSTRUCTION:
		instruction_unify(start, end);
		break;
	default:
		kernel_panic("unknown cache operation", start, label, 0);
	}
}

/* Users may map the memory uncached or lend it to a device: clean it too. */
void arch_memory_clear(void *start, uint64_t bytes)
{
	memory_zero(start, bytes);
	memory_clean(start, bytes);
}
