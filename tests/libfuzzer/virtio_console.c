/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_console.c - the native console driver, a client, and a host that
 * libFuzzer plays.
 *
 * Each byte of the input is one act: the client reads, writes, drains or
 * cancels, or the host takes, sends, lies, writes into its used rings,
 * interrupts. What must hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends, when the host works again, in a next life of the driver
 *     if it has ended;
 *   - as long as the host told the truth, bytes come in order, each once, and
 *     what was drained has gone out.
 */
#include <stdint.h>
#include <string.h>

#include <glue/class.h>
#include <glue/serial.h>
#include "fuzz_request.h"
#include "native_host.h"

static int lied;
static uint64_t taken, written; /* bytes of the client */

/* The host has lied, or held still for so long that the driver has ended: what
 * it still does here its process would not. */
static int moot(void)
{
	return lied || native.driver_end;
}

static void read_end(struct glue_req *r)
{
	const uint8_t *data = r->data;
	uint64_t i;

	if (r->status || moot())
		return;
	must(r->value && r->value <= r->bytes, "a read of no bytes");
	for (i = 0; i < r->value; i++)
		must(data[i] == host_byte(taken++), "a byte is lost or stale");
}

static void write_end(struct glue_req *r)
{
	if (!r->status)
		written += r->value;
}

static void drain_end(struct glue_req *r)
{
	must(r->status || moot() || host.n_out >= written,
	     "drained, and it has not gone out");
}

static void submit(unsigned int i)
{
	uint32_t bytes = 1 + fuzz_byte() * 16u;

	switch (fuzz_byte() % 4) {
	case 0:
		return fuzz_submit(i, GLUE_SERIAL_DRAIN, 0, drain_end);
	case 1:
		if (written < HOST_OUT / 2)
			fuzz_submit(i, GLUE_SERIAL_WRITE, bytes, write_end);
		return;
	default:
		return fuzz_submit(i, GLUE_SERIAL_READ, bytes, read_end);
	}
}

static void lie(void)
{
	host.lie = fuzz_byte() % (NEEDS_RESET + 1);
	host.lies = host.lie == CHATTER ? 8u * fuzz_byte() : 1;
	lied = 1;
	host_step();
}

static void scribble(void)
{
	fuzz_scribble(fuzz_byte() % 4);
	fake.events |= GLUE_EVENT_IRQ(0);
	lied = 1;
}

/* The host takes, holds back, sends in pieces. */
static void work(unsigned int i)
{
	if (i & 1) {
		host.holds = i >> 1 & 1;
	} else {
		host.left_in += fuzz_byte() * 16u;
		host.piece = 1u << i * 2;
	}
	host_step();
}

static void act(void)
{
	uint8_t what = fuzz_byte();

	if (fuzz_act(what, submit))
		return;
	if (what % 8 == 5)
		work(what / 8 % 8);
	else if (what % 8 == 6)
		fake.ticks += fake_env()->counter_hz / 4 * fuzz_byte();
	else if (what & 8)
		lie();
	else
		scribble();
}

static void host_behaves(void)
{
	host.lie = HONEST;
	host.ports = host.consoles = 1;
}

static void live_again(void)
{
	host_behaves();
	lied = 1; /* or it was silent: what was under way is lost */
	native_live_again();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	lied = 0;
	taken = written = 0;
	host_start(HOST_EVENT | HOST_MULTIPORT, 1, 1);
	must(!native_probe(), "an honest host is refused");
	fuzz_open("serial1", GLUE_CLASS_SERIAL);
	while (fuzz_left()) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			fuzz_pump();
		if (native.driver_end)
			live_again();
	}
	host_behaves();
	host.holds = 0;
	host.left_in = 1u << 20; /* each read gets a byte */
	lied = moot();		 /* also in its next life */
	fuzz_settle(lied);
	live_again(); /* without what the kit keeps for a next reader */
	glue_req_close(&port);
	return 0;
}
