/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ptrace.h - register frame, demanded by headers; no driver reads one.
 *
 * Faults of the process go to the broker, which reads registers there.
 */
#ifndef _ASM_KAAL_PTRACE_H
#define _ASM_KAAL_PTRACE_H

#include <uapi/asm/ptrace.h>

#ifndef __ASSEMBLY__

struct pt_regs {
	struct user_pt_regs user;
};

#define user_mode(regs)		  ((void)(regs), 0)
#define instruction_pointer(regs) ((regs)->user.pc)
#define profile_pc(regs)	  instruction_pointer(regs)
#define user_stack_pointer(regs)  ((regs)->user.sp)
#define regs_return_value(regs)	  ((regs)->user.regs[0])
#define current_pt_regs()	  ((struct pt_regs *)NULL)

#endif
#endif
