/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall.h - nobody makes Linux system calls on this machine.
 */
#ifndef _ASM_KAAL_SYSCALL_H
#define _ASM_KAAL_SYSCALL_H

#include <uapi/linux/audit.h>

struct task_struct;
struct pt_regs;

static inline int syscall_get_nr(struct task_struct *task, struct pt_regs *regs)
{
	return -1;
}

static inline int syscall_get_arch(struct task_struct *task)
{
	return AUDIT_ARCH_AARCH64;
}

#endif
