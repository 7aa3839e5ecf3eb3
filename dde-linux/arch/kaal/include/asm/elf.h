/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * elf.h - the object format of modules and programs: AArch64, 64-bit, little endian.
 */
#ifndef _ASM_KAAL_ELF_H
#define _ASM_KAAL_ELF_H

#include <asm/ptrace.h>

#define ELF_ARCH	  EM_AARCH64
#define ELF_CLASS	  ELFCLASS64
#define ELF_DATA	  ELFDATA2LSB
#define ELF_EXEC_PAGESIZE PAGE_SIZE
#define ELF_PLATFORM	  NULL
#define ELF_HWCAP	  0

#define elf_check_arch(header) ((header)->e_machine == EM_AARCH64)

typedef unsigned long elf_greg_t;
#define ELF_NGREG (sizeof(struct user_pt_regs) / sizeof(elf_greg_t))
typedef elf_greg_t elf_gregset_t[ELF_NGREG];
typedef struct {
} elf_fpregset_t;

#endif
