/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.h - trace points of a request's life, cheap while nobody looks.
 *
 * Each process has a trace page that it writes and the broker reads. While the
 * broker has not switched it on, a point costs one load and one branch. A
 * service's points are kept: for one store more their last values stay where the
 * broker finds them when the process dies. The hops of
 * docs/life-of-a-block-read.md are these points, in this order.
 */
#ifndef GLUE_TRACE_H
#define GLUE_TRACE_H

#include <stdint.h>
#include <glue/counters.h>
#include <glue/env.h>

/* `value` is the request's tag, unless the line says otherwise. */
enum glue_trace_point {
	GLUE_TRACE_NONE = 0,
	GLUE_TRACE_CLIENT_SUBMIT = 1,	 /* entry is in the submission ring */
	GLUE_TRACE_CLIENT_SIGNAL = 2,	 /* driver slept; value: channel */
	GLUE_TRACE_DRIVER_WAKE = 3,	 /* value: low 32 event bits */
	GLUE_TRACE_SERVICE_TAKE = 4,	 /* request copied and checked */
	GLUE_TRACE_DDE_QUEUE_RQ = 5,	 /* into Linux; value: token */
	GLUE_TRACE_DEVICE_KICK = 6,	 /* device told; value: queue */
	GLUE_TRACE_DRIVER_IRQ = 7,	 /* handler runs; value: interrupt */
	GLUE_TRACE_DEVICE_DONE = 8,	 /* driver saw the end; value: token */
	GLUE_TRACE_SERVICE_COMPLETE = 9, /* entry is in the completion ring */
	GLUE_TRACE_SERVICE_SIGNAL = 10,	 /* client slept; value: channel */
	GLUE_TRACE_CLIENT_WAKE = 11,	 /* value: channel */
	GLUE_TRACE_CLIENT_COMPLETE = 12, /* completion taken and matched */
	GLUE_TRACE_COUNT
};
_Static_assert(GLUE_TRACE_COUNT <= GLUE_POINTS_MAX, "each has a place");

/* The slow half of glue_trace: writes one entry with the present time. */
void glue_trace_write(enum glue_trace_point point, uint32_t value);

/**
 * glue_trace_name - the name of a trace point, for people.
 * @point: any value; unknown ones are named "?"
 *
 * Return: a constant string such as "client-submit", never NULL.
 */
const char *glue_trace_name(uint32_t point);

/* Note that this point was passed, if anybody traces: one load if not. */
static inline void glue_trace(enum glue_trace_point point, uint32_t value)
{
	const volatile struct glue_env *env =
		(const struct glue_env *)GLUE_ENV_VADDR;

	if (__builtin_expect(env->tracing != 0, 0))
		glue_trace_write(point, value);
}

/* What each process has from GLUE_ENV_VADDR on. */
struct glue_own_pages {
	struct glue_env_page info;
	uint8_t ipc_buffer[GLUE_COUNTERS_VADDR - GLUE_IPCBUF_VADDR];
	struct glue_counter_page counters;
};
_Static_assert(__builtin_offsetof(struct glue_own_pages, counters) ==
		       GLUE_COUNTERS_VADDR - GLUE_ENV_VADDR,
	       "places.h");

/* The same, and keep the value. Both words lie behind one address, which is loaded
 * once: the compiler is not told that it knows them. */
static inline void glue_trace_keep(enum glue_trace_point point, uint32_t value)
{
	struct glue_own_pages *own = (struct glue_own_pages *)GLUE_ENV_VADDR;

	__asm__("" : "+r"(own));
	own->counters.last[point] = value;
	if (__builtin_expect(*(volatile uint32_t *)&own->info.env.tracing != 0,
			     0))
		glue_trace_write(point, value);
}

#endif
