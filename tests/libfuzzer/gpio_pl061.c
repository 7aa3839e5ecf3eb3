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
 *   - as long as registers do not lie, levels are the wires', an output has the
 *     level it was told, and a wait ends after an edge of its kind only.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include "fake/gpio.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fuzz.h"

#define LINES  8u
#define REGION 4096u
#define NAME   16u

static struct glue_req_port port;
static struct glue_req req[GLUE_REQ_OPEN_MAX];
static uint32_t rises[LINES], falls[LINES]; /* edges since the last told */
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

static void ended(struct glue_req *r)
{
	uint32_t bit = 1u << r->arg % 32;

	if (r->status)
		return;
	must(lied || r->arg < LINES, "a line that is none");
	if (r->op == GLUE_GPIO_WAIT)
		wait_ended(r);
	if (r->op == GLUE_GPIO_GET)
		must(lied || r->value == !!(fake_gpio_levels() & bit),
		     "another level than the wire's");
	if (r->op == GLUE_GPIO_OUTPUT || r->op == GLUE_GPIO_SET)
		must(lied || !!(fake_gpio_levels() & bit) == (r->flags & 1),
		     "an output that is not what it was told");
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

static void drive(uint32_t line, uint32_t level)
{
	uint32_t before = fake_gpio_levels();

	fake_gpio_drive(line, level);
	if (before == fake_gpio_levels())
		return;
	rises[line] += level;
	falls[line] += !level;
}

/* The driver takes notice, and then the client. */
static void pump(void)
{
	glue_req_kick(&port);
	native_run(0);
	glue_req_poll(&port);
}

static void act(void)
{
	uint8_t what = fuzz_byte();
	unsigned int n = what / 8 % LINES;

	switch (what % 8) {
	case 0:
	case 1:
	case 2:
		submit(n);
		break;
	case 3:
		if (req[n].in_flight)
			glue_req_cancel(&port, &req[n]);
		break;
	case 4:
	case 5:
		drive(n, what / 64 & 1);
		break;
	case 6:
		fake.events |= GLUE_EVENT_IRQ(0);
		break;
	default:
		pl061.lie = (uint32_t)fuzz_byte() << 24 | fuzz_byte();
		lied |= pl061.lie != 0;
		fake.events |= GLUE_EVENT_IRQ(0);
	}
	/* Requests one by one: levels are those of now. The rest may meet. */
	if (what % 8 < 3 || fuzz_byte() % 4)
		pump();
}

static void settle(void)
{
	unsigned int i;

	pl061.lie = 0;
	pump();
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		must(!req[i].in_flight || req[i].op == GLUE_GPIO_WAIT,
		     "a request waits for nothing");
		if (req[i].in_flight)
			glue_req_cancel(&port, &req[i]);
		pump();
		must(!req[i].in_flight, "a cancelled wait does not end");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	fuzz_input(bytes, count);
	lied = 0;
	memset(rises, 0, sizeof(rises));
	memset(falls, 0, sizeof(falls));
	memset(req, 0, sizeof(req));
	native_start(GLUE_CLASS_GPIO, GLUE_REQ_DEPTH, REGION, nothing_to_do);
	fake_gpio_start();
	must(!native_probe(), "an honest device is refused");
	must(!glue_req_open(&port, "gpio0", GLUE_CLASS_GPIO, REGION),
	     "the lines cannot be opened");
	while (fuzz_left())
		act();
	settle();
	glue_req_close(&port);
	must(lied || !pl061.enabled, "a line that nobody has interrupts");
	native_end();
	return 0;
}
