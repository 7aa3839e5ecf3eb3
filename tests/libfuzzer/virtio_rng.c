/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_rng.c - the native random number driver, a client, and a source that
 * libFuzzer plays.
 *
 * Each byte of the input is one act: the client reads or cancels, or the source
 * answers, lies, writes into its used ring, interrupts. What must hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each read ends, when the source works again or the driver has given up;
 *   - success means that each byte is the source's own.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/request_client.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fuzz.h"
#include "native_source.h"

#define SHARE 4096u /* bytes of the region for each read */

static struct glue_req_port port;
static struct glue_req req[GLUE_REQ_OPEN_MAX];
static int scribbled; /* the device may have said of old bytes: new */

/* --- the client ----------------------------------------------------------- */

static void ended(struct glue_req *r)
{
	if (r->status || scribbled || source.unseen)
		return;
	must(r->value == r->bytes, "success with fewer bytes");
	must(!memchr(r->data, 0, r->bytes),
	     "bytes that the source has not written");
}

static void submit(unsigned int i)
{
	if (req[i].in_flight)
		return;
	req[i] = (struct glue_req){
		.op = GLUE_RNG_READ,
		.bytes = 1 + fuzz_byte() * 16u,
		.data = (uint8_t *)glue_req_data(&port) + i * SHARE,
		.done = ended,
	};
	memset(req[i].data, 0, req[i].bytes);
	must(!glue_req_submit(&port, &req[i]), "a read cannot be submitted");
}

/* --- acts ----------------------------------------------------------------- */

static void act(void)
{
	uint8_t what = fuzz_byte();
	unsigned int i = what / 8 % GLUE_REQ_OPEN_MAX;

	switch (what % 8) {
	case 0:
	case 1:
		return submit(i);
	case 2:
		if (req[i].in_flight)
			glue_req_cancel(&port, &req[i]);
		return;
	case 3:
		source.lie = HONEST;
		source_step();
		return;
	case 4:
	case 5:
		source.lie = fuzz_byte() % (NEEDS_RESET + 1);
		source.lies = 1;
		source_step();
		return;
	case 6:
		fuzz_scribble(0);
		scribbled = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
		return;
	default:
		fake.ticks += fake_env()->counter_hz / 4 * fuzz_byte();
		fake.events |= GLUE_EVENT_IRQ(0);
	}
}

/* The driver takes notice, and then the client. */
static void pump(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	glue_req_kick(&port);
	fake.events &= ~events;
	native_run(events);
	glue_req_poll(&port);
}

static int any_open(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
		n += req[i].in_flight;
	return n > 0;
}

/* The source behaves again: all that is open ends. */
static void settle(void)
{
	unsigned int rounds = 0;

	source.lie = HONEST;
	while (any_open() && !native.driver_end) {
		must(rounds++ < 1000, "a read never ends");
		fake.ticks += fake_env()->counter_hz;
		/* One whose ring is out of step asks for a reset some day. */
		if (scribbled && rounds > 100) {
			device.status |= 64;
			fake_virtio_config_changed();
		}
		while (source_step())
			continue;
		fake.events |= GLUE_EVENT_IRQ(0);
		pump();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	scribbled = 0;
	memset(req, 0, sizeof(req));
	must(!source_start(SOURCE_EVENT), "an honest source is refused");
	must(!glue_req_open(&port, "rng0", GLUE_CLASS_RNG, REGION),
	     "the source cannot be opened");
	while (fuzz_left() && !native.driver_end) {
		act();
		pump();
	}
	settle();
	native_end();
	glue_req_close(&port);
	return 0;
}
