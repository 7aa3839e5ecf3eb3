/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.h - the part of a driver's loop that is the same for every class.
 *
 * A process has one service. Its class's header (block_service.h, ...) takes
 * requests and completions; here it publishes answers and sleeps. The shape of
 * a driver's loop, CLASS being block, net, req:
 *
 *	dddk_CLASS_start(&ops, drv, &info);
 *	glue_broker_ready(K_OK);
 *	for (;;) {
 *		events = dddk_service_wait(deadline);
 *		if (events & GLUE_EVENT_IRQ(0))
 *			(ask the device; dddk_CLASS_complete for each end)
 *		dddk_CLASS_poll(events);
 *	}
 */
#ifndef DDDK_SERVICE_H
#define DDDK_SERVICE_H

#include <stdint.h>

/**
 * dddk_service_wait - publish answers, then sleep until an event.
 * @deadline_ticks: absolute, or GLUE_FOREVER
 *
 * Works before the class has been started too: it then only sleeps.
 *
 * Return: GLUE_EVENT_* bits; 0 if the deadline has passed or a client has
 *         submitted meanwhile (call the class's poll in any case).
 */
uint64_t dddk_service_wait(uint64_t deadline_ticks);

/* Publish completions: one signal for each client that sleeps. */
void dddk_service_flush(void);

/**
 * dddk_service_stop - take nothing new from any client.
 *
 * What is in flight is answered as before, but what could stay open for ever
 * is cancelled. There is no way back: the process is to end.
 */
void dddk_service_stop(void);

/* Requests that were taken and are not answered, of all clients. */
unsigned int dddk_service_in_flight(void);

/* The middle of dddk_service_wait, for other event loops: tells clients to
 * signal. 0 means that requests are there: poll, do not sleep. */
int dddk_service_sleep_prepare(void);

#endif
