/* SPDX-License-Identifier: GPL-2.0-only */
/* ptrace.h - the integer registers of an AArch64 process. */
#ifndef _UAPI_ASM_KAAL_PTRACE_H
#define _UAPI_ASM_KAAL_PTRACE_H

#ifndef __ASSEMBLY__

struct user_pt_regs {
	unsigned long long regs[31];
	unsigned long long sp;
	unsigned long long pc;
	unsigned long long pstate;
};

#endif
#endif
