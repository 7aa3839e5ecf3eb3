/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * processor.h - what little of a CPU a driver process has to know.
 */
#ifndef _ASM_KAAL_PROCESSOR_H
#define _ASM_KAAL_PROCESSOR_H

#include <asm/ptrace.h>

#define TASK_SIZE	   0x800000000000UL /* EL0 addresses, 47 bits */
#define STACK_TOP	   TASK_SIZE
#define TASK_UNMAPPED_BASE 0UL

/* Registers of a fiber live on its own stack; nothing is kept here. */
struct thread_struct {
};

#define INIT_THREAD                                                            \
	{                                                                      \
	}
#define KSTK_EIP(tsk)	  0UL
#define KSTK_ESP(tsk)	  0UL
#define task_pt_regs(tsk) ((struct pt_regs *)NULL)

struct task_struct;
static inline unsigned long __get_wchan(struct task_struct *task)
{
	return 0;
}

/*
 * A busy loop waits for a device or for jiffies. Nothing interrupts us, so the
 * emulation (kernel/time) takes the chance to move jiffies on: otherwise
 * "while (time_before(jiffies, end)) cpu_relax();" would never end.
 */
void dde_relax(void);

#define cpu_relax() dde_relax()

#endif
