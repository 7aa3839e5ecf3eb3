/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.h - the C side of every way into the kernel.
 *
 * Called by arch vectors with the current thread's registers saved in its
 * context. On return sched_current is the thread to resume, its VSpace active.
 */
#ifndef CORE_ENTRY_H
#define CORE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

/* svc: x0..x7 as the user has them. context.fault_pc is the svc, context.pc the
 * next instruction. */
void kernel_enter(uint64_t cptr, uint64_t info, uint64_t w0, uint64_t w1,
		  uint64_t w2, uint64_t w3, uint64_t unused, int64_t number);

/* The general way of a system call: kernel_enter without short cuts. */
void kernel_syscall(int64_t number);

/* Interrupt: one or more are pending at the controller. */
void kernel_interrupt(void);

/* Data or instruction abort. For all faults context.fault_pc is set. */
void kernel_vm_fault(uint64_t address, uint64_t esr, bool prefetch);

/* Every other synchronous exception of EL0. */
void kernel_user_exception(uint64_t esr);

#endif
