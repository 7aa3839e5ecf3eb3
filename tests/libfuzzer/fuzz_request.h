/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_request.h - a client of a small class, for the fuzzers of its drivers.
 */
#ifndef FUZZ_REQUEST_H
#define FUZZ_REQUEST_H

#include <string.h>

#include <glue/request_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fuzz.h"

#define SHARE 4096u /* bytes of the region for each request */

static struct glue_req_port port;
static struct glue_req req[GLUE_REQ_OPEN_MAX];

static inline void fuzz_open(const char *service, uint16_t class_id)
{
	memset(req, 0, sizeof(req));
	must(!glue_req_open(&port, service, class_id,
			    GLUE_REQ_OPEN_MAX * SHARE),
	     "the service cannot be opened");
}

/* Request @i, if it is not open already, with its share of the region. */
static inline void fuzz_submit(unsigned int i, uint16_t op, uint32_t bytes,
			       void (*done)(struct glue_req *))
{
	if (req[i].in_flight)
		return;
	req[i] = (struct glue_req){
		.op = op,
		.bytes = bytes,
		.data = (uint8_t *)glue_req_data(&port) + i * SHARE,
		.done = done,
	};
	memset(req[i].data, 0, SHARE);
	must(!glue_req_submit(&port, &req[i]), "a request is not taken");
}

static inline void fuzz_cancel(unsigned int i)
{
	if (req[i].in_flight)
		glue_req_cancel(&port, &req[i]);
}

/* Five acts of eight are the same for all classes: a request is made or
 * cancelled, the device interrupts without cause. Return: 0 if @what is none. */
static inline int fuzz_act(uint8_t what, void (*submit)(unsigned int i))
{
	unsigned int i = what / 8 % GLUE_REQ_OPEN_MAX;

	if (what % 8 < 3)
		submit(i);
	else if (what % 8 == 3)
		fuzz_cancel(i);
	else if (what % 8 == 4)
		fake.events |= GLUE_EVENT_IRQ(0);
	return what % 8 < 5;
}

/* The driver takes notice of the device, and then the client. */
static inline void fuzz_pump(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	glue_req_kick(&port);
	fake.events &= ~events;
	native_run(events);
	glue_req_poll(&port);
}

/* Requests that wait for something else than the device end when they are
 * cancelled. */
static inline void fuzz_cancel_all(uint16_t may_wait)
{
	unsigned int i;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		must(!req[i].in_flight || req[i].op == may_wait,
		     "a request is not answered");
		fuzz_cancel(i);
		fuzz_pump();
		must(!req[i].in_flight, "a cancelled wait does not end");
	}
}

/* A device that behaves again ends all that is open, also for a driver that lies
 * had ended. @asks_reset: it finds itself out of step some day. */
static inline void fuzz_settle(int asks_reset)
{
	unsigned int rounds = 0, i, open = 1;

	while (open) {
		if (native.driver_end)
			native_live_again();
		must(rounds++ < 1000, "a request never ends");
		fake.ticks += fake_env()->counter_hz;
		if (asks_reset && rounds > 100) {
			device.status |= 64;
			fake_virtio_config_changed();
		}
		while (native.device_step())
			continue;
		fake.events |= GLUE_EVENT_IRQ(0);
		fuzz_pump();
		for (i = open = 0; i < GLUE_REQ_OPEN_MAX; i++)
			open |= req[i].in_flight;
	}
}

#endif
