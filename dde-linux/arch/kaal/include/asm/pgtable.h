/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pgtable.h - page tables as a machine without MMU control sees them: none.
 *
 * The names exist because Linux's headers mention them; no driver walks tables.
 */
#ifndef _ASM_KAAL_PGTABLE_H
#define _ASM_KAAL_PGTABLE_H

#include <asm-generic/pgtable-nopud.h>
#include <asm/page.h>

#define PAGE_NONE     __pgprot(0)
#define PAGE_SHARED   __pgprot(0)
#define PAGE_COPY     __pgprot(0)
#define PAGE_READONLY __pgprot(0)
#define PAGE_KERNEL   __pgprot(0)

#define VMALLOC_START 0UL
#define VMALLOC_END   (~0UL)

extern void *dde_zero_page; /* one page of zeroes in the linear map */
#define ZERO_PAGE(va) virt_to_page(dde_zero_page)

#endif
