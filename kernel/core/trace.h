/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.h - the kernel's own trace ring: the last events before a panic.
 *
 * Debug builds only (KAAL_DEBUG 1); a release build compiles it to nothing.
 */
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include <stdint.h>

enum trace_event {
	TRACE_SYSCALL = 1, /* number, capability */
	TRACE_IRQ = 2,	   /* intid, 0 */
	TRACE_FAULT = 3,   /* type, address */
	TRACE_SWITCH = 4,  /* tcb, 0 */
	TRACE_DELETE = 5,  /* tag, object */
};

#define TRACE_ENTRIES 64u

struct trace_entry {
	uint64_t when;
	uint64_t event;
	uint64_t a, b;
};

extern struct trace_entry trace_ring[TRACE_ENTRIES];
extern uint64_t trace_next;

void trace_record(enum trace_event event, uint64_t a, uint64_t b);

static inline void trace(enum trace_event event, uint64_t a, uint64_t b)
{
	if (KAAL_DEBUG)
		trace_record(event, a, b);
}

#endif
