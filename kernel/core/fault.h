/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - a thread's fault becomes a call to its handler.
 */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include <core/lookup.h>

/* fault_raise - report @fault to the thread's handler, or stop the thread. */
void fault_raise(struct tcb *tcb, const struct fault *fault);

/* fault_raise_cap - CapFault: @cptr did not resolve, or not to what it must. */
void fault_raise_cap(struct tcb *tcb, uint64_t cptr, bool receiving,
		     const struct lookup_failure *why);

/* fault_write_message - fill @to's message; returns the message info. */
uint64_t fault_write_message(struct tcb *faulter, struct tcb *to);

/* fault_take_reply - apply the handler's answer; false: the thread stops. */
bool fault_take_reply(struct tcb *faulter, struct tcb *handler);

#endif
