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

/* The driver takes notice of the device, and then the client. */
static inline void fuzz_pump(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	glue_req_kick(&port);
	fake.events &= ~events;
	native_run(events);
	glue_req_poll(&port);
}

/* A device that behaves again ends all that is open. @asks_reset: it finds
 * itself out of step some day. */
static inline void fuzz_settle(int asks_reset)
{
	unsigned int rounds = 0, i, open = 1;

	while (open && !native.driver_end) {
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
