/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.c - the kernel's trace ring. The oldest entry is overwritten.
 *
 * Read it with the gdb macros or in a panic's report.
 */
#include <core/arch.h>
#include <core/trace.h>

struct trace_entry trace_ring[TRACE_ENTRIES];
uint64_t trace_next; /* events ever recorded */

void trace_record(enum trace_event event, uint64_t a, uint64_t b)
{
	struct trace_entry *entry = &trace_ring[trace_next++ % TRACE_ENTRIES];

	entry->when = arch_counter();
	entry->event = event;
	entry->a = a;
	entry->b = b;
}
