/* SPDX-License-Identifier: GPL-2.0-only */
/* vmalloc.h - no huge mappings to offer: Linux's defaults hold. */
#ifndef _ASM_KAAL_VMALLOC_H
#define _ASM_KAAL_VMALLOC_H

#endif
