/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_rng.c - the native random number driver, a client, and a source that
 * libFuzzer plays.
 *
 * Each byte of the input is one act: the client reads or cancels, or the source
 * answers, lies, writes into its used ring, interrupts. What must hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each read ends, and with success, when the source works again, in a next
 *     life of the driver if it has ended;
 *   - success means that each byte is the source's own; as long as it has not
 *     lied and nobody has left, in order and each once;
 *   - a lie that cannot be overlooked ends the driver, as do doubts without end
 *     and a source that is dry for too long, and nothing else does.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/rng.h>
#include "fuzz_request.h"
#include "native_source.h"

#define LEAST  16u
#define DOUBTS 16u /* so many in a row are a lie */

static int scribbled; /* the device may have said of old bytes: new */
static int lied, dropped;
static uint64_t taken;		    /* bytes of the source that clients have */
static unsigned int doubts, graves; /* of this life */

/* --- the client ----------------------------------------------------------- */

/* The source's next byte, or a later one: the driver asks for LEAST at least,
 * and what is left over is nobody's. */
static void take(uint8_t byte)
{
	unsigned int left_out = 0;

	while (byte != source_byte(taken++))
		must(++left_out < LEAST, "a byte is lost or stale");
}

static void ended(struct glue_req *r)
{
	const uint8_t *data = r->data;
	uint32_t i;

	must(!r->status || r->status == K_ERR_GONE, "a read has failed");
	dropped |= r->status != 0; /* with bytes that were its */
	if (r->status || scribbled)
		return;
	must(r->value == r->bytes, "success with fewer bytes");
	must(!memchr(data, 0, r->bytes),
	     "bytes that the source has not written");
	for (i = 0; i < r->bytes && !lied && !dropped; i++)
		take(data[i]);
}

/* --- acts ----------------------------------------------------------------- */

static void submit(unsigned int i)
{
	uint32_t bytes = fuzz_byte();

	if (fuzz_byte() % 2)
		bytes *= 16;
	fuzz_submit(i, GLUE_RNG_READ, 1 + bytes, ended);
}

/* A short answer is no lie, few bytes may be the source's own zeros, and what
 * it wrote in silence nobody gets. */
static void lie(void)
{
	source.lies = 1;
	if (!source_step())
		return;
	doubts = source.lie == FEW ? doubts + 1 : 0;
	if (source.lie <= SHORT)
		return;
	lied = 1;
	if (source.lie == FEW || source.lie == SILENT)
		return;
	fuzz_grave();
	graves++;
}

/* Does the driver end when it has to, and only then? The next one begins anew,
 * without the bytes that the last one had. */
static void pump(void)
{
	enum k_err end;

	fuzz_pump();
	end = native.driver_end;
	must(!end || end == K_ERR_TIMEOUT || graves || doubts >= DOUBTS ||
		     scribbled,
	     "an end without a cause");
	must(end || doubts < DOUBTS || scribbled, "doubts without end");
	if (!end)
		return;
	doubts = graves = 0;
	dropped = 1;
	native_live_again();
}

static void lie_again_and_again(uint8_t times)
{
	source.lie = fuzz_byte() % (NEEDS_RESET + 1);
	while (times-- > 0) {
		lie();
		pump();
	}
	lie();
}

static void act(void)
{
	uint8_t what = fuzz_byte();

	if (fuzz_act(what, submit))
		return;
	if (what % 8 == 5) {
		source.lie = HONEST;
		if (source_step())
			doubts = 0;
	} else if (what % 8 == 6) {
		lie_again_and_again(what < 64 ? DOUBTS : 0);
	} else if (what & 8) {
		fuzz_scribble(0);
		scribbled = lied = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
	} else {
		fake.ticks += fake_env()->counter_hz / 4 * fuzz_byte();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	scribbled = lied = dropped = 0;
	taken = 0;
	doubts = graves = 0;
	must(!source_start(SOURCE_EVENT), "an honest source is refused");
	fuzz_begin();
	fuzz_open("rng0", GLUE_CLASS_RNG);
	while (fuzz_left()) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
	}
	source.lie = HONEST;
	fuzz_settle(scribbled);
	fuzz_noticed();
	native_end();
	glue_req_close(&port);
	return 0;
}
