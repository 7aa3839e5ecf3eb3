/* SPDX-License-Identifier: GPL-2.0-only */
/* mmu_context.h - no address space to switch: asm-generic's version without MMU. */
#ifndef _ASM_KAAL_MMU_CONTEXT_H
#define _ASM_KAAL_MMU_CONTEXT_H

#include <asm-generic/nommu_context.h>

#endif
