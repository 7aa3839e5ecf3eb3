/* SPDX-License-Identifier: BSD-2-Clause */
/* linkage.h - the two names memcpy.S and memset.S take from Linux's header. */
#ifndef TEST_LINKAGE_H
#define TEST_LINKAGE_H

#define SYM_FUNC_START(name)                                                   \
	.globl name;                                                           \
	.balign 4;                                                             \
name:
#define SYM_FUNC_END(name)                                                     \
	.type name, % function;                                                \
	.size name, .- name

#endif
