/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fastpath.h - short ways that the general code itself takes; see fastpath.c.
 */
#ifndef CORE_FASTPATH_H
#define CORE_FASTPATH_H

#include <core/lookup.h>
#include <object/notification.h>

/* fastpath_signal - as notification_signal(), and who runs now is settled. */
void fastpath_signal(struct notification *ntfn, uint64_t badge);

/* fastpath_vm_fault - the current thread's fault; false: nothing was done. */
bool fastpath_vm_fault(uint64_t address, uint64_t esr, bool prefetch);

#endif
