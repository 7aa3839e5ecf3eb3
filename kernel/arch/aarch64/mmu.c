/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmu.c - TLB and cache maintenance, clearing, and the end of the boot map.
 *
 * Why the barriers are what they are:
 * - A store to a table is seen by the walker after DSB ISHST (Arm ARM,
 *   "Ordering of memory accesses from translation table walks").
 * - A TLB invalidation is complete for this core after DSB ISH, and applies to
 *   instructions after a context synchronisation event (Arm ARM, "TLB
 *   maintenance instructions"). The next use of a user address is behind the
 *   ERET to EL0, which is one. So no ISB here: kernel code never uses a user
 *   address.
 */
#include <arch/mmu.h>
#include <arch/pte_kernel.h>
#include <arch/sysreg.h>
#include <arch/vectors.h>
#include <core/arch.h>

uint64_t image_phys;
unsigned int mmu_tables_used = BOOT_TABLES_FIXED;

#define TLBI_ASID_SHIFT 48

void arch_tlb_flush_asid(uint64_t asid)
{
	barrier_dsb_ishst();
	__asm__ volatile("tlbi aside1is, %0" : : "r"(asid << TLBI_ASID_SHIFT));
	barrier_dsb_ish();
}

void arch_tlb_flush_page(uint64_t asid, uint64_t vaddr)
{
	uint64_t what = asid << TLBI_ASID_SHIFT |
			(vaddr >> 12 & ((1ull << 44) - 1));

	barrier_dsb_ishst();
	__asm__ volatile("tlbi vale1is, %0" : : "r"(what));
	barrier_dsb_ish();
}

/*
 * No ISB: the walk that needs @value happens at EL0, behind the ERET. When an
 * entry was valid before, the caller flushes the TLB after this.
 */
void arch_pte_store(uint64_t *entry, uint64_t value)
{
	*(volatile uint64_t *)entry = value;
	barrier_dsb_ishst();
}

static void unmap_image_pages(const char *start, const char *end)
{
	uint64_t *pages = mmu_boot_table(BOOT_TABLE_IMAGE_L3);

	for (; start < end; start += PAGE_BYTES)
		pages[table_index((uint64_t)start, 3)] = 0;
}

_Noreturn void mmu_leave_boot(void)
{
	unmap_image_pages(image_start, text_start);
	unmap_image_pages((char *)mmu_boot_table(mmu_tables_used), image_end);
	mmu_boot_table(BOOT_TABLE_IMAGE_L1)[table_index(KERNEL_WINDOW, 1)] = 0;
	barrier_dsb_ishst();
	__asm__ volatile("tlbi vmalle1");
	barrier_dsb_ish();
	barrier_isb();
	vectors_return();
}
