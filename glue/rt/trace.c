/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.c - writing a trace entry, and the points' names.
 *
 * The entry is complete before `next` counts it, so that the broker, which may
 * read at any time, sees whole entries. The newest GLUE_TRACE_ENTRIES stay.
 */
#include <glue/rt.h>
#include <glue/trace.h>

void glue_trace_write(enum glue_trace_point point, uint32_t value)
{
	struct glue_trace_page *page =
		(struct glue_trace_page *)GLUE_TRACE_VADDR;
	uint64_t next = page->next;
	struct glue_trace_entry *entry =
		&page->entry[next % GLUE_TRACE_ENTRIES];

	entry->when = glue_time_ticks();
	entry->point = point;
	entry->value = value;
	/* Pairs with the broker's acquire load of `next`. */
	__atomic_store_n(&page->next, next + 1, __ATOMIC_RELEASE);
}

const char *glue_trace_name(uint32_t point)
{
	static const char *const name[GLUE_TRACE_COUNT] = {
		[GLUE_TRACE_NONE] = "none",
		[GLUE_TRACE_CLIENT_SUBMIT] = "client-submit",
		[GLUE_TRACE_CLIENT_SIGNAL] = "client-signal",
		[GLUE_TRACE_DRIVER_WAKE] = "driver-wake",
		[GLUE_TRACE_SERVICE_TAKE] = "service-take",
		[GLUE_TRACE_DDE_QUEUE_RQ] = "dde-queue-rq",
		[GLUE_TRACE_DEVICE_KICK] = "device-kick",
		[GLUE_TRACE_DRIVER_IRQ] = "driver-irq",
		[GLUE_TRACE_DEVICE_DONE] = "device-done",
		[GLUE_TRACE_SERVICE_COMPLETE] = "service-complete",
		[GLUE_TRACE_SERVICE_SIGNAL] = "service-signal",
		[GLUE_TRACE_CLIENT_WAKE] = "client-wake",
		[GLUE_TRACE_CLIENT_COMPLETE] = "client-complete",
	};

	return point < GLUE_TRACE_COUNT ? name[point] : "?";
}
