/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio_pl061.c - the native GPIO driver, a client, and a device that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client asks for something or cancels,
 * a wire moves, registers lie, the device interrupts for nothing. What must
 * hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends: all but waits at once, waits when they are cancelled;
 *   - as long as registers do not lie, levels are the wires', every output has
 *     the level it was told, and a wait ends after an edge of its kind, after no
 *     other and at once; what interrupts is made quiet.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/gpio.h>
#include "fake/gpio.h"
#include "fuzz_request.h"

#define LINES 8u
#define NAME  16u

static uint32_t rises[LINES], falls[LINES]; /* edges since the last told */
static uint32_t outputs, told; /* by line: it is one, and its level */
/* By request: the driver knows of this wait, and an edge of its kind came. */
static uint32_t heard, owed;
static int lied;

static int nothing_to_do(void)
{
	return 0;
}

/* --- the client ----------------------------------------------------------- */

static void wait_ended(const struct glue_req *r)
{
	uint32_t line = (uint32_t)r->arg;
	uint32_t edges = (r->flags != GLUE_GPIO_EDGE_FALLING ? rises[line] :
							       0) +
			 (r->flags != GLUE_GPIO_EDGE_RISING ? falls[line] : 0);

	must(lied || edges, "a wait has ended without an edge of its kind");
	rises[line] = falls[line] = 0;
}

/* What a line that is one never refuses. */
static int is_plain(const struct glue_req *r)
{
	return r->arg < LINES && ((r->op <= GLUE_GPIO_INPUT && !r->flags) ||
				  (r->op == GLUE_GPIO_OUTPUT && r->flags < 2));
}

static void ended(struct glue_req *r)
{
	uint32_t bit = 1u << r->arg % 32;

	heard &= ~(1u << (r - req));
	owed &= ~(1u << (r - req));
	must(!r->status || !is_plain(r), "a good request fails");
	if (r->status)
		return;
	must(lied || r->arg < LINES, "a line that is none");
	if (r->op == GLUE_GPIO_WAIT)
		wait_ended(r);
	if (r->op == GLUE_GPIO_GET)
		must(lied || r->value == !!(fake_gpio_levels() & bit),
		     "another level than the wire's");
	if (r->op == GLUE_GPIO_INPUT)
		outputs &= ~bit;
	if (r->op == GLUE_GPIO_OUTPUT || r->op == GLUE_GPIO_SET) {
		outputs |= bit;
		told = (told & ~bit) | (r->flags & 1 ? bit : 0);
	}
}

static void submit(unsigned int i)
{
	uint8_t what = fuzz_byte();

	if (req[i].in_flight)
		return;
	req[i] = (struct glue_req){ .op = GLUE_GPIO_GET + what % 6,
				    .arg = what / 6 % (LINES + 1),
				    .flags = fuzz_byte() % 4,
				    .done = ended };
	if (req[i].op == GLUE_GPIO_LINE) {
		req[i].data = (char *)glue_req_data(&port) + i * NAME;
		req[i].bytes = fuzz_byte() % (NAME + 1);
	}
	must(!glue_req_submit(&port, &req[i]), "a request is not taken");
}

/* --- acts ----------------------------------------------------------------- */

static int is_of_kind(const struct glue_req *r, uint32_t level)
{
	return r->flags !=
	       (level ? GLUE_GPIO_EDGE_FALLING : GLUE_GPIO_EDGE_RISING);
}

static void drive(uint32_t line, uint32_t level)
{
	uint32_t before = fake_gpio_levels();
	unsigned int i;

	fake_gpio_drive(line, level);
	if (before == fake_gpio_levels())
		return;
	rises[line] += level;
	falls[line] += !level;
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		if (heard >> i & 1 && req[i].arg == line &&
		    is_of_kind(&req[i], level))
			owed |= 1u << i;
	}
}

/* What the driver owes after it has run. */
static void check(void)
{
	unsigned int i;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		if (req[i].in_flight && req[i].op == GLUE_GPIO_WAIT)
			heard |= 1u << i;
	}
	must(lied || !owed, "a wait goes on after its edge");
	must(lied || !(pl061.raw & pl061.enabled), "it interrupts for ever");
	must(lied || (fake_gpio_levels() & outputs) == (told & outputs),
	     "an output that is not what it was told");
}

static void lie(void)
{
	pl061.lie = (uint32_t)fuzz_byte() << 24 | fuzz_byte();
	lied |= pl061.lie != 0;
	fake.events |= GLUE_EVENT_IRQ(0);
}

static void act(void)
{
	uint8_t what = fuzz_byte();

	if (fuzz_act(what, submit))
		;
	else if (what % 8 < 7)
		drive(what / 8 % LINES, what / 64 & 1);
	else
		lie();
	/* Requests one by one: levels are those of now. The rest may meet. */
	if (what % 8 < 3 || fuzz_byte() % 4) {
		fuzz_pump();
		check();
	}
}

static void settle(void)
{
	pl061.lie = 0;
	fuzz_pump();
	fuzz_cancel_all(GLUE_GPIO_WAIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	fuzz_input(bytes, count);
	lied = 0;
	outputs = told = heard = owed = 0;
	memset(rises, 0, sizeof(rises));
	memset(falls, 0, sizeof(falls));
	native_start(GLUE_CLASS_GPIO, GLUE_REQ_DEPTH, GLUE_REQ_OPEN_MAX * SHARE,
		     nothing_to_do);
	fake_gpio_start();
	must(!native_probe(), "an honest device is refused");
	fuzz_open("gpio0", GLUE_CLASS_GPIO);
	while (fuzz_left())
		act();
	settle();
	glue_req_close(&port);
	must(lied || !pl061.enabled, "a line that nobody has interrupts");
	native_end();
	return 0;
}
