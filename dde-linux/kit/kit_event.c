/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_event.c - events, time, messages and the process's own end.
 */
#include <dddk/irq.h>
#include <dddk/log.h>
#include <dddk/service.h>
#include <glue/broker_client.h>
#include <glue/counters.h>
#include <glue/err.h>
#include <glue/rt.h>
#include <glue/trace.h>
#include <kit.h>

_Static_assert(KIT_EVENT_CONTROL == GLUE_EVENT_CONTROL, "event bit");
_Static_assert(KIT_EVENT_STOP == GLUE_EVENT_STOP, "event bit");
_Static_assert(KIT_EVENT_IRQ(3) == GLUE_EVENT_IRQ(3), "event bit");
_Static_assert(KIT_FOREVER == GLUE_FOREVER, "no deadline");
_Static_assert((int)KIT_TRACE_QUEUE_RQ == GLUE_TRACE_DDE_QUEUE_RQ, "trace");
_Static_assert((int)KIT_TRACE_KICK == GLUE_TRACE_DEVICE_KICK, "trace");
_Static_assert((int)KIT_TRACE_IRQ == GLUE_TRACE_DRIVER_IRQ, "trace");
_Static_assert((int)KIT_TRACE_DONE == GLUE_TRACE_DEVICE_DONE, "trace");
_Static_assert((int)KIT_COUNTER_EVENT == GLUE_COUNTER_EVENT, "same kinds");
_Static_assert((int)KIT_COUNTER_STUB == GLUE_COUNTER_STUB, "same kinds");
_Static_assert((int)KIT_COUNTER_GAUGE == GLUE_COUNTER_GAUGE, "same kinds");
_Static_assert(sizeof(unsigned long) == sizeof(uint64_t), "a counter");
_Static_assert((int)KIT_ERR_INVALID == K_ERR_INVALID, "same numbers");
_Static_assert((int)KIT_ERR_RANGE == K_ERR_RANGE, "same numbers");
_Static_assert((int)KIT_ERR_UNSUPPORTED == K_ERR_UNSUPPORTED, "same numbers");
_Static_assert((int)KIT_ERR_IO == K_ERR_IO, "same numbers");
_Static_assert((int)KIT_ERR_BUSY == K_ERR_BUSY, "same numbers");
_Static_assert((int)KIT_ERR_NOMEM == K_ERR_NOMEM, "same numbers");
_Static_assert((int)KIT_ERR_NOTFOUND == K_ERR_NOTFOUND, "same numbers");
_Static_assert((int)KIT_ERR_GONE == K_ERR_GONE, "same numbers");
_Static_assert((int)KIT_ERR_TIMEOUT == K_ERR_TIMEOUT, "same numbers");
_Static_assert((int)KIT_ERR_NOSPACE == K_ERR_NOSPACE, "same numbers");

/* Before the class's service runs this only sleeps. */
unsigned long kit_wait(unsigned long deadline)
{
	return dddk_service_wait(deadline);
}

void kit_stop(void)
{
	dddk_service_stop();
}

unsigned int kit_in_flight(void)
{
	dddk_service_flush();
	return dddk_service_in_flight();
}

unsigned long kit_poll(void)
{
	return glue_poll(GLUE_ALL_EVENTS);
}

void kit_irq_ack(unsigned int index)
{
	dddk_irq_ack(index);
}

void kit_log(const char *text)
{
	dddk_log("%s", text);
}

unsigned long *kit_keepsake(void)
{
	return glue_keepsake();
}

unsigned long *kit_counter(enum kit_counter_kind kind, const char *name)
{
	return glue_counter_add((enum glue_counter_kind)kind, name);
}

/* The broker gives stacks zeroed, so what was never used still is. */
void kit_stack_measure(void)
{
	const unsigned long *top = (const unsigned long *)GLUE_STACK_TOP;
	const unsigned long *word = top -
				    glue_env()->stack_bytes / sizeof(*word);

	while (word < top && !*word)
		word++;
	*kit_counter(KIT_COUNTER_GAUGE, "stack peak KiB") =
		((unsigned long)top - (unsigned long)word + 1023) / 1024;
}

void kit_trace(enum kit_trace_point point, unsigned int value)
{
	glue_trace_keep((enum glue_trace_point)point, value);
}

/* Clients that connected early have waited for this. */
void kit_ready(enum kit_err err)
{
	glue_broker_ready((enum k_err)err);
}

enum kit_err kit_pci_read(unsigned int offset, unsigned int bytes,
			  unsigned int *value)
{
	return (enum kit_err)glue_broker_pci_read(offset, bytes, value);
}

enum kit_err kit_pci_write(unsigned int offset, unsigned int bytes,
			   unsigned int value)
{
	return (enum kit_err)glue_broker_pci_write(offset, bytes, value);
}

void kit_exit(int status)
{
	glue_exit(status);
}
