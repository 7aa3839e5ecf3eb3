/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - the memory model: a linear map at DMA_BASE, struct pages at META_BASE.
 *
 * A page that a device may see is mapped at PAGE_OFFSET + its bus address, and
 * its struct page lies at vmemmap + pfn. So every conversion is one addition,
 * and a pfn is the true bus address: virtio_ring may use sg_phys() directly.
 * The broker maps both windows; nothing else in the process has a struct page.
 * Image, heap and stacks lie below: virt_addr_valid() is false for them.
 * The two bases are GLUE_DMA_BASE and GLUE_META_BASE of glue/places.h, which no
 * Linux file can include: kit/kit.h repeats them, kit_main.c and
 * emul/mm/page_alloc.c prove that all three agree.
 */
#ifndef _ASM_KAAL_PAGE_H
#define _ASM_KAAL_PAGE_H

#include <linux/const.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define PAGE_OFFSET	_AC(0x4000000000, UL)
#define KAAL_META_BASE	_AC(0x20000000, UL)
#define KAAL_META_BYTES 64
#define KAAL_BUS_BITS	42 /* bus addresses that fit above META_BASE */

#ifndef __ASSEMBLY__

#include <linux/pfn.h>

typedef struct {
	unsigned long pte;
} pte_t;
typedef struct {
	unsigned long pmd;
} pmd_t;
typedef struct {
	unsigned long pgd;
} pgd_t;
typedef struct {
	unsigned long pgprot;
} pgprot_t;
typedef struct page *pgtable_t;

#define pte_val(x)    ((x).pte)
#define pmd_val(x)    ((x).pmd)
#define pgd_val(x)    ((x).pgd)
#define pgprot_val(x) ((x).pgprot)
#define __pte(x)      ((pte_t){ (x) })
#define __pmd(x)      ((pmd_t){ (x) })
#define __pgd(x)      ((pgd_t){ (x) })
#define __pgprot(x)   ((pgprot_t){ (x) })

#define clear_page(page)		 memset((page), 0, PAGE_SIZE)
#define copy_page(to, from)		 memcpy((to), (from), PAGE_SIZE)
#define clear_user_page(page, va, pg)	 clear_page(page)
#define copy_user_page(to, from, va, pg) copy_page(to, from)

#define __pa(va) ((unsigned long)(va)-PAGE_OFFSET)
#define __va(pa) ((void *)((unsigned long)(pa) + PAGE_OFFSET))

#define vmemmap		   ((struct page *)KAAL_META_BASE)
#define pfn_to_page(pfn)   (vmemmap + (pfn))
#define page_to_pfn(page)  ((unsigned long)((page)-vmemmap))
#define __pfn_to_phys(pfn) PFN_PHYS(pfn)
#define __phys_to_pfn(pa)  PHYS_PFN(pa)

#define virt_to_pfn(va)	   (__pa(va) >> PAGE_SHIFT)
#define pfn_to_virt(pfn)   __va((unsigned long)(pfn) << PAGE_SHIFT)
#define virt_to_page(va)   pfn_to_page(virt_to_pfn(va))
#define page_to_virt(page) pfn_to_virt(page_to_pfn(page))
#define page_to_phys(page) ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define phys_to_page(pa)   pfn_to_page((pa) >> PAGE_SHIFT)

/* Inside the window; whether the broker mapped that very page is not asked. */
#define pfn_valid(pfn)	    ((pfn) < (1UL << (KAAL_BUS_BITS - PAGE_SHIFT)))
#define virt_addr_valid(va) pfn_valid(virt_to_pfn(va))

#endif /* __ASSEMBLY__ */

#include <asm-generic/getorder.h>

#endif
