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
#include <glue/rng.h>
#include "fuzz_request.h"
#include "native_source.h"

static int scribbled; /* the device may have said of old bytes: new */

/* --- the client ----------------------------------------------------------- */

static void ended(struct glue_req *r)
{
	if (r->status || scribbled)
		return;
	must(r->value == r->bytes, "success with fewer bytes");
	must(!memchr(r->data, 0, r->bytes),
	     "bytes that the source has not written");
}

/* --- acts ----------------------------------------------------------------- */

static void act(void)
{
	uint8_t what = fuzz_byte();
	unsigned int i = what / 8 % GLUE_REQ_OPEN_MAX;

	switch (what % 8) {
	case 0:
	case 1:
		fuzz_submit(i, GLUE_RNG_READ, 1 + fuzz_byte() * 16u, ended);
		return;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	scribbled = 0;
	must(!source_start(SOURCE_EVENT), "an honest source is refused");
	fuzz_open("rng0", GLUE_CLASS_RNG);
	while (fuzz_left() && !native.driver_end) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			fuzz_pump();
	}
	source.lie = HONEST;
	fuzz_settle(scribbled);
	native_end();
	glue_req_close(&port);
	return 0;
}
