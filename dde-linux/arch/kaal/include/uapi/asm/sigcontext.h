/* SPDX-License-Identifier: GPL-2.0-only */
/* sigcontext.h - what a signal frame would hold; signals are never delivered. */
#ifndef _UAPI_ASM_KAAL_SIGCONTEXT_H
#define _UAPI_ASM_KAAL_SIGCONTEXT_H

#include <asm/ptrace.h>

struct sigcontext {
	struct user_pt_regs regs;
};

#endif
