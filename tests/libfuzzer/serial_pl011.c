/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial_pl011.c - the native UART driver, a client, and a device that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client asks for something or cancels,
 * bytes come with errors or without, the device works, lies, interrupts, or
 * time passes. What must hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends, when the device works again;
 *   - as long as the device has not lied, what is read is what was sent, and
 *     what has gone out is what was written, if nothing was cancelled; it has
 *     gone out when that was asked for; the line is as the last who set it said,
 *     and free; errors are counted by kind.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/uart.h"
#include "fuzz.h"
#include "native_line.h"

#define SHARE 256u /* bytes of the region for each request */
#define BAD   0x700u

static struct glue_req req[GLUE_REQ_OPEN_MAX];
static uint8_t sent[FAKE_UART_WIRE], written[FAKE_UART_WIRE];
static uint32_t n_sent, n_read, n_written;
static int lied, cancelled;
static uint32_t n_owed[GLUE_REQ_OPEN_MAX]; /* written before this DRAIN */
static struct glue_serial_line wish[GLUE_REQ_OPEN_MAX], line_now;
static int line_is_set;

/* --- the client ----------------------------------------------------------- */

static void read_ended(const struct glue_req *r)
{
	must(r->value && r->value <= r->bytes, "a read of too many bytes");
	must(lied || (r->value <= n_sent - n_read &&
		      !memcmp(r->data, sent + n_read, r->value)),
	     "other bytes are read than were sent");
	n_read += (uint32_t)r->value;
}

static void ended(struct glue_req *r)
{
	if (r->status)
		return;
	if (r->op == GLUE_SERIAL_READ)
		read_ended(r);
	if (r->op == GLUE_SERIAL_DRAIN)
		must(lied || cancelled || uart.n_out >= n_owed[r - req],
		     "drained, and it has not gone out");
	if (r->op == GLUE_SERIAL_SET_LINE) {
		line_now = wish[r - req];
		line_is_set = 1;
	}
}

/* What a WRITE has in its data, and what SET_LINE has. */
static void fill_in(struct glue_req *r)
{
	struct glue_serial_line *line = &wish[r - req];
	uint8_t *bytes = r->data;
	uint32_t i;

	*line = (struct glue_serial_line){ 1u << fuzz_byte() % 24, 5, 0, 1, 0 };
	line->bits = (uint8_t)(line->bits + fuzz_byte() % 5);
	line->parity = fuzz_byte() % 4;
	line->stops = fuzz_byte() % 4;
	if (r->op == GLUE_SERIAL_SET_LINE)
		memcpy(bytes, line, sizeof(*line));
	for (i = 0; r->op == GLUE_SERIAL_WRITE && i < r->bytes; i++) {
		bytes[i] = (uint8_t)(n_written * 7);
		written[n_written++] = bytes[i];
	}
	n_owed[r - req] = n_written;
}

static void submit(unsigned int i)
{
	static const struct {
		uint16_t op;
		uint32_t bytes;
	} kind[] = {
		{ GLUE_SERIAL_READ, 200 },
		{ GLUE_SERIAL_READ, 5 },
		{ GLUE_SERIAL_WRITE, 30 },
		{ GLUE_SERIAL_WRITE, 1 },
		{ GLUE_SERIAL_DRAIN, 0 },
		{ GLUE_SERIAL_SET_LINE, sizeof(struct glue_serial_line) },
		{ GLUE_SERIAL_BREAK, 0 },
		{ GLUE_SERIAL_STATS, sizeof(struct glue_serial_stats) },
	};
	unsigned int k = fuzz_byte() % (sizeof(kind) / sizeof(kind[0]));

	if (req[i].in_flight)
		return;
	req[i] = (struct glue_req){ .op = kind[k].op,
				    .bytes = kind[k].bytes,
				    .data = data + i * SHARE,
				    .done = ended };
	if (req[i].op == GLUE_SERIAL_BREAK)
		req[i].arg = fuzz_byte();
	fill_in(&req[i]);
	must(!glue_req_submit(&port, &req[i]), "a request is not taken");
}

static void cancel(unsigned int i)
{
	if (!req[i].in_flight)
		return;
	cancelled |= req[i].op == GLUE_SERIAL_WRITE;
	glue_req_cancel(&port, &req[i]);
}

/* --- the device ----------------------------------------------------------- */

static void come(uint16_t word)
{
	if (uart.n_in == FAKE_UART_WIRE)
		return;
	uart.in[uart.n_in++] = word;
	if (!(word & BAD))
		sent[n_sent++] = (uint8_t)word;
}

/* One of sixteen bytes has an error; a break has no stop bit. */
static uint32_t error(void)
{
	static const uint16_t kinds[] = { 0x100, 0x200, 0x300, 0x500 };
	uint8_t what = fuzz_byte();

	return what % 16 ? 0 : kinds[what / 16 % 4];
}

static void lie(void)
{
	lied = 1;
	uart.stuck = fuzz_byte() % 2;
	uart.always_busy = fuzz_byte() % 2;
	uart.never_empty = fuzz_byte() % 2;
	uart.deaf_sender = fuzz_byte() % 2;
	uart.nonsense = (uint16_t)(fuzz_byte() << 8 | fuzz_byte());
	uart.raw_baseless = fuzz_byte();
	uart.baseless = fuzz_byte();
}

static void act(void)
{
	uint8_t what = fuzz_byte();
	unsigned int i, n = what >> 3;

	switch (what & 7) {
	case 0:
	case 1:
		return submit(n % GLUE_REQ_OPEN_MAX);
	case 2:
		return cancel(n % GLUE_REQ_OPEN_MAX);
	case 3:
		for (i = 0; i < n; i++)
			come((uint16_t)(i | error()));
		return;
	case 4:
	case 5:
		for (i = 0; i < n; i++)
			fake_uart_step();
		return;
	case 6:
		if (n > 24)
			lie();
		fake.events |= GLUE_EVENT_IRQ(0);
		return;
	default:
		fake.ticks += fake_env()->counter_hz / 16 * n;
	}
}

/* The driver takes notice, and then the client. */
static void pump(void)
{
	glue_req_kick(&port);
	native_run(0);
	glue_req_poll(&port);
}

/* The device behaves again, and bytes come: all that is open ends. */
static void settle(void)
{
	unsigned int i, rounds = 0, left = 1;

	uart.stuck = uart.always_busy = uart.never_empty = 0;
	uart.baseless = uart.deaf_sender = 0;
	while (left) {
		must(rounds++ < 10000, "a request never ends");
		fake.ticks += fake_env()->counter_hz / 100;
		come(1);
		fake_uart_step();
		pump();
		for (i = left = 0; i < GLUE_REQ_OPEN_MAX; i++)
			left += req[i].in_flight;
	}
	while (uart.n_tx)
		fake_uart_step();
	must(lied || cancelled ||
		     (uart.n_out == n_written &&
		      !memcmp(uart.out, written, n_written)),
	     "other bytes have gone out than were written");
}

/* What the registers say of the line: DDI 0183G, 3.3.6 and 3.3.7. */
static void check_line(void)
{
	static const uint32_t parity[] = { 0, 2, 6 };
	uint32_t divisor = uart.ibrd << 6 | uart.fbrd;
	uint32_t made = divisor ? 24000000u * 4 / divisor : 0;

	must(!(uart.line & 1), "a break that does not end");
	if (!line_is_set)
		return;
	must(uart.line ==
		     (0x10 | (line_now.bits - 5u) << 5 |
		      (line_now.stops - 1u) << 3 | parity[line_now.parity]),
	     "the line is another one than was asked for");
	must(made > line_now.baud - line_now.baud / 50 - 1 &&
		     made < line_now.baud + line_now.baud / 50 + 1,
	     "another speed than was asked for");
}

/* What the driver has read of words with errors is what it counts. */
static void check_errors(void)
{
	struct glue_serial_stats now = stats();
	uint32_t i, frame = 0, parity = 0, breaks = 0;

	for (i = 0; i < uart.at_in - uart.n_rx; i++) {
		breaks += uart.in[i] >> 10 & 1;
		parity += uart.in[i] >> 9 & 1;
		frame += (uart.in[i] >> 8 & 5) == 1;
	}
	must(now.breaks == breaks && now.parity_errors == parity &&
		     now.frame_errors == frame && !now.overruns,
	     "errors are counted that were not, or as others");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	fuzz_input(bytes, count);
	n_sent = n_read = n_written = 0;
	lied = cancelled = line_is_set = 0;
	memset(req, 0, sizeof(req));
	line_set_up(NULL);
	uart.patience_ms = 0;
	while (fuzz_left()) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
	}
	settle();
	if (!lied) {
		check_line();
		check_errors();
	}
	line_tear_down(NULL);
	return 0;
}
