/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vectors.h - what vectors.S and the C files beside it offer each other.
 */
#ifndef ARCH_VECTORS_H
#define ARCH_VECTORS_H

/* clang-format off */
/* Which vector led to exception_panic. */
#define TRAP_KERNEL_SYNC	0
#define TRAP_KERNEL_IRQ		1
#define TRAP_KERNEL_FIQ		2
#define TRAP_KERNEL_SERROR	3
#define TRAP_USER_FIQ		4
#define TRAP_USER_SERROR	5
#define TRAP_NO_STACK		6
#define TRAP_AARCH32		7
/* clang-format on */

#ifndef __ASSEMBLY__
#include <arch/context.h>

extern char vectors[];

/* Leave the kernel for sched_current. Also the way into the first thread. */
_Noreturn void vectors_return(void);

/* Where the idle thread waits, at EL1 with interrupts masked. */
void vectors_idle(void);

/* Called by vectors.S: an exception of EL0 that is no svc. */
void exception_user(uint64_t esr);

/* Called by vectors.S: an exception nobody can handle. */
_Noreturn void exception_panic(const struct context *frame, unsigned int trap);

void fpu_save(struct fpu_state *fpu);
void fpu_load(const struct fpu_state *fpu);
#endif
#endif
