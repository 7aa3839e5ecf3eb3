/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - the part of thread.c that only this folder uses.
 */
#ifndef ARCH_THREAD_H
#define ARCH_THREAD_H

#include <stdbool.h>

struct tcb;

/* thread_fpu_trap - give @tcb the FPU; false if its flags forbid it. */
bool thread_fpu_trap(struct tcb *tcb);

#endif
