/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug.c - the kernel's debug calls: print, identify, name.
 *
 * A kernel without them answers with an unknown-syscall fault, so a program
 * that must run there does not call these.
 */
#include "svc.h"

void glue_sys_debug_putchar(char c)
{
	svc_word(ABI_SYS_DEBUG_PUTCHAR, (unsigned char)c);
}

uint64_t glue_sys_debug_cap_identify(glue_cptr cap)
{
	return svc_word(ABI_SYS_DEBUG_CAP_IDENTIFY, cap);
}

void glue_sys_debug_halt(void)
{
	svc_word(ABI_SYS_DEBUG_HALT, 0);
}

/* The name travels as a C string where the message words begin. */
void glue_sys_debug_name_thread(glue_cptr tcb, const char *name)
{
	char *dst = (char *)glue_ipc_buffer->msg;
	unsigned int i;

	for (i = 0; i < sizeof(glue_ipc_buffer->msg) - 1 && name[i]; i++)
		dst[i] = name[i];
	dst[i] = 0;
	svc_word(ABI_SYS_DEBUG_NAME_THREAD, tcb);
}
